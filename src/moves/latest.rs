use std::collections::HashMap;

use futures_util::TryStreamExt;

use super::plan::Plan;
use crate::api::{ApiError, DeploymentFilter, EnvironmentHistory, Paging};
use crate::model::{Deployment, DeploymentId};
use crate::session::Connection;

/// How many of the newest deployments are listed.
const NEWEST: usize = 100;
/// How many older ones are read at most, each with a request.
const MAX_OLDER: usize = 2;

/// The newest deployments right before a request is sent: one request.
pub(super) struct LatestDeployments {
    deployments: HashMap<DeploymentId, Deployment>,
    /// Whether something may have changed that the plan depends on, so that it
    /// has to be made again.
    pub(super) may_have_changed: bool,
}

impl LatestDeployments {
    /// Lists the newest deployments of the plan's environments, and compares them
    /// with the histories that the plan was made from. A status changes
    /// `updated_at` of its deployment.
    pub(super) async fn list(
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
        let has_unknown = has_unknown(&newest, histories);
        let mut latest = Self {
            deployments: newest.into_iter().map(|one| (one.id, one)).collect(),
            may_have_changed: has_unknown,
        };
        latest.add_older(connection, plan).await?;
        latest.may_have_changed |= !latest.has_all(plan);
        Ok(latest)
    }

    /// Gets deployments that decided and are not among the newest, such as the
    /// target of a rollback. If there are many, the plan is made again anyway.
    async fn add_older(&mut self, connection: &Connection, plan: &Plan) -> Result<(), ApiError> {
        let is_missing = |id: &DeploymentId| !self.deployments.contains_key(id);
        let ids = plan.deciding.iter().map(|(id, _)| *id);
        let missing: Vec<DeploymentId> = ids.filter(is_missing).collect();
        if missing.len() > MAX_OLDER {
            return Ok(());
        }
        for id in missing {
            match connection.repo().deployment(id).get().await {
                Ok(found) => {
                    self.deployments.insert(id, found);
                }
                Err(error) if error.status() == Some(404) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether all deployments that decided still exist and are unchanged.
    fn has_all(&self, plan: &Plan) -> bool {
        plan.deciding.iter().all(|(id, updated_at)| {
            let found = self.deployments.get(id);
            found.is_some_and(|found| found.last_change() == *updated_at)
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

/// Whether an environment has a deployment that its history lacks. Histories need
/// not reach back to the oldest ones.
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
