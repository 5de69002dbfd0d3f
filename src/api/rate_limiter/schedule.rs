use std::time::Duration;

use super::super::rate::{PointsLimit, Quota};
use super::content_limits::{Content, Room};
use super::window::{HOUR, MINUTE, Window};

/// The pause between two writes once the server has reported too many of them.
const CAREFUL_GAP: Duration = Duration::from_secs(1);
/// The limit of writes per hour once the server has rejected even single ones.
const CAREFUL_PER_HOUR: u32 = 500;

/// The API that a request counts against.
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

/// The cost of a request.
#[derive(Clone, Copy, Debug)]
pub(in crate::api) struct Cost {
    pub(in crate::api) points: u32,
    /// How many objects it creates or changes; 0 for a read.
    pub(in crate::api) writes: u32,
    /// How many objects it creates.
    pub(in crate::api) makes: u32,
    pub(in crate::api) resource: Resource,
}

impl Cost {
    fn is_query(self) -> bool {
        self.resource == Resource::GraphQl && self.writes == 0
    }
}

/// Whether a request may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Yes, as the request with this number. It counts from now on.
    Granted(u64),
    /// Not before this time: the points of the minute are used up, or writes
    /// are sent one by one, or too many objects were created.
    Window(Duration),
    /// Not before this time: the server said so.
    ServerLimit(Duration),
    /// Not before this time: the hourly quota is used up.
    Quota(Duration),
    /// Not before a request in flight has got its response.
    AfterResponse,
}

/// A secondary rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecondaryLimit {
    /// The limit for created content, by the server's message.
    Content,
    /// Another limit, or an unnamed one.
    Other,
}

/// How much writes are slowed down after the server has reported too many of
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum WriteCaution {
    /// Not at all, except by points.
    Free,
    /// To one write per second, which is below 80 per minute.
    OneByOne,
    /// And to 500 writes per hour.
    ByTheHour,
}

#[derive(Clone, Copy, Debug, Default)]
struct ByResource {
    reported_until: Duration,
    quota: Option<(Quota, Duration)>,
    under_way: u64,
}

/// Decides when requests may be sent. It has no clock: all times are since the
/// client's time zero.
///
/// A request counts from the moment it is sent until one minute after its
/// response. The server counts it at one moment in between, so no minute of the
/// server's clock has more points than the limit, however slow or uneven the
/// network is.
#[derive(Debug)]
pub(super) struct Schedule {
    limit: Option<PointsLimit>,
    has_limits: bool,
    minute: Window,
    /// The points of GraphQL queries in the last minute.
    queries: Window,
    /// Writes in the last hour, for [`WriteCaution::ByTheHour`].
    hour: Window,
    content: Content,
    care: WriteCaution,
    next_write: Duration,
    resources: [ByResource; 2],
    granted: u64,
    /// Requests up to this number were sent before the server's last report of
    /// a limit.
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

    /// Decides whether a request may be sent now; if so, it counts. With
    /// `past_quota`, the hourly quota is left to the server.
    pub(super) fn ask(&mut self, cost: Cost, now: Duration, past_quota: bool) -> Admission {
        self.minute.forget(now);
        self.queries.forget(now);
        self.hour.forget(now);
        let resource = &self.resources[cost.resource.index()];
        if resource.reported_until > now {
            return Admission::ServerLimit(resource.reported_until);
        }
        if let Some((quota, reset)) = resource.quota
            && !past_quota
            && reset > now
            && quota.remaining <= resource.under_way
        {
            // Requests in flight may turn out not to have counted.
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

    /// Notes that a request that was granted at `sent` has got its response, or
    /// never will. It was `accepted` if the server did what it asked for.
    pub(super) fn answered(&mut self, cost: Cost, sent: Duration, accepted: bool, now: Duration) {
        self.minute_of(cost).settle(cost.points, now);
        self.content.settle(cost.makes, sent, accepted, now);
        if cost.writes > 0 {
            self.hour.settle(cost.writes, now);
        }
        let resource = &mut self.resources[cost.resource.index()];
        resource.under_way = resource.under_way.saturating_sub(1);
    }

    /// Notes that request `number` met a limit that lasts `until`. Returns
    /// whether that is later than what was known.
    pub(super) fn limited(
        &mut self,
        number: u64,
        cost: Cost,
        met: Option<SecondaryLimit>,
        until: Duration,
    ) -> bool {
        // Requests that were in flight together report the same event.
        if let Some(met) = met
            && number > self.judged
        {
            self.judged = self.granted;
            let is_news = cost.makes > 0 && self.content.keep();
            // The limits of content describe this completely.
            if !(is_news && met == SecondaryLimit::Content) {
                self.care = match self.care {
                    WriteCaution::Free => WriteCaution::OneByOne,
                    WriteCaution::OneByOne | WriteCaution::ByTheHour => WriteCaution::ByTheHour,
                };
            }
        }
        let known = &mut self.resources[cost.resource.index()].reported_until;
        let is_later = until > *known;
        *known = until.max(*known);
        is_later
    }

    /// The usage of the last minute, and the objects created in the last hour.
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

    /// Adds the usage before this client.
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

    /// Notes the quota that a success reports; servers without limits report
    /// none.
    pub(super) fn note_quota(&mut self, resource: Resource, quota: Option<(Quota, Duration)>) {
        self.has_limits = quota.is_some();
        self.resources[resource.index()].quota = quota;
    }
}

/// Amounts with their times.
type Times = Vec<(Duration, u32)>;

/// The recent usage of the limits.
#[derive(Debug)]
pub(super) struct Past {
    /// Points, except for those of GraphQL queries.
    pub(super) points: Times,
    pub(super) queries: Times,
    /// Created objects.
    pub(super) made: Times,
    /// Whether the server enforces limits of content.
    pub(super) content_limits: bool,
}

/// Combines the amounts of the same second, at its last moment.
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

/// The minimum time for requests worth `points`, ignoring the duration of the
/// requests, if `spent` points of the current minute are used already.
pub(in crate::api) fn least_time(points: u64, spent: u32, limit: Option<PointsLimit>) -> Duration {
    let Some(PointsLimit(limit)) = limit else {
        return Duration::ZERO;
    };
    let limit = u64::from(limit.max(1));
    let total = points + u64::from(spent).min(limit);
    // The points of the first minute can be used at once, and those of the last
    // one at its beginning.
    let minutes = u32::try_from(total.saturating_sub(1) / limit).unwrap_or(u32::MAX);
    MINUTE.saturating_mul(minutes)
}

#[cfg(test)]
mod tests;
