//! The faults.

use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;

use super::args::{Args, duration, number, signed, status};

/// Whether the server has performed the request when the fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// The server never sees the request.
    Before,
    /// The server has performed the request, but the client gets no answer.
    After,
}

/// Something that goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    Latency(Duration),
    Reset(When),
    ResetWithin,
    Hang(When),
    Error(When, u16),
    Page(When, u16),
    Limited(Limited),
    Unauthorized,
    Forbidden,
    NotFound,
    Sso,
    /// The IDs of the organizations that the answer lacks.
    PartialSso(String),
    TooLarge(TooLarge),
    /// The answer ends after this many repositories.
    ResourceLimits(u64),
    Redirect {
        status: u16,
        to: Option<String>,
    },
    Link {
        to: String,
    },
    Truncate,
    Garble,
    Empty,
    WrongTypes,
    ContentType(String),
    Endless,
    Large {
        megabytes: u64,
    },
    Bomb {
        megabytes: u64,
    },
    Deep {
        levels: usize,
    },
    Drip {
        pause: Duration,
        bytes: usize,
    },
    Skew(SignedDuration),
    Date(SignedDuration),
    Echo,
}

/// An error for a GraphQL query that takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge {
    /// The most repositories that a query may ask for.
    pub(super) repositories: u64,
    pub(super) status: u16,
    /// Whether the error is an HTML page.
    pub(super) is_page: bool,
}

/// A rate limit that is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limited {
    pub(super) secondary: bool,
    pub(super) status: u16,
    /// Seconds until the quota is reset; for the primary limit only.
    pub(super) reset: i64,
    /// The seconds in `retry-after`, if it is sent.
    pub(super) retry_after: Option<u64>,
}

impl Fault {
    /// The most repositories of GraphQL queries that it does not concern.
    pub(super) fn spares(&self) -> Option<u64> {
        match self {
            Self::TooLarge(TooLarge { repositories, .. }) | Self::ResourceLimits(repositories) => {
                Some(*repositories)
            }
            _ => None,
        }
    }
}

/// Every kind of fault with its syntax and effect.
pub const KINDS: &[(&str, &str)] = &[
    ("none", "no fault; the requests are only counted"),
    ("latency:TIME", "the request is delayed, then served"),
    (
        "reset-before",
        "the connection is reset before the request is performed",
    ),
    (
        "reset-after",
        "the request is performed, then the connection is reset",
    ),
    (
        "reset-within",
        "the request is performed, then the connection is reset after half of the answer",
    ),
    (
        "hang-before",
        "the request is neither performed nor answered until the client disconnects",
    ),
    ("hang-after", "the request is performed but never answered"),
    (
        "error-before[:STATUS]",
        "a JSON error (502); the request is not performed",
    ),
    (
        "error-after[:STATUS]",
        "the request is performed, then answered with a JSON error",
    ),
    (
        "page-before[:STATUS]",
        "an HTML page (502; 200 works too); the request is not performed",
    ),
    (
        "page-after[:STATUS]",
        "the request is performed, then answered with an HTML page",
    ),
    (
        "primary[:STATUS][,reset=SECONDS][,retry-after=SECONDS]",
        "the hour's quota is used up (403; reset in 3600 s)",
    ),
    (
        "secondary[:STATUS][,retry-after=SECONDS]",
        "a secondary rate limit (403)",
    ),
    ("unauthorized", "401; the token is rejected"),
    ("forbidden", "403; the token lacks a permission"),
    ("not-found", "404"),
    (
        "sso",
        "403; the token is not authorized for the organization",
    ),
    (
        "sso-partial[:IDS]",
        "the answer says that it lacks the organizations with these IDs",
    ),
    (
        "too-large:LIMIT[,STATUS][,html]",
        "a GraphQL query for more repositories gets an error (502), as JSON or as an HTML page",
    ),
    (
        "resource-limits:LIMIT",
        "a GraphQL query for more repositories gets nulls and errors after these",
    ),
    (
        "redirect[:STATUS][,to=URL]",
        "a redirect (307), on the same host or to another URL; the request is not performed",
    ),
    ("link:to=URL", "the next page is on another server"),
    (
        "truncate",
        "the connection is closed after half of the answer",
    ),
    ("garble", "the second half of the answer is not valid text"),
    ("empty", "the answer has no body"),
    (
        "wrong-types",
        "numbers in the answer are strings, and strings are numbers",
    ),
    ("content-type:TYPE", "the answer has another content type"),
    ("endless", "the answer never ends"),
    (
        "large:MB",
        "the answer starts with this many megabytes of blanks",
    ),
    (
        "bomb:MB",
        "the answer is compressed and expands to this many megabytes",
    ),
    ("deep:LEVELS", "the answer is this many nested arrays"),
    (
        "drip:TIME[,bytes=N]",
        "the answer comes a byte (or N) at a time, with pauses",
    ),
    ("skew:TIME", "all times in the answer are off by this much"),
    ("date:TIME", "only the Date header is off by this much"),
    ("echo", "502 with a page that repeats the request's headers"),
];

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (word, args) = text.split_once(':').unwrap_or((text, ""));
        // Faults without a status or time may start with a named argument.
        let (word, args) = word
            .split_once(',')
            .map_or((word, args.to_owned()), |(word, first)| {
                (
                    word,
                    format!("{first}:{args}").trim_end_matches(':').to_owned(),
                )
            });
        let mut args = Args::new(&args);
        let fault = read(word, &mut args)?;
        args.end()?;
        Ok(fault)
    }
}

