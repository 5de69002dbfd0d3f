use std::collections::HashSet;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::api::{ApiError, Fetched};
use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentId, Observed, Phase, Status};
use crate::session::Connection;
use crate::term::{Live, Role, Term, Text};

/// The longest pause between two looks; one that changes nothing costs no quota.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How many deployments are asked for at a time.
const AT_ONCE: usize = 10;

/// What is waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Goal {
    /// That it succeeds.
    #[default]
    Success,
    /// That it ends, in whatever way.
    End,
    /// That it no longer counts: inactive or destroyed.
    Inactive,
}

/// How it ended with respect to the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Reached,
    Failed,
    Retired,
}

impl Goal {
    /// How a deployment in a phase has ended; `None` while it has not.
    pub(crate) fn ending(self, phase: Phase) -> Option<Ending> {
        match (self, phase) {
            (_, Phase::Underway) | (Self::Inactive, Phase::Succeeded | Phase::Failed) => None,
            (Self::Success, Phase::Failed) => Some(Ending::Failed),
            (Self::Success, Phase::Retired) => Some(Ending::Retired),
            (Self::Success, Phase::Succeeded)
            | (Self::End, _)
            | (Self::Inactive, Phase::Retired) => Some(Ending::Reached),
        }
    }
}

/// A deployment that is followed, as it was last seen.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) observed: Observed,
    /// The newest statuses, newest first.
    pub(crate) statuses: Vec<Status>,
    etag: Option<String>,
}

impl Watched {
    pub(crate) fn new(deployment: Deployment, statuses: Vec<Status>, now: Timestamp) -> Self {
        let observed = Observed::from_latest(deployment, statuses.first().cloned(), now);
        Self {
            observed,
            statuses,
            etag: None,
        }
    }

    pub(crate) fn id(&self) -> DeploymentId {
        self.observed.deployment.id
    }

    fn phase(&self) -> Phase {
        self.observed.state.phase()
    }

    /// Where the deployed thing is, by the newest status that says so.
    pub(crate) fn environment_url(&self) -> Option<&str> {
        self.statuses.iter().find_map(Status::environment_url)
    }

    fn update(&mut self, statuses: Vec<Status>, now: Timestamp) {
        let deployment = &mut self.observed.deployment;
        if let Some(newest) = statuses.first() {
            deployment.updated_at = Some(newest.updated_at.unwrap_or(newest.created_at));
            if let Some(environment) = newest
                .environment
                .as_deref()
                .filter(|name| !name.is_empty())
            {
                environment.clone_into(&mut deployment.environment);
            }
        }
        self.observed = Observed::from_latest(deployment.clone(), statuses.first().cloned(), now);
        self.statuses = statuses;
    }

    fn text(&self) -> Text {
        let deployment = &self.observed.deployment;
        let mut text = Text::new()
            .with(Role::Id, deployment.id.to_string())
            .plain(format!(" {} ", deployment.environment))
            .with(
                Role::of_state(&self.observed.state),
                self.observed.state.as_str(),
            );
        let latest = self.observed.latest_status.as_ref();
        if let Some(description) = latest.and_then(Status::description) {
            text = text.with(Role::Dim, format!(" {description}"));
        }
        text
    }
}

/// How deployments are followed.
pub(crate) struct Follow<'a> {
    pub(crate) term: &'a Term,
    pub(crate) connection: &'a Connection,
    pub(crate) goal: Goal,
    /// When waiting ends at the latest; `None` is never.
    pub(crate) deadline: Option<Instant>,
    /// The pause between two looks, which grows while nothing changes.
    pub(crate) interval: Duration,
}

impl Follow<'_> {
    /// Follows until every deployment has ended with respect to the goal.
    ///
    /// Drops, 5xx and rate limits are waited out, and so are answers that are not
    /// understood: the server gave one that is before it was followed. Fails with `TimedOut` at the
    /// deadline, and at once with what waiting can't mend.
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
        // What was redrawn in place is gone now; its last state stays to be read.
        if self.term.stderr_is_tty() {
            for one in watched.iter() {
                self.term.note(one.text());
            }
        }
        followed
    }

    async fn until_the_end(
        &self,
        watched: &mut [Watched],
        live: &mut Live<'_>,
    ) -> Result<(), Failure> {
        let mut pause = self.interval;
        loop {
            if watched
                .iter()
                .all(|one| self.goal.ending(one.phase()).is_some())
            {
                return Ok(());
            }
            let next = Instant::now() + pause;
            if self.deadline.is_some_and(|deadline| deadline <= next) {
                if let Some(deadline) = self.deadline {
                    sleep_until(deadline).await;
                }
                // The last moment may have brought the end.
                self.look(watched, live).await?;
                if watched
                    .iter()
                    .all(|one| self.goal.ending(one.phase()).is_some())
                {
                    return Ok(());
                }
                return Err(timed_out(watched, self.goal));
            }
            sleep_until(next).await;
            let longer = pause.mul_f64(1.25).min(LONGEST_PAUSE.max(self.interval));
            pause = match self.look(watched, live).await? {
                Look::Changed => self.interval,
                Look::Same => longer,
                Look::Failed(wait) => wait.max(longer),
            };
        }
    }

    /// Whether it is a limit that lasts for longer than there is time.
    fn outlasts(&self, error: &ApiError) -> bool {
        let ApiError::RateLimited(limited) = error else {
            return false;
        };
        let end = Instant::now() + limited.wait;
        self.deadline.is_some_and(|deadline| deadline <= end)
    }

    async fn look(&self, watched: &mut [Watched], live: &mut Live<'_>) -> Result<Look, Failure> {
        let asked: Vec<(usize, DeploymentId, Option<String>)> = watched
            .iter()
            .enumerate()
            .filter(|(_, one)| self.goal.ending(one.phase()).is_none())
            .map(|(index, one)| (index, one.id(), one.etag.clone()))
            .collect();
        let answers = stream::iter(asked)
            .map(|(index, id, etag)| async move {
                let connection = self.connection;
                let answer = connection
                    .client
                    .statuses_since(&connection.repo, id, etag.as_deref())
                    .await;
                (index, answer)
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>();
        // The last look at the deadline gets a moment of its own.
        let grace = self
            .deadline
            .map(|deadline| deadline.max(Instant::now() + Duration::from_secs(1)));
        let answers = match grace {
            Some(grace) => match timeout_at(grace, answers).await {
                Ok(answers) => answers,
                Err(_) => return Ok(Look::Failed(Duration::ZERO)),
            },
            None => answers.await,
        };
        let mut look = Look::Same;
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
                    if one.statuses != value {
                        look = Look::Changed;
                    }
                    show_between(live, one, &value, server_now);
                    one.update(value, server_now);
                    one.etag = etag;
                }
                Err(error) if self.outlasts(&error) => {
                    return Err(crate::session::history_failure(
                        self.connection,
                        one.id(),
                        &error,
                    ));
                }
                Err(error) if error.is_temporary() || matches!(error, ApiError::Unexpected(_)) => {
                    self.term.verbose(format!("trying on: {error}"));
                    look = Look::Failed(wait_of(&error));
                    continue;
                }
                Err(error) => {
                    return Err(crate::session::history_failure(
                        self.connection,
                        one.id(),
                        &error,
                    ));
                }
            }
            live.set(one.id().0, one.text());
        }
        Ok(look)
    }
}

