use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::session::Connection;

/// The name of an environment or a repository, shared by its deployments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Name(Arc<str>);

impl Name {
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    pub(super) fn of_repository(connection: &Connection) -> Self {
        Self::new(&connection.repo.to_string())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
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
