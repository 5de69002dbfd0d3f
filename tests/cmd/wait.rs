use std::time::Duration;

use serde_json::{Value, json};

use crate::support::proxy::{Answer, Fault};
use crate::world::{REPO, World};

#[test]
fn each_end_has_its_exit_code() {
    for (goal, states, code) in [
        ("success", vec!["success"], 0),
        ("success", vec!["failure"], 9),
        ("success", vec!["error"], 9),
        ("success", vec!["success", "inactive"], 10),
        ("success", vec!["in_progress"], 124),
        ("end", vec!["success"], 0),
        ("end", vec!["failure"], 0),
        ("end", vec!["inactive"], 0),
        ("end", vec!["queued"], 124),
        ("inactive", vec!["inactive"], 0),
        ("inactive", vec!["success"], 124),
    ] {
        let world = World::new();
        let id = world.create("--ref main");
        for state in &states {
            world.set(&id, state);
        }
        let line = format!("wait {id} --for {goal} --timeout 400ms --interval 0.1");
        let outcome = world.run(&line);
        assert_eq!(
            outcome.code(),
            code,
            "{goal} {states:?}: {}",
            outcome.stderr()
        );
        drop(outcome);
    }
}

#[test]
fn the_environment_url_is_all_of_stdout() {
    let world = World::new();
    let id = world.create("--ref main");
    let running = world
        .machine
        .command(["wait", &id, "--interval", "0.1"])
        .spawn();
    running.wait_for_line("pending");
    world.set(&id, "in_progress --description building");
    running.wait_for_line("in_progress building");
    world.set(&id, "success --environment-url https://x.example/a?b=c");
    let outcome = running.finish().expect(0);
    assert_eq!(outcome.stdout(), "https://x.example/a?b=c\n");
    let told: Vec<&str> = outcome.stderr().lines().collect();
    assert_eq!(
        told,
        [
            format!("{id} production pending"),
            format!("{id} production in_progress building"),
            format!("{id} production active"),
        ]
    );
}

#[test]
fn one_that_is_not_requested_yet_is_waited_for() {
    let world = World::new();
    let running = world
        .machine
        .command([
            "wait",
            "-e",
            "preview/pr-7",
            "--ref",
            "topic",
            "--interval",
            "0.1",
            "--json=id,state",
        ])
        .spawn();
    running.wait_for_line("no such deployment yet");
    let other = world.create("--ref main -e preview/pr-7");
    let id = world.create("--ref topic -e preview/pr-7");
    assert_ne!(id, other);
    running.wait_for_line("pending");
    world.set(&id, "success");
    let outcome = running.finish().expect(0);
    assert_eq!(
        outcome.json(),
        json!({"id": id.parse::<u64>().expect("an id"), "state": "active"})
    );
}

#[test]
fn one_that_never_appears_is_exit_3() {
    let world = World::new();
    let line = "wait -e nowhere --appear-timeout 300ms --interval 0.1";
    drop(world.run(line).expect(3));
    drop(world.run(&format!("{line} --ignore-missing")).expect(0));
    drop(world.run("wait 99").expect(3));
    drop(world.run("wait 99 --ignore-missing").expect(0));
    drop(
        world
            .run("wait -e nowhere --appear-timeout 9s --timeout 300ms --interval 0.1")
            .expect(124),
    );
}

#[test]
fn what_stays_the_same_costs_no_quota() {
    let world = World::new();
    let id = world.create("--ref main");
    world.proxy.forget();
    drop(
        world
            .run(&format!("wait {id} --timeout 1500ms --interval 0.1"))
            .expect(124),
    );
    let requests = world.proxy.requests();
    assert!(requests.len() > 5, "{}", requests.len());
    let statuses: Vec<Option<u16>> = requests.iter().map(|request| request.status).collect();
    assert_eq!(
        statuses[..3],
        [Some(200); 3],
        "deployment, statuses, and the first poll"
    );
    assert!(
        statuses[3..].iter().all(|status| *status == Some(304)),
        "{statuses:?}"
    );
}