fn read(word: &str, args: &mut Args<'_>) -> Result<Fault, String> {
    const LIMITS: &[u16] = &[403, 429];
    let (stem, when) = match word.rsplit_once('-') {
        Some((stem, "before")) => (stem, Some(When::Before)),
        Some((stem, "after")) => (stem, Some(When::After)),
        _ => (word, None),
    };
    Ok(match (stem, when) {
        ("reset", Some(when)) => Fault::Reset(when),
        ("hang", Some(when)) => Fault::Hang(when),
        ("error", Some(when)) => Fault::Error(when, status(args.value(), 502, &[])?),
        ("page", Some(when)) => Fault::Page(when, status(args.value(), 502, &[])?),
        ("none", None) => Fault::None,
        ("latency", None) => Fault::Latency(duration(args.value())?),
        ("reset-within", None) => Fault::ResetWithin,
        ("primary", None) => Fault::Limited(Limited {
            secondary: false,
            status: status(args.value(), 403, LIMITS)?,
            reset: number(args.named("reset"), 3600)?,
            retry_after: seconds(args)?,
        }),
        ("secondary", None) => Fault::Limited(Limited {
            secondary: true,
            status: status(args.value(), 403, LIMITS)?,
            reset: 0,
            retry_after: seconds(args)?,
        }),
        ("unauthorized", None) => Fault::Unauthorized,
        ("forbidden", None) => Fault::Forbidden,
        ("not-found", None) => Fault::NotFound,
        ("sso", None) => Fault::Sso,
        ("sso-partial", None) => {
            let ids: Vec<&str> = std::iter::from_fn(|| args.value()).collect();
            Fault::PartialSso(if ids.is_empty() {
                "9919".to_owned()
            } else {
                ids.join(",")
            })
        }
        ("too-large", None) => {
            let is_page = args.flag("html");
            Fault::TooLarge(TooLarge {
                repositories: limit(args)?,
                status: status(args.value(), 502, &[])?,
                is_page,
            })
        }
        ("resource-limits", None) => Fault::ResourceLimits(limit(args)?),
        ("redirect", None) => Fault::Redirect {
            status: status(args.value(), 307, &[301, 302, 303, 307, 308])?,
            to: args.named("to").map(origin).transpose()?,
        },
        ("link", None) => Fault::Link {
            to: origin(args.named("to").ok_or("link needs to=URL")?)?,
        },
        ("truncate", None) => Fault::Truncate,
        ("garble", None) => Fault::Garble,
        ("empty", None) => Fault::Empty,
        ("wrong-types", None) => Fault::WrongTypes,
        ("content-type", None) => Fault::ContentType(
            args.value()
                .ok_or("a type is missing, such as text/plain")?
                .to_owned(),
        ),
        ("endless", None) => Fault::Endless,
        ("large", None) => Fault::Large {
            megabytes: number(args.value(), 200)?,
        },
        ("bomb", None) => Fault::Bomb {
            megabytes: number(args.value(), 200)?,
        },
        ("deep", None) => Fault::Deep {
            levels: number(args.value(), 100_000)?,
        },
        ("drip", None) => Fault::Drip {
            pause: duration(args.value())?,
            bytes: number(args.named("bytes"), 1)?.max(1),
        },
        ("skew", None) => Fault::Skew(signed(args.value())?),
        ("date", None) => Fault::Date(signed(args.value())?),
        ("echo", None) => Fault::Echo,
        _ => {
            let known: Vec<&str> = KINDS.iter().map(|(form, _)| *form).collect();
            return Err(format!(
                "{word:?} is not a fault; use one of {}",
                known.join(", ")
            ));
        }
    })
}

