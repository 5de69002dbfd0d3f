//! Workflow runs that wait: lists, what they wait for, reviews that are made
//! once, and concurrency groups.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deployctl::api::{ApiError, Client, LiveCommit, Review, Reviewed, RunFilter};
use deployctl::model::{ReviewState, RunId};
use serde_json::{Value, json};

use crate::github::{client, not_found, patient, repo};
use crate::server::{Act, ReceivedRequest, Response, Server};

const RUNS: &str = "/repos/octo/app/actions/runs";
const FIRST_RUN: u64 = 30_000_000_000;
const STAGING: u64 = 9_000_000_000;

fn run(number: u64) -> Value {
    json!({"id": FIRST_RUN + number, "node_id": format!("WFR_{number}"), "name": "Deploy",
        "path": ".github/workflows/deploy.yml", "workflow_id": 7, "event": "push",
        "status": "waiting", "conclusion": null, "head_branch": "main",
        "head_sha": format!("{number:040x}"), "html_url": "https://github.com/x",
        "created_at": "2026-11-01T00:00:00Z", "pull_requests": []})
}

/// A page of `total` waiting runs, newest first.
fn page(seen: &ReceivedRequest, total: u64) -> Response {
    let number = |name: &str| {
        seen.query(name)
            .map(|text| text.parse::<u64>().expect("a number"))
    };
    let (size, page) = (
        number("per_page").unwrap_or(30),
        number("page").unwrap_or(1),
    );
    let newest = total.saturating_sub((page - 1) * size);
    let runs: Vec<Value> = (1..=newest)
        .rev()
        .take(usize::try_from(size).expect("small"))
        .map(run)
        .collect();
    let response = Response::json(200, &json!({"total_count": total, "workflow_runs": runs}));
    let last = total.div_ceil(size);
    if page >= last {
        return response;
    }
    let host = seen.header("host").expect("a host");
    let link = |page: u64, rel: &str| {
        format!("<http://{host}{RUNS}?status=waiting&per_page={size}&page={page}>; rel=\"{rel}\"")
    };
    response.with(
        "Link",
        format!("{}, {}", link(page + 1, "next"), link(last, "last")),
    )
}

