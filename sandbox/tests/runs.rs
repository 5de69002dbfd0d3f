//! Workflow runs: gates, reviews, concurrency groups, and the lists of them.
//! The client of these tests holds each answer against GitHub's description.

use serde_json::{Value, json};

use super::hooks::hook;
use super::world::{World, id, statuses, text};
use crate::support::http::{Client, REPO, Reply};
use crate::support::payloads;
use crate::support::receiver::Receiver;
use crate::support::serve::rule;

const RUNS: &str = "/_sandbox/repos/octocat/hello-world/runs";
const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// A world with tokens for two users and an app.
fn world() -> World {
    World::with(|config| {
        config.tokens = [
            "alice=repo",
            "bob=repo",
            "gate=deployments=write,actions=read",
        ]
        .map(rule)
        .to_vec();
    })
}

fn actions(rest: &str) -> String {
    format!("{REPO}/actions/{rest}")
}

fn one(run: u64, rest: &str) -> String {
    actions(&format!("runs/{run}{rest}"))
}

/// Sends a request of the sandbox's own administration.
#[track_caller]
fn administer(world: &World, method: &str, path: &str, body: &Value) -> Reply {
    let body = body.to_string();
    world
        .client
        .send_unchecked(method, path, Some(body.as_bytes()))
}

#[track_caller]
fn start(world: &World, body: &Value) -> Value {
    administer(world, "POST", RUNS, body).expect(201).json()
}

/// Starts a run of one job that deploys to an environment.
#[track_caller]
fn deploy(world: &World, environment: &str) -> u64 {
    let jobs = json!([{"name": "deploy", "environment": environment}]);
    id(&start(world, &json!({ "jobs": jobs })))
}

#[track_caller]
fn finish(world: &World, job: &Value, conclusion: &str) -> Value {
    let path = format!("/_sandbox/repos/octocat/hello-world/jobs/{}", job["id"]);
    let body = json!({ "conclusion": conclusion });
    administer(world, "PATCH", &path, &body).expect(200).json()
}

#[track_caller]
fn advance(world: &World, seconds: i64) {
    let body = json!({ "advance_seconds": seconds });
    administer(world, "POST", "/_sandbox/clock", &body).expect(200);
}

#[track_caller]
fn run(world: &World, id: u64) -> Value {
    world.client.get(&one(id, "")).expect(200).json()
}

/// The status and conclusion of a run.
#[track_caller]
fn state(world: &World, id: u64) -> (String, Value) {
    let run = run(world, id);
    (text(&run, "status"), run["conclusion"].clone())
}

#[track_caller]
fn jobs(world: &World, run: u64) -> Vec<Value> {
    let body = world.client.get(&one(run, "/jobs")).expect(200).json();
    let jobs = body["jobs"].as_array().expect("a list").clone();
    assert_eq!(body["total_count"], jobs.len());
    jobs
}

#[track_caller]
fn pending(client: &Client, run: u64) -> Vec<Value> {
    client
        .get(&one(run, "/pending_deployments"))
        .expect(200)
        .list()
}

/// Gives an environment rules, and returns its id.
#[track_caller]
fn protect(world: &World, name: &str, rules: &Value) -> u64 {
    let path = format!("{REPO}/environments/{name}");
    let body = rules.to_string();
    let reply = world.client.send("PUT", &path, Some(body.as_bytes()));
    id(&reply.expect(200).json())
}

fn user(world: &World, login: &str) -> u64 {
    let path = format!("/users/{login}");
    id(&world.client.get(&path).expect(200).json())
}

/// An environment that a user must review.
#[track_caller]
fn reviewed_by(world: &World, name: &str, login: &str) -> u64 {
    let reviewer = json!({"type": "User", "id": user(world, login)});
    protect(world, name, &json!({ "reviewers": [reviewer] }))
}

fn review(environments: &[u64], state: &str) -> Value {
    json!({"environment_ids": environments, "state": state, "comment": "as discussed"})
}

#[track_caller]
fn approve(client: &Client, run: u64, environments: &[u64]) -> Vec<Value> {
    let path = one(run, "/pending_deployments");
    client
        .post(&path, &review(environments, "approved"))
        .expect(200)
        .list()
}

/// A review that is refused; GitHub's description lists no refusal.
#[track_caller]
fn refused(client: &Client, run: u64, body: &Value, status: u16) -> Value {
    let path = one(run, "/pending_deployments");
    let body = body.to_string();
    let reply = client.send_unchecked("POST", &path, Some(body.as_bytes()));
    reply.expect(status).json()
}

/// The states of the newest deployment, newest first.
#[track_caller]
fn deployment_states(world: &World) -> Vec<String> {
    let list = world.client.get(&format!("{REPO}/deployments")).expect(200);
    let path = statuses(id(&list.list()[0]));
    // GitHub's description lacks the state `waiting`, which only Actions sets.
    let list = world.client.send_unchecked("GET", &path, None).expect(200);
    list.list().iter().map(|one| text(one, "state")).collect()
}

#[test]
fn a_run_without_gates_deploys_at_once() {
    let world = world();
    let made = start(
        &world,
        &json!({"jobs": [{"name": "deploy", "environment": "qa"}]}),
    );
    let id = id(&made);
    let jobs = jobs(&world, id);
    assert_eq!(jobs[0]["status"], "in_progress");
    assert_eq!(state(&world, id), ("in_progress".to_owned(), Value::Null));
    assert_eq!(deployment_states(&world), ["in_progress", "queued"]);
    assert!(pending(&world.client, id).is_empty());
    let job = world
        .client
        .send_unchecked("GET", &text(&jobs[0], "url"), None);
    assert_eq!(job.expect(200).json(), jobs[0]);
    finish(&world, &jobs[0], "success");
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("success"))
    );
    assert_eq!(deployment_states(&world)[0], "success");
    let run = run(&world, id);
    assert_eq!(run["head_sha"], world.repository.sha("main"));
    assert_eq!(run["head_branch"], "main");
    assert_eq!(run["name"], "Deploy");
    assert_eq!(run["run_number"], 1);
}

