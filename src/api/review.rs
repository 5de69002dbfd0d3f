use futures_util::FutureExt;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::exactly_once::{WriteStart, could_be, unclear};
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, RunHandle};
use crate::model::{PendingDeployment, ReviewState, RunReview};

/// The body of a review of the environments that a run waits for.
///
/// See <https://docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The environments, by their REST ids.
    pub environment_ids: Vec<u64>,
    /// [`ReviewState::Approved`] or [`ReviewState::Rejected`].
    pub state: ReviewState,
    /// The comment.
    pub comment: String,
}

/// What became of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reviewed {
    /// The review was made.
    Done,
    /// The answer was lost, and by then nothing waited for a review any more:
    /// somebody else was faster, or the run has ended.
    NoLongerPending,
}

impl RunHandle<'_> {
    /// Approves or rejects environments that the run waits for, exactly once:
    /// if the answer is lost, it reads the pending deployments and the reviews
    /// before it sends the review again. The user has to be one of the required
    /// reviewers; being an administrator is not enough. Classic tokens need the
    /// scope `repo`, fine-grained ones "Deployments: write"; an app's
    /// installation token cannot review.
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if it cannot be determined whether the review
    /// was made; 403, 404 and 422 as [`ApiError::Response`].
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run>.
    pub async fn review(self, review: &Review) -> Result<Reviewed, ApiError> {
        let path = self.path()?.then("pending_deployments");
        let request = Request::post(path.below(self.client.rest()), review)?;
        let look = |start| self.find_review(review, start).boxed();
        self.client
            .write_once("review the deployments", &request, made, look)
            .await
    }

    /// Whether a review whose answer was lost was made.
    async fn find_review(
        self,
        review: &Review,
        start: WriteStart,
    ) -> Result<Option<Reviewed>, ApiError> {
        let path = self.path()?;
        let (client, budget) = (self.client, start.budget);
        let url = path.clone().then("pending_deployments");
        let pending: Vec<PendingDeployment> =
            client.get_within(url.below(client.rest()), budget).await?;
        let url = path.then("approvals").below(client.rest());
        let reviews: Vec<RunReview> = client.get_within(url.clone(), budget).await?;
        let viewer = client.viewer_login_within(budget).await?;
        let waits = is_pending(review, &pending);
        let is_there = covers(review, &reviews, viewer.as_deref());
        match (waits, is_there) {
            (true, false) => Ok(None),
            (false, true) => Ok(Some(Reviewed::Done)),
            (false, false) => Ok(Some(Reviewed::NoLongerPending)),
            // Reviews have no times: this one may be an earlier one, or what
            // waits may be a later job.
            (true, true) => Err(unclear(
                &url,
                "there is a review like it, and the environments still wait",
            )),
        }
    }
}

fn made(response: &Response) -> Result<Reviewed, ReadError> {
    let _: Vec<IgnoredAny> = response.json()?;
    Ok(Reviewed::Done)
}

/// Whether any of the environments still waits for this user's review.
fn is_pending(review: &Review, pending: &[PendingDeployment]) -> bool {
    pending.iter().any(|pending| {
        let id = pending.environment.id;
        pending.current_user_can_approve
            && id.is_some_and(|id| review.environment_ids.contains(&id))
    })
}

/// Whether reviews like this one cover all its environments.
fn covers(review: &Review, reviews: &[RunReview], viewer: Option<&str>) -> bool {
    let alike = |found: &&RunReview| {
        let login = found.user.as_ref().map(crate::model::User::login);
        found.state == review.state && found.comment == review.comment && could_be(viewer, login)
    };
    review.environment_ids.iter().all(|id| {
        reviews
            .iter()
            .filter(alike)
            .flat_map(|found| &found.environments)
            .any(|environment| environment.id == Some(*id))
    })
}
