//! The endpoints of webhooks: creation, changes, permissions and errors.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::world::{World, id};
use crate::support::http::{Client, REPO};
use crate::support::receiver::Receiver;
use crate::support::serve::rule;

/// The path of the repository's webhooks.
pub(super) const HOOKS: &str = "/repos/octocat/hello-world/hooks";

/// Creates a webhook with JSON bodies and returns its ID.
#[track_caller]
pub(super) fn hook(client: &Client, receiver: &Receiver, events: &[&str]) -> u64 {
    let body = json!({
        "config": {"url": receiver.url(), "content_type": "json"},
        "events": events,
    });
    id(&client.post(HOOKS, &body).expect(201).json())
}

/// The ID of the only webhook.
#[track_caller]
pub(super) fn hook_id(client: &Client) -> u64 {
    let list = client.get(HOOKS).expect(200).list();
    assert_eq!(list.len(), 1);
    id(&list[0])
}

/// Waits until the log of a webhook has `number` deliveries, and returns the
/// newest hundred.
#[track_caller]
pub(super) fn settled(client: &Client, hook: u64, number: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let mut all = Vec::new();
        let mut next = Some(format!("{HOOKS}/{hook}/deliveries?per_page=100"));
        while let Some(target) = next {
            let page = client.get(&target).expect(200);
            next = page.link("next");
            all.extend(page.list());
        }
        if all.len() >= number {
            assert_eq!(all.len(), number);
            return all;
        }
        assert!(Instant::now() < deadline, "{} of {number}", all.len());
        thread::sleep(Duration::from_millis(20));
    }
}

/// The body of an inactive webhook, to which nothing is sent.
fn quiet(config: &Value) -> Value {
    json!({"config": config, "events": ["deployment"], "active": false})
}

#[test]
fn a_webhook_is_made_changed_and_removed() {
    let world = World::new();
    let client = &world.client;
    assert_eq!(client.get(HOOKS).expect(200).list(), [] as [Value; 0]);
    let config = json!({"url": "http://127.0.0.1:9/a", "secret": "s", "insecure_ssl": 1});
    let made = client.post(HOOKS, &quiet(&config)).expect(201);
    let location = made.header("location").expect("a place").to_owned();
    let made = made.json();
    assert_eq!(made["url"], location);
    assert_eq!(
        made["config"],
        json!({"content_type": "form", "insecure_ssl": "1", "secret": "********",
            "url": "http://127.0.0.1:9/a"})
    );
    assert_eq!(
        (&made["name"], &made["type"]),
        (&json!("web"), &json!("Repository"))
    );
    assert_eq!(
        made["last_response"],
        json!({"code": null, "status": "unused", "message": null})
    );
    let one = format!("{HOOKS}/{}", id(&made));
    assert_eq!(client.get(&one).expect(200).json(), made);
    let list = client.get(HOOKS).expect(200).list();
    assert_eq!(list, std::slice::from_ref(&made));
    assert_eq!(
        client.get(&format!("{one}/config")).expect(200).json(),
        made["config"]
    );

    // First some of the settings, then all of them.
    let changed = client
        .patch(&format!("{one}/config"), &json!({"content_type": "json"}))
        .expect(200)
        .json();
    assert_eq!(changed["secret"], "********");
    assert_eq!(changed["content_type"], "json");
    let changed = client
        .patch(
            &one,
            &json!({"config": {"url": "http://127.0.0.1:9/b"}, "add_events": ["push", "deployment"]}),
        )
        .expect(200)
        .json();
    assert_eq!(
        changed["config"],
        json!({"content_type": "form", "insecure_ssl": "0", "url": "http://127.0.0.1:9/b"})
    );
    assert_eq!(changed["events"], json!(["deployment", "push"]));
    let changed = client
        .patch(&one, &json!({"remove_events": ["push"]}))
        .expect(200)
        .json();
    assert_eq!(changed["events"], json!(["deployment"]));
    let changed = client
        .patch(&one, &json!({"events": ["*", "push"]}))
        .expect(200)
        .json();
    assert_eq!(changed["events"], json!(["*"]));

    client.delete(&one).expect(204);
    for reply in [
        client.get(&one),
        client.delete(&one),
        client.get(&format!("{one}/config")),
        client.get(&format!("{one}/deliveries")),
        client.post(&format!("{one}/pings"), &json!({})),
        client.post(&format!("{one}/tests"), &json!({})),
        client.patch(&one, &json!({"active": true})),
        client.patch(&format!("{one}/config"), &json!({})),
        client.get(&format!("{HOOKS}/nonsense")),
    ] {
        reply.expect(404);
    }
}

