use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use super::{parse_duration, parse_span};

/// The shortest interval between two requests of a poll.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);

/// Parses an interval of polling. Intervals that would be unkind to a server
/// become the shortest one.
pub(crate) fn parse_interval(text: &str) -> Result<Duration, String> {
    Ok(parse_duration(text)?.max(SHORTEST_INTERVAL))
}

/// Parses an age: a duration with a unit, since a plain number could mean
/// seconds or days.
pub(crate) fn parse_age(text: &str) -> Result<Duration, String> {
    parse_span(text.trim())
        .and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(|| format!("{text:?} is no age; write 30d, 12h or 90m"))
}

/// Parses a point in time: a duration before `now` (`7d`), a day (`2026-01-31`,
/// from its start in the time zone of `now`), or RFC 3339.
pub(crate) fn parse_moment(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    let wrong = || {
        format!("{text:?} is no point in time; write 7d, 12h, 2026-01-31 or 2026-01-31T12:00:00Z")
    };
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(day) = text.parse::<Date>() {
        let start = day.to_zoned(now.time_zone().clone());
        return start.map(|start| start.timestamp()).map_err(|_| wrong());
    }
    let ago = parse_span(text).ok_or_else(wrong)?;
    now.timestamp().checked_sub(ago).map_err(|_| wrong())
}

/// Formats a duration as it is entered: `45s`, `2m 40s`, `1h 5m`.
pub(crate) fn in_words(length: Duration) -> String {
    let seconds = length.as_secs() + u64::from(length.subsec_nanos() > 0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, 0) => format!("{minutes}m"),
        (0, minutes, seconds) => format!("{minutes}m {seconds}s"),
        (hours, 0, _) => format!("{hours}h"),
        (hours, minutes, _) => format!("{hours}h {minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_reported_as_they_are_typed() {
        for (seconds, text) in [
            (0.0, "0s"),
            (0.2, "1s"),
            (60.0, "1m"),
            (160.0, "2m 40s"),
            (3600.0, "1h"),
            (3999.0, "1h 6m"),
        ] {
            let length = Duration::from_secs_f64(seconds);
            assert_eq!(in_words(length), text);
            assert!(parse_duration(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_age_has_a_unit() {
        assert_eq!(parse_age(" 2d"), Ok(Duration::from_hours(48)));
        for text in ["", "7", "0.5", "-7d", "old"] {
            assert!(parse_age(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn moments_are_read() {
        let now: Zoned = "2026-02-01T12:00:00+01:00[+01:00]".parse().expect("valid");
        for (text, moment) in [
            ("7d", "2026-01-25T11:00:00Z"),
            ("12h", "2026-01-31T23:00:00Z"),
            ("2026-01-31", "2026-01-30T23:00:00Z"),
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00+02:00", "2026-01-31T08:00:00Z"),
        ] {
            let expected: Timestamp = moment.parse().expect("valid");
            assert_eq!(parse_moment(text, &now), Ok(expected), "{text}");
        }
        for text in ["", "7", "yesterdayish", "2026-13-01", "-7d"] {
            assert!(parse_moment(text, &now).is_err(), "{text:?}");
        }
    }
}