/// Off a terminal, every status since the last look is a line, so that none is
/// missed that came and went between two looks.
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

enum Look {
    Changed,
    Same,
    /// Some answer did not come; the next look makes sense after so long.
    Failed(Duration),
}

/// How long to leave the server alone after an error.
pub(crate) fn wait_of(error: &ApiError) -> Duration {
    match error {
        ApiError::RateLimited(limited) => limited.wait,
        _ => error
            .refusal()
            .and_then(|refusal| refusal.retry_after)
            .unwrap_or(Duration::from_secs(1)),
    }
}

fn timed_out(watched: &[Watched], goal: Goal) -> Failure {
    let open: Vec<&Watched> = watched
        .iter()
        .filter(|one| goal.ending(one.phase()).is_none())
        .collect();
    let message = match open[..] {
        [one] => format!(
            "time is up: deployment {} is {}",
            one.id(),
            one.observed.state
        ),
        _ => format!("time is up: {} deployments have not ended", open.len()),
    };
    let states: Vec<_> = open
        .iter()
        .map(|one| serde_json::json!({"id": one.id(), "state": one.observed.state}))
        .collect();
    Failure::new(Kind::TimedOut, message)
        .detail("deployments", states)
        .hint("'deployctl wait' goes on waiting; --timeout gives it longer")
}

/// The failure that the endings amount to; `None` if all reached the goal.
pub(crate) fn verdict(watched: &[Watched], goal: Goal) -> Option<Failure> {
    let of = |ending| {
        watched
            .iter()
            .filter(|one| goal.ending(one.phase()) == Some(ending))
            .collect::<Vec<_>>()
    };
    let (failed, retired) = (of(Ending::Failed), of(Ending::Retired));
    let (kind, first) = match (failed.first(), retired.first()) {
        (Some(first), _) => (Kind::DeploymentFailed, first),
        (None, Some(first)) => (Kind::Superseded, first),
        (None, None) => return None,
    };
    let deployment = &first.observed.deployment;
    let latest = first.observed.latest_status.as_ref();
    let mut message = match kind {
        Kind::DeploymentFailed => format!(
            "deployment {} to {} ended in {}",
            deployment.id, deployment.environment, first.observed.state
        ),
        _ => format!(
            "deployment {} to {} is {}: another took its place, or it was taken down",
            deployment.id, deployment.environment, first.observed.state
        ),
    };
    if let Some(description) = latest.and_then(Status::description) {
        message.push_str(": ");
        message.push_str(description);
    }
    let others = failed.len() + retired.len() - 1;
    if others > 0 {
        message.push_str(&format!(" (and {others} more did not succeed)"));
    }
    let mut failure = Failure::new(kind, message)
        .detail("deployment", deployment.id)
        .detail("state", &first.observed.state);
    if let Some(url) = latest.and_then(Status::log_url) {
        failure = failure
            .hint(format!("its output: {url}"))
            .detail("log_url", url);
    }
    if kind == Kind::Superseded {
        failure = failure.hint("'deployctl list --active' shows what is live");
    }
    Some(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_goal_has_its_endings() {
        use Ending::{Failed, Reached, Retired};
        for (goal, phase, ending) in [
            (Goal::Success, Phase::Underway, None),
            (Goal::Success, Phase::Succeeded, Some(Reached)),
            (Goal::Success, Phase::Failed, Some(Failed)),
            (Goal::Success, Phase::Retired, Some(Retired)),
            (Goal::End, Phase::Underway, None),
            (Goal::End, Phase::Succeeded, Some(Reached)),
            (Goal::End, Phase::Failed, Some(Reached)),
            (Goal::End, Phase::Retired, Some(Reached)),
            (Goal::Inactive, Phase::Underway, None),
            (Goal::Inactive, Phase::Succeeded, None),
            (Goal::Inactive, Phase::Failed, None),
            (Goal::Inactive, Phase::Retired, Some(Reached)),
        ] {
            assert_eq!(goal.ending(phase), ending, "{goal:?} {phase:?}");
        }
    }
}
