//! The code that reads a server's bytes, for the fuzz targets. Each function
//! accepts any bytes, and panics if an invariant of the result does not hold.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use super::graphql::partial;
use super::graphql_states::{FirstPage, Known, Nodes, by_id, on_first_page};
use super::link::Links;
use super::page::array;
use super::response::Response;
use super::{ApiError, rate};
use crate::model::{Deployment, DeploymentWithState, Status};

fn response(status: u16, kind: &'static str, body: &[u8]) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Response {
        method: Method::GET,
        url: "https://api.github.com/x".parse().expect("an address"),
        status,
        headers,
        body: body.to_vec(),
    }
}

/// Parses a `Link` header. Its targets are parts of the header, unchanged.
pub fn link(bytes: &[u8]) {
    let header = String::from_utf8_lossy(bytes);
    if let Ok(links) = Links::parse(&header) {
        for target in [links.next, links.last].into_iter().flatten() {
            assert!(header.contains(&target), "{target:?} came from nowhere");
        }
    }
}

/// Parses the body of an error; the first byte chooses the status. There is
/// always a message, which is short if the body is HTML.
pub fn error_body(bytes: &[u8]) -> ApiError {
    let (first, body) = bytes.split_first().unwrap_or((&0, &[]));
    let status = 400 + u16::from(*first) % 200;
    let response = response(status, "text/html", body);
    let error_response = response.error_response();
    assert!(!error_response.message.is_empty() || body.starts_with(b"{"));
    let now = "2026-11-01T00:00:00Z".parse().expect("a time");
    rate::limit(status, &response.headers, &error_response.message, now);
    ApiError::Response(Box::new(error_response))
}

/// Parses a page of deployments, and of statuses. The result can be serialized,
/// and is the same after it is parsed again.
pub fn deployments_page(bytes: &[u8]) {
    let response = response(200, "application/json", bytes);
    if let Ok(deployments) = array::<Deployment>(&response) {
        let written = serde_json::to_vec(&deployments).expect("what was read can be written");
        let again: Vec<Deployment> = serde_json::from_slice(&written).expect("and read again");
        assert_eq!(again, deployments);
        for deployment in deployments {
            let now = deployment.last_change();
            let observed = DeploymentWithState::from_latest_status(deployment, None, now);
            assert!(!observed.state.as_str().is_empty());
        }
    }
    if let Ok(statuses) = array::<Status>(&response) {
        let written = serde_json::to_vec(&statuses).expect("what was read can be written");
        let again: Vec<Status> = serde_json::from_slice(&written).expect("and read again");
        assert_eq!(again, statuses);
    }
}

/// Parses a GraphQL response to each of the two queries. A node with an error
/// below it has no state.
pub fn graphql_answer(bytes: &[u8]) {
    let response = response(200, "application/json", bytes);
    if let Ok(page) = partial::<FirstPage>(&response) {
        on_first_page(page);
    }
    let Ok(nodes) = partial::<Nodes>(&response) else {
        return;
    };
    let is_damaged = !nodes.damage.is_empty();
    let states = by_id(nodes);
    let sent: Value = serde_json::from_slice(bytes).unwrap_or_default();
    for (id, Known { latest, .. }) in states {
        let nodes = sent["data"]["nodes"].as_array();
        let is_there = nodes.is_some_and(|nodes| nodes.iter().any(|node| node["id"] == id));
        // Of duplicate keys, only one is visible here.
        assert!(
            is_there || is_damaged || has_twice(bytes),
            "{id:?} came from nowhere"
        );
        if let Some(latest) = latest {
            serde_json::to_vec(&latest).expect("what was read can be written");
        }
    }
}

/// Whether a key may be duplicated in an object.
fn has_twice(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.matches("\"id\"").count() > text.matches('{').count()
        || text.contains('\\')
        || ["data", "nodes", "id"]
            .iter()
            .any(|key| text.matches(&format!("\"{key}\"")).count() > 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The usual value most of the time, otherwise any other value.
    fn near(usual: Value) -> impl Strategy<Value = Value> {
        prop_oneof![
            8 => Just(usual),
            1 => Just(Value::Null),
            1 => any::<i64>().prop_map(Value::from),
            1 => any::<u64>().prop_map(Value::from),
            1 => any::<f64>().prop_map(Value::from),
            1 => any::<String>().prop_map(Value::from),
            1 => Just(json!([{"a": [1.10, null]}])),
            1 => Just(json!({})),
        ]
    }

    /// An object with these fields, mostly with their usual values. Some fields
    /// are omitted.
    fn object(fields: &[(&'static str, Value)]) -> impl Strategy<Value = Value> + use<> {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, usual)| {
                (
                    Just((*name).to_owned()),
                    near(usual.clone()),
                    prop::bool::weighted(0.9),
                )
            })
            .collect();
        fields.prop_map(|fields| {
            let kept = fields.into_iter().filter(|(_, _, kept)| *kept);
            Value::Object(kept.map(|(name, value, _)| (name, value)).collect())
        })
    }

    fn deployment() -> impl Strategy<Value = Value> {
        let time = json!("2026-11-01T00:00:00Z");
        object(&[
            ("id", json!(5_584_461_344_u64)),
            ("node_id", json!("DE_x")),
            ("sha", json!("a")),
            ("ref", json!("main")),
            ("task", json!("deploy")),
            ("payload", json!("{}")),
            ("environment", json!("production")),
            ("description", Value::Null),
            ("creator", json!({"login": "octocat", "id": 1})),
            ("created_at", time.clone()),
            ("updated_at", time),
            ("transient_environment", json!(false)),
            ("state", json!("success")),
            ("log_url", json!("")),
        ])
    }

    fn node() -> impl Strategy<Value = Value> {
        let latest = json!({"id": "DES_x", "state": "SUCCESS", "createdAt": "2026-11-01T00:00:00Z",
            "creator": {"__typename": "Bot", "login": "ci"}});
        object(&[
            ("id", json!("DE_x")),
            ("state", json!("ACTIVE")),
            ("latestStatus", latest),
        ])
    }

    proptest! {
        #[test]
        fn any_page_of_deployments_is_read_or_refused(
            page in prop::collection::vec(deployment(), 0..3), cut in any::<prop::sample::Index>(),
        ) {
            let text = json!(page).to_string().into_bytes();
            deployments_page(&text);
            deployments_page(&text[..cut.index(text.len() + 1)]);
        }

        #[test]
        fn any_answer_of_graphql_is_read_or_refused(
            nodes in prop::collection::vec(node(), 0..3),
            errors in near(json!([{"type": "NOT_FOUND", "path": ["nodes", 0], "message": "no"}])),
            cut in any::<prop::sample::Index>(),
        ) {
            let list = json!({"deployments": {"nodes": nodes}});
            let response = json!({"data": {"nodes": nodes, "repository": list}, "errors": errors});
            let text = response.to_string().into_bytes();
            graphql_answer(&text);
            graphql_answer(&text[..cut.index(text.len() + 1)]);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            link(&bytes);
            deployments_page(&bytes);
            graphql_answer(&bytes);
            drop(error_body(&bytes));
        }
    }
}
