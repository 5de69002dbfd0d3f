//! The operations that secrets and variables of environments share.

use serde::Serialize;
use serde_json::json;

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply, timestamp};
use crate::store::{Entry, EntryKind};

/// GitHub's `actions-secret`, which never has the value, and `actions-variable`.
#[derive(Debug, Serialize)]
struct Wire {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    created_at: String,
    updated_at: String,
}

impl Wire {
    fn new(kind: EntryKind, entry: Entry) -> Self {
        Self {
            name: entry.name,
            value: (kind == EntryKind::Variable).then_some(entry.value),
            created_at: timestamp(entry.created_at),
            updated_at: timestamp(entry.updated_at),
        }
    }
}

/// The last part of their addresses, which is also the name of their lists.
fn plural(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Secret => "secrets",
        EntryKind::Variable => "variables",
    }
}

pub(super) fn list(exchange: &Exchange<'_>, kind: EntryKind, page: Page) -> Outcome {
    let core = &exchange.app.core;
    let environment = exchange.parameter(0);
    let slice = core.entries(&exchange.repository, environment, kind, page.window())?;
    let entries = slice.items.into_iter().map(|entry| Wire::new(kind, entry));
    let wire = json!({
        "total_count": slice.total,
        plural(kind): entries.collect::<Vec<_>>(),
    });
    let path = exchange.below_environment(&format!("/{}", plural(kind)));
    Ok(exchange.list(Reply::json(200, &wire), page, &path, slice.total))
}

pub(super) fn get(exchange: &Exchange<'_>, kind: EntryKind) -> Outcome {
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    let entry = core.entry(&exchange.repository, environment, kind, name)?;
    Ok(Reply::json(200, &Wire::new(kind, entry)))
}

/// The answer to a request that created an entry.
pub(super) fn created(exchange: &Exchange<'_>, kind: EntryKind, name: &str) -> Reply {
    let path = exchange.below_environment(&format!("/{}/{name}", plural(kind)));
    let repository = exchange.call.urls.repository(&exchange.repository);
    Reply::json(201, &json!({})).with("location", format!("{repository}{path}"))
}

pub(super) fn delete(exchange: &Exchange<'_>, kind: EntryKind) -> Outcome {
    let core = &exchange.app.core;
    let (environment, name) = (exchange.parameter(0), exchange.parameter(1));
    core.delete_entry(&exchange.repository, environment, kind, name)?;
    Ok(Reply::nothing())
}
