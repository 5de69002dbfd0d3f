use std::collections::HashMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::graphql::List;
use super::graphql_states::{Actor, user};
use super::page::{Item, array};
use super::pulls::PullHead;
use super::{ApiError, ComparedCommit, RepoHandle};
use crate::model::{RepoSlug, User, or_default};

/// Gets the authors and pull requests of commits.
const BY_ID: &str = "query($ids:[ID!]!){nodes(ids:$ids){... on Commit{oid \
authors(first:10){nodes{name user{login}}} \
associatedPullRequests(first:5){nodes{number title url headRefOid mergedAt mergeCommit{oid} \
repository{nameWithOwner} author{__typename login}}}}}}";

/// The authors and the pull requests of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommitDetails {
    /// Its authors; the one that git names comes first.
    pub(crate) authors: Vec<CommitAuthor>,
    /// The pull requests of this repository that GitHub associates with it.
    pub(crate) pulls: Vec<AssociatedPull>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommitAuthor {
    pub(crate) name: String,
    /// The account, if GitHub knows one.
    pub(crate) login: Option<String>,
}

/// A pull request that may have brought a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AssociatedPull {
    pub(crate) number: u64,
    pub(crate) title: String,
    /// Its page.
    pub(crate) url: String,
    /// The login of the user who opened it, if known.
    pub(crate) author: Option<String>,
    pub(crate) head_sha: String,
    /// The commit that it was merged as.
    pub(crate) merge_commit: Option<String>,
    pub(crate) merged_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Node>>,
}

/// A commit. A node of another type has none of the fields.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Node {
    oid: Option<String>,
    authors: Option<List<GitActor>>,
    associated_pull_requests: Option<List<PullNode>>,
}

#[derive(Deserialize)]
struct GitActor {
    name: Option<String>,
    user: Option<Login>,
}

#[derive(Deserialize)]
struct Login {
    login: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullNode {
    number: u64,
    title: String,
    url: String,
    head_ref_oid: String,
    merged_at: Option<Timestamp>,
    merge_commit: Option<Oid>,
    repository: PullRepository,
    author: Option<Actor>,
}

#[derive(Deserialize)]
struct Oid {
    oid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullRepository {
    name_with_owner: String,
}

/// A pull request, in REST's form.
#[derive(Deserialize)]
struct RestPull {
    number: u64,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "or_default")]
    html_url: String,
    #[serde(default)]
    user: Option<User>,
    head: PullHead,
    #[serde(default)]
    merge_commit_sha: Option<String>,
    #[serde(default)]
    merged_at: Option<Timestamp>,
}

impl Item for RestPull {
    fn id(&self) -> Option<u64> {
        Some(self.number)
    }
}

impl RepoHandle<'_> {
    /// Gets the authors and pull requests of commits, in their order: one
    /// request for each 100 commits, or without GraphQL one for each commit.
    /// Needs the permission "Pull requests: read".
    pub(crate) async fn commit_details(
        self,
        commits: &[ComparedCommit],
    ) -> Result<Vec<CommitDetails>, ApiError> {
        let ids = commits.iter().map(|commit| commit.node_id.as_str());
        let ids: Vec<&str> = ids.filter(|id| !id.is_empty()).collect();
        let query = |ids| self.query_details(ids);
        let known = &self.client.query_in_chunks(ids, query).await;
        stream::iter(commits)
            .map(|commit| async move {
                match known.get(&commit.sha) {
                    Some(details) => Ok(details.clone()),
                    None => self.rest_details(commit).await,
                }
            })
            .buffered(self.client.concurrency())
            .try_collect()
            .await
    }

    async fn query_details(self, ids: Vec<&str>) -> HashMap<String, CommitDetails> {
        if !self.client.can_use_graphql() {
            return HashMap::new();
        }
        let variables = json!({ "ids": ids });
        match self.client.graphql::<Nodes>(BY_ID, &variables).await {
            Ok(partial) => {
                let nodes = partial.data.nodes.into_iter().flatten();
                let details = nodes.filter_map(|node| details(node, self.slug));
                details.collect()
            }
            Err(error) => {
                self.client.disable_graphql(&error.to_string());
                HashMap::new()
            }
        }
    }

    async fn rest_details(self, commit: &ComparedCommit) -> Result<CommitDetails, ApiError> {
        let path = self
            .path()?
            .then("commits")
            .segment(&commit.sha)?
            .then("pulls");
        let pulls = self.client.list(&path, array::<RestPull>).await?;
        let author = CommitAuthor {
            name: commit.author_name().to_owned(),
            login: commit.author_login().map(str::to_owned),
        };
        Ok(CommitDetails {
            authors: vec![author],
            pulls: pulls.into_iter().map(AssociatedPull::from).collect(),
        })
    }
}

impl From<RestPull> for AssociatedPull {
    fn from(pull: RestPull) -> Self {
        Self {
            number: pull.number,
            title: pull.title,
            url: pull.html_url,
            author: pull.user.map(|user| user.login().to_owned()),
            head_sha: pull.head.sha,
            // GitHub tries out the merge of an open pull request.
            merge_commit: pull.merge_commit_sha.filter(|_| pull.merged_at.is_some()),
            merged_at: pull.merged_at,
        }
    }
}

/// Converts a commit. Pull requests of forks of `repo` are left out.
fn details(node: Node, repo: &RepoSlug) -> Option<(String, CommitDetails)> {
    let authors = node.authors.into_iter().flat_map(List::into_nodes);
    let authors = authors.map(|author| CommitAuthor {
        name: author.name.unwrap_or_default(),
        login: author.user.map(|user| user.login),
    });
    let own = |pull: &PullNode| pull.repository.name_with_owner.parse().as_ref() == Ok(repo);
    let pulls = node.associated_pull_requests.into_iter();
    let pulls = pulls.flat_map(List::into_nodes).filter(own);
    let details = CommitDetails {
        authors: authors.collect(),
        pulls: pulls.map(AssociatedPull::from).collect(),
    };
    Some((node.oid?, details))
}

impl From<PullNode> for AssociatedPull {
    fn from(pull: PullNode) -> Self {
        let author = pull.author.as_ref().and_then(|actor| user(actor).ok());
        Self {
            number: pull.number,
            title: pull.title,
            url: pull.url,
            author: author.map(|user| user.login().to_owned()),
            head_sha: pull.head_ref_oid,
            merge_commit: pull
                .merge_commit
                .map(|commit| commit.oid)
                .filter(|_| pull.merged_at.is_some()),
            merged_at: pull.merged_at,
        }
    }
}
