use std::cmp::Reverse;

use futures_util::{FutureExt, Stream, TryStreamExt, future, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::call::Budget;
use super::exactly_once::{WriteStart, could_be, missing_time, same_text};
use super::page::{Item, PageReader, array};
use super::request::Request;
use super::response::Response;
use super::{ApiError, DeploymentHandle, Paging};
use crate::model::{Status, StatusState, User};

/// A request for a deployment status. Fields that are `None` are not sent.
///
/// See <https://docs.github.com/rest/deployments/statuses#create-a-deployment-status>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewStatus {
    /// The state to report.
    pub state: StatusState,
    /// The URL of the deployment's output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_url: Option<String>,
    /// A short description, at most [`DESCRIPTION_LIMIT`](crate::model::DESCRIPTION_LIMIT)
    /// characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The environment that the deployment belongs to from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The URL of the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_url: Option<String>,
    /// Whether `success` makes earlier deployments of the environment inactive;
    /// GitHub's default is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_inactive: Option<bool>,
}

impl NewStatus {
    /// A status with a state and nothing else.
    pub fn new(state: StatusState) -> Self {
        Self {
            state,
            log_url: None,
            description: None,
            environment: None,
            environment_url: None,
            auto_inactive: None,
        }
    }

    /// Sets the URL of the deployment's output.
    #[must_use]
    pub fn log_url(mut self, url: impl Into<String>) -> Self {
        self.log_url = Some(url.into());
        self
    }

    /// Sets the description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the environment that the deployment belongs to from now on.
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = Some(name.into());
        self
    }

    /// Sets the URL of the environment.
    #[must_use]
    pub fn environment_url(mut self, url: impl Into<String>) -> Self {
        self.environment_url = Some(url.into());
        self
    }

    /// Sets whether `success` makes earlier deployments of the environment
    /// inactive.
    #[must_use]
    pub fn auto_inactive(mut self, auto_inactive: bool) -> Self {
        self.auto_inactive = Some(auto_inactive);
        self
    }
}

impl Item for Status {
    fn id(&self) -> Option<u64> {
        self.id.map(|id| id.0)
    }
}

impl DeploymentHandle<'_> {
    /// Creates a status, exactly once: if the response is lost, this searches for
    /// the status before it sends the request again. Needs the permission
    /// "Deployments: write".
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if the response was lost and the search failed
    /// too; [`ApiError::Response`] with 422 for an invalid status.
    ///
    /// See <https://docs.github.com/rest/deployments/statuses#create-a-deployment-status>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::{Created, NewDeployment, NewStatus};
    /// use deployctl::model::{DeploymentState, StatusState};
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let repo = client.repo(&slug);
    /// let new = NewDeployment::new("main").environment("staging");
    /// let Created::Deployment(created) = repo.create_deployment(&new).await? else {
    ///     return Err("merged only".into());
    /// };
    ///
    /// let deployment = repo.deployment(created.id);
    /// let status = NewStatus::new(StatusState::Success)
    ///     .environment_url("https://staging.example.com");
    /// deployment.create_status(&status).await?;
    /// let history = deployment.history().await?;
    /// assert_eq!(history.statuses.len(), 1);
    /// assert_eq!(history.deployment_with_state().state, DeploymentState::Active);
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn create_status(self, new: &NewStatus) -> Result<Status, ApiError> {
        let request = Request::post(self.statuses_url()?, new)?;
        let find_result = |start| self.find_status(new, start).boxed();
        self.client
            .write_once("create a status", &request, Response::json, find_result)
            .await
    }

    /// Lists the statuses of the deployment, newest first, a page at a time.
    /// Needs the permission "Deployments: read".
    ///
    /// See <https://docs.github.com/rest/deployments/statuses#list-deployment-statuses>.
    pub fn statuses(
        self,
        paging: Paging,
    ) -> impl Stream<Item = Result<Vec<Status>, ApiError>> + use<> {
        let pages = self.status_pages(paging, self.client.budget());
        stream::once(future::ready(pages))
            .map_ok(PageReader::into_stream)
            .try_flatten()
            .map_ok(|page| page.items)
    }

    /// Gets all statuses of the deployment, newest first, and the time of the
    /// last response by the server's clock.
    pub async fn status_history(self) -> Result<(Vec<Status>, Timestamp), ApiError> {
        let mut pages = self.status_pages(Paging::all(), self.client.budget())?;
        let mut now = Timestamp::MIN;
        let mut all = Vec::new();
        while let Some(page) = pages.next_page().await {
            let page = page?;
            now = now.max(page.server_now);
            all.extend(page.items);
        }
        // The order is GitHub's habit, and nowhere promised.
        all.sort_by_key(|status| Reverse((status.created_at, status.id)));
        Ok((all, now))
    }

    /// The newest status, if there is one, and the server's time.
    pub(super) async fn latest_status(self) -> Result<(Option<Status>, Timestamp), ApiError> {
        let mut url = self.statuses_url()?;
        url.query_pairs_mut().append_pair("per_page", "1");
        let reply = self
            .client
            .call(&Request::get(url), self.client.budget(), array::<Status>)
            .await?;
        Ok((reply.value.into_iter().next(), reply.server_now))
    }

    pub(super) fn statuses_url(self) -> Result<Url, ApiError> {
        Ok(self.path()?.then("statuses").below(self.client.rest()))
    }

    fn status_pages(self, paging: Paging, budget: Budget) -> Result<PageReader<Status>, ApiError> {
        let url = self.statuses_url()?;
        Ok(PageReader::new(self.client, url, paging, budget, array))
    }

    /// Finds the status that a request created whose response was lost.
    async fn find_status(
        self,
        new: &NewStatus,
        start: WriteStart,
    ) -> Result<Option<Status>, ApiError> {
        let viewer = self.client.viewer_login_within(start.budget).await?;
        let newest = Paging::up_to(Paging::LARGEST_PAGE as usize);
        let mut pages = self.status_pages(newest, start.budget)?;
        let Some(page) = pages.next_page().await.transpose()? else {
            return Ok(None);
        };
        let server_time = page.server_time.ok_or_else(|| missing_time(&page.url))?;
        for found in page.items {
            if new.could_have_created(&found, viewer.as_deref())
                && start.is_result(found.created_at, server_time, &page.url)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl NewStatus {
    /// Whether this request, made by `viewer`, can have made `status`.
    fn could_have_created(&self, status: &Status, viewer: Option<&str>) -> bool {
        let same_environment = match (&self.environment, &status.environment) {
            (Some(sent), Some(came)) => sent == came,
            _ => true,
        };
        self.state == status.state
            && same_environment
            && same_text(self.description.as_deref(), status.description())
            && same_text(self.log_url.as_deref(), status.log_url())
            && same_text(self.environment_url.as_deref(), status.environment_url())
            && could_be(viewer, status.creator.as_ref().map(User::login))
    }
}
