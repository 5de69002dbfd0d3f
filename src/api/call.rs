use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use url::Url;

use super::answer::{Answer, Misread};
use super::pacing::{Cost, Grant, Resource};
use super::rate::{Limit, limit, quota, retry_after};
use super::request::Request;
use super::retry::{Decision, Kind, MOST_ATTEMPTS, Outcome, Situation, decide, limit_wait};
use super::{ApiError, Client, Event, RateLimited, Refusal};

/// The least time that a request gets, however late it is.
const LEAST_TIMEOUT: Duration = Duration::from_secs(1);

/// Why nothing is tried again once the client is stopped.
pub(super) const STOPPED: &str = "stopped";

/// What a call brought, and what came with it.
#[derive(Debug)]
pub(super) struct Reply<T> {
    pub(super) value: T,
    pub(super) answer: Answer,
    /// The time of the answer, by the server's clock where it tells.
    pub(super) server_now: Timestamp,
}

/// How much a call may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) deadline: Duration,
    pub(super) most_attempts: u32,
}

/// What became of one exchange.
pub(super) enum Verdict<T> {
    Done(Box<Reply<T>>),
    Failed { outcome: Outcome, error: ApiError },
}

impl Client {
    pub(super) fn budget(&self) -> Budget {
        Budget {
            deadline: self.0.deadline(),
            most_attempts: MOST_ATTEMPTS,
        }
    }

    /// Makes a repeatable request until it has a usable answer, by the policy.
    pub(super) async fn call<T>(
        &self,
        request: &Request,
        budget: Budget,
        read: impl Fn(&Answer) -> Result<T, Misread>,
    ) -> Result<Reply<T>, ApiError> {
        let began = Instant::now();
        let mut attempt = 1;
        let mut may_be_done = false;
        loop {
            let (outcome, error) = match self
                .attempt(request, attempt, began, budget, may_be_done, &read)
                .await
            {
                Verdict::Done(reply) => return Ok(*reply),
                Verdict::Failed { outcome, error } => (outcome, error),
            };
            may_be_done |= matches!(outcome, Outcome::Lost | Outcome::Failed { .. });
            let situation = self.situation(attempt, began, budget);
            match decide(request.kind, outcome, &situation) {
                Decision::Again { after, reason } => {
                    if !self.pause(after, &reason).await {
                        return Err(self.give_up(outcome, error, STOPPED, attempt));
                    }
                }
                Decision::GiveUp { reason } | Decision::Look { reason } => {
                    return Err(self.give_up(outcome, error, &reason, attempt));
                }
            }
            attempt += 1;
        }
    }

    /// Sends a request once and judges the answer. A DELETE that finds nothing
    /// is done if an earlier try of it `may_be_done`.
    pub(super) async fn attempt<T>(
        &self,
        request: &Request,
        attempt: u32,
        began: Instant,
        budget: Budget,
        may_be_done: bool,
        read: &impl Fn(&Answer) -> Result<T, Misread>,
    ) -> Verdict<T> {
        let left = budget.deadline.saturating_sub(began.elapsed());
        let timeout = self.0.config.request_timeout.min(left.max(LEAST_TIMEOUT));
        let answer = match self.exchange(request, attempt, timeout, left).await {
            Ok(answer) => answer,
            Err(error) => {
                let outcome = match &error {
                    _ if request.kind == Kind::Write && is_acknowledged(&error) => {
                        Outcome::Acknowledged
                    }
                    ApiError::Network(network) if !network.kind.is_temporary() => Outcome::Final,
                    ApiError::Network(network) if network.sent => Outcome::Lost,
                    ApiError::Network(_) => Outcome::NotSent,
                    ApiError::Unexpected(_) => Outcome::Garbled,
                    _ => Outcome::Final,
                };
                return Verdict::Failed { outcome, error };
            }
        };
        let server_now = answer
            .server_time()
            .unwrap_or_else(|| (self.0.config.clock)());
        let done = (200..300).contains(&answer.status)
            || (answer.status == 304 && request.etag.is_some())
            || (answer.status == 404 && request.method == reqwest::Method::DELETE && may_be_done);
        if !done {
            return refused(&answer, server_now, attempt);
        }
        match read(&answer) {
            Ok(value) => Verdict::Done(Box::new(Reply {
                value,
                answer,
                server_now,
            })),
            Err(mut misread) => {
                // What is wrong with a value repeats the value.
                let token = self.token();
                if let Some(hidden) = token.and_then(|token| token.hidden_in(&misread.what)) {
                    misread.what = hidden;
                }
                let is_made = request.kind == Kind::Write && says_made(answer.status);
                let outcome = match (is_made, misread.truncated) {
                    (true, _) => Outcome::Acknowledged,
                    (false, true) => Outcome::Lost,
                    (false, false) => Outcome::Garbled,
                };
                Verdict::Failed {
                    outcome,
                    error: ApiError::Unexpected(Box::new(answer.unexpected(misread.what))),
                }
            }
        }
    }

