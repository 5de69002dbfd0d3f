use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A pending deployment without an update for this long counts as abandoned.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// Declares an open enum: unknown words, which servers may add later, become
/// `Other`, converted by the given function.
macro_rules! open_words {
    ($(#[$meta:meta])* $name:ident, $unknown:path { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vmeta])* $variant,)*
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// All known words.
            pub const KNOWN: &[&str] = &[$($word),*];

            /// The word, in lower case if it is known.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }

            /// The variant for `word`, in any letter case (GraphQL uses upper
            /// case).
            pub fn from_word(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })*
                Self::Other($unknown(word))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(word: &str) -> Result<Self, Infallible> {
                Ok(Self::from_word(word))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from_word(&String::deserialize(deserializer)?))
            }
        }
    };
}

pub(super) use open_words;

open_words! {
    /// The state of a deployment status, as in the REST API.
    ///
    /// See <https://docs.github.com/rest/deployments/statuses>.
    StatusState, str::to_owned {
        /// An error occurred, so that the deployment was not carried out.
        Error = "error",
        /// The deployment failed.
        Failure = "failure",
        /// The deployment is no longer active; a transient one has been
        /// removed.
        Inactive = "inactive",
        /// The deployment is running.
        InProgress = "in_progress",
        /// The deployment is waiting for its turn.
        Queued = "queued",
        /// The deployment has not started.
        Pending = "pending",
        /// The deployment succeeded.
        Success = "success",
        /// GitHub Actions is waiting for an approval or a timer.
        Waiting = "waiting",
    }
}

open_words! {
    /// The state of a deployment, as in GraphQL's `DeploymentState`, in lower
    /// case.
    ///
    /// See <https://docs.github.com/graphql/reference/enums#deploymentstate>.
    DeploymentState, str::to_ascii_lowercase {
        /// Pending, without an update for 30 minutes.
        Abandoned = "abandoned",
        /// The active deployment of its environment.
        Active = "active",
        /// A transient deployment that has been removed.
        Destroyed = "destroyed",
        /// An error occurred, so that the deployment was not carried out.
        Error = "error",
        /// The deployment failed.
        Failure = "failure",
        /// Superseded, or set to inactive.
        Inactive = "inactive",
        /// The deployment is running.
        InProgress = "in_progress",
        /// The deployment has not started.
        Pending = "pending",
        /// The deployment is waiting for its turn.
        Queued = "queued",
        /// Succeeded. GitHub's documentation does not say when this is used
        /// instead of `active`.
        Success = "success",
        /// GitHub Actions is waiting for an approval or a timer.
        Waiting = "waiting",
    }
}

/// The phase of a deployment, for those who wait for its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not finished, or in a state that this version does not know.
    Underway,
    /// It succeeded and is active.
    Succeeded,
    /// It ended in `failure` or `error`.
    Failed,
    /// It is no longer active: superseded, inactive or destroyed.
    Retired,
}

impl StatusState {
    /// The states that clients can set.
    pub const SETTABLE: &[&str] = &[
        "error",
        "failure",
        "inactive",
        "in_progress",
        "pending",
        "queued",
        "success",
    ];

    /// Whether it reports how a deployment ended. A later `inactive` changes
    /// nothing about that.
    pub(crate) fn is_end(&self) -> bool {
        matches!(self, Self::Success | Self::Failure | Self::Error)
    }
}

impl DeploymentState {
    /// Computes the state from the newest status, as GraphQL does.
    ///
    /// `updated` is when the deployment last changed; `now` must be from the
    /// same clock.
    pub fn compute(
        newest: Option<&StatusState>,
        transient: bool,
        updated: Timestamp,
        now: Timestamp,
    ) -> Self {
        match newest {
            Some(StatusState::Success) => Self::Active,
            Some(StatusState::Inactive) if transient => Self::Destroyed,
            Some(StatusState::Inactive) => Self::Inactive,
            None | Some(StatusState::Pending) => {
                if now.duration_since(updated) >= ABANDONED_AFTER {
                    Self::Abandoned
                } else {
                    Self::Pending
                }
            }
            Some(other) => Self::from_word(other.as_str()),
        }
    }

    /// The phase of the deployment.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Active | Self::Success => Phase::Succeeded,
            Self::Error | Self::Failure => Phase::Failed,
            Self::Inactive | Self::Destroyed => Phase::Retired,
            Self::Abandoned
            | Self::InProgress
            | Self::Pending
            | Self::Queued
            | Self::Waiting
            | Self::Other(_) => Phase::Underway,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("in range")
    }

    #[test]
    fn the_newest_status_decides() {
        use DeploymentState as D;
        use StatusState as S;
        for (newest, transient, age, state) in [
            (Some(S::Success), false, 0, D::Active),
            (Some(S::Success), true, 9999, D::Active),
            (Some(S::Inactive), false, 0, D::Inactive),
            (Some(S::Inactive), true, 0, D::Destroyed),
            (None, false, 1799, D::Pending),
            (None, false, 1800, D::Abandoned),
            (Some(S::Pending), false, 0, D::Pending),
            (Some(S::Pending), true, 5000, D::Abandoned),
            (Some(S::Queued), false, 5000, D::Queued),
            (Some(S::InProgress), false, 5000, D::InProgress),
            (Some(S::Error), false, 0, D::Error),
            (Some(S::Failure), false, 0, D::Failure),
            (Some(S::Waiting), false, 0, D::Waiting),
            (
                Some(S::Other("teleported".into())),
                false,
                0,
                D::Other("teleported".into()),
            ),
        ] {
            assert_eq!(
                D::compute(newest.as_ref(), transient, at(0), at(age)),
                state,
                "{newest:?} {transient} {age}"
            );
        }
    }

    #[test]
    fn graphql_words_are_the_same_states() {
        assert_eq!(
            DeploymentState::from_word("IN_PROGRESS"),
            DeploymentState::InProgress
        );
        for word in DeploymentState::KNOWN {
            assert_eq!(
                DeploymentState::from_word(&word.to_uppercase()).as_str(),
                *word
            );
        }
    }

    #[test]
    fn what_can_be_set_is_known() {
        for word in StatusState::SETTABLE {
            assert!(StatusState::KNOWN.contains(word));
        }
    }

    #[test]
    fn an_unknown_state_of_a_deployment_is_in_lower_case_like_the_others() {
        let state = DeploymentState::from_word("ROLLED_BACK");
        assert_eq!(state.as_str(), "rolled_back");
    }

    proptest! {
        #[test]
        fn an_unknown_word_passes_through(word in "\\PC{0,20}") {
            prop_assume!(!StatusState::KNOWN.iter().any(|k| k.eq_ignore_ascii_case(&word)));
            let json = serde_json::to_string(&word).expect("serializes");
            let state: StatusState = serde_json::from_str(&json).expect("a string");
            prop_assert_eq!(&state, &StatusState::Other(word.clone()));
            prop_assert_eq!(serde_json::to_string(&state).expect("serializes"), json);
        }
    }
}
