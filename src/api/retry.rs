use std::borrow::Cow;
use std::time::Duration;

use super::rate::Limit;

/// How often a call is sent at most, retries included.
pub(super) const MOST_ATTEMPTS: u32 = 5;
/// The longest pause that the server did not ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The shortest pause after a secondary limit without a given wait.
const SECONDARY_PAUSE: Duration = Duration::from_secs(60);

/// Whether sending a request twice can do harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// Repeating it has no further effect: reads, DELETE, PUT, and a PATCH that
    /// sets values.
    Idempotent,
    /// Each time creates another object.
    Write,
}

/// Why a request has no usable response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// There was no connection: the server never received the request.
    NotSent,
    /// The server may have received the request, but no complete response
    /// arrived: the connection was reset or timed out, or the body was cut off.
    ResponseLost,
    /// A success that cannot be read. Another attempt would get the same
    /// response.
    Unreadable,
    /// The status says that the server did the write, but the rest of the
    /// response cannot be used.
    Acknowledged,
    /// The server failed (5xx), and may have said when to try again.
    ServerError {
        status: u16,
        retry_after: Option<Duration>,
    },
    /// A rate limit: the server did nothing.
    RateLimited(Limit),
    /// A failure that another attempt would meet again, such as 404, or a
    /// redirect that must not be followed.
    Permanent,
}

/// The state of a call between two attempts.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryState {
    /// How often the request was sent, 1 or more.
    pub(super) attempt: u32,
    /// How often the request may be sent.
    pub(super) most_attempts: u32,
    /// How long the call has taken so far.
    pub(super) elapsed: Duration,
    /// How long the call may take.
    pub(super) deadline: Duration,
    /// The pause before the first retry.
    pub(super) first_pause: Duration,
    /// From 0 to 1, to spread retries in time.
    pub(super) random: f64,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Return the error.
    GiveUp {
        /// Why the request is not sent again.
        reason: Cow<'static, str>,
    },
    /// Send the request again.
    Retry {
        /// How long to wait first.
        after: Duration,
        /// Why the request may be sent again.
        reason: Cow<'static, str>,
    },
    /// Find out whether the write took effect before anything else.
    FindResult {
        /// Why that is unknown.
        reason: Cow<'static, str>,
    },
}

/// Decides what to do after a request without a usable response. A pure
/// function: the clock and the randomness are in `situation`.
pub(super) fn decide(kind: RequestKind, outcome: FailureKind, situation: &RetryState) -> Decision {
    let (reason, wait): (Cow<'static, str>, Duration) = match (kind, outcome) {
        (_, FailureKind::Permanent) => return give_up("the response is final"),
        (RequestKind::Idempotent, FailureKind::Unreadable) => {
            return give_up("another attempt would get the same response");
        }
        (RequestKind::Write, FailureKind::ResponseLost) => {
            return look("the response was lost, the server may have done it");
        }
        (RequestKind::Idempotent, FailureKind::Acknowledged) => {
            return give_up("the server did it");
        }
        (RequestKind::Write, FailureKind::Acknowledged) => {
            return look("the server did it, but its response cannot be used");
        }
        (RequestKind::Write, FailureKind::Unreadable) => {
            return look("the response cannot be read, the server may have done it");
        }
        (RequestKind::Write, FailureKind::ServerError { status, .. }) => {
            return look(format!(
                "the server failed with {status} and may have done it"
            ));
        }
        (RequestKind::Idempotent, FailureKind::ServerError { status, .. })
            if !matches!(status, 500 | 502 | 503 | 504) =>
        {
            return give_up(format!("{status} is not a temporary failure"));
        }
        (_, FailureKind::NotSent) => ("no connection, nothing was sent".into(), backoff(situation)),
        (RequestKind::Idempotent, FailureKind::ResponseLost) => {
            ("the response was lost".into(), backoff(situation))
        }
        (
            RequestKind::Idempotent,
            FailureKind::ServerError {
                status,
                retry_after,
            },
        ) => (
            format!("the server failed with {status}").into(),
            retry_after.unwrap_or_default().max(backoff(situation)),
        ),
        (_, FailureKind::RateLimited(limit)) => (
            if limit.secondary {
                "secondary rate limit, nothing was done".into()
            } else {
                "rate limit, nothing was done".into()
            },
            limit_wait(limit, situation.attempt),
        ),
    };
    if situation.attempt >= situation.most_attempts {
        return give_up(format!("{reason}; tried {} times", situation.attempt));
    }
    let left = situation.deadline.saturating_sub(situation.elapsed);
    if wait >= left {
        return give_up(format!(
            "{reason}; the wait of {} s does not fit in the {} s left",
            wait.as_secs(),
            left.as_secs()
        ));
    }
    Decision::Retry {
        after: wait,
        reason,
    }
}

/// How long to wait for a rate limit after the given attempt.
pub(super) fn limit_wait(limit: Limit, attempt: u32) -> Duration {
    let doubled = SECONDARY_PAUSE.saturating_mul(1 << attempt.clamp(1, 8).saturating_sub(1));
    limit.wait.unwrap_or(doubled)
}

/// `first_pause` doubled with each attempt, less up to half of it at random, so
/// that many clients do not return at the same time.
fn backoff(situation: &RetryState) -> Duration {
    let doublings = situation.attempt.saturating_sub(1).min(16);
    let longest = situation
        .first_pause
        .saturating_mul(1 << doublings)
        .min(LONGEST_PAUSE);
    longest.mul_f64(1.0 - situation.random.clamp(0.0, 1.0) / 2.0)
}

fn give_up(reason: impl Into<Cow<'static, str>>) -> Decision {
    Decision::GiveUp {
        reason: reason.into(),
    }
}

