use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::SignedDuration;
use tokio::time::{Instant, sleep};

use super::entry::Entry;
use super::find::Finder;
use super::gate::{Gate, gates_of};
use super::selection::RunSelection;
use crate::api::{RunFilter, RunGates, in_order_local};
use crate::error::Failure;
use crate::model::{PendingDeployment, ReviewState, RunId, RunReview, RunStatus, WorkflowRun};

/// For how long after its start a run may wait without pending deployments.
const SETTLING: SignedDuration = SignedDuration::from_secs(30);
/// For how long such a run is asked again.
const MAX_SETTLE_WAIT: Duration = Duration::from_secs(20);
const SETTLE_INTERVAL: Duration = Duration::from_secs(2);
/// How many runs of a commit are searched for earlier reviews.
const MAX_REVIEWED_RUNS: usize = 20;

impl Finder<'_> {
    /// The entries for runs that are named by ID. The runs themselves are
    /// requested only where `shows_runs`, or where something about them matters.
    pub(crate) async fn entries_by_id(
        &self,
        ids: &[RunId],
        selection: &RunSelection,
        state: &ReviewState,
        shows_runs: bool,
    ) -> anyhow::Result<Vec<Entry>> {
        let at_once = self.connection.client.concurrency();
        let entries: Vec<Vec<Entry>> = in_order_local(ids.to_vec(), at_once, |id| {
            self.entries_of(id, selection, state, shows_runs)
        })
        .try_collect()
        .await?;
        Ok(entries.into_iter().flatten().collect())
    }

    async fn entries_of(
        &self,
        id: RunId,
        selection: &RunSelection,
        state: &ReviewState,
        shows_run: bool,
    ) -> anyhow::Result<Vec<Entry>> {
        let pending = self.pending(id).await?;
        let mut run = None;
        let is_complete = !pending.is_empty()
            && pending
                .iter()
                .all(|pending| pending.current_user_can_approve);
        if shows_run || !is_complete {
            run = Some(self.run(id).await?);
        }
        let pending = match &run {
            Some(run) if pending.is_empty() => self.settled(run).await?,
            _ => pending,
        };
        let fits = |name: &str| selection.fits_environment(name);
        if !pending.iter().any(|one| fits(&one.environment.name)) {
            let reviews = self.reviews(id).await?;
            return Ok(already(
                id,
                run.map(Arc::new).as_ref(),
                &reviews,
                state,
                fits,
            ));
        }
        let Some(run) = run else {
            let pending = pending.into_iter();
            return Ok(pending
                .filter(|pending| fits(&pending.environment.name))
                .map(|pending| Entry::new(id, pending))
                .collect());
        };
        // The reason why somebody may not review needs their name.
        let viewer = if is_complete {
            None
        } else {
            let viewer = self.connection.client.viewer_login().await;
            viewer.map_err(|error| self.explain(&error))?
        };
        let now = self.connection.client.server_now();
        let gates = gates_of(RunGates::new(run, pending), viewer.as_deref(), now);
        Ok(gates
            .iter()
            .filter(|gate| fits(gate.environment()))
            .map(|gate| Entry::from_gate(gate, false))
            .collect())
    }

    /// The gates of a selection, with those of runs that have only begun to
    /// wait.
    pub(crate) async fn settled_gates(
        &self,
        selection: &RunSelection,
    ) -> anyhow::Result<Vec<Gate>> {
        let began = Instant::now();
        loop {
            let found = self.find(selection).await?;
            let now = self.connection.client.server_now();
            let is_young = |run: &WorkflowRun| now.duration_since(run.started_at()) < SETTLING;
            let settles = found.empty_runs.iter().any(is_young);
            if !settles || began.elapsed() >= MAX_SETTLE_WAIT {
                return Ok(found.gates);
            }
            sleep(SETTLE_INTERVAL).await;
        }
    }

    /// The entries for runs of a commit that were reviewed before and no longer
    /// wait.
    pub(crate) async fn reviewed_before(
        &self,
        sha: &str,
        selection: &RunSelection,
        state: &ReviewState,
    ) -> anyhow::Result<Vec<Entry>> {
        let repo = self.connection.repo();
        let filter = RunFilter::default().of_commit(sha);
        let runs = repo.workflow_runs(&filter).await;
        let runs = runs.map_err(|error| self.explain(&error))?;
        let mut entries = Vec::new();
        for run in runs.into_iter().take(MAX_REVIEWED_RUNS) {
            let reviews = self.reviews(run.id).await?;
            let run = Arc::new(run);
            let fits = |name: &str| selection.fits_environment(name);
            entries.extend(already(run.id, Some(&run), &reviews, state, fits));
        }
        Ok(entries)
    }

    /// The pending deployments of a run that has only begun to wait.
    async fn settled(&self, run: &WorkflowRun) -> anyhow::Result<Vec<PendingDeployment>> {
        let ended = [RunStatus::Completed, RunStatus::InProgress];
        if run
            .status
            .as_ref()
            .is_some_and(|status| ended.contains(status))
        {
            return Ok(Vec::new());
        }
        let began = Instant::now();
        loop {
            let now = self.connection.client.server_now();
            let is_young = now.duration_since(run.started_at()) < SETTLING;
            if !is_young || began.elapsed() >= MAX_SETTLE_WAIT {
                return Ok(Vec::new());
            }
            sleep(SETTLE_INTERVAL).await;
            let pending = self.pending(run.id).await?;
            if !pending.is_empty() {
                return Ok(pending);
            }
        }
    }

    pub(crate) async fn pending(&self, id: RunId) -> Result<Vec<PendingDeployment>, Failure> {
        let repo = self.connection.repo();
        let pending = repo.run(id).pending_deployments().await;
        pending.map_err(|error| self.explain_run(&error, id))
    }

    pub(crate) async fn reviews(&self, id: RunId) -> Result<Vec<RunReview>, Failure> {
        let repo = self.connection.repo();
        let reviews = repo.run(id).reviews().await;
        reviews.map_err(|error| self.explain_run(&error, id))
    }

    pub(crate) async fn run(&self, id: RunId) -> Result<WorkflowRun, Failure> {
        let repo = self.connection.repo();
        let run = repo.run(id).get().await;
        run.map_err(|error| self.explain_run(&error, id))
    }
}

/// Entries for what was reviewed before, each environment once.
fn already(
    id: RunId,
    run: Option<&Arc<WorkflowRun>>,
    reviews: &[RunReview],
    state: &ReviewState,
    fits: impl Fn(&str) -> bool,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for environment in reviews.iter().flat_map(|review| &review.environments) {
        let is_known = entries
            .iter()
            .any(|entry| entry.environment_id() == environment.id);
        if is_known || !fits(&environment.name) {
            continue;
        }
        let mut entry = Entry::new(id, PendingDeployment::new(environment.clone()));
        entry.run = run.cloned();
        entry.settle_gone(state, reviews);
        if entry.result.is_some_and(super::ReviewResult::is_done) {
            entries.push(entry);
        }
    }
    entries
}
