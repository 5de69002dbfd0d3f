//! Finds the deployments that killed runs have requested.

use futures_util::TryStreamExt;
use tokio::time::{Instant, timeout_at};

use super::deployment_ref::{ApiRoot, DeploymentRef};
use super::error::OutboxError;
use super::request::{IN_FLIGHT, LostRequest};
use super::store::Outbox;
use crate::api::{ApiError, Client, Paging};
use crate::model::{DeploymentId, Status};

/// What is known about a request whose response was lost.
#[derive(Debug)]
pub enum RequestOutcome {
    /// Its deployment exists and has no status: a final status is stored now.
    Found(DeploymentId),
    /// Its deployment exists, and somebody has reported on it.
    AlreadyReported(DeploymentId),
    /// No deployment was created.
    Absent,
    /// Each of these may be its deployment, or that of another request. It is
    /// forgotten, since only a person can tell.
    Ambiguous(Vec<DeploymentId>),
    /// It was too old to check, and is forgotten.
    TooOld,
    /// It cannot be checked yet.
    Waiting(Option<ApiError>),
}

impl Outbox {
    /// Finds the deployments of lost requests to a server, until `deadline`. A
    /// deployment is reported only if it is certainly the requested one: the only one
    /// like it, created at that time by the same user, and without a status.
    pub async fn resolve_requests(
        &self,
        client: &Client,
        root: &ApiRoot,
        deadline: Instant,
    ) -> Result<Vec<(LostRequest, RequestOutcome)>, OutboxError> {
        let mut all = Vec::new();
        for request in self.lost_requests(Some(root))? {
            let outcome = if request.is_too_old() {
                RequestOutcome::TooOld
            } else if request.settles_in().is_zero() {
                match timeout_at(deadline, find_requested(client, &request)).await {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(error)) if is_repository_gone(&error) => RequestOutcome::Absent,
                    Ok(Err(error)) => RequestOutcome::Waiting(Some(error)),
                    Err(_) => RequestOutcome::Waiting(None),
                }
            } else {
                RequestOutcome::Waiting(None)
            };
            match &outcome {
                RequestOutcome::Found(id) => {
                    let deployment = DeploymentRef {
                        origin: request.origin.clone(),
                        repo: request.repo.clone(),
                        id: *id,
                    };
                    if !self.report_lost_request(&request, &deployment)? {
                        continue;
                    }
                }
                RequestOutcome::Waiting(_) => {}
                _ => self.forget_request(&request)?,
            }
            all.push((request, outcome));
        }
        Ok(all)
    }
}

async fn find_requested(
    client: &Client,
    request: &LostRequest,
) -> Result<RequestOutcome, ApiError> {
    let LostRequest {
        repo,
        new,
        began_at,
        seen_at,
        ..
    } = request;
    let latest = seen_at.saturating_add(IN_FLIGHT).unwrap_or(*seen_at);
    let alike = client
        .repo(repo)
        .find_matching_deployments(new, &(*began_at..=latest))
        .await?;
    match &alike.deployments[..] {
        [] => Ok(RequestOutcome::Absent),
        [only] if alike.are_by_viewer => {
            let statuses: Vec<Status> = client
                .repo(repo)
                .deployment(only.id)
                .statuses(Paging::up_to(1))
                .try_concat()
                .await?;
            Ok(if statuses.is_empty() {
                RequestOutcome::Found(only.id)
            } else {
                RequestOutcome::AlreadyReported(only.id)
            })
        }
        several => Ok(RequestOutcome::Ambiguous(
            several.iter().map(|found| found.id).collect(),
        )),
    }
}

/// Whether the repository no longer exists, so that a later check is pointless.
fn is_repository_gone(error: &ApiError) -> bool {
    matches!(error.status(), Some(410))
}
