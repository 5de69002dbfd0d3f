//! `list --watch` and `env list --watch`: a list that is kept up to date.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::{Outcome, Running, Signal};
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault, Recorded};
use crate::support::pty::Terminal;
use crate::world::{REPO, World, lines};

fn watch(world: &World, line: &str) -> Running {
    world.machine.command(line.split(' ')).spawn()
}

/// Ends a watch with Ctrl-C.
fn interrupt(running: Running) -> Outcome {
    running.signal(Signal::Int);
    let outcome = running.finish().expect(130);
    assert!(
        outcome.stderr().contains("interrupted"),
        "{}",
        outcome.stderr()
    );
    outcome
}

/// Requests a deployment without the proxy.
fn request(world: &World, environment: &str) -> String {
    let body = json!({"ref": "main", "environment": environment, "auto_merge": false,
        "required_contexts": []});
    world.post("/deployments", &body)["id"].to_string()
}

fn report(world: &World, id: &str, state: &str) {
    let path = format!("/deployments/{id}/statuses");
    world.post(&path, &json!({ "state": state }));
}

/// The first cells of each row.
fn cells(outcome: &Outcome, count: usize) -> Vec<Vec<&str>> {
    let lines = outcome.stdout().lines();
    lines
        .map(|line| line.split('\t').take(count).collect())
        .collect()
}

#[test]
fn each_deployment_and_each_state_is_a_row() {
    let world = World::new();
    let first = request(&world, "staging");
    report(&world, &first, "success");
    request(&world, "qa");
    let running = watch(&world, "list -e staging --watch");
    running.wait_for_line(&format!("{first}\tactive"));
    let second = request(&world, "staging");
    running.wait_for_line(&format!("{second}\tpending"));
    report(&world, &second, "in_progress");
    running.wait_for_line(&format!("{second}\tin_progress"));
    report(&world, &second, "success");
    // The older one is superseded by it, which is a change of its own.
    running.wait_for_line(&format!("{first}\tinactive"));
    running.wait_for_line(&format!("{second}\tactive"));
    // Another environment, and a deployment that was deleted, are no rows.
    report(&world, &request(&world, "qa"), "failure");
    let client = Client::new(world.server.url());
    let path = format!("{REPO}/deployments/{first}");
    drop(client.send_unchecked("DELETE", &path, None));
    let third = request(&world, "staging");
    running.wait_for_line(&third);
    let outcome = interrupt(running);
    let rows = [
        (&first, "active"),
        (&second, "pending"),
        (&second, "in_progress"),
        (&first, "inactive"),
        (&second, "active"),
        (&third, "pending"),
    ];
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|(id, state)| vec![id.as_str(), state])
        .collect();
    assert_eq!(cells(&outcome, 2), rows);
}

#[test]
fn json_is_an_object_for_each_change_and_no_array() {
    let world = World::new();
    let id = request(&world, "staging");
    let running = watch(&world, "list --watch --jsonl=id,state");
    running.wait_for_line(&id);
    report(&world, &id, "queued");
    running.wait_for_line("queued");
    let outcome = interrupt(running);
    let objects: Vec<Value> = outcome
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    let id: u64 = id.parse().expect("an ID");
    let expected = ["pending", "queued"].map(|state| json!({"id": id, "state": state}));
    assert_eq!(objects, expected);

    // A filter and a template get the objects, too.
    let running = watch(&world, "env list --watch --jsonl --jq .name");
    running.wait_for_line("staging");
    assert_eq!(interrupt(running).stdout(), "staging\n");

    world.proxy.forget();
    for line in [
        "list --watch --json",
        "list --watch --json=id",
        "list --watch --jq .[].id",
        "list --watch --template x",
        "env list --watch --json",
        "pending --watch --json",
        "list --watch --web",
        "env list --watch --web",
        "list --watch -L 0",
        "list --watch -R octocat/hello-world -R octocat/other",
        "env list --watch -R octocat/*",
    ] {
        let refused = world.run(line).expect(2);
        assert_eq!(refused.stdout(), "", "{line}");
    }
    assert!(world.proxy.requests().is_empty());
}

#[test]
fn an_unchanged_list_costs_no_quota() {
    let world = World::new();
    report(&world, &request(&world, "staging"), "success");
    for (line, conditional) in [
        ("list --watch", vec!["*/deployments"]),
        ("env list --watch", vec!["*/deployments", "*/environments"]),
    ] {
        world.proxy.forget();
        let running = watch(&world, line);
        running.wait_for_line("active");
        let read = world.proxy.requests().len();
        let unchanged = |path: &str| {
            let requests = world.proxy.matching("GET", path);
            let is_unchanged = |one: &&Recorded| one.server_status == Some(304);
            requests.iter().filter(is_unchanged).count()
        };
        while !conditional.iter().all(|path| unchanged(path) >= 2) {
            std::thread::sleep(Duration::from_millis(50));
        }
        // The list is read once more, because a change in the same second would
        // not show in the ETag, and after that it is not.
        let requests = world.proxy.requests();
        let until_second = read + conditional.len() + read;
        assert_eq!(requests.len(), until_second, "{:?}", lines(&requests));
        for request in &requests {
            let is_unchanged = request.server_status == Some(304);
            assert_eq!(is_unchanged, request.header("if-none-match").is_some());
        }
        running.signal(Signal::Term);
        let outcome = running.finish().expect(143);
        assert_eq!(outcome.stdout().lines().count(), 1);
    }
}