    pub(super) fn situation(&self, attempt: u32, began: Instant, budget: Budget) -> Situation {
        Situation {
            attempt,
            most_attempts: budget.most_attempts,
            elapsed: began.elapsed(),
            deadline: budget.deadline,
            first_pause: self.0.config.first_pause,
            random: (self.0.config.random)(),
        }
    }

    /// Waits before another try. Returns false if the client was stopped
    /// meanwhile: then there is none.
    pub(super) async fn pause(&self, delay: Duration, reason: &str) -> bool {
        self.tell(&Event::Retry { reason, delay });
        tokio::select! {
            biased;
            () = self.0.pacer.until_stopped() => false,
            () = tokio::time::sleep(delay) => true,
        }
    }

    /// What a request counts against the limits.
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

    /// Tells the pacer what an answer says of the server's limits.
    pub(super) fn heed(&self, answer: &Answer, grant: &Grant<'_>, attempt: u32) {
        let server_time = answer.server_time();
        let server_now = server_time.unwrap_or_else(|| (self.0.config.clock)());
        if let Some(time) = server_time {
            self.0.note_server_time(time);
        }
        let pacer = &self.0.pacer;
        if matches!(answer.status, 403 | 429) {
            let refusal = answer.refusal();
            let limit = limit(answer.status, &answer.headers, &refusal.message, server_now);
            if let Some(limit) = limit {
                let told = rate_limited(limit, refusal, server_now, attempt);
                pacer.limited(grant, limit, told);
            }
        } else if answer.status < 400 {
            grant.accepted();
            pacer.told_quota(grant.resource(), quota(&answer.headers, server_now));
        }
    }

    /// Tells why a failure stands, and counts the attempts into it.
    pub(super) fn give_up(
        &self,
        outcome: Outcome,
        mut error: ApiError,
        reason: &str,
        attempt: u32,
    ) -> ApiError {
        // A plain refusal is an answer, and not worth a word about repeats.
        if outcome != Outcome::Final {
            self.tell(&Event::GiveUp { reason });
        }
        if let ApiError::Network(network) = &mut error {
            network.attempts = attempt;
        }
        error
    }
}

fn rate_limited(
    limit: Limit,
    refusal: Refusal,
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
        refusal,
    }
}

/// Whether the status of the answer, of which the rest is of no use, says that
/// the server did what it was asked.
fn is_acknowledged(error: &ApiError) -> bool {
    let status = match error {
        ApiError::Network(network) => network.status,
        ApiError::Unexpected(unexpected) => Some(unexpected.status),
        _ => None,
    };
    status.is_some_and(says_made)
}

/// The statuses with which GitHub says that it made something, or merged. A
/// bare 200 to a write is more likely a page of somebody in between.
fn says_made(status: u16) -> bool {
    matches!(status, 201 | 202)
}

/// Judges an answer whose status is no success.
fn refused<T>(answer: &Answer, server_now: Timestamp, attempt: u32) -> Verdict<T> {
    let mut refusal = answer.refusal();
    let limit = limit(answer.status, &answer.headers, &refusal.message, server_now);
    if let Some(limit) = limit {
        let told = rate_limited(limit, refusal, server_now, attempt);
        return Verdict::Failed {
            outcome: Outcome::Limited(limit),
            error: ApiError::RateLimited(Box::new(told)),
        };
    }
    let outcome = if answer.status >= 500 {
        refusal.retry_after = retry_after(&answer.headers, server_now);
        Outcome::Failed {
            status: answer.status,
            retry_after: refusal.retry_after,
        }
    } else {
        Outcome::Final
    };
    Verdict::Failed {
        outcome,
        error: ApiError::Refused(Box::new(refusal)),
    }
}
