//! Secrets of environments (<https://docs.github.com/rest/actions/secrets>).

use serde_json::json;

use super::entries;
use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply};
use crate::store::EntryKind;

const KIND: EntryKind = EntryKind::Secret;

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    entries::list(exchange, KIND, Page::from_call(exchange.call))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key`
pub(super) fn public_key(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (id, key) = core.public_key(&exchange.repository, exchange.parameter(0))?;
    Ok(Reply::json(200, &json!({ "key_id": id, "key": key })))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    entries::get(exchange, KIND)
}

/// `PUT /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
pub(super) fn put(exchange: &Exchange<'_>) -> Outcome {
    exchange.environment()?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let sealed = fields.required_string("encrypted_value");
    let key = fields.required_string("key_id");
    fields.finish()?;
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    let is_new = core.put_secret(&exchange.repository, environment, name, (&key, &sealed))?;
    Ok(if is_new {
        entries::created(exchange, KIND, &name.to_ascii_uppercase())
    } else {
        Reply::nothing()
    })
}

/// `DELETE /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    entries::delete(exchange, KIND)
}
