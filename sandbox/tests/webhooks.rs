//! The events that webhooks receive, from REST and GraphQL, and their
//! signatures.

use std::collections::BTreeSet;
use std::thread;

use deployctl_sandbox::WebhookSource;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::form_urlencoded;

use super::hooks::{HOOKS, hook, hook_id, settled};
use super::world::{World, id, statuses, text};
use crate::support::http::{Client, REPO};
use crate::support::payloads;
use crate::support::receiver::{Behaviour, Received, Receiver};
use crate::support::serve::Server;

const SECRET: &str = "It's a Secret to Everybody";

/// The payload of a delivery, checked against both descriptions.
#[track_caller]
fn payload(received: &Received) -> Value {
    let payload = received.json();
    if let Err(error) = payloads::check(received, &payload) {
        panic!("{error}\n{payload:#}");
    }
    payload
}

/// A world with a webhook that receives all events, after its ping has arrived.
fn listening() -> (World, Receiver, u64) {
    let (world, receiver) = (World::new(), Receiver::new());
    let id = hook(&world.client, &receiver, &["*"]);
    drop(receiver.wait_for(1));
    (world, receiver, id)
}

#[test]
fn a_new_webhook_gets_a_ping() {
    let (world, receiver) = (World::new(), Receiver::new());
    let body = json!({
        "config": {"url": receiver.url(), "content_type": "json", "secret": SECRET},
        "events": ["deployment"],
    });
    let made = world.client.post(HOOKS, &body).expect(201).json();
    let ping = receiver.wait_for(1).remove(0);
    assert_eq!(
        (ping.method.as_str(), ping.path.as_str()),
        ("POST", "/hook")
    );
    assert_eq!(ping.event(), "ping");
    let payload = payload(&ping);
    assert_eq!(payload["hook_id"], made["id"]);
    assert_eq!(payload["hook"]["url"], made["url"]);
    assert_eq!(payload["hook"]["config"]["secret"], "********");
    assert_eq!(payload["repository"]["full_name"], "octocat/hello-world");
    assert!(!text(&payload, "zen").is_empty());
    assert!(!String::from_utf8_lossy(&ping.body).contains(SECRET));
    let repository = world.client.get(REPO).expect(200).json();
    for (header, value) in [
        ("x-github-hook-id", made["id"].to_string()),
        (
            "x-github-hook-installation-target-type",
            "repository".into(),
        ),
        (
            "x-github-hook-installation-target-id",
            repository["id"].to_string(),
        ),
        ("content-type", "application/json".to_owned()),
        ("accept", "*/*".to_owned()),
    ] {
        assert_eq!(ping.header(header), Some(value.as_str()), "{header}");
    }
    let agent = ping.header("user-agent").expect("a sender");
    assert!(agent.starts_with("GitHub-Hookshot/"), "{agent}");
}

#[test]
fn a_deployment_and_its_statuses_are_sent() {
    let (world, receiver, _) = listening();
    let made = world.create(&json!({
        "ref": "main", "environment": "staging", "description": "the first",
        "payload": {"n": 1, "b": [true]}, "transient_environment": true,
    }));
    let id = id(&made);
    let event = payload(&receiver.wait_for(2)[1]);
    assert_eq!(event["action"], "created");
    assert_eq!(event["workflow_run"], Value::Null);
    for (field, value) in made.as_object().expect("an object") {
        if field != "creator" {
            assert_eq!(event["deployment"][field], *value, "{field}");
        }
    }
    assert_eq!(event["sender"]["login"], made["creator"]["login"]);
    for state in ["queued", "in_progress", "success"] {
        world.set(id, state);
    }
    let body = json!({
        "state": "error", "description": "no", "log_url": "https://ci.example/1",
        "environment_url": "https://shop.example/", "environment": "moved",
    });
    let last = world.add(id, &body).expect(201).json();
    let events = receiver.events(6, "deployment_status");
    let events: Vec<Value> = events.iter().map(payload).collect();
    let mut states: Vec<&str> = events
        .iter()
        .filter_map(|one| one["deployment_status"]["state"].as_str())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["error", "in_progress", "queued", "success"]);
    let error = events
        .iter()
        .find(|one| one["deployment_status"]["state"] == "error")
        .expect("the last status");
    for (field, value) in last.as_object().expect("an object") {
        if field != "creator" {
            assert_eq!(error["deployment_status"][field], *value, "{field}");
        }
    }
    // The deployment is shown as it is after the status.
    assert_eq!(error["deployment"]["environment"], "moved");
    assert_eq!(error["deployment"], without_kind(world.deployment(id)));
}

