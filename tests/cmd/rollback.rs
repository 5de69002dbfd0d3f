//! `rollback`: an earlier good commit is deployed again.

use serde_json::{Value, json};

use crate::support::cli::Signal;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault, Recorded};
use crate::support::pty::Terminal;
use crate::world::{REPO, World, lines};

/// Deploys a ref to production and reports these states, one after another.
fn deploy(world: &World, ref_name: &str, states: &[&str]) -> u64 {
    let id = world.create(&format!(
        "--ref {ref_name} -e production --no-required-contexts"
    ));
    for state in states {
        world.set(&id, state);
    }
    id.parse().expect("an ID")
}

fn requested(world: &World) -> Vec<Value> {
    let path = format!("{REPO}/deployments");
    let sent = world.proxy.matching("POST", &path);
    sent.iter().map(Recorded::json).collect()
}

/// What a dry run would return to.
fn chosen(world: &World, options: &str) -> u64 {
    let line = format!("rollback -e production --dry-run --json {options}");
    let plan = world.run(&line).expect(0).json();
    plan["source"]["deployment"].as_u64().expect("an ID")
}

#[test]
fn the_previous_good_commit_is_requested_with_three_requests() {
    let world = World::new();
    let good = world.create("--ref behind -e production --transient --field n=1.50");
    world.set(&good, "success");
    deploy(&world, "topic", &["failure"]);
    let live = deploy(&world, "main", &["success"]);
    world.proxy.forget();
    let outcome = world.run("rollback -e production --yes").expect(0);
    let sha = world.repository.sha("behind");
    assert_eq!(
        requested(&world),
        [json!({
            "ref": sha, "task": "deploy", "auto_merge": false, "required_contexts": [],
            "payload": {"n": "1.50"}, "environment": "production",
            "description": format!("rollback to #{good} ({}) from #{live}", &sha[..7]),
            "transient_environment": true, "production_environment": true,
        })]
    );
    let list = format!("GET {REPO}/deployments");
    let create = format!("POST {REPO}/deployments");
    assert_eq!(
        lines(&world.proxy.requests()),
        ["POST /graphql", list.as_str(), &create]
    );
    assert!(
        outcome.stderr().contains("no status check"),
        "{}",
        outcome.stderr()
    );
    let id = outcome.stdout().trim();
    assert_eq!(world.list()[0]["id"].to_string(), id);

    // The undo line, typed back: refused while the rollback is under way, then
    // it returns to where we were; the rule alone would not choose that.
    let undo = outcome
        .stderr()
        .lines()
        .find_map(|line| line.strip_prefix("undo: deployctl "));
    let undo = format!("{} --yes", undo.expect("an undo line"));
    drop(world.run(&undo).expect(8));
    world.set(id, "success");
    drop(world.run("rollback -e production --dry-run").expect(3));
    let undone = world.run(&undo).expect(0);
    assert_eq!(world.list()[0]["sha"], world.repository.sha("main"));
    let undo = format!("undo: deployctl rollback -e production --to {id}");
    assert!(undone.stderr().contains(&undo), "{}", undone.stderr());
}

#[test]
fn histories_and_choices() {
    let world = World::new();
    let first = deploy(&world, "behind", &["success"]);
    drop(world.run("rollback -e production --dry-run").expect(3));
    let second = deploy(&world, "main", &["success"]);
    assert_eq!(chosen(&world, ""), first);
    // A, B, C failed: B again, although B is live.
    let failed = deploy(&world, "topic", &["failure"]);
    assert_eq!(chosen(&world, ""), second);
    assert_eq!(chosen(&world, "--to -2"), first);
    let plan = world
        .run("rollback -e production --dry-run --json")
        .expect(0)
        .json();
    assert_eq!(plan["undo"], Value::Null);
    let text = plan["request"]["description"].as_str().expect("a text");
    assert!(text.ends_with(&format!("from #{failed}")), "{text}");
    // A, B, A: nothing is before the first A, and B may be named.
    let again = deploy(&world, "behind", &["success"]);
    let none = world.run("rollback -e production --dry-run").expect(3);
    assert!(
        none.stderr().contains(&second.to_string()),
        "{}",
        none.stderr()
    );
    assert_eq!(chosen(&world, &format!("--to {second}")), second);
    assert_eq!(
        chosen(&world, &format!("--to {}", world.repository.sha("main"))),
        second
    );
    assert_eq!(
        chosen(
            &world,
            &format!("--to {}", &world.repository.sha("main")[..12])
        ),
        second
    );
    // After a fix, the commit that was returned to is the previous good one.
    deploy(&world, "v1.0.0", &["success"]);
    assert_eq!(chosen(&world, ""), again);
    assert_eq!(chosen(&world, "--to -2"), second);
    for (target, code) in [
        (format!("--to {failed}"), 3),
        ("--to 1".to_owned(), 3),
        ("--to -9".to_owned(), 3),
        (format!("--to {}", world.repository.sha("topic")), 3),
        ("--to nonsense".to_owned(), 2),
        ("--to -0".to_owned(), 2),
    ] {
        let outcome = world.run(&format!("rollback -e production --dry-run {target}"));
        assert_eq!(outcome.code(), code, "{target}: {}", outcome.stderr());
        drop(outcome);
    }
    drop(world.run("rollback -e nowhere --dry-run").expect(3));
    drop(world.run("rollback --dry-run").expect(2));
    drop(world.run("rollback -e production").expect(2));
}

