//! `promote`: the exact commit that is live in one environment is deployed to
//! another.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::Running;
use crate::support::http::Client;
use crate::support::proxy::{Fault, Recorded};
use crate::support::pty::Terminal;
use crate::world::{REPO, World, lines};

fn deploy(world: &World, line: &str) -> u64 {
    let id = world.create(line);
    world.set(&id, "success");
    id.parse().expect("an ID")
}

/// The bodies of the requests for a deployment.
fn requested(world: &World) -> Vec<Value> {
    let path = format!("{REPO}/deployments");
    let sent = world.proxy.matching("POST", &path);
    sent.iter().map(Recorded::json).collect()
}

fn short(sha: &str) -> &str {
    &sha[..7]
}

#[test]
fn the_exact_commit_is_requested_with_three_requests() {
    let world = World::new();
    let source = deploy(&world, "--ref topic -e staging");
    let live = deploy(&world, "--ref main -e production --production");
    let sha = world.repository.sha("topic");
    // The branch moves on; what was deployed does not.
    world.repository.checkout("topic");
    world.repository.commit("later.txt", "1\n", "Later");
    world.proxy.forget();
    let outcome = world.run("promote staging production --yes").expect(0);
    assert_eq!(
        requested(&world),
        [json!({
            "ref": sha, "task": "deploy", "auto_merge": false, "environment": "production",
            "description": format!("promote #{source} ({}) from staging", short(&sha)),
            "transient_environment": false, "production_environment": true,
        })]
    );
    let list = format!("GET {REPO}/deployments");
    let create = format!("POST {REPO}/deployments");
    assert_eq!(
        lines(&world.proxy.requests()),
        ["POST /graphql", list.as_str(), &create]
    );
    let id = outcome.stdout().trim();
    assert_eq!(world.list()[0]["id"].to_string(), id);
    assert_eq!(world.list()[0]["sha"], sha);
    let undo = format!("undo: deployctl rollback -e production --to {live}");
    assert!(outcome.stderr().contains(&undo), "{}", outcome.stderr());

    // While it is under way, neither a second one is requested nor the undo.
    drop(world.run("promote staging production --yes").expect(8));
    world.set(id, "success");
    let again = world.run("promote staging production --json").expect(0);
    assert_eq!(again.json()["id"].to_string(), id);
    assert_eq!(again.json()["undo"], Value::Null);
    let again = world.run("promote staging production").expect(0);
    assert_eq!(again.stdout().trim(), id);
    assert!(again.stderr().contains("already"), "{}", again.stderr());
    assert_eq!(requested(&world).len(), 1);

    // The undo line, as it was printed.
    let undo = outcome
        .stderr()
        .lines()
        .find_map(|line| line.strip_prefix("undo: deployctl "));
    let undo = format!("{} --yes", undo.expect("an undo line"));
    drop(world.run(&undo).expect(0));
    assert_eq!(world.list()[0]["sha"], world.repository.sha("main"));
}

/// Promotes staging to production, and holds back the check right before the
/// request until the proxy heals.
fn promote_until_the_check(world: &World) -> Running {
    let list = format!("{REPO}/deployments");
    world.proxy.fault("GET", &list, 1.., Fault::Hold);
    let running = world
        .machine
        .command(["promote", "staging", "production", "--yes"])
        .spawn();
    world.proxy.wait_for("GET", &list, 1);
    running
}

#[test]
fn a_source_that_changes_between_plan_and_request_is_refused() {
    for moves in [true, false] {
        let world = World::new();
        deploy(&world, "--ref main -e production");
        let source = deploy(&world, "--ref topic -e staging");
        world.proxy.forget();
        let running = promote_until_the_check(&world);
        let client = Client::new(world.server.url());
        if moves {
            let body = json!({"ref": "behind", "auto_merge": false, "environment": "staging",
                "required_contexts": []});
            let id = world.post("/deployments", &body)["id"].clone();
            world.post(
                &format!("/deployments/{id}/statuses"),
                &json!({"state": "success"}),
            );
        } else {
            // Times are whole seconds.
            std::thread::sleep(Duration::from_secs(1));
            let path = format!("{REPO}/deployments/{source}/statuses");
            drop(
                client
                    .post(&path, &json!({"state": "inactive"}))
                    .expect(201),
            );
        }
        world.proxy.heal();
        let outcome = running.finish().expect(1);
        assert!(
            outcome.stderr().contains("has changed"),
            "{}",
            outcome.stderr()
        );
        assert!(requested(&world).is_empty());
    }
}

