//! Fault rules as command-line options and over HTTP.

use deployctl::sandbox::FaultRule;
use serde_json::json;

use crate::support::cli::{Machine, Signal};
use crate::support::http::Client;
use crate::world::World;

fn administer(client: &Client, method: &str, faults: &[&str]) -> (u16, serde_json::Value) {
    let body = json!({ "faults": faults }).to_string();
    let body = (method != "GET" && method != "DELETE").then_some(body.as_bytes());
    let reply = client.send_unchecked(method, "/_sandbox/faults", body);
    (reply.status, reply.json())
}

#[test]
fn rules_are_shown_added_replaced_and_taken_away() {
    let world = World::new(1);
    let client = world.client();
    assert_eq!(
        administer(&client, "GET", &[]),
        (200, json!({"faults": []}))
    );
    let (status, _) = administer(&client, "PUT", &["GET /user:2-=unauthorized"]);
    assert_eq!(status, 200);
    let statuses = [1, 2, 3].map(|_| client.send_unchecked("GET", "/user", None).status);
    assert_eq!(statuses, [200, 401, 401]);
    let (_, shown) = administer(&client, "POST", &["*=none"]);
    assert_eq!(
        shown,
        json!({"faults": [
            {"rule": "GET /user:2-=unauthorized", "fitted": 3, "struck": 2},
            {"rule": "*=none", "fitted": 0, "struck": 0},
        ]})
    );
    assert_eq!(
        client
            .send_unchecked("GET", "/_sandbox/direct/user", None)
            .status,
        200
    );
    let (status, error) = administer(&client, "POST", &["*=none", "*=nothing"]);
    assert_eq!(status, 422);
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("\"nothing\" is not a fault"), "{message}");
    assert_eq!(administer(&client, "DELETE", &[]).1, json!({"faults": []}));
    assert_eq!(client.send_unchecked("GET", "/user", None).status, 200);
    assert_eq!(
        client
            .send_unchecked("PATCH", "/_sandbox/faults", None)
            .status,
        404
    );
    assert_eq!(
        client
            .send_unchecked("PUT", "/_sandbox/faults", Some(b"{}"))
            .status,
        422
    );
}

#[test]
fn serve_takes_rules_as_options() {
    let machine = Machine::new();
    let serving = machine
        .command([
            "sandbox",
            "serve",
            "--repo",
            "octocat/sample",
            "--json",
            "--fault",
            "GET */deployments:1=page-before:503",
            "--fault",
            "*/environments=not-found",
        ])
        .spawn();
    let line = serving.wait_for_line("\"url\"");
    let address: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let client = Client::new(address["url"].as_str().expect("a URL"));
    let list = "/api/v3/repos/octocat/sample/deployments";
    let statuses = [1, 2].map(|_| client.send_unchecked("GET", list, None).status);
    assert_eq!(statuses, [503, 200]);
    let environments = "/repos/octocat/sample/environments";
    assert_eq!(client.send_unchecked("GET", environments, None).status, 404);
    serving.signal(Signal::Term);
    drop(serving.finish().expect(143));

    let outcome = machine
        .run(["sandbox", "serve", "--fault", "POST */x=fire"])
        .expect(2);
    assert!(
        outcome.stderr().contains("\"fire\" is not a fault"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn the_help_lists_every_fault() {
    let outcome = Machine::new().run(["sandbox", "serve", "--help"]).expect(0);
    for (form, _) in deployctl::sandbox::FAULT_KINDS {
        assert!(outcome.stdout().contains(form), "{form}");
    }
    let rule: FaultRule = "POST */deployments:1=reset-after".parse().expect("a rule");
    assert_eq!(rule.to_string(), "POST */deployments:1=reset-after");
}
