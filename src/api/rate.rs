use std::num::IntErrorKind;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::HeaderMap;

/// A number of points that requests may cost in any 60 seconds. A read costs 1
/// point, a write 5.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointsLimit(pub u32);

impl PointsLimit {
    /// GitHub's limit for one endpoint of REST. The client keeps it for all
    /// endpoints together, and for GraphQL's mutations.
    pub const GITHUB: Self = Self(900);

    /// The limit for queries to GraphQL, which has 2,000 points of its own,
    /// if mutations use as many points as they may.
    pub(super) fn of_queries(self) -> u32 {
        self.0.saturating_mul(11) / 9
    }
}

/// The primary rate limit: requests per hour (REST) or points per hour (GraphQL).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// The limit of an hour.
    pub limit: u64,
    /// What is left of the current hour.
    pub remaining: u64,
}

/// A rate limit that a response reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// How long to wait, if the server says so. A secondary limit without it
    /// requires at least a minute.
    pub(super) wait: Option<Duration>,
    /// Whether it is a secondary limit, and not the hourly quota.
    pub(super) secondary: bool,
}

/// The longest wait that a response can ask for: longer than any command takes,
/// but not so long that an agent would pause for days because of a broken
/// header.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Phrases in the messages of rate limits, in lower case; GitHub's
/// documentation has them.
const LIMIT_WORDS: &[&str] = &[
    "rate limit",
    "abuse",
    "secondary",
    "temporarily blocked from content creation",
];

/// Phrases in messages about missing permissions, which can come with the last
/// request of a quota.
const RIGHTS_WORDS: &[&str] = &["not accessible", "must have", "saml", "admin rights"];

/// Recognizes a rate limit. A response about a missing permission may have the
/// same status; headers and message make the difference.
///
/// `now` is by the server's clock, so a wrong local clock does no harm.
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
pub(super) fn limit(
    status: u16,
    headers: &HeaderMap,
    message: &str,
    now: Timestamp,
) -> Option<Limit> {
    if status != 403 && status != 429 {
        return None;
    }
    let message = message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let used_up = number(headers, "x-ratelimit-remaining") == Some(0);
    let retry_after = retry_after(headers, now);
    let limited = status == 429
        || retry_after.is_some()
        || says(LIMIT_WORDS)
        || (used_up && !says(RIGHTS_WORDS));
    if !limited {
        return None;
    }
    let secondary = says(&["secondary", "abuse", "content creation"]) || !used_up;
    let reset = || until_reset(headers, now);
    Some(Limit {
        wait: retry_after.or_else(|| if secondary { None } else { reset() }),
        secondary,
    })
}

/// The hourly quota, and how long the hour still lasts; `None` if the server
/// does not say so, since it has no limits.
pub(super) fn quota(headers: &HeaderMap, now: Timestamp) -> Option<(Quota, Duration)> {
    let quota = Quota {
        limit: number(headers, "x-ratelimit-limit")?,
        remaining: number(headers, "x-ratelimit-remaining")?,
    };
    let left = until_reset(headers, now).unwrap_or_default();
    Some((quota, left))
}

/// How long it takes until the quota is reset.
fn until_reset(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let reset = number(headers, "x-ratelimit-reset")?;
    let reset = i64::try_from(reset).ok().map(Timestamp::from_second);
    // A time out of range, such as one in milliseconds, is far away.
    let Some(Ok(reset)) = reset else {
        return Some(LONGEST_WAIT);
    };
    let left = Duration::try_from(reset.duration_since(now));
    // One more second, since the reset is in whole seconds.
    Some((left.unwrap_or_default() + Duration::from_secs(1)).min(LONGEST_WAIT))
}

/// The `retry-after` header: seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    if let Some(seconds) = number(headers, "retry-after") {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let until = date(headers, "retry-after")?;
    let left = Duration::try_from(until.duration_since(now));
    Some(left.unwrap_or_default().min(LONGEST_WAIT))
}

/// A header that is a whole number. Numbers that are too large become the
/// largest one.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let number = text(headers, name)?.trim();
    match number.parse::<u64>() {
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Some(u64::MAX),
        parsed => parsed.ok(),
    }
}

/// A header that is an HTTP date.
pub(super) fn date(headers: &HeaderMap, name: &str) -> Option<Timestamp> {
    DateTimeParser::new()
        .parse_timestamp(text(headers, name)?)
        .ok()
}

/// A header as text, if it is ASCII.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |&(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    fn now() -> Timestamp {
        "2026-11-01T00:00:00Z".parse().expect("a time")
    }

    fn reported(seconds: u64, secondary: bool) -> Limit {
        Limit {
            wait: Some(Duration::from_secs(seconds)),
            secondary,
        }
    }

    #[test]
    fn limits_are_distinguished_from_rights_by_headers_and_message() {
        let secondary = "You have exceeded a secondary rate limit. Please wait a few minutes";
        let primary = "API rate limit exceeded for user ID 1.";
        let untold = Some(Limit {
            wait: None,
            secondary: true,
        });
        for (status, pairs, message, expected) in [
            (
                403,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1793491230"),
                ][..],
                primary,
                Some(reported(31, false)),
            ),
            (
                429,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1793491200"),
                ],
                primary,
                Some(reported(1, false)),
            ),
            (
                403,
                &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "5")],
                primary,
                Some(reported(1, false)),
            ),
            (
                403,
                &[("retry-after", "60")],
                "You have triggered an abuse detection mechanism.",
                Some(reported(60, true)),
            ),
            (
                429,
                &[("retry-after", "Sun, 01 Nov 2026 00:00:08 GMT")],
                secondary,
                Some(reported(8, true)),
            ),
            (403, &[("x-ratelimit-remaining", "4000")], secondary, untold),
            (
                403,
                &[],
                "… temporarily blocked from content creation.",
                untold,
            ),
            (429, &[], "", untold),
            (
                429,
                &[("retry-after", "99999999999999999999")],
                secondary,
                Some(reported(LONGEST_WAIT.as_secs(), true)),
            ),
            (
                403,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1793491230000"),
                ],
                primary,
                Some(reported(LONGEST_WAIT.as_secs(), false)),
            ),
            (403, &[], "Resource not accessible by integration", None),
            (
                403,
                &[("x-ratelimit-remaining", "0")],
                "Resource not accessible by integration",
                None,
            ),
            (403, &[], "Max number of login attempt exceeded", None),
            (404, &[("x-ratelimit-remaining", "0")], "Not Found", None),
            (503, &[("retry-after", "60")], "", None),
        ] {
            let limit = limit(status, &headers(pairs), message, now());
            assert_eq!(limit, expected, "{status} {pairs:?} {message}");
        }
    }

    #[test]
    fn invalid_numbers_and_dates_are_ignored() {
        let headers = headers(&[("retry-after", "soon"), ("date", "yesterday"), ("x", "-1")]);
        assert_eq!(retry_after(&headers, now()), None);
        assert_eq!(date(&headers, "date"), None);
        assert_eq!(number(&headers, "x"), None);
    }
}
