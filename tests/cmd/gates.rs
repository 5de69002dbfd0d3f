//! `pending`, `approve`, `reject` and `blocked` against a scripted server that
//! knows workflow runs and their gates.

#[path = "../client/server.rs"]
#[expect(dead_code, reason = "the tests of the client need more of it")]
mod server;

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome, Signal};
use crate::support::pty::Terminal;
use server::{Act, ReceivedRequest, Response, Server};

const REPO: &str = "/repos/octo/app";
/// A run's number is this and a small one: wider than 32 bits.
const RUNS: u64 = 30_000_000_000;

/// An environment at the gate of a run.
#[derive(Clone)]
struct Gate {
    id: u64,
    name: &'static str,
    reviewers: Vec<&'static str>,
    /// Whether a timer of an hour runs.
    timer: bool,
    /// Whether the app of a custom rule has not approved.
    app: bool,
    approved: bool,
    done: bool,
}

fn gate(name: &'static str, reviewers: &[&'static str]) -> Gate {
    let id = match name {
        "production" => 5,
        "staging" => 6,
        _ => 7,
    };
    Gate {
        id,
        name,
        reviewers: reviewers.to_vec(),
        timer: false,
        app: false,
        approved: false,
        done: false,
    }
}

#[derive(Clone)]
struct Run {
    number: u64,
    sha: String,
    workflow: u64,
    /// When it would have been created without its age.
    made: Timestamp,
    age: SignedDuration,
    actor: &'static str,
    gates: Vec<Gate>,
    reviews: Vec<Value>,
    /// What the run waits for once nothing of the above holds it.
    later: Vec<Gate>,
}

fn run(number: u64, gates: Vec<Gate>) -> Run {
    Run {
        number,
        sha: format!("{number:x}").repeat(40)[..40].to_owned(),
        workflow: number,
        made: Timestamp::now(),
        age: SignedDuration::from_hours(2),
        actor: "hubot",
        gates,
        reviews: Vec::new(),
        later: Vec::new(),
    }
}

impl Run {
    fn id(&self) -> u64 {
        RUNS + self.number
    }

    fn waits(&self) -> bool {
        self.gates.iter().any(|gate| !gate.done)
    }

    fn status(&self) -> &'static str {
        if self.waits() { "waiting" } else { "completed" }
    }

    fn json(&self) -> Value {
        json!({"id": self.id(), "node_id": format!("WFR_{}", self.number), "name": "Deploy",
            "path": format!(".github/workflows/deploy-{}.yml", self.workflow),
            "workflow_id": self.workflow, "event": "push", "status": self.status(),
            "conclusion": null, "head_branch": "main", "head_sha": self.sha,
            "html_url": format!("https://github.com/octo/app/actions/runs/{}", self.id()),
            "created_at": self.made - self.age, "pull_requests": [],
            "actor": {"login": self.actor}, "triggering_actor": {"login": self.actor}})
    }

    fn settle(&mut self) {
        for gate in &mut self.gates {
            let is_approved = gate.reviewers.is_empty() || gate.approved;
            gate.done |= is_approved && !gate.timer && !gate.app;
        }
        if !self.waits() {
            self.gates = std::mem::take(&mut self.later);
        }
    }
}

/// A change that somebody else makes.
type Change = fn(&mut Hub);

/// As much of GitHub as gates need.
struct Hub {
    runs: Vec<Run>,
    viewer: &'static str,
    /// What is live in every environment.
    live: Option<String>,
    /// How `compare` answers.
    comparison: &'static str,
    head: String,
    /// What happens before the request with this number is answered.
    race: Option<(usize, Change)>,
    /// What the first review gets in place of its answer.
    lost: Option<fn(Response) -> Act>,
    count: usize,
    has_groups: bool,
}

impl Hub {
    fn new(runs: Vec<Run>) -> Self {
        Self {
            runs,
            viewer: "octocat",
            live: None,
            comparison: "ahead",
            head: "a".repeat(40),
            race: None,
            lost: None,
            count: 0,
            has_groups: true,
        }
    }

    fn can_approve(&self, gate: &Gate) -> bool {
        !gate.approved && !gate.done && gate.reviewers.contains(&self.viewer)
    }

