use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::log::RunLog;
use super::queue::{Queue, QueuedStep};
use super::recheck::compare;
use super::step::{batch_outcome, done_outcome};
use super::stop::StopWatcher;
use crate::api::{ApiError, BatchError, Change, Changed};
use crate::bulk::connections::Connections;
use crate::bulk::operation::{Action, Operation};
use crate::bulk::plan::{Plan, PlanStep};
use crate::model::Phase;

/// The first batch is small: it shows whether the server takes batches.
const FIRST_BATCH: usize = 5;
const LARGEST_BATCH: usize = 50;
/// How long a request should take; GitHub aborts requests after 10 seconds.
const TARGET_TIME: Duration = Duration::from_secs(3);
/// How long a stopped run waits for the batch in flight.
const STOP_GRACE: Duration = Duration::from_secs(15);
/// After this many failures in a row, the rest is sent as single requests.
const MAX_FAILURES: u32 = 2;

/// Sends many changes in one GraphQL request, one request after another.
pub(super) struct BatchRunner<'a> {
    pub(super) connections: &'a Connections,
    pub(super) plan: &'a Plan,
    pub(super) stop_watcher: &'a StopWatcher<'a>,
}

impl BatchRunner<'_> {
    /// Sends what the server takes. If batches turn out not to work, the rest
    /// stays in the queue, and so do the deployments that GraphQL does not find:
    /// only REST shows whether they were deleted or are hidden from the token.
    pub(super) async fn run(&self, queue: &mut Queue<'_>, log: &mut RunLog<'_>) {
        let mut not_found = Vec::new();
        self.send_all(queue, log, &mut not_found).await;
        queue.put_back(not_found);
    }

    async fn send_all<'q>(
        &self,
        queue: &mut Queue<'q>,
        log: &mut RunLog<'_>,
        not_found: &mut Vec<QueuedStep<'q>>,
    ) {
        let mut size = FIRST_BATCH;
        let mut failures = 0;
        while !log.is_stopped() && failures < MAX_FAILURES {
            queue.remove(|step| log.has_given_up(step.repository.as_ref()));
            let mut batch = queue.take(size);
            if batch.is_empty() {
                return;
            }
            if self.plan.command == Operation::Reap {
                batch = match self.still_stuck(batch, log).await {
                    Ok(batch) if batch.is_empty() => continue,
                    Ok(batch) => batch,
                    // Single requests make the check themselves.
                    Err(batch) => {
                        queue.put_back(batch);
                        return;
                    }
                };
            }
            let began = Instant::now();
            match self.send(&batch, log).await {
                None => return,
                Some(Ok(changed)) => {
                    failures = 0;
                    for (queued, changed) in batch.into_iter().zip(&changed) {
                        match batch_outcome(queued.step, self.plan, changed) {
                            Some(outcome) => log.note(queued.index, outcome),
                            None => not_found.push(queued),
                        }
                    }
                    size = next_size(size, began.elapsed());
                }
                Some(Err(error)) => {
                    failures += 1;
                    let is_limit = matches!(error.error, ApiError::RateLimited(_));
                    if !is_limit {
                        size = (size / 2).max(1);
                    }
                    let undone = self.note_done(batch, &error, log).await;
                    queue.put_back(undone);
                    // A smaller batch would be refused as well; a limit passes.
                    if !error.may_be_done && !is_limit {
                        return;
                    }
                }
            }
        }
    }

    /// Removes the steps whose deployments have had an update in the meantime.
    /// Returns the whole batch as an error if that cannot be found out.
    async fn still_stuck<'q>(
        &self,
        batch: Vec<QueuedStep<'q>>,
        log: &mut RunLog<'_>,
    ) -> Result<Vec<QueuedStep<'q>>, Vec<QueuedStep<'q>>> {
        let steps: Vec<&PlanStep> = batch.iter().map(|queued| queued.step).collect();
        let Ok(comparisons) = compare(self.connections, &steps).await else {
            return Err(batch);
        };
        let mut stuck = Vec::with_capacity(batch.len());
        for (queued, comparison) in batch.into_iter().zip(comparisons) {
            match comparison.outcome(queued.step) {
                None => stuck.push(queued),
                Some(outcome) => log.note(queued.index, outcome),
            }
        }
        Ok(stuck)
    }

    /// Sends one batch. `None` if the run was stopped before the answer came.
    async fn send(
        &self,
        batch: &[QueuedStep<'_>],
        log: &mut RunLog<'_>,
    ) -> Option<Result<Vec<Changed>, BatchError>> {
        let changes: Vec<Change> = batch.iter().map(|queued| self.change(queued)).collect();
        let client = self.connections.client();
        let mut sending = Box::pin(client.apply_changes(&changes));
        let period = log.progress_period();
        let mut ticks = interval_at(Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut grace_end: Option<Instant> = None;
        loop {
            let end = grace_end.unwrap_or_else(Instant::now);
            tokio::select! {
                biased;
                reason = self.stop_watcher.wait(), if grace_end.is_none() => {
                    log.stop_reason = Some(reason);
                    client.stop();
                    grace_end = Some(Instant::now() + STOP_GRACE);
                }
                () = sleep_until(end), if grace_end.is_some() => return None,
                sent = &mut sending => return Some(sent),
                _ = ticks.tick() => log.tick(),
            }
        }
    }

    /// Finds out which steps of a failed batch were done, and records them.
    /// Returns the others.
    async fn note_done<'q>(
        &self,
        batch: Vec<QueuedStep<'q>>,
        error: &BatchError,
        log: &mut RunLog<'_>,
    ) -> Vec<QueuedStep<'q>> {
        if !error.may_be_done {
            return batch;
        }
        let steps = batch.iter().map(|queued| queued.step);
        let known: Vec<_> = steps.map(|step| step.known(self.connections)).collect();
        let found = match self.connections.client().snapshots(&known).await {
            Ok(found) => found,
            Err(ApiError::Stopped) => return Vec::new(),
            // Sent as single requests, a status may be added twice, which
            // changes nothing.
            Err(_) => return batch,
        };
        let mut undone = Vec::new();
        for queued in batch {
            let step = queued.step;
            let now = found.get(&step.id);
            let is_deleted = matches!(now, Some(None));
            let is_retired = matches!(now, Some(Some(now)) if now.state.phase() == Phase::Retired);
            let is_ended = matches!(now, Some(Some(now)) if now.state.phase() != Phase::Underway);
            let is_done = match step.action {
                Action::Deactivate => is_retired,
                Action::End => is_ended,
                _ => false,
            };
            if is_deleted || is_done {
                log.note(queued.index, done_outcome(step, self.plan));
                continue;
            }
            undone.push(QueuedStep {
                is_inactive: is_retired,
                ..queued
            });
        }
        undone
    }

    fn change(&self, queued: &QueuedStep<'_>) -> Change {
        let step = queued.step;
        Change {
            node_id: step.node_id.to_string(),
            status: self.plan.status(step).filter(|_| !queued.is_inactive),
            delete: matches!(step.action, Action::Delete | Action::DeactivateAndDelete),
        }
    }
}

/// The next size, after a batch of `size` took some time: what should take the
/// target time, and at most twice as many.
fn next_size(size: usize, took: Duration) -> usize {
    let ratio = TARGET_TIME.as_secs_f64() / took.as_secs_f64().max(0.001);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a size is a small positive number"
    )]
    let fitting = (size as f64 * ratio.min(2.0)) as usize;
    fitting.clamp(1, LARGEST_BATCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_follows_the_time_of_the_last_batch() {
        let after = |size, millis| next_size(size, Duration::from_millis(millis));
        assert_eq!(after(5, 100), 10, "at most doubled");
        assert_eq!(after(20, 2000), 30);
        assert_eq!(after(40, 3000), 40);
        assert_eq!(after(40, 6000), 20);
        assert_eq!(after(50, 10), LARGEST_BATCH);
        assert_eq!(after(1, 60_000), 1);
    }
}
