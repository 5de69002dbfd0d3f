//! `pending`, `approve`, `reject`, `blocked` and `reap --waiting` against the
//! sandbox, whose runs wait, expire and queue by GitHub's rules.

use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome};
use crate::support::http::{Client, Reply};
use crate::support::pty::Terminal;
use crate::support::serve::rule;
use crate::world::{REPO, World, lines};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A sandbox on which alice and bob may review, if they are asked to.
struct Hub {
    world: World,
    alice: Machine,
    bob: Machine,
    /// The sandbox itself, past the proxy, with the token of an administrator.
    client: Client,
}

impl Hub {
    fn new() -> Self {
        let world = World::with(|config| {
            let tokens = [
                "alice=repo",
                "bob=repo",
                "gate=deployments=write,actions=read",
            ];
            config.tokens = tokens.map(rule).to_vec();
        });
        let user =
            |login: &str| Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", login);
        Self {
            alice: user("alice"),
            bob: user("bob"),
            client: Client::new(world.server.url()),
            world,
        }
    }

    /// Runs a command as an administrator who reviews nothing.
    fn admin(&self, line: &str) -> Outcome {
        self.world.run(line)
    }

    fn alice(&self, line: &str) -> Outcome {
        self.alice.run(line.split_whitespace())
    }

    fn bob(&self, line: &str) -> Outcome {
        self.bob.run(line.split_whitespace())
    }

    #[track_caller]
    fn administer(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = body.to_string();
        self.client
            .send_unchecked(method, path, Some(body.as_bytes()))
    }

    #[track_caller]
    fn protect(&self, environment: &str, rules: &Value) {
        let path = format!("{REPO}/environments/{environment}");
        let body = rules.to_string();
        let reply = self.client.send("PUT", &path, Some(body.as_bytes()));
        drop(reply.expect(200));
    }

    #[track_caller]
    fn reviewers(&self, logins: &[&str]) -> Value {
        let reviewer = |login: &&str| {
            let user = self.client.get(&format!("/users/{login}")).expect(200);
            json!({"type": "User", "id": user.json()["id"]})
        };
        logins.iter().map(reviewer).collect()
    }

    /// Has users review what deploys to an environment.
    #[track_caller]
    fn reviewed_by(&self, environment: &str, logins: &[&str]) {
        let reviewers = self.reviewers(logins);
        self.protect(environment, &json!({ "reviewers": reviewers }));
    }

    /// Starts a run.
    #[track_caller]
    fn start(&self, run: &Value) -> u64 {
        let path = format!("/_sandbox{REPO}/runs");
        let reply = self.administer("POST", &path, run).expect(201);
        reply.json()["id"].as_u64().expect("an id")
    }

    /// Starts a run of a ref with one job that deploys to an environment, and
    /// succeeds as soon as it may.
    #[track_caller]
    fn deploy(&self, name: &str, environment: &str) -> u64 {
        let job = json!({"name": "deploy", "environment": environment,
            "succeeds_after_seconds": 0});
        self.start(&json!({"ref": name, "jobs": [job]}))
    }

    #[track_caller]
    fn advance(&self, seconds: i64) {
        let body = json!({ "advance_seconds": seconds });
        drop(
            self.administer("POST", "/_sandbox/clock", &body)
                .expect(200),
        );
    }

    fn run(&self, id: u64, rest: &str) -> Value {
        let path = format!("{REPO}/actions/runs/{id}{rest}");
        self.client.get(&path).expect(200).json()
    }

    /// The status of a run, or its conclusion once it has one.
    fn state(&self, id: u64) -> String {
        let run = self.run(id, "");
        let end = run["conclusion"].as_str().or(run["status"].as_str());
        end.expect("a status").to_owned()
    }

    fn reviews(&self, id: u64) -> usize {
        let reviews = self.run(id, "/approvals");
        reviews.as_array().expect("a list").len()
    }

    #[track_caller]
    fn cancel(&self, id: u64) {
        let path = format!("{REPO}/actions/runs/{id}/cancel");
        drop(self.client.post(&path, &json!({})).expect(202));
    }

    fn sha(&self, name: &str) -> String {
        self.world.repository.sha(name)
    }

