use serde::Deserialize;

use super::graphql::{InRepository, Partial, leads_to};
use super::repository_query::RepositoryQuery;
use super::{ApiError, RepoHandle};

/// What names a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CommitName {
    /// A branch, a tag, or a SHA or its first digits.
    Ref(String),
    DefaultBranch,
    /// The commit that a pull request was merged as, or else its head.
    Pull(u64),
}

/// A commit that was found by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedCommit {
    /// The branch, tag, SHA or pull request.
    pub(crate) name: String,
    pub(crate) sha: String,
}

/// The parts of a repository that [`CommitName::ask`] asks for.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct CommitParts {
    object: Option<Object>,
    default_branch_ref: Option<DefaultBranch>,
    pull_request: Option<PullRequest>,
}

/// A commit, or an annotated tag with its commit.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "__typename")]
    kind: String,
    oid: String,
    target: Option<Oid>,
}

#[derive(Deserialize)]
pub(super) struct Oid {
    pub(super) oid: String,
}

#[derive(Deserialize)]
struct DefaultBranch {
    name: String,
    target: Option<Oid>,
}

/// A pull request, in GraphQL's form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullRequest {
    head_ref_oid: String,
    merged: bool,
    merge_commit: Option<Oid>,
}

impl CommitName {
    /// Adds the commit to a query.
    pub(super) fn ask(&self, query: &mut RepositoryQuery) {
        match self {
            Self::Ref(name) => {
                query.declare("commit", "String!", name.as_str());
                query.ask("object(expression:$commit){__typename oid ... on Tag{target{oid}}}");
            }
            Self::DefaultBranch => query.ask("defaultBranchRef{name target{oid}}"),
            Self::Pull(number) => {
                query.declare("pull", "Int!", *number);
                query.ask("pullRequest(number:$pull){headRefOid merged mergeCommit{oid}}");
            }
        }
    }
}

impl CommitParts {
    /// The commit that was asked for, if it exists.
    pub(super) fn named(&self, asked: &CommitName) -> Option<NamedCommit> {
        match asked {
            CommitName::Ref(name) => {
                let object = self.object.as_ref()?;
                let sha = match (object.kind.as_str(), &object.target) {
                    ("Commit", _) => &object.oid,
                    ("Tag", Some(target)) => &target.oid,
                    // A tree or a file is no commit.
                    _ => return None,
                };
                Some(named(name, sha))
            }
            CommitName::DefaultBranch => {
                let branch = self.default_branch_ref.as_ref()?;
                Some(named(&branch.name, &branch.target.as_ref()?.oid))
            }
            CommitName::Pull(number) => {
                let pull = self.pull_request.as_ref()?;
                let merged = pull.merge_commit.as_ref().filter(|_| pull.merged);
                let sha = merged.map_or(&pull.head_ref_oid, |commit| &commit.oid);
                Some(named(&format!("#{number}"), sha))
            }
        }
    }
}

/// A pull request that does not exist is an error of GraphQL, although the rest
/// of the data is complete.
pub(super) fn without_missing_pull<T>(
    mut partial: Partial<InRepository<T>>,
) -> Partial<InRepository<T>> {
    let pull = ["repository", "pullRequest"];
    partial.damage.retain(|path| !leads_to(path, &pull));
    partial
}

fn named(name: &str, sha: &str) -> NamedCommit {
    NamedCommit {
        name: name.to_owned(),
        sha: sha.to_owned(),
    }
}

impl RepoHandle<'_> {
    /// Finds a commit by REST; `None` if it does not exist.
    pub(super) async fn find_commit(
        self,
        name: &CommitName,
    ) -> Result<Option<NamedCommit>, ApiError> {
        let found = match name {
            CommitName::Ref(name) => self
                .commit(name)
                .await
                .map(|commit| named(name, &commit.sha)),
            CommitName::DefaultBranch => {
                let commit = self.commit("HEAD").await;
                commit.map(|commit| named("HEAD", &commit.sha))
            }
            CommitName::Pull(number) => self.pull_commit(*number).await,
        };
        match found {
            Ok(found) => Ok(Some(found)),
            // GitHub answers 422 to a text that cannot name a commit.
            Err(error) if matches!(error.status(), Some(404 | 422)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn pull_commit(self, number: u64) -> Result<NamedCommit, ApiError> {
        let pull = self.pull_commits(number).await?;
        let merged = pull.merge_commit_sha.filter(|_| pull.merged);
        let sha = merged.unwrap_or(pull.head.sha);
        Ok(named(&format!("#{number}"), &sha))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(parts: Value, asked: &CommitName) -> Option<String> {
        let parts: CommitParts = serde_json::from_value(parts).expect("parts");
        parts.named(asked).map(|commit| commit.sha)
    }

    #[test]
    fn a_tag_and_a_pull_request_lead_to_their_commits() {
        let tag = CommitName::Ref("v1".to_owned());
        let pull = CommitName::Pull(7);
        for (parts, asked, sha) in [
            (
                json!({"object": {"__typename": "Commit", "oid": "a"}}),
                &tag,
                Some("a"),
            ),
            (
                json!({"object": {"__typename": "Tag", "oid": "t", "target": {"oid": "a"}}}),
                &tag,
                Some("a"),
            ),
            (
                json!({"object": {"__typename": "Blob", "oid": "b"}}),
                &tag,
                None,
            ),
            (json!({"object": null}), &tag, None),
            (
                json!({"pullRequest": {"headRefOid": "h", "merged": true, "mergeCommit": {"oid": "m"}}}),
                &pull,
                Some("m"),
            ),
            // GitHub tries out the merge of an open pull request.
            (
                json!({"pullRequest": {"headRefOid": "h", "merged": false, "mergeCommit": {"oid": "m"}}}),
                &pull,
                Some("h"),
            ),
            (json!({"pullRequest": null}), &pull, None),
            (
                json!({"defaultBranchRef": {"name": "main", "target": {"oid": "a"}}}),
                &CommitName::DefaultBranch,
                Some("a"),
            ),
        ] {
            assert_eq!(found(parts.clone(), asked).as_deref(), sha, "{parts}");
        }
    }
}
