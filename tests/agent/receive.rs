//! Deliveries: accepted once, or refused and logged without their content.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::http::Client;
use crate::world::{SECRET, Site, rule, sign, until};

/// A marker that must not appear in any line of the log.
const CONTENT: &str = "sesame-open-4711";

fn lines(stderr: &str) -> Vec<Value> {
    stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect()
}

#[test]
fn what_is_not_genuine_is_refused_and_logged_without_its_content() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\nmax_body = \"64KB\"\n{}",
            rule("", "")
        ),
    );
    let agent = site.start(&folder);
    let id = site.create_with(&json!({ "environment": "staging", "description": CONTENT }));
    let body = site.event(id);
    let signature = sign(SECRET.as_bytes(), &body);
    let client = folder.client();
    let request = |event: Option<&str>, delivery: Option<&str>, signature: Option<&str>| {
        let mut with: Client = client.clone();
        for (name, value) in [
            ("x-github-event", event),
            ("x-github-delivery", delivery),
            ("x-hub-signature-256", signature),
        ] {
            if let Some(value) = value {
                with = with.header(name, value);
            }
        }
        with
    };
    let genuine = || request(Some("deployment"), Some("d-1"), Some(&signature));
    let post =
        |client: &Client, body: &[u8]| client.send_unchecked("POST", "/webhook", Some(body)).status;
    let forged = sign(b"another secret", &body);
    let mut changed = body.clone();
    *changed.last_mut().expect("a byte") = b' ';
    let garbled = format!("{{\"action\": \"{CONTENT}\"");
    let shapeless = json!({ "action": CONTENT }).to_string();
    let huge = vec![b'x'; 65 * 1024];
    let signed = |body: &str| sign(SECRET.as_bytes(), body.as_bytes());
    for (what, status, expected) in [
        (
            "unsigned",
            post(&request(Some("deployment"), Some("d-1"), None), &body),
            401,
        ),
        (
            "forged",
            post(
                &request(Some("deployment"), Some("d-1"), Some(&forged)),
                &body,
            ),
            401,
        ),
        ("changed", post(&genuine(), &changed), 401),
        (
            "the old kind of signature",
            post(
                &request(Some("deployment"), Some("d-1"), Some("sha1=00")),
                &body,
            ),
            401,
        ),
        (
            "no event",
            post(&request(None, Some("d-1"), Some(&signature)), &body),
            400,
        ),
        (
            "no delivery id",
            post(&request(Some("deployment"), None, Some(&signature)), &body),
            400,
        ),
        (
            "a delivery id that is none",
            post(
                &request(Some("deployment"), Some("../../x"), Some(&signature)),
                &body,
            ),
            400,
        ),
        (
            "garbled",
            post(
                &request(Some("deployment"), Some("d-2"), Some(&signed(&garbled))),
                garbled.as_bytes(),
            ),
            400,
        ),
        (
            "without a shape",
            post(
                &request(Some("deployment"), Some("d-2"), Some(&signed(&shapeless))),
                shapeless.as_bytes(),
            ),
            400,
        ),
        ("oversized", post(&genuine(), &huge), 413),
        (
            "read",
            genuine().send_unchecked("GET", "/webhook", None).status,
            405,
        ),
        (
            "elsewhere",
            client.send_unchecked("POST", "/other", Some(&body)).status,
            404,
        ),
    ] {
        assert_eq!(status, expected, "{what}");
    }
    assert_eq!(site.statuses(id), Vec::<Value>::new());

    // None of these delivery IDs was used up: the genuine delivery is still
    // accepted.
    let answer = genuine().send_unchecked("POST", "/webhook", Some(&body));
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (202, Some("queued"))
    );
    site.wait_for_ends(&[id], Duration::from_secs(50));
    assert_eq!(
        folder.metric("deliveries_refused_total{reason=\"unsigned\"}"),
        1
    );
    assert_eq!(
        folder.metric("deliveries_refused_total{reason=\"signature\"}"),
        3
    );
    assert_eq!(
        folder.metric("deliveries_refused_total{reason=\"garbled\"}"),
        2
    );
    assert_eq!(
        folder.metric("deliveries_refused_total{reason=\"size\"}"),
        1
    );
    let outcome = agent.stop().expect(0);
    assert!(!outcome.stderr().contains(CONTENT), "{}", outcome.stderr());
    let refused: Vec<Value> = lines(outcome.stderr())
        .into_iter()
        .filter(|line| line["event"] == "delivery refused")
        .collect();
    assert_eq!(refused.len(), 11, "{refused:#?}");
    for line in &refused {
        assert!(
            line["reason"].is_string() && line["peer"].is_string(),
            "{line}"
        );
    }
    assert!(
        refused.iter().any(|line| line["size"] == huge.len()),
        "{refused:#?}"
    );
}