#[test]
fn a_server_that_fails_for_a_while_is_survived() {
    let world = World::new();
    let id = world.create("--ref main");
    let path = format!("{REPO}/deployments/{id}/statuses");
    world.proxy.fault("GET", &path, 2..=3, Fault::ResetBefore);
    let page = Answer::html(502, "<html><title>Unicorn!</title></html>");
    world.proxy.fault("GET", &path, 1..=2, Fault::Answer(page));
    let limited = Answer::json(
        403,
        &json!({"message": "You have exceeded a secondary rate limit."}),
    )
    .header("retry-after", "1");
    world
        .proxy
        .fault("GET", &path, 1..=1, Fault::Answer(limited));
    let running = world
        .machine
        .command(["wait", &id, "--interval", "0.1", "--timeout", "40s"])
        .spawn();
    running.wait_for_line("pending");
    world.set(&id, "success");
    drop(running.finish().expect(0));
}

#[test]
fn answers_that_are_not_understood_are_survived_once_one_was() {
    let world = World::new();
    let id = world.create("--ref main");
    let path = format!("{REPO}/deployments/{id}/statuses");
    let page = || Fault::Answer(Answer::html(200, "<html><title>Sign in</title></html>"));
    world.proxy.fault("GET", &path, 2..=3, page());
    let running = world
        .machine
        .command(["wait", &id, "--interval", "0.1", "--timeout", "40s"])
        .spawn();
    running.wait_for_line("pending");
    world.set(&id, "success");
    drop(running.finish().expect(0));

    // One that stays is a time-out, and one from the beginning another server.
    let id = world.create("--ref main");
    let path = format!("{REPO}/deployments/{id}/statuses");
    world.proxy.fault("GET", &path, 2.., page());
    let line = format!("wait {id} --interval 0.1 --timeout 1s");
    drop(world.run(&line).expect(124));
    world.proxy.fault("GET", &path, 1.., page());
    drop(world.run(&line).expect(1));
}

#[test]
fn what_waiting_cannot_mend_ends_it() {
    let world = World::new();
    let id = world.create("--ref main");
    let forbidden = Answer::json(
        403,
        &json!({"message": "Resource not accessible by integration"}),
    );
    let path = format!("{REPO}/deployments/{id}/statuses");
    world
        .proxy
        .fault("GET", &path, 2.., Fault::Answer(forbidden));
    drop(world.run(&format!("wait {id} --interval 0.1")).expect(5));
}

#[test]
fn several_are_waited_for_and_the_worst_decides() {
    let world = World::new();
    let good = world.create("--ref main -e a");
    let bad = world.create("--ref main -e b");
    let gone = world.create("--ref main -e c");
    world.set(&good, "success --environment-url https://a.example");
    world.set(&gone, "inactive");
    let both = world.run(&format!("wait {good} {gone}")).expect(10);
    assert_eq!(both.stdout(), "https://a.example\n");
    world.set(
        &bad,
        "failure --description 'x' --log-url https://log.example",
    );
    let all = world
        .run(&format!("wait {good} {bad} {gone} {good} --json"))
        .expect(9);
    assert_eq!(all.json().as_array().map(Vec::len), Some(3));
    let error: Value =
        serde_json::from_str(all.stderr().trim_end().lines().last().unwrap_or_default())
            .expect("JSON");
    assert_eq!(error["error"]["code"], "deployment_failed");
    assert_eq!(error["error"]["log_url"], "https://log.example");
}

#[test]
fn the_time_out_holds_though_the_server_hangs() {
    let world = World::new();
    let id = world.create("--ref main");
    world
        .proxy
        .fault("GET", "*", 1.., Fault::Delay(Duration::from_secs(30)));
    let outcome = world.run(&format!("wait {id} --timeout 1s")).expect(124);
    assert!(
        outcome.elapsed < Duration::from_secs(10),
        "{:?}",
        outcome.elapsed
    );
    let gone = crate::support::cli::Machine::with_server("http://127.0.0.1:1");
    drop(gone.run(["wait", "1", "--timeout", "1s"]).expect(124));
}

#[test]
fn no_time_at_all_is_a_look_at_how_things_are() {
    let world = World::new();
    let id = world.create("--ref main");
    drop(world.run(&format!("wait {id} --timeout 0")).expect(124));
    world.set(&id, "success");
    drop(world.run(&format!("wait {id} --timeout 0")).expect(0));
}

#[test]
fn a_failure_is_not_lost_over_one_that_is_still_under_way() {
    let world = World::new();
    let (pending, failed) = (
        world.create("--ref main -e a"),
        world.create("--ref main -e b"),
    );
    world.set(&failed, "failure");
    let outcome = world.run(&format!(
        "wait {pending} {failed} --timeout 400ms --interval 0.1"
    ));
    let outcome = outcome.expect(9);
    assert!(outcome.stderr().contains(&pending), "{}", outcome.stderr());
}
