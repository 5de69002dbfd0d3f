//! Bodies that operations do not accept.

use serde_json::{Value, json};

use super::world::{World, statuses};
use crate::support::http::{REPO, Reply};

fn post(world: &World, target: &str, body: &str) -> Reply {
    world.client.send("POST", target, Some(body.as_bytes()))
}

#[test]
fn broken_json_is_400() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let create = format!("{REPO}/deployments");
    for path in [create, statuses(deployment)] {
        for body in [
            "{",
            "{\"ref\": \"main\",}",
            "not json",
            "{\"ref\": \"main\"} x",
        ] {
            let reply = post(&world, &path, body).expect(400);
            assert_eq!(reply.json()["message"], "Problems parsing JSON", "{body}");
        }
        for body in ["[]", "\"main\"", "1", "null", "true"] {
            let reply = post(&world, &path, body).expect(400);
            assert_eq!(
                reply.json()["message"],
                "Body should be a JSON object",
                "{body}"
            );
        }
    }
}

#[test]
fn a_body_that_is_not_utf_8_is_400() {
    let world = World::new();
    let path = format!("{REPO}/deployments");
    let body = b"{\"ref\": \"main\", \"description\": \"\xff\"}";
    let reply = world.client.send("POST", &path, Some(body));
    assert_eq!(reply.expect(400).json()["message"], "Problems parsing JSON");
}

#[test]
fn deep_nesting_does_no_harm() {
    let world = World::new();
    let path = format!("{REPO}/deployments");
    let deep = format!(
        "{{\"ref\":\"main\",\"payload\":{{\"a\":{}{}}}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    post(&world, &path, &deep).expect(400);
    world.deploy("staging");
}

#[test]
fn a_body_that_is_missing_lacks_its_fields() {
    let world = World::new();
    let path = format!("{REPO}/deployments");
    let reply = world.client.send("POST", &path, None);
    assert!(matches!(reply.status, 400 | 422), "{}", reply.status);
    let reply = post(&world, &path, "");
    assert!(matches!(reply.status, 400 | 422), "{}", reply.status);
}

#[test]
fn a_field_of_the_wrong_type_is_422() {
    let world = World::new();
    let path = format!("{REPO}/deployments");
    for (field, value) in [
        ("ref", json!(1)),
        ("ref", Value::Null),
        ("ref", json!(["main"])),
        ("task", json!(1)),
        ("auto_merge", json!("true")),
        ("auto_merge", json!(1)),
        ("required_contexts", json!("ci")),
        ("required_contexts", json!([1])),
        ("payload", json!(1)),
        ("payload", json!(["a"])),
        ("payload", json!(true)),
        ("environment", json!({})),
        ("description", json!(7)),
        ("transient_environment", json!("false")),
        ("production_environment", json!("false")),
    ] {
        let mut body = json!({"ref": "main"});
        body[field] = value.clone();
        let reply = world.client.post(&path, &body).expect(422);
        let message = reply.json()["message"].clone();
        let message = message.as_str().expect("a message");
        assert!(
            message.starts_with("Invalid request.\n\n"),
            "{field}={value}: {message}"
        );
    }
    let deployment = world.deploy("staging");
    for (field, value) in [
        ("description", json!(1)),
        ("log_url", json!(1)),
        ("environment_url", json!([])),
        ("environment", json!(1)),
        ("auto_inactive", json!("false")),
    ] {
        let mut body = json!({"state": "queued"});
        body[field] = value.clone();
        world.add(deployment, &body).expect(422);
    }
    assert_eq!(world.states(deployment), [] as [&str; 0]);
}

#[test]
fn unknown_fields_are_let_pass() {
    let world = World::new();
    world.create(&json!({"ref": "main", "surprise": {"a": 1}}));
}

#[test]
fn a_body_of_more_than_a_megabyte_is_413() {
    let world = World::new();
    let path = format!("{REPO}/deployments");
    let body = json!({"ref": "main", "payload": "x".repeat(1_100_000)}).to_string();
    let reply = world
        .client
        .send_unchecked("POST", &path, Some(body.as_bytes()));
    assert_eq!(reply.status, 413);
    let fits = json!({"ref": "main", "payload": "x".repeat(900_000)});
    world.client.post(&path, &fits).expect(201);
}

#[test]
fn any_text_is_kept_as_it_is() {
    let world = World::new();
    let hostile =
        "\u{1b}]8;;https://evil.example\u{7}x\u{1b}[31m\u{202e}\n\t\u{0}'\"<&>\u{2028}é🚀";
    let made = world.create(&json!({
        "ref": "main", "description": hostile, "task": hostile, "payload": {hostile: hostile},
    }));
    for field in ["description", "task"] {
        assert_eq!(made[field], hostile, "{field}");
    }
    assert_eq!(made["payload"], json!({hostile: hostile}));
}
