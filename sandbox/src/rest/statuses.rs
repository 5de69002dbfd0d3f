//! Statuses of deployments (<https://docs.github.com/rest/deployments/statuses>).

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply};
use crate::rules::{NewStatus, Witness};
use crate::wire::statuses::Wire;

/// `GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let deployment = exchange.id(0)?;
    let page = Page::from_call(exchange.call);
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
    // A missing deployment is reported before errors in the body.
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
    let recorder = exchange.recorder(&user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let status =
        exchange
            .app
            .core
            .create_status(&exchange.repository, &user, deployment, &new, witness)?;
    let wire = Wire::new(&exchange.call.urls, &exchange.repository, status);
    Ok(Reply::json(201, &wire).with("location", wire.url))
}
