use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::words::Reason;

/// The name of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(Arc<str>);

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.into()))
    }
}

/// Whether a deployment is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Selection {
    pub(super) is_selected: bool,
    /// Why it is kept although the selection matches it.
    pub(super) kept_for: Option<Reason>,
    /// Whether its environment may be deleted once it is empty.
    pub(super) names_environment: bool,
}

impl Selection {
    pub(super) const NONE: Self = Self {
        is_selected: false,
        kept_for: None,
        names_environment: false,
    };
    pub(super) const CHOSEN: Self = Self {
        is_selected: true,
        kept_for: None,
        names_environment: true,
    };
}

/// Whether a deployment is guarded as production. Servers differ in whether
/// they set the flag by themselves for an environment of that name.
pub(super) fn is_production(flag: bool, environment: &str) -> bool {
    flag || environment.eq_ignore_ascii_case("production")
}