/// A deployment as it appears in an event.
fn without_kind(mut deployment: Value) -> Value {
    let creator = deployment["creator"].as_object_mut().expect("a user");
    creator.shift_remove("user_view_type");
    deployment
}

#[test]
fn mutations_are_sent_too() {
    let (world, receiver, _) = listening();
    let run = |query: &str, input: Value| {
        let body = json!({"query": query, "variables": {"input": input}});
        let reply = world.client.post("/api/graphql", &body).expect(200).json();
        assert_eq!(reply.get("errors"), None, "{reply}");
        reply["data"].clone()
    };
    let body = json!({"query": "{repository(owner:\"octocat\",name:\"hello-world\")\
        {id ref(qualifiedName:\"refs/heads/main\"){id}}}"});
    let found = world.client.post("/graphql", &body).expect(200).json();
    let repository = &found["data"]["repository"];
    let made = run(
        "mutation($input: CreateDeploymentInput!){createDeployment(input:$input)\
         {deployment{id}}}",
        json!({"repositoryId": repository["id"], "refId": repository["ref"]["id"],
            "environment": "staging", "requiredContexts": []}),
    );
    let node = &made["createDeployment"]["deployment"]["id"];
    let event = payload(&receiver.wait_for(2)[1]);
    assert_eq!(event["deployment"]["node_id"], *node);
    let url = text(&event["deployment"], "url");
    assert!(url.contains("/api/v3/repos/"), "{url}");
    world.client.get(&url).expect(200);
    for state in ["IN_PROGRESS", "INACTIVE", "SUCCESS"] {
        run(
            "mutation($input: CreateDeploymentStatusInput!){createDeploymentStatus(input:$input)\
             {deploymentStatus{state}}}",
            json!({"deploymentId": node, "state": state}),
        );
    }
    let events = receiver.events(4, "deployment_status");
    let mut states: Vec<String> = events
        .iter()
        .map(|one| text(&payload(one)["deployment_status"], "state"))
        .collect();
    states.sort();
    assert_eq!(states, ["in_progress", "success"]);
}

#[test]
fn inactive_statuses_and_deletions_send_no_event() {
    let (world, receiver, hook) = listening();
    let (old, new) = (world.deploy("staging"), world.deploy("staging"));
    world.set(old, "success");
    // This makes the older one inactive.
    world.set(new, "success");
    assert_eq!(world.states(old)[0], "inactive");
    world.set(new, "inactive");
    world.client.delete(&super::world::one(new)).expect(204);
    let last = world.deploy("other");
    drop(receiver.wait_for(6));
    settled(&world.client, hook, 6);
    let all = receiver.all();
    assert_eq!(all.len(), 6, "a ping, three deployments, two statuses");
    let states: Vec<Value> = all
        .iter()
        .map(payload)
        .filter(|one| one["deployment_status"].is_object())
        .map(|one| one["deployment_status"]["state"].clone())
        .collect();
    assert_eq!(states, ["success", "success"]);
    assert!(all.iter().any(|one| one.json()["deployment"]["id"] == last));
}

#[test]
fn an_auto_merge_is_no_deployment() {
    let (world, receiver, hook) = listening();
    world.ask(&json!({"ref": "behind"})).expect(202);
    world.ask(&json!({"ref": "nowhere"})).expect(422);
    world.deploy("staging");
    drop(receiver.wait_for(2));
    settled(&world.client, hook, 2);
    assert_eq!(receiver.all().len(), 2);
}

#[test]
fn a_secret_signs_the_bytes_that_are_sent() {
    let (world, receiver) = (World::new(), Receiver::new());
    for (content_type, events) in [("json", "deployment"), ("form", "deployment_status")] {
        let body = json!({
            "config": {"url": receiver.url(), "content_type": content_type, "secret": SECRET},
            "events": [events],
        });
        world.client.post(HOOKS, &body).expect(201);
    }
    let body = json!({"ref": "main", "payload": {"text": "é & = % \u{1f600} \u{202e}"}});
    let id = id(&world.create(&body));
    world.set(id, "queued");
    let all = receiver.wait_for(4);
    assert_eq!(all.len(), 4);
    for one in all {
        assert!(one.is_signed_with(SECRET), "{one:?}");
        if one.event() == "deployment" {
            assert_eq!(payload(&one)["deployment"]["payload"], body["payload"]);
        }
        if one.event() == "deployment_status" {
            let kind = one.header("content-type");
            assert_eq!(kind, Some("application/x-www-form-urlencoded"));
            let pairs: Vec<_> = form_urlencoded::parse(&one.body).into_owned().collect();
            let [(name, value)] = pairs.as_slice() else {
                panic!("{pairs:?}");
            };
            assert_eq!(name, "payload");
            let value: Value = serde_json::from_str(value).expect("JSON");
            assert_eq!(value["deployment"]["payload"], body["payload"]);
            if let Err(error) = payloads::check(&one, &value) {
                panic!("{error}");
            }
        }
    }
}