fn environment_id() -> String {
    let mut bytes = vec![0x93, 0, 1, 0xcf];
    bytes.extend(STAGING.to_be_bytes());
    format!("EN_{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn gates(state: Option<&str>) -> Value {
    let completed = state.map(|state| json!({"state": state, "commitOid": "b".repeat(40)}));
    json!({"totalCount": 1, "nodes": [{"currentUserCanApprove": true, "waitTimer": 30,
        "waitTimerStartedAt": "2026-11-01T00:00:00Z",
        "environment": {"id": environment_id(), "name": "staging",
            "latestCompletedDeployment": completed,
            "protectionRules": {"nodes": [{"preventSelfReview": true}, {"preventSelfReview": null}]}},
        "reviewers": {"nodes": [{"__typename": "User", "login": "octocat"},
            {"__typename": "Team", "slug": "ops", "organization": {"login": "acme"}}]}}]})
}

fn nodes(seen: &ReceivedRequest, state: Option<&str>) -> Response {
    let ids = seen.json()["variables"]["ids"].clone();
    let node = |id: &Value| {
        json!({"id": id, "pendingDeploymentRequests": gates(state), "checkSuite": {"commit":
            {"associatedPullRequests": {"nodes": [{"number": 12}]}}}})
    };
    let nodes: Vec<Value> = ids.as_array().expect("ids").iter().map(node).collect();
    Response::json(
        200,
        &json!({"data": {"viewer": {"login": "octocat"}, "nodes": nodes}}),
    )
}

fn pending(can_approve: bool) -> Value {
    json!([{"environment": {"id": STAGING, "node_id": environment_id(), "name": "staging"},
        "wait_timer": 0, "wait_timer_started_at": null, "current_user_can_approve": can_approve,
        "reviewers": [{"type": "User", "reviewer": {"login": "octocat", "id": 1}}]}])
}

async fn waiting(client: &Client) -> Result<deployctl::api::WaitingRuns, ApiError> {
    let slug = repo();
    let handle = client.repo(&slug);
    let runs = handle.workflow_runs(&RunFilter::waiting()).await?;
    handle.waiting_runs(runs).await
}

#[tokio::test]
async fn two_requests_for_each_hundred_waiting_runs() {
    let server = Server::start(|seen| match seen.path() {
        "/graphql" => nodes(seen, Some("ACTIVE")).into(),
        _ => page(seen, 250).into(),
    });
    let client = Client::new(patient(&server.root).0).expect("a client");
    let found = waiting(&client).await.expect("runs");
    assert_eq!(found.gates.len(), 250);
    assert_eq!(found.viewer.as_deref(), Some("octocat"));
    assert_eq!(server.count("GET", RUNS), 3);
    assert_eq!(server.count("POST", "/graphql"), 3);
    assert_eq!(server.received().len(), 6);
    assert_eq!(
        server.received()[0].query("status").as_deref(),
        Some("waiting")
    );
    let first = &found.gates[0];
    assert_eq!(first.run.id, RunId(FIRST_RUN + 250));
    assert_eq!(first.pull_request, Some(12));
    assert_eq!(first.live["staging"], LiveCommit::Sha("b".repeat(40)));
    assert!(first.prevents_self_review["staging"]);
    let pending = &first.pending[0];
    assert_eq!(pending.environment.id, Some(STAGING));
    let names: Vec<&str> = pending
        .reviewers
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["octocat", "acme/ops"]);
    let ends = pending.wait_timer_ends_at().expect("an end");
    assert_eq!(ends.to_string(), "2026-11-01T00:30:00Z");
}

#[tokio::test]
async fn without_graphql_each_run_is_asked_for_its_gates() {
    let server = Server::start(|seen| match seen.path() {
        "/graphql" => not_found().into(),
        RUNS => page(seen, 3).into(),
        path if path.contains("30000000002") => not_found().into(),
        _ => Response::json(200, &pending(true)).into(),
    });
    let client = Client::new(patient(&server.root).0).expect("a client");
    let found = waiting(&client).await.expect("runs");
    let ids: Vec<u64> = found
        .gates
        .iter()
        .map(|gates| gates.run.id.0 - FIRST_RUN)
        .collect();
    assert_eq!(ids, [3, 1], "a run that was deleted is left out");
    assert_eq!(found.gates[0].pending[0].environment.id, Some(STAGING));
    assert!(found.gates[0].live.is_empty());
    assert_eq!(server.received().len(), 1 + 1 + 3);
}

#[tokio::test]
async fn what_is_live_below_a_failed_deployment_takes_one_request_more() {
    let server = Server::start(|seen| {
        if seen.path() != "/graphql" {
            return page(seen, 2).into();
        }
        if seen.json()["variables"]["ids"].is_array() {
            return nodes(seen, Some("FAILURE")).into();
        }
        let node = json!({"id": "DE_1", "state": "ACTIVE", "task": "deploy", "description": null,
            "commitOid": "c".repeat(40), "createdAt": "2026-10-01T00:00:00Z", "ref": null,
            "creator": null, "latestStatus": null});
        let page = json!({"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": [node]});
        Response::json(200, &json!({"data": {"repository": {"e0": page}}})).into()
    });
    let client = Client::new(patient(&server.root).0).expect("a client");
    let found = waiting(&client).await.expect("runs");
    assert_eq!(
        found.gates[1].live["staging"],
        LiveCommit::Sha("c".repeat(40))
    );
    assert_eq!(server.count("POST", "/graphql"), 2);
}

