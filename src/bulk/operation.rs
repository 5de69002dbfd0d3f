use std::fmt;

use serde::{Deserialize, Serialize};

/// What a command does to the selected deployments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Operation {
    Deactivate,
    Delete,
    /// End what is stuck.
    Reap,
}

/// What is done to one deployment or environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    Deactivate,
    Delete,
    /// GitHub refuses to delete an active deployment.
    DeactivateAndDelete,
    End,
    DeleteEnvironment,
    Keep,
}

/// Why a selected deployment is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeepReason {
    /// It is inactive or destroyed.
    AlreadyInactive,
    /// It is what a production environment serves.
    CurrentProduction,
    /// It is among the newest of its environment, which `--keep` asks for.
    Newest,
    /// It is active, and `--force` is missing.
    Active,
    OpenPull,
    /// Its branch exists, although a pull request from it is closed.
    LiveBranch,
    /// It has ended, so it cannot be stuck.
    Ended,
    /// It has had an update within `--older-than`.
    Recent,
    /// An agent has a claim to it that has not expired.
    Claimed,
}

impl Operation {
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
            Self::Reap => "reap",
        }
    }

    pub(super) fn participle(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivated",
            Self::Delete => "deleted",
            Self::Reap => "ended",
        }
    }

    pub(super) fn action(self) -> Action {
        match self {
            Self::Deactivate => Action::Deactivate,
            Self::Delete => Action::Delete,
            Self::Reap => Action::End,
        }
    }

    /// Whether a plan of this operation may contain such a step.
    pub(super) fn allows(self, action: Action) -> bool {
        action == self.action() || (self == Self::Delete && action == Action::DeactivateAndDelete)
    }
}

impl Action {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
            Self::DeactivateAndDelete => "deactivate, delete",
            Self::End => "end",
            Self::DeleteEnvironment => "delete environment",
            Self::Keep => "keep",
        }
    }
}

impl KeepReason {
    /// The option that would have the deployment changed.
    pub(super) fn overriding_option(self) -> Option<&'static str> {
        match self {
            Self::CurrentProduction => Some("--include-production"),
            Self::Active => Some("--force"),
            Self::Recent => Some("--older-than"),
            Self::AlreadyInactive
            | Self::Newest
            | Self::OpenPull
            | Self::LiveBranch
            | Self::Claimed
            | Self::Ended => None,
        }
    }

    /// Whether a user who named this deployment did not get what they asked for.
    pub(super) fn is_refusal(self) -> bool {
        self.overriding_option().is_some() || self == Self::Claimed
    }

    /// Whether the deployment is already in the requested state.
    pub(super) fn is_already_done(self) -> bool {
        matches!(self, Self::AlreadyInactive | Self::Ended)
    }

    /// As in JSON.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::AlreadyInactive => "already_inactive",
            Self::CurrentProduction => "current_production",
            Self::Newest => "newest",
            Self::Active => "active",
            Self::OpenPull => "open_pull",
            Self::LiveBranch => "live_branch",
            Self::Ended => "ended",
            Self::Recent => "recent",
            Self::Claimed => "claimed",
        }
    }
}

/// Fits after "keep 3:".
impl fmt::Display for KeepReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyInactive => "already inactive",
            Self::CurrentProduction => "live in production (--include-production)",
            Self::Newest => "among the newest of the environment",
            Self::Active => "active (--force)",
            Self::OpenPull => "from an open pull request",
            Self::LiveBranch => "from a branch that still exists or is merged into",
            Self::Ended => "already ended",
            Self::Recent => "updated recently (--older-than)",
            Self::Claimed => "claimed by an agent",
        })
    }
}
