use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Goal, Watched};
use crate::api::{ApiError, Fetched, as_completed};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, Status};
use crate::session::Connection;
use crate::term::{Live, Term};

/// The longest interval between two requests; a request without changes costs no
/// quota.
const MAX_INTERVAL: Duration = Duration::from_secs(30);
/// The number of deployments that are requested in parallel.
const MAX_PARALLEL: usize = 10;

/// How deployments are followed.
pub(crate) struct Follow<'a> {
    pub(crate) term: &'a Term,
    pub(crate) connection: &'a Connection,
    pub(crate) goal: Goal,
    /// When to stop waiting; `None` for never.
    pub(crate) deadline: Option<Instant>,
    /// The interval between two requests, which grows while nothing changes.
    pub(crate) interval: Duration,
}

impl Follow<'_> {
    /// Follows until every deployment has ended with respect to the goal.
    ///
    /// Continues after network errors, 5xx, rate limits and unexpected answers. Fails
    /// with `TimedOut` at the deadline, and at once if a later request would fail,
    /// too.
    pub(crate) async fn run(&self, watched: &mut [Watched]) -> Result<(), Failure> {
        let mut live = self.term.live(match watched.len() {
            0 | 1 => "waiting".to_owned(),
            many => format!("waiting for {many} deployments"),
        });
        for one in watched.iter() {
            live.set(one.id().0, one.text());
        }
        let followed = self.until_the_end(watched, &mut live).await;
        drop(live);
        self.note_superseded(watched);
        // The live lines are erased now; the last state stays visible.
        if self.term.stderr_is_tty() {
            for one in watched.iter() {
                self.term.note(one.text());
            }
        }
        followed
    }

    /// Notes which successful deployments are no longer live.
    fn note_superseded(&self, watched: &[Watched]) {
        let is_success = self.goal == Goal::Success;
        for one in watched
            .iter()
            .filter(|one| is_success && one.is_retired() && one.has_succeeded())
        {
            self.term.note(format!(
                "deployment {} to {} has succeeded and is {} by now: it was superseded or taken down",
                one.id(),
                one.observed.deployment.environment,
                one.observed.state
            ));
        }
    }

    async fn until_the_end(
        &self,
        watched: &mut [Watched],
        live: &mut Live<'_>,
    ) -> Result<(), Failure> {
        let mut pause = self.interval;
        let mut last_error = None;
        loop {
            if !watched.iter().any(|one| one.is_open(self.goal)) {
                return Ok(());
            }
            let next = Instant::now() + pause;
            if self.deadline.is_some_and(|deadline| deadline <= next) {
                if let Some(deadline) = self.deadline {
                    sleep_until(deadline).await;
                }
                // It may have ended since the last request.
                if let Poll::Failed(error) = self.poll(watched, live).await? {
                    last_error = error.or(last_error);
                }
                if !watched.iter().any(|one| one.is_open(self.goal)) {
                    return Ok(());
                }
                return Err(timed_out(watched, self.goal, last_error.as_deref()));
            }
            sleep_until(next).await;
            let longer = pause.mul_f64(1.25).min(MAX_INTERVAL.max(self.interval));
            pause = match self.poll(watched, live).await? {
                Poll::Changed => self.interval,
                Poll::Same => longer,
                Poll::Failed(error) => {
                    let wait = error.as_deref().map_or(Duration::ZERO, retry_delay);
                    last_error = error.or(last_error);
                    wait.max(longer)
                }
            };
        }
    }

    /// Whether this is a rate limit that lasts until after the deadline.
    fn outlasts(&self, error: &ApiError) -> bool {
        let ApiError::RateLimited(limited) = error else {
            return false;
        };
        let end = Instant::now() + limited.wait;
        self.deadline.is_some_and(|deadline| deadline <= end)
    }

    async fn poll(&self, watched: &mut [Watched], live: &mut Live<'_>) -> Result<Poll, Failure> {
        let requests: Vec<(usize, DeploymentId, Option<String>)> = watched
            .iter()
            .enumerate()
            .filter(|(_, one)| one.is_open(self.goal))
            .map(|(index, one)| (index, one.id(), one.etag.clone()))
            .collect();
        let repo = self.connection.repo();
        let answers = as_completed(requests, MAX_PARALLEL, |(index, id, etag)| async move {
            let deployment = repo.deployment(id);
            (index, deployment.statuses_since(etag.as_deref()).await)
        })
        .collect::<Vec<_>>();
        // The last request, at the deadline, still has a second.
        let grace = self
            .deadline
            .map(|deadline| deadline.max(Instant::now() + Duration::from_secs(1)));
        let answers = match grace {
            Some(grace) => match timeout_at(grace, answers).await {
                Ok(answers) => answers,
                Err(_) => return Ok(Poll::Failed(None)),
            },
            None => answers.await,
        };
        let mut result = Poll::Same;
        for (index, answer) in answers {
            let one = &mut watched[index];
            match answer {
                Ok(Fetched::NotModified { server_now }) => {
                    one.update(one.statuses.clone(), server_now);
                }
                Ok(Fetched::Fresh {
                    value,
                    etag,
                    server_now,
                }) => {
                    if !one.statuses.starts_with(&value) {
                        result = Poll::Changed;
                    }
                    show_between(live, one, &value, server_now);
                    one.update(value, server_now);
                    one.etag = etag;
                }
                Err(error) if self.outlasts(&error) => {
                    return Err(self.connection.explain_for_deployment(one.id(), &error));
                }
                Err(error) if is_retryable(&error) => {
                    self.term.verbose(format!("trying again: {error}"));
                    result = Poll::Failed(Some(Box::new(error)));
                    continue;
                }
                Err(error) => {
                    return Err(self.connection.explain_for_deployment(one.id(), &error));
                }
            }
            live.set(one.id().0, one.text());
        }
        Ok(result)
    }
}

