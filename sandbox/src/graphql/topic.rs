//! Topics of repositories
//! (<https://docs.github.com/graphql/reference/objects#repositorytopic>).

use std::sync::Arc;

use super::object::{Field, Object, Output};
use super::problem::Result;
use super::session::Session;

/// A topic of a repository.
#[derive(Debug, Clone)]
pub(super) struct RepositoryTopic {
    session: Arc<Session>,
    name: String,
}

impl RepositoryTopic {
    pub(super) fn new(session: &Arc<Session>, name: String) -> Self {
        Self {
            session: Arc::clone(session),
            name,
        }
    }
}

impl Object for RepositoryTopic {
    fn kind(&self) -> &'static str {
        "RepositoryTopic"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let path = || format!("/topics/{}", self.name);
        Ok(match field.name() {
            "resourcePath" => path().into(),
            "topic" => field.record([("name", self.name.as_str().into())]),
            "url" => self.session.url(&path()).into(),
            _ => return Err(field.unknown()),
        })
    }
}
