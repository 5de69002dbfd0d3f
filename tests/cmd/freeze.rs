//! Freezes, and the commands that respect them and locks.

use serde_json::{Value, json};

use crate::lock::Team;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::world::{REPO, lines};

const FILE: &str = ".github/deployctl.toml";

/// Always in force, but for hotfixes.
const FROZEN: &str = r#"
[[freeze]]
name = "forever"
environment = ["production", "live-*"]
from = 2020-01-01
time_zone = "Europe/Berlin"
reason = "the shop moves"
allow_task = ["hotfix"]
"#;

const WEEKENDS: &str = r#"
[[freeze]]
name = "weekends"
weekly = ["Fri 16:00 - Mon 08:00"]
time_zone = "America/New_York"

[[freeze]]
name = "past"
until = 2020-01-01
time_zone = "UTC"
"#;

/// A team whose default branch has these settings.
fn team(settings: &str) -> Team {
    let team = Team::new();
    settle(&team, settings);
    team
}

fn settle(team: &Team, settings: &str) {
    let repository = &team.world.repository;
    std::fs::create_dir_all(repository.path().join(".github")).expect("a folder");
    repository.checkout("main");
    repository.commit(FILE, settings, "Set the freezes");
}

fn deployments(team: &Team) -> Vec<Value> {
    let list = team
        .run("guest", "list --limit all --json")
        .expect(0)
        .json();
    list.as_array().expect("an array").clone()
}

#[test]
fn what_is_frozen_is_listed_and_checked() {
    let team = team(FROZEN);
    let checked = team.run("mona", "freeze check -e production").expect(11);
    assert_eq!(checked.stdout(), "production is frozen: the shop moves\n");
    drop(team.run("mona", "freeze check").expect(11));
    drop(team.run("mona", "freeze check -e live-eu").expect(11));
    drop(team.run("mona", "freeze check -e staging").expect(0));
    drop(
        team.run("mona", "freeze check -e production --task hotfix")
            .expect(0),
    );
    drop(
        team.run(
            "mona",
            "freeze check -e production --at 2019-12-31T22:59:59Z",
        )
        .expect(0),
    );
    drop(
        team.run(
            "mona",
            "freeze check -e production --at 2019-12-31T23:00:00Z",
        )
        .expect(11),
    );
    let record = team
        .run("mona", "freeze check -e production --json")
        .expect(11)
        .json();
    assert_eq!(record["frozen"], true);
    assert_eq!(record["name"], "forever");
    assert_eq!(record["starts_at"], "2019-12-31T23:00:00Z");
    assert_eq!(record["ends_at"], Value::Null);

    let listed = team.run("mona", "freeze list").expect(0);
    assert_eq!(
        listed.stdout(),
        "forever\tproduction, live-*\tfrom 2020-01-01\tEurope/Berlin\tfrozen\t2019-12-31T23:00:00Z\t\tthe shop moves\n"
    );
    let checked = team.run("mona", "lock check production staging").expect(11);
    assert_eq!(
        checked.stdout(),
        "production\tfrozen\t\t\t\tthe shop moves\nstaging\tfree\t\t\t\t\n"
    );
}

#[test]
fn the_clocks_of_the_named_time_zone_count() {
    let team = team(WEEKENDS);
    // The Sundays on which New York changes its clocks are 8 March and 1 November.
    for (at, code) in [
        ("2026-03-06T20:59:59Z", 0),
        ("2026-03-06T21:00:00Z", 11),
        ("2026-03-09T11:59:59Z", 11),
        ("2026-03-09T12:00:00Z", 0),
        ("2026-10-30T19:59:59Z", 0),
        ("2026-10-30T20:00:00Z", 11),
        ("2026-11-02T12:59:59Z", 11),
        ("2026-11-02T13:00:00Z", 0),
        ("2026-11-02T08:00:00-05:00", 0),
    ] {
        let outcome = team.run("mona", &format!("freeze check -e x --at {at}"));
        assert_eq!(outcome.code(), code, "{at}");
    }
    let listed = team.run("mona", "freeze list --json").expect(0).json();
    assert_eq!(listed[0]["weekly"], json!(["Fri 16:00 - Mon 08:00"]));
    assert!(listed[0]["starts_at"].is_string());
    assert_eq!(listed[1]["ends_at"], Value::Null, "it is over");
    let none = Team::new().run("mona", "freeze list").expect(0);
    assert_eq!(none.stdout(), "");
    assert!(none.stderr().contains("there is no freeze"));
}

