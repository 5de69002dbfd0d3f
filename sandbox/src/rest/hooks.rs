//! Webhooks of repositories (<https://docs.github.com/rest/repos/webhooks>).

use super::exchange::{Exchange, Outcome};
use crate::http::{Fields, Page, Reply};
use crate::rules::{HookConfig, HookEdit};
use crate::store::{Attempt, Hook};
use crate::webhooks::EventRecorder;
use crate::wire::hooks as wire;

fn reply(exchange: &Exchange<'_>, status: u16, hook: &Hook, last: Option<&Attempt>) -> Reply {
    let urls = &exchange.call.urls;
    Reply::json(status, &wire::hook(urls, &exchange.repository, hook, last))
}

/// `GET /repos/{owner}/{repo}/hooks`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::from_call(exchange.call);
    let core = &exchange.app.core;
    let slice = core.hooks(&exchange.repository, page.window())?;
    let urls = &exchange.call.urls;
    let wires: Vec<_> = slice
        .items
        .iter()
        .map(|(hook, last)| wire::hook(urls, &exchange.repository, hook, last.as_ref()))
        .collect();
    Ok(exchange.list(Reply::json(200, &wires), page, "/hooks", slice.total))
}

/// `GET /repos/{owner}/{repo}/hooks/{hook_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (hook, last) = core.hook(&exchange.repository, exchange.id(0)?)?;
    Ok(reply(exchange, 200, &hook, last.as_ref()))
}

const CONFIG: &str = "an object of strings";

/// `POST /repos/{owner}/{repo}/hooks`
///
/// `null` is the same as no body, and that lacks the address.
pub(super) fn create(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields_or_null() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    fields.only(&["name", "config", "events", "active"]);
    let name = fields.string("name");
    if name.is_some_and(|name| name != "web") {
        fields.complain("For 'properties/name', \"web\" is the only value.");
    }
    let edit = HookEdit {
        config: fields.nullable("config", CONFIG),
        events: fields.strings("events"),
        active: fields.boolean("active"),
        ..HookEdit::default()
    };
    fields.finish()?;
    let user = exchange.user()?;
    let recorder = EventRecorder::new(
        &exchange.app.core,
        &exchange.call.urls,
        &exchange.repository,
        &user,
    )?;
    let core = &exchange.app.core;
    let made = core.create_hook(&exchange.repository, edit, |write, hook| {
        recorder.record_first_ping(write, hook)
    })?;
    let location = wire::url(&exchange.call.urls, &exchange.repository, made.id);
    Ok(reply(exchange, 201, &made, None).with("location", location))
}

/// `PATCH /repos/{owner}/{repo}/hooks/{hook_id}`
pub(super) fn update(exchange: &Exchange<'_>) -> Outcome {
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let edit = HookEdit {
        config: fields.nullable("config", CONFIG),
        events: fields.strings("events"),
        add_events: fields.strings("add_events").unwrap_or_default(),
        remove_events: fields.strings("remove_events").unwrap_or_default(),
        active: fields.boolean("active"),
    };
    fields.finish()?;
    let id = exchange.id(0)?;
    let core = &exchange.app.core;
    core.edit_hook(&exchange.repository, id, edit)?;
    get(exchange)
}

/// `DELETE /repos/{owner}/{repo}/hooks/{hook_id}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    core.delete_hook(&exchange.repository, exchange.id(0)?)?;
    Ok(Reply::nothing())
}

/// `GET /repos/{owner}/{repo}/hooks/{hook_id}/config`
pub(super) fn config(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (hook, _) = core.hook(&exchange.repository, exchange.id(0)?)?;
    Ok(Reply::json(200, &wire::config(&hook)))
}

/// `PATCH /repos/{owner}/{repo}/hooks/{hook_id}/config`
pub(super) fn update_config(exchange: &Exchange<'_>) -> Outcome {
    let mut fields: Fields<'_> = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let config = HookConfig {
        url: fields.string("url"),
        content_type: fields.string("content_type"),
        secret: fields.string("secret"),
        insecure_ssl: fields.nullable("insecure_ssl", "a string or a number"),
    };
    fields.finish()?;
    let core = &exchange.app.core;
    let hook = core.edit_hook_config(&exchange.repository, exchange.id(0)?, config)?;
    Ok(Reply::json(200, &wire::config(&hook)))
}

/// `POST /repos/{owner}/{repo}/hooks/{hook_id}/pings`
pub(super) fn ping(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (hook, _) = core.hook(&exchange.repository, exchange.id(0)?)?;
    let user = exchange.user()?;
    EventRecorder::new(core, &exchange.call.urls, &exchange.repository, &user)?.ping(&hook)?;
    Ok(Reply::nothing())
}

/// `POST /repos/{owner}/{repo}/hooks/{hook_id}/tests`: tells of the last push.
/// Nothing is ever pushed to a sandbox, so there is nothing to tell.
pub(super) fn test(exchange: &Exchange<'_>) -> Outcome {
    exchange
        .app
        .core
        .hook(&exchange.repository, exchange.id(0)?)?;
    Ok(Reply::nothing())
}
