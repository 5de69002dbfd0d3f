use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::super::Connection;
use super::book::Book;
use super::outcome::{Ending, Outcome};
use super::plan::{Action, Plan, Step};
use super::step::of_batch;
use super::work::Watch;
use crate::api::{ApiError, BatchError, Change};
use crate::model::{DeploymentId, Phase};

/// The first batch is small: it proves that the server takes them.
const FIRST: usize = 5;
const LARGEST: usize = 50;
/// A request is to take about so long; from 10 s on GitHub breaks it off.
const AIM: Duration = Duration::from_secs(3);
/// A batch that is under way when a run is stopped gets so long to finish.
const GRACE: Duration = Duration::from_secs(15);
/// After so many failures in a row single requests go on.
const PATIENCE: u32 = 2;

/// Sends changes many together by GraphQL, one request after another.
pub(super) struct Batches<'a> {
    pub(super) connection: &'a Connection,
    pub(super) plan: &'a Plan,
    pub(super) watch: &'a Watch<'a>,
    /// Those of which only the first half was done: they are inactive.
    pub(super) deactivated: HashSet<usize>,
}

/// What is left for single requests.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) steps: Vec<usize>,
    /// Those of them that are inactive already.
    pub(super) deactivated: HashSet<usize>,
}

impl Batches<'_> {
    /// Sends what the server takes. Returns everything from where batches
    /// turned out not to work.
    pub(super) async fn run(mut self, book: &mut Book<'_>) -> Left {
        let mut left: VecDeque<usize> = (0..self.plan.deployments.len()).collect();
        let mut size = FIRST;
        let mut failures = 0;
        while !left.is_empty() && !book.is_over() && failures < PATIENCE {
            let count = size.min(left.len());
            let batch: Vec<usize> = left.drain(..count).collect();
            let began = Instant::now();
            match self.send(&batch, book).await {
                None => return Left::default(),
                Some(Ok(outcomes)) => {
                    failures = 0;
                    for (at, outcome) in batch.into_iter().zip(outcomes) {
                        book.note(at, outcome);
                    }
                    size = next_size(size, began.elapsed());
                }
                Some(Err(error)) => {
                    failures += 1;
                    size = (size / 2).max(1);
                    let undone = self.look(batch, &error, book).await;
                    for at in undone.into_iter().rev() {
                        left.push_front(at);
                    }
                    // A limit, or a no to all of it, is none of the size.
                    if !error.may_be_done {
                        break;
                    }
                }
            }
        }
        Left {
            steps: left.into(),
            deactivated: self.deactivated,
        }
    }

    /// Sends one batch. `None` if the run was stopped and no answer came.
    async fn send(
        &self,
        batch: &[usize],
        book: &mut Book<'_>,
    ) -> Option<Result<Vec<Outcome>, BatchError>> {
        let steps = || batch.iter().map(|at| &self.plan.deployments[*at]);
        let changes: Vec<Change> = batch.iter().map(|at| self.change(*at)).collect();
        let client = &self.connection.client;
        let mut sending =
            Box::pin(client.change_together(&changes, self.plan.description.as_deref()));
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
                sent = &mut sending => {
                    let outcomes = |changed: Vec<_>| {
                        steps().zip(&changed).map(|(step, one)| of_batch(step, one)).collect()
                    };
                    return Some(sent.map(outcomes));
                }
                _ = ticks.tick() => book.tick(),
            }
        }
    }

    /// Finds out what of a lost batch was done, and notes it. Returns the
    /// rest.
    async fn look(
        &mut self,
        batch: Vec<usize>,
        error: &BatchError,
        book: &mut Book<'_>,
    ) -> Vec<usize> {
        if !error.may_be_done {
            return batch;
        }
        let Connection { client, repo, .. } = self.connection;
        let known: Vec<(DeploymentId, &str)> = batch
            .iter()
            .map(|at| &self.plan.deployments[*at])
            .map(|step| (step.id, &*step.node_id))
            .collect();
        let found = match client.snapshots(repo, &known).await {
            Ok(found) => found,
            // Single requests look for themselves; a status may then be there
            // twice, which changes nothing.
            Err(ApiError::Stopped) => return Vec::new(),
            Err(_) => return batch,
        };
        let mut undone = Vec::new();
        for at in batch {
            let step = &self.plan.deployments[at];
            let now = found.get(&step.id);
            let is_gone = matches!(now, Some(None));
            let is_retired = matches!(now, Some(Some(now)) if now.state.phase() == Phase::Retired);
            if is_gone || (is_retired && step.action == Action::Deactivate) {
                book.note(at, Outcome::of(step, Ending::Done, None));
                continue;
            }
            if is_retired {
                self.deactivated.insert(at);
            }
            undone.push(at);
        }
        undone
    }

    fn change(&self, at: usize) -> Change {
        let Step {
            node_id, action, ..
        } = &self.plan.deployments[at];
        let deactivate = matches!(action, Action::Deactivate | Action::DeactivateAndDelete);
        Change {
            node_id: node_id.to_string(),
            deactivate: deactivate && !self.deactivated.contains(&at),
            delete: matches!(action, Action::Delete | Action::DeactivateAndDelete),
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