/// Prints a line for each new status if stderr is no terminal, so that none is missed
/// between two requests.
fn show_between(live: &mut Live<'_>, one: &Watched, newer: &[Status], now: Timestamp) {
    let known: HashSet<_> = one.statuses.iter().map(|status| status.id).collect();
    let fresh = newer
        .iter()
        .take_while(|status| !known.contains(&status.id))
        .count();
    for index in (1..fresh).rev() {
        let mut between = one.clone();
        between.update(newer[index..].to_vec(), now);
        live.set(one.id().0, between.text());
    }
}

enum Poll {
    Changed,
    Same,
    /// There was no response in time, or a temporary error.
    Failed(Option<Box<ApiError>>),
}

/// Whether a later request may succeed, also after an unexpected answer such as the
/// page of a proxy.
pub(crate) fn is_retryable(error: &ApiError) -> bool {
    error.is_temporary() || matches!(error, ApiError::Unexpected(_))
}

/// How long to wait after an error before the next request.
pub(crate) fn retry_delay(error: &ApiError) -> Duration {
    match error {
        ApiError::RateLimited(limited) => limited.wait,
        _ => error
            .error_response()
            .and_then(|refusal| refusal.retry_after)
            .unwrap_or(Duration::from_secs(1)),
    }
}

fn timed_out(watched: &[Watched], goal: Goal, last_error: Option<&ApiError>) -> Failure {
    let open: Vec<&Watched> = watched.iter().filter(|one| one.is_open(goal)).collect();
    let message = match open[..] {
        [one] => format!("timeout: deployment {} is {}", one.id(), one.observed.state),
        _ => format!("timeout: {} deployments have not ended", open.len()),
    };
    let states: Vec<_> = open
        .iter()
        .map(|one| serde_json::json!({"id": one.id(), "state": one.observed.state}))
        .collect();
    Failure::new(Kind::TimedOut, message)
        .detail("deployments", states)
        .hint("run 'deployctl wait' to continue to wait; --timeout sets a longer time")
        .with_hints(last_error.map(|error| format!("the last request that failed: {error}")))
}