    /// The requests of one command, without the repository's path.
    fn requests(&self, command: impl FnOnce()) -> Vec<String> {
        self.world.proxy.forget();
        command();
        let all = lines(&self.world.proxy.requests());
        all.iter()
            .map(|line| line.replace(&format!("{REPO}/actions/"), ""))
            // Pages are linked by the ID of the repository.
            .map(|line| line.replace("/repositories/900000001/actions/", ""))
            .collect()
    }
}

/// The lines of a result, with blanks for tabs.
fn results(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.stdout().lines();
    lines.map(|line| line.replace('\t', " ")).collect()
}

#[test]
fn a_run_waits_is_approved_and_deploys() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let run = hub.deploy("main", "production");
    let sha = hub.sha("main");
    let found = hub.alice("pending --json").expect(0).json();
    assert_eq!(found.as_array().expect("a list").len(), 1);
    let gate = &found[0];
    assert_eq!(
        (&gate["run_id"], &gate["workflow"], &gate["event"]),
        (&json!(run), &json!("Deploy"), &json!("push"))
    );
    assert_eq!(
        (&gate["ref"], &gate["sha"], &gate["environment"]),
        (&json!("main"), &json!(sha), &json!("production"))
    );
    assert_eq!(gate["reviewers"], json!(["alice"]));
    assert_eq!(
        (&gate["can_approve"], &gate["why_not"], &gate["behind_live"]),
        (&json!(true), &Value::Null, &json!(false))
    );
    let environment = hub
        .client
        .get(&format!("{REPO}/environments/production"))
        .expect(200)
        .json();
    assert_eq!(gate["environment_id"], environment["id"]);
    let page = format!("/octocat/hello-world/actions/runs/{run}");
    assert!(
        gate["run_url"]
            .as_str()
            .is_some_and(|url| url.ends_with(&page)),
        "{gate}"
    );
    drop(hub.alice("pending --exit-status").expect(8));
    let outcome = hub
        .alice(&format!("approve --sha {sha} --yes --json"))
        .expect(0);
    assert_eq!(
        outcome.json(),
        json!([{"run_id": run, "environment": "production",
            "environment_id": environment["id"], "result": "approved", "held_by": null,
            "comment": "approved with deployctl"}])
    );
    drop(hub.alice("wait -e production --timeout 1m").expect(0));
    assert_eq!(hub.state(run), "success");
    drop(hub.alice("pending --exit-status").expect(0));
    let again = hub.alice(&format!("approve {run} --yes")).expect(0);
    assert_eq!(results(&again), [format!("{run} production already")]);
    assert_eq!(hub.reviews(run), 1);
}

// Trap 1.
#[test]
fn an_administrator_who_is_not_a_reviewer_reads_what_helps() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice", "bob"]);
    let run = hub.deploy("main", "production");
    let gate = hub
        .admin("pending --json=can_approve,why_not")
        .expect(0)
        .json();
    assert_eq!(
        gate,
        json!([{"can_approve": false, "why_not": "not_reviewer"}])
    );
    assert_eq!(hub.admin("pending --mine").expect(0).stdout(), "");
    let sha = hub.sha("main");
    for selection in [format!("{run}"), format!("--sha {sha}")] {
        let outcome = hub.admin(&format!("approve {selection} --yes")).expect(5);
        assert_eq!(results(&outcome), [format!("{run} production not_allowed")]);
        let said = outcome.stderr();
        for part in [
            "the required reviewers are alice, bob",
            "--reviewer",
            "web page only",
            "GITHUB_TOKEN",
            "reap --waiting",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    let outcome = hub.admin(&format!("reject {run} --yes")).expect(5);
    assert!(
        outcome.stderr().contains("reap --waiting"),
        "{}",
        outcome.stderr()
    );
    assert_eq!((hub.state(run), hub.reviews(run)), ("waiting".into(), 0));
}

// Trap 2.
#[test]
fn every_run_of_a_commit_is_approved_once_and_no_other() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let workflows = 1..8;
    let runs: Vec<u64> = workflows
        .map(|number| {
            let job = json!({"name": "deploy", "environment": "production"});
            hub.start(&json!({"ref": "topic", "event": "pull_request",
                "path": format!(".github/workflows/{number}.yml"), "jobs": [job]}))
        })
        .collect();
    let other = hub.deploy("main", "production");
    let sha = hub.sha("topic");
    let outcome = hub.alice(&format!("approve --sha {sha} --yes")).expect(0);
    assert_eq!(results(&outcome).len(), 7);
    for run in runs {
        assert_eq!(
            (hub.state(run), hub.reviews(run)),
            ("in_progress".into(), 1)
        );
    }
    assert_eq!(hub.state(other), "waiting");
}

