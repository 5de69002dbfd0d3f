use jiff::Timestamp;
use serde::de::DeserializeOwned;
use url::Url;

use super::request::Request;
use super::{ApiError, Client, DeploymentFilter, DeploymentHandle, Paging, RepoHandle};
use crate::model::{Deployment, Status};

/// The response to a conditional request.
///
/// See <https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched<T> {
    /// Nothing has changed (304). The request did not count against the quota.
    NotModified {
        /// The time of the response, by the server's clock.
        server_now: Timestamp,
    },
    /// The current value.
    Fresh {
        /// The value.
        value: T,
        /// The ETag to send with the next request, unchanged; `None` if the
        /// server sent none.
        etag: Option<String>,
        /// The time of the response, by the server's clock.
        server_now: Timestamp,
    },
}

impl DeploymentHandle<'_> {
    /// Gets the newest page of the deployment's statuses (up to 30), newest
    /// first, if it differs from the page that `etag` identifies.
    pub async fn statuses_since(
        self,
        etag: Option<&str>,
    ) -> Result<Fetched<Vec<Status>>, ApiError> {
        let url = self.statuses_url()?;
        self.client.get_changes(url, 30, etag).await
    }
}

impl RepoHandle<'_> {
    /// Gets the newest page of deployments, if it differs from the page that
    /// `etag` identifies. `per_page` is 1 to 100.
    pub async fn deployments_since(
        self,
        filter: &DeploymentFilter,
        per_page: u32,
        etag: Option<&str>,
    ) -> Result<Fetched<Vec<Deployment>>, ApiError> {
        let per_page = per_page.clamp(1, Paging::LARGEST_PAGE);
        let url = filter.url(self)?;
        self.client.get_changes(url, per_page, etag).await
    }

    /// Whether the first page of environments differs from the one that `etag`
    /// identifies; its content is not kept.
    pub(crate) async fn environments_since(
        self,
        etag: Option<&str>,
    ) -> Result<Fetched<serde::de::IgnoredAny>, ApiError> {
        let url = self.path()?.then("environments").below(self.client.rest());
        self.client
            .get_changes(url, Paging::LARGEST_PAGE, etag)
            .await
    }
}

impl Client {
    pub(super) async fn get_changes<T: DeserializeOwned>(
        &self,
        mut url: Url,
        per_page: u32,
        etag: Option<&str>,
    ) -> Result<Fetched<T>, ApiError> {
        url.query_pairs_mut()
            .append_pair("per_page", &per_page.to_string());
        let request = Request {
            etag: etag.map(str::to_owned),
            ..Request::get(url)
        };
        let reply = self
            .call(&request, self.budget(), |response| match response.status {
                304 => Ok(None),
                _ => response.json().map(Some),
            })
            .await?;
        let server_now = reply.server_now;
        Ok(match reply.value {
            None => Fetched::NotModified { server_now },
            Some(value) => Fetched::Fresh {
                value,
                etag: reply.response.etag(),
                server_now,
            },
        })
    }
}
