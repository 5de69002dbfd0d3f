use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use url::Url;

use super::rate::{Limit, limit, quota, retry_after};
use super::rate_limiter::{Cost, Permit, Resource};
use super::request::Request;
use super::response::{ReadError, Response};
use super::retry::{
    Decision, FailureKind, MOST_ATTEMPTS, RequestKind, RetryState, decide, limit_wait,
};
use super::{ApiError, Client, ErrorResponse, Event, RateLimited};

/// The shortest timeout of a request, however little time is left.
const LEAST_TIMEOUT: Duration = Duration::from_secs(1);

/// The reason for not retrying once the client is stopped.
pub(super) const STOPPED: &str = "stopped";

/// The value of a call, and its response.
#[derive(Debug)]
pub(super) struct Reply<T> {
    pub(super) value: T,
    pub(super) response: Response,
    /// The time of the response by the server's clock, or else by the client's.
    pub(super) server_now: Timestamp,
}

/// The limits of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) deadline: Duration,
    pub(super) most_attempts: u32,
}

/// Why sending a request once did not succeed.
pub(super) struct FailedAttempt {
    pub(super) outcome: FailureKind,
    pub(super) error: ApiError,
}

/// The attempts of a call so far.
pub(super) struct Attempts {
    /// The number of the current one, from 1.
    pub(super) number: u32,
    pub(super) began: Instant,
    pub(super) budget: Budget,
    /// Whether an earlier one may have taken effect.
    may_be_done: bool,
}

impl Attempts {
    pub(super) fn new(budget: Budget) -> Self {
        Self {
            number: 1,
            began: Instant::now(),
            budget,
            may_be_done: false,
        }
    }

    /// The remaining time.
    pub(super) fn left(&self) -> Duration {
        self.budget.deadline.saturating_sub(self.began.elapsed())
    }
}

impl Client {
    pub(super) fn budget(&self) -> Budget {
        Budget {
            deadline: self.0.deadline(),
            most_attempts: MOST_ATTEMPTS,
        }
    }

    /// Sends an idempotent request until it has a usable response, as far as
    /// the retry policy allows.
    pub(super) async fn call<T>(
        &self,
        request: &Request,
        budget: Budget,
        read: impl Fn(&Response) -> Result<T, ReadError>,
    ) -> Result<Reply<T>, ApiError> {
        let mut attempts = Attempts::new(budget);
        let mut failed = None;
        loop {
            let (response, server_now) = self.next_response(request, &mut attempts, failed).await?;
            match read(&response) {
                Ok(value) => {
                    return Ok(Reply {
                        value,
                        response,
                        server_now,
                    });
                }
                Err(error) => failed = Some(self.unreadable(request, &response, error)),
            }
        }
    }

