use clap::ValueEnum;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

const DAY_SECONDS: f64 = 86_400.0;

/// The span of time that figures are about: `since` belongs to it, `until` too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

/// How long the periods are into which a window is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PeriodLength {
    Day,
    Week,
    Month,
}

impl Window {
    pub(crate) fn contains(&self, time: Timestamp) -> bool {
        self.since <= time && time <= self.until
    }

    /// Its length in days of 24 hours.
    pub(super) fn days(&self) -> f64 {
        self.until.duration_since(self.since).as_secs_f64() / DAY_SECONDS
    }

    /// The starts of the periods that the window touches, in UTC, oldest first.
    pub(super) fn periods(&self, length: PeriodLength) -> Vec<Date> {
        let last = length.start_of(self.until);
        let mut starts = vec![length.start_of(self.since)];
        while let Some(start) = starts.last()
            && *start < last
            && let Some(next) = length.next(*start)
        {
            starts.push(next);
        }
        starts
    }
}

impl PeriodLength {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first day of the period with this moment, in UTC. Weeks begin on
    /// Monday.
    pub(super) fn start_of(self, time: Timestamp) -> Date {
        let day = TimeZone::UTC.to_datetime(time).date();
        match self {
            Self::Day => day,
            Self::Week => {
                let since_monday = day.weekday().to_monday_zero_offset();
                day.checked_sub(i32::from(since_monday).days())
                    .unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
        }
    }

    fn next(self, start: Date) -> Option<Date> {
        let step = match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        };
        start.checked_add(step).ok()
    }
}

/// The beginning of a day in UTC.
pub(super) fn midnight(day: Date) -> Timestamp {
    let start = day.to_zoned(TimeZone::UTC);
    start.map_or(Timestamp::MIN, |start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(since: &str, until: &str) -> Window {
        Window {
            since: since.parse().expect("a time"),
            until: until.parse().expect("a time"),
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first_in_utc() {
        let window = window("2026-11-29T23:59:59Z", "2026-12-07T00:00:00Z");
        let starts = |length| {
            let starts = window.periods(length).into_iter();
            starts.map(|start| start.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            starts(PeriodLength::Week),
            ["2026-11-23", "2026-11-30", "2026-12-07"]
        );
        assert_eq!(starts(PeriodLength::Month), ["2026-11-01", "2026-12-01"]);
        assert_eq!(starts(PeriodLength::Day).len(), 9);
        // In New York it is still the day before.
        let late: Timestamp = "2026-11-30T23:30:00-05:00".parse().expect("a time");
        assert_eq!(PeriodLength::Day.start_of(late).to_string(), "2026-12-01");
    }

    proptest! {
        #[test]
        fn every_moment_of_a_window_is_in_one_of_its_periods(
            since in 0i64..4_000_000_000,
            length in 0i64..40_000_000,
            share in 0.0f64..=1.0,
            by in prop::sample::select(vec![PeriodLength::Day, PeriodLength::Week, PeriodLength::Month]),
        ) {
            let at = |second| Timestamp::from_second(second).expect("in range");
            let window = Window { since: at(since), until: at(since + length) };
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let moment = at(since + (length as f64 * share) as i64);
            let periods = window.periods(by);
            prop_assert!(periods.is_sorted() && periods.windows(2).all(|pair| pair[0] != pair[1]));
            let own = periods.iter().filter(|start| **start == by.start_of(moment));
            prop_assert_eq!(own.count(), 1);
            let containing = periods.iter().rfind(|start| midnight(**start) <= moment);
            prop_assert_eq!(containing.copied(), Some(by.start_of(moment)));
        }
    }
}