#[test]
fn a_run_waits_for_one_of_its_reviewers_who_is_not_just_any_admin() {
    let world = world();
    let (alice, bob) = (
        world.client.with_token("alice"),
        world.client.with_token("bob"),
    );
    let production = reviewed_by(&world, "production", "alice");
    let id = deploy(&world, "production");
    assert_eq!(state(&world, id).0, "waiting");
    assert_eq!(jobs(&world, id)[0]["status"], "waiting");
    assert_eq!(deployment_states(&world), ["waiting"]);
    let may = |client: &Client| pending(client, id)[0]["current_user_can_approve"].clone();
    assert_eq!(may(&alice), true);
    assert_eq!(may(&bob), false);
    assert_eq!(may(&world.client), false, "an admin is no reviewer");
    assert_eq!(may(&world.client.anonymous()), false);
    let shown = &pending(&alice, id)[0];
    assert_eq!(shown["environment"]["id"], production);
    assert_eq!(shown["reviewers"][0]["reviewer"]["login"], "alice");
    assert_eq!(shown["wait_timer"], 0);
    assert_eq!(shown["wait_timer_started_at"], Value::Null);
    for client in [&bob, &world.client] {
        refused(client, id, &review(&[production], "approved"), 403);
    }
    refused(&alice, id, &review(&[], "approved"), 422);
    refused(&alice, id, &review(&[production, 1], "approved"), 422);
    refused(&alice, id, &review(&[production], "pending"), 422);
    refused(&alice, id, &json!({"state": "approved"}), 422);
    assert_eq!(state(&world, id).0, "waiting");
    let deployments = approve(&alice, id, &[production]);
    assert_eq!(deployments.len(), 1);
    assert_eq!(deployments[0]["environment"], "production");
    assert_eq!(state(&world, id).0, "in_progress");
    assert_eq!(
        deployment_states(&world),
        ["in_progress", "queued", "waiting"]
    );
    assert!(pending(&alice, id).is_empty());
    refused(&alice, id, &review(&[production], "approved"), 422);
    let log = world.client.get(&one(id, "/approvals")).expect(200).list();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0]["state"], "approved");
    assert_eq!(log[0]["user"]["login"], "alice");
    assert_eq!(log[0]["comment"], "as discussed");
    assert_eq!(log[0]["environments"][0]["name"], "production");
}

#[test]
fn a_rejected_run_fails() {
    let world = world();
    let alice = world.client.with_token("alice");
    let production = reviewed_by(&world, "production", "alice");
    let id = deploy(&world, "production");
    let path = one(id, "/pending_deployments");
    alice
        .post(&path, &review(&[production], "rejected"))
        .expect(200);
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("failure"))
    );
    assert_eq!(deployment_states(&world), ["failure", "waiting"]);
}

#[test]
fn whoever_started_a_run_cannot_review_it_where_that_is_prevented() {
    let world = world();
    let alice = world.client.with_token("alice");
    let reviewer = json!({"type": "User", "id": user(&world, "alice")});
    let rules = json!({"reviewers": [reviewer], "prevent_self_review": true});
    let production = protect(&world, "production", &rules);
    let jobs = json!([{"name": "deploy", "environment": "production"}]);
    let own = id(&start(&world, &json!({"actor": "alice", "jobs": jobs})));
    let other = id(&start(&world, &json!({"actor": "bob", "jobs": jobs})));
    assert_eq!(pending(&alice, own)[0]["current_user_can_approve"], false);
    let body = refused(&alice, own, &review(&[production], "approved"), 403);
    assert!(text(&body, "message").contains("requested"), "{body}");
    approve(&alice, other, &[production]);
}

#[test]
fn members_of_a_team_review_for_it() {
    let world = world();
    let body = json!({"organization": "octocat", "slug": "ops", "members": ["bob"]});
    let team = administer(&world, "POST", "/_sandbox/teams", &body)
        .expect(200)
        .json();
    let reviewer = json!({"type": "Team", "id": team["id"]});
    let production = protect(&world, "production", &json!({"reviewers": [reviewer]}));
    let id = deploy(&world, "production");
    let (alice, bob) = (
        world.client.with_token("alice"),
        world.client.with_token("bob"),
    );
    assert_eq!(pending(&alice, id)[0]["current_user_can_approve"], false);
    assert_eq!(pending(&bob, id)[0]["reviewers"][0]["type"], "Team");
    approve(&bob, id, &[production]);
    assert_eq!(state(&world, id).0, "in_progress");
}

#[test]
fn a_timer_ends_by_the_clock_of_the_sandbox() {
    let world = world();
    protect(&world, "production", &json!({"wait_timer": 5}));
    let id = deploy(&world, "production");
    let shown = &pending(&world.client, id)[0];
    assert_eq!(shown["wait_timer"], 5);
    assert!(shown["wait_timer_started_at"].is_string());
    advance(&world, 4 * MINUTE);
    assert_eq!(state(&world, id).0, "waiting");
    advance(&world, MINUTE);
    assert_eq!(state(&world, id).0, "in_progress");
    // The clock can be set, read and reset.
    let clock = |method, body: Value| administer(&world, method, "/_sandbox/clock", &body);
    let set = clock("PUT", json!({"now": "2030-01-01T00:00:00Z"}))
        .expect(200)
        .json();
    assert!(text(&set, "now").starts_with("2030-01-01T00:00"), "{set}");
    clock("POST", json!({"advance_seconds": i64::MAX})).expect(422);
    clock("PUT", json!({"now": "soon"})).expect(422);
    let reset = clock("DELETE", json!({})).expect(200).json();
    assert_eq!(reset["offset_seconds"], 0);
}

