//! Queries against a small world, without HTTP.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod errors;
mod http;
mod mutations;
mod not_served;
mod queries;
mod schema;

use serde_json::{Value, json};

use super::answer::{ParsedQuery, QueryRejection};
use super::session::{Points, Viewer};
use crate::access::{Access, TokenRule};
use crate::http::Urls;
use crate::ids::NodeId;
use crate::rules::testing::World;
use crate::store::Deployment;

fn viewer(world: &World, access: Access) -> Viewer {
    Viewer {
        user: world.user.clone(),
        access,
        web: "http://localhost:1".to_owned(),
        urls: Urls::new("localhost:1", ""),
        points: Points {
            limit: 5000,
            used: 7,
            reset: 1_800_003_600,
            enforced: false,
        },
    }
}

/// Sends a request body. Returns the status and the body of the response.
fn send(world: &World, viewer: Viewer, body: &Value) -> (u16, Value) {
    let answer = match ParsedQuery::read(body.to_string().as_bytes()) {
        Ok(asked) => asked.run(&world.core, viewer).0,
        Err(QueryRejection::Answer(answer)) => answer,
        Err(QueryRejection::NotJson(body)) => return (400, body),
    };
    (200, serde_json::to_value(answer).unwrap())
}

/// Runs a query with full access.
fn ask(world: &World, query: &str) -> Value {
    send_with(world, query, &json!({}))
}

/// Runs a query with full access and with variables.
fn send_with(world: &World, query: &str, variables: &Value) -> Value {
    let body = json!({"query": query, "variables": variables});
    let (status, answer) = send(world, viewer(world, Access::Full), &body);
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Runs a query with the permissions of a token rule such as
/// `ci=deployments=read`.
fn ask_as(world: &World, rule: &str, query: &str) -> Value {
    let access = rule.parse::<TokenRule>().unwrap().access;
    send(world, viewer(world, access), &json!({"query": query})).1
}

/// The data of a response without errors.
#[track_caller]
fn data(answer: Value) -> Value {
    let Value::Object(mut answer) = answer else {
        panic!("not an object: {answer}");
    };
    assert_eq!(answer.get("errors"), None);
    answer.shift_remove("data").unwrap()
}

/// Runs a selection on the world's repository and returns the data.
#[track_caller]
fn repository(world: &World, selection: &str) -> Value {
    let query = format!(r#"{{ repository(owner: "octo", name: "hello") {{ {selection} }} }}"#);
    data(ask(world, &query))["repository"].clone()
}

fn node_id(deployment: &Deployment) -> String {
    NodeId::Deployment(deployment.repository_id, deployment.id).encode()
}

fn ref_id(world: &World, name: &str) -> String {
    NodeId::Ref(world.repository.id, name.to_owned()).encode()
}

fn repository_id(world: &World) -> String {
    NodeId::Repository(world.repository.id).encode()
}
