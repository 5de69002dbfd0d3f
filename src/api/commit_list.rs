use jiff::Timestamp;
use serde::Deserialize;

use super::{ApiError, Paging, RepoHandle};
use crate::model::CommitNode;

#[derive(Deserialize)]
struct Listed {
    sha: String,
    commit: Text,
    #[serde(default)]
    parents: Vec<Parent>,
}

#[derive(Deserialize)]
struct Text {
    committer: Committer,
}

#[derive(Deserialize)]
struct Committer {
    date: Timestamp,
}

#[derive(Deserialize)]
struct Parent {
    sha: String,
}

impl From<Listed> for CommitNode {
    fn from(listed: Listed) -> Self {
        Self {
            sha: listed.sha,
            committed_at: listed.commit.committer.date,
            parents: listed.parents.into_iter().map(|one| one.sha).collect(),
        }
    }
}

impl RepoHandle<'_> {
    /// Gets a page of a commit and its ancestors, newest first, and whether
    /// another page may follow. Pages have 100 commits and count from 1. Needs
    /// the permission "Contents: read".
    ///
    /// See <https://docs.github.com/rest/commits/commits#list-commits>.
    pub(crate) async fn commit_page(
        self,
        sha: &str,
        page: u32,
    ) -> Result<(Vec<CommitNode>, bool), ApiError> {
        let mut url = self.path()?.then("commits").below(self.client.rest());
        url.query_pairs_mut()
            .append_pair("sha", sha)
            .append_pair("per_page", &Paging::LARGEST_PAGE.to_string())
            .append_pair("page", &page.to_string());
        let listed: Vec<Listed> = self.client.get_within(url, self.client.budget()).await?;
        let commits: Vec<CommitNode> = listed.into_iter().map(CommitNode::from).collect();
        let is_full = commits.len() >= Paging::LARGEST_PAGE as usize;
        Ok((commits, is_full))
    }
}
