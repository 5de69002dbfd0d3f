use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::cli::{Machine, Running, Signal};
use crate::support::proxy::{Answer, Fault};
use crate::world::{REPO, World};

#[test]
fn each_end_has_its_exit_code() {
    for (goal, states, code) in [
        ("success", vec!["success"], 0),
        ("success", vec!["failure"], 9),
        ("success", vec!["error"], 9),
        ("success", vec!["in_progress", "inactive"], 10),
        // The history decides for a deployment that is inactive now.
        ("success", vec!["success", "inactive"], 0),
        ("success", vec!["failure", "inactive"], 9),
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
    let messages: Vec<&str> = outcome.stderr().lines().collect();
    assert_eq!(
        messages,
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
fn answers_that_are_not_understood_are_survived() {
    let world = World::new();
    let id = world.create("--ref main");
    let path = format!("{REPO}/deployments/{id}/statuses");
    let page = || Fault::Answer(Answer::html(200, "<html><title>Sign in</title></html>"));
    world.proxy.fault("GET", &path, 1..=3, page());
    let running = world
        .machine
        .command(["wait", &id, "--interval", "0.1", "--timeout", "40s"])
        .spawn();
    running.wait_for_line("pending");
    world.set(&id, "success");
    drop(running.finish().expect(0));

    // A page that stays causes a timeout, even if it is the first response.
    let id = world.create("--ref main");
    let path = format!("{REPO}/deployments/{id}/statuses");
    let line = format!("wait {id} --interval 0.1 --timeout 1s");
    for first in [2, 1] {
        world.proxy.heal();
        world.proxy.fault("GET", &path, first.., page());
        let outcome = world.run(&line).expect(124);
        assert!(
            outcome.stderr().contains("the last request that failed: "),
            "{}",
            outcome.stderr()
        );
    }
    world.proxy.fault("GET", "*/deployments", 1.., page());
    let line = "wait -e production --interval 0.1 --timeout 1s";
    drop(world.run(line).expect(124));
}

/// Makes a command miss every state between two of its requests.
fn while_stopped(running: &Running, act: impl FnOnce()) {
    running.wait_for_line("pending");
    running.signal(Signal::Stop);
    act();
    running.signal(Signal::Cont);
}

#[test]
fn a_success_that_is_superseded_between_two_requests_is_a_success() {
    let url = "https://qa.example.com";
    for command in ["wait", "create"] {
        let world = World::new();
        let running = if command == "wait" {
            let id = world.create("--ref main -e qa");
            world.machine.command(["wait", &id, "--interval", "0.5"])
        } else {
            let line = "create --ref main -e qa --wait --interval 0.5";
            world.machine.command(line.split(' '))
        };
        let running = running.spawn();
        while_stopped(&running, || {
            let id = world.list()[0]["id"].to_string();
            world.set(&id, &format!("success --environment-url {url}"));
            let newer = world.create("--ref topic -e qa");
            world.set(&newer, "success");
        });
        let outcome = running.finish().expect(0);
        assert_eq!(outcome.stdout().lines().last(), Some(url), "{command}");
        assert!(
            outcome
                .stderr()
                .contains("has succeeded and is inactive by now"),
            "{command}: {}",
            outcome.stderr()
        );
    }
}

#[test]
fn a_failure_that_is_taken_down_between_two_requests_is_a_failure() {
    let world = World::new();
    let id = world.create("--ref main -e qa");
    let running = world.machine.command(["wait", &id, "--interval", "0.5"]);
    let running = running.spawn();
    while_stopped(&running, || {
        world.set(&id, "failure --description broken");
        world.set(&id, "inactive --description tidied");
    });
    let outcome = running.finish().expect(9);
    let message = format!("deployment {id} to qa ended in failure: broken");
    assert!(outcome.stderr().contains(&message), "{}", outcome.stderr());
}

#[test]
fn every_output_has_the_environment_url_of_the_newest_status_with_one() {
    let url = "https://qa.example.com";
    let world = World::new();
    let id = world.create("--ref main -e qa");
    let files = world.machine.cwd();
    let (output, summary) = (files.join("output"), files.join("summary"));
    world.set(&id, &format!("in_progress --environment-url {url}"));
    world.set(&id, "success");
    let in_step = |line: &str| {
        let machine = Machine::with_server(&world.proxy.url())
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_STEP_SUMMARY", &summary);
        let options = ["--github-output", "--github-summary"];
        machine.run(line.split(' ').chain(options)).expect(0)
    };
    assert_eq!(in_step(&format!("wait {id}")).stdout(), format!("{url}\n"));
    let json = in_step(&format!("wait {id} --json=environment_url,state"));
    assert_eq!(
        json.json(),
        json!({"environment_url": url, "state": "active"})
    );
    drop(in_step(&format!("status {id}")));
    let output = std::fs::read_to_string(output).expect("outputs");
    let urls = output.lines().filter(|line| *line == url).count();
    assert_eq!(urls, 3, "{output}");
    let summary = std::fs::read_to_string(summary).expect("a summary");
    let rows = summary.lines().filter(|line| line.contains(url)).count();
    assert_eq!(rows, 3, "{summary}");
}

#[test]
fn a_commit_that_is_deployed_to_several_environments_is_refused() {
    let world = World::new();
    let sha = world.repository.sha("main");
    let one = world.create("--ref main -e qa");
    world.set(&one, "success");
    drop(world.run(&format!("wait --sha {sha}")).expect(0));
    let other = world.create("--ref main -e staging");
    world.set(&other, "failure");
    let refused = world.run(&format!("wait --sha {sha} --json")).expect(2);
    let error: Value = serde_json::from_str(refused.stderr()).expect("JSON");
    assert_eq!(error["error"]["environments"], json!(["staging", "qa"]));
    drop(world.run(&format!("wait --sha {sha} -e qa")).expect(0));
    // Of several environments of a ref, the newest deployment is meant.
    let newest = world.run("wait --ref main").expect(9);
    let note = format!(
        "2 environments match: staging, qa; waiting for the newest deployment, {other} to staging"
    );
    assert!(newest.stderr().contains(&note), "{}", newest.stderr());
}

#[test]
fn an_environment_may_be_a_pattern() {
    let world = World::new();
    let old = world.create("--ref main -e preview/pr-1");
    world.set(&old, "success");
    drop(world.run("wait -e preview/* --ref main").expect(0));
    // It is also found behind a whole page of other deployments.
    for _ in 0..100 {
        let body = json!({"ref": "main", "environment": "qa", "required_contexts": []});
        drop(world.post("/deployments", &body));
    }
    drop(world.run("wait -e preview/*").expect(0));

    let line = "wait -e Preview* --ref topic --interval 0.1";
    let running = world.machine.command(line.split(' ')).spawn();
    running.wait_for_line("no such deployment yet");
    drop(world.create("--ref topic -e preview/pr-2"));
    let id = world.create("--ref topic -e Preview-shop");
    running.wait_for_line("pending");
    world.set(&id, "success");
    drop(running.finish().expect(0));
}

#[test]
fn a_near_miss_of_an_environment_is_pointed_out_while_it_is_waited_for() {
    let world = World::new();
    drop(world.create("--ref main -e staging"));
    let hint = "did you mean the environment \"staging\"?";
    // A machine that has not cached any environment.
    let machine = Machine::with_server(&world.proxy.url());
    let line = "wait -e stagign --interval 0.1";
    let running = machine.command(line.split(' ')).spawn();
    running.wait_for_line(hint);
    running.signal(Signal::Int);
    drop(running.finish().expect(130));

    for line in ["status -e stagign", "wait -e stagign --appear-timeout 0"] {
        let machine = Machine::with_server(&world.proxy.url());
        let outcome = machine.run(line.split(' ')).expect(3);
        assert_eq!(
            outcome.stderr().matches(hint).count(),
            1,
            "{line}: {}",
            outcome.stderr()
        );
    }
    let outcome = world.run("wait -e canary --appear-timeout 0").expect(3);
    assert!(
        !outcome.stderr().contains("did you mean"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn an_earlier_deployment_is_not_what_is_waited_for() {
    let world = World::new();
    let old = world.create("--ref main -e qa");
    world.set(&old, "failure");
    let created: Timestamp = world.list()[0]["created_at"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a time");
    let later = created + SignedDuration::from_secs(1);
    for newer in [format!("--newer-than {old}"), format!("--since {later}")] {
        for environment in ["qa", "q*"] {
            let line = format!("wait -e {environment} {newer} --appear-timeout 0");
            drop(world.run(&line).expect(3));
        }
        let line = format!("wait -e qa {newer} --interval 0.1");
        let running = world.machine.command(line.split(' ')).spawn();
        running.wait_for_line("no such deployment yet");
        // The server's times are in whole seconds.
        while Timestamp::now() < later {
            std::thread::sleep(Duration::from_millis(20));
        }
        let new = world.create("--ref main -e qa");
        running.wait_for_line("pending");
        world.set(&new, "success");
        drop(running.finish().expect(0));
        drop(world.run(&format!("delete {new} --force --yes")).expect(0));
    }
    drop(world.run("wait -e qa --since 1h").expect(9));
    for wrong in ["--since 1h", "1 --since 1h", "-e qa --since yesterdayish"] {
        drop(world.run(&format!("wait {wrong}")).expect(2));
    }
}

#[test]
fn permanent_errors_end_the_wait() {
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
    let gone = Machine::with_server("http://127.0.0.1:1");
    drop(gone.run(["wait", "1", "--timeout", "1s"]).expect(124));
}

#[test]
fn a_timeout_of_zero_checks_the_state_once() {
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
