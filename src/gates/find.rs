use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, stream};

use super::gate::{Gate, gates, workflow_key};
use super::selection::RunSelection;
use crate::api::{ApiError, RunFilter, WaitingRuns};
use crate::error::{Failure, Kind};
use crate::history::contains;
use crate::model::{RunId, WorkflowRun};
use crate::session::{Connection, Session};

/// Finds runs that wait at gates.
pub(crate) struct Finder<'a> {
    pub(crate) session: &'a Session,
    pub(crate) connection: &'a Connection,
}

/// The gates that were found, newest run first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) gates: Vec<Gate>,
    /// The selected runs that wait, and for which nothing is pending.
    pub(crate) empty_runs: Vec<WorkflowRun>,
}

impl Finder<'_> {
    /// Finds the gates of a selection: the list of waiting runs, and one request
    /// for each hundred of those that can matter. A pull request takes one
    /// request more.
    pub(crate) async fn find(&self, selection: &RunSelection) -> anyhow::Result<Found> {
        let (selection, _) = self.with_head(selection).await?;
        let runs = self.runs(&RunFilter::waiting()).await?;
        selection.check_sha(runs.iter())?;
        // Whether a newer run waits shows in those of the same workflow.
        let workflows: HashSet<(u64, &str)> = runs
            .iter()
            .filter(|run| selection.fits_run(run))
            .map(workflow_key)
            .collect();
        let related: Vec<WorkflowRun> = runs
            .iter()
            .filter(|run| workflows.contains(&workflow_key(run)))
            .cloned()
            .collect();
        let found = if related.is_empty() {
            WaitingRuns::default()
        } else {
            let repo = self.connection.repo();
            let found = repo.waiting_runs(related).await;
            found.map_err(|error| self.explain(&error))?
        };
        let now = self.connection.client.server_now();
        let empty_runs = found
            .gates
            .iter()
            .filter(|run| run.pending.is_empty() && selection.fits_run(&run.run))
            .map(|run| run.run.clone())
            .collect();
        let mut gates = gates(found, now);
        gates.retain(|gate| selection.fits(gate));
        self.cache(&gates);
        Ok(Found { gates, empty_runs })
    }

    /// The selection with the head of its pull request, and that head.
    ///
    /// # Errors
    /// If a SHA is selected that is not the head.
    pub(crate) async fn with_head(
        &self,
        selection: &RunSelection,
    ) -> anyhow::Result<(RunSelection, Option<String>)> {
        let Some(number) = selection.pull_request else {
            return Ok((selection.clone(), None));
        };
        let repo = self.connection.repo();
        let pull = repo.pull_request_runs(number).await;
        let pull = pull.map_err(|error| self.explain(&error))?;
        let head = pull.head_sha;
        if let Some(sha) = &selection.sha
            && !head.starts_with(sha.as_str())
        {
            let what = format!("the head of pull request {number} is {head}, not {sha}");
            return Err(Failure::new(Kind::Other, what)
                .hint("omit --sha to select the head, or omit --pr to select the commit")
                .into());
        }
        let selection = RunSelection {
            sha: Some(head.clone()),
            pull_request_runs: pull.runs,
            ..selection.clone()
        };
        Ok((selection, Some(head)))
    }

    /// Determines which gates are behind what is live: from the checkout if it
    /// has both commits, else by one request for each distinct pair.
    pub(crate) async fn add_behind_live(&self, gates: &mut [Gate]) {
        let is_open = |gate: &&mut Gate| gate.behind_live.is_none();
        let pairs: HashSet<(String, String)> = gates
            .iter_mut()
            .filter(is_open)
            .filter_map(|gate| gate.live_and_own())
            .collect();
        let known: HashMap<(String, String), Option<bool>> = stream::iter(pairs)
            .map(|(live, own)| async move {
                let is_behind = contains(self.session, self.connection, &live, &own).await;
                ((live, own), is_behind.ok().flatten())
            })
            .buffer_unordered(self.connection.client.concurrency())
            .collect()
            .await;
        for gate in gates.iter_mut().filter(is_open) {
            let pair = gate.live_and_own();
            gate.behind_live = pair.and_then(|pair| *known.get(&pair)?);
        }
    }

    fn cache(&self, gates: &[Gate]) {
        self.session.update_cache(self.connection, |cache| {
            cache.replace_waiting_runs(
                gates
                    .iter()
                    .map(|gate| (gate.run.id, gate.environment(), gate.pull_request)),
            );
        });
    }

    pub(crate) fn explain(&self, error: &ApiError) -> Failure {
        self.connection.explain(error)
    }

    /// The failure of a request about one run.
    pub(crate) fn explain_run(&self, error: &ApiError, id: RunId) -> Failure {
        if error.status() == Some(404) {
            let repo = &self.connection.repo;
            let what = format!("there is no workflow run {id} in {repo}");
            return Failure::new(Kind::NothingThere, what)
                .hint("run 'deployctl pending' to see the runs that wait")
                .hint("GitHub gives the same answer if the token lacks the permission \"Actions: read\"");
        }
        self.explain(error)
    }

    /// The failure of a review.
    pub(crate) fn explain_review(&self, error: &ApiError) -> Failure {
        if matches!(error, ApiError::Ambiguous { .. }) {
            return Failure::new(Kind::OutcomeUnknown, error.to_string())
                .hint("run 'deployctl pending' to see whether the run still waits");
        }
        self.explain(error)
    }
}
