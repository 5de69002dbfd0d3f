//! Variables of environments (<https://docs.github.com/rest/actions/variables>).

use serde::Serialize;
use serde_json::json;

use super::{Exchange, Outcome};
use crate::sandbox::http::{Page, Reply, timestamp};
use crate::sandbox::store::{Entry, EntryKind};

const KIND: EntryKind = EntryKind::Variable;
/// Variables are fewer on a page than anything else.
const USUAL_PAGE: u64 = 10;
const LARGEST_PAGE: u64 = 30;

/// GitHub's `actions-variable`.
#[derive(Debug, Serialize)]
struct Wire {
    name: String,
    value: String,
    created_at: String,
    updated_at: String,
}

impl Wire {
    fn new(entry: Entry) -> Self {
        Self {
            name: entry.name,
            value: entry.value,
            created_at: timestamp(entry.created_at),
            updated_at: timestamp(entry.updated_at),
        }
    }
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/variables`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::sized(exchange.call, USUAL_PAGE, LARGEST_PAGE);
    let core = &exchange.app.core;
    let environment = exchange.parameter(0);
    let slice = core.entries(&exchange.repository, environment, KIND, page.window())?;
    let variables: Vec<Wire> = slice.items.into_iter().map(Wire::new).collect();
    let wire = json!({ "total_count": slice.total, "variables": variables });
    let path = exchange.below_environment("/variables");
    Ok(exchange.list(Reply::json(200, &wire), page, &path, slice.total))
}

/// `POST /repos/{owner}/{repo}/environments/{environment_name}/variables`
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
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
    let path = exchange.below_environment(&format!("/variables/{}", entry.name));
    let location = format!(
        "{}{path}",
        exchange.call.urls.repository(&exchange.repository)
    );
    Ok(Reply::json(201, &json!({})).with("location", location))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    let entry = core.entry(&exchange.repository, environment, KIND, name)?;
    Ok(Reply::json(200, &Wire::new(entry)))
}

/// `PATCH /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}`
pub(super) fn update(exchange: &Exchange<'_>) -> Outcome {
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
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    core.delete_entry(&exchange.repository, environment, KIND, name)?;
    Ok(Reply::nothing())
}