#[test]
fn a_replay_does_nothing_and_other_events_are_acknowledged() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    let id = site.create("staging");
    let body = site.event(id);
    let word = |delivery: &str, event: &str, body: &[u8]| {
        let answer = folder.deliver(delivery, event, body);
        assert!(matches!(answer.status, 200 | 202), "{}", answer.text());
        answer.json()["status"].as_str().expect("a word").to_owned()
    };
    assert_eq!(word("a-1", "deployment", &body), "queued");
    assert_eq!(word("a-1", "deployment", &body), "known");
    assert_eq!(word("a-2", "deployment", &body), "known");
    site.wait_for_ends(&[id], Duration::from_secs(50));
    assert_eq!(word("a-3", "deployment", &body), "known");
    assert_eq!(word("a-4", "ping", br#"{"zen":"x","hook_id":1}"#), "pong");
    assert_eq!(word("a-5", "push", b"{}"), "ignored");
    assert_eq!(word("a-6", "deployment_review", b"nonsense"), "ignored");
    let mut inactive: Value = serde_json::from_slice(&body).expect("JSON");
    inactive["deployment_status"] = json!({
        "id": 1, "state": "inactive", "created_at": "2026-01-02T03:04:05Z",
    });
    assert_eq!(
        word("a-7", "deployment_status", inactive.to_string().as_bytes()),
        "ignored"
    );
    let form = format!(
        "payload={}",
        url::form_urlencoded::byte_serialize(&body).collect::<String>()
    );
    let answer = folder
        .client()
        .header("x-github-event", "deployment")
        .header("x-github-delivery", "a-8")
        .header(
            "x-hub-signature-256",
            &sign(SECRET.as_bytes(), form.as_bytes()),
        )
        .header("content-type", "application/x-www-form-urlencoded")
        .send_unchecked("POST", "/webhook", Some(form.as_bytes()));
    assert_eq!(answer.json()["status"], "known");
    drop(agent.stop().expect(0));

    // A lost journal does not make the agent deploy again: GitHub has the
    // statuses.
    std::fs::remove_dir_all(folder.path.join("state")).expect("removed");
    let agent = site.start(&folder);
    assert_eq!(word("a-1", "deployment", &body), "queued");
    let line = agent.running.wait_for_line("\"deployment closed\"");
    assert!(line.contains("ended before"), "{line}");
    assert_eq!(site.runs()[&id], 1);
    assert_eq!(site.finals(id).len(), 1);
    drop(agent.stop().expect(0));
}

#[test]
fn values_of_the_event_are_data() {
    let site = Site::new();
    let script = "printf '%s|%s|%s|%s|' \"$DEPLOYCTL_TASK\" \"$DEPLOYCTL_REF\" \"$DEPLOYCTL_ENVIRONMENT\" \"$DEPLOYCTL_SHA\" >> ../said; cat \"$DEPLOYCTL_PAYLOAD\" >> ../said; env | grep -c 'TOKEN\\|SECRET' >> ../said";
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule(script, "environment = \"*\"")
        ),
    );
    let agent = site.start(&folder);
    for (number, task) in [
        "../../bin/sh",
        "; rm -rf",
        "$(touch ../owned)",
        "deploy\n",
        "DEPLOY",
        "-x",
        "*",
    ]
    .into_iter()
    .enumerate()
    {
        let id = site.create_with(&json!({ "environment": "staging", "task": task }));
        let answer = folder.deliver(&format!("t-{number}"), "deployment", &site.event(id));
        assert_eq!(answer.json()["status"], "ignored", "{task:?}");
        assert_eq!(site.statuses(id), Vec::<Value>::new(), "{task:?}");
    }
    let environment = "a'b\"; touch ../owned #$(touch ../owned)`touch ../owned`";
    let payload = json!({ "note": "$(touch ../owned)" });
    let id = site.create_with(&json!({ "environment": environment, "payload": payload }));
    folder.deliver("e-1", "deployment", &site.event(id));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    let said = std::fs::read_to_string(site.machine.cwd().join("said")).expect("written");
    let sha = site.repository.sha("main");
    assert_eq!(
        said,
        format!("deploy|main|{environment}|{sha}|{payload}0\n")
    );
    assert!(!site.machine.cwd().join("owned").exists());
    let logs: Vec<_> = std::fs::read_dir(folder.path.join("state/logs"))
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name())
        .collect();
    assert_eq!(logs, [format!("{id}.log").as_str()]);
    assert_eq!(site.runs().len(), 1);
    drop(agent.stop().expect(0));
}

#[test]
fn silent_connections_do_not_delay_others() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    let mut silent: Vec<TcpStream> = (0..64)
        .map(|_| TcpStream::connect(("127.0.0.1", folder.port)).expect("connected"))
        .collect();
    for stream in &mut silent {
        stream
            .write_all(b"POST /webhook HTTP/1.1\r\ncontent-length: 1000\r\n")
            .expect("written");
    }
    let answer = folder.client().send_unchecked("GET", "/healthz", None);
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (200, Some("ok"))
    );
    // The silent connections are closed as well after a while.
    let began = Instant::now();
    let mut first = silent.swap_remove(0);
    first
        .set_read_timeout(Some(Duration::from_secs(50)))
        .expect("set");
    let ended = first.read_to_end(&mut Vec::new());
    assert!(began.elapsed() < Duration::from_secs(45), "{ended:?}");
    drop(silent);
    drop(agent.stop().expect(0));
}

#[test]
fn several_secrets_serve_while_one_replaces_the_other() {
    let site = Site::new();
    let folder = site.folder("agent", "");
    std::fs::write(folder.path.join("old"), "the old one\n").expect("written");
    folder.configure(&format!(
        "settle = \"0s\"\n[listen]\naddress = \"127.0.0.1:{}\"\nsecrets = [{{ file = \"old\" }}, {{ env = \"WEBHOOK_SECRET\" }}]\n{}",
        folder.port,
        rule("", "")
    ));
    let agent = site.start(&folder);
    let ids = [site.create("a"), site.create("b")];
    for (id, secret) in ids.iter().zip(["the old one", SECRET]) {
        let body = site.event(*id);
        let answer = folder
            .client()
            .header("x-github-event", "deployment")
            .header("x-github-delivery", &format!("d-{id}"))
            .header("x-hub-signature-256", &sign(secret.as_bytes(), &body))
            .send_unchecked("POST", "/webhook", Some(&body));
        assert_eq!(answer.status, 202);
    }
    until("both are run", || site.runs().len() == 2);
    drop(agent.stop().expect(0));
}