    fn pending(&self, run: &Run) -> Value {
        let gates = run.gates.iter().filter(|gate| !gate.done).map(|gate| {
            let reviewers: Vec<Value> = gate
                .reviewers
                .iter()
                .map(|login| json!({"type": "User", "reviewer": {"login": login, "id": 1}}))
                .collect();
            json!({"environment": {"id": gate.id, "node_id": format!("EN_{}", gate.id),
                "name": gate.name}, "reviewers": reviewers,
                "wait_timer": if gate.timer { 60 } else { 0 },
                "wait_timer_started_at": gate.timer.then(Timestamp::now),
                "current_user_can_approve": self.can_approve(gate)})
        });
        gates.collect()
    }

    fn node(&self, id: &Value) -> Value {
        let run = self
            .runs
            .iter()
            .find(|run| json!(format!("WFR_{}", run.number)) == *id);
        let Some(run) = run else {
            return Value::Null;
        };
        let completed = self
            .live
            .as_ref()
            .map(|sha| json!({"state": "ACTIVE", "commitOid": sha}));
        let requests = run.gates.iter().filter(|gate| !gate.done).map(|gate| {
            let reviewers: Vec<Value> = gate
                .reviewers
                .iter()
                .map(|login| json!({"__typename": "User", "login": login}))
                .collect();
            // `[0, 1, id]` in msgpack, and that in base64.
            let id = ["EN_kwABBQ", "EN_kwABBg", "EN_kwABBw"]
                [usize::try_from(gate.id - 5).expect("small")];
            json!({"currentUserCanApprove": self.can_approve(gate),
                "waitTimer": if gate.timer { 60 } else { 0 },
                "waitTimerStartedAt": gate.timer.then(Timestamp::now),
                "environment": {"id": id, "name": gate.name,
                    "latestCompletedDeployment": completed, "protectionRules": {"nodes": []}},
                "reviewers": {"nodes": reviewers}})
        });
        let requests: Vec<Value> = requests.collect();
        json!({"id": id, "checkSuite": null, "pendingDeploymentRequests":
            {"totalCount": requests.len(), "nodes": requests}})
    }

    fn graphql(&self, seen: &ReceivedRequest) -> Value {
        let variables = seen.json()["variables"].clone();
        if let Some(ids) = variables["ids"].as_array() {
            let nodes: Vec<Value> = ids.iter().map(|id| self.node(id)).collect();
            return json!({"data": {"viewer": {"login": self.viewer}, "nodes": nodes}});
        }
        json!({"data": {"repository": {"pullRequest":
            {"headRefOid": self.head, "commits": {"nodes": []}}}}})
    }

    fn review(&mut self, number: u64, body: &Value) -> Response {
        let viewer = self.viewer;
        let ids: Vec<u64> = serde_json::from_value(body["environment_ids"].clone()).expect("ids");
        let run = self
            .runs
            .iter()
            .find(|run| run.id() == number)
            .expect("a run")
            .clone();
        let refuse =
            |status: u16, message: &str| Response::json(status, &json!({"message": message}));
        for id in &ids {
            match run.gates.iter().find(|gate| gate.id == *id) {
                Some(gate) if self.can_approve(gate) => {}
                Some(gate) if !gate.done && !gate.approved => {
                    return refuse(403, "You are not a required reviewer");
                }
                _ => return refuse(422, "Nothing is pending"),
            }
        }
        let run = self
            .runs
            .iter_mut()
            .find(|run| run.id() == number)
            .expect("a run");
        let environments: Vec<Value> = ids
            .iter()
            .map(|id| {
                let gate = run
                    .gates
                    .iter()
                    .find(|gate| gate.id == *id)
                    .expect("a gate");
                json!({"id": id, "name": gate.name})
            })
            .collect();
        run.reviews
            .push(json!({"state": body["state"], "comment": body["comment"],
            "user": {"login": viewer}, "environments": environments}));
        for gate in run.gates.iter_mut().filter(|gate| ids.contains(&gate.id)) {
            gate.approved = true;
            gate.done = body["state"] == "rejected";
        }
        run.settle();
        Response::json(200, &json!([{"id": 1}]))
    }