// Trap 2.
#[test]
fn jobs_that_reach_an_environment_later_need_follow() {
    let hub = Hub::new();
    hub.reviewed_by("staging", &["alice"]);
    hub.reviewed_by("production", &["alice"]);
    let job = |name: &str, environment: &str, needs: &[&str]| {
        json!({"name": name, "environment": environment, "needs": needs,
            "succeeds_after_seconds": 0})
    };
    let jobs = json!([
        job("first", "staging", &[]),
        job("second", "staging", &["first"]),
        job("third", "production", &["second"]),
    ]);
    let run = hub.start(&json!({"ref": "main", "jobs": jobs}));
    let sha = hub.sha("main");
    let once = hub.alice(&format!("approve --sha {sha} --yes")).expect(0);
    assert_eq!(results(&once), [format!("{run} staging approved")]);
    assert_eq!(hub.state(run), "waiting", "the second job asks again");
    let line = format!("approve --sha {sha} --follow --timeout 2m --yes");
    let rest = hub.alice(&line).expect(0);
    let all = ["staging", "production"].map(|name| format!("{run} {name} approved"));
    assert_eq!(results(&rest), all);
    assert_eq!((hub.state(run), hub.reviews(run)), ("success".into(), 3));
    // A later gate of somebody else ends it.
    hub.reviewed_by("production", &["bob"]);
    let run = hub.start(&json!({"ref": "topic", "jobs": jobs}));
    let sha = hub.sha("topic");
    let line = format!("approve --sha {sha} --follow --timeout 2m --yes");
    let rest = hub.alice(&line).expect(5);
    let last = results(&rest).pop();
    assert_eq!(last, Some(format!("{run} production not_allowed")));
    // It is not waited for where it is not selected.
    let run = hub.start(&json!({"ref": "behind", "jobs": jobs}));
    let sha = hub.sha("behind");
    let line = format!("approve --sha {sha} -e staging --follow --timeout 2m --yes");
    drop(hub.alice(&line).expect(0));
    assert_eq!((hub.state(run), hub.reviews(run)), ("waiting".into(), 2));
    drop(
        hub.alice(&format!(
            "approve {run} --follow --timeout 1m -e staging --yes"
        ))
        .expect(0),
    );
}

// Trap 3.
#[test]
fn old_code_is_left_out_unless_it_is_named() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let runs: Vec<u64> = (0..4).map(|_| hub.deploy("main", "production")).collect();
    let newest = runs[3];
    let found = hub
        .alice("pending --json=run_id,superseded_by")
        .expect(0)
        .json();
    for gate in found.as_array().expect("a list") {
        let by = if gate["run_id"] == newest {
            Value::Null
        } else {
            json!(newest)
        };
        assert_eq!(gate["superseded_by"], by, "{gate}");
    }
    let sha = hub.sha("main");
    let outcome = hub.alice(&format!("approve --sha {sha} --yes")).expect(1);
    let lines = results(&outcome);
    assert_eq!(lines.len(), 4);
    assert!(lines.contains(&format!("{newest} production approved")));
    assert!(lines.contains(&format!("{} production refused", runs[0])));
    let said = outcome.stderr();
    assert!(said.contains(&format!("superseded by {newest}")), "{said}");
    assert!(said.contains("name the run by its ID"), "{said}");
    drop(hub.alice(&format!("approve {} --yes", runs[0])).expect(0));
    assert_eq!(hub.state(runs[0]), "success");
    // What is live now is `main`; a run of a commit before it would go back.
    let old = hub.deploy("v1.0.0", "production");
    let gate = hub
        .alice("pending --ref v1.0.0 --json=behind_live,superseded_by")
        .expect(0)
        .json();
    assert_eq!(gate, json!([{"behind_live": true, "superseded_by": null}]));
    let sha = hub.sha("v1.0.0");
    let outcome = hub.alice(&format!("approve --sha {sha} --yes")).expect(1);
    assert_eq!(results(&outcome), [format!("{old} production refused")]);
    drop(hub.alice(&format!("approve {old} --yes")).expect(0));
    // Superseded runs can be selected to be rejected.
    let newer = hub.deploy("topic", "production");
    let outcome = hub
        .alice("reject --superseded -m newer --yes --json=run_id,result,comment")
        .expect(0);
    let rejected = |run: u64| json!({"run_id": run, "result": "rejected", "comment": "newer"});
    assert_eq!(
        outcome.json(),
        json!([rejected(runs[2]), rejected(runs[1])])
    );
    assert_eq!(hub.state(runs[1]), "failure");
    assert_eq!(hub.state(newer), "waiting");
    drop(hub.alice("reject --superseded --yes").expect(3));
}

