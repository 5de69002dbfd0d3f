//! Times as people and programs read them. The clock is passed in.

use jiff::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

/// Clocks of two machines differ: what is this little in the future is now.
const SKEW: i64 = 60;

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
        0..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        DAY..MONTH => (seconds / DAY, "day"),
        MONTH..YEAR => (seconds / MONTH, "month"),
        YEAR.. => (seconds / YEAR, "year"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if ahead {
        format!("in {number} {unit}{plural}")
    } else {
        format!("{number} {unit}{plural} ago")
    }
}

/// How long ago `then` was, in the width of a column: `now`, `3m`, `2h`,
/// `5d`, `4mo`, `1y`; in the future `+3m`.
pub(crate) fn age(then: Timestamp, now: Timestamp) -> String {
    let Some((ahead, seconds)) = distance(then, now) else {
        return "now".to_owned();
    };
    let (number, unit) = match seconds {
        0..HOUR => (seconds / MINUTE, "m"),
        HOUR..DAY => (seconds / HOUR, "h"),
        DAY..MONTH => (seconds / DAY, "d"),
        MONTH..YEAR => (seconds / MONTH, "mo"),
        YEAR.. => (seconds / YEAR, "y"),
    };
    format!("{}{number}{unit}", if ahead { "+" } else { "" })
}

/// Whether `then` is in the future, and how many seconds away; `None` for now.
fn distance(then: Timestamp, now: Timestamp) -> Option<(bool, u64)> {
    let passed = now.as_second() - then.as_second();
    (passed.abs() >= SKEW).then_some((passed < 0, passed.unsigned_abs()))
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