#[test]
fn environments_appear_go_live_and_are_deleted() {
    let world = World::new();
    let first = request(&world, "staging");
    report(&world, &first, "success");
    let sha = world.repository.sha("main");
    let running = watch(&world, "env list --watch");
    running.wait_for_line("staging\tactive");
    let second = request(&world, "production");
    running.wait_for_line("production");
    report(&world, &second, "failure");
    running.wait_for_line("production\tfailure");
    // Another deployment is live, in the same state.
    report(&world, &request(&world, "staging"), "success");
    running.wait_for_line("staging\tactive");
    let client = Client::new(world.server.url());
    let path = format!("{REPO}/environments/production");
    drop(client.send_unchecked("DELETE", &path, None));
    running.wait_for_line("production\tdeleted");
    let outcome = interrupt(running);
    let staging = ["staging", "active", "main", sha.as_str()];
    let failed = ["production", "failure", "main", sha.as_str()];
    assert_eq!(
        cells(&outcome, 4),
        [
            staging,
            ["production", "", "", ""],
            failed,
            staging,
            ["production", "deleted", "", ""],
        ]
    );
}

#[test]
fn a_server_that_is_away_for_a_while_is_a_warning() {
    let world = World::new();
    let first = request(&world, "staging");
    for line in ["list --watch", "env list --watch"] {
        let running = watch(&world, line);
        running.wait_for_line("staging");
        world.proxy.fault("*", "*", 1.., Fault::ResetBefore);
        let warning = running.wait_for_line("warning: ");
        assert!(warning.contains("trying again"), "{warning}");
        world.proxy.heal();
        // The page of a proxy is no answer.
        let page = Answer::html(200, "<html>Back soon</html>");
        world.proxy.fault("*", "*", 1.., Fault::Answer(page));
        running.wait_for_line("warning: ");
        world.proxy.heal();
        let state = if line == "list --watch" {
            "error"
        } else {
            "failure"
        };
        report(&world, &first, state);
        running.wait_for_line(&format!("\t{state}\t"));
        assert_eq!(interrupt(running).stdout().lines().count(), 2);
    }
}

#[test]
fn what_would_fail_again_ends_the_watch() {
    let world = World::new();
    request(&world, "staging");
    let running = watch(&world, "list --watch");
    running.wait_for_line("staging");
    let bad = Answer::json(401, &json!({"message": "Bad credentials"}));
    world.proxy.fault("*", "*", 1.., Fault::Answer(bad));
    let outcome = running.finish().expect(4);
    assert_eq!(outcome.stdout().lines().count(), 1);
    // So does a first list that cannot be read.
    world.proxy.heal();
    let busy = Answer::json(503, &json!({"message": "Busy"})).header("retry-after", "0");
    world.proxy.fault("*", "*", 1.., Fault::Answer(busy));
    drop(world.run("list --watch").expect(75));
}

#[test]
fn a_terminal_is_redrawn_in_place() {
    let world = World::new();
    let mut newest = String::new();
    for number in 0..20 {
        newest = request(&world, &format!("preview-of-a-long-name/{number:02}"));
    }
    let terminal = Terminal::start_sized(&world.machine, 12, 100, ["list", "--watch"]);
    let screen = terminal.wait_for("… and 11 more");
    let rows = screen.lines().count();
    assert!(rows < 12, "{screen}");
    assert!(screen.starts_with("ID "), "{screen}");
    assert!(screen.contains(&newest), "{screen}");
    report(&world, &newest, "failure");
    let screen = terminal.wait_for("failure");
    assert!(screen.starts_with("ID "), "{screen}");
    assert_eq!(screen.lines().count(), rows, "{screen}");
    let latest = request(&world, "staging");
    let screen = terminal.wait_for("… and 12 more");
    let first = screen.lines().nth(1).expect("a row");
    assert!(first.starts_with(&latest), "{screen}");

    // Narrower and lower, then wide and high enough for all.
    terminal.resize(8, 50);
    let screen = terminal.wait_for("… and 16 more");
    assert!(screen.starts_with("ID "), "{screen}");
    assert!(
        screen.lines().all(|line| line.chars().count() <= 50),
        "{screen}"
    );
    terminal.resize(40, 120);
    let screen = terminal.wait_for("preview-of-a-long-name/00");
    assert_eq!(screen.lines().count(), 22, "{screen}");
    assert!(!screen.contains("more"), "{screen}");
    interrupt_terminal(terminal);
}

#[test]
fn a_terminal_shows_that_its_list_may_be_out_of_date() {
    let world = World::new();
    let terminal = Terminal::start(&world.machine, ["env", "list", "--watch"]);
    terminal.wait_for("there is no environment in octocat/hello-world");
    world.proxy.fault("*", "*", 1.., Fault::ResetBefore);
    terminal.wait_for("; trying again");
    world.proxy.heal();
    request(&world, "staging");
    let screen = terminal.wait_for("staging");
    assert!(!screen.contains("warning"), "{screen}");
    assert!(!screen.contains("there is no environment"), "{screen}");
    interrupt_terminal(terminal);
}

fn interrupt_terminal(mut terminal: Terminal) {
    terminal.press("\u{3}");
    let ending = terminal.finish().expect(130);
    assert!(ending.screen.contains("interrupted"), "{}", ending.screen);
}
