use futures_util::{Stream, TryStreamExt, future, stream};
use serde::Deserialize;

use super::page::{Item, PageReader, array};
use super::{ApiError, Paging, RepoHandle};

/// What is known of a pull request here: its branch, and whether it is open.
///
/// See <https://docs.github.com/rest/pulls/pulls#list-pull-requests>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// `open`, or `closed` (merged or not).
    pub state: String,
    /// The branch that is to be merged.
    pub head: PullBranch,
    /// The branch that it is merged into.
    pub base: PullBranch,
}

/// A branch of a pull request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PullBranch {
    /// Its name.
    #[serde(rename = "ref")]
    pub ref_name: String,
    /// The repository that it is in; `None` for a fork that is gone.
    #[serde(default)]
    pub repo: Option<PullRepository>,
}

/// The repository that a branch is in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PullRepository {
    /// Its number.
    pub id: u64,
}

impl Pull {
    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// Its branch, if that is one of the repository itself: the name of a
    /// fork's branch says nothing here.
    pub fn own_branch(&self) -> Option<&str> {
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
    /// All pull requests, open and closed, a page at a time. Needs the
    /// permission "Pull requests: read".
    ///
    /// See <https://docs.github.com/rest/pulls/pulls#list-pull-requests>.
    pub fn pulls(self) -> impl Stream<Item = Result<Vec<Pull>, ApiError>> + use<> {
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
