use jiff::Timestamp;

use super::{DeploymentId, DeploymentState, Phase, Status, StatusState, User};

/// A deployment of an environment with all its statuses, as rules about what
/// was live need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PastDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) state: DeploymentState,
    pub(crate) sha: String,
    /// The branch, tag or SHA; `None` if that no longer exists and the server
    /// does not name it.
    pub(crate) ref_name: Option<String>,
    pub(crate) task: String,
    /// The user who requested it; `None` if the user was deleted.
    pub(crate) creator: Option<User>,
    pub(crate) created_at: Timestamp,
    /// When the deployment or its statuses last changed.
    pub(crate) updated_at: Timestamp,
    /// All its statuses, newest first.
    pub(crate) statuses: Vec<Status>,
}

impl PastDeployment {
    /// Whether its newest status is a success.
    pub(crate) fn is_live(&self) -> bool {
        self.state.phase() == Phase::Succeeded
    }

    /// Whether it may still change what is live. An abandoned one does not count.
    pub(crate) fn is_under_way(&self) -> bool {
        self.state.phase() == Phase::Underway && self.state != DeploymentState::Abandoned
    }

    /// How it ended: the newest of its successes, failures and errors.
    fn end(&self) -> Option<&StatusState> {
        let mut states = self.statuses.iter().map(|status| &status.state);
        states.find(|state| state.is_end())
    }

    /// Whether it succeeded and has not failed since then; it may have been
    /// superseded or taken down.
    pub(crate) fn was_good(&self) -> bool {
        self.end() == Some(&StatusState::Success)
    }

    /// Whether it failed and has not succeeded since then.
    pub(crate) fn has_failed(&self) -> bool {
        self.end()
            .is_some_and(|state| *state != StatusState::Success)
    }

    /// When it first succeeded.
    pub(crate) fn first_success(&self) -> Option<Timestamp> {
        let mut oldest_first = self.statuses.iter().rev();
        let success = oldest_first.find(|status| status.state == StatusState::Success);
        success.map(|status| status.created_at)
    }

    /// The log of the newest status that has one.
    pub(crate) fn log_url(&self) -> Option<&str> {
        self.statuses.iter().find_map(Status::log_url)
    }

    /// Whether a job of GitHub Actions made it.
    pub(crate) fn is_by_actions(&self) -> bool {
        self.creator.as_ref().is_some_and(User::is_actions_bot)
    }
}
