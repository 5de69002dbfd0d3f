//! The log of deliveries, and redelivery.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};

use super::hooks::{HOOKS, hook, settled};
use super::world::{World, id, ids, text};
use crate::support::receiver::{Behaviour, Receiver};

fn log(hook: u64) -> String {
    format!("{HOOKS}/{hook}/deliveries")
}

#[test]
fn the_log_has_what_was_sent_and_what_came_back() {
    let (world, receiver) = (World::new(), Receiver::new());
    let body = json!({
        "config": {"url": receiver.url(), "content_type": "json", "secret": "s"},
        "events": ["deployment"],
    });
    let hook = id(&world.client.post(HOOKS, &body).expect(201).json());
    let body = json!({"ref": "main", "payload": {"big": 12_345_678_901_234_567_u64, "a": "é"}});
    let deployment = id(&world.create(&body));
    let items = settled(&world.client, hook, 2);
    let (newest, ping) = (&items[0], &items[1]);
    assert_eq!(
        (&ping["event"], &ping["action"]),
        (&json!("ping"), &Value::Null)
    );
    assert_eq!(newest["event"], "deployment");
    assert_eq!(newest["action"], "created");
    assert_eq!(
        (&newest["status"], &newest["status_code"]),
        (&json!("OK"), &json!(200))
    );
    assert_eq!(newest["redelivery"], false);
    let one = world.client.get(&format!("{}/{}", log(hook), id(newest)));
    let one = one.expect(200);
    let whole = one.json();
    let sent = receiver.wait_for(2).remove(1);
    assert_eq!(whole["guid"], sent.guid());
    assert_eq!(whole["url"], receiver.url());
    assert_eq!(whole["request"]["payload"]["deployment"]["id"], deployment);
    // Byte for byte.
    let body = String::from_utf8(sent.body.clone()).expect("UTF-8");
    assert!(one.text().contains(&body));
    for (name, value) in whole["request"]["headers"].as_object().expect("headers") {
        assert_eq!(sent.header(name), value.as_str(), "{name}");
    }
    assert_eq!(whole["response"]["payload"], "ok");
    assert_eq!(whole["response"]["headers"]["content-type"], "text/plain");
    let hook = world
        .client
        .get(&format!("{HOOKS}/{hook}"))
        .expect(200)
        .json();
    assert_eq!(
        hook["last_response"],
        json!({"code": 200, "status": "active", "message": "OK"})
    );
}

#[test]
fn failures_are_logged_and_not_tried_again() {
    let world = World::with(|config| config.webhook_timeout = Duration::from_secs(1));
    let receiver = Receiver::new();
    let hook = hook(&world.client, &receiver, &["deployment"]);
    settled(&world.client, hook, 1);
    let moved = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
    let cases = [
        (
            Behaviour::status(500),
            500,
            "Invalid HTTP Response: 500",
            "misconfigured",
        ),
        (
            Behaviour::Answer(moved.to_owned()),
            302,
            "Invalid HTTP Response: 302",
            "misconfigured",
        ),
        (Behaviour::Hang, 504, "timed out", "timeout"),
        (
            Behaviour::Answer(String::new()),
            502,
            "no answer",
            "connection_error",
        ),
        (
            Behaviour::Answer("nonsense\r\n\r\n".into()),
            502,
            "no answer",
            "connection_error",
        ),
        (Behaviour::status(204), 204, "OK", "active"),
    ];
    for (number, (behaviour, code, status, last)) in (2..).zip(cases) {
        receiver.behave(behaviour);
        world.deploy("staging");
        let newest = settled(&world.client, hook, number).swap_remove(0);
        assert_eq!(newest["status_code"], code, "{newest}");
        let delivery_status = text(&newest, "status");
        assert!(delivery_status.starts_with(status), "{delivery_status}");
        let kept = world
            .client
            .get(&format!("{HOOKS}/{hook}"))
            .expect(200)
            .json();
        assert_eq!(kept["last_response"]["status"], last);
        let whole = world.client.get(&format!("{}/{}", log(hook), id(&newest)));
        let whole = whole.expect(200).json();
        assert_eq!(
            whole["response"]["payload"].is_null(),
            code == 502 || code == 504
        );
        assert_eq!(whole["request"]["headers"]["X-GitHub-Event"], "deployment");
    }
    assert_eq!(receiver.all().len(), 7, "each was sent once");
    let listed = |status: &str| {
        let reply = world.client.get(&format!("{}?status={status}", log(hook)));
        reply.expect(200).list().len()
    };
    // GitHub's documentation counts a redirect neither as a success nor as a
    // failure; the status code decides.
    assert_eq!((listed("success"), listed("failure")), (3, 4));
    world
        .client
        .get(&format!("{}?status=maybe", log(hook)))
        .expect(422);
}