#[test]
fn superseded_and_destroyed_deployments_are_good_and_failed_ones_are_not() {
    let world = World::new();
    let transient = |ref_name: &str, states: &[&str]| {
        let id = world.create(&format!("--ref {ref_name} -e preview/pr-7 --transient"));
        for state in states {
            world.set(&id, state);
        }
        id
    };
    let superseded = transient("behind", &["success", "inactive"]);
    transient("topic", &["success", "failure", "inactive"]);
    transient("v1.0.0", &["error", "inactive"]);
    transient("conflict", &["in_progress", "inactive"]);
    transient("main", &["success"]);
    let line = "rollback -e preview/pr-7 --dry-run --json";
    let plan = world.run(line).expect(0).json();
    assert_eq!(plan["source"]["deployment"].to_string(), superseded);
    assert_eq!(plan["candidates"].as_array().map(Vec::len), Some(1));
    assert_eq!(world.list()[4]["state"], "destroyed");

    // Without GraphQL, the same from statuses.
    let gone = Fault::Answer(Answer::json(404, &json!({"message": "Not Found"})));
    world.proxy.fault("POST", "*/graphql", 1.., gone);
    let rest = world.run(line).expect(0).json();
    for field in ["request", "undo"] {
        assert_eq!(rest[field], plan[field]);
    }
    assert_eq!(rest["source"]["deployment"], plan["source"]["deployment"]);
}

#[test]
fn the_first_success_of_the_live_commit_may_be_far_back() {
    let world = World::new();
    let before = deploy(&world, "v1.0.0", &["success"]);
    deploy(&world, "main", &["success"]);
    deploy(&world, "topic", &["success"]);
    for _ in 0..101 {
        let body = json!({"ref": "behind", "auto_merge": false, "required_contexts": [],
            "environment": "production"});
        let id = world.post("/deployments", &body)["id"].clone();
        world.post(
            &format!("/deployments/{id}/statuses"),
            &json!({"state": "failure"}),
        );
    }
    deploy(&world, "main", &["success"]);
    world.proxy.forget();
    assert_eq!(chosen(&world, ""), before);
    // Besides the list right before the request: two pages, and the deployments
    // of the live commit.
    assert_eq!(world.proxy.matching("POST", "*/graphql").len(), 2);
    let lists = world.proxy.matching("GET", &format!("{REPO}/deployments"));
    assert_eq!(lists.len(), 2, "{:?}", lines(&lists));
}

#[test]
fn a_deployment_under_way_is_not_overtaken_unless_asked_for() {
    let world = World::new();
    deploy(&world, "behind", &["success"]);
    let live = deploy(&world, "main", &["success"]);
    let newer = deploy(&world, "topic", &["in_progress"]);
    world.proxy.forget();
    let refused = world.run("rollback -e production --yes").expect(8);
    assert!(
        refused.stderr().contains(&newer.to_string()),
        "{}",
        refused.stderr()
    );
    assert!(requested(&world).is_empty());
    // The live commit may be named, to replace what is under way.
    let named = format!("rollback -e production --to {live} --anyway --yes");
    drop(world.run(&named).expect(0));
    assert_eq!(requested(&world)[0]["ref"], world.repository.sha("main"));
    // Another task is not in the way.
    let world = World::new();
    deploy(&world, "behind", &["success"]);
    deploy(&world, "main", &["success"]);
    drop(world.create("--ref topic -e production --task seed"));
    drop(world.run("rollback -e production --yes").expect(0));
}

