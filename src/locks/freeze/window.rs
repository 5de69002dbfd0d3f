use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// When a freeze is in force, by the clocks of a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// Between two moments; without one of them, on that side without an end.
    Once {
        from: Option<Moment>,
        until: Option<Moment>,
    },
    /// Every week.
    Weekly(Vec<WeeklySpan>),
}

/// A date, or a date and a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Date(Date),
    DateTime(DateTime),
}

/// A part of each week, such as `Fri 16:00 - Mon 08:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WeeklySpan {
    text: String,
    from: (Weekday, Time),
    /// How many days after its beginning it ends, and when.
    until: (i64, Time),
}

/// One time that a freeze is in force: from its start until right before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) start: Option<Timestamp>,
    pub(crate) end: Option<Timestamp>,
}

impl Occurrence {
    pub(crate) fn contains(&self, now: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= now) && self.end.is_none_or(|end| now < end)
    }
}

impl Window {
    /// The occurrence at `now`, or else the next one; `None` if it is over.
    pub(crate) fn occurrence(&self, now: Timestamp, zone: &TimeZone) -> Option<Occurrence> {
        match self {
            Self::Once { from, until } => {
                let once = Occurrence {
                    start: from.and_then(|from| start(from.begin(), zone)),
                    end: until.and_then(|until| end(until.end()?, zone)),
                };
                once.end.is_none_or(|end| now < end).then_some(once)
            }
            Self::Weekly(spans) => spans
                .iter()
                .filter_map(|span| span.occurrence(now, zone))
                // One that is in force comes before those to come, and the one
                // that lasts longest before the others in force.
                .min_by_key(|one| {
                    let is_now = one.contains(now);
                    let end = one.end.map_or(i64::MAX, Timestamp::as_second);
                    let start = one.start.map_or(i64::MIN, Timestamp::as_second);
                    (!is_now, if is_now { -end } else { start })
                }),
        }
    }

    /// Why the window never happens; `None` if it does.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Once {
                from: Some(from),
                until: Some(until),
            } => until.end().is_some_and(|end| from.begin() >= end),
            Self::Once { .. } => false,
            Self::Weekly(spans) => spans.is_empty(),
        }
    }
}

impl Moment {
    fn begin(self) -> DateTime {
        match self {
            Self::Date(date) => date.at(0, 0, 0, 0),
            Self::DateTime(time) => time,
        }
    }

    /// A date includes its day. `None` after the last day of the calendar.
    fn end(self) -> Option<DateTime> {
        match self {
            Self::Date(date) => Some(date.tomorrow().ok()?.at(0, 0, 0, 0)),
            Self::DateTime(time) => Some(time),
        }
    }
}

/// The moment at which clocks show a time. If they skip or repeat it, the
/// earliest that it could mean.
fn start(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let zoned = zone.to_ambiguous_zoned(time).earlier().ok()?;
    Some(zoned.timestamp())
}

/// The moment at which clocks show a time. If they skip or repeat it, the latest
/// that it could mean.
fn end(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let zoned = zone.to_ambiguous_zoned(time).later().ok()?;
    Some(zoned.timestamp())
}

impl WeeklySpan {
    fn occurrence(&self, now: Timestamp, zone: &TimeZone) -> Option<Occurrence> {
        let today = now.to_zoned(zone.clone()).date();
        // A span is shorter than a week, so one that began earlier is over.
        (-8i64..=8)
            .filter_map(|days| today.checked_add(Span::new().days(days)).ok())
            .filter(|day| day.weekday() == self.from.0)
            .filter_map(|day| {
                let (days, time) = self.until;
                let last = day.checked_add(days.days()).ok()?;
                Some(Occurrence {
                    start: Some(start(day.to_datetime(self.from.1), zone)?),
                    end: Some(end(last.to_datetime(time), zone)?),
                })
            })
            .find(|one| one.end.is_some_and(|end| now < end))
    }
}

impl FromStr for WeeklySpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no part of a week; write \"Fri 16:00 - Mon 08:00\"");
        let (from, until) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let from = weekday_and_time(from).filter(|(_, _, days)| *days == 0);
        let (first, begin, _) = from.ok_or_else(wrong)?;
        let (last, end, more) = weekday_and_time(until).ok_or_else(wrong)?;
        let between = i64::from(last.to_monday_zero_offset()) + more
            - i64::from(first.to_monday_zero_offset());
        let mut days = between.rem_euclid(7);
        if days == 0 && end == begin {
            return Err(format!("{text:?} never happens: it ends when it begins"));
        }
        if days == 0 && end < begin {
            days = 7;
        }
        Ok(Self {
            text: text.to_owned(),
            from: (first, begin),
            until: (days, end),
        })
    }
}

