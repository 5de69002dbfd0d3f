use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// An agent's claim to a deployment, which is the description of an
/// `in_progress` status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The agent's name, for people.
    pub(crate) name: String,
    /// The ID that distinguishes the agent from all others.
    pub(crate) instance: String,
    /// How long the claim is valid from when it was made, in whole seconds.
    pub(crate) holds: Duration,
}

impl Claim {
    /// Parses the description of a status; `None` if it is not a claim.
    pub(crate) fn parse(description: &str) -> Option<Self> {
        let rest = description.strip_prefix("claimed by ")?;
        let (name, rest) = rest.split_once(" (")?;
        let (instance, rest) = rest.split_once(") for ")?;
        let seconds: u64 = rest.strip_suffix(" s")?.parse().ok()?;
        let is_instance =
            !instance.is_empty() && instance.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_instance && !name.is_empty()).then(|| Self {
            name: name.to_owned(),
            instance: instance.to_owned(),
            holds: Duration::from_secs(seconds),
        })
    }

    /// When the claim expires if it was made or renewed at `last_sign`.
    pub(crate) fn until(&self, last_sign: Timestamp) -> Timestamp {
        let holds = SignedDuration::try_from(self.holds).unwrap_or(SignedDuration::MAX);
        last_sign.checked_add(holds).unwrap_or(Timestamp::MAX)
    }
}

/// Formats the claim as the description of a status.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            instance,
            holds,
        } = self;
        write!(
            f,
            "claimed by {name} ({instance}) for {} s",
            holds.as_secs()
        )
    }
}
