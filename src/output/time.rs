//! Times for people and programs. The current time is an argument.

use jiff::Timestamp;

use super::count::counted;

const MINUTE_SECONDS: u64 = 60;
const HOUR_SECONDS: u64 = 60 * MINUTE_SECONDS;
const DAY_SECONDS: u64 = 24 * HOUR_SECONDS;
const MONTH_SECONDS: u64 = 30 * DAY_SECONDS;
const YEAR_SECONDS: u64 = 365 * DAY_SECONDS;

/// Clocks differ between machines, so a time this short in the future counts as
/// now.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// The time in RFC 3339, in UTC, such as `2026-01-31T12:00:00Z`.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    time.to_string()
}

/// How long ago `then` was: `3 minutes ago`, `just now`, `in 2 hours`.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let Some((ahead, seconds)) = distance(then, now) else {
        return "just now".to_owned();
    };
    let (number, unit) = match seconds {
        0..HOUR_SECONDS => (seconds / MINUTE_SECONDS, "minute"),
        HOUR_SECONDS..DAY_SECONDS => (seconds / HOUR_SECONDS, "hour"),
        DAY_SECONDS..MONTH_SECONDS => (seconds / DAY_SECONDS, "day"),
        MONTH_SECONDS..YEAR_SECONDS => (seconds / MONTH_SECONDS, "month"),
        YEAR_SECONDS.. => (seconds / YEAR_SECONDS, "year"),
    };
    let distance = counted(number, unit);
    if ahead {
        format!("in {distance}")
    } else {
        format!("{distance} ago")
    }
}

/// How long ago `then` was, in short: `now`, `3m`, `2h`, `5d`, `4mo`, `1y`; in
/// the future `+3m`.
pub(crate) fn age(then: Timestamp, now: Timestamp) -> String {
    let Some((ahead, seconds)) = distance(then, now) else {
        return "now".to_owned();
    };
    let (number, unit) = match seconds {
        0..HOUR_SECONDS => (seconds / MINUTE_SECONDS, "m"),
        HOUR_SECONDS..DAY_SECONDS => (seconds / HOUR_SECONDS, "h"),
        DAY_SECONDS..MONTH_SECONDS => (seconds / DAY_SECONDS, "d"),
        MONTH_SECONDS..YEAR_SECONDS => (seconds / MONTH_SECONDS, "mo"),
        YEAR_SECONDS.. => (seconds / YEAR_SECONDS, "y"),
    };
    format!("{}{number}{unit}", if ahead { "+" } else { "" })
}

/// Whether `then` is in the future, and the distance in seconds; `None` for
/// now.
fn distance(then: Timestamp, now: Timestamp) -> Option<(bool, u64)> {
    let passed = now.as_second() - then.as_second();
    (passed.abs() >= CLOCK_SKEW_SECONDS).then_some((passed < 0, passed.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_in_the_largest_whole_unit() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let now = 2_000_000_000;
        for (passed, long, short) in [
            (0, "just now", "now"),
            (59, "just now", "now"),
            (-59, "just now", "now"),
            (60, "1 minute ago", "1m"),
            (3599, "59 minutes ago", "59m"),
            (3600, "1 hour ago", "1h"),
            (86_399, "23 hours ago", "23h"),
            (86_400, "1 day ago", "1d"),
            (29 * 86_400, "29 days ago", "29d"),
            (30 * 86_400, "1 month ago", "1mo"),
            (364 * 86_400, "12 months ago", "12mo"),
            (365 * 86_400, "1 year ago", "1y"),
            (-7200, "in 2 hours", "+2h"),
        ] {
            assert_eq!(ago(at(now - passed), at(now)), long, "{passed}");
            assert_eq!(age(at(now - passed), at(now)), short, "{passed}");
        }
        assert_eq!(rfc3339(at(now)), "2033-05-18T03:33:20Z");
    }

    #[test]
    fn the_ends_of_time_are_far_away() {
        assert_eq!(ago(Timestamp::MIN, Timestamp::MAX), "20012 years ago");
    }
}