    /// The next response that confirms what was requested, and its time. `failed`
    /// is the last attempt, if there was any.
    ///
    /// This and [`Self::attempt_response`] are boxed, so that the type of each
    /// call has little of its own.
    fn next_response<'a>(
        &'a self,
        request: &'a Request,
        attempts: &'a mut Attempts,
        mut failed: Option<FailedAttempt>,
    ) -> BoxFuture<'a, Result<(Response, Timestamp), ApiError>> {
        async move {
            loop {
                if let Some(failed) = failed {
                    self.before_retry(request.kind, failed, attempts).await?;
                }
                match self.attempt_response(request, attempts).await {
                    Ok(found) => return Ok(found),
                    Err(error) => failed = Some(error),
                }
            }
        }
        .boxed()
    }

    /// Waits until the request can be sent again, or returns the error if it
    /// must not be.
    async fn before_retry(
        &self,
        kind: RequestKind,
        failed: FailedAttempt,
        attempts: &mut Attempts,
    ) -> Result<(), ApiError> {
        let FailedAttempt { outcome, error } = failed;
        attempts.may_be_done |= matches!(
            outcome,
            FailureKind::ResponseLost | FailureKind::ServerError { .. }
        );
        match decide(kind, outcome, &self.situation(attempts)) {
            Decision::Retry { after, reason } => {
                if !self.pause(after, &reason).await {
                    return Err(self.give_up(outcome, error, STOPPED, attempts));
                }
                attempts.number += 1;
                Ok(())
            }
            Decision::GiveUp { reason } | Decision::FindResult { reason } => {
                Err(self.give_up(outcome, error, &reason, attempts))
            }
        }
    }

    /// Sends a request once and reads the response.
    pub(super) async fn attempt<T>(
        &self,
        request: &Request,
        attempts: &Attempts,
        read: &impl Fn(&Response) -> Result<T, ReadError>,
    ) -> Result<Reply<T>, FailedAttempt> {
        let (response, server_now) = self.attempt_response(request, attempts).await?;
        match read(&response) {
            Ok(value) => Ok(Reply {
                value,
                response,
                server_now,
            }),
            Err(error) => Err(self.unreadable(request, &response, error)),
        }
    }

    /// Sends a request once. Returns a response that confirms what was requested,
    /// and its time. A DELETE that finds nothing counts as done if an earlier
    /// attempt may be done.
    fn attempt_response<'a>(
        &'a self,
        request: &'a Request,
        attempts: &'a Attempts,
    ) -> BoxFuture<'a, Result<(Response, Timestamp), FailedAttempt>> {
        async move {
            let left = attempts.left();
            let timeout = self.0.config.request_timeout.min(left.max(LEAST_TIMEOUT));
            let sent = self.send(request, attempts.number, timeout, left).await;
            let response = sent.map_err(|error| not_received(request, error))?;
            let server_now = response
                .server_time()
                .unwrap_or_else(|| (self.0.config.clock)());
            let done = (200..300).contains(&response.status)
                || (response.status == 304 && request.etag.is_some())
                || (response.status == 404
                    && request.method == reqwest::Method::DELETE
                    && attempts.may_be_done);
            if done {
                Ok((response, server_now))
            } else {
                Err(failed_attempt(&response, server_now, attempts.number))
            }
        }
        .boxed()
    }

    fn unreadable(
        &self,
        request: &Request,
        response: &Response,
        mut error: ReadError,
    ) -> FailedAttempt {
        // The description of an invalid value repeats the value.
        let token = self.token();
        if let Some(hidden) = token.and_then(|token| token.hidden_in(&error.what)) {
            error.what = hidden;
        }
        let is_made = request.kind == RequestKind::Write && says_made(response.status);
        let outcome = match (is_made, error.truncated) {
            (true, _) => FailureKind::Acknowledged,
            (false, true) => FailureKind::ResponseLost,
            (false, false) => FailureKind::Unreadable,
        };
        FailedAttempt {
            outcome,
            error: ApiError::Unexpected(Box::new(response.unexpected(error.what))),
        }
    }

    pub(super) fn situation(&self, attempts: &Attempts) -> RetryState {
        RetryState {
            attempt: attempts.number,
            most_attempts: attempts.budget.most_attempts,
            elapsed: attempts.began.elapsed(),
            deadline: attempts.budget.deadline,
            first_pause: self.0.config.first_pause,
            random: (self.0.config.random)(),
        }
    }

    /// Waits before another attempt. Returns false if the client was stopped
    /// meanwhile and must not make another one.
    pub(super) async fn pause(&self, delay: Duration, reason: &str) -> bool {
        self.notify(&Event::Retry { reason, delay });
        tokio::select! {
            biased;
            () = self.0.rate_limiter.until_stopped() => false,
            () = tokio::time::sleep(delay) => true,
        }
    }

    /// The cost of a request.
    ///
    /// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit>.
    pub(super) fn cost(&self, request: &Request, url: &Url) -> Cost {
        Cost {
            points: if request.writes > 0 { 5 } else { 1 },
            writes: request.writes,
            makes: request.makes,
            resource: if *url == self.0.config.endpoints.graphql {
                Resource::GraphQl
            } else {
                Resource::Rest
            },
        }
    }

    /// Reports the server's limits in a response to the rate limiter.
    pub(super) fn note_limits(&self, response: &Response, permit: &Permit<'_>, attempt: u32) {
        let server_time = response.server_time();
        let server_now = server_time.unwrap_or_else(|| (self.0.config.clock)());
        if let Some(time) = server_time {
            self.0.note_server_time(time);
        }
        let rate_limiter = &self.0.rate_limiter;
        if matches!(response.status, 403 | 429) {
            let error_response = response.error_response();
            let limit = limit(
                response.status,
                &response.headers,
                &error_response.message,
                server_now,
            );
            if let Some(limit) = limit {
                let reported = rate_limited(limit, error_response, server_now, attempt);
                rate_limiter.note_limit(permit, limit, reported);
            }
        } else if response.status < 400 {
            permit.accepted();
            self.note_hidden_organizations(response);
            rate_limiter.note_quota(permit.resource(), quota(&response.headers, server_now));
        }
    }

    /// Reports why a request is not retried, and adds the number of attempts to
    /// the error.
    pub(super) fn give_up(
        &self,
        outcome: FailureKind,
        mut error: ApiError,
        reason: &str,
        attempts: &Attempts,
    ) -> ApiError {
        // An ordinary error response needs no event about retries.
        if outcome != FailureKind::Permanent {
            self.notify(&Event::GiveUp { reason });
        }
        if let ApiError::Network(network) = &mut error {
            network.attempts = attempts.number;
        }
        error
    }
}

