use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::stop::StopReason;
use crate::bulk::name::Name;
use crate::bulk::operation::Operation;
use crate::bulk::plan::Plan;
use crate::bulk::result::{ItemOutcome, ItemResult, Tally};
use crate::error::Kind;
use crate::model::in_words;
use crate::term::{Bar, Term};

/// After this many failures of one kind in a row, the rest is expected to fail
/// as well.
pub(in crate::bulk) const MAX_EQUAL_FAILURES: u32 = 10;

/// Records the outcome of each job, and shows the progress.
pub(in crate::bulk) struct RunLog<'a> {
    term: &'a Term,
    bar: Bar<'a>,
    operation: Operation,
    total: u64,
    /// How long the run takes according to the plan.
    expected: Duration,
    began: Instant,
    on_done: Box<dyn FnMut(&ItemOutcome) + 'a>,
    outcomes: Vec<Option<ItemOutcome>>,
    tally: Tally,
    finished: u64,
    equal_failures: Option<(Kind, u32)>,
    /// Of each of several repositories, the number of steps in a row that the
    /// server did not allow.
    refusals: HashMap<Name, u32>,
    /// The least time that the limits demand for a number of jobs, if these are
    /// sent as single requests.
    time_by_limits: Box<dyn Fn(u64) -> Duration + 'a>,
    pub(super) stop_reason: Option<StopReason>,
}

/// What is known after a run.
pub(in crate::bulk) struct FinishedRun {
    /// The outcome of each job of the plan; `None` if it was not done.
    pub(in crate::bulk) outcomes: Vec<Option<ItemOutcome>>,
    pub(in crate::bulk) tally: Tally,
    pub(in crate::bulk) stop_reason: Option<StopReason>,
    /// Repositories whose last steps were not tried.
    pub(in crate::bulk) given_up: Vec<Name>,
    pub(in crate::bulk) took: Duration,
}

impl<'a> RunLog<'a> {
    /// `tally` counts what was settled before the run; `on_done` is called for
    /// each job that was done.
    pub(in crate::bulk) fn new(
        term: &'a Term,
        plan: &Plan,
        tally: Tally,
        on_done: impl FnMut(&ItemOutcome) + 'a,
    ) -> Self {
        let total = plan.job_count();
        let jobs = plan.deployments.len() + plan.environments.len();
        let mut log = Self {
            term,
            bar: term.bar(total),
            operation: plan.command,
            total,
            expected: Duration::from_secs(plan.seconds),
            began: Instant::now(),
            on_done: Box::new(on_done),
            outcomes: vec![None; jobs],
            tally,
            finished: 0,
            equal_failures: None,
            refusals: HashMap::new(),
            time_by_limits: Box::new(|_| Duration::ZERO),
            stop_reason: None,
        };
        log.show();
        log
    }

    /// From now on jobs are single requests, which take at least this long.
    pub(super) fn set_limits(&mut self, time_by_limits: impl Fn(u64) -> Duration + 'a) {
        self.time_by_limits = Box::new(time_by_limits);
    }

    /// How often the progress is shown while nothing happens.
    pub(super) fn progress_period(&self) -> Duration {
        if self.term.stderr_is_tty() {
            Duration::from_secs(1)
        } else {
            Duration::from_secs(10)
        }
    }

    /// Records the outcome of the job at a position of the plan.
    pub(super) fn note(&mut self, index: usize, outcome: ItemOutcome) {
        if outcome.result == ItemResult::NotDone {
            return;
        }
        if outcome.result == ItemResult::Done {
            (self.on_done)(&outcome);
        }
        self.note_failure(&outcome);
        self.finished += 1;
        self.tally.add(&outcome);
        self.outcomes[index] = Some(outcome);
        self.show();
    }