    fn act(&mut self, seen: &ReceivedRequest) -> Act {
        self.count += 1;
        if let Some((number, change)) = self.race
            && number == self.count
        {
            change(self);
        }
        let not_found = || Response::json(404, &json!({"message": "Not Found"}));
        if seen.path() == "/graphql" {
            return Response::json(200, &self.graphql(seen)).into();
        }
        if seen.path() == "/user" {
            return Response::json(200, &json!({"login": self.viewer})).into();
        }
        let Some(path) = seen.path().strip_prefix(REPO) else {
            return not_found().into();
        };
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let response = match (seen.method.as_str(), &parts[..]) {
            ("GET", ["actions", "runs"]) => {
                let runs: Vec<Value> = self
                    .runs
                    .iter()
                    .rev()
                    .filter(|run| {
                        seen.query("status")
                            .is_none_or(|status| status == run.status())
                    })
                    .filter(|run| seen.query("head_sha").is_none_or(|sha| sha == run.sha))
                    .map(Run::json)
                    .collect();
                Response::json(
                    200,
                    &json!({"total_count": runs.len(), "workflow_runs": runs}),
                )
            }
            ("GET", ["compare", _]) => Response::json(200, &json!({"status": self.comparison})),
            ("GET", ["actions", "concurrency_groups"]) if self.has_groups => Response::json(
                200,
                &json!({"total_count": 2, "concurrency_groups": [
                    {"group_name": "prod", "group_url": "x", "last_acquired_at": "2026-11-01T00:00:00Z"},
                    {"group_name": "idle", "group_url": "x", "last_acquired_at": null}]}),
            ),
            ("GET", ["actions", "concurrency_groups", "prod"]) => {
                let member = |number: u64, status: &str| {
                    json!({"run_id": RUNS + number,
                    "run_name": "Deploy", "run_url": null, "run_html_url": null, "status": status})
                };
                Response::json(
                    200,
                    &json!({"group_name": "prod", "group_url": "x", "total_count": 2,
                    "group_members": [member(1, "in_progress"), member(9, "pending")]}),
                )
            }
            (method, ["actions", "runs", number, rest @ ..]) => {
                let number: u64 = number.parse().expect("a number");
                let Some(run) = self.runs.iter().find(|run| run.id() == number).cloned() else {
                    return not_found().into();
                };
                match (method, rest) {
                    ("GET", []) => Response::json(200, &run.json()),
                    ("GET", ["approvals"]) => Response::json(200, &json!(run.reviews)),
                    ("GET", ["pending_deployments"]) => Response::json(200, &self.pending(&run)),
                    ("POST", ["pending_deployments"]) => {
                        let response = self.review(number, &seen.json());
                        match self.lost.take() {
                            Some(lost) => return lost(response),
                            None => response,
                        }
                    }
                    ("POST", ["cancel"]) if !run.waits() => Response::json(
                        409,
                        &json!({"message": "Cannot cancel a workflow run that is completed."}),
                    ),
                    ("POST", ["cancel"]) => {
                        let own = self.runs.iter_mut().find(|run| run.id() == number);
                        for gate in &mut own.expect("a run").gates {
                            gate.done = true;
                        }
                        Response::json(202, &json!({}))
                    }
                    _ => not_found(),
                }
            }
            _ => not_found(),
        };
        response.into()
    }
}

struct World {
    hub: Arc<Mutex<Hub>>,
    server: Server,
    machine: Machine,
}

impl World {
    fn new(hub: Hub) -> Self {
        let hub = Arc::new(Mutex::new(hub));
        let shared = Arc::clone(&hub);
        let server = Server::start(move |seen| shared.lock().expect("no panic").act(seen));
        let machine = Machine::with_server(&server.root).env("DEPLOYCTL_REPO", "octo/app");
        Self {
            hub,
            server,
            machine,
        }
    }

    fn run(&self, line: &str) -> Outcome {
        self.machine.run(line.split_whitespace())
    }

    /// The reviews that were made, as the environments of each.
    fn reviews(&self) -> Vec<Value> {
        let hub = self.hub.lock().expect("no panic");
        hub.runs
            .iter()
            .flat_map(|run| run.reviews.clone())
            .collect()
    }

    fn writes(&self) -> usize {
        let seen = self.server.received();
        let is_write = |seen: &&ReceivedRequest| seen.method == "POST" && seen.path() != "/graphql";
        seen.iter().filter(is_write).count()
    }
}

fn results(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.stdout().lines();
    lines.map(|line| line.replace('\t', " ")).collect()
}

