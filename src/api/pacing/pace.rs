use std::time::Duration;

use super::content::{Content, Room};
use super::window::{HOUR, MINUTE, Window};

/// The pause between two writes once the server said that they are too many.
const CAREFUL_GAP: Duration = Duration::from_secs(1);
/// So many writes an hour once even one by one they are too many.
const CAREFUL_PER_HOUR: u32 = 500;

/// So many points in any 60 seconds. A read is 1 point, a write 5.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointsLimit(pub u32);

impl PointsLimit {
    /// What GitHub allows for an endpoint of REST. It is kept for all of them
    /// together, and for what GraphQL changes with them.
    pub const GITHUB: Self = Self(900);

    /// What is left for queries to GraphQL, which has 2,000 points of its own,
    /// when all of this went to its mutations.
    fn of_queries(self) -> u32 {
        self.0.saturating_mul(11) / 9
    }
}

/// The quota of an hour, in requests (REST) or points (GraphQL).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What an hour has.
    pub limit: u64,
    /// What is left of this one.
    pub remaining: u64,
}

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
pub(super) enum Ask {
    /// Yes, under this number; it counts from now on.
    Granted(u64),
    /// Not before then: the minute is full, or writes come one by one, or
    /// enough was made.
    Window(Duration),
    /// Not before then: the server said so.
    Told(Duration),
    /// Not before then: the hour is used up.
    Quota(Duration),
    /// Not before one of those under way is answered.
    AfterAnswer,
}

/// A limit beside the quota of the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secondary {
    /// The one for content that is made, in the server's words.
    Content,
    /// Another one, or one without a name.
    Other,
}

/// How careful writes are, after the server said that they were too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Care {
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
pub(super) struct Pace {
    limit: Option<PointsLimit>,
    has_limits: bool,
    minute: Window,
    /// What queries to GraphQL cost in the last minute.
    queries: Window,
    /// Writes in the last hour, for [`Care::ByTheHour`].
    hour: Window,
    content: Content,
    care: Care,
    next_write: Duration,
    resources: [ByResource; 2],
    granted: u64,
    /// Requests up to this number were sent before the server's last word.
    judged: u64,
}