#[test]
fn checks_are_required_only_where_they_are_asked_for() {
    let world = World::new();
    deploy(&world, "behind", &["success"]);
    deploy(&world, "main", &["success"]);
    let check = json!({"state": "failure", "context": "ci"});
    world.post(
        &format!("/statuses/{}", world.repository.sha("behind")),
        &check,
    );
    drop(
        world
            .run("rollback -e production --yes --required-context ci")
            .expect(6),
    );
    drop(world.run("rollback -e production --yes").expect(0));
}

#[test]
fn a_deployment_that_appears_between_plan_and_request_is_noticed() {
    let world = World::new();
    deploy(&world, "behind", &["success"]);
    deploy(&world, "main", &["success"]);
    let mut terminal = Terminal::start(&world.machine, ["rollback", "-e", "production"]);
    let screen = terminal.wait_for("Roll back production? [y/N]");
    assert!(
        screen.contains(&world.repository.sha("behind")[..7]),
        "{screen}"
    );
    deploy(&world, "topic", &["success"]);
    terminal.press("y\r");
    let ending = terminal.finish().expect(1);
    assert!(ending.screen.contains("have changed"), "{}", ending.screen);
    assert_eq!(world.list()[0]["sha"], world.repository.sha("topic"));
    // One that is under way is named.
    let mut terminal = Terminal::start(&world.machine, ["rollback", "-e", "production"]);
    terminal.wait_for("[y/N]");
    let newer = deploy(&world, "behind", &["in_progress"]);
    terminal.press("y\r");
    let ending = terminal.finish().expect(8);
    assert!(
        ending.screen.contains(&newer.to_string()),
        "{}",
        ending.screen
    );
}

#[test]
fn the_plan_lists_other_candidates_and_a_no_ends_it() {
    let world = World::new();
    deploy(&world, "v1.0.0", &["success"]);
    deploy(&world, "behind", &["success"]);
    deploy(&world, "main", &["success"]);
    let before = world.list().len();
    let mut terminal = Terminal::start(&world.machine, ["rollback", "-e", "production"]);
    let screen = terminal.wait_for("[y/N]");
    assert!(screen.contains("--to -2 would return to"), "{screen}");
    assert!(screen.contains("no status check"), "{screen}");
    terminal.press("\r");
    drop(terminal.finish().expect(1));
    assert_eq!(world.list().len(), before);
}

/// Runs a job that deploys a ref to production, to its end.
pub(crate) fn deploy_by_actions(world: &World, ref_name: &str) -> Value {
    let client = Client::new(world.server.url());
    let path = "/_sandbox/repos/octocat/hello-world";
    let body = json!({"ref": ref_name, "jobs": [{"name": "deploy", "environment": "production"}]});
    let run = client
        .post(&format!("{path}/runs"), &body)
        .expect(201)
        .json();
    let job = run["jobs"][0]["id"].clone();
    let done = client.patch(
        &format!("{path}/jobs/{job}"),
        &json!({"conclusion": "success"}),
    );
    drop(done.expect(200));
    run
}

#[test]
fn a_deployment_by_actions_is_not_repeated_by_a_request_unless_asked_for() {
    let world = World::new();
    let run = deploy_by_actions(&world, "topic");
    deploy(&world, "main", &["success"]);
    world.proxy.forget();
    let refused = world.run("rollback -e production --yes").expect(1);
    assert!(
        refused.stderr().contains("--via rerun"),
        "{}",
        refused.stderr()
    );
    assert!(
        refused.stderr().contains("--via deployment"),
        "{}",
        refused.stderr()
    );
    assert!(world.writes().is_empty());
    drop(
        world
            .run("rollback -e production --via deployment --dry-run")
            .expect(0),
    );

    world.proxy.forget();
    let again = world
        .run("rollback -e production --via rerun --yes")
        .expect(0);
    let page = format!("/octocat/hello-world/actions/runs/{}", run["id"]);
    assert!(again.stdout().trim().ends_with(&page), "{}", again.stdout());
    let job = &run["jobs"][0]["id"];
    let sent: Vec<String> = lines(&world.writes());
    assert_eq!(sent, [format!("POST {REPO}/actions/jobs/{job}/rerun")]);
    let client = Client::new(world.server.url());
    let path = format!("{REPO}/actions/runs/{}", run["id"]);
    let now = client.get(&path).expect(200).json();
    assert_eq!(now["run_attempt"], 2);
    assert_eq!(world.list()[0]["sha"], world.repository.sha("topic"));
    let json = world
        .run("rollback -e production --via rerun --yes --anyway --dry-run --json")
        .expect(0)
        .json();
    let url = json["run_url"].as_str().expect("a URL");
    assert!(url.ends_with(&page), "{url}");
    assert_eq!(json["request"], Value::Null);
}