#[test]
fn defaults_are_those_of_the_docs() {
    let world = World::new();
    let receiver = Receiver::new();
    let body = json!({"config": {"url": receiver.url()}});
    let made = world.client.post(HOOKS, &body).expect(201).json();
    assert_eq!(made["events"], json!(["push"]));
    assert_eq!(made["active"], true);
    assert_eq!(made["config"]["content_type"], "form");
    assert_eq!(made["config"]["insecure_ssl"], "0");
}

#[test]
fn what_github_would_not_take_is_refused() {
    let world = World::new();
    let url = "http://127.0.0.1:9/";
    for (body, field, word) in [
        (json!({}), "url", "must contain URL"),
        (json!({"config": {}}), "url", "must contain URL"),
        (json!({"config": {"url": ""}}), "url", "must contain URL"),
        (json!({"config": {"url": "a.example/x"}}), "url", "scheme"),
        (
            json!({"config": {"url": "ftp://a.example"}}),
            "url",
            "scheme",
        ),
        (
            json!({"config": {"url": "file:///etc/passwd"}}),
            "url",
            "scheme",
        ),
        (
            json!({"config": {"url": "http://a b/"}}),
            "url",
            "not valid",
        ),
        (json!({"config": {"url": "http://"}}), "url", "not valid"),
        (
            json!({"config": {"url": url, "content_type": "xml"}}),
            "content_type",
            "form, json",
        ),
        (
            json!({"config": {"url": url, "insecure_ssl": "2"}}),
            "insecure_ssl",
            "0, 1",
        ),
        (
            json!({"config": {"url": url}, "events": []}),
            "events",
            "blank",
        ),
        (
            json!({"config": {"url": url}, "events": ["deployment", "deploymint"]}),
            "events",
            "deploymint",
        ),
    ] {
        let refused = world.client.post(HOOKS, &body).expect(422).json();
        assert_eq!(refused["message"], "Validation Failed", "{body}");
        let error = &refused["errors"][0];
        assert_eq!(error["resource"], "Hook", "{body}");
        assert_eq!(error["field"], field, "{body}");
        let message = error["message"].as_str().expect("a sentence");
        assert!(message.contains(word), "{body}: {message}");
    }
    for body in [
        json!({"name": "email", "config": {"url": url}}),
        json!({"config": "http://127.0.0.1:9/"}),
        json!({"config": {"url": 7}}),
        json!({"config": {"url": url}, "events": "push"}),
        json!({"config": {"url": url}, "active": "yes"}),
        json!({"config": {"url": url}, "more": true}),
    ] {
        let refused = world.client.post(HOOKS, &body).expect(422).json();
        let message = refused["message"].as_str().expect("a sentence");
        assert!(message.starts_with("Invalid request."), "{body}: {message}");
    }
    assert_eq!(world.client.get(HOOKS).expect(200).list().len(), 0);
}

#[test]
fn no_body_lacks_the_address() {
    let world = World::new();
    for body in [&b"null"[..], b"{}", b""] {
        let refused = world.client.send("POST", HOOKS, Some(body)).expect(422);
        assert_eq!(refused.json()["errors"][0]["field"], "url");
    }
}

#[test]
fn a_change_is_held_to_the_same_rules() {
    let world = World::new();
    let config = json!({"url": "http://127.0.0.1:9/"});
    let made = id(&world.client.post(HOOKS, &quiet(&config)).expect(201).json());
    let one = format!("{HOOKS}/{made}");
    for body in [
        json!({"config": {}}),
        json!({"events": []}),
        json!({"remove_events": ["deployment"]}),
        json!({"add_events": ["nothing"]}),
    ] {
        world.client.patch(&one, &body).expect(422);
    }
    // GitHub's description lists no errors at all for this operation.
    let body = json!({"url": "mailto:a@b"}).to_string();
    world
        .client
        .send_unchecked("PATCH", &format!("{one}/config"), Some(body.as_bytes()))
        .expect(422);
    let now = world.client.get(&one).expect(200).json();
    assert_eq!(now["events"], json!(["deployment"]));
    assert_eq!(now["config"]["url"], "http://127.0.0.1:9/");
}

#[test]
fn two_webhooks_cannot_share_a_url_and_an_event() {
    let world = World::new();
    let make = |url: &str, events: &[&str]| {
        let body = json!({"config": {"url": url}, "events": events, "active": false});
        world.client.post(HOOKS, &body)
    };
    let (one, other) = ("http://127.0.0.1:9/1", "http://127.0.0.1:9/2");
    make(one, &["deployment"]).expect(201);
    for events in [&["deployment"][..], &["push", "deployment"], &["*"]] {
        let refused = make(one, events).expect(422).json();
        assert_eq!(
            refused["errors"][0]["message"],
            "Hook already exists on this repository"
        );
    }
    let second = id(&make(one, &["push"]).expect(201).json());
    make(other, &["deployment"]).expect(201);
    let path = format!("{HOOKS}/{second}");
    world
        .client
        .patch(&path, &json!({"add_events": ["deployment"]}))
        .expect(422);
    world
        .client
        .patch(&path, &json!({"events": ["push"]}))
        .expect(200);
}

