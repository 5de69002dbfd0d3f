//! `reap` ends deployments that have had no update for a long time.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::http::Client;
use crate::support::proxy::Fault;
use crate::support::pty::Terminal;
use crate::world::{REPO, World, lines};

impl World {
    /// A deployment whose last update was this many minutes ago.
    fn silent(&self, environment: &str, state: &str, minutes: u64) -> u64 {
        let body = json!({"ref": "main", "environment": environment, "auto_merge": false,
            "production_environment": environment == "production"});
        let id = self.post("/deployments", &body)["id"]
            .as_u64()
            .expect("an id");
        if state != "none" {
            let body = json!({"state": state, "auto_inactive": false});
            self.post(&format!("/deployments/{id}/statuses"), &body);
        }
        self.make_older(id, minutes);
        id
    }

    fn make_older(&self, id: u64, minutes: u64) {
        let store =
            Connection::open(self.server.data().join("sandbox.sqlite3")).expect("the store");
        store
            .busy_timeout(std::time::Duration::from_secs(10))
            .expect("patience");
        store
            .execute_batch(&format!(
                "UPDATE deployments SET created_at = created_at - 60 * {minutes},
                    updated_at = updated_at - 60 * {minutes} WHERE id = {id};
                UPDATE deployment_statuses SET created_at = created_at - 60 * {minutes}
                    WHERE deployment_id = {id};"
            ))
            .expect("made older");
    }

    /// A deployment that an agent claimed this many minutes ago.
    fn claimed(&self, minutes: u64, holds: u64) -> u64 {
        let id = self.silent("claimed", "none", 0);
        let body = json!({"state": "in_progress", "auto_inactive": false,
            "description": format!("claimed by web-1 (abc) for {holds} s")});
        self.post(&format!("/deployments/{id}/statuses"), &body);
        self.make_older(id, minutes);
        id
    }

    fn state(&self, id: u64) -> Value {
        let outcome = self.run(&format!("status {id} --json")).expect(0);
        outcome.json()
    }
}

#[test]
fn an_abandoned_deployment_does_not_count_as_existing() {
    let world = World::new();
    let abandoned = world.silent("qa", "none", 180);
    let unique = ["create", "-e", "qa", "--ref", "main", "--unique"];
    let made = world.machine.run(unique).expect(0);
    assert_ne!(made.stdout().trim(), abandoned.to_string());
    let hint = format!("deployctl reap {abandoned}");
    assert!(made.stderr().contains(&hint), "{}", made.stderr());
    let again = world.machine.run(unique).expect(0);
    assert_eq!(again.stdout(), made.stdout());
}

#[test]
fn stuck_deployments_end_as_error_and_no_others_change() {
    let world = World::new();
    let pending = world.silent("qa", "none", 180);
    let queued = world.silent("qa", "queued", 121);
    let running = world.silent("production", "in_progress", 600);
    let recent = world.silent("qa", "in_progress", 119);
    let live = world.silent("production", "success", 900);
    let failed = world.silent("qa", "failure", 900);
    world.proxy.forget();

    let plan = world.run("reap --dry-run --json").expect(0).json();
    let ids = |list: &str| -> Vec<u64> {
        let all = plan[list].as_array().expect("a list");
        all.iter()
            .map(|one| one["id"].as_u64().expect("an id"))
            .collect()
    };
    assert_eq!(
        ids("deployments"),
        [running, pending, queued],
        "oldest first"
    );
    assert_eq!(ids("kept"), [recent]);
    assert_eq!(plan["kept"][0]["reason"], "recent");
    assert_eq!(
        (&plan["command"], &plan["end_as"]),
        (&json!("reap"), &json!("error"))
    );
    assert!(world.writes().is_empty());

    let outcome = world.run("reap --yes").expect(0);
    let mut printed: Vec<u64> = outcome
        .stdout()
        .lines()
        .map(|line| line.parse().expect("an id"))
        .collect();
    printed.sort_unstable();
    assert_eq!(printed, [pending, queued, running]);
    for id in [pending, queued, running] {
        let now = world.state(id);
        assert_eq!(now["state"], "error");
        let text = now["latest_status"]["description"]
            .as_str()
            .expect("a text");
        assert!(text.starts_with("no update since 20"), "{text}");
    }
    assert_eq!(world.state(recent)["state"], "in_progress");
    assert_eq!(world.state(live)["state"], "active");
    assert_eq!(world.state(failed)["state"], "failure");
    assert_eq!(world.writes().len(), 3);

    let again = world.run("reap --yes").expect(0);
    assert_eq!(again.stdout(), "");
    assert!(again.stderr().contains("is stuck"), "{}", again.stderr());
}