    /// Stops the run if it seems hopeless. If a token may not change one of
    /// several repositories, only the rest of that one is hopeless.
    fn note_failure(&mut self, outcome: &ItemOutcome) {
        if let Some(repository) = &outcome.repository {
            let count = self.refusals.entry(repository.clone()).or_default();
            if outcome.kind == Some(Kind::Forbidden) {
                *count += 1;
                return;
            }
            if *count < MAX_EQUAL_FAILURES {
                *count = 0;
            }
        }
        let kind = match outcome.kind {
            Some(kind) if outcome.result == ItemResult::Failed && would_repeat(kind) => kind,
            _ => {
                self.equal_failures = None;
                return;
            }
        };
        let count = match self.equal_failures {
            Some((known, count)) if known == kind => count + 1,
            _ => 1,
        };
        self.equal_failures = Some((kind, count));
        // A token that is refused once is refused every time.
        let is_hopeless = count >= MAX_EQUAL_FAILURES || kind == Kind::NotAuthenticated;
        if is_hopeless && self.stop_reason.is_none() {
            self.stop_reason = Some(StopReason::Hopeless(kind));
        }
    }

    /// Whether the rest of a repository is expected to fail.
    pub(super) fn has_given_up(&self, repository: Option<&Name>) -> bool {
        let count = repository.and_then(|name| self.refusals.get(name));
        count.is_some_and(|count| *count >= MAX_EQUAL_FAILURES)
    }

    /// Whether no job may be started any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop_reason.is_some()
    }

    /// Shows the progress; without a terminal, as a line.
    pub(super) fn tick(&mut self) {
        self.show();
        self.bar.say();
    }

    pub(in crate::bulk) fn finish(self) -> FinishedRun {
        let names = self.refusals.keys();
        let given_up = names.filter(|name| self.has_given_up(Some(name)));
        let mut given_up: Vec<Name> = given_up.cloned().collect();
        given_up.sort();
        FinishedRun {
            given_up,
            outcomes: self.outcomes,
            tally: self.tally,
            stop_reason: self.stop_reason,
            took: self.began.elapsed(),
        }
    }

    fn show(&mut self) {
        let done = self.finished;
        let elapsed = self.began.elapsed();
        let mut text = if self.term.stderr_is_tty() {
            String::new()
        } else {
            format!("{} {done} of {}, ", self.operation.participle(), self.total)
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "the rate is shown with one decimal"
        )]
        let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
        text.push_str(&format!("{rate:.1}/s"));
        let by_limits = (self.time_by_limits)(self.total.saturating_sub(done));
        let left = time_left(done, self.total, elapsed, self.expected, by_limits);
        if let Some(left) = left {
            text.push_str(&format!(", about {} left", in_words(left)));
        }
        self.bar.set(done, text);
    }
}

fn would_repeat(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NotAuthenticated
            | Kind::Forbidden
            | Kind::Network
            | Kind::Tls
            | Kind::Proxy
            | Kind::ServerError
            | Kind::RateLimited
    )
}

/// The time that is left. Single requests are sent in bursts, so the limits give
/// the best estimate. For batches it is the plan's estimate during the first
/// seconds, and then the pace so far.
fn time_left(
    done: u64,
    total: u64,
    elapsed: Duration,
    expected: Duration,
    by_limits: Duration,
) -> Option<Duration> {
    let left = u32::try_from(total.saturating_sub(done)).ok()?;
    if left == 0 {
        return None;
    }
    if !by_limits.is_zero() {
        return Some(by_limits);
    }
    if elapsed < Duration::from_secs(10) {
        let by_plan = expected.saturating_sub(elapsed);
        return (!by_plan.is_zero()).then_some(by_plan);
    }
    let done = u32::try_from(done).ok().filter(|done| *done > 0)?;
    Some(elapsed / done * left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_the_plan_at_first_and_the_limits_for_bursts() {
        let left = |done, elapsed, expected, by_limits| {
            let seconds = Duration::from_secs;
            let left = time_left(
                done,
                1000,
                seconds(elapsed),
                seconds(expected),
                seconds(by_limits),
            );
            left.map(|left| left.as_secs())
        };
        assert_eq!(left(180, 5, 300, 0), Some(295));
        assert_eq!(left(180, 5, 300, 240), Some(240));
        assert_eq!(left(500, 100, 300, 0), Some(100));
        assert_eq!(left(0, 100, 300, 0), None);
        assert_eq!(left(1000, 1, 300, 60), None);
        assert_eq!(left(1, 1, 0, 0), None);
    }
}
