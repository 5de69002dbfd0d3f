use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use super::batch::BatchRunner;
use super::log::RunLog;
use super::queue::Queue;
use super::step::StepRunner;
use super::stop::{StopReason, StopWatcher};
use crate::bulk::name::Name;
use crate::bulk::result::ItemOutcome;
use crate::error::Kind;
use crate::session::Session;

/// How long a stopped run waits for its requests in flight.
const STOP_GRACE: Duration = Duration::from_secs(10);

/// Carries out a plan.
pub(in crate::bulk) struct Runner<'a> {
    pub(in crate::bulk) session: &'a Session,
    pub(in crate::bulk) steps: StepRunner<'a>,
    /// Whether many changes are sent in one request.
    pub(in crate::bulk) uses_batches: bool,
    pub(in crate::bulk) stop_watcher: StopWatcher<'a>,
}

/// One job of the plan. Its future returns its position with the outcome.
struct Job<'a> {
    repository: Option<&'a Name>,
    work: LocalBoxFuture<'a, (usize, ItemOutcome)>,
}

impl Runner<'_> {
    /// Carries out all steps, and then deletes the environments that they
    /// emptied. A job that is not in the log at the end was not done, as far as
    /// is known.
    pub(in crate::bulk) async fn run<'b>(&'b self, log: &mut RunLog<'b>) {
        let runner = &self.steps;
        let plan = runner.plan;
        let mut queue = Queue::new(&plan.deployments);
        if self.uses_batches {
            let batches = BatchRunner {
                connections: runner.connections,
                plan,
                stop_watcher: &self.stop_watcher,
            };
            batches.run(&mut queue, log).await;
        }
        let client = runner.connections.client();
        let points = plan.points_per_step();
        log.set_limits(move |jobs| client.least_time(jobs * points));
        let steps = std::iter::from_fn(|| {
            let queued = queue.next()?;
            Some(Job {
                repository: queued.step.repository.as_ref(),
                work: Box::pin(async move {
                    let outcome = runner.run(queued.step, queued.is_inactive).await;
                    (queued.index, outcome)
                }),
            })
        });
        self.drive(steps, log).await;
        let environments = (plan.deployments.len()..).zip(&plan.environments);
        let deletions = environments.map(|(index, planned)| Job {
            repository: planned.repository.as_ref(),
            work: Box::pin(async move { (index, runner.delete_environment(planned).await) }),
        });
        self.drive(deletions, log).await;
    }

    /// Runs several jobs at a time until all are done or the run is stopped; then
    /// waits a while for the requests in flight.
    async fn drive<'j>(&self, jobs: impl Iterator<Item = Job<'j>>, log: &mut RunLog<'_>) {
        let client = self.steps.connections.client();
        let mut jobs = jobs.fuse();
        let mut running = FuturesUnordered::new();
        let mut grace_end: Option<Instant> = None;
        let period = log.progress_period();
        let mut ticks = interval_at(Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            while !log.is_stopped() && running.len() < client.concurrency() {
                match jobs.next() {
                    Some(job) if log.has_given_up(job.repository) => {}
                    Some(job) => running.push(job.work),
                    None => break,
                }
            }
            if running.is_empty() {
                return;
            }
            let end = grace_end.unwrap_or_else(Instant::now);
            tokio::select! {
                biased;
                reason = self.stop_watcher.wait(), if grace_end.is_none() => {
                    let again = match reason {
                        StopReason::Signal(_) => "; press Ctrl-C again to exit at once",
                        _ => "",
                    };
                    log.stop_reason = Some(reason);
                    client.stop();
                    grace_end = Some(Instant::now() + STOP_GRACE);
                    let text = format!("stopping: waiting for requests in flight{again}");
                    self.session.term.progress(text);
                }
                () = sleep_until(end), if grace_end.is_some() => return,
                Some((index, outcome)) = running.next() => {
                    // A stopped run does not wait for a rate limit. What the
                    // limit delayed is left to do and has not failed.
                    let is_delayed =
                        grace_end.is_some() && outcome.kind == Some(Kind::RateLimited);
                    if !is_delayed {
                        log.note(index, outcome);
                    }
                }
                _ = ticks.tick() => log.tick(),
            }
        }
    }
}
