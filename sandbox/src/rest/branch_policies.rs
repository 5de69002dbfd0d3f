//! Name patterns of branches and tags
//! (<https://docs.github.com/rest/deployments/branch-policies>).

use serde::Serialize;
use serde_json::json;

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply};
use crate::ids::NodeId;
use crate::rules::{Failure, not_a_member};
use crate::store::{BranchPolicy, PatternKind};

/// GitHub's `deployment-branch-policy`.
#[derive(Debug, Serialize)]
struct Wire {
    id: i64,
    node_id: String,
    name: String,
    r#type: &'static str,
}

impl Wire {
    fn new(exchange: &Exchange<'_>, policy: BranchPolicy) -> Self {
        Self {
            id: policy.id,
            node_id: NodeId::BranchPolicy(exchange.repository.id, policy.id).encode(),
            name: policy.name,
            r#type: policy.kind.as_str(),
        }
    }
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::from_call(exchange.call);
    let slice = exchange.app.core.branch_policies(
        &exchange.repository,
        exchange.parameter(0),
        page.window(),
    )?;
    let policies: Vec<Wire> = slice
        .items
        .into_iter()
        .map(|policy| Wire::new(exchange, policy))
        .collect();
    let wire = json!({ "total_count": slice.total, "branch_policies": policies });
    let path = exchange.below_environment("/deployment-branch-policies");
    Ok(exchange.list(Reply::json(200, &wire), page, &path, slice.total))
}

/// `POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    exchange.environment()?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let name = fields.required_string("name");
    let kind = fields.string("type").unwrap_or_else(|| "branch".to_owned());
    fields.finish()?;
    let kind = PatternKind::parse(&kind)
        .ok_or_else(|| Failure::Schema(not_a_member(&kind, &PatternKind::NAMES)))?;
    let made = exchange.app.core.add_branch_policy(
        &exchange.repository,
        exchange.parameter(0),
        kind,
        &name,
    )?;
    Ok(match made {
        Some(policy) => Reply::json(200, &Wire::new(exchange, policy)),
        // The pattern exists already.
        None => Reply::raw(303, "", Vec::new()),
    })
}

/// `GET …/deployment-branch-policies/{branch_policy_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let policy = exchange.app.core.branch_policy(
        &exchange.repository,
        exchange.parameter(0),
        exchange.id(1)?,
    )?;
    Ok(Reply::json(200, &Wire::new(exchange, policy)))
}

/// `PUT …/deployment-branch-policies/{branch_policy_id}`
pub(super) fn put(exchange: &Exchange<'_>) -> Outcome {
    exchange.environment()?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let name = fields.required_string("name");
    fields.finish()?;
    let policy = exchange.app.core.rename_branch_policy(
        &exchange.repository,
        exchange.parameter(0),
        exchange.id(1)?,
        &name,
    )?;
    Ok(Reply::json(200, &Wire::new(exchange, policy)))
}

/// `DELETE …/deployment-branch-policies/{branch_policy_id}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    exchange.app.core.delete_branch_policy(
        &exchange.repository,
        exchange.parameter(0),
        exchange.id(1)?,
    )?;
    Ok(Reply::nothing())
}
