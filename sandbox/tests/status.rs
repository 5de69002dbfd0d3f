//! The rules of a deployment's statuses.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::world::{World, id, one, statuses, text};
use crate::support::http::REPO;

/// The seven states that a client can set.
const STATES: &[&str] = &[
    "error",
    "failure",
    "inactive",
    "in_progress",
    "queued",
    "pending",
    "success",
];

#[test]
fn the_seven_states_are_taken_and_no_other() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for state in STATES {
        assert_eq!(world.set(deployment, state)["state"], *state);
    }
    for state in [
        json!("waiting"),
        json!("destroyed"),
        json!("SUCCESS"),
        json!(""),
        json!(1),
        Value::Null,
    ] {
        world.add(deployment, &json!({"state": state})).expect(422);
    }
    world
        .add(deployment, &json!({"description": "no state"}))
        .expect(422);
    assert_eq!(world.states(deployment).len(), STATES.len());
}

#[test]
fn what_is_left_out_of_a_status_is_empty() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let reply = world
        .add(deployment, &json!({"state": "queued"}))
        .expect(201);
    let status = reply.json();
    assert_eq!(reply.header("location"), status["url"].as_str());
    for field in ["description", "target_url", "log_url", "environment_url"] {
        assert_eq!(status[field], "", "{field}");
    }
    assert_eq!(status["environment"], "staging");
    assert_eq!(
        status["deployment_url"],
        format!("{}{}", world.server.url(), one(deployment))
    );
    let read = world.client.get(&text(&status, "url")).expect(200);
    assert_eq!(read.json(), status);
}

#[test]
fn log_url_and_target_url_are_one() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for field in ["log_url", "target_url"] {
        let body = json!({"state": "queued", field: "https://ci.example.com/1"});
        let status = world.add(deployment, &body).expect(201).json();
        assert_eq!(status["log_url"], "https://ci.example.com/1", "{field}");
        assert_eq!(status["target_url"], "https://ci.example.com/1", "{field}");
    }
    let both = json!({"state": "queued", "log_url": "https://log/", "target_url": "https://t/"});
    let status = world.add(deployment, &both).expect(201).json();
    assert_eq!(status["log_url"], "https://log/");
    assert_eq!(status["target_url"], "https://log/");
}

#[test]
fn a_description_has_140_characters_whatever_their_bytes() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for character in ["a", "é", "🚀"] {
        let fits = json!({"state": "queued", "description": character.repeat(140)});
        let status = world.add(deployment, &fits).expect(201).json();
        assert_eq!(status["description"], fits["description"]);
        let long = json!({"state": "queued", "description": character.repeat(141)});
        let body = world.add(deployment, &long).expect(422).json();
        assert_eq!(body["message"], "Validation Failed");
        assert_eq!(
            body["errors"],
            json!([{
                "resource": "DeploymentStatus", "code": "custom", "field": "description",
                "message": "description is too long (maximum is 140 characters)",
            }])
        );
    }
}

#[test]
fn the_environment_is_carried_over_from_status_to_status() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let status = world.set(deployment, "queued");
    assert_eq!(status["environment"], "staging");
    let moved = json!({"state": "in_progress", "environment": "canary"});
    world.add(deployment, &moved).expect(201);
    assert_eq!(world.set(deployment, "success")["environment"], "canary");
    let after = world.deployment(deployment);
    assert_eq!(after["environment"], "canary");
    assert_eq!(after["original_environment"], "staging");
}

/// A clock that advances by a second with every reading.
fn ticking() -> Timestamp {
    static NOW: AtomicI64 = AtomicI64::new(1_767_225_600);
    Timestamp::from_second(NOW.fetch_add(1, Ordering::SeqCst)).expect("a time")
}

#[test]
fn a_status_moves_updated_at() {
    let world = World::with(|config| config.clock = ticking);
    let deployment = world.deploy("staging");
    let before = world.deployment(deployment);
    let status = world.set(deployment, "success");
    let after = world.deployment(deployment);
    assert_eq!(after["created_at"], before["created_at"]);
    assert_ne!(after["updated_at"], before["updated_at"]);
    assert_eq!(after["updated_at"], status["created_at"]);
    assert_eq!(status["updated_at"], status["created_at"]);
}

#[test]
fn a_deployment_has_no_state_field() {
    let world = World::new();
    let deployment = world.deploy("staging");
    world.set(deployment, "success");
    let read = world.deployment(deployment);
    assert_eq!(read.get("state"), None);
    assert_eq!(read.get("statuses"), None);
}

#[test]
fn statuses_come_newest_first() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let made: Vec<u64> = (0..3)
        .map(|_| id(&world.set(deployment, "queued")))
        .collect();
    let listed = world.client.get(&statuses(deployment)).expect(200).list();
    let listed: Vec<u64> = listed.iter().map(id).rev().collect();
    assert_eq!(listed, made);
}

#[test]
fn success_makes_prior_deployments_of_the_environment_inactive() {
    let world = World::new();
    let prior = world.deploy("staging");
    let other_ref =
        id(&world.create(&json!({"ref": "topic", "task": "other", "environment": "staging"})));
    for deployment in [prior, other_ref] {
        world
            .add(
                deployment,
                &json!({"state": "success", "auto_inactive": false}),
            )
            .expect(201);
    }
    let new = world.deploy("staging");
    world.set(new, "in_progress");
    assert_eq!(world.states(prior), ["success"]);
    world.set(new, "success");
    assert_eq!(world.states(prior), ["inactive", "success"]);
    assert_eq!(world.states(other_ref), ["inactive", "success"]);
    assert_eq!(world.states(new), ["success", "in_progress"]);
    let status = world.client.get(&statuses(prior)).expect(200).list();
    assert_eq!(status[0]["environment"], "staging");
    assert_eq!(
        world.deployment(prior)["updated_at"],
        status[0]["created_at"]
    );
    // A deployment becomes inactive only once.
    world.set(new, "success");
    assert_eq!(world.states(prior), ["inactive", "success"]);
}