// Trap 4.
#[test]
fn a_waiting_run_blocks_its_group() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let run = |group: &str| {
        let job = json!({"name": "deploy", "environment": "production"});
        json!({"concurrency": {"group": group}, "jobs": [job]})
    };
    let holder = hub.start(&run("deploy-production"));
    let lost = hub.start(&run("deploy-production"));
    let next = hub.start(&run("Deploy-Production"));
    assert_eq!(hub.state(lost), "cancelled", "one can be pending");
    assert_eq!(hub.run(next, "/jobs")["total_count"], 0);
    let found = hub.alice("blocked --json").expect(0).json();
    let first = &found[0];
    assert_eq!(found.as_array().expect("a list").len(), 1);
    assert_eq!(
        (&first["group"], &first["guess"]),
        (&json!("deploy-production"), &json!(false))
    );
    assert_eq!(first["holder"]["run_id"], holder);
    assert_eq!(first["holder"]["waits_for"], json!(["production"]));
    assert_eq!(first["queue"].as_array().expect("a list").len(), 1);
    assert_eq!(first["queue"][0]["run_id"], next);
    assert_eq!(first["since"], hub.run(holder, "")["run_started_at"]);
    assert_eq!(hub.alice("blocked -e staging").expect(0).stdout(), "");
    let by_run = hub
        .alice(&format!("blocked {next} --json=holder,queue"))
        .expect(0)
        .json();
    assert_eq!(by_run[0]["holder"]["run_id"], holder);
    assert_eq!(by_run[0]["queue"][0]["run_id"], next);
    drop(hub.alice("blocked 1").expect(3));
    drop(hub.alice(&format!("approve {holder} --yes")).expect(0));
    let now = hub.alice("blocked --json=holder").expect(0).json();
    assert_eq!(now[0]["holder"]["waits_for"], json!([]), "it runs");
    hub.cancel(holder);
    assert_eq!(hub.state(next), "waiting", "it got the group");
}

// Trap 5.
#[test]
fn a_run_expires_after_thirty_days() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let run = hub.deploy("main", "production");
    hub.advance(30 * DAY - MINUTE);
    drop(hub.alice("pending --exit-status").expect(8));
    hub.advance(2 * MINUTE);
    drop(hub.alice("pending --exit-status").expect(0));
    assert_eq!(hub.state(run), "failure");
    drop(hub.alice(&format!("approve {run} --yes")).expect(3));
    assert_eq!(hub.reviews(run), 0);
}

