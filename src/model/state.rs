use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A pending deployment that nobody updated for so long counts as abandoned.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// Declares an open enum of words: what the server invents later passes
/// through as `Other`, made of the word by the function behind the name.
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
            /// Every word that has a meaning here.
            pub const KNOWN: &[&str] = &[$($word),*];

            /// The word, in lower case where it is known.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }

            /// The state that `word` names, in any letter case (GraphQL has
            /// upper case).
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
    /// The state that a deployment status reports (REST's words).
    ///
    /// See <https://docs.github.com/rest/deployments/statuses>.
    StatusState, str::to_owned {
        /// The deployment could not be carried out.
        Error = "error",
        /// The deployment was carried out and went wrong.
        Failure = "failure",
        /// The deployment no longer counts; a transient one is gone.
        Inactive = "inactive",
        /// The deployment runs.
        InProgress = "in_progress",
        /// The deployment waits for its turn.
        Queued = "queued",
        /// Nothing has happened yet.
        Pending = "pending",
        /// The deployment is done and serves.
        Success = "success",
        /// GitHub Actions waits for an approval or a timer.
        Waiting = "waiting",
    }
}

open_words! {
    /// The state of a deployment (the words of GraphQL's `DeploymentState`, in
    /// lower case).
    ///
    /// See <https://docs.github.com/graphql/reference/enums#deploymentstate>.
    DeploymentState, str::to_ascii_lowercase {
        /// Pending, and not updated for 30 minutes.
        Abandoned = "abandoned",
        /// What the environment serves now.
        Active = "active",
        /// A transient deployment that is gone.
        Destroyed = "destroyed",
        /// The deployment could not be carried out.
        Error = "error",
        /// The deployment was carried out and went wrong.
        Failure = "failure",
        /// Superseded, or marked inactive.
        Inactive = "inactive",
        /// The deployment runs.
        InProgress = "in_progress",
        /// Nothing has happened yet.
        Pending = "pending",
        /// The deployment waits for its turn.
        Queued = "queued",
        /// Done. GitHub's documents do not say when this stands in place of `active`.
        Success = "success",
        /// GitHub Actions waits for an approval or a timer.
        Waiting = "waiting",
    }
}

/// Where a deployment is on its way, for those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not at its end, or in a state that this version does not know.
    Underway,
    /// It succeeded and still counts.
    Succeeded,
    /// It ended in `failure` or `error`.
    Failed,
    /// It no longer counts: superseded, inactive or destroyed.
    Retired,
}

impl StatusState {
    /// The states that GitHub takes from a client.
    pub const SETTABLE: &[&str] = &[
        "error",
        "failure",
        "inactive",
        "in_progress",
        "pending",
        "queued",
        "success",
    ];
}

impl DeploymentState {
    /// Computes the state from the newest status, as GraphQL does.
    ///
    /// `updated` is when the deployment last changed; `now` is by the same clock.
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

    /// Where the deployment is on its way.
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
