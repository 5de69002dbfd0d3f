use serde_json::json;

use crate::support::cli::Machine;
use crate::support::proxy::{Answer, Fault};
use crate::support::serve::rule;
use crate::world::{REPO, World, lines};

#[test]
fn one_deployment_is_two_requests_at_the_same_time() {
    let world = World::new();
    let id = world.create("--ref main");
    world.proxy.forget();
    world.let_two_meet();
    drop(world.run(&format!("status {id}")).expect(0));
    let requests = world.proxy.requests();
    let mut requested = lines(&requests);
    requested.sort();
    assert_eq!(
        requested,
        [
            format!("GET {REPO}/deployments/{id}"),
            format!("GET {REPO}/deployments/{id}/statuses")
        ]
    );
    assert!(requests[0].overlaps(&requests[1]));
}

#[test]
fn without_the_state_it_is_one_request() {
    let world = World::new();
    let id = world.create("--ref main");
    world.proxy.forget();
    let record = world
        .run(&format!("status {id} --json=id,ref"))
        .expect(0)
        .json();
    assert_eq!(
        record,
        json!({"id": id.parse::<u64>().expect("an id"), "ref": "main"})
    );
    assert_eq!(
        lines(&world.proxy.requests()),
        [format!("GET {REPO}/deployments/{id}")]
    );
}

#[test]
fn the_history_is_newest_first() {
    let world = World::new();
    let id = world.create("--ref main -e staging");
    for state in ["queued", "in_progress", "success"] {
        world.set(&id, state);
    }
    let record = world.run(&format!("status {id} --json")).expect(0).json();
    assert_eq!(record["state"], "active");
    let states: Vec<&str> = record["statuses"]
        .as_array()
        .expect("an array")
        .iter()
        .filter_map(|status| status["state"].as_str())
        .collect();
    assert_eq!(states, ["success", "in_progress", "queued"]);
    assert_eq!(record["latest_status"], record["statuses"][0]);

    let outcome = world.run(&format!("status {id}")).expect(0);
    let piped = outcome.stdout();
    assert!(
        piped.starts_with(&format!("id\t{id}\nstate\tactive\nenvironment\tstaging\n")),
        "{piped}"
    );
    assert_eq!(
        piped
            .lines()
            .filter(|line| line.starts_with("status\t"))
            .count(),
        3
    );
    assert!(piped.lines().all(|line| line.contains('\t')), "{piped}");
}

#[test]
fn without_an_id_the_newest_is_meant() {
    let world = World::new();
    let staging = world.create("--ref main -e staging");
    let production = world.create("--ref main");
    let here = Machine::with_server(&world.proxy.url()).at(world.repository.path());
    let of = |args: &[&str]| {
        let args = ["status", "--json=id"].iter().chain(args);
        here.run(args).expect(0).json()["id"].to_string()
    };
    assert_eq!(of(&[]), production);
    assert_eq!(of(&["-e", "staging"]), staging);
    drop(here.run(["status", "-e", "nowhere"]).expect(3));
    drop(
        here.run(["status", "-e", "nowhere", "--ignore-missing"])
            .expect(0),
    );
    drop(world.run("status").expect(2));
}

#[test]
fn a_deployment_that_never_existed_is_exit_3() {
    let world = World::new();
    let outcome = world.run("status 99").expect(3);
    assert!(outcome.stderr().contains("99"));
    drop(world.run("status set 99 success").expect(3));
    let ignored = world.run("status 99 --ignore-missing").expect(0);
    assert_eq!(ignored.stdout(), "");
}

#[test]
fn the_exit_code_tells_the_state_if_asked() {
    for (states, code) in [
        (vec![], 8),
        (vec!["in_progress"], 8),
        (vec!["success"], 0),
        (vec!["failure"], 9),
        (vec!["error"], 9),
        (vec!["success", "inactive"], 10),
    ] {
        let world = World::new();
        let id = world.create("--ref main");
        for state in states {
            world.set(&id, state);
        }
        drop(
            world
                .run(&format!("status {id} --exit-status"))
                .expect(code),
        );
        drop(world.run(&format!("status {id}")).expect(0));
    }
}

#[test]
fn a_status_is_sent_as_it_is_meant() {
    let world = World::new();
    let id = world.create("--ref main");
    let outcome = world.machine.run([
        "status",
        "set",
        &id,
        "success",
        "--description",
        "done é",
        "--log-url",
        "https://ci.example/1",
        "--environment-url",
        "https://x.example",
        "--environment",
        "canary",
        "--no-auto-inactive",
    ]);
    let outcome = outcome.expect(0);
    assert!(
        outcome.stdout().trim().parse::<u64>().is_ok(),
        "{}",
        outcome.stdout()
    );
    let write = world.writes().pop().expect("a write");
    assert_eq!(write.path(), format!("{REPO}/deployments/{id}/statuses"));
    assert_eq!(
        write.json(),
        json!({
            "state": "success", "description": "done é", "log_url": "https://ci.example/1",
            "environment_url": "https://x.example", "environment": "canary", "auto_inactive": false,
        })
    );
    world.set(&id, "failure");
    let write = world.writes().pop().expect("a write");
    assert_eq!(write.json(), json!({"state": "failure"}));
}

#[test]
fn a_description_of_140_characters_is_taken() {
    let world = World::new();
    let id = world.create("--ref main");
    let text = "é".repeat(140);
    drop(
        world
            .machine
            .run(["status", "set", &id, "failure", "--description", &text])
            .expect(0),
    );
}

#[test]
fn a_success_makes_the_previous_deployment_inactive() {
    let world = World::new();
    let old = world.create("--ref main -e staging");
    world.set(&old, "success");
    let new = world.create("--ref main -e staging");
    world.set(&new, "success");
    drop(world.run(&format!("status {old} --exit-status")).expect(10));
    drop(world.run(&format!("status {new} --exit-status")).expect(0));
}

#[test]
fn a_lost_answer_makes_no_second_status() {
    let world = World::new();
    let id = world.create("--ref main");
    world
        .proxy
        .fault("POST", "*/statuses", 1..=1, Fault::ResetAfter);
    world.set(&id, "in_progress");
    let record = world
        .run(&format!("status {id} --json=statuses"))
        .expect(0)
        .json();
    assert_eq!(record["statuses"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_missing_right_is_distinguished_from_a_missing_deployment() {
    let world = World::with(|config| config.tokens.push(rule("reader=deployments:read")));
    let id = world.create("--ref main");
    let reader = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", "reader");
    drop(reader.run(["status", "set", &id, "success"]).expect(5));
    let hidden = Answer::json(404, &json!({"message": "Not Found"}));
    world
        .proxy
        .fault("POST", "*/statuses", 1.., Fault::Answer(hidden));
    drop(world.run(&format!("status set {id} success")).expect(5));
}

#[test]
fn watching_ends_with_the_deployment() {
    let world = World::new();
    let id = world.create("--ref main");
    let running = world
        .machine
        .command([
            "status",
            &id,
            "--watch",
            "--interval",
            "0.1",
            "--exit-status",
        ])
        .spawn();
    running.wait_for_line("pending");
    world.set(&id, "failure");
    let outcome = running.finish().expect(9);
    assert!(outcome.stdout().contains("state\tfailure"));
}
