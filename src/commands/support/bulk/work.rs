use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::super::Session;
use super::super::interruption::Interrupted;
use super::batches::{Batches, Left};
use super::book::{Book, Stop};
use super::outcome::{Ending, Outcome};
use super::plan::Step;
use super::step::Hand;
use super::survey::Name;

/// What is under way when a run is stopped gets so long to finish.
const GRACE: Duration = Duration::from_secs(10);

/// A run over a plan.
pub(super) struct Work<'a> {
    pub(super) session: &'a Session,
    pub(super) hand: Hand<'a>,
    /// Whether changes are sent many together.
    pub(super) batches: bool,
    pub(super) watch: Watch<'a>,
}

/// What ends a run from outside.
pub(super) struct Watch<'a> {
    pub(super) interrupted: Interrupted<'a>,
    /// `--timeout`.
    pub(super) deadline: Option<Instant>,
}

impl Watch<'_> {
    pub(super) async fn wait(&self) -> Stop {
        let deadline = async {
            match self.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            kind = self.interrupted.wait() => Stop::Signal(kind),
            () = deadline => Stop::TimedOut,
        }
    }
}

/// What is to be done, with its number in the book.
type Job<'a> = LocalBoxFuture<'a, (usize, Outcome)>;

impl Work<'_> {
    /// Does all steps, and then deletes the environments that they emptied.
    /// What is not in the book at the end was not done, as far as is known.
    pub(super) async fn run<'b>(&'b self, book: &mut Book<'b>) {
        let plan = self.hand.plan;
        let steps = &plan.deployments;
        let left = if self.batches {
            let batches = Batches {
                connection: self.hand.connection,
                plan,
                watch: &self.watch,
                deactivated: HashSet::new(),
            };
            batches.run(book).await
        } else {
            Left {
                steps: (0..steps.len()).collect(),
                ..Left::default()
            }
        };
        let client = &self.hand.connection.client;
        let points = plan.changes() * 5 / (steps.len() as u64).max(1);
        book.set_limits(move |jobs| client.least_time(jobs * points));
        let jobs = left.steps.into_iter().map(|at| {
            let is_inactive = left.deactivated.contains(&at);
            let job: Job<'_> =
                Box::pin(async move { (at, self.hand.apply(&steps[at], is_inactive).await) });
            job
        });
        self.drive(jobs, book).await;
        let environments = plan.environments.iter().enumerate().map(|(at, name)| {
            let job: Job<'_> = Box::pin(async move {
                let outcome = self.hand.delete_environment(name).await;
                (steps.len() + at, outcome)
            });
            job
        });
        self.drive(environments, book).await;
    }

    /// Does jobs, some at a time, until they are done or the run is stopped;
    /// then what is under way is let finish for a while.
    async fn drive<'j>(&self, jobs: impl Iterator<Item = Job<'j>>, book: &mut Book<'_>) {
        let client = &self.hand.connection.client;
        let mut jobs = jobs.fuse();
        let mut running = FuturesUnordered::new();
        let mut grace: Option<Instant> = None;
        let rhythm = book.rhythm();
        let mut ticks = interval_at(Instant::now() + rhythm, rhythm);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            while !book.is_over() && running.len() < client.concurrency() {
                match jobs.next() {
                    Some(job) => running.push(job),
                    None => break,
                }
            }
            if running.is_empty() {
                return;
            }
            let end = grace.unwrap_or_else(Instant::now);
            tokio::select! {
                biased;
                stop = self.watch.wait(), if grace.is_none() => {
                    book.stop = Some(stop);
                    client.stop();
                    grace = Some(Instant::now() + GRACE);
                    self.session.term.progress(
                        "stopping: what is under way is let finish; Ctrl-C again ends at once",
                    );
                }
                () = sleep_until(end), if grace.is_some() => return,
                Some((at, outcome)) = running.next() => book.note(at, outcome),
                _ = ticks.tick() => book.tick(),
            }
        }
    }
}

/// The outcomes of all steps in their order: what is in the book, and for the
/// rest that it was not done.
pub(super) fn in_order(
    steps: &[Step],
    environments: &[Name],
    mut noted: HashMap<usize, Outcome>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(steps.len() + environments.len());
    for (at, step) in steps.iter().enumerate() {
        let outcome = noted.remove(&at);
        outcomes.push(outcome.unwrap_or_else(|| Outcome::of(step, Ending::NotDone, None)));
    }
    for (at, name) in environments.iter().enumerate() {
        let outcome = noted.remove(&(steps.len() + at));
        outcomes
            .push(outcome.unwrap_or_else(|| Outcome::of_environment(name, Ending::NotDone, None)));
    }
    outcomes
}
