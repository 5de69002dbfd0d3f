use futures_util::{Stream, TryStreamExt, future, stream};
use serde::Deserialize;

use super::page::{Item, PageReader, array};
use super::{ApiError, Paging, RepoHandle};

/// The state and the branches of a pull request.
///
/// See <https://docs.github.com/rest/pulls/pulls#list-pull-requests>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Pull {
    /// Its number.
    pub(crate) number: u64,
    /// `open`, or `closed` (merged or not).
    pub(crate) state: String,
    /// The branch with the changes.
    pub(crate) head: PullBranch,
    /// The branch that the changes are merged into.
    pub(crate) base: PullBranch,
}

/// A branch of a pull request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct PullBranch {
    /// Its name.
    #[serde(rename = "ref")]
    pub(crate) ref_name: String,
    /// The repository of the branch; `None` for a deleted fork.
    #[serde(default)]
    pub(crate) repo: Option<PullRepository>,
}

/// The repository of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct PullRepository {
    /// Its number.
    pub(crate) id: u64,
}

/// The commits of one pull request.
#[derive(Deserialize)]
pub(super) struct PullCommits {
    pub(super) head: PullHead,
    #[serde(default)]
    pub(super) merged: bool,
    /// The commit that it was merged as. GitHub tries out the merge of an open
    /// pull request.
    #[serde(default)]
    pub(super) merge_commit_sha: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PullHead {
    pub(super) sha: String,
}

impl Pull {
    /// Whether it is open.
    pub(crate) fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// The branch with the changes, if it belongs to the same repository, and
    /// not to a fork.
    pub(crate) fn own_branch(&self) -> Option<&str> {
        let (head, base) = (self.head.repo.as_ref()?, self.base.repo.as_ref()?);
        (head.id == base.id).then_some(self.head.ref_name.as_str())
    }
}

impl Item for Pull {
    fn id(&self) -> Option<u64> {
        Some(self.number)
    }
}

impl RepoHandle<'_> {
    /// Gets the commits of a pull request.
    ///
    /// See <https://docs.github.com/rest/pulls/pulls#get-a-pull-request>.
    pub(super) async fn pull_commits(self, number: u64) -> Result<PullCommits, ApiError> {
        let path = self.path()?.then("pulls").number(number);
        self.client.get(&path).await
    }

    /// Lists all pull requests, open and closed, a page at a time. Needs the
    /// permission "Pull requests: read".
    ///
    /// See <https://docs.github.com/rest/pulls/pulls#list-pull-requests>.
    pub(crate) fn pulls(self) -> impl Stream<Item = Result<Vec<Pull>, ApiError>> + use<> {
        let pages = self.path().map(|path| {
            let mut url = path.then("pulls").below(self.client.rest());
            url.query_pairs_mut().append_pair("state", "all");
            PageReader::new(
                self.client,
                url,
                Paging::all(),
                self.client.budget(),
                array::<Pull>,
            )
        });
        stream::once(future::ready(pages))
            .map_ok(PageReader::into_stream)
            .try_flatten()
            .map_ok(|page| page.items)
    }
}