#[test]
fn an_approval_does_not_end_a_timer() {
    let world = world();
    let alice = world.client.with_token("alice");
    let reviewer = json!({"type": "User", "id": user(&world, "alice")});
    let rules = json!({"reviewers": [reviewer], "wait_timer": 5});
    let production = protect(&world, "production", &rules);
    let id = deploy(&world, "production");
    approve(&alice, id, &[production]);
    assert_eq!(state(&world, id).0, "waiting");
    assert_eq!(pending(&alice, id)[0]["current_user_can_approve"], false);
    refused(&alice, id, &review(&[production], "approved"), 422);
    advance(&world, 5 * MINUTE);
    assert_eq!(state(&world, id).0, "in_progress");
}

#[test]
fn a_run_that_nobody_reviews_fails_after_30_days() {
    let world = world();
    reviewed_by(&world, "production", "alice");
    let id = deploy(&world, "production");
    advance(&world, 30 * DAY - MINUTE);
    assert_eq!(state(&world, id).0, "waiting");
    advance(&world, MINUTE);
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("failure"))
    );
}

#[test]
fn only_branches_of_the_policy_deploy() {
    let world = world();
    let policy = json!({"protected_branches": false, "custom_branch_policies": true});
    protect(
        &world,
        "production",
        &json!({"deployment_branch_policy": policy}),
    );
    let path = format!("{REPO}/environments/production/deployment-branch-policies");
    world
        .client
        .post(&path, &json!({"name": "ma*"}))
        .expect(200);
    let jobs = json!([{"name": "deploy", "environment": "production"}]);
    let allowed = id(&start(&world, &json!({"ref": "main", "jobs": jobs})));
    let denied = id(&start(&world, &json!({"ref": "topic", "jobs": jobs})));
    let tag = id(&start(&world, &json!({"ref": "v1.0.0", "jobs": jobs})));
    assert_eq!(state(&world, allowed).0, "in_progress");
    for id in [denied, tag] {
        assert_eq!(
            state(&world, id),
            ("completed".to_owned(), json!("failure"))
        );
    }
    let policy = json!({"protected_branches": true, "custom_branch_policies": false});
    protect(
        &world,
        "production",
        &json!({"deployment_branch_policy": policy}),
    );
    // No branch is protected, and then all may deploy.
    let id = id(&start(&world, &json!({"ref": "topic", "jobs": jobs})));
    assert_eq!(state(&world, id).0, "in_progress");
}

#[test]
fn an_app_opens_its_own_gate_only() {
    let world = world();
    protect(&world, "production", &json!({}));
    let app = administer(&world, "POST", "/_sandbox/apps", &json!({"slug": "gate"}));
    let app = id(&app.expect(201).json());
    let path = format!("{REPO}/environments/production/deployment_protection_rules");
    world
        .client
        .post(&path, &json!({"integration_id": app}))
        .expect(201);
    let id = deploy(&world, "production");
    assert_eq!(state(&world, id).0, "waiting");
    assert_eq!(pending(&world.client, id).len(), 1);
    let path = one(id, "/deployment_protection_rule");
    let answer = |client: &Client, body: Value| {
        let body = body.to_string();
        client.send_unchecked("POST", &path, Some(body.as_bytes()))
    };
    let gate = world.client.with_token("gate");
    let approved = json!({
        "environment_name": "production", "state": "approved", "comment": "fine",
    });
    for client in [&world.client, &world.client.with_token("alice")] {
        answer(client, approved.clone()).expect(403);
    }
    answer(&gate, json!({"environment_name": "production"})).expect(422);
    answer(&gate, json!({"environment_name": "qa", "comment": "x"})).expect(422);
    let long = "x".repeat(1025);
    answer(
        &gate,
        json!({"environment_name": "production", "comment": long}),
    )
    .expect(422);
    for _ in 0..10 {
        let report = json!({"environment_name": "production", "comment": "checking"});
        answer(&gate, report).expect(204);
    }
    let report = json!({"environment_name": "production", "comment": "again"});
    answer(&gate, report).expect(422);
    assert_eq!(state(&world, id).0, "waiting");
    gate.post(&path, &approved).expect(204);
    assert_eq!(state(&world, id).0, "in_progress");
    let reviews = world.client.get(&one(id, "/approvals")).expect(200).list();
    assert_eq!(reviews.len(), 11);
    assert_eq!(reviews[0]["state"], "pending");
    assert_eq!(reviews[10]["state"], "approved");
    assert_eq!(reviews[10]["user"]["login"], "gate[bot]");
}