#[tokio::test]
async fn a_search_ends_at_a_thousand_runs_and_goes_on_by_time() {
    let server = Server::start(|seen| {
        let run = |number: u64, created: &str| {
            let mut run = run(number);
            run["created_at"] = json!(created);
            run
        };
        let (newest, older) = ("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z");
        let mut runs: Vec<Value> = match seen.query("created") {
            None => (500..1500)
                .rev()
                .map(|number| run(number, newest))
                .collect(),
            Some(created) => {
                assert_eq!(created, format!("<={newest}"));
                (0..501).rev().map(|number| run(number, older)).collect()
            }
        };
        runs.truncate(1000);
        Response::json(200, &json!({"total_count": 1501, "workflow_runs": runs})).into()
    });
    let client = Client::new(patient(&server.root).0).expect("a client");
    let slug = repo();
    let runs = client
        .repo(&slug)
        .workflow_runs(&RunFilter::waiting())
        .await
        .expect("runs");
    assert_eq!(
        runs.len(),
        1500,
        "the one that both searches have counts once"
    );
}

#[tokio::test]
async fn the_runs_of_a_pull_request_take_one_request() {
    let server = Server::start(|seen| {
        assert_eq!(seen.json()["variables"]["number"], 7);
        let suite = |run: Value| json!({"workflowRun": run});
        let suites = [
            suite(json!({"url": "https://github.com/octo/app/actions/runs/30000000001"})),
            suite(Value::Null),
        ];
        let commit = json!({"commit": {"checkSuites": {"nodes": suites}}});
        let pull = json!({"headRefOid": "d".repeat(40), "commits": {"nodes": [commit]}});
        Response::json(200, &json!({"data": {"repository": {"pullRequest": pull}}})).into()
    });
    let client = Client::new(patient(&server.root).0).expect("a client");
    let slug = repo();
    let found = client
        .repo(&slug)
        .pull_request_runs(7)
        .await
        .expect("a pull request");
    assert_eq!(found.head_sha, "d".repeat(40));
    assert_eq!(found.runs, [RunId(30_000_000_001)]);
    assert_eq!(server.received().len(), 1);
}

/// A run at a gate.
#[derive(Default)]
struct Gate {
    reviews: Vec<Value>,
    posts: usize,
    /// Whether the run still waits although it was reviewed.
    asks_again: bool,
}

/// A server with one waiting run, whose answer to the first review is `fault`.
fn gate(gate: Gate, is_done: bool, fault: fn(Response) -> Act) -> (Server, Arc<Mutex<Gate>>) {
    let gate = Arc::new(Mutex::new(gate));
    let shared = Arc::clone(&gate);
    let server = Server::start(move |seen| {
        let mut gate = shared.lock().expect("no panic");
        if seen.path() == "/user" {
            return Response::json(200, &json!({"login": "octocat"})).into();
        }
        if seen.path().ends_with("/approvals") {
            return Response::json(200, &json!(gate.reviews)).into();
        }
        if seen.method == "GET" {
            let waits = gate.reviews.is_empty() || gate.asks_again;
            let body = if waits { pending(true) } else { json!([]) };
            return Response::json(200, &body).into();
        }
        gate.posts += 1;
        let body = seen.json();
        assert_eq!(body["environment_ids"], json!([STAGING]));
        if gate.posts > 1 || is_done {
            gate.reviews.push(json!({"state": body["state"], "comment": body["comment"],
                "user": {"login": "octocat"}, "environments": [{"id": STAGING, "name": "staging"}]}));
        }
        let answer = Response::json(200, &json!([{"id": 1}]));
        if gate.posts == 1 {
            fault(answer)
        } else {
            answer.into()
        }
    });
    (server, gate)
}

fn approval() -> Review {
    Review {
        environment_ids: vec![STAGING],
        state: ReviewState::Approved,
        comment: "approved with deployctl".to_owned(),
    }
}

