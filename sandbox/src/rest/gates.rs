//! Apps that gate an environment
//! (<https://docs.github.com/rest/deployments/protection-rules>).

use serde::Serialize;
use serde_json::json;

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply, Urls};
use crate::ids::NodeId;
use crate::store::Integration;

/// GitHub's `custom-deployment-rule-app`.
#[derive(Debug, Serialize)]
struct WireApp {
    id: i64,
    slug: String,
    integration_url: String,
    node_id: String,
}

/// GitHub's `deployment-protection-rule`.
#[derive(Debug, Serialize)]
struct Wire {
    id: i64,
    node_id: String,
    enabled: bool,
    app: WireApp,
}

impl WireApp {
    fn new(urls: &Urls, app: Integration) -> Self {
        Self {
            id: app.id,
            node_id: NodeId::App(app.id).encode(),
            integration_url: format!("{}/apps/{}", urls.api, app.slug),
            slug: app.slug,
        }
    }
}

impl Wire {
    fn new(exchange: &Exchange<'_>, (id, app): (i64, Integration)) -> Self {
        Self {
            id,
            node_id: NodeId::Gate(exchange.repository.id, id).encode(),
            enabled: true,
            app: WireApp::new(&exchange.call.urls, app),
        }
    }
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let gates = exchange
        .app
        .core
        .gates(&exchange.repository, exchange.parameter(0))?;
    let rules: Vec<Wire> = gates
        .into_iter()
        .map(|gate| Wire::new(exchange, gate))
        .collect();
    let wire = json!({
        "total_count": rules.len(),
        "custom_deployment_protection_rules": rules,
    });
    Ok(Reply::json(200, &wire))
}

/// `GET …/deployment_protection_rules/apps`
pub(super) fn apps(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::from_call(exchange.call);
    let all = exchange
        .app
        .core
        .integrations(&exchange.repository, exchange.parameter(0))?;
    let slice = page.window().cut(all);
    let apps: Vec<WireApp> = slice
        .items
        .into_iter()
        .map(|app| WireApp::new(&exchange.call.urls, app))
        .collect();
    let wire = json!({
        "total_count": slice.total,
        "available_custom_deployment_protection_rule_integrations": apps,
    });
    let path = exchange.below_environment("/deployment_protection_rules/apps");
    Ok(exchange.list(Reply::json(200, &wire), page, &path, slice.total))
}

/// `POST …/deployment_protection_rules`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    exchange.environment()?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let integration = fields.integer("integration_id");
    fields.finish()?;
    let gate = exchange.app.core.enable_gate(
        &exchange.repository,
        exchange.parameter(0),
        integration.unwrap_or_default(),
    )?;
    let path = exchange.below_environment(&format!("/deployment_protection_rules/{}", gate.0));
    let location = format!(
        "{}{path}",
        exchange.call.urls.repository(&exchange.repository)
    );
    Ok(Reply::json(201, &Wire::new(exchange, gate)).with("location", location))
}

/// `GET …/deployment_protection_rules/{protection_rule_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let gate =
        exchange
            .app
            .core
            .gate(&exchange.repository, exchange.parameter(0), exchange.id(1)?)?;
    Ok(Reply::json(200, &Wire::new(exchange, gate)))
}

/// `DELETE …/deployment_protection_rules/{protection_rule_id}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    exchange
        .app
        .core
        .disable_gate(&exchange.repository, exchange.parameter(0), exchange.id(1)?)?;
    Ok(Reply::nothing())
}
