//! `auth login --web`: the device flow against a scripted server.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::support::cli::{Machine, Outcome};
use crate::support::proxy::{Answer, Fault};
use crate::world::World;

const CODE: &str = "/login/device/code";
const POLL: &str = "/login/oauth/access_token";
const TOKEN: &str = "gho_SESAME0123456789";
const SECRET: &str = "3584d83530557fdd1f46af8289938c8ef79f9dc5";

fn code() -> Value {
    json!({
        "device_code": SECRET, "user_code": "WDJB-MJHT",
        "verification_uri": "https://github.com/login/device", "expires_in": 900, "interval": 0,
    })
}

/// A server that returns a code, and then one of these responses per poll.
fn world(answers: &[Value]) -> World {
    let world = World::new();
    world
        .proxy
        .fault("POST", CODE, 1.., Fault::Answer(Answer::json(200, &code())));
    for (number, answer) in (1..).zip(answers) {
        world.proxy.fault(
            "POST",
            POLL,
            number..=number,
            Fault::Answer(Answer::json(200, answer)),
        );
    }
    world
}

fn machine(world: &World) -> Machine {
    Machine::with_server(&world.proxy.url())
        .without("DEPLOYCTL_TOKEN")
        .env("DEPLOYCTL_NO_GH", "1")
        .env("BROWSER", "none-at-all")
}

fn login(machine: &Machine) -> Outcome {
    machine.run([
        "auth",
        "login",
        "--client-id",
        "Iv1.0123",
        "--insecure-storage",
        "-v",
        "--json",
    ])
}

fn granted() -> Value {
    json!({"access_token": TOKEN, "token_type": "bearer", "scope": "repo_deployment"})
}

fn polls(world: &World) -> Vec<Instant> {
    let requests = world.proxy.matching("POST", POLL);
    requests.iter().map(|request| request.arrived).collect()
}

#[test]
fn it_asks_at_the_servers_pace_until_the_user_agreed() {
    let world = world(&[
        json!({"error": "authorization_pending", "error_description": "not yet"}),
        json!({"error": "slow_down", "interval": 1}),
        json!({"error": "authorization_pending"}),
        granted(),
    ]);
    let machine = machine(&world);
    let outcome = login(&machine).expect(0);
    assert_eq!(outcome.json()["token_type"], "oauth");
    for word in ["WDJB-MJHT", "https://github.com/login/device"] {
        assert!(outcome.stderr().contains(word), "{}", outcome.stderr());
    }
    let all = format!("{}{}", outcome.stdout(), outcome.stderr());
    assert!(!all.contains("SESAME") && !all.contains(SECRET), "{all}");
    assert_eq!(
        machine.run(["auth", "token"]).expect(0).stdout(),
        format!("{TOKEN}\n")
    );

    let request = &world.proxy.matching("POST", CODE)[0];
    assert_eq!(
        request.json(),
        json!({"client_id": "Iv1.0123", "scope": "repo_deployment"})
    );
    let all = world.proxy.requests();
    for request in all.iter().filter(|request| request.method == "POST") {
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("authorization"), None);
    }
    let poll = &world.proxy.matching("POST", POLL)[0];
    assert_eq!(
        poll.json(),
        json!({
            "client_id": "Iv1.0123", "device_code": SECRET,
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        })
    );
    // A poll waits a second longer than the interval, and even longer after
    // `slow_down`.
    let times = polls(&world);
    let pauses: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let least = [1.0, 2.0, 2.0].map(Duration::from_secs_f64);
    assert_eq!(pauses.len(), least.len());
    assert!(
        pauses
            .iter()
            .zip(least)
            .all(|(pause, least)| *pause >= least),
        "{pauses:?}"
    );
}

#[test]
fn a_temporary_failure_of_the_server_is_retried() {
    let world = world(&[]);
    world.proxy.fault(
        "POST",
        POLL,
        1..=1,
        Fault::Answer(Answer::html(502, "<html></html>")),
    );
    world.proxy.fault("POST", POLL, 2..=2, Fault::ResetBefore);
    world.proxy.fault(
        "POST",
        POLL,
        3..=3,
        Fault::Answer(Answer::json(200, &granted())),
    );
    drop(login(&machine(&world)).expect(0));
    assert_eq!(polls(&world).len(), 3);
}

