use futures_util::TryStreamExt;

use super::commit_name::{CommitName, NamedCommit};
use super::node_id::number_in;
use super::{ApiError, RepoHandle, in_order};
use crate::model::{DeploymentId, DeploymentSummary};

/// An environment and its live deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveEnvironment {
    pub(crate) name: String,
    pub(crate) live: Option<DeploymentSummary>,
    /// Whether enough deployments were searched to know which one is live.
    pub(crate) is_known: bool,
}

impl LiveEnvironment {
    /// The ID of the live deployment, if its form is known.
    pub(crate) fn deployment_id(&self) -> Option<DeploymentId> {
        let number = number_in(&self.live.as_ref()?.node_id);
        number.map(DeploymentId)
    }
}

impl RepoHandle<'_> {
    /// Gets what is live in all environments, or in those with these names, and
    /// the commit that a name stands for, if it exists: one request for each 100
    /// environments, and one more for each 100 whose newest completed deployment
    /// is not live, or not of the task. Needs the permissions "Deployments:
    /// read" and "Actions: read".
    ///
    /// Without GraphQL the newest deployments of each environment are searched
    /// in parallel.
    pub(crate) async fn live_environments(
        self,
        names: &[&str],
        task: Option<&str>,
        commit: &CommitName,
    ) -> Result<(Vec<LiveEnvironment>, Option<NamedCommit>), ApiError> {
        let latest = self.latest_completed(names, Some(commit)).await;
        if let Some((latest, found_commit)) = latest {
            let mut found: Vec<LiveEnvironment> = latest
                .into_iter()
                .map(|(name, latest)| LiveEnvironment {
                    name,
                    live: latest,
                    is_known: true,
                })
                .collect();
            let is_live = |one: &DeploymentSummary| {
                one.is_active() && task.is_none_or(|task| one.task == task)
            };
            let open: Vec<&str> = found
                .iter()
                .filter(|one| one.live.as_ref().is_some_and(|live| !is_live(live)))
                .map(|one| one.name.as_str())
                .collect();
            if open.is_empty() {
                return Ok((found, found_commit));
            }
            if let Some(mut below) = self.find_active_of_task(&open, task).await {
                for one in &mut found {
                    if one.live.as_ref().is_some_and(|live| !is_live(live)) {
                        one.live = below.live.remove(&one.name);
                        one.is_known = !below.unknown.contains(&one.name);
                    }
                }
                return Ok((found, found_commit));
            }
        }
        let mut environments = self.environments().await?;
        environments.retain(|one| names.is_empty() || names.contains(&one.name.as_str()));
        let found = in_order(environments, self.client.concurrency(), |one| {
            self.overview_of(one, task)
        })
        .map_ok(|overview| LiveEnvironment {
            name: overview.environment.name,
            live: overview.live,
            is_known: overview.is_live_known,
        })
        .try_collect()
        .await?;
        Ok((found, self.find_commit(commit).await?))
    }
}
