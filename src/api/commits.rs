use super::page::{Item, PageReader, array};
use super::response::{ReadError, Response};
use super::{ApiError, Paging, RepoHandle};
use crate::model::{Branch, CombinedStatus, Commit, ContextState};

/// Each page is the whole combined status, with a part of the list.
impl Item for CombinedStatus {
    fn id(&self) -> Option<u64> {
        None
    }
}

impl Item for Branch {
    fn id(&self) -> Option<u64> {
        None
    }
}

impl RepoHandle<'_> {
    /// Gets the commit that a branch, a tag or a SHA refers to. Needs the
    /// permission "Contents: read".
    ///
    /// See <https://docs.github.com/rest/commits/commits#get-a-commit>.
    pub async fn commit(self, reference: &str) -> Result<Commit, ApiError> {
        let path = self.path()?.then("commits").segment(reference)?;
        self.client.get(&path).await
    }

    /// Gets the commit statuses of a ref, of all pages. Check runs are not
    /// included. Needs the permission "Commit statuses: read".
    ///
    /// See <https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference>.
    pub async fn combined_status(self, reference: &str) -> Result<CombinedStatus, ApiError> {
        let path = self
            .path()?
            .then("commits")
            .segment(reference)?
            .then("status");
        let url = path.below(self.client.rest());
        let mut pages = PageReader::new(
            self.client,
            url,
            Paging::all(),
            self.client.budget(),
            combined,
        );
        let mut whole: Option<CombinedStatus> = None;
        while let Some(page) = pages.next_page().await {
            for part in page?.items {
                match &mut whole {
                    None => whole = Some(part),
                    Some(whole) => add_contexts(&mut whole.statuses, part.statuses),
                }
            }
        }
        whole.ok_or_else(|| ApiError::Setup("a list without a first page".to_owned()))
    }

    /// Gets a branch by its name, without `refs/heads/`. Needs the permission
    /// "Contents: read".
    ///
    /// See <https://docs.github.com/rest/branches/branches#get-a-branch>.
    pub async fn branch(self, name: &str) -> Result<Branch, ApiError> {
        let path = self.path()?.then("branches").segment(name)?;
        self.client.get(&path).await
    }

    /// Gets all branches of the repository. Needs the permission "Contents:
    /// read".
    ///
    /// See <https://docs.github.com/rest/branches/branches#list-branches>.
    pub async fn branches(self) -> Result<Vec<Branch>, ApiError> {
        let path = self.path()?.then("branches");
        self.client.list(&path, array).await
    }
}

fn combined(response: &Response) -> Result<Vec<CombinedStatus>, ReadError> {
    Ok(vec![response.json()?])
}

/// Appends the contexts that earlier pages do not have.
fn add_contexts(all: &mut Vec<ContextState>, more: Vec<ContextState>) {
    for context in more {
        if all.iter().all(|known| known.context != context.context) {
            all.push(context);
        }
    }
}