#[test]
fn every_refusal_ends_it_and_says_why() {
    for (error, words) in [
        ("expired_token", "expired"),
        ("token_expired", "expired"),
        ("access_denied", "refused in the browser"),
        ("device_flow_disabled", "Enable Device Flow"),
        ("incorrect_client_credentials", "--client-id"),
        ("incorrect_device_code", "incorrect_device_code"),
        ("unsupported_grant_type", "unsupported_grant_type"),
    ] {
        let world = world(&[json!({ "error": error })]);
        let machine = machine(&world);
        let outcome = login(&machine).expect(4);
        assert!(
            outcome.stderr().contains(words),
            "{error}: {}",
            outcome.stderr()
        );
        assert_eq!(outcome.stdout(), "");
        assert_eq!(polls(&world).len(), 1, "{error}");
        assert!(
            !machine.home().join("config/deployctl/hosts.json").exists(),
            "{error}"
        );
    }
}

#[test]
fn a_code_that_is_not_used_in_time_is_given_up() {
    let world = World::new();
    let mut short = code();
    short["expires_in"] = json!(1);
    world
        .proxy
        .fault("POST", CODE, 1.., Fault::Answer(Answer::json(200, &short)));
    let outcome = login(&machine(&world)).expect(4);
    assert!(outcome.stderr().contains("expired"), "{}", outcome.stderr());
    assert!(outcome.elapsed < Duration::from_secs(20));
}

#[test]
fn a_server_without_the_app_or_the_flow_says_so() {
    for (status, body, code, words) in [
        (
            404,
            json!({"error": "Not Found"}),
            4,
            "does not know an OAuth app",
        ),
        (
            200,
            json!({"error": "device_flow_disabled"}),
            4,
            "Enable Device Flow",
        ),
        (200, json!({"unexpected": true}), 1, "is invalid"),
        (500, json!({}), 75, "500"),
    ] {
        let world = World::new();
        world.proxy.fault(
            "POST",
            CODE,
            1..,
            Fault::Answer(Answer::json(status, &body)),
        );
        let outcome = login(&machine(&world)).expect(code);
        assert!(outcome.stderr().contains(words), "{}", outcome.stderr());
        assert_eq!(polls(&world).len(), 0);
    }
}

#[test]
fn a_response_without_a_token_is_not_repeated() {
    let odd = json!({"access_token": ["SESAME"], "scope": 7, "error_uri": "SESAME"});
    let world = world(&[odd]);
    let outcome = login(&machine(&world)).expect(1);
    assert!(!outcome.stderr().contains("SESAME"), "{}", outcome.stderr());
}

#[test]
fn the_page_is_opened_by_a_browser_that_sees_no_token() {
    let world = world(&[granted()]);
    let machine = machine(&world);
    let (machine, browser) = Browser::of(machine);
    let machine = machine
        .env("DEPLOYCTL_CLIENT_ID", "Iv1.0123")
        .env("GITHUB_TOKEN", "SESAME-of-the-environment");
    drop(
        machine
            .run(["auth", "login", "--web", "--insecure-storage"])
            .expect(0),
    );
    let opened = browser.arguments();
    assert_eq!(opened, "https://github.com/login/device\n");
    let all = format!("{opened}{}", browser.variables());
    assert!(!all.contains("SESAME"), "{all}");
}

#[test]
fn an_address_that_is_no_page_is_not_opened() {
    let world = World::new();
    let mut evil = code();
    evil["verification_uri"] = json!("file:///etc/passwd\u{1b}[2J");
    let denied = json!({"error": "access_denied"});
    for (path, body) in [(CODE, &evil), (POLL, &denied)] {
        let answer = Fault::Answer(Answer::json(200, body));
        world.proxy.fault("POST", path, 1.., answer);
    }
    let machine = machine(&world)
        .tool("mosaic", "echo > opened")
        .env("BROWSER", "mosaic");
    let outcome = machine
        .run("auth login --web --client-id x --insecure-storage".split(' '))
        .expect(4);
    let stderr = outcome.stderr();
    assert!(!stderr.contains('\u{1b}'), "{stderr}");
    assert!(
        stderr.contains("no web browser could be opened"),
        "{stderr}"
    );
    assert!(!machine.cwd().join("opened").exists());
}