fn look(reason: impl Into<Cow<'static, str>>) -> Decision {
    Decision::FindResult {
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first() -> RetryState {
        RetryState {
            attempt: 1,
            most_attempts: MOST_ATTEMPTS,
            elapsed: Duration::from_secs(1),
            deadline: Duration::from_secs(100),
            first_pause: Duration::from_millis(500),
            random: 0.0,
        }
    }

    fn failed(status: u16) -> FailureKind {
        FailureKind::ServerError {
            status,
            retry_after: None,
        }
    }

    fn limited(wait: Option<u64>) -> FailureKind {
        FailureKind::RateLimited(Limit {
            wait: wait.map(Duration::from_secs),
            secondary: wait.is_none(),
        })
    }

    #[derive(Debug, PartialEq)]
    enum Short {
        Stop,
        Look,
        Again(u64),
    }

    fn short(kind: RequestKind, outcome: FailureKind, situation: &RetryState) -> Short {
        match decide(kind, outcome, situation) {
            Decision::GiveUp { .. } => Short::Stop,
            Decision::FindResult { .. } => Short::Look,
            Decision::Retry { after, .. } => {
                Short::Again(u64::try_from(after.as_millis()).expect("short"))
            }
        }
    }

    #[test]
    fn each_outcome_has_its_answer() {
        use Short::{Again, Look, Stop};
        let patient = FailureKind::ServerError {
            status: 503,
            retry_after: Some(Duration::from_secs(7)),
        };
        for (outcome, read, write) in [
            (FailureKind::NotSent, Again(500), Again(500)),
            (FailureKind::ResponseLost, Again(500), Look),
            (FailureKind::Unreadable, Stop, Look),
            (failed(500), Again(500), Look),
            (failed(502), Again(500), Look),
            (failed(503), Again(500), Look),
            (failed(504), Again(500), Look),
            (patient, Again(7000), Look),
            (failed(501), Stop, Look),
            (limited(Some(8)), Again(8000), Again(8000)),
            (limited(Some(0)), Again(0), Again(0)),
            (limited(None), Again(60_000), Again(60_000)),
            (limited(Some(3600)), Stop, Stop),
            (FailureKind::Permanent, Stop, Stop),
        ] {
            assert_eq!(
                short(RequestKind::Idempotent, outcome, &first()),
                read,
                "{outcome:?}"
            );
            assert_eq!(
                short(RequestKind::Write, outcome, &first()),
                write,
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn pauses_double_and_the_tries_end() {
        let mut situation = first();
        for (attempt, pause) in [(1, 500), (2, 1000), (3, 2000), (4, 4000)] {
            situation.attempt = attempt;
            let next = short(
                RequestKind::Idempotent,
                FailureKind::ResponseLost,
                &situation,
            );
            assert_eq!(next, Short::Again(pause));
        }
        situation.attempt = MOST_ATTEMPTS;
        assert_eq!(
            short(
                RequestKind::Idempotent,
                FailureKind::ResponseLost,
                &situation
            ),
            Short::Stop
        );
    }

    #[test]
    fn the_second_secondary_limit_waits_longer() {
        let limit = Limit {
            wait: None,
            secondary: true,
        };
        assert_eq!(limit_wait(limit, 1), Duration::from_mins(1));
        assert_eq!(limit_wait(limit, 2), Duration::from_mins(2));
    }

    #[test]
    fn a_reason_tells_why_nothing_is_repeated() {
        let decision = decide(RequestKind::Write, limited(Some(3600)), &first());
        let Decision::GiveUp { reason } = decision else {
            panic!("{decision:?}");
        };
        assert!(reason.contains("3600 s does not fit"), "{reason}");
    }

    fn outcomes() -> impl Strategy<Value = FailureKind> {
        prop_oneof![
            Just(FailureKind::NotSent),
            Just(FailureKind::ResponseLost),
            Just(FailureKind::Unreadable),
            Just(FailureKind::Permanent),
            (500_u16..600, proptest::option::of(0_u64..1000)).prop_map(|(status, wait)| {
                FailureKind::ServerError {
                    status,
                    retry_after: wait.map(Duration::from_secs),
                }
            }),
            proptest::option::of(any::<u64>()).prop_map(limited),
        ]
    }

    proptest! {
        #[test]
        fn a_write_is_sent_again_only_if_nothing_was_done(
            outcome in outcomes(), attempt in 1_u32..10, elapsed in 0_u64..200, random in 0.0..1.0,
        ) {
            let elapsed = Duration::from_secs(elapsed);
            let situation = RetryState { attempt, elapsed, random, ..first() };
            if let Decision::Retry { .. } = decide(RequestKind::Write, outcome, &situation) {
                prop_assert!(matches!(outcome, FailureKind::NotSent | FailureKind::RateLimited(_)));
            }
        }

        #[test]
        fn no_wait_passes_the_deadline_or_undercuts_the_server(
            outcome in outcomes(), attempt in any::<u32>(), elapsed in 0_u64..200, random in 0.0..1.0,
        ) {
            let elapsed = Duration::from_secs(elapsed);
            let situation = RetryState {
                attempt: attempt.max(1), most_attempts: u32::MAX, elapsed, random, ..first()
            };
            if let Decision::Retry { after, .. } = decide(RequestKind::Idempotent, outcome, &situation) {
                prop_assert!(elapsed + after < situation.deadline);
                match outcome {
                    FailureKind::RateLimited(Limit { wait: Some(wait), .. })
                    | FailureKind::ServerError { retry_after: Some(wait), .. } => prop_assert!(after >= wait),
                    _ => prop_assert!(after > Duration::ZERO),
                }
            }
        }
    }
}