#[test]
fn a_timer_or_an_app_holds_what_is_approved() {
    let hub = Hub::new();
    let reviewers = hub.reviewers(&["alice"]);
    hub.protect(
        "production",
        &json!({"reviewers": reviewers, "wait_timer": 43_200}),
    );
    let run = hub.deploy("main", "production");
    let gate = hub
        .alice("pending --json=can_approve,wait_timer_ends_at,since")
        .expect(0)
        .json();
    assert_eq!(gate[0]["can_approve"], true);
    let ends: jiff::Timestamp = gate[0]["wait_timer_ends_at"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("a time");
    let since: jiff::Timestamp = gate[0]["since"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("a time");
    assert_eq!(ends.duration_since(since).as_hours(), 30 * 24);
    let line = format!("approve {run} --yes --json=result,held_by");
    let held = json!([{"result": "held", "held_by": "timer"}]);
    assert_eq!(hub.alice(&line).expect(8).json(), held);
    assert_eq!(hub.alice(&line).expect(8).json(), held);
    assert_eq!(hub.reviews(run), 1, "it is not approved twice");
    let gate = hub
        .alice("pending --json=can_approve,why_not")
        .expect(0)
        .json();
    assert_eq!(gate, json!([{"can_approve": false, "why_not": "timer"}]));

    let app = hub.administer("POST", "/_sandbox/apps", &json!({"slug": "gate"}));
    let app = app.expect(201).json();
    hub.reviewed_by("staging", &["alice"]);
    let path = format!("{REPO}/environments/staging/deployment_protection_rules");
    let body = json!({"integration_id": app["id"]});
    drop(hub.client.post(&path, &body).expect(201));
    let run = hub.deploy("topic", "staging");
    let line = format!("approve {run} --yes --json=result,held_by");
    let held = json!([{"result": "held", "held_by": "app"}]);
    assert_eq!(hub.alice(&line).expect(8).json(), held);
    let path = format!("{REPO}/actions/runs/{run}/deployment_protection_rule");
    let body = json!({"environment_name": "staging", "state": "approved", "comment": ""});
    let gate = hub.client.with_token("gate");
    drop(gate.post(&path, &body).expect(204));
    assert_eq!(hub.state(run), "success");
    let done = json!([{"result": "already", "held_by": null}]);
    assert_eq!(hub.alice(&line).expect(0).json(), done);
}

// Trap 6.
#[test]
fn a_run_in_a_stale_list_is_read_again() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let ended = hub.deploy("main", "production");
    let waits = hub.deploy("topic", "production");
    hub.advance(3 * DAY);
    let delays = json!({"stale_list_seconds": 3600});
    drop(hub.administer("PUT", "/_sandbox/runs", &delays).expect(200));
    hub.cancel(ended);
    let listed = hub
        .client
        .get(&format!("{REPO}/actions/runs?status=waiting"))
        .expect(200)
        .json();
    assert_eq!(listed["total_count"], 2, "the list is stale");
    let found = hub.alice("pending --json=run_id").expect(0).json();
    assert_eq!(found, json!([{"run_id": waits}]));
    let sha = hub.sha("main");
    drop(hub.alice(&format!("approve --sha {sha} --yes")).expect(3));
    assert_eq!(hub.reviews(ended), 0);
    let reaped = hub.admin("reap --waiting --older-than 2d --yes").expect(0);
    assert_eq!(results(&reaped).len(), 1);
    assert_eq!(
        (hub.state(ended), hub.state(waits)),
        ("cancelled".into(), "cancelled".into())
    );
}

// Trap 7.
#[test]
fn a_run_that_has_just_begun_to_wait_is_read_again() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let delays = json!({"late_pending_deployments_seconds": 3});
    drop(hub.administer("PUT", "/_sandbox/runs", &delays).expect(200));
    let sha = hub.sha("main");
    let run = hub.deploy("main", "production");
    let outcome = hub.alice(&format!("approve --sha {sha} --yes")).expect(0);
    assert_eq!(results(&outcome), [format!("{run} production approved")]);
    let run = hub.deploy("main", "production");
    let outcome = hub.alice(&format!("approve {run} --yes")).expect(0);
    assert_eq!(results(&outcome), [format!("{run} production approved")]);
    // An old one with nothing pending has nothing to approve.
    let run = hub.deploy("main", "production");
    let delays = json!({"late_pending_deployments_seconds": 3600});
    drop(hub.administer("PUT", "/_sandbox/runs", &delays).expect(200));
    hub.advance(MINUTE);
    let requests = hub.requests(|| {
        drop(hub.alice(&format!("approve {run} --yes")).expect(3));
    });
    let pending = format!("GET runs/{run}/pending_deployments");
    let asked = requests.iter().filter(|line| **line == pending).count();
    assert_eq!(asked, 1, "{requests:?}");
}

