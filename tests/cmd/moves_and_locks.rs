//! `promote` and `rollback` with locks.

use serde_json::json;

use crate::lock::Team;
#[cfg(target_os = "linux")]
use crate::rollback::deploy_by_actions;
#[cfg(target_os = "linux")]
use crate::support::cli::binary;
use crate::support::proxy::{Answer, Fault};
use crate::world::{REPO, lines};

const ROLLBACK: &str = "rollback -e production --respect-locks --yes";

/// A team whose production has a previous good commit, and whose staging has
/// another commit than production.
fn team() -> Team {
    let team = Team::new();
    for (ref_name, environment) in [
        ("behind", "production"),
        ("main", "production"),
        ("topic", "staging"),
    ] {
        let line = format!("create --ref {ref_name} -e {environment} --no-required-contexts");
        let created = team.run_directly("mona", &line).expect(0);
        let id = created.stdout().trim();
        let line = format!("status set {id} success");
        drop(team.run_directly("mona", &line).expect(0));
    }
    team
}

/// The deployments that were requested.
fn requested(team: &Team) -> usize {
    let path = format!("{REPO}/deployments");
    team.world.proxy.matching("POST", &path).len()
}

#[test]
fn a_locked_environment_is_not_deployed_to() {
    let team = team();
    let locked = team.run_directly("octocat", "lock production -m incident");
    drop(locked.expect(0));
    for line in [ROLLBACK, "promote staging production --respect-locks --yes"] {
        let refused = team.run("mona", line).expect(11);
        assert!(refused.stderr().contains("octocat"), "{}", refused.stderr());
        assert!(
            refused.stderr().contains("incident"),
            "{}",
            refused.stderr()
        );
        assert_eq!(requested(&team), 0, "{line}");
    }
    // The owner of the lock is not held up, and a lock can be ignored.
    drop(team.run("octocat", ROLLBACK).expect(0));
    let line = "promote staging production --ignore-locks=urgent --anyway --yes";
    drop(team.run("mona", line).expect(0));
    let deployments = team
        .run_directly("mona", "list -e production --json")
        .expect(0);
    let description = deployments.json()[0]["description"].to_string();
    assert!(
        description.contains("lock of octocat ignored by mona"),
        "{description}"
    );
}

#[test]
fn a_rollback_locks_before_it_requests() {
    let team = team();
    let line = "rollback -e production --lock=broken --yes";
    let rollback = team.run("mona", line).expect(0);
    assert!(
        !rollback.stderr().contains("deployctl lock"),
        "{}",
        rollback.stderr()
    );
    let writes = lines(&team.world.writes());
    let position = |path: &str| {
        let line = format!("POST {REPO}{path}");
        writes.iter().position(|write| *write == line)
    };
    assert!(position("/git/refs").is_some(), "{writes:?}");
    assert!(
        position("/git/refs") < position("/deployments"),
        "{writes:?}"
    );
    let locks = team.run_directly("guest", "lock list --json").expect(0);
    assert_eq!(locks.json()[0]["reason"], "broken");
    let create = "create --ref main -e production --respect-locks";
    drop(team.run("hubot", create).expect(11));
}

#[test]
fn without_a_lock_a_hint_names_it() {
    let team = team();
    let rollback = team.run("mona", "rollback -e production --yes").expect(0);
    assert!(
        rollback.stderr().contains("deployctl lock production"),
        "{}",
        rollback.stderr()
    );
}

#[test]
fn the_lock_is_given_back_if_nothing_was_created() {
    let team = team();
    let refused = Answer::json(422, &json!({"message": "Validation Failed"}));
    let path = format!("{REPO}/deployments");
    let proxy = &team.world.proxy;
    proxy.fault("POST", &path, 1.., Fault::Answer(refused));
    drop(
        team.run("mona", "rollback -e production --lock --yes")
            .expect(1),
    );
    let locks = team.run_directly("guest", "lock list --json").expect(0);
    assert_eq!(locks.json(), json!([]));
}

#[cfg(target_os = "linux")]
#[test]
fn the_lock_stays_if_the_job_runs_again_and_its_run_cannot_be_printed() {
    let team = Team::new();
    let run = deploy_by_actions(&team.world, "topic");
    let rerun = format!("{REPO}/actions/jobs/{}/rerun", run["jobs"][0]["id"]);
    let create = "create --ref main -e production --no-required-contexts";
    let created = team.run_directly("mona", create).expect(0);
    let id = created.stdout().trim().to_owned();
    let success = format!("status set {id} success");
    drop(team.run_directly("mona", &success).expect(0));
    let full = std::fs::File::create("/dev/full").expect("a device");
    let machine = team.machine("mona");
    let output = std::process::Command::new(binary())
        .args("rollback -e production --via rerun --lock --yes".split(' '))
        .env_clear()
        .envs(machine.environment())
        .current_dir(machine.cwd())
        .stdout(full)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(team.world.proxy.matching("POST", &rerun).len(), 1);
    let locks = team.run_directly("guest", "lock list --json").expect(0);
    assert_eq!(locks.json()[0]["created_by"], "mona");
}

#[test]
fn a_lock_of_somebody_else_is_not_taken() {
    let team = team();
    drop(team.run_directly("octocat", "lock production").expect(0));
    drop(
        team.run("mona", "rollback -e production --lock --yes")
            .expect(11),
    );
    assert_eq!(requested(&team), 0);
    let locks = team.run_directly("guest", "lock list --json").expect(0);
    assert_eq!(locks.json()[0]["created_by"], "octocat");
}
