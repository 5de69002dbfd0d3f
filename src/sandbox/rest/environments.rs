//! Environments (<https://docs.github.com/rest/deployments/environments>).

use serde::Serialize;
use serde_json::Value;

use super::{Exchange, Outcome};
use crate::sandbox::http::{Page, Reply, Urls, encode_segment, timestamp};
use crate::sandbox::ids::NodeId;
use crate::sandbox::rules::Failure;
use crate::sandbox::store::{Environment, Repository};

/// GitHub's `environment`.
#[derive(Debug, Serialize)]
struct Wire {
    id: i64,
    node_id: String,
    name: String,
    url: String,
    html_url: String,
    created_at: String,
    updated_at: String,
    can_admins_bypass: bool,
    protection_rules: Vec<Value>,
    deployment_branch_policy: Option<Value>,
}

/// The answer to a list of environments, which is an object.
#[derive(Debug, Serialize)]
struct WireList {
    total_count: u64,
    environments: Vec<Wire>,
}

impl Wire {
    fn new(urls: &Urls, repository: &Repository, environment: Environment) -> Self {
        let shown = encode_segment(&environment.name);
        let web = urls.web_page(repository);
        Self {
            id: environment.id,
            node_id: NodeId::Environment(repository.id, environment.id).encode(),
            url: urls.environment(repository, &environment.name),
            html_url: format!("{web}/deployments/activity_log?environments_filter={shown}"),
            name: environment.name,
            created_at: timestamp(environment.created_at),
            updated_at: timestamp(environment.updated_at),
            can_admins_bypass: true,
            protection_rules: Vec::new(),
            deployment_branch_policy: None,
        }
    }
}

/// `GET /repos/{owner}/{repo}/environments`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::of(exchange.call);
    let slice = exchange
        .app
        .core
        .environments(&exchange.repository, page.window())?;
    let wire = WireList {
        total_count: slice.total,
        environments: slice
            .items
            .into_iter()
            .map(|environment| Wire::new(&exchange.call.urls, &exchange.repository, environment))
            .collect(),
    };
    Ok(exchange.list(Reply::json(200, &wire), page, "/environments", slice.total))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let environment = exchange
        .app
        .core
        .environment(&exchange.repository, exchange.parameter(0))?
        .ok_or(Failure::NotFound)?;
    Ok(Reply::json(
        200,
        &Wire::new(&exchange.call.urls, &exchange.repository, environment),
    ))
}