// Trap 8.
#[test]
fn the_age_of_a_run_that_was_started_again_is_that_of_its_attempt() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let run = hub.deploy("main", "production");
    hub.cancel(run);
    hub.advance(3 * DAY);
    let path = format!("{REPO}/actions/runs/{run}/rerun");
    drop(hub.client.post(&path, &json!({})).expect(201));
    let gate = hub.alice("pending --json=since").expect(0).json();
    assert_eq!(gate[0]["since"], hub.run(run, "")["run_started_at"]);
    let none = hub.admin("reap --waiting --older-than 2d --yes").expect(0);
    assert_eq!(none.stdout(), "");
    drop(hub.alice("reject --older-than 2d --yes").expect(3));
    hub.advance(2 * DAY + MINUTE);
    let planned = hub
        .admin("reap --waiting --older-than 2d --dry-run --json=run_id,result")
        .expect(0);
    assert_eq!(planned.json(), json!([{"run_id": run, "result": null}]));
    drop(hub.admin("reap --waiting --older-than 2d").expect(2));
    assert_eq!(hub.state(run), "waiting");
    drop(hub.alice("reject --older-than 2d --yes").expect(0));
    assert_eq!(hub.state(run), "failure");
}

// Trap 9.
#[test]
fn only_the_end_of_a_run_frees_its_group() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let job = json!({"name": "deploy", "environment": "production"});
    let body = json!({"concurrency": {"group": "deploy"}, "jobs": [job]});
    let holder = hub.start(&body);
    let next = hub.start(&body);
    hub.advance(3 * DAY);
    let ended = hub
        .admin("reap --state waiting --older-than 1d --yes")
        .expect(0);
    assert_eq!(results(&ended).len(), 1, "the deployment has ended");
    assert_eq!(hub.state(holder), "waiting", "its run has not");
    assert_eq!(hub.state(next), "pending");
    let reaped = hub.admin("reap --waiting --yes --json").expect(0).json();
    assert_eq!(
        reaped,
        json!([{"run_id": holder, "run_url": reaped[0]["run_url"], "workflow": "Deploy",
            "environments": ["production"], "since": hub.run(holder, "")["run_started_at"],
            "result": "cancelled", "message": null}])
    );
    assert_eq!(hub.state(holder), "cancelled");
    assert_eq!(hub.state(next), "waiting");
}

// Trap 11.
#[test]
fn nothing_is_approved_without_a_terminal_or_yes() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let run = hub.deploy("main", "production");
    let sha = hub.sha("main");
    let requests = hub.requests(|| {
        for line in [
            format!("approve {run}"),
            format!("approve --sha {sha}"),
            format!("reject {run}"),
            "approve --yes".to_owned(),
            "approve -e production --yes".to_owned(),
            "approve --ref main --yes".to_owned(),
            "approve --no-input --sha 1234567".to_owned(),
        ] {
            drop(hub.alice(&line).expect(2));
        }
    });
    assert!(requests.is_empty(), "{requests:?}");
    drop(hub.alice(&format!("approve {run} --dry-run")).expect(0));
    assert_eq!((hub.state(run), hub.reviews(run)), ("waiting".into(), 0));
}

#[test]
fn a_run_that_the_plan_did_not_show_is_not_approved() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let shown = hub.deploy("main", "production");
    let sha = hub.sha("main");
    let mut terminal = Terminal::start(&hub.alice, ["approve", "--sha", &sha]);
    terminal.wait_for("Approve 1 environment of 1 run?");
    let other = hub.start(
        &json!({"ref": "main", "path": ".github/workflows/other.yml",
        "jobs": [{"name": "deploy", "environment": "production"}]}),
    );
    terminal.press("y\r");
    drop(terminal.finish().expect(0));
    assert_eq!(
        (hub.state(shown), hub.reviews(shown)),
        ("success".into(), 1)
    );
    assert_eq!(
        (hub.state(other), hub.reviews(other)),
        ("waiting".into(), 0)
    );
}

#[test]
fn runs_can_be_cancelled_by_a_plan_that_was_saved() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let job = json!({"name": "deploy", "environment": "production"});
    let run = |path: &str| hub.start(&json!({ "path": path, "jobs": [job] }));
    let (first, second) = (run("1.yml"), run("2.yml"));
    hub.advance(3 * DAY);
    let young = run("3.yml");
    let saved = hub.admin("reap --waiting --plan-out plan.json").expect(0);
    assert!(
        saved.stderr().contains("--apply plan.json"),
        "{}",
        saved.stderr()
    );
    assert_eq!(hub.state(first), "waiting");
    hub.cancel(first);
    let path = format!("{REPO}/actions/runs/{first}/rerun");
    drop(hub.client.post(&path, &json!({})).expect(201));
    let line = "reap --waiting --apply plan.json --yes";
    let outcome = hub
        .admin(&format!("{line} --json=run_id,result,message"))
        .expect(0);
    let message = "it was started again";
    assert_eq!(
        outcome.json(),
        json!([{"run_id": second, "result": "cancelled", "message": null},
            {"run_id": first, "result": "skipped", "message": message}])
    );
    assert_eq!(
        (hub.state(first), hub.state(young)),
        ("waiting".into(), "waiting".into())
    );
    // It is refused where it does not belong.
    drop(hub.admin(&format!("{line} -e production")).expect(2));
    drop(hub.admin("reap --apply plan.json --yes").expect(2));
    drop(hub.admin("reap --waiting --plan-out -").expect(2));
    drop(hub.admin(&format!("{line} -R octocat/other")).expect(2));
    hub.world.machine.file("plan.json", "{}");
    drop(hub.admin(line).expect(2));
}

