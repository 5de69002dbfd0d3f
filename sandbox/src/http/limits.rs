//! Rate limits: counted always, enforced on request
//! (<https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// The API that a limit applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Resource {
    Core,
    GraphQl,
}

impl Resource {
    /// The value of `x-ratelimit-resource`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::GraphQl => "graphql",
        }
    }

    /// The value of `x-github-media-type`.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Core => "github.v3; format=json",
            Self::GraphQl => "github.v4; format=json",
        }
    }

    /// The points for one minute; a read costs 1, a write 5.
    fn points(self) -> u64 {
        match self {
            Self::Core => 900,
            Self::GraphQl => 2000,
        }
    }
}

/// The state of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Requests (or points) an hour.
    pub(crate) limit: u64,
    /// Those that were used in this hour.
    pub(crate) used: u64,
    /// When the hour ends, in seconds since the epoch.
    pub(crate) reset: i64,
}

impl Budget {
    /// Requests that are left.
    pub(crate) fn remaining(self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// The reason why a request is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    Primary,
    /// Too many points in one minute; retry after this many seconds.
    Secondary(i64),
    /// Too much content was created; retry after this many seconds.
    Content(i64),
}

const HOUR: i64 = 3600;
const MINUTE: i64 = 60;

/// The windows in seconds and how much content may be created in each.
const CONTENT: [(i64, usize); 2] = [(MINUTE, 80), (HOUR, 500)];

/// Requests an hour, with a token and without.
const LIMIT: u64 = 5000;
const ANONYMOUS_LIMIT: u64 = 60;

#[derive(Debug, Default)]
struct Account {
    /// By resource: when the hour began, and requests in it.
    hours: HashMap<Resource, (i64, u64)>,
    /// By resource: the time and points of the requests of the last minute.
    minutes: HashMap<Resource, VecDeque<(i64, u64)>>,
    /// When something was made, within the last hour.
    made: VecDeque<i64>,
}

/// The counters of all callers, which live as long as the server.
#[derive(Debug)]
pub(crate) struct Limits {
    enforced: bool,
    content: bool,
    accounts: Mutex<HashMap<String, Account>>,
}

impl Limits {
    /// Counters at zero. `enforced` and `content` say whether the rate limits
    /// and the limits of created content are enforced; they are separate,
    /// because GitHub does not say what counts as content.
    pub(crate) fn new(enforced: bool, content: bool) -> Self {
        Self {
            enforced,
            content,
            accounts: Mutex::new(HashMap::new()),
        }
    }

    /// Whether requests that exceed a limit are rejected.
    pub(crate) fn are_enforced(&self) -> bool {
        self.enforced
    }

    /// The state of a caller's limit. `key` is the token, or empty without one.
    pub(crate) fn budget(&self, key: &str, resource: Resource, now: i64) -> Budget {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = accounts
            .get(key)
            .and_then(|account| account.hours.get(&resource));
        let (begin, used) = match hour {
            Some(&(begin, used)) if now < begin + HOUR => (begin, used),
            _ => (now, 0),
        };
        let limit = match (key.is_empty(), resource) {
            (false, _) => LIMIT,
            (true, Resource::Core) => ANONYMOUS_LIMIT,
            (true, Resource::GraphQl) => 0,
        };
        Budget {
            limit,
            used: used.min(limit),
            reset: begin + HOUR,
        }
    }

    /// Counts requests (or points) against the hour.
    pub(crate) fn count(&self, key: &str, resource: Resource, cost: u64, now: i64) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.entry(key.to_owned()).or_default();
        let hour = account.hours.entry(resource).or_insert((now, 0));
        if now >= hour.0 + HOUR {
            *hour = (now, 0);
        }
        hour.1 += cost;
    }

