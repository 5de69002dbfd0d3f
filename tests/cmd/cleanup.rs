//! Cleaning up after pull requests and interrupted runs: active deployments are
//! kept, and a later run can delete the rest.

use serde_json::{Value, json};

use crate::bulk::{Wanted, of, results, text};
use crate::support::cli::Outcome;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::world::{REPO, World};

impl World {
    /// Adds a pull request to the sandbox.
    fn add_pull(&self, head: &str, base: &str, state: &str, merged: bool) -> u64 {
        let body = json!({"head": head, "base": base, "state": state, "merged": merged});
        let path = format!("/_sandbox{REPO}/pulls");
        let made = Client::new(self.server.url()).post(&path, &body);
        made.expect(201).json()["number"]
            .as_u64()
            .expect("a number")
    }

    fn environments(&self) -> Vec<String> {
        let outcome = self.run("env list --json=name").expect(0);
        let all = outcome.json();
        let all = all.as_array().expect("an array");
        all.iter().map(|one| text(&one["name"])).collect()
    }

    /// From now on, the server refuses to delete environments.
    fn refuse_to_delete_environments(&self) {
        let no = json!({"message": "Must have admin rights to Repository."});
        let path = format!("{REPO}/environments/*");
        self.proxy
            .fault("DELETE", &path, 1.., Fault::Answer(Answer::json(403, &no)));
    }
}

/// The results for environments, as `(name, result)`.
fn environment_results(outcome: &Outcome) -> Vec<(String, String)> {
    let json = outcome.json();
    let all = json.as_array().expect("an array");
    all.iter()
        .filter(|one| one["id"].is_null())
        .map(|one| (text(&one["environment"]), text(&one["result"])))
        .collect()
}

fn kept(id: u64) -> (u64, String, String) {
    (id, "kept".to_owned(), "live_branch".to_owned())
}

#[test]
fn closed_pulls_keep_deployments_of_branches_that_exist() {
    let world = World::new();
    world.repository.git(["branch", "staging", "main"]);
    world.add_pull("staging", "main", "closed", true);
    world.add_pull("main", "behind", "closed", true);
    world.add_pull("topic", "main", "closed", false);
    let promoted = world.make_of("staging", of("staging", "success"));
    let merged_back = world.make_of("main", of("trunk", "success"));
    let rejected = world.make_of("refs/heads/topic", of("review", "success"));
    world.proxy.forget();

    for line in [
        "delete --closed-pulls --force --with-environment --yes --json",
        "deactivate --closed-pulls --yes --json",
    ] {
        let outcome = world.run(line).expect(3);
        assert_eq!(
            results(&outcome),
            [kept(promoted), kept(merged_back), kept(rejected)],
            "{line}"
        );
        assert!(environment_results(&outcome).is_empty(), "{line}");
        let plain = world.run(line.trim_end_matches(" --json")).expect(3);
        assert!(
            plain.stderr().contains("still exists"),
            "{}",
            plain.stderr()
        );
    }
    assert!(world.sent_changes().is_empty());
    assert_eq!(world.environments().len(), 3);
}

#[test]
fn closed_pulls_delete_environments_only_by_their_name() {
    let world = World::new();
    let number = world.add_pull("topic", "main", "closed", true);
    let named = format!("preview/pr-{number}");
    let by_ref = world.make_of("topic", of("qa", "success"));
    let by_name = world.make_of("main", of(&named, "success"));
    world.repository.git(["branch", "-D", "topic"]);
    let outcome = world
        .run("delete --closed-pulls --force --with-environment --yes --json")
        .expect(0);
    let done = |id: u64| (id, "done".to_owned(), String::new());
    assert_eq!(results(&outcome)[..2], [done(by_ref), done(by_name)]);
    assert_eq!(environment_results(&outcome), [(named, "done".to_owned())]);
    assert_eq!(world.environments(), ["qa"]);
}