fn rate_limited(
    limit: Limit,
    error_response: ErrorResponse,
    server_now: Timestamp,
    attempt: u32,
) -> RateLimited {
    let wait = limit_wait(limit, attempt);
    let until = SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| server_now.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX);
    RateLimited {
        until,
        wait,
        secondary: limit.secondary,
        error_response,
    }
}

/// Why a request has no complete response.
fn not_received(request: &Request, error: ApiError) -> FailedAttempt {
    let outcome = match &error {
        _ if request.kind == RequestKind::Write && is_acknowledged(&error) => {
            FailureKind::Acknowledged
        }
        ApiError::Network(network) if !network.kind.is_temporary() => FailureKind::Permanent,
        ApiError::Network(network) if network.sent => FailureKind::ResponseLost,
        ApiError::Network(_) => FailureKind::NotSent,
        ApiError::Unexpected(_) => FailureKind::Unreadable,
        _ => FailureKind::Permanent,
    };
    FailedAttempt { outcome, error }
}

/// Whether the status says that the server did what was asked, although the
/// rest of the response cannot be used.
fn is_acknowledged(error: &ApiError) -> bool {
    let status = match error {
        ApiError::Network(network) => network.status,
        ApiError::Unexpected(unexpected) => Some(unexpected.status),
        _ => None,
    };
    status.is_some_and(says_made)
}

/// The statuses with which GitHub confirms that it created something, or
/// merged. A plain 200 to a write is more likely the page of a proxy.
fn says_made(status: u16) -> bool {
    matches!(status, 201 | 202)
}

/// Converts an error response.
fn failed_attempt(response: &Response, server_now: Timestamp, attempt: u32) -> FailedAttempt {
    let mut error_response = response.error_response();
    let limit = limit(
        response.status,
        &response.headers,
        &error_response.message,
        server_now,
    );
    if let Some(limit) = limit {
        let reported = rate_limited(limit, error_response, server_now, attempt);
        return FailedAttempt {
            outcome: FailureKind::RateLimited(limit),
            error: ApiError::RateLimited(Box::new(reported)),
        };
    }
    let outcome = if response.status >= 500 {
        error_response.retry_after = retry_after(&response.headers, server_now);
        FailureKind::ServerError {
            status: response.status,
            retry_after: error_response.retry_after,
        }
    } else {
        FailureKind::Permanent
    };
    FailedAttempt {
        outcome,
        error: ApiError::Response(Box::new(error_response)),
    }
}
