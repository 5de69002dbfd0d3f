use std::fmt;

use serde::{Deserialize, Serialize};

/// What a command does to what is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Aim {
    /// Mark it inactive.
    Deactivate,
    /// Delete it.
    Delete,
    /// End it, since nothing was heard of it for long.
    Reap,
}

/// What is done to one deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Mark it inactive.
    Deactivate,
    /// Delete it, since it is not active.
    Delete,
    /// Mark it inactive, so that it can be deleted, and delete it.
    DeactivateAndDelete,
    /// Give it the state that ends it.
    End,
    /// Delete the environment.
    DeleteEnvironment,
    /// Leave it as it is.
    Keep,
}

/// Why a deployment is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// It is inactive or destroyed already: nothing is left to do.
    AlreadyInactive,
    /// It is what a production environment serves.
    CurrentProduction,
    /// It is among the newest of its environment.
    Newest,
    /// It is active, and was not to be deleted by force.
    Active,
    /// It belongs to a pull request that is open.
    OpenPull,
    /// Its branch exists, although a pull request from it is closed.
    LiveBranch,
    /// It is at its end already.
    Ended,
    /// Something was heard of it not long ago.
    Recent,
    /// An agent has a claim to it that still holds.
    Claimed,
}

impl Aim {
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
            Self::Reap => "reap",
        }
    }

    pub(crate) fn participle(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivated",
            Self::Delete => "deleted",
            Self::Reap => "ended",
        }
    }

    /// What it does to one of them.
    pub(super) fn action(self) -> Action {
        match self {
            Self::Deactivate => Action::Deactivate,
            Self::Delete => Action::Delete,
            Self::Reap => Action::End,
        }
    }

    /// Whether a plan of this aim has such steps.
    pub(super) fn does(self, action: Action) -> bool {
        action == self.action() || (self == Self::Delete && action == Action::DeactivateAndDelete)
    }
}

impl Action {
    /// The words of the table.
    pub(crate) fn words(self) -> &'static str {
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

impl Reason {
    /// Whether the asked state is not reached, for want of an option.
    pub(super) fn option(self) -> Option<&'static str> {
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

    /// Whether the asked state is not reached.
    pub(super) fn falls_short(self) -> bool {
        self.option().is_some() || self == Self::Claimed
    }

    /// Whether what is asked for is reached already.
    pub(super) fn is_reached(self) -> bool {
        matches!(self, Self::AlreadyInactive | Self::Ended)
    }

    /// The word that JSON has, too.
    pub(crate) fn word(self) -> &'static str {
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

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyInactive => "inactive already",
            Self::CurrentProduction => "current in production (--include-production)",
            Self::Newest => "among the newest of its environment",
            Self::Active => "active (--force)",
            Self::OpenPull => "of an open pull request",
            Self::LiveBranch => "of a branch that still exists or is merged into",
            Self::Ended => "at its end already",
            Self::Recent => "heard of not long ago (--older-than)",
            Self::Claimed => "an agent is deploying it",
        })
    }
}