#[test]
fn jobs_that_enter_an_environment_later_ask_again() {
    let world = world();
    let alice = world.client.with_token("alice");
    let production = reviewed_by(&world, "production", "alice");
    let body = json!({"jobs": [
        {"name": "build"},
        {"name": "first", "environment": "production", "needs": ["build"]},
        {"name": "second", "environment": "production", "needs": ["first"]},
        {"name": "report", "needs": ["build", "second"]},
    ]});
    let id = id(&start(&world, &body));
    assert_eq!(
        jobs(&world, id).len(),
        1,
        "jobs with needs are not listed yet"
    );
    finish(&world, &jobs(&world, id)[0], "success");
    assert_eq!(state(&world, id).0, "waiting");
    approve(&alice, id, &[production]);
    finish(&world, &jobs(&world, id)[1], "success");
    assert_eq!(state(&world, id).0, "waiting");
    assert_eq!(pending(&alice, id).len(), 1, "the second job asks again");
    approve(&alice, id, &[production]);
    finish(&world, &jobs(&world, id)[2], "failure");
    assert_eq!(jobs(&world, id)[3]["conclusion"], "skipped");
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("failure"))
    );
}

#[test]
fn a_waiting_run_holds_its_group_and_the_newest_pending_one_is_next() {
    let world = world();
    let alice = world.client.with_token("alice");
    let production = reviewed_by(&world, "production", "alice");
    let body = json!({
        "concurrency": {"group": "Deploy production"},
        "jobs": [{"name": "deploy", "environment": "production"}],
    });
    let [first, second, third] = [(); 3].map(|()| id(&start(&world, &body)));
    assert_eq!(state(&world, first).0, "waiting");
    assert_eq!(
        state(&world, second),
        ("completed".to_owned(), json!("cancelled"))
    );
    assert_eq!(state(&world, third).0, "pending");
    assert!(jobs(&world, third).is_empty(), "a pending run has no jobs");
    let path = actions("concurrency_groups");
    let groups = world.client.get(&path).expect(200).json();
    assert_eq!(groups["total_count"], 1);
    let group = &groups["concurrency_groups"][0];
    assert_eq!(group["group_name"], "Deploy production");
    assert!(group["last_acquired_at"].is_string());
    let members = |path: &str| {
        let body = world.client.get(path).expect(200).json();
        let members = body["group_members"].as_array().expect("a list").clone();
        assert_eq!(body["total_count"], members.len());
        let member = |member: &Value| (id_of(member), text(member, "status"));
        members.iter().map(member).collect::<Vec<_>>()
    };
    let both = [
        (first, "in_progress".to_owned()),
        (third, "pending".to_owned()),
    ];
    // The case of a group's name does not count.
    let path = actions("concurrency_groups/deploy%20PRODUCTION");
    assert_eq!(members(&path), both);
    assert_eq!(members(&format!("{path}?ahead_of_run={third}")), both);
    assert_eq!(members(&format!("{path}?ahead_of_run={first}")), both[..1]);
    world
        .client
        .get(&format!("{path}?ahead_of_run={second}"))
        .expect(422);
    world
        .client
        .get(&actions("concurrency_groups/idle"))
        .expect(404);
    let own = world.client.get(&one(third, "/concurrency_groups"));
    let own = own.expect(200).json();
    let member = &own["concurrency_groups"][0]["group_members"][0];
    assert_eq!(member["position"], 1);
    let ahead = world
        .client
        .get(&text(member, "position_url"))
        .expect(200)
        .json();
    assert_eq!(ahead["total_count"], 2);
    approve(&alice, first, &[production]);
    finish(&world, &jobs(&world, first)[0], "success");
    assert_eq!(state(&world, third).0, "waiting");
    world
        .client
        .post(&one(third, "/cancel"), &json!({}))
        .expect(202);
    assert_eq!(
        world
            .client
            .get(&actions("concurrency_groups"))
            .expect(200)
            .json()["total_count"],
        0
    );
}

fn id_of(member: &Value) -> u64 {
    member["run_id"].as_u64().expect("a run")
}

#[test]
fn a_newer_run_cancels_the_holder_where_that_is_asked_for() {
    let world = world();
    let body = json!({"concurrency": {"group": "preview", "cancel_in_progress": true}});
    let (first, second) = (id(&start(&world, &body)), id(&start(&world, &body)));
    assert_eq!(
        state(&world, first),
        ("completed".to_owned(), json!("cancelled"))
    );
    assert_eq!(state(&world, second).0, "in_progress");
}

#[test]
fn a_long_queue_keeps_a_hundred_that_are_pending() {
    let world = world();
    reviewed_by(&world, "production", "alice");
    let body = json!({
        "concurrency": {"group": "deploy", "queue": "max"},
        "jobs": [{"name": "deploy", "environment": "production"}],
    });
    let runs: Vec<u64> = (0..102).map(|_| id(&start(&world, &body))).collect();
    assert_eq!(state(&world, runs[0]).0, "waiting");
    assert_eq!(state(&world, runs[1]).0, "pending");
    assert_eq!(state(&world, runs[100]).0, "pending");
    assert_eq!(
        state(&world, runs[101]),
        ("completed".to_owned(), json!("cancelled"))
    );
    world
        .client
        .post(&one(runs[0], "/cancel"), &json!({}))
        .expect(202);
    assert_eq!(state(&world, runs[1]).0, "waiting", "the oldest is next");
    assert_eq!(state(&world, runs[2]).0, "pending");
    let both = json!({"concurrency": {"group": "x", "queue": "max", "cancel_in_progress": true}});
    administer(&world, "POST", RUNS, &both).expect(422);
}

#[test]
fn a_job_can_succeed_after_a_time() {
    let world = world();
    let alice = world.client.with_token("alice");
    let production = reviewed_by(&world, "production", "alice");
    let body = json!({"jobs": [
        {"name": "build", "succeeds_after_seconds": 0},
        {"name": "deploy", "environment": "production", "needs": ["build"],
            "succeeds_after_seconds": 60},
    ]});
    let id = id(&start(&world, &body));
    assert_eq!(state(&world, id).0, "waiting");
    approve(&alice, id, &[production]);
    assert_eq!(state(&world, id).0, "in_progress");
    advance(&world, 60);
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("success"))
    );
    assert_eq!(deployment_states(&world)[0], "success");
}

