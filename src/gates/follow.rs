use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::entry::Entry;
use super::outcome::ReviewResult;
use super::review::Reviewer;
use super::selection::RunSelection;
use crate::api::RunFilter;
use crate::error::{Failure, Kind};
use crate::model::{RunStatus, WorkflowRun};

/// How often the runs are requested.
const INTERVAL: Duration = Duration::from_secs(5);

impl Reviewer<'_> {
    /// Keeps approving later environments of the same commits until all their
    /// runs have completed, except those that wait only for environments that
    /// are not selected. Ends early at a gate that the caller may not open.
    ///
    /// # Errors
    /// At the deadline.
    pub(crate) async fn follow(
        &self,
        entries: &mut Vec<Entry>,
        selection: &RunSelection,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let shas: BTreeSet<String> = entries
            .iter()
            .filter_map(|entry| Some(entry.run.as_ref()?.head_sha.clone()))
            .collect();
        loop {
            let mut is_done = true;
            for sha in &shas {
                let filter = RunFilter::default().of_commit(sha);
                for run in self.finder.runs(&filter).await? {
                    if run.is_completed() {
                        continue;
                    }
                    is_done &= !self.advance(&run, entries, selection).await?;
                }
            }
            let is_stopped = entries
                .iter()
                .any(|entry| entry.result == Some(ReviewResult::NotAllowed));
            if is_done || is_stopped {
                self.release(entries).await;
                return Ok(());
            }
            if Instant::now() >= deadline {
                let what = "some runs had not completed by the end of --timeout";
                return Err(Failure::new(Kind::TimedOut, what)
                    .hint("run 'deployctl pending' to see what still waits"));
            }
            sleep_until(deadline.min(Instant::now() + INTERVAL)).await;
        }
    }

    /// Approves what a run waits for now. Returns whether the run is to be
    /// waited for.
    async fn advance(
        &self,
        run: &WorkflowRun,
        entries: &mut Vec<Entry>,
        selection: &RunSelection,
    ) -> Result<bool, Failure> {
        if run.status != Some(RunStatus::Waiting) {
            return Ok(true);
        }
        let read_at = Instant::now();
        let mut pending = self.finder.pending(run.id).await?;
        let waits_for_some = !pending.is_empty();
        pending.retain(|one| selection.fits_environment(&one.environment.name));
        if pending.is_empty() {
            return Ok(!waits_for_some);
        }
        let mut new: Vec<Entry> = Vec::new();
        let mut is_awaited = false;
        for pending in pending {
            let has_result = |result| {
                entries.iter().any(|entry| {
                    entry.run_id == run.id
                        && entry.environment_id() == pending.environment.id
                        && entry.result == Some(result)
                })
            };
            // What was left out stays left out, and is not waited for.
            if has_result(ReviewResult::Refused) || has_result(ReviewResult::Failed) {
                continue;
            }
            is_awaited = true;
            if has_result(ReviewResult::Held) && !pending.current_user_can_approve {
                continue;
            }
            let mut entry = Entry::new(run.id, pending);
            entry.run = Some(std::sync::Arc::new(run.clone()));
            new.push(entry);
        }
        self.settle_unreviewable(&mut new).await?;
        self.carry_out(&mut new, Some(read_at)).await;
        for entry in &new {
            let result = entry.result.map_or("open", ReviewResult::as_str);
            self.finder.session.term.progress(format!(
                "run {}, {}: {result}",
                entry.run_id,
                entry.environment()
            ));
        }
        entries.extend(new);
        Ok(is_awaited)
    }

    /// Notes which entries nothing holds any more.
    async fn release(&self, entries: &mut [Entry]) {
        for entry in entries
            .iter_mut()
            .filter(|entry| entry.result == Some(ReviewResult::Held))
        {
            let Ok(pending) = self.finder.pending(entry.run_id).await else {
                continue;
            };
            let id = entry.environment_id();
            if pending.iter().all(|one| one.environment.id != id) {
                entry.held_by = None;
                entry.settle(ReviewResult::Approved, "");
            }
        }
    }
}