fn line(number: u64, rest: &str) -> String {
    format!("{} {rest}", RUNS + number)
}

#[test]
fn pending_takes_two_requests_and_has_all_fields() {
    let mut timed = gate("staging", &[]);
    timed.timer = true;
    let runs = vec![
        run(1, vec![gate("production", &["octocat", "hubot"])]),
        run(2, vec![timed]),
    ];
    let world = World::new(Hub::new(runs));
    let found = world.run("pending --json").expect(0).json();
    assert_eq!(
        world.server.received().len(),
        2,
        "{:?}",
        world.server.lines()
    );
    let first = &found[1];
    assert_eq!(first["run_id"], RUNS + 1);
    assert_eq!(first["environment_id"], 5);
    assert_eq!(first["reviewers"], json!(["octocat", "hubot"]));
    assert_eq!(
        (&first["can_approve"], &first["why_not"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(first["behind_live"], false, "nothing is live");
    assert_eq!(
        first["run_url"],
        format!("https://github.com/octo/app/actions/runs/{}", RUNS + 1)
    );
    let second = &found[0];
    assert_eq!(
        (&second["can_approve"], &second["why_not"]),
        (&json!(false), &json!("timer"))
    );
    assert!(second["wait_timer_ends_at"].is_string());
    let piped = world.run("pending -e prod*").expect(0);
    let fields: Vec<&str> = piped.stdout().trim_end().split('\t').collect();
    assert_eq!(fields.len(), 8, "{fields:?}");
    assert_eq!(
        fields[1..7],
        [
            "Deploy",
            "production",
            "main",
            &"1".repeat(40),
            "review by octocat, hubot",
            "may approve"
        ]
    );
    let mine = world.run("pending --mine --json=run_id").expect(0);
    assert_eq!(mine.json(), json!([{"run_id": RUNS + 1}]));
}

#[test]
fn pending_selects_and_has_an_exit_code_for_what_waits() {
    let world = World::new(Hub::new(vec![run(1, vec![gate("production", &["hubot"])])]));
    drop(world.run("pending --exit-status").expect(8));
    drop(world.run("pending --exit-status -e staging").expect(0));
    for selection in [
        "--sha 1111111",
        "--ref main",
        "--workflow Deploy",
        "--workflow deploy-1.yml",
    ] {
        let found = world
            .run(&format!("pending --json=why_not {selection}"))
            .expect(0)
            .json();
        assert_eq!(found, json!([{"why_not": "not_reviewer"}]), "{selection}");
    }
    for selection in ["--sha 2222222", "--ref other", "--workflow other"] {
        let none = world.run(&format!("pending {selection}")).expect(0);
        assert_eq!(none.stdout(), "");
        assert!(none.stderr().contains("no run waits"), "{}", none.stderr());
    }
    drop(world.run("pending --sha 11111").expect(2));
    drop(world.run("pending --watch --json").expect(2));
    let web = world.run("pending --web").expect(0);
    assert!(
        web.stdout()
            .ends_with("/octo/app/actions?query=is%3Awaiting\n"),
        "{}",
        web.stdout()
    );
}

#[test]
fn a_superseded_run_and_one_behind_live_are_marked_and_left_out() {
    let mut runs: Vec<Run> = (1..4)
        .map(|number| run(number, vec![gate("production", &["octocat"])]))
        .collect();
    for (one, hours) in runs.iter_mut().zip([30, 20, 10]) {
        one.workflow = 7;
        one.age = SignedDuration::from_hours(hours);
    }
    let mut hub = Hub::new(runs);
    hub.live = Some("f".repeat(40));
    hub.comparison = "behind";
    let world = World::new(hub);
    let found = world
        .run("pending --json=run_id,superseded_by,behind_live")
        .expect(0)
        .json();
    assert_eq!(
        found[2],
        json!({"run_id": RUNS + 1, "superseded_by": RUNS + 3, "behind_live": true})
    );
    assert_eq!(found[0]["superseded_by"], Value::Null);
    let compared = world.server.lines();
    assert_eq!(
        compared
            .iter()
            .filter(|line| line.contains("/compare/"))
            .count(),
        3
    );
    let left_out = world.run("approve --sha 1111111 --yes").expect(1);
    assert_eq!(results(&left_out), [line(1, "production refused")]);
    assert!(
        left_out.stderr().contains("name the run by its ID"),
        "{}",
        left_out.stderr()
    );
    drop(world.run("approve --sha 3333333 --yes").expect(1));
    assert_eq!(world.writes(), 0);
    let id = RUNS + 1;
    let named = world.run(&format!("approve {id} --yes")).expect(0);
    assert_eq!(results(&named), [line(1, "production approved")]);
    let rejected = world.run("reject --superseded --yes").expect(0);
    assert_eq!(results(&rejected), [line(2, "production rejected")]);
    drop(world.run("reject --superseded --yes").expect(3));
}

#[test]
fn approve_reads_a_run_again_right_before_it_is_approved() {
    let gates = vec![
        gate("production", &["octocat"]),
        gate("staging", &["octocat"]),
    ];
    let world = World::new(Hub::new(vec![run(1, gates)]));
    let outcome = world
        .run("approve --sha 1111111 -e staging -m fine --yes --json")
        .expect(0);
    assert_eq!(
        outcome.json(),
        json!([{"run_id": RUNS + 1, "environment": "staging",
        "environment_id": 6, "result": "approved", "held_by": null, "comment": "fine"}])
    );
    let reviews = world.reviews();
    assert_eq!(reviews.len(), 1);
    assert_eq!(
        reviews[0]["environments"],
        json!([{"id": 6, "name": "staging"}])
    );
    let lines = world.server.lines();
    let post = lines
        .iter()
        .position(|line| line.starts_with("POST /repos"))
        .expect("a review");
    assert!(
        lines[post - 1].starts_with("GET") && lines[post - 1].ends_with("/pending_deployments")
    );
}

#[test]
fn approve_by_id_takes_three_requests() {
    let gates = vec![
        gate("production", &["octocat"]),
        gate("staging", &["octocat"]),
    ];
    let world = World::new(Hub::new(vec![run(1, gates)]));
    let outcome = world.run(&format!("approve {} --yes", RUNS + 1)).expect(0);
    let all = [line(1, "production approved"), line(1, "staging approved")];
    assert_eq!(results(&outcome), all);
    assert_eq!(
        world.server.received().len(),
        3,
        "{:?}",
        world.server.lines()
    );
    assert_eq!(world.reviews()[0]["comment"], "approved with deployctl");
    let again = world.run(&format!("approve {} --yes", RUNS + 1)).expect(0);
    assert_eq!(
        results(&again),
        [line(1, "production already"), line(1, "staging already")]
    );
    let by_sha = world
        .run(&format!("approve --sha {} --yes", "1".repeat(40)))
        .expect(0);
    assert_eq!(
        results(&by_sha),
        [line(1, "production already"), line(1, "staging already")]
    );
    assert_eq!(world.writes(), 1);
}

#[test]
fn an_administrator_who_is_not_a_reviewer_reads_what_helps() {
    let world = World::new(Hub::new(vec![run(
        1,
        vec![gate("production", &["hubot", "mona"])],
    )]));
    for selection in [format!("{}", RUNS + 1), "--sha 1111111".to_owned()] {
        let outcome = world.run(&format!("approve {selection} --yes")).expect(5);
        assert_eq!(results(&outcome), [line(1, "production not_allowed")]);
        let said = outcome.stderr();
        assert!(
            said.contains("the required reviewers are hubot, mona"),
            "{said}"
        );
        assert!(
            said.contains("web page only") && said.contains("GITHUB_TOKEN"),
            "{said}"
        );
    }
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_prevented_self_review_is_explained() {
    let mut own = run(1, vec![gate("production", &["octocat"])]);
    own.actor = "octocat";
    let mut hub = Hub::new(vec![own]);
    hub.runs[0].gates[0].approved = true;
    let world = World::new(hub);
    let outcome = world.run(&format!("approve {} --yes", RUNS + 1)).expect(5);
    assert!(
        outcome.stderr().contains("you started the run"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn a_timer_or_an_app_that_still_holds_is_exit_code_8() {
    let mut timed = gate("production", &["octocat"]);
    timed.timer = true;
    let mut guarded = gate("staging", &["octocat"]);
    guarded.app = true;
    let mut only_app = gate("preview", &[]);
    only_app.app = true;
    let world = World::new(Hub::new(vec![run(1, vec![timed, guarded, only_app])]));
    let outcome = world
        .run(&format!(
            "approve {} --yes --json=environment,result,held_by",
            RUNS + 1
        ))
        .expect(8);
    assert_eq!(
        outcome.json(),
        json!([
        {"environment": "production", "result": "held", "held_by": "timer"},
        {"environment": "staging", "result": "held", "held_by": "app"},
        {"environment": "preview", "result": "held", "held_by": "app"}])
    );
    assert_eq!(world.reviews().len(), 1);
    let again = world.run(&format!("approve {} --yes", RUNS + 1)).expect(8);
    assert_eq!(world.writes(), 1, "{}", again.stderr());
}

#[test]
fn nothing_is_approved_without_yes_off_a_terminal() {
    let world = World::new(Hub::new(vec![run(
        1,
        vec![gate("production", &["octocat"])],
    )]));
    let refused = world.run("approve --sha 1111111").expect(2);
    assert!(refused.stderr().contains("--yes"), "{}", refused.stderr());
    assert_eq!(world.server.received().len(), 0);
    for line in [
        "approve --yes",
        "reject --yes",
        "approve --ref main --yes",
        "approve 1 --sha 1111111 --yes",
    ] {
        drop(world.run(line).expect(2));
    }
    let plan = world
        .run("approve --sha 1111111 --dry-run --json")
        .expect(0)
        .json();
    assert_eq!(plan[0]["result"], Value::Null);
    assert_eq!(world.writes(), 0);
    drop(world.run("approve --sha 2222222 --yes").expect(3));
    drop(
        world
            .run("approve --sha 2222222 --yes --ignore-missing")
            .expect(0),
    );
    drop(world.run("approve 5 --yes").expect(3));
}

#[test]
fn a_terminal_shows_the_plan_and_asks() {
    for (answer, reviews) in [("n\r", 0), ("y\r", 1)] {
        let world = World::new(Hub::new(vec![run(
            1,
            vec![gate("production", &["octocat"])],
        )]));
        let mut terminal = Terminal::start(&world.machine, ["approve", "--sha", "1111111"]);
        let shown = terminal.wait_for("Approve 1 environment of 1 run?");
        assert!(
            shown.contains("main 1111111") && shown.contains("production"),
            "{shown}"
        );
        terminal.press(answer);
        let ending = terminal.finish().expect(u32::from(reviews == 0));
        drop(ending);
        assert_eq!(world.reviews().len(), reviews);
    }
}

#[test]
fn a_run_that_changes_between_plan_and_write_is_not_approved_blindly() {
    // The list is request 1, the gates 2; 3 is the read before the review.
    let faster: Change = |hub| {
        hub.runs[0].gates[0].approved = true;
        hub.runs[0]
            .reviews
            .push(json!({"state": "approved", "comment": "mine",
            "user": {"login": "hubot"}, "environments": [{"id": 5, "name": "production"}]}));
        hub.runs[0].gates[0].done = true;
        hub.runs[0].gates.push(gate("staging", &["octocat"]));
    };
    let mut hub = Hub::new(vec![run(1, vec![gate("production", &["octocat"])])]);
    hub.race = Some((3, faster));
    let world = World::new(hub);
    let outcome = world.run("approve --sha 1111111 --yes").expect(0);
    assert_eq!(results(&outcome), [line(1, "production already")]);
    assert_eq!(
        world.writes(),
        0,
        "the environment that came later is not approved"
    );
    // The same between the last read and the review: 4 is the review.
    let mut hub = Hub::new(vec![run(1, vec![gate("production", &["octocat"])])]);
    hub.race = Some((4, faster));
    let world = World::new(hub);
    let outcome = world.run("approve --sha 1111111 --yes").expect(0);
    assert_eq!(results(&outcome), [line(1, "production already")]);
    let cancelled: Change = |hub| hub.runs[0].gates[0].done = true;
    let mut hub = Hub::new(vec![run(1, vec![gate("production", &["octocat"])])]);
    hub.race = Some((3, cancelled));
    let outcome = World::new(hub).run("approve --sha 1111111 --yes").expect(1);
    assert_eq!(results(&outcome), [line(1, "production failed")]);
}

#[test]
fn a_review_whose_answer_is_lost_is_found_and_not_repeated() {
    let mut hub = Hub::new(vec![run(1, vec![gate("production", &["octocat"])])]);
    hub.lost = Some(|_| Response::html(502, "<html>bad gateway</html>").into());
    let world = World::new(hub);
    let outcome = world.run(&format!("approve {} --yes", RUNS + 1)).expect(0);
    assert_eq!(results(&outcome), [line(1, "production approved")]);
    assert_eq!((world.writes(), world.reviews().len()), (1, 1));
}

#[test]
fn a_pull_request_is_pinned_to_its_head() {
    let mut own = run(1, vec![gate("production", &["octocat"])]);
    own.sha = "a".repeat(40);
    let other = run(2, vec![gate("production", &["octocat"])]);
    let world = World::new(Hub::new(vec![own, other]));
    let found = world.run("pending --pr 7 --json=run_id").expect(0).json();
    assert_eq!(found, json!([{"run_id": RUNS + 1}]));
    assert_eq!(world.server.received().len(), 3);
    drop(world.run("approve --pr 7 --sha bbbbbbb --yes").expect(1));
    assert_eq!(world.writes(), 0);
    let outcome = world.run("approve --pr 7 --sha aaaaaaa --yes").expect(0);
    assert_eq!(results(&outcome), [line(1, "production approved")]);
    assert!(
        outcome.stderr().contains(&"a".repeat(40)),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn a_head_that_moves_is_a_warning() {
    let mut own = run(1, vec![gate("production", &["octocat"])]);
    own.sha = "a".repeat(40);
    let mut hub = Hub::new(vec![own]);
    // The head, the list, the gates, the read before the review, the review, the
    // read after it; then the head again.
    hub.race = Some((7, |hub| hub.head = "b".repeat(40)));
    let world = World::new(hub);
    let outcome = world.run("approve --pr 7 --yes").expect(0);
    let moved = format!("has moved to {}", "b".repeat(40));
    assert!(outcome.stderr().contains(&moved), "{}", outcome.stderr());
}

#[test]
fn follow_approves_what_the_runs_of_the_commit_reach_later() {
    let mut own = run(1, vec![gate("staging", &["octocat"])]);
    own.later = vec![gate("production", &["octocat"])];
    let world = World::new(Hub::new(vec![own]));
    let outcome = world
        .run("approve --sha 1111111 --follow --timeout 30s --yes")
        .expect(0);
    let all = [line(1, "staging approved"), line(1, "production approved")];
    assert_eq!(results(&outcome), all);
    let mut own = run(1, vec![gate("staging", &["octocat"])]);
    own.later = vec![gate("production", &["hubot"])];
    let world = World::new(Hub::new(vec![own]));
    let outcome = world.run("approve --sha 1111111 --follow --timeout 30s --yes");
    assert_eq!(results(&outcome)[1], line(1, "production not_allowed"));
    drop(outcome.expect(5));
    let mut own = run(1, vec![gate("staging", &["octocat"])]);
    own.later = vec![gate("production", &["hubot"])];
    let world = World::new(Hub::new(vec![own]));
    drop(
        world
            .run("approve --sha 1111111 -e staging --follow --timeout 30s --yes")
            .expect(0),
    );
}

#[test]
fn blocked_shows_the_holder_and_what_it_waits_for() {
    let world = World::new(Hub::new(vec![run(
        1,
        vec![gate("production", &["octocat"])],
    )]));
    let found = world.run("blocked --json").expect(0).json();
    assert_eq!(
        found,
        json!([{"group": "prod", "guess": false, "since": "2026-11-01T00:00:00Z",
        "holder": {"run_id": RUNS + 1, "run_url": null, "workflow": "Deploy", "job_id": null,
            "waits_for": ["production"]},
        "queue": [{"run_id": RUNS + 9, "run_url": null, "workflow": "Deploy", "job_id": null}]}])
    );
    assert_eq!(world.run("blocked -e staging").expect(0).stdout(), "");
    let piped = world.run("blocked -e prod*").expect(0);
    assert_eq!(piped.stdout().split('\t').count(), 6);
    world.hub.lock().expect("no panic").has_groups = false;
    let none = world.run("blocked").expect(0);
    assert_eq!(none.stdout(), "", "nothing queues");
}

#[test]
fn completion_knows_what_waited() {
    let world = World::new(Hub::new(vec![run(
        1,
        vec![gate("production", &["octocat"])],
    )]));
    drop(world.run("pending").expect(0));
    let mut command = std::process::Command::new(crate::support::cli::binary());
    command
        .args(["--", "deployctl", "approve", "3"])
        .env_clear()
        .envs(world.machine.environment())
        .env("DEPLOYCTL_COMPLETE", "fish")
        .current_dir(world.machine.cwd());
    let mut offered = String::new();
    // A machine that is too busy gets nothing in time, and is asked again.
    for _ in 0..10 {
        let output = command.output().expect("the binary runs");
        offered = String::from_utf8(output.stdout).expect("UTF-8");
        if !offered.is_empty() {
            break;
        }
    }
    assert_eq!(offered, format!("{}\twaits for production\n", RUNS + 1));
}

#[test]
fn completion_knows_the_fields_of_cancelled_runs() {
    let world = World::new(Hub::new(Vec::new()));
    let mut command = std::process::Command::new(crate::support::cli::binary());
    command
        .args(["--", "deployctl", "reap", "--waiting", "--json=env"])
        .env_clear()
        .envs(world.machine.environment())
        .env("DEPLOYCTL_COMPLETE", "fish")
        .current_dir(world.machine.cwd());
    let output = command.output().expect("the binary runs");
    let offered = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(offered.contains("environments"), "{offered}");
}

#[test]
fn watch_prints_each_change() {
    let world = World::new(Hub::new(vec![run(
        1,
        vec![gate("production", &["octocat"])],
    )]));
    let running = world.machine.command(["pending", "--watch"]).spawn();
    drop(running.wait_for_line("may approve"));
    world.hub.lock().expect("no panic").runs[0].gates[0].done = true;
    drop(running.wait_for_line("no longer waits"));
    running.signal(Signal::Int);
    drop(running.finish().expect(130));
}

fn old_runs() -> Vec<Run> {
    let mut runs: Vec<Run> = (1..4)
        .map(|number| run(number, vec![gate("production", &["hubot"])]))
        .collect();
    runs[0].age = SignedDuration::from_hours(60);
    runs[1].age = SignedDuration::from_hours(50);
    runs
}

#[test]
fn reap_cancels_runs_that_have_waited_for_too_long() {
    let world = World::new(Hub::new(old_runs()));
    drop(world.run("reap --waiting").expect(2));
    for option in [
        "--state pending",
        "--as inactive",
        "--apply x",
        "--apply x --older-than 1d",
        "--ref main",
    ] {
        drop(
            world
                .run(&format!("reap --waiting {option} --yes"))
                .expect(2),
        );
    }
    assert_eq!(world.server.received().len(), 0);
    let plan = world
        .run("reap --waiting --dry-run --json=run_id,result")
        .expect(0)
        .json();
    let planned = |number: u64| json!({"run_id": RUNS + number, "result": null});
    assert_eq!(plan, json!([planned(2), planned(1)]));
    let none = world.run("reap --waiting --older-than 9d --yes").expect(0);
    assert!(
        none.stderr().contains("no run has waited"),
        "{}",
        none.stderr()
    );
    assert_eq!(world.writes(), 0);
    let done = world.run("reap --waiting -e prod* --yes").expect(0);
    let all = [
        line(2, "Deploy production cancelled"),
        line(1, "Deploy production cancelled"),
    ];
    assert_eq!(results(&done), all);
    assert_eq!(world.writes(), 2);
    drop(world.run("reap --waiting --yes").expect(0));
}

#[test]
fn reap_checks_each_run_again_before_it_is_cancelled() {
    let mut hub = Hub::new(old_runs());
    // The list is request 1, the gates 2; 3 is the check of the newer run.
    hub.race = Some((3, |hub| hub.runs[1].gates[0].done = true));
    let world = World::new(hub);
    let outcome = world.run("reap --waiting --yes").expect(0);
    let all = [
        line(2, "Deploy production skipped"),
        line(1, "Deploy production cancelled"),
    ];
    assert_eq!(results(&outcome), all);
    let mut hub = Hub::new(old_runs());
    // 4 is the cancellation: the run has ended by then.
    hub.race = Some((4, |hub| hub.runs[1].gates[0].done = true));
    let outcome = World::new(hub).run("reap --waiting --yes").expect(0);
    assert_eq!(results(&outcome)[0], line(2, "Deploy production cancelled"));
}
