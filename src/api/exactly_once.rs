use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::answer::{Answer, Misread};
use super::call::{Budget, Verdict};
use super::retry::{Decision, decide};
use super::transport::Request;
use super::{ApiError, Client, Event};

/// How often a write whose answer was lost is sent in all.
const MOST_SENDS: u32 = 3;
/// How often the server is asked for the result before the next send: it may
/// still be at work, or read from a copy that lags behind.
const LOOKS: u32 = 2;
/// What looking may take at least, however late it is: it is what tells done
/// from not done.
const LEAST_LOOK: Duration = Duration::from_secs(10);
/// Times of creation are whole seconds, and so is the `Date` of an answer.
const SLACK: SignedDuration = SignedDuration::from_secs(2);

/// Finds what a write made, if it is there.
pub(super) type Looking<'a, T> = BoxFuture<'a, Result<Option<T>, ApiError>>;

/// When a write began, and what finding its result may cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    began: Instant,
    /// What looking may cost.
    pub(super) budget: Budget,
}

impl Since {
    /// The earliest time that the result can have been made, by the server's
    /// clock, which showed `server_time` just now.
    pub(super) fn earliest(&self, server_time: Timestamp) -> Timestamp {
        let before = SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::MAX);
        server_time
            .checked_sub(before)
            .and_then(|time| time.checked_sub(SLACK))
            .unwrap_or(Timestamp::MIN)
    }
}

impl Client {
    /// Makes a request that must have its effect exactly once.
    ///
    /// GitHub has no key by which it would know a repeated request. So where it
    /// is not known whether the request was done, `look` tells whether its
    /// result is there, and only if not is it sent again.
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if `look` fails.
    pub(super) async fn write_once<'a, T>(
        &self,
        action: &'static str,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, Misread>,
        look: impl Fn(Since) -> Looking<'a, T>,
    ) -> Result<T, ApiError> {
        let began = Instant::now();
        let budget = self.budget();
        let mut attempt = 1;
        let mut lost = 0;
        loop {
            let (outcome, error) = match self
                .attempt(request, attempt, began, budget, false, &read)
                .await
            {
                Verdict::Done(reply) => return Ok(reply.value),
                Verdict::Failed { outcome, error } => (outcome, error),
            };
            let situation = self.situation(attempt, began, budget);
            match decide(request.kind, outcome, &situation) {
                Decision::Again { after, reason } => self.pause(after, &reason).await,
                Decision::GiveUp { reason } => {
                    return Err(self.give_up(outcome, error, &reason, attempt));
                }
                Decision::Look { reason } => {
                    lost += 1;
                    let found = self.look(&reason, began, budget, &look).await;
                    match found {
                        Ok(Some(value)) => return Ok(value),
                        Ok(None) if lost < MOST_SENDS && began.elapsed() < budget.deadline => {
                            self.pause(Duration::ZERO, "it was not done").await;
                        }
                        Ok(None) => {
                            let reason = "it was not done, as far as the server tells";
                            return Err(self.give_up(outcome, error, reason, attempt));
                        }
                        Err(look) => {
                            let reason = "it is not known whether it was done";
                            return Err(ApiError::Ambiguous {
                                action,
                                cause: Box::new(self.give_up(outcome, error, reason, attempt)),
                                look: Box::new(look),
                            });
                        }
                    }
                }
            }
            attempt += 1;
        }
    }

    async fn look<'a, T>(
        &self,
        reason: &str,
        began: Instant,
        budget: Budget,
        look: &impl Fn(Since) -> Looking<'a, T>,
    ) -> Result<Option<T>, ApiError> {
        self.tell(&Event::Note(&format!("{reason}: looking for the result")));
        for round in 0..LOOKS {
            if round > 0 {
                let settle = self.0.config.first_pause.saturating_mul(4);
                self.pause(settle, "the result is not there yet").await;
            }
            let left = budget.deadline.saturating_sub(began.elapsed());
            let since = Since {
                began,
                budget: Budget {
                    deadline: left.max(LEAST_LOOK),
                    ..budget
                },
            };
            if let Some(found) = look(since).await? {
                self.tell(&Event::Note("the result is there: nothing is sent again"));
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Whether a text that was sent and one that came back say the same: servers
/// send `null`, `""` or nothing for none.
pub(super) fn same_text(sent: Option<&str>, came: Option<&str>) -> bool {
    sent.unwrap_or_default() == came.unwrap_or_default()
}

/// Whether `login` can be the viewer's, as far as both are known.
pub(super) fn may_be(viewer: Option<&str>, login: Option<&str>) -> bool {
    match (viewer, login) {
        (Some(viewer), Some(login)) => viewer.eq_ignore_ascii_case(login),
        _ => true,
    }
}
