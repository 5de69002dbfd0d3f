//! Statuses of deployments (<https://docs.github.com/rest/deployments/statuses>).

use serde::Serialize;

use super::users::SimpleUser;
use super::{Exchange, Outcome, deployments};
use crate::http::{Page, Reply, Urls, timestamp};
use crate::ids::NodeId;
use crate::rules::{NewStatus, Witness};
use crate::store::{DeploymentStatus, Repository};

/// GitHub's `deployment-status`. What is unset is an empty string, but for
/// addresses in events, which are left out.
#[derive(Debug, Serialize)]
pub(super) struct Wire {
    url: String,
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
    performed_via_github_app: Option<()>,
}

impl Wire {
    pub(super) fn new(urls: &Urls, repository: &Repository, status: DeploymentStatus) -> Self {
        let deployment_url = deployments::url(urls, repository, status.deployment_id);
        Self {
            url: format!("{deployment_url}/statuses/{}", status.id),
            id: status.id,
            node_id: NodeId::DeploymentStatus(repository.id, status.id).encode(),
            state: status.state,
            creator: SimpleUser::new(urls, &status.creator),
            description: status.description,
            environment: status.environment,
            target_url: status.log_url.clone(),
            created_at: timestamp(status.created_at),
            updated_at: timestamp(status.created_at),
            deployment_url,
            repository_url: urls.repository(repository),
            environment_url: Some(status.environment_url),
            log_url: Some(status.log_url),
            performed_via_github_app: None,
        }
    }

    /// The same in an event.
    pub(super) fn in_event(self) -> Self {
        let filled = |url: Option<String>| url.filter(|url| !url.is_empty());
        Self {
            creator: self.creator.in_event(),
            environment_url: filled(self.environment_url),
            log_url: filled(self.log_url),
            ..self
        }
    }
}

/// `GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let deployment = exchange.id(0)?;
    let page = Page::of(exchange.call);
    let slice = exchange
        .app
        .core
        .statuses(&exchange.repository, deployment, page.window())?;
    let wires: Vec<Wire> = slice
        .items
        .into_iter()
        .map(|status| Wire::new(&exchange.call.urls, &exchange.repository, status))
        .collect();
    let path = format!("/deployments/{deployment}/statuses");
    Ok(exchange.list(Reply::json(200, &wires), page, &path, slice.total))
}

/// `GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses/{status_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let (deployment, id) = (exchange.id(0)?, exchange.id(1)?);
    let status = exchange
        .app
        .core
        .status(&exchange.repository, deployment, id)?;
    Ok(Reply::json(
        200,
        &Wire::new(&exchange.call.urls, &exchange.repository, status),
    ))
}

/// `POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    let deployment = exchange.id(0)?;
    // What is missing is told before what is wrong with the body.
    exchange
        .app
        .core
        .deployment(&exchange.repository, deployment)?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let new = NewStatus {
        state: fields.required_string("state"),
        description: fields.string("description"),
        target_url: fields.string("target_url"),
        log_url: fields.string("log_url"),
        environment_url: fields.string("environment_url"),
        environment: fields.string("environment"),
        auto_inactive: fields.boolean("auto_inactive"),
    };
    fields.finish()?;
    let user = exchange.user()?;
    let herald = exchange.herald(&user)?;
    let witness = herald.as_ref().map(|herald| herald as &dyn Witness);
    let status =
        exchange
            .app
            .core
            .create_status(&exchange.repository, &user, deployment, &new, witness)?;
    let wire = Wire::new(&exchange.call.urls, &exchange.repository, status);
    Ok(Reply::json(201, &wire).with("location", wire.url))
}
