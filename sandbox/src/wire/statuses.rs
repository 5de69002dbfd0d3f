//! Statuses of deployments in answers and events.

use serde::Serialize;

use super::apps::WireApp;
use super::deployments;
use super::users::SimpleUser;
use crate::http::{Urls, timestamp};
use crate::ids::NodeId;
use crate::store::{DeploymentStatus, Repository};

/// GitHub's `deployment-status`. Unset fields are empty strings, except for
/// addresses in events, which are left out.
#[derive(Debug, Serialize)]
pub(crate) struct Wire {
    pub(crate) url: String,
    id: i64,
    node_id: String,
    state: String,
    creator: SimpleUser,
    description: String,
    environment: String,
    target_url: String,
    created_at: String,
    updated_at: String,
    deployment_url: String,
    repository_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_url: Option<String>,
    performed_via_github_app: Option<WireApp>,
}

impl Wire {
    pub(crate) fn new(urls: &Urls, repository: &Repository, status: DeploymentStatus) -> Self {
        let deployment_url = deployments::url(urls, repository, status.deployment_id);
        let log_url = urls.log(repository, &status.log_url);
        Self {
            url: format!("{deployment_url}/statuses/{}", status.id),
            id: status.id,
            node_id: NodeId::DeploymentStatus(repository.id, status.id).encode(),
            state: status.state,
            creator: SimpleUser::new(urls, &status.creator),
            description: status.description,
            environment: status.environment,
            target_url: log_url.clone(),
            created_at: timestamp(status.created_at),
            updated_at: timestamp(status.created_at),
            deployment_url,
            repository_url: urls.repository(repository),
            environment_url: Some(status.environment_url),
            log_url: Some(log_url),
            performed_via_github_app: WireApp::of_account(urls, &status.creator),
        }
    }

    /// The same in an event.
    pub(crate) fn in_event(self) -> Self {
        let filled = |url: Option<String>| url.filter(|url| !url.is_empty());
        Self {
            creator: self.creator.in_event(),
            performed_via_github_app: self.performed_via_github_app.map(WireApp::in_event),
            environment_url: filled(self.environment_url),
            log_url: filled(self.log_url),
            ..self
        }
    }
}
