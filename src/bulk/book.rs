use std::io;
use std::time::Duration;

use tokio::time::Instant;

use super::outcome::{Account, Ending, Outcome};
use super::plan::Aim;
use crate::error::Kind;
use crate::model::in_words;
use crate::term::{Bar, Term};

/// So many failures of one kind in a row, with no success before them, mean
/// that the rest would fail alike.
const HOPELESS: u32 = 10;

/// Why a run ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A signal, as the kind of failure that it is.
    Signal(Kind),
    /// `--timeout`.
    TimedOut,
    /// Everything failed in one way.
    Hopeless(Kind),
}

/// Keeps account of a run: what became of what, and how far it is.
pub(super) struct Book<'a> {
    term: &'a Term,
    bar: Bar<'a>,
    aim: Aim,
    total: u64,
    expected: Duration,
    began: Instant,
    on_done: Box<dyn FnMut(&Outcome) + 'a>,
    account: Account,
    done: u64,
    /// The first time that the account could not be kept.
    broken: Option<io::Error>,
    streak: Option<(Kind, u32)>,
    /// The least time that so many jobs take by the limits, where they are
    /// done by single requests.
    by_limits: Box<dyn Fn(u64) -> Duration + 'a>,
    pub(super) stop: Option<Stop>,
}

impl<'a> Book<'a> {
    /// `expected` is how long the plan says it takes; `on_done` is told of
    /// each that was done, as it comes.
    pub(super) fn new(
        term: &'a Term,
        aim: Aim,
        account: Account,
        total: u64,
        expected: Duration,
        on_done: impl FnMut(&Outcome) + 'a,
    ) -> Self {
        let mut book = Self {
            term,
            bar: term.bar(total),
            aim,
            total,
            expected,
            began: Instant::now(),
            on_done: Box::new(on_done),
            account,
            done: 0,
            broken: None,
            streak: None,
            by_limits: Box::new(|_| Duration::ZERO),
            stop: None,
        };
        book.show();
        book
    }

    /// Tells how long so many jobs take at least, from now on.
    pub(super) fn set_limits(&mut self, by_limits: impl Fn(u64) -> Duration + 'a) {
        self.by_limits = Box::new(by_limits);
    }

    /// How often progress is to be shown while nothing happens.
    pub(super) fn rhythm(&self) -> Duration {
        if self.term.stderr_is_tty() {
            Duration::from_secs(1)
        } else {
            Duration::from_secs(10)
        }
    }

    /// Notes what became of the job of that number.
    pub(super) fn note(&mut self, job: u64, outcome: Outcome) {
        if outcome.result == Ending::NotDone {
            return;
        }
        if outcome.result == Ending::Done {
            (self.on_done)(&outcome);
        }
        match (outcome.result, outcome.kind) {
            (Ending::Failed, Some(kind)) if would_repeat(kind) => {
                let count = match self.streak {
                    Some((known, count)) if known == kind => count + 1,
                    _ => 1,
                };
                self.streak = Some((kind, count));
                // Nobody's requests are accepted any more with this token.
                let is_hopeless = count >= HOPELESS || kind == Kind::NotAuthenticated;
                if is_hopeless && self.stop.is_none() {
                    self.stop = Some(Stop::Hopeless(kind));
                }
            }
            _ => self.streak = None,
        }
        self.done += 1;
        if let Err(error) = self.account.note(job, outcome) {
            self.fail(error);
        }
        self.show();
    }

    /// Notes that the plan or the account cannot be read or kept any more:
    /// nothing more is begun.
    pub(super) fn fail(&mut self, error: io::Error) {
        self.broken.get_or_insert(error);
    }

    /// Whether nothing more is to be begun.
    pub(super) fn is_over(&self) -> bool {
        self.stop.is_some() || self.broken.is_some()
    }

    /// Shows how far it is, as a line off a terminal.
    pub(super) fn tick(&mut self) {
        self.show();
        self.bar.say();
    }

    /// The account, why the run ended before its end, and how long it took.
    pub(super) fn close(self) -> io::Result<(Account, Option<Stop>, Duration)> {
        match self.broken {
            Some(error) => Err(error),
            None => Ok((self.account, self.stop, self.began.elapsed())),
        }
    }

    fn show(&mut self) {
        let done = self.done;
        let elapsed = self.began.elapsed();
        let mut text = if self.term.stderr_is_tty() {
            String::new()
        } else {
            format!("{} {done} of {}, ", self.aim.participle(), self.total)
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rate is told with one digit after the point"
        )]
        let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
        text.push_str(&format!("{rate:.1}/s"));
        let by_limits = (self.by_limits)(self.total.saturating_sub(done));
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

/// How long it still takes. Single requests go in bursts, so the limits tell
/// it best; else it is, in the first seconds, what the plan says, and later what
/// the pace so far comes to.
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
    fn the_first_seconds_go_by_the_plan_and_bursts_by_the_limits() {
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
