//! Deployments (<https://docs.github.com/rest/deployments/deployments>).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::value::{RawValue, to_raw_value};

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply, Urls, http_date};
use crate::rules::{Created, Failure, NewDeployment, RequiredContexts, Witness};
use crate::store::{Deployment, DeploymentFilter};
use crate::wire::deployments::Wire;
use crate::wire::users::SimpleUser;

/// `GET /repos/{owner}/{repo}/deployments`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let call = exchange.call;
    let filtered = |name| {
        call.parameter(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let filter = DeploymentFilter {
        sha: filtered("sha"),
        reference: filtered("ref"),
        task: filtered("task"),
        environments: filtered("environment").map(|name| vec![name]),
        ascending: false,
    };
    let page = Page::from_call(call);
    let slice = exchange
        .app
        .core
        .deployments(&exchange.repository, &filter, page.window())?;
    let creators = creators(&call.urls, &slice.items)?;
    let wires: Vec<Wire<&RawValue>> = slice
        .items
        .into_iter()
        .map(|deployment| {
            let creator = creators.get(&deployment.creator.id);
            let creator = creator.ok_or_else(|| Failure::Internal("no creator".to_owned()))?;
            Wire::made_by(
                creator.as_ref(),
                &call.urls,
                &exchange.repository,
                deployment,
            )
        })
        .collect::<Result<_, _>>()?;
    Ok(exchange.list(Reply::json(200, &wires), page, "/deployments", slice.total))
}

/// Those who made deployments, by id. They have many more addresses than the
/// deployments themselves, and are the same few again and again.
fn creators(
    urls: &Urls,
    deployments: &[Deployment],
) -> Result<HashMap<i64, Box<RawValue>>, Failure> {
    let mut creators = HashMap::new();
    for Deployment { creator, .. } in deployments {
        if let Entry::Vacant(place) = creators.entry(creator.id) {
            let text = to_raw_value(&SimpleUser::new(urls, creator))
                .map_err(|error| Failure::Internal(format!("creator: {error}")))?;
            place.insert(text);
        }
    }
    Ok(creators)
}

/// `GET /repos/{owner}/{repo}/deployments/{deployment_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let deployment = exchange
        .app
        .core
        .deployment(&exchange.repository, exchange.id(0)?)?;
    let modified = http_date(deployment.updated_at);
    let wire = Wire::new(&exchange.call.urls, &exchange.repository, deployment)?;
    Ok(Reply::json(200, &wire).with_some("last-modified", modified))
}

/// `POST /repos/{owner}/{repo}/deployments`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let new = NewDeployment {
        reference: fields.required_string("ref"),
        task: fields.string("task"),
        auto_merge: fields.boolean("auto_merge").unwrap_or(true),
        required_contexts: fields
            .strings("required_contexts")
            .map_or(RequiredContexts::All, RequiredContexts::Only),
        payload: fields.object_or_string("payload"),
        environment: fields.string("environment"),
        description: fields.nullable_string("description"),
        transient: fields.boolean("transient_environment"),
        production: fields.boolean("production_environment"),
    };
    fields.finish()?;
    let user = exchange.user()?;
    let recorder = exchange.recorder(&user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    match exchange
        .app
        .core
        .create_deployment(&exchange.repository, &user, &new, witness)?
    {
        Created::Deployment(deployment) => {
            let wire = Wire::new(&exchange.call.urls, &exchange.repository, *deployment)?;
            Ok(Reply::json(201, &wire).with("location", wire.url))
        }
        Created::AutoMerged { message } => {
            Ok(Reply::json(202, &serde_json::json!({ "message": message })))
        }
    }
}

/// `DELETE /repos/{owner}/{repo}/deployments/{deployment_id}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    exchange
        .app
        .core
        .delete_deployment(&exchange.repository, exchange.id(0)?)?;
    Ok(Reply::nothing())
}
