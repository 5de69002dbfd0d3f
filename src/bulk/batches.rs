use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::book::Book;
use super::plan::{Action, Aim, Plan};
use super::queue::{Queue, Turn};
use super::recheck::look;
use super::step::{done_now, of_batch};
use super::watch::Watch;
use crate::api::{ApiError, BatchError, Change, Changed};
use crate::model::{DeploymentId, Phase};
use crate::session::Connection;

/// The first batch is small: it proves that the server takes them.
const FIRST: usize = 5;
const LARGEST: usize = 50;
/// A request is to take about so long; from 10 s on GitHub breaks it off.
const AIM: Duration = Duration::from_secs(3);
/// A batch that is under way when a run is stopped gets so long to finish.
const GRACE: Duration = Duration::from_secs(15);
/// After this many failed batches in a row, requests are sent one by one.
const MAX_BATCH_FAILURES: u32 = 2;

/// Sends changes many together by GraphQL, one request after another.
pub(super) struct Batches<'a> {
    pub(super) connection: &'a Connection,
    pub(super) plan: &'a Plan,
    pub(super) watch: &'a Watch<'a>,
}

impl Batches<'_> {
    /// Sends what the server takes. Everything from where batches turned out
    /// not to work stays in the queue, and with it what GraphQL does not find:
    /// it is gone, or hidden from the token, and only REST tells which.
    pub(super) async fn run(&self, queue: &mut Queue<'_>, book: &mut Book<'_>) {
        let mut not_found = Vec::new();
        self.send_all(queue, book, &mut not_found).await;
        queue.put_back(not_found);
    }

    async fn send_all(
        &self,
        queue: &mut Queue<'_>,
        book: &mut Book<'_>,
        not_found: &mut Vec<Turn>,
    ) {
        let mut size = FIRST;
        let mut failures = 0;
        while !book.is_over() && failures < MAX_BATCH_FAILURES {
            let mut batch: Vec<Turn> = std::iter::from_fn(|| queue.next()).take(size).collect();
            if batch.is_empty() {
                return;
            }
            if self.plan.command == Aim::Reap {
                batch = match self.still_stuck(batch, book).await {
                    Ok(batch) if batch.is_empty() => continue,
                    Ok(batch) => batch,
                    // Single requests look for themselves.
                    Err(batch) => {
                        queue.put_back(batch);
                        return;
                    }
                };
            }
            let began = Instant::now();
            match self.send(&batch, book).await {
                None => return,
                Some(Ok(changed)) => {
                    failures = 0;
                    for (turn, changed) in batch.into_iter().zip(&changed) {
                        match of_batch(&turn.step, self.plan, changed) {
                            Some(outcome) => book.note(turn.at, outcome),
                            None => not_found.push(turn),
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
                    let undone = self.look(batch, &error, book).await;
                    queue.put_back(undone);
                    // A no to all of it is none of the size; a limit passes.
                    if !error.may_be_done && !is_limit {
                        return;
                    }
                }
            }
        }
    }

    /// Leaves out what is heard of again. Gives the batch back where nobody
    /// can tell.
    async fn still_stuck(
        &self,
        batch: Vec<Turn>,
        book: &mut Book<'_>,
    ) -> Result<Vec<Turn>, Vec<Turn>> {
        let steps = batch.iter().map(|turn| turn.step.clone()).collect();
        let Ok(judged) = look(self.connection, steps).await else {
            return Err(batch);
        };
        let mut left = Vec::with_capacity(batch.len());
        for (turn, judged) in batch.into_iter().zip(judged) {
            match judged {
                Ok(step) => left.push(Turn { step, ..turn }),
                Err(outcome) => book.note(turn.at, outcome),
            }
        }
        Ok(left)
    }

    /// Sends one batch. `None` if the run was stopped and no answer came.
    async fn send(
        &self,
        batch: &[Turn],
        book: &mut Book<'_>,
    ) -> Option<Result<Vec<Changed>, BatchError>> {
        let changes: Vec<Change> = batch.iter().map(|turn| self.change(turn)).collect();
        let client = &self.connection.client;
        let mut sending = Box::pin(client.change_together(&changes));
        let rhythm = book.rhythm();
        let mut ticks = interval_at(Instant::now() + rhythm, rhythm);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut grace: Option<Instant> = None;
        loop {
            let end = grace.unwrap_or_else(Instant::now);
            tokio::select! {
                biased;
                stop = self.watch.wait(), if grace.is_none() => {
                    book.stop = Some(stop);
                    client.stop();
                    grace = Some(Instant::now() + GRACE);
                }
                () = sleep_until(end), if grace.is_some() => return None,
                sent = &mut sending => return Some(sent),
                _ = ticks.tick() => book.tick(),
            }
        }
    }

    /// Finds out what of a lost batch was done, and notes it. Returns the
    /// rest.
    async fn look(&self, batch: Vec<Turn>, error: &BatchError, book: &mut Book<'_>) -> Vec<Turn> {
        if !error.may_be_done {
            return batch;
        }
        let Connection { client, repo, .. } = self.connection;
        let known: Vec<(DeploymentId, &str)> = batch
            .iter()
            .map(|turn| (turn.step.id, &*turn.step.node_id))
            .collect();
        let found = match client.repo(repo).snapshots(&known).await {
            Ok(found) => found,
            // Single requests look for themselves; a status may then be there
            // twice, which changes nothing.
            Err(ApiError::Stopped) => return Vec::new(),
            Err(_) => return batch,
        };
        let mut undone = Vec::new();
        for turn in batch {
            let step = &turn.step;
            let now = found.get(&step.id);
            let has_vanished = matches!(now, Some(None));
            let is_retired = matches!(now, Some(Some(now)) if now.state.phase() == Phase::Retired);
            let is_ended = matches!(now, Some(Some(now)) if now.state.phase() != Phase::Underway);
            let is_done = match step.action {
                Action::Deactivate => is_retired,
                Action::End => is_ended,
                _ => false,
            };
            if has_vanished || is_done {
                book.note(turn.at, done_now(step, self.plan));
                continue;
            }
            undone.push(Turn {
                is_inactive: is_retired,
                ..turn
            });
        }
        undone
    }

    fn change(&self, turn: &Turn) -> Change {
        let Turn {
            step, is_inactive, ..
        } = turn;
        let status = self.plan.status(step).filter(|_| !is_inactive);
        Change {
            node_id: step.node_id.to_string(),
            status,
            delete: matches!(step.action, Action::Delete | Action::DeactivateAndDelete),
        }
    }
}

/// How many come next, after `size` took so long: as many as fit into the aim,
/// and at most twice as many as before.
fn next_size(size: usize, took: Duration) -> usize {
    let ratio = AIM.as_secs_f64() / took.as_secs_f64().max(0.001);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a size is a small positive number"
    )]
    let fitting = (size as f64 * ratio.min(2.0)) as usize;
    fitting.clamp(1, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_finds_itself() {
        let after = |size, millis| next_size(size, Duration::from_millis(millis));
        assert_eq!(after(5, 100), 10, "at most doubled");
        assert_eq!(after(20, 2000), 30);
        assert_eq!(after(40, 3000), 40);
        assert_eq!(after(40, 6000), 20);
        assert_eq!(after(50, 10), LARGEST);
        assert_eq!(after(1, 60_000), 1);
    }
}