impl Pace {
    pub(super) fn new(limit: Option<PointsLimit>) -> Self {
        Self {
            limit,
            has_limits: true,
            minute: Window::new(MINUTE),
            queries: Window::new(MINUTE),
            hour: Window::new(HOUR),
            content: Content::new(),
            care: Care::Free,
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
    pub(super) fn ask(&mut self, cost: Cost, now: Duration, past_quota: bool) -> Ask {
        self.minute.forget(now);
        self.queries.forget(now);
        self.hour.forget(now);
        let resource = &self.resources[cost.resource.index()];
        if resource.told_until > now {
            return Ask::Told(resource.told_until);
        }
        if let Some((quota, reset)) = resource.quota
            && !past_quota
            && reset > now
            && quota.remaining <= resource.under_way
        {
            // What is under way may turn out not to have counted.
            return if quota.remaining > 0 {
                Ask::AfterAnswer
            } else {
                Ask::Quota(reset)
            };
        }
        if let Some(limit) = self.limit() {
            let room = if cost.is_query() {
                self.queries.room(cost.points, limit.of_queries())
            } else {
                self.minute.room(cost.points, limit.0)
            };
            match room {
                Some(at) if at > now => return Ask::Window(at),
                Some(_) => {}
                None => return Ask::AfterAnswer,
            }
        }
        if cost.makes > 0 && self.limit().is_some() {
            match self.content.room(cost.makes, now) {
                Room::Now => {}
                Room::At(at) => return Ask::Window(at),
                Room::AfterAnswer => return Ask::AfterAnswer,
            }
        }
        if cost.writes > 0 && self.care > Care::Free {
            if self.next_write > now {
                return Ask::Window(self.next_write);
            }
            if self.care == Care::ByTheHour {
                match self.hour.room(cost.writes, CAREFUL_PER_HOUR) {
                    Some(at) if at > now => return Ask::Window(at),
                    Some(_) => {}
                    None => return Ask::AfterAnswer,
                }
            }
            self.next_write = now + CAREFUL_GAP * cost.writes;
        }
        self.minute_of(cost).begin(cost.points);
        self.hour.begin(cost.writes);
        self.content.begin(cost.makes);
        self.resources[cost.resource.index()].under_way += 1;
        self.granted += 1;
        Ask::Granted(self.granted)
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
        met: Option<Secondary>,
        until: Duration,
    ) -> bool {
        // Those that were under way together tell of one and the same event.
        if let Some(met) = met
            && number > self.judged
        {
            self.judged = self.granted;
            let is_news = cost.makes > 0 && self.content.keep();
            // The limits of content say all that there is to say of it.
            if !(is_news && met == Secondary::Content) {
                self.care = match self.care {
                    Care::Free => Care::OneByOne,
                    Care::OneByOne | Care::ByTheHour => Care::ByTheHour,
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
    pub(super) fn told_quota(&mut self, resource: Resource, quota: Option<(Quota, Duration)>) {
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cost(writes: u32) -> Cost {
        Cost {
            points: if writes > 0 { 5 } else { 1 },
            writes,
            makes: 0,
            resource: Resource::Rest,
        }
    }

    #[derive(Clone, Debug)]
    struct Sent {
        write: bool,
        /// Thinking before it is asked for, until the server sees it, and
        /// until the answer is here: milliseconds.
        before: u64,
        there: u64,
        back: u64,
    }

    fn sent() -> impl Strategy<Value = Sent> {
        let network = || prop_oneof![3 => 0_u64..300, 1 => 0_u64..70_000];
        (any::<bool>(), 0_u64..50, network(), network()).prop_map(|(write, before, there, back)| {
            Sent {
                write,
                before,
                there,
                back,
            }
        })
    }

    /// Runs requests through the pace, `at_once` at a time, and gives the
    /// times in milliseconds at which the server counts them, with points.
    fn run(requests: &[Sent], at_once: usize, limit: u32) -> Vec<(u64, u32)> {
        let mut pace = Pace::new(Some(PointsLimit(limit)));
        let mut now = Duration::ZERO;
        let mut under_way: Vec<(Duration, Cost)> = Vec::new();
        let mut counted = Vec::new();
        for request in requests {
            now += Duration::from_millis(request.before);
            let cost = cost(u32::from(request.write));
            loop {
                under_way.sort_by_key(|(end, _)| *end);
                while under_way.first().is_some_and(|(end, _)| *end <= now) {
                    let (end, cost) = under_way.remove(0);
                    pace.answered(cost, Duration::ZERO, true, end);
                }
                let next_end = under_way.first().map(|(end, _)| *end);
                if under_way.len() >= at_once {
                    now = next_end.expect("some are under way");
                    continue;
                }
                match pace.ask(cost, now, false) {
                    Ask::Granted(_) => break,
                    Ask::Window(at) => now = next_end.map_or(at, |end| end.min(at)),
                    Ask::AfterAnswer => now = next_end.expect("some are under way"),
                    other => panic!("{other:?}"),
                }
            }
            let seen = now + Duration::from_millis(request.there);
            let millis = u64::try_from(seen.as_millis()).expect("short");
            counted.push((millis, cost.points));
            under_way.push((seen + Duration::from_millis(request.back), cost));
        }
        counted
    }

    fn most_in_a_minute(mut counted: Vec<(u64, u32)>) -> u32 {
        counted.sort_unstable();
        let mut most = 0;
        for (at, &(end, _)) in counted.iter().enumerate() {
            let within = counted[..=at]
                .iter()
                .filter(|(time, _)| time + 60_000 > end);
            most = most.max(within.map(|(_, points)| points).sum());
        }
        most
    }

    proptest! {
        #[test]
        fn no_minute_of_the_server_has_more_points_than_the_limit(
            requests in proptest::collection::vec(sent(), 1..400),
            at_once in 1_usize..20,
            limit in prop_oneof![Just(900_u32), 5_u32..200],
        ) {
            let counted = run(&requests, at_once, limit);
            prop_assert_eq!(counted.len(), requests.len());
            prop_assert!(most_in_a_minute(counted) <= limit);
        }

        #[test]
        fn no_time_is_wasted_on_a_quick_network(count in 1_usize..1200) {
            let quick = Sent { write: true, before: 0, there: 0, back: 0 };
            let counted = run(&vec![quick; count], 10, 900);
            let last = counted.last().expect("one at least").0;
            let least = least_time(count as u64 * 5, 0, Some(PointsLimit::GITHUB));
            prop_assert_eq!(Duration::from_millis(last), least);
        }
    }

    #[test]
    fn the_measure_of_the_test_above_can_fail() {
        assert_eq!(most_in_a_minute(vec![(0, 5), (59_999, 5), (60_000, 5)]), 10);
    }

    #[test]
    fn queries_have_points_of_their_own_and_graphql_no_more_than_it_has() {
        let query = Cost {
            resource: Resource::GraphQl,
            ..cost(0)
        };
        let mutation = Cost {
            resource: Resource::GraphQl,
            ..cost(1)
        };
        let mut pace = Pace::new(Some(PointsLimit::GITHUB));
        let mut all = |cost: Cost| {
            let granted = |_: &u32| {
                let asked = pace.ask(cost, Duration::ZERO, false);
                let is_granted = matches!(asked, Ask::Granted(_));
                if is_granted {
                    pace.answered(cost, Duration::ZERO, true, Duration::ZERO);
                }
                is_granted
            };
            let count = (0..10_000).take_while(granted).count();
            count * cost.points as usize
        };
        let points = all(mutation) + all(query);
        assert_eq!(points, 2000);
        assert_eq!(all(cost(0)), 0);
        assert_eq!(pace.ask(query, Duration::ZERO, false), Ask::Window(MINUTE));
        assert_eq!(pace.spent(Duration::ZERO), 900);
    }

    #[test]
    fn care_grows_with_each_event_and_not_with_each_answer() {
        let mut pace = Pace::new(Some(PointsLimit::GITHUB));
        let mut now = Duration::ZERO;
        for _ in 0..10 {
            assert!(matches!(pace.ask(cost(1), now, false), Ask::Granted(_)));
        }
        for number in 1..=10 {
            let other = Some(Secondary::Other);
            pace.limited(number, cost(1), other, Duration::from_secs(60));
            pace.answered(cost(1), now, false, now);
        }
        assert_eq!(pace.care, Care::OneByOne);
        now += MINUTE;
        let Ask::Granted(number) = pace.ask(cost(1), now, false) else {
            panic!("a minute is over");
        };
        assert_eq!(
            pace.ask(cost(1), now, false),
            Ask::Window(now + CAREFUL_GAP)
        );
        assert!(
            matches!(pace.ask(cost(0), now, false), Ask::Granted(_)),
            "reads go"
        );
        pace.limited(number, cost(1), Some(Secondary::Other), now);
        assert_eq!(pace.care, Care::ByTheHour);
        pace.limited(99, cost(1), None, now);
        assert_eq!(pace.care, Care::ByTheHour, "the hour's quota is no reason");
    }

    #[test]
    fn by_the_hour_there_are_500_writes() {
        let mut pace = Pace::new(None);
        pace.care = Care::ByTheHour;
        let mut now = Duration::ZERO;
        for _ in 0..500 {
            loop {
                match pace.ask(cost(1), now, false) {
                    Ask::Granted(_) => break,
                    Ask::Window(at) => now = at,
                    other => panic!("{other:?}"),
                }
            }
            pace.answered(cost(1), now, true, now);
        }
        assert_eq!(now, Duration::from_secs(499));
        now += CAREFUL_GAP;
        assert_eq!(pace.ask(cost(1), now, false), Ask::Window(HOUR));
    }

    #[test]
    fn the_least_time_is_that_of_performance_computed_by_hand() {
        let time = |points, spent| least_time(points, spent, Some(PointsLimit::GITHUB)).as_secs();
        assert_eq!(time(900, 0), 0);
        assert_eq!(time(901, 0), 60);
        assert_eq!(time(5_000, 0), 300);
        assert_eq!(time(10_000, 0), 660);
        assert_eq!(time(5, 900), 60);
        assert_eq!(time(0, 0), 0);
        assert_eq!(least_time(10_000, 0, None), Duration::ZERO);
    }
}