    /// Admits a request and counts it against the minute, or returns the limit
    /// that it exceeds. Free requests are exempt from the primary limit.
    pub(crate) fn admit(
        &self,
        key: &str,
        resource: Resource,
        write: bool,
        free: bool,
        now: i64,
    ) -> Result<(), Exceeded> {
        if !self.enforced {
            return Ok(());
        }
        if !free && self.budget(key, resource, now).remaining() == 0 {
            return Err(Exceeded::Primary);
        }
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.entry(key.to_owned()).or_default();
        let minute = account.minutes.entry(resource).or_default();
        while minute
            .front()
            .is_some_and(|&(time, _)| time + MINUTE <= now)
        {
            minute.pop_front();
        }
        let cost = if write { 5 } else { 1 };
        let spent: u64 = minute.iter().map(|&(_, points)| points).sum();
        if spent + cost > resource.points() {
            let oldest = minute.front().map_or(now, |&(time, _)| time);
            return Err(Exceeded::Secondary((oldest + MINUTE - now).max(1)));
        }
        match minute.back_mut() {
            Some((time, points)) if *time == now => *points += cost,
            _ => minute.push_back((now, cost)),
        }
        Ok(())
    }
}

impl Limits {
    /// Admits a request that creates `count` deployments or statuses, or
    /// returns the limit that it exceeds.
    pub(crate) fn admit_content(&self, key: &str, count: usize, now: i64) -> Result<(), Exceeded> {
        if !self.content || count == 0 {
            return Ok(());
        }
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let made = &mut accounts.entry(key.to_owned()).or_default().made;
        while made.front().is_some_and(|&time| time + HOUR <= now) {
            made.pop_front();
        }
        for (length, most) in CONTENT {
            let recent = made.iter().rev().take_while(|&&time| time + length > now);
            let over = (recent.count() + count).saturating_sub(most);
            if over > 0 {
                // There is room once this many of the recent ones have expired.
                let first = made.iter().position(|&time| time + length > now);
                let last = first.and_then(|first| made.get(first + over - 1));
                let wait = last.map_or(length, |&time| time + length - now);
                return Err(Exceeded::Content(wait.max(1)));
            }
        }
        made.extend(std::iter::repeat_n(now, count));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Exceeded, Limits, Resource};

    #[test]
    fn content_creation_has_separate_limits() {
        let limits = Limits::new(false, true);
        let admit = |count, now| limits.admit_content("t", count, now);
        assert_eq!(admit(79, 0), Ok(()));
        assert_eq!(admit(1, 10), Ok(()));
        assert_eq!(admit(1, 20), Err(Exceeded::Content(40)));
        assert_eq!(admit(80, 30), Err(Exceeded::Content(40)));
        assert_eq!(admit(79, 60), Ok(()));
        for minute in 2..6 {
            assert_eq!(admit(80, minute * 60 + 10), Ok(()), "{minute}");
        }
        // 79 + 1 + 79 + 4 * 80 make 479 in this hour.
        assert_eq!(admit(21, 400), Ok(()));
        assert_eq!(admit(1, 500), Err(Exceeded::Content(3100)));
        assert_eq!(admit(1, 3600), Ok(()));
        assert_eq!(Limits::new(true, false).admit_content("t", 999, 0), Ok(()));
    }

    #[test]
    fn the_hourly_count_starts_again() {
        let limits = Limits::new(true, false);
        for _ in 0..60 {
            assert_eq!(limits.admit("", Resource::Core, false, false, 100), Ok(()));
            limits.count("", Resource::Core, 1, 100);
        }
        let budget = limits.budget("", Resource::Core, 200);
        assert_eq!(
            (budget.remaining(), budget.used, budget.reset),
            (0, 60, 3700)
        );
        assert_eq!(
            limits.admit("", Resource::Core, false, false, 200),
            Err(Exceeded::Primary)
        );
        assert_eq!(limits.admit("", Resource::Core, false, true, 200), Ok(()));
        assert_eq!(limits.budget("", Resource::Core, 3700).remaining(), 60);
        assert_eq!(
            limits.budget("token", Resource::Core, 200).remaining(),
            5000
        );
    }

    #[test]
    fn a_minute_has_900_points() {
        let limits = Limits::new(true, false);
        for _ in 0..180 {
            assert_eq!(limits.admit("t", Resource::Core, true, false, 0), Ok(()));
        }
        let more = limits.admit("t", Resource::Core, false, false, 20);
        assert_eq!(more, Err(Exceeded::Secondary(40)));
        assert_eq!(limits.admit("t", Resource::Core, true, false, 60), Ok(()));
        let free = Limits::new(false, false);
        for _ in 0..1000 {
            assert_eq!(free.admit("t", Resource::Core, true, false, 0), Ok(()));
        }
    }
}