#[test]
fn jobs_have_groups_of_their_own_and_lists_of_groups_have_pages() {
    let world = world();
    let job = |name: &str, group: &str| json!({"name": name, "concurrency": {"group": group}});
    let body = json!({"jobs": [job("a", "one"), job("b", "two")]});
    let (first, second) = (id(&start(&world, &body)), id(&start(&world, &body)));
    assert_eq!(state(&world, first).0, "in_progress");
    assert_eq!(state(&world, second).0, "pending");
    let page = world.client.get(&actions("concurrency_groups?per_page=1"));
    let page = page.expect(200);
    assert_eq!(page.json()["concurrency_groups"][0]["group_name"], "one");
    let next = page.link("next").expect("a second page");
    let page = world.client.get(&next).expect(200);
    assert_eq!(page.json()["concurrency_groups"][0]["group_name"], "two");
    assert_eq!(page.link("next"), None);
    world
        .client
        .get(&actions("concurrency_groups?after=*"))
        .expect(422);
    let waiting = jobs(&world, second);
    let path = format!("concurrency_groups/one?ahead_of_job={}", waiting[0]["id"]);
    let group = world.client.get(&actions(&path)).expect(200).json();
    assert_eq!(group["total_count"], 2);
    assert_eq!(group["group_members"][1]["job_name"], "a");
    for job in jobs(&world, first) {
        finish(&world, &job, "success");
    }
    assert_eq!(state(&world, second).0, "in_progress");
}

#[test]
fn a_run_is_cancelled_once() {
    let world = world();
    reviewed_by(&world, "production", "alice");
    for (id, path) in [
        (deploy(&world, "production"), "/cancel"),
        (deploy(&world, "qa"), "/force-cancel"),
    ] {
        world.client.post(&one(id, path), &json!({})).expect(202);
        assert_eq!(
            state(&world, id),
            ("completed".to_owned(), json!("cancelled"))
        );
        assert!(pending(&world.client, id).is_empty());
        world.client.post(&one(id, path), &json!({})).expect(409);
    }
    let missing = one(1, "/cancel");
    world
        .client
        .send_unchecked("POST", &missing, None)
        .expect(404);
}

#[test]
fn a_run_that_is_started_again_is_another_attempt() {
    let world = world();
    let alice = world.client.with_token("alice");
    let production = reviewed_by(&world, "production", "alice");
    let id = deploy(&world, "production");
    let path = one(id, "/rerun");
    world.client.post(&path, &json!({})).expect(403);
    world
        .client
        .post(&one(id, "/cancel"), &json!({}))
        .expect(202);
    let first = run(&world, id);
    assert_eq!(
        (&first["run_attempt"], &first["previous_attempt_url"]),
        (&json!(1), &Value::Null)
    );
    advance(&world, 60);
    world.client.post(&path, &json!({})).expect(201);
    let second = run(&world, id);
    assert_eq!(second["run_attempt"], 2);
    assert_eq!(second["status"], "waiting");
    assert_eq!(second["created_at"], first["created_at"]);
    assert_ne!(second["run_started_at"], second["created_at"]);
    assert!(text(&second, "previous_attempt_url").ends_with("/attempts/1"));
    assert_eq!(jobs(&world, id).len(), 1);
    let all = world
        .client
        .get(&one(id, "/jobs?filter=all"))
        .expect(200)
        .json();
    assert_eq!(
        (&all["total_count"], &all["jobs"][0]["run_attempt"]),
        (&json!(2), &json!(1))
    );
    approve(&alice, id, &[production]);
    assert_eq!(state(&world, id).0, "in_progress");
}

#[test]
fn a_job_is_started_again_with_those_that_need_it() {
    let world = world();
    let body = json!({"jobs": [
        {"name": "build"},
        {"name": "deploy", "environment": "qa", "needs": ["build"]},
        {"name": "report", "needs": ["deploy"]},
    ]});
    let id = id(&start(&world, &body));
    let again = |job: &Value| actions(&format!("jobs/{}/rerun", job["id"]));
    finish(&world, &jobs(&world, id)[0], "success");
    let deploy = jobs(&world, id)[1].clone();
    world.client.post(&again(&deploy), &json!({})).expect(403);
    finish(&world, &deploy, "failure");
    let first = jobs(&world, id);
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("failure"))
    );
    world.client.post(&again(&deploy), &json!({})).expect(201);
    assert_eq!(run(&world, id)["run_attempt"], 2);
    let second = jobs(&world, id);
    assert_eq!(second.len(), 2, "the last job is not listed yet");
    assert_eq!(
        (&second[0]["conclusion"], &second[0]["started_at"]),
        (&json!("success"), &first[0]["started_at"]),
        "the first job keeps its result"
    );
    assert_eq!(second[1]["status"], "in_progress");
    assert_eq!(deployment_states(&world), ["in_progress", "queued"]);
    finish(&world, &second[1], "success");
    finish(&world, &jobs(&world, id)[2], "success");
    assert_eq!(
        state(&world, id),
        ("completed".to_owned(), json!("success"))
    );
    let deployments = world.client.get(&format!("{REPO}/deployments")).expect(200);
    assert_eq!(
        deployments.list().len(),
        2,
        "each attempt has its deployment"
    );
    advance(&world, 31 * DAY);
    let refused = world.client.post(&again(&deploy), &json!({})).expect(403);
    assert!(text(&refused.json(), "message").contains("over a month ago"));
    let missing = actions("jobs/1/rerun");
    world
        .client
        .send_unchecked("POST", &missing, None)
        .expect(404);
}