#[test]
fn without_a_secret_there_is_no_signature() {
    let (_world, receiver, _) = listening();
    let ping = receiver.wait_for(1).remove(0);
    for name in ["x-hub-signature", "x-hub-signature-256"] {
        assert_eq!(ping.header(name), None);
    }
}

#[test]
fn each_webhook_hears_of_its_events_only_and_only_while_active() {
    let world = World::new();
    let receivers: Vec<Receiver> = (0..3).map(|_| Receiver::new()).collect();
    let ids: Vec<u64> = receivers
        .iter()
        .zip([
            &["deployment"][..],
            &["deployment_status"],
            &["push", "status"],
        ])
        .map(|(receiver, events)| hook(&world.client, receiver, events))
        .collect();
    let id = world.deploy("staging");
    world.set(id, "queued");
    let first = receivers[0].wait_for(2);
    assert_eq!(first[1].event(), "deployment");
    assert_eq!(receivers[1].wait_for(2)[1].event(), "deployment_status");
    let path = format!("{HOOKS}/{}", ids[0]);
    let changed = world.client.patch(&path, &json!({"active": false}));
    assert_eq!(changed.expect(200).json()["active"], false);
    world.deploy("staging");
    world
        .client
        .patch(&path, &json!({"active": true}))
        .expect(200);
    let last = world.deploy("staging");
    let heard = receivers[0].wait_for(3);
    settled(&world.client, ids[0], 3);
    assert_eq!(receivers[0].all().len(), 3);
    assert_eq!(heard[2].json()["deployment"]["id"], last);
    assert_eq!(receivers[2].all().len(), 1, "the ping alone");
}

#[test]
fn two_webhooks_share_the_id_of_an_event() {
    let (world, one, other) = (World::new(), Receiver::new(), Receiver::new());
    hook(&world.client, &one, &["*"]);
    hook(&world.client, &other, &["deployment"]);
    world.deploy("staging");
    let (one, other) = (one.wait_for(2), other.wait_for(2));
    assert_ne!(one[0].guid(), other[0].guid(), "each has its ping");
    assert_eq!(one[1].guid(), other[1].guid());
    assert_eq!(one[1].body, other[1].body);
}

#[test]
fn five_hundred_deployments_are_five_hundred_deliveries() {
    const EACH: usize = 125;
    let (world, receiver, hook) = listening();
    let body = json!({"ref": "main", "auto_merge": false});
    thread::scope(|scope| {
        for _ in 0..4 {
            let client = &world.client;
            let body = &body;
            scope.spawn(move || {
                for _ in 0..EACH {
                    client
                        .post(&format!("{REPO}/deployments"), body)
                        .expect(201);
                }
            });
        }
    });
    let events = receiver.events(1 + 4 * EACH, "deployment");
    settled(&world.client, hook, 1 + 4 * EACH);
    assert_eq!(receiver.all().len(), 1 + 4 * EACH);
    let guids: BTreeSet<&str> = events.iter().map(Received::guid).collect();
    let ids: BTreeSet<u64> = events
        .iter()
        .filter_map(|one| one.json()["deployment"]["id"].as_u64())
        .collect();
    assert_eq!((guids.len(), ids.len()), (4 * EACH, 4 * EACH));
}

#[test]
fn what_is_still_to_be_sent_is_sent_after_a_restart() {
    let data = TempDir::new().expect("a directory");
    let receiver = Receiver::new();
    let made = {
        // A server that only records events, like a command with --sandbox.
        let server = Server::on(data.path(), |config| config.delivers = false);
        let client = Client::new(server.url());
        hook(&client, &receiver, &["*"]);
        let body = json!({"ref": "main"});
        let made: Vec<u64> = (0..3)
            .map(|_| {
                id(&client
                    .post(&format!("{REPO}/deployments"), &body)
                    .expect(201)
                    .json())
            })
            .collect();
        client
            .post(&statuses(made[0]), &json!({"state": "queued"}))
            .expect(201);
        made
    };
    assert_eq!(receiver.all().len(), 0);
    let server = Server::on(data.path(), |_| {});
    let events = receiver.events(5, "deployment");
    let mut ids: Vec<u64> = events
        .iter()
        .filter_map(|one| payload(one)["deployment"]["id"].as_u64())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, made);
    let client = Client::new(server.url());
    settled(&client, hook_id(&client), 5);
    drop(server);
    // Each delivery was attempted once and is not retried.
    let server = Server::on(data.path(), |_| {});
    Client::new(server.url())
        .post(&format!("{REPO}/deployments"), &json!({"ref": "main"}))
        .expect(201);
    assert_eq!(receiver.wait_for(6).len(), 6);
}

