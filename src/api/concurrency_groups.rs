use serde::Deserialize;
use url::Url;

use super::address::same_origin;
use super::page::{Item, PageReader};
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Paging, RepoHandle, RunHandle};
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
        let url = path.below(self.client.rest());
        let pages = PageReader::new(
            self.client,
            url,
            Paging::all(),
            self.client.budget(),
            entries,
        );
        none_if_missing(pages.all().await)
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
        let url: Option<Url> = root.join(position_url).ok();
        let own = url.filter(|url| {
            same_origin(url, root) && url.username().is_empty() && url.password().is_none()
        });
        let Some(url) = own else {
            return Err(ApiError::ForeignAddress {
                pointer: "position_url",
                url: position_url.to_owned(),
            });
        };
        let budget = self.client.budget();
        let request = Request::get(url);
        match self.client.call(&request, budget, Response::json).await {
            Ok(reply) => Ok(Some(reply.value)),
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
        let url = self
            .path()?
            .then("concurrency_groups")
            .below(self.client.rest());
        let pages = PageReader::new(
            self.client,
            url,
            Paging::all(),
            self.client.budget(),
            groups,
        );
        none_if_missing(pages.all().await)
    }
}

fn entries(response: &Response) -> Result<Vec<ConcurrencyGroupEntry>, ReadError> {
    let Groups { concurrency_groups } = response.json()?;
    Ok(concurrency_groups)
}

fn groups(response: &Response) -> Result<Vec<ConcurrencyGroup>, ReadError> {
    let Groups { concurrency_groups } = response.json()?;
    Ok(concurrency_groups)
}

fn none_if_missing<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}