#[test]
fn a_deployment_of_a_job_is_that_of_the_actions_bot_and_names_the_job() {
    let world = world();
    let run = deploy(&world, "qa");
    let job = jobs(&world, run)[0].clone();
    finish(&world, &job, "success");
    let list = world.client.get(&format!("{REPO}/deployments")).expect(200);
    let deployment = list.list()[0].clone();
    let creator = &deployment["creator"];
    assert_eq!(
        (&creator["login"], &creator["type"]),
        (&json!("github-actions[bot]"), &json!("Bot"))
    );
    let list = world.client.get(&statuses(id(&deployment))).expect(200);
    for status in list.list() {
        assert_eq!(status["log_url"], job["html_url"], "{status}");
        assert_eq!(status["target_url"], job["html_url"], "{status}");
        assert_eq!(status["creator"]["login"], "github-actions[bot]");
    }
    let page = format!("/octocat/hello-world/actions/runs/{run}/job/{}", job["id"]);
    assert!(text(&job, "html_url").ends_with(&page), "{job}");
    let query = "query($id:ID!){node(id:$id){... on Deployment{creator{__typename login url} \
        latestStatus{logUrl creator{login}}}}}";
    let variables = json!({"id": deployment["node_id"]});
    let node = graphql(&world.client, query, &variables)["node"].take();
    assert_eq!(node["creator"]["__typename"], "Bot");
    assert_eq!(node["creator"]["login"], "github-actions");
    assert!(text(&node["creator"], "url").ends_with("/apps/github-actions"));
    assert_eq!(node["latestStatus"]["logUrl"], job["html_url"]);
}

