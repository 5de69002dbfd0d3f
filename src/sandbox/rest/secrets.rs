//! Secrets of environments (<https://docs.github.com/rest/actions/secrets>).

use serde::Serialize;
use serde_json::json;

use super::{Exchange, Outcome};
use crate::sandbox::http::{Page, Reply, timestamp};
use crate::sandbox::store::{Entry, EntryKind};

const KIND: EntryKind = EntryKind::Secret;

/// GitHub's `actions-secret`: never the value.
#[derive(Debug, Serialize)]
struct Wire {
    name: String,
    created_at: String,
    updated_at: String,
}

impl Wire {
    fn new(entry: Entry) -> Self {
        Self {
            name: entry.name,
            created_at: timestamp(entry.created_at),
            updated_at: timestamp(entry.updated_at),
        }
    }
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::of(exchange.call);
    let core = &exchange.app.core;
    let environment = exchange.parameter(0);
    let slice = core.entries(&exchange.repository, environment, KIND, page.window())?;
    let secrets: Vec<Wire> = slice.items.into_iter().map(Wire::new).collect();
    let wire = json!({ "total_count": slice.total, "secrets": secrets });
    let path = exchange.below_environment("/secrets");
    Ok(exchange.list(Reply::json(200, &wire), page, &path, slice.total))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key`
pub(super) fn public_key(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (id, key) = core.public_key(&exchange.repository, exchange.parameter(0))?;
    Ok(Reply::json(200, &json!({ "key_id": id, "key": key })))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    let entry = core.entry(&exchange.repository, environment, KIND, name)?;
    Ok(Reply::json(200, &Wire::new(entry)))
}

/// `PUT /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
pub(super) fn put(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let sealed = fields.required_string("encrypted_value");
    let key = fields.required_string("key_id");
    fields.finish()?;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    let is_new =
        exchange
            .app
            .core
            .put_secret(&exchange.repository, environment, name, (&key, &sealed))?;
    if !is_new {
        return Ok(Reply::nothing());
    }
    let path = exchange.below_environment(&format!("/secrets/{}", name.to_ascii_uppercase()));
    let location = format!(
        "{}{path}",
        exchange.call.urls.repository(&exchange.repository)
    );
    Ok(Reply::json(201, &json!({})).with("location", location))
}

/// `DELETE /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    core.delete_entry(&exchange.repository, environment, KIND, name)?;
    Ok(Reply::nothing())
}
