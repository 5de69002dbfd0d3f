use std::time::Duration;

use super::super::rate::{PointsLimit, Quota};
use super::content_limits::{Content, Room};
use super::window::{HOUR, MINUTE, Window};

/// The pause between two writes once the server said that they are too many.
const CAREFUL_GAP: Duration = Duration::from_secs(1);
/// So many writes an hour once even one by one they are too many.
const CAREFUL_PER_HOUR: u32 = 500;

/// What a request counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Resource {
    Rest,
    GraphQl,
}

impl Resource {
    pub(in crate::api) fn index(self) -> usize {
        match self {
            Self::Rest => 0,
            Self::GraphQl => 1,
        }
    }
}

/// What a request costs.
#[derive(Clone, Copy, Debug)]
pub(in crate::api) struct Cost {
    pub(in crate::api) points: u32,
    /// How many things it makes or changes; 0 for a read.
    pub(in crate::api) writes: u32,
    /// How many of them are content that is made.
    pub(in crate::api) makes: u32,
    pub(in crate::api) resource: Resource,
}

impl Cost {
    fn is_query(self) -> bool {
        self.resource == Resource::GraphQl && self.writes == 0
    }
}

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Yes, under this number; it counts from now on.
    Granted(u64),
    /// Not before then: the minute is full, or writes come one by one, or
    /// enough was made.
    Window(Duration),
    /// Not before then: the server said so.
    ServerLimit(Duration),
    /// Not before then: the hour is used up.
    Quota(Duration),
    /// Not before one of those under way is answered.
    AfterResponse,
}

/// A limit beside the quota of the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecondaryLimit {
    /// The one for content that is made, in the server's words.
    Content,
    /// Another one, or one without a name.
    Other,
}

/// How careful writes are, after the server said that they were too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum WriteCaution {
    /// Points alone count.
    Free,
    /// One write a second, which keeps below 80 a minute.
    OneByOne,
    /// And no more than 500 an hour.
    ByTheHour,
}

#[derive(Clone, Copy, Debug, Default)]
struct ByResource {
    told_until: Duration,
    quota: Option<(Quota, Duration)>,
    under_way: u64,
}

/// The pace, without a clock: every time is since the client began.
///
/// A request counts from the moment it is sent until a minute after it was
/// answered. The server counts it at one moment in between; so in no minute
/// of the server's clock there are more points than the limit, however slow
/// or uneven the network is.
#[derive(Debug)]
pub(super) struct Schedule {
    limit: Option<PointsLimit>,
    has_limits: bool,
    minute: Window,
    /// What queries to GraphQL cost in the last minute.
    queries: Window,
    /// Writes in the last hour, for [`WriteCaution::ByTheHour`].
    hour: Window,
    content: Content,
    care: WriteCaution,
    next_write: Duration,
    resources: [ByResource; 2],
    granted: u64,
    /// Requests up to this number were sent before the server's last word.
    judged: u64,
}

impl Schedule {
    pub(super) fn new(limit: Option<PointsLimit>) -> Self {
        Self {
            limit,
            has_limits: true,
            minute: Window::new(MINUTE),
            queries: Window::new(MINUTE),
            hour: Window::new(HOUR),
            content: Content::new(),
            care: WriteCaution::Free,
            next_write: Duration::ZERO,
            resources: [ByResource::default(); 2],
            granted: 0,
            judged: 0,
        }
    }

    pub(super) fn limit(&self) -> Option<PointsLimit> {
        self.limit.filter(|_| self.has_limits)
    }

    pub(super) fn spent(&mut self, now: Duration) -> u32 {
        self.minute.forget(now);
        self.minute.spent()
    }

    pub(super) fn quota(&self, resource: Resource) -> Option<Quota> {
        self.resources[resource.index()]
            .quota
            .map(|(quota, _)| quota)
    }

    /// Whether a request may be sent now; if so it counts. With `past_quota`
    /// the hour's quota is left to the server.
    pub(super) fn ask(&mut self, cost: Cost, now: Duration, past_quota: bool) -> Admission {
        self.minute.forget(now);
        self.queries.forget(now);
        self.hour.forget(now);
        let resource = &self.resources[cost.resource.index()];
        if resource.told_until > now {
            return Admission::ServerLimit(resource.told_until);
        }
        if let Some((quota, reset)) = resource.quota
            && !past_quota
            && reset > now
            && quota.remaining <= resource.under_way
        {
            // What is under way may turn out not to have counted.
            return if quota.remaining > 0 {
                Admission::AfterResponse
            } else {
                Admission::Quota(reset)
            };
        }
        if let Some(limit) = self.limit() {
            let room = if cost.is_query() {
                self.queries.room(cost.points, limit.of_queries())
            } else {
                self.minute.room(cost.points, limit.0)
            };
            match room {
                Some(at) if at > now => return Admission::Window(at),
                Some(_) => {}
                None => return Admission::AfterResponse,
            }
        }
        if cost.makes > 0 && self.limit().is_some() {
            match self.content.room(cost.makes, now) {
                Room::Now => {}
                Room::At(at) => return Admission::Window(at),
                Room::AfterResponse => return Admission::AfterResponse,
            }
        }
        if cost.writes > 0 && self.care > WriteCaution::Free {
            if self.next_write > now {
                return Admission::Window(self.next_write);
            }
            if self.care == WriteCaution::ByTheHour {
                match self.hour.room(cost.writes, CAREFUL_PER_HOUR) {
                    Some(at) if at > now => return Admission::Window(at),
                    Some(_) => {}
                    None => return Admission::AfterResponse,
                }
            }
            self.next_write = now + CAREFUL_GAP * cost.writes;
        }
        self.minute_of(cost).begin(cost.points);
        self.hour.begin(cost.writes);
        self.content.begin(cost.makes);
        self.resources[cost.resource.index()].under_way += 1;
        self.granted += 1;
        Admission::Granted(self.granted)
    }