async fn review(server: &Server) -> Result<Reviewed, ApiError> {
    let slug = repo();
    let client = client(server);
    client
        .repo(&slug)
        .run(RunId(FIRST_RUN))
        .review(&approval())
        .await
}

const LOST: [fn(Response) -> Act; 4] = [
    |_| Act::Reset,
    |_| Response::html(502, "<html>bad gateway</html>").into(),
    |answer| Act::Cut(answer, 3),
    |_| Response::html(200, "<html>hello</html>").into(),
];

#[tokio::test]
async fn a_review_whose_answer_is_lost_is_found_and_not_repeated() {
    for fault in LOST {
        let (server, gate) = self::gate(Gate::default(), true, fault);
        assert_eq!(review(&server).await.expect("reviewed"), Reviewed::Done);
        assert_eq!(gate.lock().expect("no panic").posts, 1);
        assert_eq!(gate.lock().expect("no panic").reviews.len(), 1);
    }
}

#[tokio::test]
async fn a_review_that_was_lost_on_the_way_is_sent_again() {
    for fault in LOST {
        let (server, gate) = self::gate(Gate::default(), false, fault);
        assert_eq!(review(&server).await.expect("reviewed"), Reviewed::Done);
        assert_eq!(gate.lock().expect("no panic").posts, 2);
        assert_eq!(gate.lock().expect("no panic").reviews.len(), 1);
    }
}

#[tokio::test]
async fn a_later_job_is_not_approved_by_a_repeat() {
    let again = Gate {
        asks_again: true,
        ..Gate::default()
    };
    let (server, gate) = self::gate(again, true, |_| Act::Reset);
    let error = review(&server).await.expect_err("it cannot be told");
    assert!(matches!(error, ApiError::Ambiguous { .. }), "{error}");
    assert_eq!(gate.lock().expect("no panic").posts, 1);
}

#[tokio::test]
async fn a_review_by_somebody_else_is_no_review_of_ours() {
    let other = Gate {
        reviews: vec![
            json!({"state": "rejected", "comment": "no", "user": {"login": "hubot"},
            "environments": [{"id": STAGING, "name": "staging"}]}),
        ],
        ..Gate::default()
    };
    let (server, gate) = self::gate(other, false, |_| Act::Reset);
    let reviewed = review(&server).await.expect("an answer");
    assert_eq!(reviewed, Reviewed::NoLongerPending);
    assert_eq!(gate.lock().expect("no panic").posts, 1);
}

