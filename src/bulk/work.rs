use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::batches::Batches;
use super::book::{Book, Stop};
use super::outcome::Outcome;
use super::queue::Queue;
use super::step::Hand;
use super::watch::Watch;
use crate::error::Kind;
use crate::session::Session;

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

/// What is to be done, with its number in the book.
type Job<'a> = LocalBoxFuture<'a, (u64, Outcome)>;

impl Work<'_> {
    /// Does all steps, and then deletes the environments that they emptied.
    /// What is not in the book at the end was not done, as far as is known.
    pub(super) async fn run<'b>(&'b self, book: &mut Book<'b>) {
        let plan = self.hand.plan;
        let mut queue = Queue::new(plan.deployments.iter());
        if self.batches {
            let batches = Batches {
                connection: self.hand.connection,
                plan,
                watch: &self.watch,
            };
            batches.run(&mut queue, book).await;
        }
        let client = &self.hand.connection.client;
        let steps = plan.deployments.len();
        let points = plan.changes() * 5 / steps.max(1);
        book.set_limits(move |jobs| client.least_time(jobs * points));
        let jobs = std::iter::from_fn(|| {
            let turn = queue.next()?;
            let job: Job<'_> = Box::pin(async move {
                let at = turn.at;
                (at, self.hand.apply(turn.step, turn.is_inactive).await)
            });
            Some(job)
        });
        self.drive(jobs, book).await;
        let broken = std::cell::RefCell::new(queue.broken);
        let environments = (steps..).zip(plan.environments.records());
        let jobs = environments.map_while(|(at, name)| match name {
            Ok(name) => {
                let job: Job<'_> =
                    Box::pin(async move { (at, self.hand.delete_environment(&name).await) });
                Some(job)
            }
            Err(error) => {
                broken.borrow_mut().get_or_insert(error);
                None
            }
        });
        self.drive(jobs, book).await;
        if let Some(error) = broken.take() {
            book.fail(error);
        }
    }

    /// Does jobs, some at a time, until they are done or the run is stopped;
    /// then requests in flight have a while to finish.
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
                    let again = match stop {
                        Stop::Signal(_) => "; Ctrl-C again ends at once",
                        _ => "",
                    };
                    book.stop = Some(stop);
                    client.stop();
                    grace = Some(Instant::now() + GRACE);
                    let text = format!("stopping: waiting for requests in flight{again}");
                    self.session.term.progress(text);
                }
                () = sleep_until(end), if grace.is_some() => return,
                Some((at, outcome)) = running.next() => {
                    // A run that is stopped does not wait for a limit: what
                    // the limit put off is left, and has not failed.
                    let is_put_off =
                        grace.is_some() && outcome.kind == Some(Kind::RateLimited);
                    if !is_put_off {
                        book.note(at, outcome);
                    }
                }
                _ = ticks.tick() => book.tick(),
            }
        }
    }
}
