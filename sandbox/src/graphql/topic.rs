//! Topics of repositories.

use std::sync::Arc;

use async_graphql::Object;

use super::page::connection;
use super::scalars::Uri;
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

/// A repository-topic connects a repository to a topic.
#[Object]
impl RepositoryTopic {
    /// The HTTP path for this repository-topic.
    async fn resource_path(&self) -> Uri {
        Uri(format!("/topics/{}", self.name))
    }

    /// The topic.
    async fn topic(&self) -> Topic {
        Topic {
            name: self.name.clone(),
        }
    }

    /// The HTTP URL for this repository-topic.
    async fn url(&self) -> Uri {
        let web = &self.session.viewer.web;
        Uri(format!("{web}/topics/{}", self.name))
    }
}

connection!(
    RepositoryTopic,
    "RepositoryTopicConnection",
    "RepositoryTopicEdge"
);

/// A topic aggregates entities that are related to a subject.
#[derive(Debug, Clone)]
pub(super) struct Topic {
    name: String,
}

/// A topic aggregates entities that are related to a subject.
#[Object]
impl Topic {
    /// The topic's name.
    async fn name(&self) -> String {
        self.name.clone()
    }
}