/// Reads `Fri 16:00`: the day, the time, and how many days are to be added, since
/// `24:00` is the beginning of the next day.
fn weekday_and_time(text: &str) -> Option<(Weekday, Time, i64)> {
    let (day, time) = text.trim().split_once(char::is_whitespace)?;
    let day = match day.to_ascii_lowercase().as_str() {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    };
    let time = time.trim();
    if time == "24:00" {
        return Some((day, Time::midnight(), 1));
    }
    let (hour, minute) = time.split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i8>().ok().filter(|_| is_number)
    };
    let time = Time::new(number(hour)?, number(minute)?, 0, 0).ok()?;
    Some((day, time, 0))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::DateTime(time) => time.fmt(f),
        }
    }
}

impl fmt::Display for WeeklySpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZoneDatabase::bundled().get(name).expect("a time zone")
    }

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn weekly(text: &str) -> Window {
        Window::Weekly(vec![text.parse().expect("a span")])
    }

    fn dates(from: &str, until: &str) -> Window {
        let moment = |text: &str| {
            if text.contains('T') {
                text.parse().map(Moment::DateTime).ok()
            } else {
                text.parse().map(Moment::Date).ok()
            }
        };
        Window::Once {
            from: moment(from),
            until: moment(until),
        }
    }

    /// The first second of the window and the first second after it.
    #[track_caller]
    fn holds(window: &Window, zone: &TimeZone, from: &str, until: &str) {
        let second = 1.second();
        let frozen = |now: Timestamp| {
            let one = window.occurrence(now, zone);
            one.is_some_and(|one| one.contains(now))
        };
        let (from, until) = (time(from), time(until));
        assert!(!frozen(from - second), "before {from}");
        assert!(frozen(from), "{from}");
        assert!(frozen(until - second), "before {until}");
        assert!(!frozen(until), "{until}");
    }

    #[test]
    fn a_weekend_is_longer_or_shorter_when_the_clocks_change() {
        let weekend = weekly("Fri 16:00 - Mon 08:00");
        let berlin = zone("Europe/Berlin");
        // An ordinary one, then the last Sundays of March and October.
        for (from, until, hours) in [
            ("2026-06-12T14:00:00Z", "2026-06-15T06:00:00Z", 64),
            ("2026-03-27T15:00:00Z", "2026-03-30T06:00:00Z", 63),
            ("2026-10-23T14:00:00Z", "2026-10-26T07:00:00Z", 65),
        ] {
            holds(&weekend, &berlin, from, until);
            assert_eq!(time(until).duration_since(time(from)).as_hours(), hours);
        }
        let new_york = zone("America/New_York");
        for (from, until) in [
            ("2026-03-06T21:00:00Z", "2026-03-09T12:00:00Z"),
            ("2026-10-30T20:00:00Z", "2026-11-02T13:00:00Z"),
        ] {
            holds(&weekend, &new_york, from, until);
        }
    }

    #[test]
    fn a_date_means_its_whole_day_where_it_is() {
        // These days have 23 and 25 hours.
        for (name, day, from, until) in [
            (
                "Europe/Berlin",
                "2026-03-29",
                "2026-03-28T23:00:00Z",
                "2026-03-29T22:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-10-25",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z",
            ),
            (
                "America/New_York",
                "2026-03-08",
                "2026-03-08T05:00:00Z",
                "2026-03-09T04:00:00Z",
            ),
            (
                "America/New_York",
                "2026-11-01",
                "2026-11-01T04:00:00Z",
                "2026-11-02T05:00:00Z",
            ),
            (
                "UTC",
                "2026-12-31",
                "2026-12-31T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
        ] {
            holds(&dates(day, day), &zone(name), from, until);
        }
        holds(
            &dates("2026-12-20", "2027-01-02"),
            &zone("Europe/Berlin"),
            "2026-12-19T23:00:00Z",
            "2027-01-02T23:00:00Z",
        );
    }

    #[test]
    fn a_time_that_is_skipped_or_repeated_freezes_for_longer() {
        let berlin = zone("Europe/Berlin");
        // 02:30 does not exist on 29 March, and exists twice on 25 October.
        holds(
            &dates("2026-03-29T02:30:00", "2026-03-30T00:00:00"),
            &berlin,
            "2026-03-29T00:30:00Z",
            "2026-03-29T22:00:00Z",
        );
        holds(
            &dates("2026-10-24T00:00:00", "2026-10-25T02:30:00"),
            &berlin,
            "2026-10-23T22:00:00Z",
            "2026-10-25T01:30:00Z",
        );
        holds(
            &weekly("Sun 02:30 - Sun 02:45"),
            &berlin,
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:45:00Z",
        );
    }

    #[test]
    fn times_without_an_end_and_those_that_are_over() {
        let utc = zone("UTC");
        let open = dates("2026-12-20", "");
        assert!(
            open.occurrence(time("2099-01-01T00:00:00Z"), &utc)
                .is_some()
        );
        let past = dates("", "2026-12-20");
        let now = time("2026-12-20T23:59:59Z");
        assert!(
            past.occurrence(now, &utc)
                .is_some_and(|one| one.contains(now))
        );
        assert_eq!(past.occurrence(time("2026-12-21T00:00:00Z"), &utc), None);
        let next = dates("2026-12-20", "2026-12-21")
            .occurrence(time("2026-01-01T00:00:00Z"), &utc)
            .expect("to come");
        assert_eq!(next.start, Some(time("2026-12-20T00:00:00Z")));
        assert!(dates("2026-12-21", "2026-12-20").is_empty());
        assert!(dates("2026-12-20T10:00:00", "2026-12-20T10:00:00").is_empty());
        assert!(!dates("2026-12-20", "2026-12-20").is_empty());
    }

    #[test]
    fn parts_of_a_week_are_read() {
        let utc = zone("UTC");
        holds(
            &weekly("sat 00:00 - Sunday 24:00"),
            &utc,
            "2026-06-13T00:00:00Z",
            "2026-06-15T00:00:00Z",
        );
        holds(
            &weekly("Mon 09:00 – Mon 10:30"),
            &utc,
            "2026-06-15T09:00:00Z",
            "2026-06-15T10:30:00Z",
        );
        holds(
            &weekly("Mon 10:00 - Mon 09:00"),
            &utc,
            "2026-06-15T10:00:00Z",
            "2026-06-22T09:00:00Z",
        );
        for text in [
            "",
            "Fri",
            "Fri 16:00",
            "Fri 16:00 - Mon",
            "Fri 16:00 - Mon 8:00",
            "Fri 24:00 - Mon 08:00",
            "Fri 25:00 - Mon 08:00",
            "Fri 16:60 - Mon 08:00",
            "Fry 16:00 - Mon 08:00",
            "Fri 16:00 - Mon +8:00",
        ] {
            assert!(text.parse::<WeeklySpan>().is_err(), "{text:?}");
        }
        let empty = "Fri 16:00 - Fri 16:00".parse::<WeeklySpan>();
        assert!(empty.expect_err("empty").contains("never happens"));
    }

    proptest! {
        /// Whatever the clocks do: what they show decides, away from the hours
        /// that they skip or repeat.
        #[test]
        fn a_weekly_window_follows_the_clocks_on_the_wall(
            second in 1_700_000_000i64..2_000_000_000,
            (from_day, from_hour) in (0i8..7, 4i8..24),
            (until_day, until_hour) in (0i8..7, 4i8..24),
            name in proptest::sample::select(vec!["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
        ) {
            const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            let days = |day: i8| DAYS[usize::try_from(day).expect("a day")];
            let text = format!("{} {from_hour:02}:00 - {} {until_hour:02}:00", days(from_day), days(until_day));
            prop_assume!((from_day, from_hour) != (until_day, until_hour));
            let window = weekly(&text);
            let (zone, now) = (zone(name), Timestamp::from_second(second).expect("a time"));
            let wall = now.to_zoned(zone.clone()).datetime();
            let minute = |day: i8, hour: i8, minute: i8| (i32::from(day) * 24 + i32::from(hour)) * 60 + i32::from(minute);
            let shown = minute(wall.weekday().to_monday_zero_offset(), wall.hour(), wall.minute());
            let (from, until) = (minute(from_day, from_hour, 0), minute(until_day, until_hour, 0));
            let expected = if from < until { (from..until).contains(&shown) } else { !(until..from).contains(&shown) };
            let frozen = window.occurrence(now, &zone).is_some_and(|one| one.contains(now));
            prop_assert_eq!(frozen, expected, "{} at {} in {}", text, now, name);
        }

        #[test]
        fn any_text_is_a_span_or_refused(text in ".{0,40}") {
            let _ = text.parse::<WeeklySpan>();
        }
    }
}