/// A world whose production was deployed by a job, and then by a request; the job
/// and its run.
fn deployed_by_actions() -> (World, u64, String) {
    let world = World::new();
    let run = deploy_by_actions(&world, "topic");
    deploy(&world, "main", &["success"]);
    world.proxy.forget();
    let job = run["jobs"][0]["id"].as_u64().expect("an ID");
    (world, job, format!("{REPO}/actions/runs/{}", run["id"]))
}

/// How often the run was started.
fn attempts(world: &World, run: &str) -> Value {
    let client = Client::new(world.server.url());
    client.get(run).expect(200).json()["run_attempt"].clone()
}

const RERUN: &str = "rollback -e production --via rerun --yes";

#[test]
fn a_job_runs_again_with_four_requests() {
    let (world, job, run) = deployed_by_actions();
    drop(world.run(RERUN).expect(0));
    assert_eq!(
        lines(&world.proxy.requests()),
        [
            "POST /graphql".to_owned(),
            format!("GET {REPO}/deployments"),
            format!("GET {run}"),
            format!("POST {REPO}/actions/jobs/{job}/rerun"),
        ]
    );
}

#[test]
fn a_job_that_is_too_old_is_not_run_again() {
    let (world, _, _) = deployed_by_actions();
    let client = Client::new(world.server.url());
    let month = json!({"advance_seconds": 31 * 24 * 60 * 60});
    drop(client.post("/_sandbox/clock", &month).expect(200));
    let refused = world.run(RERUN).expect(1);
    assert!(refused.stderr().contains("more than 30 days old"));
    assert!(refused.stderr().contains("gh workflow run"));
    assert!(world.writes().is_empty());
    // A request for its commit is no run of the job.
    let line = "rollback -e production --via deployment --dry-run";
    drop(world.run(line).expect(0));

    // The run may be older than the deployment. The token is not at fault.
    let (world, job, _) = deployed_by_actions();
    let rerun = format!("{REPO}/actions/jobs/{job}/rerun");
    for message in [
        "Unable to retry this workflow run because it was created over a month ago",
        "This workflow is already running",
    ] {
        let refusal = Answer::json(403, &json!({"message": message}));
        world
            .proxy
            .fault("POST", &rerun, 1.., Fault::Answer(refusal));
        let refused = world.run(RERUN).expect(1);
        assert!(refused.stderr().contains(message), "{}", refused.stderr());
        assert!(refused.stderr().contains("within 30 days"));
        assert!(!refused.stderr().contains("not allowed"));
        world.proxy.heal();
    }
    let refusal = json!({"message": "Resource not accessible by personal access token"});
    let refusal = Fault::Answer(Answer::json(403, &refusal));
    world.proxy.fault("POST", &rerun, 1.., refusal);
    let refused = world.run(RERUN).expect(5);
    assert!(refused.stderr().contains("'Actions: write'"));
}

#[test]
fn a_job_is_not_run_twice_if_the_answer_is_lost() {
    for fault in [
        Fault::ResetAfter,
        Fault::ResetWithin,
        Fault::Replace(Answer::html(502, "Bad Gateway")),
    ] {
        let (world, job, run) = deployed_by_actions();
        let rerun = format!("{REPO}/actions/jobs/{job}/rerun");
        world.proxy.fault("POST", &rerun, 1..=1, fault);
        let done = world.run(RERUN).expect(0);
        assert!(done.stdout().contains("/actions/runs/"));
        assert_eq!(world.proxy.matching("POST", &rerun).len(), 1);
        assert_eq!(attempts(&world, &run), 2);
    }
    // The search for the new attempt fails, too.
    let (world, job, run) = deployed_by_actions();
    let rerun = format!("{REPO}/actions/jobs/{job}/rerun");
    world.proxy.fault("POST", &rerun, 1..=1, Fault::ResetAfter);
    let refusal = Answer::json(404, &json!({"message": "Not Found"}));
    world.proxy.fault("GET", &run, 2.., Fault::Answer(refusal));
    let unknown = world.run(RERUN).expect(1);
    assert!(
        unknown
            .stderr()
            .contains("see whether the job runs again: ")
    );
    assert_eq!(world.proxy.matching("POST", &rerun).len(), 1);
    assert_eq!(attempts(&world, &run), 2);
    // A request that never arrived is sent again.
    let (world, job, run) = deployed_by_actions();
    let rerun = format!("{REPO}/actions/jobs/{job}/rerun");
    world.proxy.fault("POST", &rerun, 1..=1, Fault::ResetBefore);
    drop(world.run(RERUN).expect(0));
    assert_eq!(attempts(&world, &run), 2);
}