#[test]
fn a_change_that_does_not_matter_stops_nothing() {
    let world = World::new();
    deploy(&world, "--ref main -e production");
    deploy(&world, "--ref topic -e staging");
    world.proxy.forget();
    let running = promote_until_the_check(&world);
    // A new deployment to staging that has not succeeded yet, and one elsewhere.
    for environment in ["staging", "qa"] {
        let body = json!({"ref": "behind", "auto_merge": false, "environment": environment,
            "required_contexts": []});
        world.post("/deployments", &body);
    }
    world.proxy.heal();
    drop(running.finish().expect(0));
    assert_eq!(requested(&world)[0]["ref"], world.repository.sha("topic"));
}

#[test]
fn a_deployment_under_way_is_not_overtaken_unless_asked_for() {
    let world = World::new();
    deploy(&world, "--ref topic -e staging");
    deploy(&world, "--ref main -e production");
    let newer = world.create("--ref behind -e production");
    world.proxy.forget();
    let refused = world.run("promote staging production --yes").expect(8);
    assert!(refused.stderr().contains(&newer), "{}", refused.stderr());
    assert!(requested(&world).is_empty());
    drop(
        world
            .run("promote staging production --yes --anyway")
            .expect(0),
    );
    assert_eq!(requested(&world).len(), 1);
    // One that has failed is in nobody's way.
    let world = World::new();
    deploy(&world, "--ref topic -e staging");
    let failed = world.create("--ref behind -e production");
    world.set(&failed, "failure");
    drop(world.run("promote staging production --yes").expect(0));
}

#[test]
fn a_payload_needs_a_decision() {
    let world = World::new();
    deploy(
        &world,
        "--ref topic -e staging --field region=eu --task seed",
    );
    world.proxy.forget();
    let refused = world.run("promote staging production --yes").expect(2);
    assert!(
        refused.stderr().contains("--copy-payload"),
        "{}",
        refused.stderr()
    );
    assert!(requested(&world).is_empty());
    for (choice, payload) in [
        ("--copy-payload", json!({"region": "eu"})),
        ("--payload {\"region\":\"us\"}", json!({"region": "us"})),
        ("--payload \"x\"", json!("x")),
        ("--no-payload", Value::Null),
    ] {
        world.proxy.forget();
        let id = world.run(&format!(
            "promote staging production --yes --anyway {choice}"
        ));
        drop(id.expect(0));
        let sent = &requested(&world)[0];
        assert_eq!(
            sent.get("payload").cloned().unwrap_or_default(),
            payload,
            "{choice}"
        );
        // The task is that of the source.
        assert_eq!(sent["task"], "seed");
    }
    for line in [
        "promote staging production --yes --copy-payload --no-payload",
        "promote staging staging --yes",
        "promote staging",
        "promote staging production --payload nonsense",
        "promote staging production --required-context a --no-required-contexts",
    ] {
        drop(world.run(line).expect(2));
    }
}

#[test]
fn flags_checks_and_age_are_those_that_were_asked_for() {
    let world = World::new();
    deploy(&world, "--ref topic -e staging");
    deploy(
        &world,
        "--ref main -e preview/pr-7 --transient --production",
    );
    let check = json!({"state": "failure", "context": "ci"});
    world.post(
        &format!("/statuses/{}", world.repository.sha("topic")),
        &check,
    );
    world.proxy.forget();
    let refused = world.run("promote staging preview/pr-7 --yes").expect(6);
    assert!(refused.stderr().contains("ci"), "{}", refused.stderr());
    drop(
        world
            .run("promote staging preview/pr-7 --yes --required-context other")
            .expect(6),
    );
    drop(
        world
            .run("promote staging preview/pr-7 --yes --no-required-contexts")
            .expect(0),
    );
    let sent = requested(&world);
    assert_eq!(sent[0].get("required_contexts"), None);
    assert_eq!(sent[1]["required_contexts"], json!(["other"]));
    assert_eq!(sent[2]["required_contexts"], json!([]));
    // As the newest deployment to the environment has them.
    assert_eq!(sent[2]["transient_environment"], true);
    assert_eq!(sent[2]["production_environment"], true);

    let young = world
        .run("promote staging qa --yes --no-required-contexts --min-age 2h")
        .expect(8);
    assert!(young.stderr().contains("2h"), "{}", young.stderr());
    let client = Client::new(world.server.url());
    let clock = json!({"advance_seconds": 7300});
    drop(client.post("/_sandbox/clock", &clock).expect(200));
    let old = world.run("promote staging qa --yes --no-required-contexts --min-age 2h");
    drop(old.expect(0));
    let sent = requested(&world);
    assert_eq!(sent[3]["production_environment"], false);
}