    fn minute_of(&mut self, cost: Cost) -> &mut Window {
        if cost.is_query() {
            &mut self.queries
        } else {
            &mut self.minute
        }
    }

    /// Notes that a request that was granted at `sent` was answered, or never
    /// will be; `accepted` if the server did what it was asked.
    pub(super) fn answered(&mut self, cost: Cost, sent: Duration, accepted: bool, now: Duration) {
        self.minute_of(cost).settle(cost.points, now);
        self.content.settle(cost.makes, sent, accepted, now);
        if cost.writes > 0 {
            self.hour.settle(cost.writes, now);
        }
        let resource = &mut self.resources[cost.resource.index()];
        resource.under_way = resource.under_way.saturating_sub(1);
    }

    /// Notes that request `number` met a limit, which lasts `until`. Returns
    /// whether that is later than what was known.
    pub(super) fn limited(
        &mut self,
        number: u64,
        cost: Cost,
        met: Option<SecondaryLimit>,
        until: Duration,
    ) -> bool {
        // Those that were under way together tell of one and the same event.
        if let Some(met) = met
            && number > self.judged
        {
            self.judged = self.granted;
            let is_news = cost.makes > 0 && self.content.keep();
            // The limits of content say all that there is to say of it.
            if !(is_news && met == SecondaryLimit::Content) {
                self.care = match self.care {
                    WriteCaution::Free => WriteCaution::OneByOne,
                    WriteCaution::OneByOne | WriteCaution::ByTheHour => WriteCaution::ByTheHour,
                };
            }
        }
        let known = &mut self.resources[cost.resource.index()].told_until;
        let is_later = until > *known;
        *known = until.max(*known);
        is_later
    }

    /// What was spent in the last minute, and made in the last hour.
    pub(super) fn past(&mut self, now: Duration) -> Past {
        self.minute.forget(now);
        self.queries.forget(now);
        let (made, kept) = self.content.past();
        Past {
            points: by_second(self.minute.settled()),
            queries: by_second(self.queries.settled()),
            made: by_second(made.into_iter()),
            content_limits: kept,
        }
    }

    /// Counts what was spent before this client.
    pub(super) fn remember(&mut self, past: &Past) {
        for (window, spent) in [
            (&mut self.minute, &past.points),
            (&mut self.queries, &past.queries),
        ] {
            for &(time, count) in spent {
                window.begin(count);
                window.settle(count, time);
            }
        }
        self.content.remember(&past.made);
        if past.content_limits {
            self.content.keep();
        }
    }

    /// Notes what a success says of the hour; nothing is said where a server
    /// has no limits.
    pub(super) fn note_quota(&mut self, resource: Resource, quota: Option<(Quota, Duration)>) {
        self.has_limits = quota.is_some();
        self.resources[resource.index()].quota = quota;
    }
}

/// What happened, with its times.
type Times = Vec<(Duration, u32)>;

/// What was spent of the limits lately.
#[derive(Debug)]
pub(super) struct Past {
    /// Points, but for those of queries to GraphQL.
    pub(super) points: Times,
    pub(super) queries: Times,
    /// What was made.
    pub(super) made: Times,
    /// Whether limits of content are kept.
    pub(super) content_limits: bool,
}

/// Gathers what happened within the same second, at the last moment of it.
fn by_second(times: impl Iterator<Item = (Duration, u32)>) -> Times {
    let mut gathered = Times::new();
    for (time, count) in times {
        match gathered.last_mut() {
            Some((last, sum)) if last.as_secs() == time.as_secs() => {
                *last = time;
                *sum += count;
            }
            _ => gathered.push((time, count)),
        }
    }
    gathered
}

/// The least time that `points` take in requests without a length of their
/// own, when `spent` points of the minute are used already.
pub(in crate::api) fn least_time(points: u64, spent: u32, limit: Option<PointsLimit>) -> Duration {
    let Some(PointsLimit(limit)) = limit else {
        return Duration::ZERO;
    };
    let limit = u64::from(limit.max(1));
    let total = points + u64::from(spent).min(limit);
    // The first minute's points go at once, and those of the last begin it.
    let minutes = u32::try_from(total.saturating_sub(1) / limit).unwrap_or(u32::MAX);
    MINUTE.saturating_mul(minutes)
}

#[cfg(test)]
mod tests;
