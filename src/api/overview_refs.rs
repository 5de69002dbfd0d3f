use std::collections::HashMap;

use futures_util::TryStreamExt;

use super::{ApiError, DeploymentFilter, Paging, RepoHandle, as_completed};
use crate::model::{DeploymentSummary, EnvironmentOverview};

impl RepoHandle<'_> {
    /// Adds the refs that GraphQL does not have: those of deleted branches and
    /// tags, and SHAs.
    ///
    /// One request for the newest 100 deployments finds most of them; the
    /// others are requested by environment and SHA.
    pub(super) async fn add_refs(
        self,
        overviews: &mut [EnvironmentOverview],
    ) -> Result<(), ApiError> {
        let filters: HashMap<String, DeploymentFilter> = overviews
            .iter()
            .flat_map(|one| {
                let shown = one.live.iter().chain(&one.latest);
                shown.map(|live| (live, one.environment.name.as_str()))
            })
            .filter(|(live, _)| live.ref_name.is_none())
            .map(|(live, environment)| (live.node_id.clone(), filter(live, environment)))
            .collect();
        if filters.is_empty() {
            return Ok(());
        }
        let newest = DeploymentFilter::default();
        let mut refs = self.refs_of(&newest).await?;
        let missing: Vec<&DeploymentFilter> = filters
            .iter()
            .filter(|(node_id, _)| !refs.contains_key(*node_id))
            .map(|(_, filter)| filter)
            .collect();
        let more: Vec<HashMap<String, String>> =
            as_completed(missing, self.client.concurrency(), |filter| {
                self.refs_of(filter)
            })
            .try_collect()
            .await?;
        refs.extend(more.into_iter().flatten());
        for live in overviews
            .iter_mut()
            .flat_map(|one| one.live.iter_mut().chain(&mut one.latest))
        {
            if live.ref_name.is_none() {
                live.ref_name = refs.get(&live.node_id).cloned();
            }
        }
        Ok(())
    }

    /// Gets the refs of the newest 100 deployments, by node ID.
    async fn refs_of(self, filter: &DeploymentFilter) -> Result<HashMap<String, String>, ApiError> {
        let page = Paging::up_to(100);
        let deployments = self.deployments(filter, page).try_concat().await?;
        let refs = deployments
            .into_iter()
            .map(|one| (one.node_id, one.ref_name));
        Ok(refs.collect())
    }
}

fn filter(live: &DeploymentSummary, environment: &str) -> DeploymentFilter {
    DeploymentFilter::new()
        .environment(environment)
        .sha(&live.sha)
}
