use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Parses a duration: `30m`, `1h 30m`, `2d`, or a plain number of seconds.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no length of time; write 90s, 30m, 1h30m or 2d");
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    parse_span(text)
        .and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(wrong)
}

/// Parses a duration with units, where a day has 24 hours; `None` if it is
/// invalid or negative.
pub(crate) fn parse_span(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let zero_or_more = !span.is_negative();
    let relative: SpanRelativeTo<'_> = SpanRelativeTo::days_are_24_hours();
    span.to_duration(relative).ok().filter(|_| zero_or_more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read() {
        for (text, seconds) in [
            ("90", 90.0),
            ("0.5", 0.5),
            ("250ms", 0.25),
            ("90s", 90.0),
            ("30m", 1800.0),
            ("1h30m", 5400.0),
            ("1h 30m", 5400.0),
            ("2d", 172_800.0),
            ("1w", 604_800.0),
            ("PT5M", 300.0),
        ] {
            let duration = parse_duration(text).expect(text);
            assert!((duration.as_secs_f64() - seconds).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for text in [
            "", "soon", "-5m", "-1", "5x", "NaN", "inf", "1 month", "1e400",
        ] {
            assert!(parse_duration(text).is_err(), "{text:?}");
        }
    }
}
