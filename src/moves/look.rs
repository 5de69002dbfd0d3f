use std::collections::HashMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::plan::Plan;
use crate::api::{ApiError, DeploymentFilter, EnvironmentHistory, Paging};
use crate::model::{Deployment, DeploymentId};
use crate::session::Connection;

/// How many of the newest deployments are looked at.
const NEWEST: usize = 100;

/// The newest deployments right before a request is sent: one request.
pub(super) struct Look {
    deployments: HashMap<DeploymentId, Deployment>,
    /// Whether something may have changed that the plan depends on, so that it
    /// has to be made again.
    pub(super) may_have_changed: bool,
}

impl Look {
    /// Lists the newest deployments of the plan's environments, and compares them
    /// with the histories that the plan was made from. A status changes
    /// `updated_at` of its deployment.
    pub(super) async fn take(
        connection: &Connection,
        plan: &Plan,
        histories: &[EnvironmentHistory],
    ) -> Result<Self, ApiError> {
        let filter = match histories {
            [only] => DeploymentFilter::new().environment(&only.environment),
            _ => DeploymentFilter::new(),
        };
        let pages = connection
            .repo()
            .deployments(&filter, Paging::up_to(NEWEST));
        let newest: Vec<Deployment> = pages.try_concat().await?;
        let may_have_changed = has_unknown(&newest, histories) || !has_all(&newest, plan);
        Ok(Self {
            deployments: newest.into_iter().map(|one| (one.id, one)).collect(),
            may_have_changed,
        })
    }

    /// A deployment, which costs a request if it is not among the newest.
    pub(super) async fn deployment(
        &self,
        connection: &Connection,
        id: DeploymentId,
    ) -> Result<Deployment, ApiError> {
        match self.deployments.get(&id) {
            Some(found) => Ok(found.clone()),
            None => connection.repo().deployment(id).get().await,
        }
    }
}

/// Whether an environment has a deployment that was not there before. Histories
/// need not reach back to its oldest ones.
fn has_unknown(newest: &[Deployment], histories: &[EnvironmentHistory]) -> bool {
    newest.iter().any(|one| {
        let history = histories
            .iter()
            .find(|history| history.environment == one.environment);
        let Some(known) = history.map(|history| &history.deployments) else {
            return false;
        };
        let is_older = known
            .last()
            .is_some_and(|oldest| oldest.created_at > one.created_at);
        !is_older && known.iter().all(|known| known.id != one.id)
    })
}

/// Whether all deployments that decided are there and unchanged.
fn has_all(newest: &[Deployment], plan: &Plan) -> bool {
    let times: HashMap<DeploymentId, Timestamp> = newest
        .iter()
        .map(|one| (one.id, one.last_change()))
        .collect();
    plan.deciding
        .iter()
        .all(|(id, updated_at)| times.get(id) == Some(updated_at))
}