#[test]
fn the_list_is_filtered_and_paged() {
    let world = world();
    reviewed_by(&world, "production", "alice");
    let waiting = deploy(&world, "production");
    let topic = id(&start(
        &world,
        &json!({
            "ref": "topic", "event": "workflow_dispatch", "actor": "bob", "workflow": "Other",
            "path": ".github/workflows/other.yml",
        }),
    ));
    let done = deploy(&world, "qa");
    finish(&world, &jobs(&world, done)[0], "success");
    let list = |query: &str| {
        let body = world
            .client
            .get(&actions(&format!("runs?{query}")))
            .expect(200)
            .json();
        let runs = body["workflow_runs"].as_array().expect("a list").clone();
        runs.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(list(""), [done, topic, waiting]);
    assert_eq!(list("status=waiting"), [waiting]);
    assert_eq!(list("status=completed"), [done]);
    assert_eq!(list("status=success"), [done]);
    assert_eq!(list("status=failure"), [0; 0]);
    assert_eq!(list("branch=topic"), [topic]);
    assert_eq!(list("event=workflow_dispatch"), [topic]);
    assert_eq!(list("actor=bob"), [topic]);
    assert_eq!(
        list(&format!("head_sha={}", world.repository.sha("topic"))),
        [topic]
    );
    assert_eq!(list("created=%3E2020-01-01").len(), 3);
    assert_eq!(list("created=2020-01-01..2020-12-31"), [0; 0]);
    assert_eq!(list("per_page=1&page=2"), [topic]);
    let suite = run(&world, topic)["check_suite_id"].clone();
    assert_eq!(list(&format!("check_suite_id={suite}")), [topic]);
    let page = world.client.get(&actions("runs?per_page=2")).expect(200);
    assert!(page.link("next").is_some());
    for workflow in [
        "other.yml".to_owned(),
        run(&world, topic)["workflow_id"].to_string(),
    ] {
        let path = actions(&format!("workflows/{workflow}/runs"));
        let body = world.client.get(&path).expect(200).json();
        assert_eq!(
            (&body["total_count"], id(&body["workflow_runs"][0])),
            (&json!(1), topic)
        );
    }
    for query in ["status=red", "created=soon"] {
        let path = actions(&format!("runs?{query}"));
        world.client.send_unchecked("GET", &path, None).expect(422);
    }
}

#[test]
fn open_pull_requests_belong_to_a_run() {
    let world = world();
    let path = "/_sandbox/repos/octocat/hello-world/pulls";
    administer(&world, "POST", path, &json!({"head": "topic"})).expect(201);
    let id = id(&start(&world, &json!({"ref": "topic"})));
    assert_eq!(run(&world, id)["pull_requests"][0]["number"], 1);
    let path = one(id, "?exclude_pull_requests=true");
    let run = world.client.get(&path).expect(200).json();
    assert_eq!(run["pull_requests"], json!([]));
}

#[test]
fn answers_can_be_stale_and_late() {
    let world = world();
    reviewed_by(&world, "production", "alice");
    let delays = json!({"stale_list_seconds": 60, "late_pending_deployments_seconds": 20});
    let set = administer(&world, "PUT", "/_sandbox/runs", &delays);
    assert_eq!(set.expect(200).json(), delays);
    let id = deploy(&world, "production");
    assert_eq!(state(&world, id).0, "waiting");
    assert!(pending(&world.client, id).is_empty(), "ask again");
    advance(&world, 60);
    assert_eq!(pending(&world.client, id).len(), 1);
    world
        .client
        .post(&one(id, "/force-cancel"), &json!({}))
        .expect(202);
    let listed = |status: &str| {
        let path = actions(&format!("runs?status={status}"));
        world.client.get(&path).expect(200).json()["total_count"].clone()
    };
    assert_eq!(
        (listed("waiting"), listed("completed")),
        (json!(1), json!(0))
    );
    assert_eq!(
        state(&world, id).0,
        "completed",
        "the run itself is current"
    );
    advance(&world, 61);
    assert_eq!(
        (listed("waiting"), listed("completed")),
        (json!(0), json!(1))
    );
}

#[test]
fn requests_that_make_no_sense_start_no_run() {
    let world = world();
    for body in [
        json!({"ref": "nowhere"}),
        json!({"sha": "nowhere"}),
        json!({"jobs": []}),
        json!({"jobs": [{"name": ""}]}),
        json!({"jobs": [{"name": "a"}, {"name": "a"}]}),
        json!({"jobs": [{"name": "a", "needs": ["b"]}, {"name": "b"}]}),
        json!({"jobs": [{"name": "a", "environment": ""}]}),
        json!({"concurrency": {"group": ""}}),
        json!({"concurrency": "x"}),
        json!({"workflow": ""}),
    ] {
        administer(&world, "POST", RUNS, &body).expect(422);
    }
    let id = deploy(&world, "qa");
    let path = format!(
        "/_sandbox/repos/octocat/hello-world/jobs/{}",
        jobs(&world, id)[0]["id"]
    );
    administer(&world, "PATCH", &path, &json!({"conclusion": "red"})).expect(422);
    administer(&world, "PATCH", &path, &json!({"conclusion": "success"})).expect(200);
    administer(&world, "PATCH", &path, &json!({"conclusion": "success"})).expect(422);
}

#[test]
fn limited_tokens_read_and_review_by_their_rights() {
    let world = World::with(|config| {
        config.private = true;
        config.tokens = [
            "reads=actions=read",
            "alice=deployments=write",
            "none=metadata=read",
        ]
        .map(rule)
        .to_vec();
    });
    let production = reviewed_by(&world, "production", "alice");
    let id = deploy(&world, "production");
    let client = |token: &str| world.client.with_token(token);
    assert_eq!(pending(&client("reads"), id).len(), 1);
    client("none").get(&one(id, "")).expect(403);
    client("alice")
        .get(&one(id, "/pending_deployments"))
        .expect(403);
    refused(
        &client("reads"),
        id,
        &review(&[production], "approved"),
        403,
    );
    client("reads")
        .post(&one(id, "/cancel"), &json!({}))
        .expect(403);
    approve(&client("alice"), id, &[production]);
}

#[test]
fn each_step_of_a_run_is_an_event() {
    let (world, receiver) = (world(), Receiver::new());
    hook(&world.client, &receiver, &["*"]);
    let alice = world.client.with_token("alice");
    let body = json!({"organization": "octocat", "slug": "ops", "members": ["bob"]});
    let team = administer(&world, "POST", "/_sandbox/teams", &body)
        .expect(200)
        .json();
    let reviewers = json!([
        {"type": "User", "id": user(&world, "alice")},
        {"type": "Team", "id": team["id"]},
    ]);
    let production = protect(&world, "production", &json!({"reviewers": reviewers}));
    let app = administer(&world, "POST", "/_sandbox/apps", &json!({"slug": "gate"}));
    let app = id(&app.expect(201).json());
    let path = format!("{REPO}/environments/production/deployment_protection_rules");
    world
        .client
        .post(&path, &json!({"integration_id": app}))
        .expect(201);
    let path = "/_sandbox/repos/octocat/hello-world/pulls";
    administer(&world, "POST", path, &json!({"head": "topic"})).expect(201);
    let jobs_ = json!([{"name": "deploy", "environment": "production"}]);
    let first = id(&start(&world, &json!({"ref": "topic", "jobs": jobs_})));
    approve(&alice, first, &[production]);
    let path = one(first, "/deployment_protection_rule");
    let answer = json!({"environment_name": "production", "state": "approved", "comment": ""});
    world
        .client
        .with_token("gate")
        .post(&path, &answer)
        .expect(204);
    finish(&world, &jobs(&world, first)[0], "success");
    let second = deploy(&world, "production");
    let path = one(second, "/pending_deployments");
    alice
        .post(&path, &review(&[production], "rejected"))
        .expect(200);
    let expected = [
        "ping",
        "workflow_run.requested",
        "deployment.created",
        "deployment_status.created",
        "deployment_review.requested",
        "deployment_protection_rule.requested",
        "deployment_review.approved",
        "deployment_status.created",
        "deployment_status.created",
        "workflow_run.in_progress",
        "deployment_status.created",
        "workflow_run.completed",
        "workflow_run.requested",
        "deployment.created",
        "deployment_status.created",
        "deployment_review.requested",
        "deployment_protection_rule.requested",
        "deployment_status.created",
        "workflow_run.completed",
        "deployment_review.rejected",
    ];
    let deliveries = receiver.wait_for(expected.len());
    let mut names = Vec::new();
    for one in &deliveries {
        let payload = one.json();
        if let Err(error) = payloads::check(one, &payload) {
            panic!("{error}\n{payload:#}");
        }
        if one.event() == "deployment" {
            assert_eq!(payload["workflow_run"]["run_attempt"], 1);
            assert_eq!(payload["workflow"]["name"], "Deploy");
        }
        names.push(match payload["action"].as_str() {
            Some(action) => format!("{}.{action}", one.event()),
            None => one.event().to_owned(),
        });
    }
    let mut expected = expected.map(str::to_owned).to_vec();
    // Several deliveries are in flight at once.
    expected.sort();
    names.sort();
    assert_eq!(names, expected);
}

/// The data of a GraphQL answer without errors.
#[track_caller]
fn graphql(client: &Client, query: &str, variables: &Value) -> Value {
    let body = json!({"query": query, "variables": variables});
    let mut answer = client.post("/graphql", &body).expect(200).json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].take()
}