#[test]
fn a_broken_file_stops_whoever_respects_freezes() {
    let team = team("[[freeze]]\nfrom = 2026-01-01\ntime_zone = \"Europe/Berlln\"\n");
    for line in [
        "freeze list",
        "freeze check",
        "lock check qa",
        "create --ref main -e qa --respect-locks",
    ] {
        let failed = team.run("mona", line).expect(1);
        let place = format!("{FILE}:3:13: there is no time zone \"Europe/Berlln\"");
        assert!(
            failed.stderr().contains(&place),
            "{line}: {}",
            failed.stderr()
        );
    }
    assert_eq!(deployments(&team).len(), 0);
    // Locks have nothing to do with it, and it can be overridden.
    drop(team.run("mona", "lock qa").expect(0));
    drop(team.run("mona", "lock list").expect(0));
    drop(team.run("hubot", "lock check qa").expect(11));
    drop(team.run("mona", "unlock qa").expect(0));
    drop(
        team.run("mona", "create --ref main -e qa --ignore-locks")
            .expect(0),
    );
    settle(&team, "");
    drop(
        team.run("mona", "create --ref main -e qa --respect-locks")
            .expect(0),
    );
}

#[test]
fn create_respects_locks_when_it_is_told_to() {
    let team = team(FROZEN);
    drop(team.run("hubot", "lock qa -m mine").expect(0));
    for line in [
        "create --ref main -e qa --respect-locks",
        "create --ref main -e production --respect-locks",
    ] {
        let refused = team.run("mona", line).expect(11);
        assert_eq!(refused.stdout(), "");
    }
    let by_variable = |value: &str, line: &str| {
        let machine = team.machine("mona").env("DEPLOYCTL_LOCKS", value);
        machine.run(line.split(' '))
    };
    drop(by_variable("1", "create --ref main -e qa").expect(11));
    assert_eq!(deployments(&team).len(), 0);
    drop(by_variable("0", "create --ref main -e qa").expect(0));
    drop(by_variable("0", "create --ref main -e qa --respect-locks").expect(11));
    drop(team.run("mona", "create --ref main -e qa").expect(0));
    drop(
        team.run("hubot", "create --ref main -e qa --respect-locks")
            .expect(0),
    );
    drop(
        team.run(
            "mona",
            "create --ref main -e production --task hotfix --respect-locks",
        )
        .expect(0),
    );
    drop(
        team.run("mona", "create --ref main -e staging --respect-locks")
            .expect(0),
    );
}

#[test]
fn a_checkout_with_the_file_respects_locks_by_itself() {
    let team = team(FROZEN);
    let top = team.world.repository.path();
    let folder = top.join("below");
    std::fs::create_dir_all(&folder).expect("a folder");
    let line = ["create", "--ref", "main"];
    for at in [top, &folder] {
        drop(team.machine("mona").at(at).run(line).expect(11));
    }
    let off = team.machine("mona").at(top).env("DEPLOYCTL_LOCKS", "0");
    drop(off.run(line).expect(0));
    // The checkout of another repository does not count.
    team.world
        .repository
        .remote("origin", "https://github.com/octocat/other.git");
    drop(team.machine("mona").at(top).run(line).expect(0));
    team.world.repository.git([
        "remote",
        "set-url",
        "origin",
        "https://github.com/octocat/hello-world.git",
    ]);
    drop(team.machine("mona").at(top).run(line).expect(11));
}

#[test]
fn whoever_ignores_a_lock_is_named_in_the_description() {
    let team = team(FROZEN);
    drop(team.run("hubot", "lock qa -m moving").expect(0));
    let described = |args: &[&str]| {
        let args = [&["create", "--ref", "main", "--json=description"], args].concat();
        let outcome = team.machine("mona").run(args).expect(0);
        outcome.json()["description"].clone()
    };
    assert_eq!(
        described(&["-e", "qa", "--ignore-locks"]),
        "lock of hubot ignored by mona: moving"
    );
    assert_eq!(
        described(&[
            "-e",
            "qa",
            "--ignore-locks=outage",
            "--description",
            "Fix it"
        ]),
        "Fix it; lock of hubot ignored by mona: outage"
    );
    assert_eq!(
        described(&["--ignore-locks"]),
        "freeze forever ignored by mona: the shop moves"
    );
    assert_eq!(described(&["-e", "staging", "--ignore-locks"]), Value::Null);
}

#[test]
fn a_lock_that_comes_in_between_ends_the_deployment() {
    let team = Team::new();
    let path = format!("{REPO}/deployments");
    team.world.proxy.fault("POST", &path, 1..=1, Fault::Hold);
    let line = [
        "create",
        "--ref",
        "main",
        "-e",
        "qa",
        "--respect-locks",
        "--wait",
    ];
    let running = team.machine("mona").command(line).spawn();
    team.world.proxy.wait_for("POST", &path, 1);
    drop(team.run_directly("hubot", "lock qa -m mine").expect(0));
    team.world.proxy.heal();
    let refused = running.finish().expect(11);
    assert_eq!(refused.stdout(), "");
    let said = "had been created already and was ended as error";
    assert!(refused.stderr().contains(said), "{}", refused.stderr());
    let all = deployments(&team);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["state"], "error");
    assert_eq!(
        all[0]["latest_status"]["description"],
        "locked by hubot: mine"
    );
}