#[test]
fn auto_inactive_spares_production() {
    let world = World::new();
    let body = json!({"ref": "main", "environment": "live", "production_environment": true});
    let (prior, new) = (id(&world.create(&body)), id(&world.create(&body)));
    world.set(prior, "success");
    world.set(new, "success");
    assert_eq!(world.states(prior), ["success"]);
}

#[test]
fn auto_inactive_spares_transient_deployments() {
    let world = World::new();
    let body = json!({"ref": "main", "environment": "review", "transient_environment": true});
    let prior = id(&world.create(&body));
    world.set(prior, "success");
    world.set(world.deploy("review"), "success");
    assert_eq!(world.states(prior), ["success"]);
}

#[test]
fn auto_inactive_spares_other_environments() {
    let world = World::new();
    let (other, case) = (world.deploy("qa"), world.deploy("Staging"));
    world.set(other, "success");
    world.set(case, "success");
    world.set(world.deploy("staging"), "success");
    assert_eq!(world.states(other), ["success"]);
    assert_eq!(world.states(case), ["success"]);
}

#[test]
fn auto_inactive_spares_what_is_not_a_success() {
    let world = World::new();
    let mut spared = vec![(world.deploy("staging"), Vec::new())];
    for state in STATES.iter().filter(|state| **state != "success") {
        let deployment = world.deploy("staging");
        world.set(deployment, state);
        spared.push((deployment, vec![(*state).to_owned()]));
    }
    world.set(world.deploy("staging"), "success");
    for (deployment, states) in spared {
        assert_eq!(world.states(deployment), states);
    }
}

#[test]
fn auto_inactive_spares_later_deployments() {
    let world = World::new();
    let (first, second) = (world.deploy("staging"), world.deploy("staging"));
    world.set(second, "success");
    world.set(first, "success");
    assert_eq!(world.states(second), ["success"]);
    assert_eq!(world.states(first), ["success"]);
}

#[test]
fn auto_inactive_can_be_declined() {
    let world = World::new();
    let prior = world.deploy("staging");
    world.set(prior, "success");
    let body = json!({"state": "success", "auto_inactive": false});
    world.add(world.deploy("staging"), &body).expect(201);
    assert_eq!(world.states(prior), ["success"]);
}

#[test]
fn a_state_other_than_success_makes_nothing_inactive() {
    let world = World::new();
    let prior = world.deploy("staging");
    world.set(prior, "success");
    let new = world.deploy("staging");
    for state in STATES.iter().filter(|state| **state != "success") {
        let body = json!({"state": state, "auto_inactive": true});
        world.add(new, &body).expect(201);
    }
    assert_eq!(world.states(prior), ["success"]);
}

#[test]
fn a_status_belongs_to_its_deployment() {
    let world = World::new();
    let (first, second) = (world.deploy("a"), world.deploy("b"));
    let status = id(&world.set(first, "queued"));
    let path = |deployment| format!("{}/{status}", statuses(deployment));
    world.client.get(&path(first)).expect(200);
    world.client.get(&path(second)).expect(404);
    world
        .client
        .get(&format!("{}/1", statuses(first)))
        .expect(404);
    for body in [json!({"state": "queued"}), json!({}), json!({"state": 1})] {
        world.add(1, &body).expect(404);
    }
    world.add(first, &json!({})).expect(422);
    world.client.get(&statuses(1)).expect(404);
}

#[test]
fn a_commit_status_has_a_short_description_and_a_web_address() {
    let world = World::new();
    let path = format!("{REPO}/statuses/{}", world.repository.sha("main"));
    let body = |field: &str, value: &str| json!({"state": "success", field: value});
    for (field, value) in [
        ("description", "é".repeat(140)),
        ("target_url", String::new()),
        ("target_url", "https://ci.example.com/1".to_owned()),
        ("target_url", "HTTP://ci.example.com/1".to_owned()),
    ] {
        let made = world.client.post(&path, &body(field, &value)).expect(201);
        assert_eq!(made.json()[field], value);
    }
    let long = "description is too long (maximum is 140 characters)";
    let scheme = "target_url must use http(s) scheme";
    for (field, value, message) in [
        ("description", "é".repeat(141), long),
        ("target_url", "ftp://ci.example.com/1".to_owned(), scheme),
        ("target_url", "javascript:alert(1)".to_owned(), scheme),
        ("target_url", "ci.example.com/1".to_owned(), scheme),
    ] {
        // GitHub's description lists no errors at all for this operation.
        let body = body(field, &value).to_string();
        let refused = world
            .client
            .send_unchecked("POST", &path, Some(body.as_bytes()));
        let refused = refused.expect(422).json();
        assert_eq!(refused["message"], "Validation Failed");
        assert_eq!(
            refused["errors"],
            json!([{
                "resource": "Status", "code": "custom", "field": field, "message": message,
            }]),
            "{value}"
        );
    }
    let list = format!("{REPO}/commits/main/statuses");
    let kept = world.client.send_unchecked("GET", &list, None);
    assert_eq!(kept.expect(200).list().len(), 4);
}
