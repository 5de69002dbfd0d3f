//! The commit of a request: `run` uses the commit that is checked out, and
//! inside GitHub Actions the event determines it.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome};
use crate::support::git::GitRepository;
use crate::world::{World, lines};

/// A checkout of the server's `main`.
fn checkout(world: &World) -> GitRepository {
    let clone = GitRepository::empty();
    let path = world.repository.path().display().to_string();
    clone.remote("origin", &path);
    clone.git(["fetch", "--quiet", "origin"]);
    clone.git(["checkout", "--quiet", "-B", "main", "origin/main"]);
    clone
}

fn machine(world: &World, cwd: &Path) -> Machine {
    Machine::with_server(&world.proxy.url()).at(cwd)
}

/// Runs a command that writes down the commit it deploys. Returns that commit.
fn run(machine: &Machine, options: &[&str], code: i32) -> (Option<String>, Outcome) {
    let note = machine.home().join("deployed");
    let script = format!("echo $DEPLOYCTL_SHA > {}", note.display());
    let mut args = vec!["run", "-e", "staging"];
    args.extend(options);
    args.extend(["--", "sh", "-c", &script]);
    let ended = machine.run(args).expect(code);
    let noted = std::fs::read_to_string(note).ok();
    (noted.map(|sha| sha.trim().to_owned()), ended)
}

#[test]
fn a_checkout_that_is_behind_is_what_is_requested() {
    let world = World::new();
    let clone = checkout(&world);
    let here = clone.head();
    world.repository.commit("next.txt", "next\n", "Go on");
    assert_ne!(world.repository.sha("main"), here);
    for options in [
        &[][..],
        &["--ref", "main"],
        &["--ref", "refs/heads/main"],
        &["--ref", "HEAD"],
    ] {
        let machine = machine(&world, clone.path());
        let (sha, _) = run(&machine, options, 0);
        assert_eq!(sha.as_deref(), Some(&*here), "{options:?}");
        let made = &world.list()[0];
        assert_eq!(made["sha"], *here, "{options:?}");
        assert_eq!(made["state"], "active");
    }
    // A ref that is not checked out is resolved by the server.
    let (sha, _) = run(&machine(&world, clone.path()), &["--ref", "topic"], 0);
    assert_eq!(sha, Some(world.repository.sha("topic")));

    // A detached HEAD works as well.
    clone.git(["checkout", "--quiet", "--detach", "HEAD~1"]);
    let (sha, _) = run(&machine(&world, clone.path()), &[], 0);
    assert_eq!(sha, Some(clone.head()));
    clone.git(["checkout", "--quiet", "--detach", "origin/main"]);
    let (sha, _) = run(&machine(&world, clone.path()), &["--ref", "main"], 0);
    assert_eq!(sha, Some(here), "the branch has moved since it was fetched");
}

#[test]
fn what_the_server_does_not_have_is_not_run() {
    let world = World::new();
    let clone = checkout(&world);
    clone.commit("own.txt", "own\n", "Not pushed");
    for options in [&[][..], &["--ref", "main"], &["--unique"]] {
        let (sha, ended) = run(&machine(&world, clone.path()), options, 1);
        assert_eq!(sha, None, "{options:?}");
        assert!(
            ended.stderr().contains("push it first"),
            "{}",
            ended.stderr()
        );
    }
    assert_eq!(world.list(), [json!(null); 0]);
    let outside = Machine::with_server(&world.proxy.url());
    let (sha, ended) = run(&outside, &[], 2);
    assert_eq!(sha, None);
    assert!(ended.stderr().contains("--ref"), "{}", ended.stderr());
}

/// A machine in a run of GitHub Actions that an event started.
fn in_actions(world: &World, cwd: &Path, event: &str, payload: &Value, sha: &str) -> Machine {
    let machine = machine(world, cwd)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_REPOSITORY", "octocat/hello-world")
        .env("GITHUB_EVENT_NAME", event)
        .env("GITHUB_SHA", sha);
    let path = machine.home().join("event.json");
    std::fs::write(&path, payload.to_string()).expect("an event");
    machine.env("GITHUB_EVENT_PATH", path)
}

