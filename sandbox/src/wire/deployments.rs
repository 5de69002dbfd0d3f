//! Deployments in answers and events.

use serde::Serialize;
use serde_json::value::RawValue;

use super::apps::WireApp;
use super::users::SimpleUser;
use crate::failure::Failure;
use crate::http::{Urls, timestamp};
use crate::ids::NodeId;
use crate::store::{Deployment, Repository};

/// GitHub's `deployment`, with its creator in the form `C`.
#[derive(Debug, Serialize)]
pub(crate) struct Wire<C = SimpleUser> {
    pub(crate) url: String,
    id: i64,
    node_id: String,
    task: String,
    original_environment: String,
    environment: String,
    description: Option<String>,
    created_at: String,
    updated_at: String,
    statuses_url: String,
    repository_url: String,
    creator: C,
    sha: String,
    r#ref: String,
    /// The text that was sent, not a value that was read and written again.
    payload: Box<RawValue>,
    transient_environment: bool,
    production_environment: bool,
    performed_via_github_app: Option<WireApp>,
}

/// The address of a deployment.
pub(crate) fn url(urls: &Urls, repository: &Repository, id: i64) -> String {
    format!("{}/deployments/{id}", urls.repository(repository))
}

impl<C> Wire<C> {
    pub(crate) fn made_by(
        creator: C,
        urls: &Urls,
        repository: &Repository,
        deployment: Deployment,
    ) -> Result<Self, Failure> {
        let repository_url = urls.repository(repository);
        let url = format!("{repository_url}/deployments/{}", deployment.id);
        let payload = RawValue::from_string(deployment.payload)
            .map_err(|error| Failure::Internal(format!("payload: {error}")))?;
        Ok(Self {
            id: deployment.id,
            node_id: NodeId::Deployment(repository.id, deployment.id).encode(),
            task: deployment.task,
            original_environment: deployment.original_environment,
            environment: deployment.environment,
            description: deployment.description,
            created_at: timestamp(deployment.created_at),
            updated_at: timestamp(deployment.updated_at),
            statuses_url: format!("{url}/statuses"),
            repository_url,
            creator,
            sha: deployment.sha,
            r#ref: deployment.reference,
            payload,
            transient_environment: deployment.transient,
            production_environment: deployment.production,
            performed_via_github_app: WireApp::of_account(urls, &deployment.creator),
            url,
        })
    }
}

impl Wire {
    pub(crate) fn new(
        urls: &Urls,
        repository: &Repository,
        deployment: Deployment,
    ) -> Result<Self, Failure> {
        let creator = SimpleUser::new(urls, &deployment.creator);
        Self::made_by(creator, urls, repository, deployment)
    }

    /// The same in an event.
    pub(crate) fn in_event(self) -> Self {
        Self {
            creator: self.creator.in_event(),
            performed_via_github_app: self.performed_via_github_app.map(WireApp::in_event),
            ..self
        }
    }
}
