use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use url::Url;

use super::call::{Attempts, Budget, FailedAttempt, STOPPED};
use super::request::Request;
use super::response::{ReadError, Response};
use super::retry::{Decision, FailureKind, decide};
use super::{ApiError, Client, Event, Unexpected};

/// How often a write is sent in all if its response is lost.
const MOST_SENDS: u32 = 3;
/// How often the result is searched for before the write is sent again: the
/// server may still be processing it, or read from a replica that lags behind.
const SEARCHES: u32 = 2;
/// How often a result is searched for that the server has confirmed.
const SEARCHES_WHEN_DONE: u32 = 4;
/// The minimum time for searches, however little time is left: they decide
/// whether the write took effect.
const MIN_SEARCH_TIME: Duration = Duration::from_secs(10);
/// Creation times are whole seconds, and so is the `Date` of a response.
pub(super) const SLACK: SignedDuration = SignedDuration::from_secs(2);

/// A search for the result of a write.
pub(super) type SearchFuture<'a, T> = BoxFuture<'a, Result<Option<T>, ApiError>>;

/// When a write began, and the limits of searching for its result.
#[derive(Clone, Copy, Debug)]
pub(super) struct WriteStart {
    began: Instant,
    /// The same moment by the client's clock.
    our_time: Timestamp,
    /// The limits of a search.
    pub(super) budget: Budget,
}

impl WriteStart {
    /// Whether an object that matches the write was created after the write
    /// began. What counts is the server's clock, which showed `server_time`
    /// just now.
    ///
    /// # Errors
    /// [`ApiError::Unexpected`] if objects cannot be dated by that clock: both
    /// accepting an old object as the result and sending the write again would
    /// be wrong then.
    pub(super) fn is_result(
        &self,
        created_at: Timestamp,
        server_time: Timestamp,
        url: &Url,
    ) -> Result<bool, ApiError> {
        let is_ahead = |time: Timestamp, of: Timestamp| {
            of.checked_add(SLACK).is_ok_and(|latest| time > latest)
        };
        let is_new = created_at >= self.earliest(server_time);
        // The `Date` may be that of a proxy. If the client's clock agrees with
        // the clock that dates objects, the result was created between the
        // write and now.
        let is_new_by_our_clock = !is_ahead(self.our_time, created_at)
            && self
                .our_time
                .checked_add(self.age())
                .is_ok_and(|our_now| !is_ahead(created_at, our_now));
        if is_ahead(created_at, server_time) || (!is_new && is_new_by_our_clock) {
            return Err(unclear(
                url,
                "the clocks do not agree on whether it is the result",
            ));
        }
        // Times are whole seconds: an object dated to an earlier second than
        // the one in which the write began is not its result, unless two of the
        // server's clocks differ. If it is too close, it is an error.
        if is_new && created_at < whole_second(self.start(server_time)) {
            return Err(unclear(
                url,
                "a similar one was created just before, and they cannot be reported apart",
            ));
        }
        Ok(is_new)
    }

    /// The earliest possible creation time of the result, by the server's
    /// clock, which showed `server_time` just now.
    pub(super) fn earliest(&self, server_time: Timestamp) -> Timestamp {
        let start = self.start(server_time);
        start.checked_sub(SLACK).unwrap_or(Timestamp::MIN)
    }

    /// When the write began, by the server's clock.
    fn start(&self, server_time: Timestamp) -> Timestamp {
        server_time
            .checked_sub(self.age())
            .unwrap_or(Timestamp::MIN)
    }

    /// How long ago the write began.
    fn age(&self) -> SignedDuration {
        SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::MAX)
    }
}

