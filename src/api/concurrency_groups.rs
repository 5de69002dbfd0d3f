use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::address::is_own;
use super::page::Item;
use super::response::{ReadError, Response};
use super::rest::none_if_missing;
use super::{ApiError, RepoHandle, RunHandle};
use crate::model::{ConcurrencyGroup, ConcurrencyGroupEntry};

#[derive(Deserialize)]
struct Groups<T> {
    concurrency_groups: Vec<T>,
}

impl Item for ConcurrencyGroupEntry {
    fn id(&self) -> Option<u64> {
        None
    }
}

impl Item for ConcurrencyGroup {
    fn id(&self) -> Option<u64> {
        None
    }
}

impl RepoHandle<'_> {
    /// The concurrency groups of the repository, without their members; `None`
    /// on a server that does not know them, such as GitHub Enterprise Server
    /// 3.19. Needs the permission "Actions: read".
    ///
    /// See <https://docs.github.com/rest/actions/concurrency-groups>.
    pub async fn concurrency_groups(self) -> Result<Option<Vec<ConcurrencyGroupEntry>>, ApiError> {
        let path = self.path()?.then("actions").then("concurrency_groups");
        none_if_missing(self.client.list(&path, groups).await)
    }

    /// A concurrency group with its members; `None` if it is idle.
    ///
    /// See <https://docs.github.com/rest/actions/concurrency-groups>.
    pub async fn concurrency_group(self, name: &str) -> Result<Option<ConcurrencyGroup>, ApiError> {
        let path = self
            .path()?
            .then("actions")
            .then("concurrency_groups")
            .segment(name)?;
        none_if_missing(self.client.get(&path).await)
    }

    /// The members of a group that are ahead of a run or job, itself last, by
    /// the `position_url` of [`RunHandle::concurrency_groups`]. `None` if it is
    /// no longer in the group.
    ///
    /// # Errors
    /// [`ApiError::ForeignAddress`] for an address of another server.
    ///
    /// See <https://docs.github.com/rest/actions/concurrency-groups>.
    pub async fn members_ahead(
        self,
        position_url: &str,
    ) -> Result<Option<ConcurrencyGroup>, ApiError> {
        let root = self.client.rest();
        let url = root.join(position_url).ok();
        let Some(url) = url.filter(|url| is_own(url, root)) else {
            return Err(ApiError::ForeignAddress {
                pointer: "position_url",
                url: position_url.to_owned(),
            });
        };
        match self.client.get_within(url, self.client.budget()).await {
            Ok(ahead) => Ok(Some(ahead)),
            Err(error) if matches!(error.status(), Some(404 | 422)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl RunHandle<'_> {
    /// The concurrency groups that the run takes part in, each with the members
    /// that belong to the run; some have none. `None` on a server that does not
    /// know them, or for a run that does not exist.
    ///
    /// See <https://docs.github.com/rest/actions/concurrency-groups>.
    pub async fn concurrency_groups(self) -> Result<Option<Vec<ConcurrencyGroup>>, ApiError> {
        let path = self.path()?.then("concurrency_groups");
        none_if_missing(self.client.list(&path, groups).await)
    }
}

fn groups<T: DeserializeOwned>(response: &Response) -> Result<Vec<T>, ReadError> {
    let Groups { concurrency_groups } = response.json()?;
    Ok(concurrency_groups)
}
