//! The server's text never controls the terminal, and is unchanged in JSON.

use serde_json::{Value, json};

use crate::support::cli::Machine;
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::world::{REPO, World};

/// A title, a cleared screen, a C1 sequence, a bidi override, and line breaks.
const EVIL: &str =
    "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}gpj\nid\t99\r\u{8}\u{200b}\u{2028}end";

/// Bytes of a server's text that must never reach a terminal.
const HARM: [&[u8]; 6] = [
    b"\x1b]0;owned",
    b"\x1b[2J",
    b"\xc2\x9b",
    "\u{202e}".as_bytes(),
    b"\x07",
    "\u{2028}".as_bytes(),
];

fn hostile_deployment() -> Value {
    json!({
        "id": 4_400_000_001_u64, "node_id": "DE_x", "url": EVIL, "sha": EVIL, "ref": EVIL, "task": EVIL,
        "environment": EVIL, "original_environment": EVIL, "description": EVIL,
        "payload": {"k": EVIL}, "creator": {"login": EVIL},
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        "statuses_url": EVIL, "repository_url": EVIL,
    })
}

fn hostile_status(state: &str) -> Value {
    json!({
        "id": 12_600_000_001_u64, "node_id": EVIL, "url": EVIL, "state": state, "description": EVIL,
        "environment": EVIL, "environment_url": EVIL, "log_url": EVIL, "target_url": EVIL,
        "creator": {"login": EVIL}, "deployment_url": EVIL, "repository_url": EVIL,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
    })
}

fn world(state: &str) -> World {
    let world = World::new();
    let answers = [
        (
            "GET",
            format!("{REPO}/deployments"),
            json!([hostile_deployment()]),
            200,
        ),
        (
            "GET",
            format!("{REPO}/deployments/1"),
            hostile_deployment(),
            200,
        ),
        (
            "GET",
            "*/statuses".to_owned(),
            json!([hostile_status(state)]),
            200,
        ),
        (
            "POST",
            format!("{REPO}/deployments"),
            hostile_deployment(),
            201,
        ),
        ("POST", "*/statuses".to_owned(), hostile_status(state), 201),
        (
            "GET",
            format!("{REPO}/environments"),
            json!({"total_count": 1, "environments": []}),
            200,
        ),
        (
            "POST",
            "/graphql".to_owned(),
            json!({"errors": [{"message": EVIL}]}),
            200,
        ),
    ];
    for (method, path, body, status) in answers {
        world.proxy.fault(
            method,
            &path,
            1..,
            Fault::Answer(Answer::json(status, &body)),
        );
    }
    world
}

const COMMANDS: [&str; 8] = [
    "list",
    "list -v",
    "status 1",
    "status set 1 success",
    "create --ref main",
    "create --ref main --wait --interval 0.1 --timeout 2s",
    "wait 1 --interval 0.1 --timeout 2s",
    "wait -e x --interval 0.1 --timeout 2s -v",
];

fn assert_harmless(bytes: &[u8], what: &str) {
    for harm in HARM {
        let found = bytes.windows(harm.len()).any(|window| window == harm);
        assert!(
            !found,
            "{what}: {harm:?} in {:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn no_command_lets_it_through_a_pipe() {
    for state in ["success", "failure", "inactive", EVIL] {
        let world = world(state);
        for line in COMMANDS {
            let outcome = world.run(line);
            let what = format!("{line} ({state:?})");
            assert_harmless(outcome.stdout().as_bytes(), &what);
            assert_harmless(outcome.stderr().as_bytes(), &what);
            let _ = outcome.code();
        }
    }
}

#[test]
fn no_command_lets_it_through_to_a_terminal() {
    for state in ["success", "failure"] {
        let world = world(state);
        let machine = Machine::with_server(&world.proxy.url()).env("CI", "1");
        for line in
            COMMANDS
                .into_iter()
                .chain(["list --json", "list --jq .[].ref", "status 1 --json"])
        {
            let ending = Terminal::start(&machine, line.split_whitespace()).finish();
            for harm in HARM {
                assert!(!ending.sent(harm), "{line}: {harm:?} in {}", ending.screen);
            }
        }
    }
}

#[test]
fn an_error_does_not_either() {
    let world = World::new();
    let body = json!({
        "message": EVIL, "documentation_url": EVIL,
        "errors": [{"contexts": [{"context": EVIL, "state": EVIL}], "resource": "Deployment",
                    "field": "required_contexts", "code": "invalid"}],
    });
    for status in [400, 401, 403, 404, 409, 422, 500] {
        let answer = Answer::json(status, &body)
            .header("x-accepted-github-permissions", "deployments=write");
        world
            .proxy
            .fault("POST", "*/deployments", 1..=1, Fault::Answer(answer));
        let outcome = world.run("create --ref main -v");
        assert_harmless(outcome.stderr().as_bytes(), &status.to_string());
        let _ = outcome.code();
    }
}

#[test]
fn json_is_faithful() {
    let world = world("success");
    let record = world.run("status 1 --json").expect(0).json();
    assert_eq!(record["description"], EVIL);
    assert_eq!(record["payload"]["k"], EVIL);
    assert_eq!(record["statuses"][0]["description"], EVIL);
    let list = world.run("list --jsonl").expect(0);
    assert_eq!(list.stdout().lines().count(), 1, "an object is one line");
    let raw = world.run("list --jq .[0].ref").expect(0);
    assert_eq!(raw.stdout(), format!("{EVIL}\n"));
}

#[test]
fn a_row_stays_a_row() {
    let world = world("success");
    let outcome = world.run("list").expect(0);
    assert_eq!(outcome.stdout().lines().count(), 1);
    assert_eq!(outcome.stdout().trim_end().split('\t').count(), 8);
}
