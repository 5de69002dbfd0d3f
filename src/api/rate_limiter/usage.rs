use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::RateLimiter;
use super::schedule::Past;
use super::window::{HOUR, MINUTE};

/// The recent usage of a client by its own clock, to be passed to the next
/// client: the server goes on counting when a program ends and another one
/// starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RateUsage {
    /// Points of the last minute, with their times.
    pub(crate) points: Vec<(Timestamp, u32)>,
    /// Points of GraphQL queries, which count separately.
    #[serde(default)]
    pub(crate) queries: Vec<(Timestamp, u32)>,
    /// How many objects were created in the last hour, with their times.
    pub(crate) made: Vec<(Timestamp, u32)>,
    /// When the server was last known to enforce the limits of content.
    pub(crate) content_limits_kept: Option<Timestamp>,
}

/// A server that enforced the limits of content a day ago may have changed.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

impl RateUsage {
    /// Whether none of this matters any more at `now`.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        let is_old = |length: Duration| {
            let length = SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
            move |(time, _): &(Timestamp, u32)| now.duration_since(*time) >= length
        };
        self.points.iter().all(is_old(MINUTE))
            && self.queries.iter().all(is_old(MINUTE))
            && self.made.iter().all(is_old(HOUR))
            && !self.keeps_content_limits(now)
    }

    fn keeps_content_limits(&self, now: Timestamp) -> bool {
        self.content_limits_kept
            .is_some_and(|then| now.duration_since(then) < REMEMBERED)
    }
}

impl RateLimiter {
    /// The usage so far; `clock` is the current time.
    pub(in crate::api) fn past(&self, clock: Timestamp) -> RateUsage {
        let now = self.now();
        let mut state = self.state();
        let past = state.schedule.past(now);
        drop(state);
        let at = |(time, count): (Duration, u32)| {
            let age = SignedDuration::try_from(now.saturating_sub(time)).unwrap_or_default();
            (clock.checked_sub(age).unwrap_or(clock), count)
        };
        RateUsage {
            points: past.points.into_iter().map(at).collect(),
            queries: past.queries.into_iter().map(at).collect(),
            made: past.made.into_iter().map(at).collect(),
            content_limits_kept: past.content_limits.then_some(clock),
        }
    }

    /// Adds the usage of another client of the same server.
    pub(in crate::api) fn remember(&self, spent: &RateUsage, clock: Timestamp) {
        let now = self.now();
        let at = |(time, count): &(Timestamp, u32)| {
            let age = Duration::try_from(clock.duration_since(*time)).unwrap_or_default();
            (now.saturating_sub(age), *count)
        };
        let past = Past {
            points: spent.points.iter().map(at).collect(),
            queries: spent.queries.iter().map(at).collect(),
            made: spent.made.iter().map(at).collect(),
            content_limits: spent.keeps_content_limits(clock),
        };
        self.state().schedule.remember(&past);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::super::{Cost, PointsLimit, Resource};
    use super::*;

    const POST: Cost = Cost {
        points: 5,
        writes: 1,
        makes: 1,
        resource: Resource::Rest,
    };
    const LONG: Duration = Duration::from_secs(7200);

    fn clock(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("a time")
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_goes_on_where_another_ended() {
        let first = RateLimiter::new(Some(PointsLimit::GITHUB));
        for _ in 0..180 {
            let permit = first.acquire(POST, LONG).await.expect("granted");
            permit.accepted();
        }
        assert_eq!(first.spent(), 900);
        let text = serde_json::to_string(&first.past(clock(0))).expect("serializes");
        let spent: RateUsage = serde_json::from_str(&text).expect("reads");
        assert!(!spent.is_over(clock(3599)) && spent.is_over(clock(3600)));

        // Ten seconds later, another process has to wait for fifty.
        let second = RateLimiter::new(Some(PointsLimit::GITHUB));
        second.remember(&spent, clock(10));
        assert_eq!(second.spent(), 900);
        let began = Instant::now();
        drop(second.acquire(POST, LONG).await.expect("granted"));
        assert_eq!(began.elapsed(), Duration::from_secs(50));
        assert_eq!(second.past(clock(60)).made.len(), 2);
        let third = RateLimiter::new(Some(PointsLimit::GITHUB));
        third.remember(&spent, clock(70));
        assert_eq!(third.spent(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn learned_content_limits_are_kept_for_a_day() {
        let spent = RateUsage {
            made: vec![(clock(0), 80)],
            content_limits_kept: Some(clock(0)),
            ..RateUsage::default()
        };
        assert!(!spent.is_over(clock(86_399)) && spent.is_over(clock(86_400)));
        let rate_limiter = RateLimiter::new(Some(PointsLimit::GITHUB));
        rate_limiter.remember(&spent, clock(20));
        let began = Instant::now();
        drop(rate_limiter.acquire(POST, LONG).await.expect("granted"));
        assert_eq!(began.elapsed(), Duration::from_secs(40));
        assert!(rate_limiter.past(clock(0)).content_limits_kept.is_some());
    }
}
