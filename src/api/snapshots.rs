use std::collections::HashMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::graphql::indexes;
use super::rest::none_if_missing;
use super::{ApiError, Client, as_completed};
use crate::model::{DeploymentId, DeploymentState, DeploymentWithState, RepoSlug};

/// Gets what may have changed about known deployments.
const QUERY: &str = "query($ids:[ID!]!){nodes(ids:$ids){... on Deployment{\
id state updatedAt latestEnvironment}}}";

/// A deployment that was seen earlier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownDeployment<'a> {
    pub(crate) repo: &'a RepoSlug,
    pub(crate) id: DeploymentId,
    /// Empty if it is not known.
    pub(crate) node_id: &'a str,
}

/// The parts of a deployment that can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) state: DeploymentState,
    /// When it or its statuses last changed.
    pub(crate) updated_at: Timestamp,
    /// The environment that it belongs to now; `None` if GraphQL does not say.
    pub(crate) environment: Option<String>,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Node>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Node {
    id: Option<String>,
    state: Option<String>,
    updated_at: Option<Timestamp>,
    latest_environment: Option<String>,
}

impl Client {
    /// Gets the current snapshots of deployments, of whatever repositories: one
    /// GraphQL request for each 100 of them, or REST requests if GraphQL is not
    /// available. `None` stands for a deployment that does not exist (any
    /// longer), or that the token cannot see.
    pub(crate) async fn snapshots(
        &self,
        known: &[KnownDeployment<'_>],
    ) -> Result<HashMap<DeploymentId, Option<Snapshot>>, ApiError> {
        let query = |chunk| self.graphql_snapshots(chunk);
        let mut found = self.query_in_chunks(known.to_vec(), query).await;
        let missing: Vec<KnownDeployment<'_>> = known
            .iter()
            .filter(|one| !found.contains_key(&one.id))
            .copied()
            .collect();
        let by_rest: Vec<_> = as_completed(missing, self.concurrency(), |one| async move {
            let snapshot = self.rest_snapshot(one).await?;
            Ok::<_, ApiError>((one.id, snapshot))
        })
        .try_collect()
        .await?;
        found.extend(by_rest);
        Ok(found)
    }

    /// Gets the snapshots that GraphQL can provide.
    async fn graphql_snapshots(
        &self,
        known: Vec<KnownDeployment<'_>>,
    ) -> Vec<(DeploymentId, Option<Snapshot>)> {
        let asked: Vec<&KnownDeployment<'_>> =
            known.iter().filter(|one| !one.node_id.is_empty()).collect();
        if asked.is_empty() || !self.can_use_graphql() {
            return Vec::new();
        }
        let ids: Vec<&str> = asked.iter().map(|one| one.node_id).collect();
        let response = self.graphql::<Nodes>(QUERY, &json!({ "ids": ids })).await;
        let Ok(partial) = response else {
            return Vec::new();
        };
        let gone = indexes(&partial.not_found, &["nodes"]);
        let mut found = Vec::new();
        for (index, (node, one)) in partial.data.nodes.into_iter().zip(asked).enumerate() {
            match node {
                Some(Node {
                    id: Some(_),
                    state: Some(state),
                    updated_at: Some(updated_at),
                    latest_environment,
                }) => {
                    let snapshot = Snapshot {
                        state: DeploymentState::from_word(&state),
                        updated_at,
                        environment: latest_environment,
                    };
                    found.push((one.id, Some(snapshot)));
                }
                None if gone.contains(&index) => found.push((one.id, None)),
                // REST gets these, and reports why they are missing.
                Some(_) | None => {}
            }
        }
        found
    }

    async fn rest_snapshot(
        &self,
        known: KnownDeployment<'_>,
    ) -> Result<Option<Snapshot>, ApiError> {
        let handle = self.repo(known.repo).deployment(known.id);
        let Some(deployment) = none_if_missing(handle.get().await)? else {
            return Ok(None);
        };
        let latest = handle.latest_status().await;
        let Some((latest, now)) = none_if_missing(latest)? else {
            return Ok(None);
        };
        let observed = DeploymentWithState::from_latest_status(deployment, latest, now);
        Ok(Some(Snapshot {
            state: observed.state,
            updated_at: observed.deployment.last_change(),
            environment: Some(observed.deployment.environment),
        }))
    }
}