#[test]
fn events_of_another_process_are_delivered() {
    let data = TempDir::new().expect("a directory");
    let receiver = Receiver::new();
    let one = Server::on(data.path(), |_| {});
    let other = Server::on(data.path(), |_| {});
    let silent = Server::on(data.path(), |config| config.delivers = false);
    let id = hook(&Client::new(one.url()), &receiver, &["*"]);
    for server in [&one, &other, &silent] {
        for _ in 0..5 {
            Client::new(server.url())
                .post(&format!("{REPO}/deployments"), &json!({"ref": "main"}))
                .expect(201);
        }
    }
    drop(receiver.wait_for(16));
    settled(&Client::new(one.url()), id, 16);
    assert_eq!(receiver.all().len(), 16, "each of them once");
    // When the sending process ends, another one takes over.
    drop(one);
    Client::new(silent.url())
        .post(&format!("{REPO}/deployments"), &json!({"ref": "main"}))
        .expect(201);
    assert_eq!(receiver.wait_for(17).len(), 17);
}

#[test]
fn a_receiver_that_hangs_holds_nobody_up() {
    let (world, receiver, _) = listening();
    let other = Receiver::new();
    hook(&world.client, &other, &["deployment"]);
    receiver.behave(Behaviour::Hang);
    for _ in 0..30 {
        world.deploy("staging");
    }
    // More deliveries than the hanging receiver can have in flight.
    assert_eq!(other.wait_for(31).len(), 31);
    assert!(receiver.all().len() < 31);
}

#[test]
fn configured_webhooks_exist_once_and_only_while_configured() {
    let data = TempDir::new().expect("a directory");
    let (one, other) = (Receiver::new(), Receiver::new());
    let given = |urls: &[&Receiver], events: &[&str]| {
        let events: Vec<String> = events.iter().map(|&event| event.to_owned()).collect();
        let sources = urls
            .iter()
            .map(|receiver| {
                WebhookSource::new(&receiver.url(), events.clone(), Some(SECRET.into()))
            })
            .collect::<Result<Vec<_>, _>>()
            .expect("webhooks");
        Server::on(data.path(), |config| config.webhooks = Some(sources))
    };
    let list = |server: &Server| Client::new(server.url()).get(HOOKS).expect(200).list();
    let server = given(&[&one], &["deployment"]);
    let ping = one.wait_for(1).remove(0);
    let url = text(&payload(&ping)["hook"], "url");
    assert!(url.starts_with(server.url()), "{url}");
    assert!(ping.is_signed_with(SECRET), "{ping:?}");
    let first = list(&server);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0]["config"]["content_type"], "json");
    drop(server);
    // The same URL with other events is the same webhook.
    let server = given(&[&one, &other], &["*"]);
    let again = list(&server);
    assert_eq!(again.len(), 2);
    assert_eq!(again[0]["id"], first[0]["id"]);
    assert_eq!(again[0]["events"], json!(["*"]));
    drop(other.wait_for(1));
    assert_eq!(one.all().len(), 1, "no second ping");
    drop(server);
    // Only the other webhook is configured: the first receives no more events.
    let server = given(&[&other], &["*"]);
    let later = list(&server);
    assert_eq!(
        (&later[0]["active"], &later[1]["active"]),
        (&json!(false), &json!(true))
    );
    Client::new(server.url())
        .post(&format!("{REPO}/deployments"), &json!({"ref": "main"}))
        .expect(201);
    assert_eq!(other.wait_for(2)[1].event(), "deployment");
    assert_eq!(one.all().len(), 1);
}

#[test]
fn a_configured_webhook_must_be_valid_for_github() {
    let new = |url: &str, events: &[&str]| {
        let events = events.iter().map(|&event| event.to_owned()).collect();
        WebhookSource::new(url, events, None).map(|source| source.url().to_owned())
    };
    assert_eq!(new("http://a/b", &["*"]), Ok("http://a/b".to_owned()));
    for (url, events) in [
        ("", &["*"][..]),
        ("a.example", &["*"]),
        ("ftp://a.example", &["*"]),
        ("http://", &["*"]),
        ("http://a", &[]),
        ("http://a", &["deploy"]),
    ] {
        assert!(new(url, events).is_err(), "{url} {events:?}");
    }
}
