//! Webhooks in answers and in pings.

use serde_json::{Map, Value, json};

use crate::http::{Urls, timestamp};
use crate::store::{Attempt, Hook, Repository};

/// The placeholder for a secret.
const HIDDEN: &str = "********";

/// GitHub's `webhook-config`. A secret is never returned.
pub(crate) fn config(hook: &Hook) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert(
        "content_type".to_owned(),
        hook.settings.content_type.as_str().into(),
    );
    let insecure = if hook.settings.insecure_ssl { "1" } else { "0" };
    fields.insert("insecure_ssl".to_owned(), insecure.into());
    if hook.settings.secret.is_some() {
        fields.insert("secret".to_owned(), HIDDEN.into());
    }
    fields.insert("url".to_owned(), hook.settings.url.as_str().into());
    fields
}

/// GitHub's `hook-response`.
fn response(last: Option<&Attempt>) -> Value {
    let Some(last) = last else {
        return json!({"code": null, "status": "unused", "message": null});
    };
    let status = match last.status_code {
        200..300 => "active",
        504 if last.response_headers.is_none() => "timeout",
        _ if last.response_headers.is_none() => "connection_error",
        _ => "misconfigured",
    };
    json!({"code": last.status_code, "status": status, "message": last.status})
}

/// The address of a webhook.
pub(crate) fn url(urls: &Urls, repository: &Repository, id: i64) -> String {
    format!("{}/hooks/{id}", urls.repository(repository))
}

/// GitHub's `hook`, with the result of its last delivery.
pub(crate) fn hook(
    urls: &Urls,
    repository: &Repository,
    hook: &Hook,
    last: Option<&Attempt>,
) -> Map<String, Value> {
    let url = url(urls, repository, hook.id);
    let fields = json!({
        "type": "Repository",
        "id": hook.id,
        "name": "web",
        "active": hook.settings.active,
        "events": hook.settings.events,
        "config": config(hook),
        "updated_at": timestamp(hook.updated_at),
        "created_at": timestamp(hook.created_at),
        "test_url": format!("{url}/test"),
        "ping_url": format!("{url}/pings"),
        "deliveries_url": format!("{url}/deliveries"),
        "url": url,
        "last_response": response(last),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