#[test]
fn an_event_has_twenty_webhooks_at_most() {
    let world = World::new();
    let receiver = Receiver::new();
    let make = |number: usize| {
        let url = format!("{}/{number}", receiver.url());
        let body = json!({"config": {"url": url}, "events": ["push"]});
        world.client.post(HOOKS, &body)
    };
    for number in 0..20 {
        make(number).expect(201);
    }
    let refused = make(20).expect(422).json();
    assert_eq!(
        refused["errors"][0]["message"],
        "The \"push\" event cannot have more than 20 hooks"
    );
    let page = world
        .client
        .get(&format!("{HOOKS}?per_page=8&page=3"))
        .expect(200);
    assert_eq!(page.list().len(), 4);
    assert!(page.link("prev").is_some() && page.link("next").is_none());
}

#[test]
fn webhooks_take_their_own_rights() {
    let rules = [
        "reader=read:repo_hook",
        "writer=write:repo_hook",
        "admin=admin:repo_hook",
        "all=repo",
        "other=repo_deployment",
        "fine=repository_hooks=write",
        "look=webhooks:read",
        "wrong=deployments=write",
    ];
    let world = World::with(|config| config.tokens = rules.map(rule).to_vec());
    let status = |client: &Client, method: &str, path: &str, body: Option<Value>| {
        let body = body.map(|body| body.to_string().into_bytes());
        client.send(method, path, body.as_deref()).status
    };
    for (token, read, write, delete) in [
        ("reader", 200, 403, 403),
        ("writer", 200, 201, 403),
        ("admin", 200, 201, 204),
        ("all", 200, 201, 204),
        ("other", 403, 403, 403),
        ("fine", 200, 201, 204),
        ("look", 200, 403, 403),
        ("wrong", 403, 403, 403),
    ] {
        let config = json!({"url": format!("http://127.0.0.1:9/{token}/old")});
        let made = id(&world.client.post(HOOKS, &quiet(&config)).expect(201).json());
        let client = world.client.with_token(token);
        let one = format!("{HOOKS}/{made}");
        let config = json!({"url": format!("http://127.0.0.1:9/{token}/new")});
        assert_eq!(status(&client, "GET", HOOKS, None), read, "{token}");
        assert_eq!(status(&client, "GET", &one, None), read, "{token}");
        assert_eq!(
            status(&client, "GET", &format!("{one}/deliveries"), None),
            read,
            "{token}"
        );
        assert_eq!(
            status(&client, "POST", HOOKS, Some(quiet(&config))),
            write,
            "{token}"
        );
        let changed = if write == 201 { 200 } else { write };
        let body = json!({"active": false});
        assert_eq!(
            status(&client, "PATCH", &one, Some(body)),
            changed,
            "{token}"
        );
        let pinged = if read == 200 { 204 } else { read };
        assert_eq!(
            status(&client, "POST", &format!("{one}/tests"), None),
            pinged,
            "{token}"
        );
        assert_eq!(status(&client, "DELETE", &one, None), delete, "{token}");
    }
    let nobody = world.client.anonymous();
    nobody.get(HOOKS).expect(401);
    nobody
        .post(HOOKS, &quiet(&json!({"url": "http://a/"})))
        .expect(401);
    let refused = world.client.with_token("wrong").get(HOOKS).expect(403);
    assert_eq!(
        refused.header("x-accepted-github-permissions"),
        Some("repository_hooks=read")
    );
}

#[test]
fn a_webhook_belongs_to_its_repository() {
    let world = World::with(|config| {
        let mut other = config.repositories[0].clone();
        other.name = "other".to_owned();
        config.repositories.push(other);
    });
    let config = json!({"url": "http://127.0.0.1:9/"});
    let made = id(&world.client.post(HOOKS, &quiet(&config)).expect(201).json());
    let elsewhere = format!("/repos/octocat/other/hooks/{made}");
    world
        .client
        .send_unchecked("GET", &elsewhere, None)
        .expect(404);
    world
        .client
        .send_unchecked("DELETE", &elsewhere, None)
        .expect(404);
    let repository = id(&world.client.get(REPO).expect(200).json());
    let by_id = format!("/repositories/{repository}/hooks/{made}");
    world.client.get(&by_id).expect(200);
}
