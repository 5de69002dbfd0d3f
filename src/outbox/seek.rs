//! What became of the requests of runs that ended before they heard of it.

use futures_util::TryStreamExt;
use tokio::time::{Instant, timeout_at};

use super::request::{IN_FLIGHT, LostRequest};
use super::{ApiRoot, Outbox, OutboxError, Place};
use crate::api::{ApiError, Client, Paging};
use crate::model::{DeploymentId, Status};

/// What became of a request of which nobody heard.
#[derive(Debug)]
pub enum Sought {
    /// Its deployment is there, and nobody has said anything of it: its end is
    /// kept now, to be sent.
    Found(DeploymentId),
    /// Its deployment is there, and somebody has reported on it.
    InHand(DeploymentId),
    /// It made nothing.
    Absent,
    /// Each of these may be its deployment, or another one's. It is forgotten:
    /// a person has to tell.
    Unclear(Vec<DeploymentId>),
    /// It is too old, and forgotten.
    TooOld,
    /// It can't be told yet.
    Waits(Option<ApiError>),
}

impl Outbox {
    /// Looks what became of the requests to a server whose process ended before
    /// it heard of it, until `deadline`. A deployment of theirs is reported
    /// only where there is no doubt whose it is: one like it, made by the same
    /// user at that time, and nobody has said anything of it.
    pub async fn seek(
        &self,
        client: &Client,
        root: &ApiRoot,
        deadline: Instant,
    ) -> Result<Vec<(LostRequest, Sought)>, OutboxError> {
        let mut all = Vec::new();
        for request in self.lost_requests(Some(root))? {
            let sought = if request.is_too_old() {
                Sought::TooOld
            } else if request.settles_in().is_zero() {
                match timeout_at(deadline, look(client, &request)).await {
                    Ok(Ok(sought)) => sought,
                    Ok(Err(error)) if is_final(&error) => Sought::Absent,
                    Ok(Err(error)) => Sought::Waits(Some(error)),
                    Err(_) => Sought::Waits(None),
                }
            } else {
                Sought::Waits(None)
            };
            match &sought {
                Sought::Found(id) => {
                    let place = Place {
                        origin: request.origin.clone(),
                        repo: request.repo.clone(),
                        deployment: *id,
                    };
                    if !self.report_unheard(&request, &place)? {
                        continue;
                    }
                }
                Sought::Waits(_) => {}
                _ => self.forget_request(&request)?,
            }
            all.push((request, sought));
        }
        Ok(all)
    }
}

async fn look(client: &Client, request: &LostRequest) -> Result<Sought, ApiError> {
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
        [] => Ok(Sought::Absent),
        [only] if alike.are_by_viewer => {
            let statuses: Vec<Status> = client
                .repo(repo)
                .deployment(only.id)
                .statuses(Paging::up_to(1))
                .try_concat()
                .await?;
            Ok(if statuses.is_empty() {
                Sought::Found(only.id)
            } else {
                Sought::InHand(only.id)
            })
        }
        several => Ok(Sought::Unclear(
            several.iter().map(|found| found.id).collect(),
        )),
    }
}

/// Whether a later look could not tell more: the repository is gone.
fn is_final(error: &ApiError) -> bool {
    matches!(error.status(), Some(410))
}