#[tokio::test]
async fn a_refused_review_is_an_error_with_the_words_of_the_server() {
    let server = Server::start(|_| {
        Response::json(403, &json!({"message": "You are not a required reviewer"})).into()
    });
    let error = review(&server).await.expect_err("refused");
    assert_eq!(error.status(), Some(403));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_cancel_is_repeated_until_the_run_has_ended() {
    let received = Mutex::new(0);
    let server = Server::start(move |seen| {
        let path = format!("/repos/octo/app/actions/runs/{FIRST_RUN}");
        let run = |status: &str| {
            let run = json!({"id": FIRST_RUN, "head_sha": "a", "status": status,
                "created_at": "2026-11-01T00:00:00Z"});
            Response::json(200, &run)
        };
        let mut received = received.lock().expect("no panic");
        *received += 1;
        let is_cancel = ![4, 6].contains(&*received);
        let (method, end) = if is_cancel {
            ("POST", "/cancel")
        } else {
            ("GET", "")
        };
        assert!(seen.is(method, &format!("{path}{end}")), "{seen:?}");
        match *received {
            1 => Act::Reset,
            2 => Response::json(202, &json!({})).into(),
            4 => run("completed").into(),
            6 => run("waiting").into(),
            _ => Response::json(409, &json!({"message": "Cannot cancel a workflow run."})).into(),
        }
    });
    let (slug, client) = (repo(), client(&server));
    let run = client.repo(&slug).run(RunId(FIRST_RUN));
    run.cancel().await.expect("cancelled");
    run.cancel().await.expect("it has ended");
    let error = run.cancel().await.expect_err("it waits");
    assert_eq!(error.status(), Some(409));
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn a_group_is_named_in_one_segment_and_its_positions_are_followed() {
    let member = |run: u64, status: &str| {
        json!({"run_id": run, "run_name": "Deploy", "run_url": null, "run_html_url": null,
            "status": status})
    };
    let server = Server::start(move |seen| {
        let host = seen.header("host").expect("a host").to_owned();
        let group = |members: Value| {
            json!({"group_name": "deploy/prod", "group_url": "x", "total_count": 2,
                "group_members": members})
        };
        let response = match seen.path() {
            "/repos/octo/app/actions/concurrency_groups" => Response::json(
                200,
                &json!({
                "total_count": 1, "concurrency_groups": [{"group_name": "deploy/prod",
                "group_url": "x", "last_acquired_at": null}]}),
            ),
            "/repos/octo/app/actions/concurrency_groups/deploy%2Fprod" => Response::json(
                200,
                &group(json!([member(1, "in_progress"), member(2, "pending")])),
            ),
            "/repos/octo/app/actions/runs/2/concurrency_groups" => {
                let mut own = member(2, "pending");
                own["position"] = json!(1);
                own["position_url"] = json!(format!(
                    "http://{host}/repos/octo/app/actions/concurrency_groups/deploy%2Fprod?ahead_of_run=2"
                ));
                let groups = json!([group(json!([own])), group(json!([]))]);
                Response::json(
                    200,
                    &json!({"total_count": 2, "concurrency_groups": groups}),
                )
            }
            _ => not_found(),
        };
        response.into()
    });
    let (slug, client) = (repo(), client(&server));
    let handle = client.repo(&slug);
    let groups = handle
        .concurrency_groups()
        .await
        .expect("groups")
        .expect("served");
    let group = handle.concurrency_group(&groups[0].group_name).await;
    let group = group.expect("a group").expect("in use");
    assert!(group.group_members[0].holds() && !group.group_members[1].holds());
    let own = handle.run(RunId(2)).concurrency_groups().await;
    let own = own.expect("groups").expect("served");
    assert_eq!(own.len(), 2, "a group without members is in the list, too");
    let position = own[0].group_members[0]
        .position_url
        .as_deref()
        .expect("an address");
    let ahead = handle.members_ahead(position).await.expect("a group");
    assert_eq!(ahead.expect("in use").group_members.len(), 2);
    let foreign = handle.members_ahead("https://evil.example/x").await;
    assert!(matches!(foreign, Err(ApiError::ForeignAddress { .. })));
    let idle = handle.concurrency_group("idle").await.expect("an answer");
    assert!(idle.is_none());
}

#[tokio::test]
async fn a_server_without_concurrency_groups_is_no_error() {
    let server = Server::start(|_| not_found().into());
    let (slug, client) = (repo(), client(&server));
    let handle = client.repo(&slug);
    assert!(
        handle
            .concurrency_groups()
            .await
            .expect("an answer")
            .is_none()
    );
    let of_run = handle.run(RunId(1)).concurrency_groups().await;
    assert!(of_run.expect("an answer").is_none());
}

#[tokio::test]
async fn two_commits_are_compared_without_what_is_between() {
    let server = Server::start(|seen| {
        assert_eq!(seen.path(), "/repos/octo/app/compare/aaa...bbb");
        assert_eq!(seen.query("per_page").as_deref(), Some("1"));
        let body = json!({"status": "behind", "ahead_by": 0, "behind_by": 3, "commits": []});
        Response::json(200, &body).into()
    });
    let (slug, client) = (repo(), client(&server));
    let comparison = client.repo(&slug).compare("aaa", "bbb").await;
    let comparison = comparison.expect("a comparison");
    assert!(comparison.is_contained());
    assert_eq!(comparison.behind_by, 3);
}