#[test]
fn a_second_look_that_fails_ends_the_deployment_too() {
    let team = Team::new();
    let no = Answer::json(404, &json!({"message": "Not Found"}));
    team.world
        .proxy
        .fault("POST", "/graphql", 2..=2, Fault::Answer(no));
    drop(
        team.run("mona", "create --ref main -e qa --respect-locks")
            .expect(1),
    );
    let all = deployments(&team);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["state"], "error");
}

#[test]
fn approve_leaves_what_is_locked() {
    let team = Team::new();
    for name in ["qa", "live"] {
        let line = format!("env create {name} --reviewer mona");
        drop(team.run_directly("mona", &line).expect(0));
    }
    let job = |name: &str| json!({"name": name, "environment": name});
    let run = json!({"workflow": "deploy", "ref": "main", "jobs": [job("qa"), job("live")]});
    let client = Client::new(team.world.server.url());
    let made = client.post(&format!("/_sandbox{REPO}/runs"), &run);
    let id = made.expect(201).json()["id"].to_string();
    drop(
        team.run_directly("hubot", "lock --global -m outage")
            .expect(0),
    );
    let approve = |extra: &str| team.run("mona", &format!("approve {id} --yes {extra}"));
    let refused = approve("--respect-locks").expect(11);
    let said = "all environments are locked by hubot";
    assert!(refused.stderr().contains(said), "{}", refused.stderr());
    drop(team.run_directly("hubot", "unlock --global").expect(0));
    drop(team.run_directly("hubot", "lock live -m mine").expect(0));
    // Something was approved, and something was not.
    let some = approve("--respect-locks").expect(1);
    assert!(some.stdout().contains("qa\tapproved"), "{}", some.stdout());
    assert!(some.stdout().contains("live\tfailed"), "{}", some.stdout());
    drop(approve("-e live --ignore-locks=outage").expect(0));
    let path = format!("{REPO}/actions/runs/{id}/approvals");
    let approvals = client.get(&path).expect(200).list();
    let comments: Vec<&str> = approvals
        .iter()
        .filter_map(|one| one["comment"].as_str())
        .collect();
    let ignored = "approved with deployctl; lock of hubot ignored by mona: outage";
    assert!(comments.contains(&ignored), "{comments:?}");
}

#[cfg(feature = "agent")]
#[test]
fn run_starts_nothing_while_it_is_locked() {
    let team = Team::new();
    let machine = team.machine("mona").at(team.world.repository.path());
    let started = machine.home().join("started");
    let started = started.to_str().expect("a path");
    let run = |extra: &[&str]| {
        let args = [
            &["run", "-e", "qa", "--respect-locks"],
            extra,
            &["--", "touch", started],
        ]
        .concat();
        machine.command(args)
    };
    drop(team.run_directly("hubot", "lock qa").expect(0));
    drop(run(&[]).finish().expect(11));
    assert_eq!(deployments(&team).len(), 0);
    drop(team.run_directly("hubot", "unlock qa").expect(0));

    let path = format!("{REPO}/deployments");
    team.world.proxy.fault("POST", &path, 1..=1, Fault::Hold);
    let running = run(&[]).spawn();
    team.world.proxy.wait_for("POST", &path, 1);
    drop(team.run_directly("hubot", "lock qa").expect(0));
    team.world.proxy.heal();
    drop(running.finish().expect(11));
    let all = deployments(&team);
    assert_eq!((all.len(), &all[0]["state"]), (1, &json!("error")));
    let flushed = machine.run(["flush"]).expect(0);
    assert!(
        !flushed.stderr().contains("interrupted"),
        "{}",
        flushed.stderr()
    );
    assert!(!std::path::Path::new(started).exists());

    // One that exists already is left to whoever may deploy it.
    let id = team.world.create("--ref main -e qa");
    let args = [
        "run",
        "--deployment",
        &id,
        "--respect-locks",
        "--",
        "touch",
        started,
    ];
    drop(machine.run(args).expect(11));
    let left = team
        .run("guest", &format!("status {id} --json=state"))
        .expect(0);
    assert_eq!(left.json()["state"], "pending");

    drop(team.run_directly("hubot", "unlock qa").expect(0));
    team.world.proxy.forget();
    drop(run(&[]).finish().expect(0));
    assert!(std::path::Path::new(started).exists());
    let sent = lines(&team.world.proxy.requests());
    let reads = sent
        .iter()
        .filter(|line| line.ends_with("/graphql"))
        .count();
    assert_eq!((reads, sent.len()), (2, 6), "{sent:?}");
}