#[test]
fn graphql_shows_what_waits_by_run_and_by_pull_request() {
    let world = world();
    let alice = world.client.with_token("alice");
    let reviewer = json!({"type": "User", "id": user(&world, "alice")});
    protect(
        &world,
        "production",
        &json!({"reviewers": [reviewer], "wait_timer": 5}),
    );
    let path = "/_sandbox/repos/octocat/hello-world/pulls";
    administer(&world, "POST", path, &json!({"head": "topic"})).expect(201);
    let jobs = json!([{"name": "deploy", "environment": "production"}]);
    let made = start(&world, &json!({"ref": "topic", "jobs": jobs}));
    let waiting = "query($ids:[ID!]!){nodes(ids:$ids){... on WorkflowRun{id url event createdAt \
        workflow{name} checkSuite{status commit{oid associatedPullRequests(first:1)\
        {nodes{number}}} branch{name}} pendingDeploymentRequests(first:10){nodes\
        {currentUserCanApprove waitTimer waitTimerStartedAt environment{id name} \
        reviewers(first:6){nodes{... on User{login} ... on Team{slug organization{login}}}}}}}}}";
    let data = graphql(&alice, waiting, &json!({"ids": [made["node_id"]]}));
    let node = &data["nodes"][0];
    assert_eq!(node["url"], made["html_url"]);
    assert_eq!(node["workflow"]["name"], "Deploy");
    assert_eq!(node["checkSuite"]["status"], "WAITING");
    assert_eq!(node["checkSuite"]["branch"]["name"], "topic");
    let pulls = &node["checkSuite"]["commit"]["associatedPullRequests"];
    assert_eq!(pulls["nodes"][0]["number"], 1);
    let request = &node["pendingDeploymentRequests"]["nodes"][0];
    assert_eq!(request["currentUserCanApprove"], true);
    assert_eq!(request["waitTimer"], 5);
    assert_eq!(request["environment"]["name"], "production");
    assert_eq!(request["reviewers"]["nodes"][0]["login"], "alice");
    let by_pull = "query($o:String!,$r:String!,$n:Int!){repository(owner:$o,name:$r){\
        pullRequest(number:$n){headRefOid state mergeCommit{oid} commits(last:1){nodes{commit{\
        oid checkSuites(first:100){nodes{status workflowRun{id url workflow{name} \
        pendingDeploymentRequests(first:10){nodes{currentUserCanApprove environment{id name}}}\
        }}}}}}}}}";
    let variables = json!({"o": "octocat", "r": "hello-world", "n": 1});
    let data = graphql(&world.client, by_pull, &variables);
    let pull = &data["repository"]["pullRequest"];
    assert_eq!(pull["headRefOid"], world.repository.sha("topic"));
    assert_eq!(pull["state"], "OPEN");
    let suite = &pull["commits"]["nodes"][0]["commit"]["checkSuites"]["nodes"][0];
    assert_eq!(suite["workflowRun"]["id"], made["node_id"]);
    let request = &suite["workflowRun"]["pendingDeploymentRequests"]["nodes"][0];
    assert_eq!(
        request["currentUserCanApprove"], false,
        "an admin is no reviewer"
    );
}

#[test]
fn graphql_approves_and_rejects() {
    let world = world();
    let alice = world.client.with_token("alice");
    reviewed_by(&world, "production", "alice");
    let mutation = |name: &str, run: &Value| {
        let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation($i:{kind}Input!){{{name}(input:$i){{deployments{{id state \
             latestEnvironment}}}}}}"
        );
        let environment = world.client.get(&format!("{REPO}/environments/production"));
        let input = json!({
            "workflowRunId": run["node_id"],
            "environmentIds": [environment.expect(200).json()["node_id"]],
        });
        json!({"query": query, "variables": {"i": input}})
    };
    let jobs = json!([{"name": "deploy", "environment": "production"}]);
    for (name, deployment, expected) in [
        (
            "approveDeployments",
            "IN_PROGRESS",
            ("in_progress", Value::Null),
        ),
        (
            "rejectDeployments",
            "FAILURE",
            ("completed", json!("failure")),
        ),
    ] {
        let run = start(&world, &json!({ "jobs": jobs }));
        let body = mutation(name, &run);
        let refused = world.client.post("/graphql", &body).expect(200).json();
        assert_eq!(refused["errors"][0]["type"], "FORBIDDEN", "{refused}");
        let answer = alice.post("/graphql", &body).expect(200).json();
        assert_eq!(answer.get("errors"), None, "{answer}");
        let changed = &answer["data"][name]["deployments"][0];
        assert_eq!(changed["state"], deployment);
        assert_eq!(changed["latestEnvironment"], "production");
        let (status, conclusion) = state(&world, id(&run));
        assert_eq!((status.as_str(), conclusion), expected);
        let again = alice.post("/graphql", &body).expect(200).json();
        assert_eq!(again["errors"][0]["type"], "UNPROCESSABLE", "{again}");
        let query = "query($id:ID!){node(id:$id){... on WorkflowRun{runNumber \
            checkSuite{conclusion workflowRun{id}} workflow{id state} deploymentReviews(first:9){\
            nodes{state comment user{login} environments(first:9){nodes{name}}}}}}}";
        let data = graphql(&alice, query, &json!({"id": run["node_id"]}));
        let review = &data["node"]["deploymentReviews"]["nodes"][0];
        assert_eq!(review["user"]["login"], "alice");
        assert_eq!(review["environments"]["nodes"][0]["name"], "production");
    }
}