/// Promotes and rolls back, with the number of deployments before.
fn moves() -> Vec<(World, &'static str, usize)> {
    let moves = [
        "promote staging production --yes",
        "rollback -e production --yes",
    ];
    let world = || {
        let world = World::new();
        deploy(&world, "behind", &["success"]);
        deploy(&world, "main", &["success"]);
        let staging = world.create("--ref topic -e staging");
        world.set(&staging, "success");
        world.proxy.forget();
        world
    };
    moves.map(|line| (world(), line, 3)).into()
}

#[test]
fn ctrl_c_ends_the_wait_and_leaves_the_deployment() {
    for (world, line, before) in moves() {
        let line = format!("{line} --wait --interval 100ms");
        let running = world.machine.command(line.split(' ')).spawn();
        // It has been requested, and is followed.
        world.proxy.wait_for("GET", "*/statuses", 1);
        running.signal(Signal::Int);
        let outcome = running.finish().expect(130);
        let said = outcome.stderr();
        assert!(
            said.contains("undo: deployctl rollback -e production"),
            "{said}"
        );
        assert!(said.contains("interrupted"), "{said}");
        assert!(!said.contains("may have been requested"), "{said}");
        let deployments = world.list();
        assert_eq!(deployments.len(), before + 1);
        let new = &deployments[0];
        assert_eq!(new["state"], "pending");
        assert!(said.contains(&new["id"].to_string()), "{said}");
    }
}

#[test]
fn ctrl_c_during_the_request_says_what_may_have_happened() {
    for (world, line, before) in moves() {
        let create = format!("{REPO}/deployments");
        world.proxy.fault("POST", &create, 1.., Fault::Hold);
        let running = world.machine.command(line.split(' ')).spawn();
        world.proxy.wait_for("POST", &create, 1);
        running.signal(Signal::Int);
        let outcome = running.finish().expect(130);
        let said = outcome.stderr();
        assert!(
            said.contains("the deployment may have been requested"),
            "{said}"
        );
        assert!(said.contains("deployctl list"), "{said}");
        assert!(!said.contains("undo:"), "{said}");
        assert_eq!(outcome.stdout(), "");
        assert_eq!(world.proxy.matching("POST", &create).len(), 1);
        assert!(world.list().len() <= before + 1);
    }
    let (world, job, _) = deployed_by_actions();
    let rerun = format!("{REPO}/actions/jobs/{job}/rerun");
    world.proxy.fault("POST", &rerun, 1.., Fault::Hold);
    let running = world.machine.command(RERUN.split(' ')).spawn();
    world.proxy.wait_for("POST", &rerun, 1);
    running.signal(Signal::Int);
    let outcome = running.finish().expect(130);
    let said = outcome.stderr();
    assert!(said.contains("the job may run again"), "{said}");
    assert_eq!(outcome.stdout(), "");
    assert_eq!(world.proxy.matching("POST", &rerun).len(), 1);
    // Before the request nothing is said to have happened.
    for (world, line, before) in moves() {
        let list = format!("{REPO}/deployments");
        world.proxy.fault("GET", &list, 1.., Fault::Hold);
        let running = world.machine.command(line.split(' ')).spawn();
        world.proxy.wait_for("GET", &list, 1);
        running.signal(Signal::Int);
        let outcome = running.finish().expect(130);
        assert!(
            !outcome.stderr().contains("may have"),
            "{}",
            outcome.stderr()
        );
        world.proxy.heal();
        assert_eq!(world.list().len(), before);
        assert!(world.writes().is_empty());
    }
}