#[test]
fn follow_leaves_out_what_the_plan_left_out() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let old = hub.deploy("main", "production");
    let new = hub.deploy("main", "production");
    let sha = hub.sha("main");
    let line = format!("approve --sha {sha} --follow --timeout 1m --yes");
    let outcome = hub.alice(&line).expect(1);
    assert_eq!(
        results(&outcome),
        [
            format!("{new} production approved"),
            format!("{old} production refused")
        ]
    );
    assert_eq!((hub.state(old), hub.reviews(old)), ("waiting".into(), 0));
}

#[test]
fn a_locked_environment_is_not_approved() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    hub.reviewed_by("staging", &["alice"]);
    let run = hub.deploy("main", "production");
    drop(hub.bob("lock production -m incident").expect(0));
    let line = format!("approve {run} --yes");
    let outcome = hub.alice(&format!("{line} --respect-locks")).expect(11);
    assert_eq!(results(&outcome), [format!("{run} production failed")]);
    let said = outcome.stderr();
    assert!(said.contains("locked by bob"), "{said}");
    assert_eq!(hub.reviews(run), 0);
    let other = hub.deploy("topic", "staging");
    let part = hub
        .alice(&format!("approve {run} {other} --yes --respect-locks"))
        .expect(1);
    assert_eq!(
        results(&part),
        [
            format!("{run} production failed"),
            format!("{other} staging approved")
        ]
    );
    let ignored = hub
        .alice(&format!("{line} --ignore-locks=hotfix --json=result"))
        .expect(0);
    assert_eq!(ignored.json(), json!([{"result": "approved"}]));
    let comment = "approved with deployctl; lock of bob ignored by alice: hotfix";
    assert_eq!(hub.run(run, "/approvals")[0]["comment"], comment);
    // Without an option nothing is read, and a rejection needs no lock.
    let next = hub.deploy("topic", "production");
    drop(hub.alice(&format!("reject {next} --yes")).expect(0));
}

#[test]
fn self_review_is_refused_where_it_is_prevented() {
    let hub = Hub::new();
    let reviewers = hub.reviewers(&["alice", "bob"]);
    hub.protect(
        "production",
        &json!({"reviewers": reviewers, "prevent_self_review": true}),
    );
    let run = hub.start(&json!({"actor": "alice",
        "jobs": [{"name": "deploy", "environment": "production"}]}));
    let gate = hub.alice("pending --json=why_not").expect(0).json();
    assert_eq!(gate, json!([{"why_not": "self_review"}]));
    let refused = hub.alice(&format!("approve {run} --yes")).expect(5);
    let said = refused.stderr();
    assert!(said.contains("you started the run"), "{said}");
    drop(hub.bob(&format!("approve {run} --yes")).expect(0));
    assert_eq!(hub.state(run), "in_progress");
}

#[test]
fn two_approvers_at_once_make_one_review() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice", "bob"]);
    for _ in 0..5 {
        let run = hub.deploy("main", "production").to_string();
        hub.world.let_two_meet();
        let line = ["approve", &run, "--yes"];
        let (alice, bob) = (
            hub.alice.command(line).spawn(),
            hub.bob.command(line).spawn(),
        );
        let ends = [alice.finish().expect(0), bob.finish().expect(0)];
        let number = run.parse().expect("a number");
        assert_eq!(hub.reviews(number), 1);
        let approved = ends.iter().filter(|end| end.stdout().contains("approved"));
        assert_eq!(approved.count(), 1);
    }
}