/// The most repositories that a query may ask for.
fn limit(args: &mut Args<'_>) -> Result<u64, String> {
    let text = args.value();
    let text = text.ok_or("the most repositories of a query are missing, such as 25")?;
    number(Some(text), 0)
}

fn seconds(args: &mut Args<'_>) -> Result<Option<u64>, String> {
    args.named("retry-after")
        .map(|text| number(Some(text), 0))
        .transpose()
}

/// The scheme, host and port of another server.
fn origin(text: &str) -> Result<String, String> {
    let url: url::Url = text.parse().map_err(|_| format!("{text:?} is not a URL"))?;
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn every_kind_that_the_help_lists_is_read() {
        for (form, _) in KINDS {
            let text: String = form
                .replace("TIME", "1s")
                .replace("STATUS", "403")
                .replace("SECONDS", "1")
                .replace("LIMIT", "25")
                .replace("IDS", "1,2")
                .replace("bytes=N", "bytes=2")
                .replace("URL", "http://127.0.0.1:1")
                .replace("TYPE", "text/plain")
                .replace("MB", "1")
                .replace("LEVELS", "1")
                .replace(['[', ']'], "");
            let text = text.replace("redirect:403", "redirect:308");
            assert!(
                text.parse::<Fault>().is_ok(),
                "{text}: {:?}",
                text.parse::<Fault>()
            );
            let bare = form.split('[').next().unwrap();
            if !bare.contains(':') {
                assert!(bare.parse::<Fault>().is_ok(), "{bare}");
            }
        }
    }

    #[test]
    fn arguments_are_read_in_any_mixture() {
        for (text, fault) in [
            ("page-after:503", Fault::Page(When::After, 503)),
            (
                "primary:429,reset=2,retry-after=1",
                Fault::Limited(Limited {
                    secondary: false,
                    status: 429,
                    reset: 2,
                    retry_after: Some(1),
                }),
            ),
            (
                "secondary,retry-after=5",
                Fault::Limited(Limited {
                    secondary: true,
                    status: 403,
                    reset: 0,
                    retry_after: Some(5),
                }),
            ),
            (
                "redirect,to=http://127.0.0.1:9/x",
                Fault::Redirect {
                    status: 307,
                    to: Some("http://127.0.0.1:9".to_owned()),
                },
            ),
            (
                "link:to=http://h.example",
                Fault::Link {
                    to: "http://h.example".to_owned(),
                },
            ),
            (
                "too-large:25,504,html",
                Fault::TooLarge(TooLarge {
                    repositories: 25,
                    status: 504,
                    is_page: true,
                }),
            ),
            ("resource-limits:3", Fault::ResourceLimits(3)),
            ("sso-partial:9919,7", Fault::PartialSso("9919,7".to_owned())),
            ("skew:-1h", Fault::Skew(SignedDuration::from_hours(-1))),
            (
                "drip:500ms,bytes=7",
                Fault::Drip {
                    pause: Duration::from_millis(500),
                    bytes: 7,
                },
            ),
            (
                "content-type:text/plain",
                Fault::ContentType("text/plain".to_owned()),
            ),
        ] {
            assert_eq!(text.parse::<Fault>(), Ok(fault), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "",
            "reset",
            "reset-later",
            "none-before",
            "latency",
            "latency:soon",
            "latency:-1s",
            "primary:500",
            "primary:soon",
            "secondary:403,reset=1",
            "redirect:200",
            "link",
            "link:to=nowhere",
            "page-after:99",
            "truncate:5",
            "drip",
            "large:many",
            "too-large",
            "too-large:html",
            "too-large:25,12",
            "resource-limits",
            "resource-limits:few",
            "NONE",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text:?}");
        }
    }
}