impl Client {
    /// Sends a request that must take effect exactly once.
    ///
    /// GitHub does not support idempotency keys. So if it is unknown whether a
    /// request took effect, `find_result` searches for its result, and the
    /// request is sent again only if no result exists.
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if `find_result` fails.
    pub(super) async fn write_once<'a, T>(
        &self,
        action: &'static str,
        request: &Request,
        read: impl Fn(&Response) -> Result<T, ReadError>,
        find_result: impl Fn(WriteStart) -> SearchFuture<'a, T>,
    ) -> Result<T, ApiError> {
        let mut attempts = Attempts::new(self.budget());
        let mut lost = 0;
        loop {
            let (outcome, error) = match self.attempt(request, &attempts, &read).await {
                Ok(reply) => return Ok(reply.value),
                Err(FailedAttempt { outcome, error }) => (outcome, error),
            };
            let situation = self.situation(&attempts);
            match decide(request.kind, outcome, &situation) {
                Decision::Retry { after, reason } => {
                    if !self.pause(after, &reason).await {
                        return Err(self.give_up(outcome, error, STOPPED, &attempts));
                    }
                }
                Decision::GiveUp { reason } => {
                    return Err(self.give_up(outcome, error, &reason, &attempts));
                }
                Decision::FindResult { reason } => {
                    lost += 1;
                    let is_done = outcome == FailureKind::Acknowledged;
                    let searches = if is_done {
                        SEARCHES_WHEN_DONE
                    } else {
                        SEARCHES
                    };
                    let found = self
                        .find_result(&reason, searches, &attempts, &find_result)
                        .await;
                    match found {
                        Ok(Some(value)) => return Ok(value),
                        Ok(None) if is_done => {
                            let reason = "the server did it, but the result cannot be found";
                            return Err(ApiError::Ambiguous {
                                action,
                                cause: Box::new(self.give_up(outcome, error, reason, &attempts)),
                                search: Box::new(unclear(&request.url, reason)),
                            });
                        }
                        Ok(None) if lost < MOST_SENDS && attempts.left() > Duration::ZERO => {
                            self.pause(Duration::ZERO, "it was not done").await;
                        }
                        Ok(None) => {
                            let reason = "the server does not show a result";
                            return Err(self.give_up(outcome, error, reason, &attempts));
                        }
                        Err(find_result) => {
                            let reason = "it is not known whether it was done";
                            return Err(ApiError::Ambiguous {
                                action,
                                cause: Box::new(self.give_up(outcome, error, reason, &attempts)),
                                search: Box::new(find_result),
                            });
                        }
                    }
                }
            }
            attempts.number += 1;
        }
    }

    async fn find_result<'a, T>(
        &self,
        reason: &str,
        searches: u32,
        attempts: &Attempts,
        find_result: &impl Fn(WriteStart) -> SearchFuture<'a, T>,
    ) -> Result<Option<T>, ApiError> {
        self.notify(&Event::Note(&format!("{reason}: looking for the result")));
        for round in 0..searches {
            if round > 0 {
                let settle = self.0.config.first_pause.saturating_mul(4);
                self.pause(settle, "the result does not exist yet").await;
            }
            let elapsed = attempts.began.elapsed();
            let elapsed = SignedDuration::try_from(elapsed).unwrap_or_default();
            let our_time = (self.0.config.clock)().checked_sub(elapsed);
            let start = WriteStart {
                began: attempts.began,
                our_time: our_time.unwrap_or(Timestamp::MIN),
                budget: Budget {
                    deadline: attempts.left().max(MIN_SEARCH_TIME),
                    ..attempts.budget
                },
            };
            if let Some(found) = find_result(start).await? {
                self.notify(&Event::Note("found the result; not sending it again"));
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn whole_second(time: Timestamp) -> Timestamp {
    let second = time.as_second() - i64::from(time.subsec_nanosecond() < 0);
    Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
}

/// It is impossible to tell a new object from an old one.
pub(super) fn unclear(url: &Url, what: &str) -> ApiError {
    ApiError::Unexpected(Box::new(Unexpected {
        method: "GET".to_owned(),
        url: url.to_string(),
        status: 200,
        request_id: None,
        what: what.to_owned(),
    }))
}

/// Without the server's time, it is impossible to tell a new object from an old
/// one.
pub(super) fn missing_time(url: &Url) -> ApiError {
    unclear(url, "the response has no Date header")
}

/// Whether a text in a request and one in a response are the same: for no text,
/// servers send `null`, `""` or nothing.
pub(super) fn same_text(sent: Option<&str>, came: Option<&str>) -> bool {
    sent.unwrap_or_default() == came.unwrap_or_default()
}

/// Whether `login` can be the token's user, as far as both are known.
pub(super) fn could_be(viewer: Option<&str>, login: Option<&str>) -> bool {
    match (viewer, login) {
        (Some(viewer), Some(login)) => viewer.eq_ignore_ascii_case(login),
        _ => true,
    }
}