#[test]
fn a_pull_request_is_its_head() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let path = format!("/_sandbox{REPO}/pulls");
    let pull = json!({"head": "topic"});
    drop(hub.administer("POST", &path, &pull).expect(201));
    hub.deploy("main", "production");
    let run = hub.deploy("topic", "production");
    let found = hub
        .alice("pending --pr 1 --json=run_id,pull_request")
        .expect(0)
        .json();
    assert_eq!(found, json!([{"run_id": run, "pull_request": 1}]));
    let other = hub.sha("main");
    drop(
        hub.alice(&format!("approve --pr 1 --sha {other} --yes"))
            .expect(1),
    );
    assert_eq!(hub.reviews(run), 0);
    let outcome = hub.alice("approve --pr 1 --yes").expect(0);
    assert!(
        outcome.stderr().contains(&hub.sha("topic")),
        "{}",
        outcome.stderr()
    );
    assert_eq!(hub.reviews(run), 1);
    drop(hub.alice("approve --pr 99 --yes").expect(3));
}

#[test]
fn each_command_costs_what_is_promised() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    let path = format!("/_sandbox{REPO}/pulls");
    let pull = json!({"head": "topic"});
    drop(hub.administer("POST", &path, &pull).expect(201));
    let run = hub.deploy("topic", "production");
    let list = ["GET runs", "POST /graphql"];
    let pending = hub.requests(|| drop(hub.alice("pending").expect(0)));
    assert_eq!(pending, list);
    let by_pull = hub.requests(|| drop(hub.alice("pending --pr 1").expect(0)));
    assert_eq!(by_pull, ["POST /graphql", "GET runs", "POST /graphql"]);
    let review = [
        format!("GET runs/{run}/pending_deployments"),
        format!("POST runs/{run}/pending_deployments"),
        format!("GET runs/{run}/pending_deployments"),
    ];
    let by_id = hub.requests(|| drop(hub.alice(&format!("approve {run} --yes")).expect(0)));
    assert_eq!(by_id, review);
    let run = hub.deploy("topic", "production");
    let sha = hub.sha("topic");
    // What is live is `topic` itself, so nothing is compared.
    let left_out = hub.requests(|| {
        drop(hub.alice(&format!("approve --sha {sha} --yes")).expect(1));
    });
    assert_eq!(left_out, list);
    let reject = hub.requests(|| {
        drop(hub.alice(&format!("reject --sha {sha} --yes")).expect(0));
    });
    let steps = [
        format!("GET runs/{run}/pending_deployments"),
        format!("POST runs/{run}/pending_deployments"),
    ];
    assert_eq!(reject[..2], list);
    assert_eq!(reject[2..], steps);
    hub.reviewed_by("staging", &["alice"]);
    let job = json!({"name": "deploy", "environment": "staging"});
    let holder = hub.start(&json!({"concurrency": {"group": "deploy"}, "jobs": [job]}));
    let blocked = hub.requests(|| drop(hub.alice("blocked").expect(0)));
    assert_eq!(
        blocked,
        [
            "GET concurrency_groups",
            "GET concurrency_groups/deploy",
            "GET runs",
            "POST /graphql"
        ]
    );
    hub.advance(3 * DAY);
    let reap = hub.requests(|| drop(hub.admin("reap --waiting --yes").expect(0)));
    assert_eq!(
        reap[2..],
        [
            format!("GET runs/{holder}"),
            format!("POST runs/{holder}/cancel")
        ]
    );
}

#[test]
fn two_hundred_and_fifty_runs_take_six_requests() {
    let hub = Hub::new();
    hub.reviewed_by("production", &["alice"]);
    for _ in 0..250 {
        hub.deploy("main", "production");
    }
    let mut found = Value::Null;
    let mut requests = hub.requests(|| found = hub.alice("pending --json").expect(0).json());
    assert_eq!(found.as_array().expect("a list").len(), 250);
    requests.sort();
    assert_eq!(
        requests,
        [
            "GET runs",
            "GET runs",
            "GET runs",
            "POST /graphql",
            "POST /graphql",
            "POST /graphql"
        ]
    );
    let planned = hub
        .alice("reject --superseded --dry-run --json=result")
        .expect(0);
    assert_eq!(planned.json().as_array().expect("a list").len(), 249);
}
