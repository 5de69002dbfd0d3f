use std::collections::HashSet;

use jiff::Timestamp;

use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentId, DeploymentWithState, Phase, Status, StatusState};
use crate::term::{Role, Text};

/// What to wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Goal {
    /// The deployment succeeds.
    #[default]
    Success,
    /// The deployment ends, in any state.
    End,
    /// The deployment is inactive or destroyed.
    Inactive,
}

/// How a deployment has ended with respect to a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Reached,
    Failed,
    Retired,
}

impl Goal {
    /// How a deployment in a phase has ended; `None` while it has not.
    fn ending(self, phase: Phase) -> Option<Ending> {
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

/// A deployment that is being followed, as it was last seen.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) observed: DeploymentWithState,
    /// The newest statuses, newest first.
    pub(crate) statuses: Vec<Status>,
    pub(super) etag: Option<String>,
}

impl Watched {
    pub(crate) fn new(deployment: Deployment, statuses: Vec<Status>, now: Timestamp) -> Self {
        let observed =
            DeploymentWithState::from_latest_status(deployment, statuses.first().cloned(), now);
        Self {
            observed,
            statuses,
            etag: None,
        }
    }

    pub(crate) fn id(&self) -> DeploymentId {
        self.observed.deployment.id
    }

    /// Whether it has succeeded, even if it has been superseded since then.
    pub(crate) fn has_succeeded(&self) -> bool {
        self.phase() == Phase::Succeeded
    }

    /// The phase that the deployment has reached. For one that is inactive by now the
    /// history decides: it may have ended and been superseded between two
    /// requests.
    fn phase(&self) -> Phase {
        match self.observed.state.phase() {
            Phase::Retired => self
                .end()
                .map_or(Phase::Retired, |status| match status.state {
                    StatusState::Success => Phase::Succeeded,
                    _ => Phase::Failed,
                }),
            phase => phase,
        }
    }

    /// The newest status that reports a success or a failure.
    fn end(&self) -> Option<&Status> {
        self.statuses.iter().find(|status| status.state.is_end())
    }

    pub(super) fn is_retired(&self) -> bool {
        self.observed.state.phase() == Phase::Retired
    }

    /// Whether it has not ended yet with respect to the goal.
    pub(super) fn is_open(&self, goal: Goal) -> bool {
        self.ending(goal).is_none()
    }

    /// How it has ended with respect to the goal; `None` while it has not.
    fn ending(&self, goal: Goal) -> Option<Ending> {
        match goal {
            Goal::Inactive => goal.ending(self.observed.state.phase()),
            Goal::Success | Goal::End => goal.ending(self.phase()),
        }
    }

    /// The environment URL of the newest status that has one.
    pub(crate) fn environment_url(&self) -> Option<&str> {
        self.statuses.iter().find_map(Status::environment_url)
    }

    pub(super) fn update(&mut self, statuses: Vec<Status>, now: Timestamp) {
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
        self.observed = DeploymentWithState::from_latest_status(
            deployment.clone(),
            statuses.first().cloned(),
            now,
        );
        let before = std::mem::replace(&mut self.statuses, statuses);
        let known: HashSet<_> = self.statuses.iter().map(|status| status.id).collect();
        // Only the newest page is requested, so older statuses are kept.
        let older = before
            .into_iter()
            .filter(|status| !known.contains(&status.id));
        self.statuses.extend(older);
    }

    pub(super) fn text(&self) -> Text {
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

/// The failure for deployments that missed the goal; `None` if all reached it.
pub(crate) fn goal_failure(watched: &[Watched], goal: Goal) -> Option<Failure> {
    let ended_in = |ending| {
        watched
            .iter()
            .filter(|deployment| deployment.ending(goal) == Some(ending))
            .collect::<Vec<_>>()
    };
    let (failed, retired) = (ended_in(Ending::Failed), ended_in(Ending::Retired));
    let (kind, first) = match (failed.first(), retired.first()) {
        (Some(first), _) => (Kind::DeploymentFailed, first),
        (None, Some(first)) => (Kind::Superseded, first),
        (None, None) => return None,
    };
    let deployment = &first.observed.deployment;
    let (latest, state) = match (kind, first.end()) {
        // The deployment may be inactive by now.
        (Kind::DeploymentFailed, Some(end)) => (Some(end), end.state.as_str()),
        _ => (
            first.observed.latest_status.as_ref(),
            first.observed.state.as_str(),
        ),
    };
    let mut message = match kind {
        Kind::DeploymentFailed => format!(
            "deployment {} to {} ended in {state}",
            deployment.id, deployment.environment
        ),
        _ => format!(
            "deployment {} to {} is {state} and has not succeeded: it was superseded or taken down",
            deployment.id, deployment.environment
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
        .detail("state", state);
    if let Some(url) = latest.and_then(Status::log_url) {
        failure = failure
            .hint(format!("see its output: {url}"))
            .detail("log_url", url);
    }
    if kind == Kind::Superseded {
        failure = failure.hint("run 'deployctl list --active' to see what is live");
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