#[test]
fn closed_pulls_change_nothing_if_branches_cannot_be_read() {
    let world = World::new();
    world.add_pull("topic", "main", "closed", true);
    let id = world.make_of("topic", of("qa", "inactive"));
    let no = json!({"message": "Resource not accessible by personal access token"});
    world.proxy.fault(
        "GET",
        &format!("{REPO}/branches"),
        1..,
        Fault::Answer(Answer::json(403, &no)),
    );
    let outcome = world.run("delete --closed-pulls --yes").expect(5);
    assert!(
        outcome.stderr().contains("Contents: read"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(world.ids(), [id]);
}

#[test]
fn the_next_run_deletes_environments_that_an_earlier_run_emptied() {
    for (first, next) in [
        ("-e preview/1", "-e preview/1"),
        ("-e preview/*", "-e preview/*"),
        ("-e preview/1 -e nowhere", "-e preview/1 -e nowhere"),
        ("--closed-pulls --pull-pattern preview/{number}", ""),
        ("-e preview/* --older-than 0s", "-e preview/*"),
        ("-e preview/1 --state inactive", ""),
        ("--task deploy", "-e preview/1"),
    ] {
        let world = World::new();
        world.add_pull("topic", "main", "closed", true);
        world.make_of("topic", of("preview/1", "inactive"));
        let other = world.make(of("preview/other", "none"));
        world.set(&other.to_string(), "in_progress --environment elsewhere");
        world.refuse_to_delete_environments();
        let next = if next.is_empty() { first } else { next };
        let first = format!("delete {first} --with-environment --force --yes");
        let outcome = world.run(&first);
        assert_eq!(outcome.code(), 5, "{first}: {}", outcome.stderr());
        assert!(
            outcome
                .stderr()
                .contains("delete -e ENV --with-environment"),
            "{}",
            outcome.stderr()
        );
        drop(outcome);
        world.proxy.heal();

        let planned = format!("delete {next} --with-environment --dry-run --json");
        let plan = world.run(&planned).expect(0).json();
        let names = plan["environments"].as_array().expect("names").clone();
        assert!(names.contains(&json!("preview/1")), "{planned}: {plan}");
        let line = format!("delete {next} --with-environment --yes --json");
        let outcome = world.run(&line);
        assert_eq!(outcome.code(), 0, "{line}: {}", outcome.stderr());
        let done = ("preview/1".to_owned(), "done".to_owned());
        assert!(environment_results(&outcome).contains(&done), "{line}");
        drop(outcome);
        assert!(!world.environments().contains(&"preview/1".to_owned()));
        assert_eq!(world.run(&line).code(), 3, "{line}: nothing is left");
    }
}

#[test]
fn a_saved_plan_deletes_environments_that_became_empty() {
    let world = World::new();
    world.make(of("preview/1", "inactive"));
    let plan = world.machine.home().join("plan.json");
    let file = plan.to_str().expect("a path");
    drop(
        world
            .run(&format!(
                "delete -e preview/1 --with-environment --plan-out {file}"
            ))
            .expect(0),
    );
    drop(world.run("delete -e preview/1 --yes").expect(0));
    let outcome = world
        .run(&format!("delete --apply {file} --yes --json"))
        .expect(0);
    assert_eq!(
        environment_results(&outcome),
        [("preview/1".to_owned(), "done".to_owned())]
    );
    assert!(world.environments().is_empty());
}

#[test]
fn empty_environments_are_kept_unless_they_are_named() {
    let world = World::new();
    for name in ["preview/new", "production", "qa"] {
        drop(world.run(&format!("env create {name}")).expect(0));
    }
    for line in [
        "delete -e preview/new --yes",
        "delete -e preview/* --state inactive --with-environment --yes",
        "delete -e preview/* --older-than 1d --with-environment --yes",
        "delete --keep 0 --with-environment --yes",
        "delete -e preview/new --keep 1 --with-environment --yes",
        "delete -e production --with-environment --yes",
        "delete -e prod* --with-environment --yes",
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), 3, "{line}: {}", outcome.stderr());
    }
    assert_eq!(world.environments().len(), 3);
}

#[test]
fn a_name_that_looks_like_a_pattern_selects_itself_alone() {
    let world = World::new();
    let bracketed = world.make(of("feat[1]", "inactive"));
    let other = world.make(of("feat1", "inactive"));
    let ids = |line: &str| -> Vec<u64> {
        let outcome = world.run(line).expect(0);
        let plan = outcome.json();
        let steps = plan["deployments"].as_array().expect("steps");
        steps.iter().filter_map(|one| one["id"].as_u64()).collect()
    };
    assert_eq!(ids("delete -e feat[1] --dry-run --json"), [bracketed]);
    assert_eq!(ids("delete -e feat\\[1] --dry-run --json"), [bracketed]);
    assert_eq!(ids("delete -e feat[1] -e qa --dry-run --json"), [bracketed]);
    assert_eq!(ids("delete -e feat[12] --dry-run --json"), [other]);
    // The environment still exists under that name, but has no deployments.
    drop(world.run("delete -e feat[1] --yes").expect(0));
    drop(world.run("delete -e feat[1] --yes").expect(3));
    assert_eq!(world.ids(), [other]);
}

#[test]
fn keeping_everything_for_lack_of_an_option_fails_with_1_and_not_3() {
    let world = World::new();
    world.make(of("qa", "success"));
    world.make(Wanted {
        production: true,
        ..of("live", "success")
    });
    for (line, option) in [
        ("delete -e qa --yes", "--force"),
        ("delete -e qa --yes --ignore-missing", "--force"),
        ("deactivate -e live --yes", "--include-production"),
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), 1, "{line}: {}", outcome.stderr());
        assert!(outcome.stderr().contains(option), "{}", outcome.stderr());
    }
    assert_eq!(world.ids().len(), 2);
}

#[test]
fn unknown_ids_are_missing_for_every_command() {
    let world = World::new();
    for verb in ["deactivate", "delete", "reap"] {
        drop(world.run(&format!("{verb} 4711 --yes")).expect(3));
        drop(world.run(&format!("{verb} 4711 --dry-run")).expect(3));
        drop(
            world
                .run(&format!("{verb} 4711 --yes --ignore-missing"))
                .expect(0),
        );
    }
    let ended: Value = world.make(of("qa", "inactive")).into();
    for verb in ["deactivate", "reap"] {
        drop(world.run(&format!("{verb} {ended} --yes")).expect(0));
    }
}
