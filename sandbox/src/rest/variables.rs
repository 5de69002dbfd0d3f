//! Variables of environments (<https://docs.github.com/rest/actions/variables>).

use super::entries;
use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply};
use crate::store::EntryKind;

const KIND: EntryKind = EntryKind::Variable;
/// Variables are fewer on a page than anything else.
const DEFAULT_PAGE_SIZE: u64 = 10;
const MAX_PAGE_SIZE: u64 = 30;

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/variables`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::sized(exchange.call, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    entries::list(exchange, KIND, page)
}

/// `POST /repos/{owner}/{repo}/environments/{environment_name}/variables`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    exchange.environment()?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let name = fields.required_string("name");
    let value = fields.required_string("value");
    fields.finish()?;
    let entry = exchange.app.core.create_variable(
        &exchange.repository,
        exchange.parameter(0),
        (&name, &value),
    )?;
    Ok(entries::created(exchange, KIND, &entry.name))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    entries::get(exchange, KIND)
}

/// `PATCH /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}`
pub(super) fn update(exchange: &Exchange<'_>) -> Outcome {
    exchange.environment()?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let new_name = fields.string("name");
    let value = fields.string("value");
    fields.finish()?;
    exchange.app.core.update_variable(
        &exchange.repository,
        exchange.parameter(0),
        exchange.parameter(1),
        (new_name.as_deref(), value.as_deref()),
    )?;
    Ok(Reply::nothing())
}

/// `DELETE /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    entries::delete(exchange, KIND)
}