#[test]
fn a_receiver_that_is_not_there_is_a_failure() {
    let world = World::new();
    // Nothing listens on a port that was just free.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
    let address = port.expect("an address");
    let body = json!({"config": {"url": format!("http://{address}/")}, "events": ["*"]});
    let hook = id(&world.client.post(HOOKS, &body).expect(201).json());
    let failed = settled(&world.client, hook, 1).swap_remove(0);
    assert_eq!(failed["status_code"], 502);
    assert!(text(&failed, "status").starts_with("failed to connect"));
    // Once the receiver is running, the delivery can be sent again.
    let receiver = Receiver::at(address);
    let again = format!("{}/{}/attempts", log(hook), id(&failed));
    world.client.post(&again, &json!({})).expect(202);
    let sent = receiver.wait_for(1).remove(0);
    assert_eq!(sent.guid(), text(&failed, "guid"));
    assert_eq!(sent.event(), "ping");
    let items = settled(&world.client, hook, 2);
    assert_eq!(items[0]["guid"], failed["guid"]);
    assert_ne!(items[0]["id"], failed["id"]);
    assert_eq!(
        (&items[0]["redelivery"], &items[1]["redelivery"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(items[0]["status"], "OK");
    // A redelivery can be redelivered too.
    let again = format!("{}/{}/attempts", log(hook), id(&items[0]));
    world.client.post(&again, &json!({})).expect(202);
    let all = receiver.wait_for(2);
    assert_eq!(all[0].body, all[1].body);
    let missing = format!("{}/1/attempts", log(hook));
    world.client.post(&missing, &json!({})).expect(404);
    world.client.get(&format!("{}/1", log(hook))).expect(404);
}

#[test]
fn a_ping_can_be_asked_for() {
    let (world, receiver) = (World::new(), Receiver::new());
    let body = json!({"config": {"url": receiver.url()}, "active": false});
    let hook = id(&world.client.post(HOOKS, &body).expect(201).json());
    let one = format!("{HOOKS}/{hook}");
    world
        .client
        .post(&format!("{one}/pings"), &json!({}))
        .expect(204);
    assert_eq!(receiver.wait_for(1)[0].event(), "ping");
    settled(&world.client, hook, 1);
    for path in ["tests", "test"] {
        let path = format!("{one}/{path}");
        world.client.send_unchecked("POST", &path, None).expect(204);
    }
    assert_eq!(receiver.all().len(), 1);
}

#[test]
fn pages_go_from_delivery_to_delivery() {
    let (world, receiver) = (World::new(), Receiver::new());
    let hook = hook(&world.client, &receiver, &["deployment"]);
    for _ in 0..6 {
        world.deploy("staging");
    }
    let all = ids(&settled(&world.client, hook, 7));
    assert!(all.is_sorted_by(|a, b| a > b));
    let first = world
        .client
        .get(&format!("{}?per_page=3", log(hook)))
        .expect(200);
    assert_eq!(ids(&first.list()), all[..3]);
    assert_eq!(first.link("prev"), None);
    let next = first.link("next").expect("more");
    assert!(
        next.contains("/repositories/") && next.contains("per_page=3"),
        "{next}"
    );
    let second = world.client.get(&next).expect(200);
    assert_eq!(ids(&second.list()), all[3..6]);
    // New deliveries do not shift the following pages.
    world.deploy("staging");
    settled(&world.client, hook, 8);
    let third = world
        .client
        .get(&second.link("next").expect("more"))
        .expect(200);
    assert_eq!(ids(&third.list()), all[6..]);
    assert_eq!(third.link("next"), None);
    let back = world
        .client
        .get(&third.link("prev").expect("before"))
        .expect(200);
    assert_eq!(ids(&back.list()), all[3..6]);
    for cursor in ["nonsense", "v1_x", "v1_-3"] {
        let path = format!("{}?cursor={cursor}", log(hook));
        world.client.get(&path).expect(400);
    }
}

#[test]
fn a_removed_webhook_takes_what_is_to_be_sent_with_it() {
    let (world, receiver) = (World::new(), Receiver::new());
    receiver.behave(Behaviour::Hang);
    let hook = hook(&world.client, &receiver, &["deployment"]);
    for _ in 0..20 {
        world.deploy("staging");
    }
    drop(receiver.wait_for(8));
    world.client.delete(&format!("{HOOKS}/{hook}")).expect(204);
    receiver.behave(Behaviour::status(200));
    let other = Receiver::new();
    let id = super::hooks::hook(&world.client, &other, &["deployment"]);
    world.deploy("staging");
    settled(&world.client, id, 2);
    assert!(receiver.all().len() <= 8, "{}", receiver.all().len());
}
