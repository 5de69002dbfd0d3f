use std::collections::HashMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::Deserialize;

use super::commit_name::Oid;
use super::graphql::List;
use super::graphql_states::{Actor, user};
use super::page::{Item, array};
use super::pulls::PullHead;
use super::repository_query::RepositoryQuery;
use super::viewer::Login;
use super::{ApiError, RepoHandle, in_order};
use crate::model::{RepoSlug, User, or_default};

/// The authors and pull requests of a commit.
const FIELDS: &str = "fragment F on Commit{oid authors(first:10){nodes{name user{login}}} \
associatedPullRequests(first:5){nodes{number title url headRefOid mergedAt mergeCommit{oid} \
repository{nameWithOwner} author{__typename login}}}}";

/// The authors and the pull requests of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommitDetails {
    /// Its authors; the one that git names comes first. Empty if they were not
    /// available.
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

/// A commit. An object of another type has none of the fields.
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
    /// request for each 100 commits, or without GraphQL one for each commit,
    /// which gets no authors. Needs the permission "Pull requests: read".
    pub(crate) async fn commit_details(
        self,
        shas: &[&str],
    ) -> Result<Vec<CommitDetails>, ApiError> {
        let query = |shas| self.query_details(shas);
        let known = &self.client.query_in_chunks(shas.to_vec(), query).await;
        in_order(shas, self.client.concurrency(), |sha| async move {
            match known.get(*sha) {
                Some(details) => Ok(details.clone()),
                None => self.rest_details(sha).await,
            }
        })
        .try_collect()
        .await
    }

    async fn query_details(self, shas: Vec<&str>) -> HashMap<String, CommitDetails> {
        if !self.client.can_use_graphql() {
            return HashMap::new();
        }
        let mut query = RepositoryQuery::new(self.slug);
        for (index, sha) in shas.into_iter().enumerate() {
            query.declare(&format!("c{index}"), "GitObjectID!", sha);
            query.ask(&format!("c{index}:object(oid:$c{index}){{...F}}"));
        }
        match query
            .send::<HashMap<String, Option<Node>>>(self.client, FIELDS)
            .await
        {
            Ok(partial) => {
                let commits = partial.data.repository.into_iter().flatten();
                let commits = commits.filter_map(|(_, commit)| commit);
                commits
                    .filter_map(|commit| details(commit, self.slug))
                    .collect()
            }
            Err(error) => {
                self.client.disable_graphql(&error.to_string());
                HashMap::new()
            }
        }
    }

    async fn rest_details(self, sha: &str) -> Result<CommitDetails, ApiError> {
        let path = self.path()?.then("commits").segment(sha)?.then("pulls");
        let pulls = self.client.list(&path, array::<RestPull>).await?;
        Ok(CommitDetails {
            authors: Vec::new(),
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
