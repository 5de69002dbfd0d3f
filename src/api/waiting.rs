mod nodes;

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;

use super::rest::none_if_missing;
use super::{ApiError, Client, RepoHandle, as_completed, in_order};
use crate::model::{PendingDeployment, WorkflowRun};
pub use nodes::LiveCommit;
use nodes::{BY_ID, KnownGates, RunNodes, gates};

/// How many runs one query is about.
const RUNS_OF_QUERY: usize = 100;

/// Runs with what each waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitingRuns {
    /// What the runs wait for, in the order that they were asked for.
    pub gates: Vec<RunGates>,
    /// The login of the token's user, where the server says it.
    pub viewer: Option<String>,
}

/// What a run waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunGates {
    /// The run.
    pub run: WorkflowRun,
    /// Its pull request, if one is known.
    pub pull_request: Option<u64>,
    /// What it waits for.
    pub pending: Vec<PendingDeployment>,
    /// What is live in these environments, by the name of the environment;
    /// environments of which that is unknown are missing.
    pub live: HashMap<String, LiveCommit>,
    /// Whether these environments prevent users from approving deployments that
    /// they requested, by the name of the environment; unknown without GraphQL.
    pub prevents_self_review: HashMap<String, bool>,
}

impl RunGates {
    /// What a run waits for, according to REST.
    pub(crate) fn new(run: WorkflowRun, pending: Vec<PendingDeployment>) -> Self {
        Self {
            pull_request: run.pull_requests.first().map(|pull| pull.number),
            run,
            pending,
            live: HashMap::new(),
            prevents_self_review: HashMap::new(),
        }
    }
}

impl RepoHandle<'_> {
    /// What these runs wait for: one request for each 100. Without GraphQL each
    /// run's pending deployments are requested, in parallel, and what is live
    /// is unknown. Needs the permission "Actions: read".
    ///
    /// A run that was deleted in the meantime is left out.
    ///
    /// See <https://docs.github.com/graphql/reference/objects#workflowrun>.
    pub async fn waiting_runs(self, runs: Vec<WorkflowRun>) -> Result<WaitingRuns, ApiError> {
        let (mut known, viewer) = self.client.gates_by_id(&runs).await;
        let knows_some = !known.is_empty();
        let at_once = self.client.concurrency();
        let with_gates: Vec<_> = runs
            .into_iter()
            .map(|run| (known.remove(&run.node_id), run))
            .collect();
        let gates = in_order(with_gates, at_once, |(known, run)| {
            self.gates_of(run, known)
        })
        .try_filter_map(|gates| std::future::ready(Ok(gates)))
        .try_collect()
        .await?;
        let mut found = WaitingRuns { gates, viewer };
        if knows_some {
            self.add_live(&mut found.gates).await;
        }
        Ok(found)
    }

    /// Searches for what is live in environments whose newest completed
    /// deployment has failed: one request more for each 100 of them.
    async fn add_live(self, gates: &mut [RunGates]) {
        let unknown: HashSet<&str> = gates
            .iter()
            .flat_map(|run| {
                let names = run.pending.iter().map(|one| one.environment.name.as_str());
                names.filter(|name| !run.live.contains_key(*name))
            })
            .collect();
        if unknown.is_empty() {
            return;
        }
        let names: Vec<&str> = unknown.into_iter().collect();
        let Some(below) = self.find_active(&names).await else {
            return;
        };
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        for name in names.iter().filter(|name| !below.unknown.contains(*name)) {
            let live = match below.live.get(name) {
                Some(live) => LiveCommit::Sha(live.sha.clone()),
                None => LiveCommit::None,
            };
            for run in &mut *gates {
                let waits = run.pending.iter().any(|one| one.environment.name == *name);
                if waits && !run.live.contains_key(name) {
                    run.live.insert(name.clone(), live.clone());
                }
            }
        }
    }

    async fn gates_of(
        self,
        run: WorkflowRun,
        known: Option<KnownGates>,
    ) -> Result<Option<RunGates>, ApiError> {
        if let Some(known) = known {
            let gates = RunGates::new(run, known.pending);
            return Ok(Some(RunGates {
                pull_request: gates.pull_request.or(known.pull_request),
                live: known.live,
                prevents_self_review: known.prevents_self_review,
                ..gates
            }));
        }
        let pending = none_if_missing(self.run(run.id).pending_deployments().await)?;
        Ok(pending.map(|pending| RunGates::new(run, pending)))
    }
}

impl Client {
    /// What GraphQL knows of runs, by node id, and the viewer.
    async fn gates_by_id(
        &self,
        runs: &[WorkflowRun],
    ) -> (HashMap<String, KnownGates>, Option<String>) {
        let ids: Vec<&str> = runs
            .iter()
            .map(|run| run.node_id.as_str())
            .filter(|id| !id.is_empty())
            .collect();
        let chunks: Vec<Vec<&str>> = ids.chunks(RUNS_OF_QUERY).map(<[_]>::to_vec).collect();
        let answers: Vec<_> = as_completed(chunks, self.concurrency(), |ids| async move {
            if !self.can_use_graphql() {
                return None;
            }
            let variables = json!({ "ids": ids });
            match self.graphql::<RunNodes>(BY_ID, &variables).await {
                Ok(partial) => Some(partial),
                Err(error) => {
                    self.disable_graphql(&error.to_string());
                    None
                }
            }
        })
        .collect()
        .await;
        let (mut known, mut viewer) = (HashMap::new(), None);
        for partial in answers.into_iter().flatten() {
            let (gates, login) = gates(partial);
            known.extend(gates);
            viewer = viewer.or(login);
        }
        (known, viewer)
    }
}