#[test]
fn what_is_missing_ends_with_3_and_an_unanswered_question_with_2() {
    let world = World::new();
    deploy(&world, "--ref topic -e staging");
    let failed = world.create("--ref topic -e qa");
    world.set(&failed, "failure");
    world.proxy.forget();
    for (line, code) in [
        ("promote nowhere production --yes", 3),
        ("promote qa production --yes", 3),
        ("promote staging production --task seed --yes", 3),
        ("promote staging production", 2),
        ("promote staging production --no-input", 2),
        ("promote staging production --dry-run", 0),
        ("promote staging production --json=nothing", 2),
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), code, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    assert!(requested(&world).is_empty());
    let plan = world
        .run("promote staging production --dry-run --json")
        .expect(0)
        .json();
    assert_eq!(plan["request"]["ref"], world.repository.sha("topic"));
    assert_eq!(plan["source"]["sha"], plan["request"]["ref"]);
    assert_eq!((&plan["live"], &plan["undo"]), (&Value::Null, &Value::Null));
    assert!(requested(&world).is_empty());
}

#[test]
fn the_result_is_the_new_deployment_with_its_undo_command() {
    let world = World::new();
    deploy(&world, "--ref topic -e staging");
    let live = deploy(&world, "--ref main -e production");
    let outcome = world
        .run("promote staging production --yes --json -R octocat/hello-world")
        .expect(0)
        .json();
    assert_eq!(outcome["environment"], "production");
    assert_eq!(outcome["state"], "pending");
    assert_eq!(
        outcome["undo"],
        format!("deployctl rollback -e production --to {live} -R octocat/hello-world")
    );
    assert_eq!(outcome["run_url"], Value::Null);
    let id = outcome["id"].to_string();
    // With --wait the exit code is that of the deployment.
    let running = world
        .machine
        .command([
            "promote",
            "staging",
            "production",
            "--yes",
            "--anyway",
            "--wait",
            "--interval",
            "100ms",
        ])
        .spawn();
    let created = loop {
        let newest = world.list()[0]["id"].to_string();
        if newest != id {
            break newest;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    world.set(&created, "failure");
    drop(running.finish().expect(9));
    let quiet = world
        .run("promote staging qa --yes --wait --timeout 1s")
        .expect(124);
    assert!(
        quiet.stderr().contains("does anything listen"),
        "{}",
        quiet.stderr()
    );
}

#[test]
fn a_user_sees_the_plan_and_is_asked() {
    let world = World::new();
    let source = deploy(&world, "--ref topic -e staging");
    let live = deploy(&world, "--ref main -e production");
    let mut terminal = Terminal::start(&world.machine, ["promote", "staging", "production"]);
    let screen = terminal.wait_for("Promote staging to production? [y/N]");
    assert!(screen.contains(&source.to_string()), "{screen}");
    assert!(screen.contains(&live.to_string()), "{screen}");
    terminal.press("n\r");
    drop(terminal.finish().expect(1));
    assert!(
        requested(&world).len() <= 2,
        "nothing beside the two of the test"
    );
    let before = world.list().len();
    let mut terminal = Terminal::start(&world.machine, ["promote", "staging", "production"]);
    terminal.wait_for("[y/N]");
    terminal.press("y\r");
    let ending = terminal.finish().expect(0);
    let sha = &world.repository.sha("topic")[..7];
    let created = format!(" of {sha} to production is pending");
    assert!(ending.screen.contains(&created), "{}", ending.screen);
    assert_eq!(world.list().len(), before + 1);
}