#[test]
fn the_event_says_which_commit_is_meant() {
    let world = World::new();
    let clone = checkout(&world);
    let (main, topic) = (clone.head(), world.repository.sha("topic"));
    let pull = json!({"pull_request": {"head": {"sha": topic, "repo": {"full_name": "octocat/hello-world"}}}});
    let workflow = json!({"workflow_run": {"head_sha": topic}});
    for (event, payload, expected) in [
        ("pull_request", &pull, &topic),
        ("pull_request_target", &pull, &topic),
        ("workflow_run", &workflow, &topic),
        ("push", &json!({}), &main),
        ("workflow_dispatch", &json!({}), &main),
    ] {
        let machine = in_actions(&world, clone.path(), event, payload, &main);
        let made = machine
            .run(["create", "--dry-run", "--json=body"])
            .expect(0);
        assert_eq!(made.json()["body"]["ref"], **expected, "{event}");
        let outcome = machine.run(["create", "--dry-run"]).expect(0);
        let is_noted = outcome.stderr().contains("GITHUB_SHA");
        assert_eq!(
            is_noted,
            expected == &topic,
            "{event}: {}",
            outcome.stderr()
        );
        let (sha, _) = run(&machine, &[], 0);
        assert_eq!(sha.as_ref(), Some(expected), "{event}");
    }
    world.proxy.forget();
    for (event, payload) in [("issue_comment", &pull), ("pull_request", &json!({}))] {
        let machine = in_actions(&world, clone.path(), event, payload, &main);
        let refused = machine.run(["create", "-e", "staging"]).expect(2);
        assert!(refused.stderr().contains("--ref"), "{}", refused.stderr());
        let (sha, refused) = run(&machine, &[], 2);
        assert_eq!(sha, None);
        assert!(refused.stderr().contains("--ref"), "{}", refused.stderr());
        drop(
            machine
                .run(["create", "--ref", "main", "--dry-run"])
                .expect(0),
        );
    }
    assert_eq!(lines(&world.proxy.requests()), [""; 0]);
}

#[test]
fn what_a_workflow_checks_out_itself_is_what_it_runs() {
    let world = World::new();
    let clone = checkout(&world);
    let main = clone.head();
    clone.git(["checkout", "--quiet", "--detach", "origin/topic"]);
    for event in ["push", "issue_comment"] {
        let machine = in_actions(&world, clone.path(), event, &json!({}), &main);
        let (sha, _) = run(&machine, &[], 0);
        assert_eq!(sha, Some(clone.head()), "{event}");
    }
}

#[test]
fn the_commit_and_the_repository_are_of_one_place() {
    let world = World::new();
    let fork = checkout(&world);
    fork.git([
        "remote",
        "set-url",
        "origin",
        "https://github.com/me/hello-world",
    ]);
    let topic = world.repository.sha("topic");
    let pull =
        json!({"pull_request": {"head": {"sha": topic, "repo": {"full_name": "me/hello-world"}}}});
    let dry_run = |event: &str, code| {
        let machine = in_actions(&world, fork.path(), event, &pull, &fork.head());
        let machine = machine.without("DEPLOYCTL_REPO");
        machine.run(["create", "--dry-run", "--json"]).expect(code)
    };
    let made = dry_run("pull_request", 0).json();
    assert_eq!(made["body"]["ref"], topic);
    let url = made["url"].as_str().expect("a URL");
    assert!(url.ends_with("/repos/me/hello-world/deployments"), "{url}");
    let refused = dry_run("push", 2);
    for name in ["octocat/hello-world", "me/hello-world"] {
        assert!(refused.stderr().contains(name), "{}", refused.stderr());
    }
}
