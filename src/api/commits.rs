use serde::de::DeserializeOwned;

use super::answer::{Answer, Misread};
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::transport::Request;
use super::{ApiError, Client, Paging};
use crate::model::{Branch, CombinedStatus, Commit, ContextState, RepoSlug};

/// A page of a combined status is the whole of it, but for its list.
impl Item for CombinedStatus {
    fn number(&self) -> Option<u64> {
        None
    }
}

impl Client {
    /// The commit that a branch, a tag or a SHA stands for on the server.
    ///
    /// See <https://docs.github.com/rest/commits/commits#get-a-commit>.
    pub async fn commit(&self, repo: &RepoSlug, reference: &str) -> Result<Commit, ApiError> {
        let path = ApiPath::repo(repo)?.then("commits").segment(reference)?;
        self.one(&path).await
    }

    /// The commit statuses of a ref, all pages (check runs are not among them).
    ///
    /// See <https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference>.
    pub async fn combined_status(
        &self,
        repo: &RepoSlug,
        reference: &str,
    ) -> Result<CombinedStatus, ApiError> {
        let path = ApiPath::repo(repo)?
            .then("commits")
            .segment(reference)?
            .then("status");
        let url = path.below(self.rest());
        let mut walk = Walk::new(self, url, Paging::all(), self.budget(), combined);
        let mut whole: Option<CombinedStatus> = None;
        while let Some(page) = walk.next_page().await {
            for part in page?.items {
                match &mut whole {
                    None => whole = Some(part),
                    Some(whole) => add_contexts(&mut whole.statuses, part.statuses),
                }
            }
        }
        whole.ok_or_else(|| ApiError::Setup("a list without a first page".to_owned()))
    }

    /// A branch by its name, without `refs/heads/`.
    ///
    /// See <https://docs.github.com/rest/branches/branches#get-a-branch>.
    pub async fn branch(&self, repo: &RepoSlug, name: &str) -> Result<Branch, ApiError> {
        let path = ApiPath::repo(repo)?.then("branches").segment(name)?;
        self.one(&path).await
    }

    async fn one<T: DeserializeOwned>(&self, path: &ApiPath) -> Result<T, ApiError> {
        let request = Request::get(path.below(self.rest()));
        let reply = self.call(&request, self.budget(), Answer::json).await?;
        Ok(reply.value)
    }
}

fn combined(answer: &Answer) -> Result<Vec<CombinedStatus>, Misread> {
    Ok(vec![answer.json()?])
}

/// Appends the contexts that an earlier page did not have.
fn add_contexts(all: &mut Vec<ContextState>, more: Vec<ContextState>) {
    for context in more {
        if all.iter().all(|known| known.context != context.context) {
            all.push(context);
        }
    }
}
