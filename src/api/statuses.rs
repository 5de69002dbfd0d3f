use std::cmp::Reverse;

use futures_util::{FutureExt, Stream, TryStreamExt, future, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::answer::Answer;
use super::call::Budget;
use super::exactly_once::{Since, may_be, no_time, same_text};
use super::page::{Item, Walk, array};
use super::transport::Request;
use super::{ApiError, DeploymentHandle, Paging};
use crate::model::{Status, StatusState, User};

/// The body of a request for a status, as it is sent; what is `None` is left
/// out.
///
/// See <https://docs.github.com/rest/deployments/statuses#create-a-deployment-status>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewStatus {
    /// What to report.
    pub state: StatusState,
    /// Where the output is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_url: Option<String>,
    /// A short text, at most [`DESCRIPTION_LIMIT`](crate::model::DESCRIPTION_LIMIT) characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The environment that the deployment counts for from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Where the deployed thing can be visited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_url: Option<String>,
    /// Whether `success` makes earlier deployments of the environment inactive;
    /// GitHub's default is yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_inactive: Option<bool>,
}

impl NewStatus {
    /// A status that says nothing but its state.
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
}

impl Item for Status {
    fn number(&self) -> Option<u64> {
        self.id.map(|id| id.0)
    }
}

impl DeploymentHandle<'_> {
    /// Adds a status to a deployment, exactly once: if the answer is lost, it
    /// looks for the status before it sends it again.
    ///
    /// # Errors
    /// As [`RepoHandle::create_deployment`](super::RepoHandle::create_deployment).
    pub async fn create_status(self, new: &NewStatus) -> Result<Status, ApiError> {
        let request = Request::post(self.statuses_url()?, new)?;
        let look = |since| self.find_status(new, since).boxed();
        self.client
            .write_once("create a status", &request, Answer::json, look)
            .await
    }

    /// The statuses of a deployment, newest first, a page at a time.
    ///
    /// See <https://docs.github.com/rest/deployments/statuses#list-deployment-statuses>.
    pub fn statuses(
        self,
        paging: Paging,
    ) -> impl Stream<Item = Result<Vec<Status>, ApiError>> + use<> {
        let walk = self.status_walk(paging, self.client.budget());
        stream::once(future::ready(walk))
            .map_ok(Walk::into_stream)
            .try_flatten()
            .map_ok(|page| page.items)
    }

    /// All statuses, newest first, and the time of the last answer by the
    /// server's clock.
    pub async fn status_history(self) -> Result<(Vec<Status>, Timestamp), ApiError> {
        let mut walk = self.status_walk(Paging::all(), self.client.budget())?;
        let mut now = Timestamp::MIN;
        let mut all = Vec::new();
        while let Some(page) = walk.next_page().await {
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

    fn status_walk(self, paging: Paging, budget: Budget) -> Result<Walk<Status>, ApiError> {
        let url = self.statuses_url()?;
        Ok(Walk::new(self.client, url, paging, budget, array))
    }

    /// The status that a request made whose answer was lost.
    async fn find_status(self, new: &NewStatus, since: Since) -> Result<Option<Status>, ApiError> {
        let viewer = self.client.viewer_login_within(since.budget).await?;
        let newest = Paging::up_to(Paging::LARGEST_PAGE as usize);
        let mut walk = self.status_walk(newest, since.budget)?;
        let Some(page) = walk.next_page().await.transpose()? else {
            return Ok(None);
        };
        let server_time = page.server_time.ok_or_else(|| no_time(&page.url))?;
        for found in page.items {
            if new.is_what_made(&found, viewer.as_deref())
                && since.made_it(found.created_at, server_time, &page.url)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl NewStatus {
    /// Whether this request, made by `viewer`, can have made `status`.
    fn is_what_made(&self, status: &Status, viewer: Option<&str>) -> bool {
        let same_environment = match (&self.environment, &status.environment) {
            (Some(sent), Some(came)) => sent == came,
            _ => true,
        };
        self.state == status.state
            && same_environment
            && same_text(self.description.as_deref(), status.description())
            && same_text(self.log_url.as_deref(), status.log_url())
            && same_text(self.environment_url.as_deref(), status.environment_url())
            && may_be(viewer, status.creator.as_ref().map(User::login))
    }
}