#[test]
fn a_deployment_that_moves_on_after_the_plan_is_kept() {
    let world = World::new();
    let stuck = world.silent("qa", "queued", 180);
    let awake = world.silent("qa", "queued", 180);
    drop(world.run("reap --plan-out plan.json").expect(0));
    // The first query reads the states for the plan; the next ones are the
    // checks right before the writes.
    world.proxy.fault("POST", "*/graphql", 2.., Fault::Hold);
    let running = world.machine.command(["reap", "--yes", "--json"]).spawn();
    world.proxy.wait_for("POST", "*/graphql", 3);
    let path = format!("{REPO}/deployments/{awake}/statuses");
    let body = json!({"state": "in_progress"}).to_string();
    let made = Client::new(world.server.url()).send_unchecked("POST", &path, Some(body.as_bytes()));
    drop(made.expect(201));
    world.proxy.heal();
    let outcome = running.finish().expect(0);
    let results = outcome.json();
    let result = |id: u64| {
        let all = results.as_array().expect("a list");
        let one = all.iter().find(|one| one["id"] == id).expect("a result");
        (one["result"].clone(), one["state"].clone())
    };
    assert_eq!(result(stuck), (json!("done"), json!("error")));
    assert_eq!(result(awake).0, json!("kept"));
    assert_eq!(world.state(awake)["state"], "in_progress");

    // Both have changed since the first plan.
    world.proxy.forget();
    drop(world.run("reap --apply plan.json --yes").expect(0));
    assert!(world.writes().is_empty(), "{:?}", lines(&world.writes()));
    drop(world.run("deactivate --apply plan.json --yes").expect(2));
}

#[test]
fn states_ages_and_ids_select_and_the_final_state_can_be_set() {
    let world = World::new();
    let queued = world.silent("qa", "queued", 30);
    let pending = world.silent("preview/1", "none", 10);
    let live = world.silent("qa", "success", 600);
    for (line, code) in [
        ("reap --state active --yes", 2),
        ("reap --active --yes", 2),
        ("reap --as success --yes", 2),
        ("reap", 2),
        ("reap 4711 --yes", 3),
        ("reap -e nowhere --yes", 3),
        ("reap -e nowhere --yes --ignore-missing", 0),
        ("reap --state queued --older-than 1h --yes", 0),
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), code, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    // Naming a deployment that is not stuck yet is a failure; naming one that
    // has ended is not.
    let kept = world.run(&format!("reap {queued} --yes")).expect(1);
    assert!(kept.stderr().contains("--older-than"), "{}", kept.stderr());
    drop(world.run(&format!("reap {live} --yes")).expect(0));
    assert!(world.writes().is_empty());

    let typed = format!("reap {queued} --older-than 5m --as inactive --yes --description over");
    drop(world.run(&typed).expect(0));
    let now = world.state(queued);
    assert_eq!(now["state"], "inactive");
    assert_eq!(now["latest_status"]["description"], "over");
    drop(
        world
            .run("reap -e preview/* --older-than 5m --yes")
            .expect(0),
    );
    assert_eq!(world.state(pending)["state"], "error");
}

#[test]
fn many_stuck_deployments_are_ended_in_batches() {
    let world = World::with(|config| config.enforce_limits = true);
    // 110 posts exceed the limits of one token.
    for _ in 0..55 {
        world.silent("qa", "queued", 180);
    }
    let store = Connection::open(world.server.data().join("sandbox.sqlite3")).expect("the store");
    store
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
            INSERT INTO deployments (repository_id, sha, ref, task, payload, original_environment,
                environment, creator_id, transient_environment, production_environment,
                created_at, updated_at)
            SELECT (SELECT id FROM repositories), printf('%040x', i), 'main', 'deploy', '{}', 'qa',
                'qa', 200000001, 0, 0, 1767603600 + i, 1767603600 + i FROM n;",
        )
        .expect("filled");
    let outcome = world.run("reap --yes --json").expect(0);
    let results = outcome.json();
    let all = results.as_array().expect("a list");
    assert_eq!(all.len(), 255);
    assert!(
        all.iter()
            .all(|one| one["result"] == "done" && one["state"] == "error")
    );
    assert!(world.writes().is_empty(), "no single request was needed");
    let requests = world.proxy.requests();
    assert!(requests.len() < 60, "{}", requests.len());
    assert!(
        requests
            .iter()
            .all(|one| !matches!(one.status, Some(403 | 429)))
    );
    let states: Vec<String> = world
        .list()
        .iter()
        .map(|one| one["state"].as_str().expect("a state").to_owned())
        .collect();
    assert!(states.iter().all(|state| state == "error"), "{states:?}");
}

#[test]
fn a_user_sees_what_is_stuck_and_is_asked() {
    let world = World::new();
    let id = world.silent("qa", "in_progress", 180);
    let mut terminal = Terminal::start(&world.machine, ["reap"]);
    let screen = terminal.wait_for("End 1 deployment as error? [y/N]");
    assert!(screen.contains(&id.to_string()), "{screen}");
    terminal.press("y\r");
    let ending = terminal.finish().expect(0);
    assert!(ending.screen.contains("ended 1 in"), "{}", ending.screen);
    assert_eq!(world.state(id)["state"], "error");
}

#[test]
fn a_claim_that_has_not_expired_is_respected() {
    let world = World::new();
    let held = world.claimed(300, 6 * 3600);
    let lapsed = world.claimed(300, 3600);
    let outcome = world.run("reap --yes --json").expect(0);
    let results: Vec<(u64, &str)> = outcome
        .json()
        .as_array()
        .expect("an array")
        .iter()
        .map(|one| {
            let result = if one["result"] == "done" {
                "done"
            } else {
                assert_eq!(one["reason"], "claimed");
                "kept"
            };
            (one["id"].as_u64().expect("an id"), result)
        })
        .collect();
    assert_eq!(results, [(lapsed, "done"), (held, "kept")]);
    assert_eq!(world.state(held)["state"], "in_progress");
    let named = world
        .run(&format!("reap {held} --older-than 1m --yes"))
        .expect(1);
    assert!(named.stderr().contains("agent"), "{}", named.stderr());
}
