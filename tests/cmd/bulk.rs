//! `deactivate` and `delete`: the plan, the run, and the deployments after it.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome, Signal, binary};
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault, Recorded};
use crate::support::pty::Terminal;
use crate::support::serve::rule;
use crate::world::{REPO, World, lines};

/// A deployment that a test creates.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) environment: &'a str,
    pub(crate) state: &'a str,
    pub(crate) production: bool,
    pub(crate) transient: bool,
}

pub(crate) const fn of<'a>(environment: &'a str, state: &'a str) -> Wanted<'a> {
    Wanted {
        environment,
        state,
        production: false,
        transient: false,
    }
}

impl World {
    /// Creates a deployment without the proxy. The tokens change, so that rate
    /// limits do not affect the test.
    pub(crate) fn make(&self, wanted: Wanted<'_>) -> u64 {
        self.make_of("main", wanted)
    }

    pub(crate) fn make_of(&self, ref_name: &str, wanted: Wanted<'_>) -> u64 {
        self.make_in(REPO, ref_name, wanted)
    }

    /// `repo` is the path of a repository in the API.
    pub(crate) fn make_in(&self, repo: &str, ref_name: &str, wanted: Wanted<'_>) -> u64 {
        let token = format!("seed-{}", next_token());
        let client = Client::new(self.server.url()).with_token(&token);
        let body = json!({
            "ref": ref_name, "environment": wanted.environment, "auto_merge": false,
            "required_contexts": [], "production_environment": wanted.production,
            "transient_environment": wanted.transient,
        });
        let made = client.send_unchecked(
            "POST",
            &format!("{repo}/deployments"),
            Some(body.to_string().as_bytes()),
        );
        let id = made.expect(201).json()["id"].as_u64().expect("an id");
        if wanted.state != "none" {
            let body = json!({"state": wanted.state, "auto_inactive": false});
            let path = format!("{repo}/deployments/{id}/statuses");
            let made = client.send_unchecked("POST", &path, Some(body.to_string().as_bytes()));
            drop(made.expect(201));
        }
        id
    }

    /// All deployments, as `(id, state)`.
    fn states(&self) -> Vec<(u64, String)> {
        let mut all: Vec<(u64, String)> = self
            .list()
            .iter()
            .map(|one| (one["id"].as_u64().expect("an id"), text(&one["state"])))
            .collect();
        all.sort_unstable();
        all
    }

    pub(crate) fn ids(&self) -> Vec<u64> {
        self.states().into_iter().map(|(id, _)| id).collect()
    }

    /// The requests since the last `forget` that were not reads.
    pub(crate) fn sent_changes(&self) -> Vec<Recorded> {
        let is_mutation = |request: &Recorded| {
            request.path().ends_with("/graphql")
                && String::from_utf8_lossy(&request.body).contains("mutation(")
        };
        let mut requests = self.proxy.requests();
        requests.retain(|request| {
            is_mutation(request)
                || (request.method != "GET" && !request.path().ends_with("/graphql"))
        });
        requests
    }
}

fn next_token() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed) / 50
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn printed(outcome: &Outcome) -> BTreeSet<u64> {
    outcome
        .stdout()
        .lines()
        .map(|line| line.parse().expect("an id"))
        .collect()
}

/// The results of `--json` as `(id, result, reason)`.
pub(crate) fn results(outcome: &Outcome) -> Vec<(u64, String, String)> {
    let json = outcome.json();
    let all = json.as_array().expect("an array");
    all.iter()
        .map(|one| {
            (
                one["id"].as_u64().unwrap_or(0),
                text(&one["result"]),
                text(&one["reason"]),
            )
        })
        .collect()
}

fn points(requests: &[Recorded]) -> usize {
    requests
        .iter()
        .map(|request| {
            let is_query = request.path().ends_with("/graphql")
                && !String::from_utf8_lossy(&request.body).contains("mutation(");
            if request.method == "GET" || is_query {
                1
            } else {
                5
            }
        })
        .sum()
}

#[test]
fn a_single_id_takes_one_read_and_one_write() {
    let world = World::new();
    let failed = world.make(of("qa", "failure"));
    let inactive = world.make(of("qa", "inactive"));
    let active = world.make(of("staging", "success"));
    for (line, requests) in [
        (
            format!("delete {inactive} --yes"),
            vec![
                format!("GET {REPO}/deployments/{inactive}/statuses"),
                format!("DELETE {REPO}/deployments/{inactive}"),
            ],
        ),
        (
            format!("deactivate {failed} --yes --description gone"),
            vec![
                format!("GET {REPO}/deployments/{failed}/statuses"),
                format!("POST {REPO}/deployments/{failed}/statuses"),
            ],
        ),
        // Only the deployment itself shows whether it is a production
        // deployment.
        (
            format!("deactivate {active} --yes"),
            vec![
                format!("GET {REPO}/deployments/{active}/statuses"),
                format!("GET {REPO}/deployments/{active}"),
                format!("POST {REPO}/deployments/{active}/statuses"),
            ],
        ),
        (
            format!("deactivate {active} --yes"),
            vec![format!("GET {REPO}/deployments/{active}/statuses")],
        ),
    ] {
        world.proxy.forget();
        let outcome = world.run(&line).expect(0);
        assert_eq!(lines(&world.proxy.requests()), requests, "{line}");
        if requests.len() > 1 {
            let id: u64 = outcome.stdout().trim().parse().expect("the id alone");
            assert!([failed, inactive, active].contains(&id));
        } else {
            assert_eq!(outcome.stdout(), "", "skipped");
        }
    }
    let states = world.states();
    assert_eq!(
        states,
        [
            (failed, "inactive".to_owned()),
            (active, "inactive".to_owned())
        ]
    );
    let history = world
        .run(&format!("status {failed} --json"))
        .expect(0)
        .json();
    assert_eq!(history["latest_status"]["description"], "gone");
}

#[test]
fn a_url_works_like_an_id_and_one_of_another_repository_is_refused() {
    let world = World::new();
    let id = world.make(of("qa", "inactive"));
    let other = format!("{}/repos/octocat/other/deployments/{id}", world.proxy.url());
    let outcome = world.machine.run(["delete", &other, "--yes"]).expect(2);
    assert!(
        outcome.stderr().contains("-R octocat/other"),
        "{}",
        outcome.stderr()
    );
    assert!(world.proxy.requests().is_empty());
    let url = format!("{}{REPO}/deployments/{id}", world.proxy.url());
    drop(
        world
            .machine
            .run(["delete", &url, &id.to_string(), "--yes"])
            .expect(0),
    );
    assert!(world.ids().is_empty());
}

#[test]
fn several_ids_take_one_request_for_all_states() {
    let world = World::new();
    let ids: Vec<String> = (0..4)
        .map(|_| world.make(of("qa", "inactive")).to_string())
        .collect();
    drop(
        world
            .run(&format!("delete {} --yes", ids.join(" ")))
            .expect(0),
    );
    let requests = world.proxy.requests();
    let count = |method: &str| requests.iter().filter(|r| r.method == method).count();
    assert_eq!(
        (count("GET"), count("POST"), count("DELETE")),
        (4, 1, 4),
        "{:?}",
        lines(&requests)
    );
}

#[test]
fn every_reason_to_keep_is_reported() {
    let world = World::new();
    let old_live = world.make(Wanted {
        production: true,
        ..of("live", "success")
    });
    let live = world.make(Wanted {
        production: true,
        ..of("live", "success")
    });
    let unflagged = world.make(of("production", "success"));
    let inactive = world.make(of("qa", "inactive"));
    let active = world.make(of("qa", "success"));
    let newest = world.make(of("qa", "failure"));
    world.proxy.forget();

    let plan = world
        .run("delete --keep 0 --dry-run --json")
        .expect(0)
        .json();
    let reasons = |plan: &Value| -> Vec<(u64, String)> {
        let kept = plan["kept"].as_array().expect("kept").clone();
        kept.iter()
            .map(|one| (one["id"].as_u64().expect("an id"), text(&one["reason"])))
            .collect()
    };
    let touched = |plan: &Value| -> Vec<(u64, String)> {
        let steps = plan["deployments"].as_array().expect("steps").clone();
        steps
            .iter()
            .map(|one| (one["id"].as_u64().expect("an id"), text(&one["action"])))
            .collect()
    };
    let reason_of = |reason: &str| reason.to_owned();
    assert_eq!(
        touched(&plan),
        [
            (inactive, reason_of("delete")),
            (newest, reason_of("delete"))
        ]
    );
    assert_eq!(
        reasons(&plan),
        [
            (old_live, reason_of("active")),
            (live, reason_of("current_production")),
            (unflagged, reason_of("current_production")),
            (active, reason_of("active")),
        ]
    );

    let plan = world
        .run("delete --keep 1 --force --dry-run --json")
        .expect(0)
        .json();
    assert_eq!(
        touched(&plan),
        [
            (old_live, reason_of("deactivate_and_delete")),
            (inactive, reason_of("delete")),
            (active, reason_of("deactivate_and_delete")),
        ]
    );
    assert_eq!(
        reasons(&plan),
        [
            (live, reason_of("newest")),
            (unflagged, reason_of("newest")),
            (newest, reason_of("newest"))
        ]
    );
    assert_eq!(
        (plan["requests"].as_u64(), plan["points"].as_u64()),
        (Some(5), Some(25))
    );

    let plan = world
        .run("deactivate --keep 0 --dry-run --json")
        .expect(0)
        .json();
    assert_eq!(touched(&plan).len(), 3);
    assert!(reasons(&plan).contains(&(inactive, reason_of("already_inactive"))));
    let included = "deactivate -e live -e production --include-production --dry-run --json";
    assert_eq!(touched(&world.run(included).expect(0).json()).len(), 3);

    let table = world.run("deactivate --keep 0 --dry-run").expect(0);
    let row = format!("{live}\tkeep\tactive\tlive\tlive in production (--include-production)");
    assert!(
        table.stdout().lines().any(|line| line == row),
        "{}",
        table.stdout()
    );
    assert!(world.sent_changes().is_empty(), "a dry run changes nothing");
    assert_eq!(world.ids().len(), 6);
}

#[test]
fn production_named_by_id_is_kept_and_the_command_fails() {
    let world = World::new();
    let live = world.make(Wanted {
        production: true,
        ..of("eu", "success")
    });
    for line in [
        format!("deactivate {live} --yes"),
        format!("delete {live} --force --yes"),
    ] {
        let outcome = world.run(&line).expect(1);
        assert!(
            outcome.stderr().contains("--include-production"),
            "{}",
            outcome.stderr()
        );
    }
    assert!(world.sent_changes().is_empty());
    let outcome = world
        .run(&format!("delete {live} --include-production --yes"))
        .expect(1);
    assert!(outcome.stderr().contains("--force"), "{}", outcome.stderr());
    drop(
        world
            .run(&format!("delete {live} --include-production --force --yes"))
            .expect(0),
    );
    assert!(world.ids().is_empty());
}

#[test]
fn exit_codes_show_what_was_found() {
    let world = World::new();
    let inactive = world.make(of("qa", "inactive"));
    for (line, code) in [
        ("delete --yes".to_owned(), 2),
        (format!("delete {inactive} -e qa --yes"), 2),
        (format!("delete {inactive}"), 2),
        (format!("delete {inactive} --no-input"), 2),
        ("delete --older-than yesterdayish --yes".to_owned(), 2),
        ("delete -e nowhere --yes".to_owned(), 3),
        ("delete -e nowhere --yes --ignore-missing".to_owned(), 0),
        ("delete -e nowhere --dry-run".to_owned(), 3),
        ("delete 4711 --yes".to_owned(), 3),
        ("delete 4711 --yes --ignore-missing".to_owned(), 0),
        ("deactivate 4711 4712 --yes".to_owned(), 3),
        ("delete --keep 1 --yes".to_owned(), 3),
        (format!("deactivate {inactive} --yes"), 0),
        ("deactivate -e qa --yes".to_owned(), 0),
    ] {
        let outcome = world.run(&line);
        assert_eq!(outcome.code(), code, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    assert!(world.sent_changes().is_empty());
    let refused = world.run(&format!("delete {inactive}")).expect(2);
    assert!(refused.stderr().contains("--yes"), "{}", refused.stderr());

    // A missing deployment does not prevent the others from being deleted.
    let outcome = world
        .run(&format!("delete {inactive} 4711 --yes --json"))
        .expect(3);
    assert_eq!(
        results(&outcome),
        [
            (inactive, "done".to_owned(), String::new()),
            (
                4711,
                "missing".to_owned(),
                "there is no such deployment".to_owned()
            ),
        ]
    );
}

#[test]
fn filters_select_as_in_list_and_by_age_and_transience() {
    let world = World::new();
    let one = world.make(Wanted {
        transient: true,
        ..of("pr-1", "success")
    });
    let two = world.make_of("topic", of("pr-2", "success"));
    let three = world.make(of("pr-3", "failure"));
    let selected = |line: &str| -> Vec<u64> {
        let outcome = world.run(&format!(
            "deactivate {line} --dry-run --json --ignore-missing"
        ));
        let plan = outcome.expect(0).json();
        let steps = plan["deployments"].as_array().expect("steps").clone();
        steps
            .iter()
            .map(|one| one["id"].as_u64().expect("an id"))
            .collect()
    };
    assert_eq!(selected("--transient"), [one]);
    assert_eq!(selected("--ref topic"), [two]);
    assert_eq!(selected("-e pr-[23]"), [two, three]);
    assert_eq!(selected("--state failure"), [three]);
    assert_eq!(selected("--older-than 1h"), [0; 0]);
    assert_eq!(selected("--older-than 0s"), [one, two, three]);
    assert_eq!(selected("--until 2020-01-01"), [0; 0]);

    let outcome = world.run("deactivate --transient --yes --json").expect(0);
    assert_eq!(outcome.json()[0]["state"], "destroyed");
    assert_eq!(world.states()[0], (one, "destroyed".to_owned()));
}

#[test]
fn keep_counts_the_newest_regardless_of_other_filters() {
    let world = World::new();
    let old = world.make_of("topic", of("qa", "inactive"));
    let newer = world.make_of("topic", of("qa", "inactive"));
    world.make(of("qa", "inactive"));
    let outcome = world.run("delete --ref topic --keep 2 --yes").expect(0);
    assert_eq!(printed(&outcome), BTreeSet::from([old]));
    drop(world.run("delete --ref topic --keep 1 --yes").expect(0));
    assert!(!world.ids().contains(&newer));
    assert_eq!(world.ids().len(), 1);
}

#[test]
fn sixty_in_twenty_environments_leave_the_newest_of_each() {
    let world = World::with(|config| config.enforce_limits = true);
    let names: Vec<String> = (0..20).map(|n| format!("preview/pr {n}%")).collect();
    let ids: Vec<u64> = (0..60)
        .map(|n| {
            let state = if n % 3 == 0 { "success" } else { "inactive" };
            world.make(of(&names[n % 20], state))
        })
        .collect();
    let deactivated = world.run("deactivate --keep 1 --yes").expect(0);
    let active: BTreeSet<u64> = (0..40).filter(|n| n % 3 == 0).map(|n| ids[n]).collect();
    assert_eq!(printed(&deactivated), active);
    let deleted = world.run("delete --keep 1 --yes").expect(0);
    assert_eq!(printed(&deleted), ids[..40].iter().copied().collect());
    let requests = world.proxy.requests();
    // Two pages with their states, a status for each active deployment, and 40
    // deletions.
    assert_eq!(requests.len(), 2 * 2 + active.len() + 40);
    assert_eq!(points(&requests), 4 + 5 * (active.len() + 40));
    assert!(
        requests
            .iter()
            .all(|request| !matches!(request.status, Some(403 | 429)))
    );
    assert!(world.proxy.most_in_flight() <= 10);
    assert_eq!(world.ids(), ids[40..]);
    let again = world.run("delete --keep 1 --yes").expect(3);
    assert_eq!(again.stdout(), "");
}

#[test]
fn deleting_an_active_deployment_depends_on_its_environment() {
    let world = World::new();
    let id = world.make(of("qa", "failure"));
    let other = world.make(of("qa", "inactive"));
    // It becomes active between the plan and the deletion.
    let refused = Answer::json(
        422,
        &json!({"message": "Validation Failed", "errors": [
            "We cannot delete an active deployment unless it is the only deployment in a given environment."
        ]}),
    );
    let path = format!("{REPO}/deployments/{id}");
    world
        .proxy
        .fault("DELETE", &path, 1..=2, Fault::Answer(refused));
    let outcome = world.run("delete -e qa --yes --json").expect(1);
    assert_eq!(
        results(&outcome)[1],
        (other, "done".to_owned(), String::new())
    );
    assert_eq!(results(&outcome)[0].1, "failed");
    assert!(
        results(&outcome)[0].2.contains("--force"),
        "{:?}",
        results(&outcome)
    );
    drop(world.run("delete -e qa --force --yes").expect(0));
    assert!(world.ids().is_empty());
    assert_eq!(
        lines(&world.sent_changes()[2..]),
        [
            format!("DELETE {path}"),
            format!("POST {path}/statuses"),
            format!("DELETE {path}"),
        ]
    );
}

#[test]
fn some_failures_are_listed_and_do_not_stop_the_rest() {
    let world = World::new();
    let ids: Vec<u64> = (0..6).map(|_| world.make(of("qa", "inactive"))).collect();
    let path = |n: usize| format!("{REPO}/deployments/{}", ids[n]);
    let forbidden = json!({"message": "Resource not accessible by integration"});
    world.proxy.fault(
        "DELETE",
        &path(1),
        1..,
        Fault::Answer(Answer::json(403, &forbidden)),
    );
    let broken = Answer::html(502, "<html><title>Unicorn!</title></html>");
    world
        .proxy
        .fault("DELETE", &path(2), 1.., Fault::Answer(broken));
    // Someone else deletes it after the plan was made.
    world.proxy.fault(
        "DELETE",
        &path(3),
        1..=1,
        Fault::Delay(Duration::from_millis(400)),
    );
    let running = world
        .machine
        .command(["delete", "-e", "qa", "--yes", "--json"])
        .spawn();
    world.proxy.wait_for("DELETE", &path(3), 1);
    drop(Client::new(world.server.url()).delete(&path(3)).expect(204));
    let outcome = running.finish().expect(1);
    let found = results(&outcome);
    let endings: Vec<&str> = found.iter().map(|(_, result, _)| result.as_str()).collect();
    assert_eq!(
        endings,
        ["done", "failed", "failed", "skipped", "done", "done"]
    );
    assert_eq!(found[3].2, "already deleted");
    let error: Value =
        serde_json::from_str(outcome.stderr().lines().last().expect("an error")).expect("JSON");
    assert_eq!(error["error"]["failed"], 2);

    let outcome = world.run("delete -e qa --yes").expect(1);
    for (n, word) in [(1, "not accessible"), (2, "Unicorn")] {
        let line = format!("{} qa: ", ids[n]);
        let named = outcome
            .stderr()
            .lines()
            .find(|text| text.contains(&line))
            .expect("named");
        assert!(named.contains(word), "{named}");
    }
    assert_eq!(world.ids(), ids[1..=2]);
}

#[test]
fn equal_failures_have_the_exit_code_of_their_kind() {
    for (status, message, code) in [
        (403, "Must have admin rights to Repository.", 5),
        (401, "Bad credentials", 4),
        (503, "unavailable", 75),
    ] {
        let world = World::new();
        world.make(of("qa", "inactive"));
        world.make(of("qa", "inactive"));
        let answer = Answer::json(status, &json!({ "message": message }));
        world.proxy.fault("DELETE", "*", 1.., Fault::Answer(answer));
        drop(world.run("delete -e qa --yes").expect(code));
        assert_eq!(world.ids().len(), 2);
    }
}

#[test]
fn a_run_without_permission_gives_up() {
    let world = World::with(|config| config.tokens.push(rule("reader=deployments:read")));
    for _ in 0..40 {
        world.make(of("qa", "inactive"));
    }
    let reader = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", "reader");
    let outcome = reader.run(["delete", "-e", "qa", "--yes"]).expect(5);
    assert!(
        outcome.stderr().contains("failures in a row"),
        "{}",
        outcome.stderr()
    );
    let tried = world.proxy.matching("DELETE", "*").len();
    assert!((10..=20).contains(&tried), "{tried}");
    assert_eq!(world.ids().len(), 40);
}

#[test]
fn every_request_obeys_the_limits_that_the_server_reports() {
    let world = World::new();
    for _ in 0..15 {
        world.make(of("qa", "inactive"));
    }
    let limited = Answer::json(
        403,
        &json!({"message": "You have exceeded a secondary rate limit."}),
    )
    .header("retry-after", "2");
    world
        .proxy
        .fault("DELETE", "*", 3..=3, Fault::Answer(limited));
    drop(world.run("delete -e qa --yes").expect(0));
    assert!(world.ids().is_empty());
    let deletions = world.proxy.matching("DELETE", "*");
    assert_eq!(deletions.len(), 16, "one is retried");
    let limited = deletions
        .iter()
        .find(|one| one.status == Some(403))
        .expect("the limited one");
    let ended = limited.ended.expect("answered");
    // Requests that were sent before the client knew of the limit are in flight.
    let known_at = ended + Duration::from_millis(300);
    let later: Vec<_> = deletions
        .iter()
        .filter(|one| one.arrived > known_at)
        .collect();
    assert!(later.len() >= 3, "{}", later.len());
    for one in &later {
        assert!(
            one.arrived - ended >= Duration::from_millis(1990),
            "it waits for the limit"
        );
    }
    for pair in later.windows(2) {
        let gap = pair[1].arrived - pair[0].arrived;
        assert!(gap >= Duration::from_millis(900), "one per second: {gap:?}");
    }
}

#[test]
fn a_saved_plan_changes_only_what_is_as_planned() {
    let world = World::new();
    let ids: Vec<u64> = (0..6).map(|_| world.make(of("qa", "inactive"))).collect();
    let active = world.make(of("qa", "success"));
    let planned = world
        .run("delete -e qa --force --plan-out plan.json")
        .expect(0);
    assert_eq!(planned.stdout(), "");
    assert!(
        planned.stderr().contains("--apply plan.json"),
        "{}",
        planned.stderr()
    );
    assert!(world.sent_changes().is_empty(), "only a plan");

    // Times are whole seconds, so changes have to happen in a later second.
    std::thread::sleep(Duration::from_millis(1100));
    world.set(&ids[1].to_string(), "success --no-auto-inactive");
    world.set(&ids[2].to_string(), "inactive --description again");
    world.set(&ids[3].to_string(), "inactive --environment elsewhere");
    drop(
        Client::new(world.server.url())
            .delete(&format!("{REPO}/deployments/{}", ids[4]))
            .expect(204),
    );
    world.set(&active.to_string(), "inactive");
    let late = world.make(of("qa", "inactive"));
    world.proxy.forget();

    let outcome = world.run("delete --apply plan.json --yes --json").expect(1);
    let found = results(&outcome);
    let result = |id: u64| {
        let (_, result, reason) = found
            .iter()
            .find(|(found, _, _)| *found == id)
            .expect("a result");
        (result.as_str(), reason.as_str())
    };
    assert_eq!(result(ids[0]).0, "done");
    assert_eq!(
        result(ids[1]),
        ("refused", "changed: it is active now (planned: inactive)")
    );
    assert!(
        result(ids[2]).1.starts_with("changed: it was updated at"),
        "{:?}",
        result(ids[2])
    );
    assert_eq!(
        result(ids[3]),
        ("refused", "changed: it moved from qa to elsewhere")
    );
    assert_eq!(result(ids[4]), ("skipped", "already deleted"));
    assert_eq!(result(ids[5]).0, "done");
    assert_eq!(
        result(active).0,
        "done",
        "half of the step was done already"
    );
    let deletion = |id: u64| format!("DELETE {REPO}/deployments/{id}");
    let sent: BTreeSet<String> = lines(&world.proxy.requests()).into_iter().collect();
    let expected = [
        "POST /graphql".to_owned(),
        deletion(ids[0]),
        deletion(ids[5]),
        deletion(active),
    ];
    assert_eq!(
        sent,
        expected.into_iter().collect(),
        "one read for all of them"
    );
    assert_eq!(world.proxy.requests().len(), 4);
    assert_eq!(world.ids(), [ids[1], ids[2], ids[3], late]);

    let error: Value =
        serde_json::from_str(outcome.stderr().lines().last().expect("an error")).expect("JSON");
    assert_eq!(error["error"]["failed"], 3);
}

#[test]
fn a_saved_plan_is_for_one_command_and_one_repository() {
    let world = World::new();
    world.make(of("qa", "inactive"));
    drop(world.run("delete -e qa --plan-out plan.json").expect(0));
    for line in [
        "deactivate --apply plan.json --yes",
        "delete --apply plan.json --yes -R octocat/other",
        "delete --apply plan.json --force --yes",
        "delete --apply plan.json -e qa --yes",
        "delete --apply plan.json",
        "delete --apply none.json --yes",
        "delete --apply plan.json --plan-out other.json",
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), 2, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    world.machine.file("other.json", r#"{"version":9}"#);
    drop(world.run("delete --apply other.json --yes").expect(2));
    assert!(world.sent_changes().is_empty());
    let dry = world.run("delete -e qa --dry-run --json").expect(0);
    world.machine.file("dry.json", dry.stdout());
    drop(world.run("delete --apply dry.json --yes").expect(0));
    drop(world.run("delete --apply dry.json --yes").expect(0));
    assert!(world.ids().is_empty());
}

#[test]
fn an_interrupted_run_finishes_its_requests_and_another_run_does_the_rest() {
    for (signal, code) in [(Signal::Int, 130), (Signal::Term, 143)] {
        let world = World::new();
        let ids: Vec<u64> = (0..40).map(|_| world.make(of("qa", "inactive"))).collect();
        world
            .proxy
            .fault("DELETE", "*", 1.., Fault::Delay(Duration::from_millis(300)));
        let running = world
            .machine
            .command(["delete", "-e", "qa", "--yes"])
            .spawn();
        let first = running.wait_for_line("44000000");
        assert!(first.parse::<u64>().is_ok(), "{first}");
        running.signal(signal);
        let outcome = running.finish().expect(code);
        let done = printed(&outcome);
        assert!(!done.is_empty() && done.len() < ids.len(), "{}", done.len());
        let gone: BTreeSet<u64> = ids
            .iter()
            .copied()
            .filter(|id| !world.ids().contains(id))
            .collect();
        assert_eq!(done, gone, "requests in flight are finished, and reported");
        assert!(
            outcome.stderr().contains("deployctl delete -e qa --yes"),
            "{}",
            outcome.stderr()
        );
        let left = format!("{} done, {} left", done.len(), ids.len() - done.len());
        assert!(outcome.stderr().contains(&left), "{}", outcome.stderr());
        let rest = world.run("delete -e qa --yes").expect(0);
        assert_eq!(printed(&rest).len(), ids.len() - done.len());
        assert!(world.ids().is_empty());
    }
}

#[test]
fn an_interrupted_run_leaves_what_a_limit_delayed() {
    for json in ["", " --json"] {
        let world = World::new();
        let ids: Vec<u64> = (0..3).map(|_| world.make(of("qa", "inactive"))).collect();
        let limited = Answer::json(
            403,
            &json!({"message": "You have exceeded a secondary rate limit."}),
        )
        .header("retry-after", "40");
        world
            .proxy
            .fault("DELETE", "*", 1.., Fault::Answer(limited));
        let line = format!("delete -e qa --yes{json}");
        let running = world.machine.command(line.split_whitespace()).spawn();
        running.wait_for_line("continuing in");
        running.signal(Signal::Int);
        let outcome = running.finish().expect(130);
        assert!(
            outcome.stderr().contains("0 done, 3 left"),
            "{}",
            outcome.stderr()
        );
        assert_eq!(world.ids(), ids);
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    let world = World::new();
    for _ in 0..3 {
        world.make(of("qa", "inactive"));
    }
    world
        .proxy
        .fault("DELETE", "*", 1.., Fault::Delay(Duration::from_secs(8)));
    let running = world
        .machine
        .command(["delete", "-e", "qa", "--yes"])
        .spawn();
    world.proxy.wait_for("DELETE", "*", 1);
    running.signal(Signal::Int);
    running.wait_for_line("Ctrl-C again");
    running.signal(Signal::Int);
    let outcome = running.finish().expect(130);
    assert!(
        outcome.elapsed < Duration::from_secs(6),
        "{:?}",
        outcome.elapsed
    );
}

#[test]
fn a_timeout_stops_the_run() {
    let world = World::new();
    for _ in 0..30 {
        world.make(of("qa", "inactive"));
    }
    world
        .proxy
        .fault("DELETE", "*", 1.., Fault::Delay(Duration::from_millis(400)));
    let outcome = world.run("delete -e qa --yes --timeout 0.5").expect(124);
    let done = printed(&outcome).len();
    assert!((10..30).contains(&done), "{done}");
    assert_eq!(world.ids().len(), 30 - done);
}

#[test]
fn a_user_is_asked_and_has_to_type_the_repository_for_production() {
    let world = World::new();
    let id = world.make(of("qa", "inactive"));
    let mut terminal = Terminal::start(&world.machine, ["delete", "-e", "qa"]);
    terminal.wait_for("Delete 1 deployment? [y/N]");
    terminal.press("n\r");
    let ending = terminal.finish().expect(1);
    assert!(
        ending.screen.contains("nothing was done"),
        "{}",
        ending.screen
    );
    assert!(world.sent_changes().is_empty());
    let mut terminal = Terminal::start(&world.machine, ["delete", "-e", "qa"]);
    terminal.wait_for("[y/N]");
    terminal.press("y\r");
    let ending = terminal.finish().expect(0);
    assert!(ending.screen.contains("deleted 1"), "{}", ending.screen);
    assert!(ending.screen.contains(&id.to_string()), "{}", ending.screen);

    let live = world.make(Wanted {
        production: true,
        ..of("live", "success")
    });
    for (typed, code) in [("y", 1), ("octocat/hello-world", 0)] {
        let args = ["deactivate", "-e", "live", "--include-production"];
        let mut terminal = Terminal::start(&world.machine, args);
        terminal.wait_for("Type octocat/hello-world");
        terminal.press(&format!("{typed}\r"));
        drop(terminal.finish().expect(code));
    }
    assert_eq!(world.states(), [(live, "inactive".to_owned())]);
}

#[test]
fn closed_pulls_are_found_by_branch_and_by_name() {
    let world = World::new();
    let pull = |number: u64, state: &str, head: &str| {
        json!({"number": number, "state": state, "head": {"ref": head, "repo": {"id": 1}},
            "base": {"ref": "main", "repo": {"id": 1, "default_branch": "main"}}})
    };
    let pulls = json!([
        pull(9, "open", "behind"),
        pull(8, "closed", "behind"),
        pull(7, "closed", "topic"),
    ]);
    world.proxy.fault(
        "GET",
        &format!("{REPO}/pulls"),
        1..,
        Fault::Answer(Answer::json(200, &pulls)),
    );
    let by_branch = world.make_of("topic", of("qa", "inactive"));
    world.repository.git(["branch", "-D", "topic"]);
    let by_name = world.make(of("preview/pr-7", "inactive"));
    let reused = world.make_of("behind", of("preview/pr-8", "inactive"));
    let open = world.make(of("preview/pr-9", "inactive"));
    let unrelated = world.make(of("qa", "inactive"));
    let args = [
        "delete",
        "--closed-pulls",
        "--pull-pattern",
        "preview/pr-{number}",
        "--yes",
        "--json",
    ];
    let outcome = world.machine.run(args).expect(0);
    assert_eq!(
        results(&outcome),
        [
            (by_branch, "done".to_owned(), String::new()),
            (by_name, "done".to_owned(), String::new()),
            (reused, "kept".to_owned(), "open_pull".to_owned()),
        ]
    );
    assert_eq!(world.ids(), [reused, open, unrelated]);
}

#[test]
fn environments_that_become_empty_are_deleted() {
    let world = World::new();
    let gone = world.make(of("preview/1", "inactive"));
    world.make(of("preview/2", "inactive"));
    let kept = world.make(of("preview/2", "success"));
    world.proxy.forget();
    let done = Answer::html(204, "");
    world.proxy.fault(
        "DELETE",
        &format!("{REPO}/environments/*"),
        1..=1,
        Fault::Answer(done),
    );
    let outcome = world
        .run("delete -e preview/* --with-environment --yes --json")
        .expect(0);
    let json = outcome.json();
    let environments: Vec<&Value> = json
        .as_array()
        .expect("an array")
        .iter()
        .filter(|one| one["id"].is_null())
        .collect();
    assert_eq!(environments.len(), 1, "{json}");
    assert_eq!(environments[0]["environment"], "preview/1");
    assert_eq!(environments[0]["action"], "delete_environment");
    assert_eq!(environments[0]["result"], "done");
    let deletions = world
        .proxy
        .matching("DELETE", &format!("{REPO}/environments/*"));
    assert_eq!(
        lines(&deletions),
        [format!("DELETE {REPO}/environments/preview%2F1")]
    );
    assert!(!world.ids().contains(&gone));
    assert_eq!(world.ids(), [kept]);

    // Someone deploys to it before it is deleted.
    world.make(of("preview/3", "inactive"));
    let busy = Answer::json(200, &json!(world.list()));
    world.proxy.fault(
        "GET",
        &format!("{REPO}/deployments"),
        2..=2,
        Fault::Answer(busy),
    );
    let outcome = world
        .run("delete -e preview/3 --with-environment --yes --json")
        .expect(0);
    let json = outcome.json();
    assert_eq!(json[1]["result"], "kept", "{json}");
    assert_eq!(json[1]["reason"], "it has deployments");

    world.make(of("preview/4", "inactive"));
    let no = Answer::json(
        403,
        &json!({"message": "Must have admin rights to Repository."}),
    );
    world.proxy.fault(
        "DELETE",
        &format!("{REPO}/environments/*"),
        1..,
        Fault::Answer(no),
    );
    let outcome = world
        .run("delete -e preview/4 --with-environment --yes")
        .expect(5);
    assert!(
        outcome.stderr().contains("administration rights"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn batches_are_used_where_single_requests_would_have_to_wait() {
    let world = World::with(|config| config.enforce_limits = true);
    let ids: Vec<u64> = (0..190).map(|_| world.make(of("qa", "inactive"))).collect();
    // The fifth batch is carried out but its response is lost; later batches
    // are refused.
    world
        .proxy
        .fault("POST", "*/graphql", 7..=7, Fault::ResetAfter);
    let no = json!({"data": null, "errors": [{"type": "FORBIDDEN", "message": "no more"}]});
    world.proxy.fault(
        "POST",
        "*/graphql",
        9..,
        Fault::Answer(Answer::json(200, &no)),
    );
    let outcome = world.run("delete --keep 1 --yes").expect(0);
    assert_eq!(printed(&outcome).len(), 189);
    assert_eq!(world.ids(), ids[189..]);
    let requests = world.proxy.requests();
    let deleted_alone = requests.iter().filter(|one| one.method == "DELETE").count();
    let mutations = world.sent_changes().len() - deleted_alone;
    assert_eq!(mutations, 6, "{:?}", lines(&requests));
    assert!((1..189).contains(&deleted_alone), "{deleted_alone}");
    assert!(points(&requests) <= 900);
    assert!(
        requests
            .iter()
            .all(|request| !matches!(request.status, Some(403 | 429)))
    );
}

#[test]
fn unclear_results_of_a_batch_are_checked() {
    let world = World::with(|config| config.enforce_limits = true);
    let ids: Vec<u64> = (0..190).map(|_| world.make(of("qa", "inactive"))).collect();
    // The first two requests read states. The first batch is carried out,
    // although its response says that it was aborted; the next one reports its
    // deployments as not found, although they exist.
    let message = "Something went wrong while executing your query.";
    let broken_off = json!({"data": null, "errors": [{"message": message}]});
    let not_found = |alias: &str| json!({"type": "NOT_FOUND", "path": [alias], "message": "no"});
    let hidden = json!({
        "data": {"d0": null, "d1": null},
        "errors": [not_found("d0"), not_found("d1")],
    });
    for (number, fault) in [
        (3, Fault::Replace(Answer::json(200, &broken_off))),
        (5, Fault::Answer(Answer::json(200, &hidden))),
    ] {
        let proxy = &world.proxy;
        proxy.fault("POST", "*/graphql", number..=number, fault);
    }
    let outcome = world.run("delete --keep 1 --yes").expect(0);
    assert_eq!(printed(&outcome).len(), 189);
    assert_eq!(world.ids(), ids[189..]);
    let requests = world.proxy.requests();
    let deleted_alone = requests.iter().filter(|one| one.method == "DELETE").count();
    assert_eq!(deleted_alone, 2, "{:?}", lines(&requests));
}

#[test]
fn a_timeout_also_applies_while_the_plan_is_made() {
    let world = World::new();
    let id = world.make(of("qa", "success"));
    world
        .proxy
        .fault("GET", "*", 1.., Fault::Delay(Duration::from_secs(20)));
    for line in ["deactivate -e qa --yes", "delete -e qa --dry-run"] {
        let outcome = world.run(&format!("{line} --timeout 1s")).expect(124);
        assert!(
            outcome.stderr().contains("nothing was done"),
            "{}",
            outcome.stderr()
        );
    }
    let named = world.run(&format!("deactivate {id} --yes --timeout 1s"));
    drop(named.expect(124));
    world.proxy.heal();
    assert_eq!(world.states(), [(id, "active".to_owned())]);
    // A change within the timeout counts.
    drop(world.run("deactivate -e qa --yes --timeout 60s").expect(0));
}

#[test]
fn a_single_failure_has_a_hint_and_does_not_wait_for_an_hour() {
    let world = World::new();
    let id = world.make(of("qa", "failure"));
    let path = format!("{REPO}/deployments/{id}/statuses");
    let no = json!({"message": "Resource not accessible by personal access token"});
    let forbidden =
        Answer::json(403, &no).header("x-accepted-github-permissions", "deployments=write");
    world
        .proxy
        .fault("POST", &path, 1..=1, Fault::Answer(forbidden));
    let outcome = world.run(&format!("deactivate {id} --yes")).expect(5);
    let stderr = outcome.stderr();
    assert!(stderr.contains("deployments=write"), "{stderr}");
    let later = Answer::json(429, &json!({"message": "slow down"})).header("retry-after", "3600");
    world.proxy.fault("POST", &path, 1.., Fault::Answer(later));
    drop(world.run(&format!("deactivate {id} --yes")).expect(75));
}

#[cfg(target_os = "linux")]
#[test]
fn ids_that_cannot_be_written_are_a_failure() {
    let world = World::new();
    let id = world.make(of("qa", "failure"));
    let full = std::fs::File::create("/dev/full").expect("a device");
    let output = std::process::Command::new(binary())
        .args(["deactivate", &id.to_string(), "--yes"])
        .env_clear()
        .envs(world.machine.environment())
        .current_dir(world.machine.cwd())
        .stdout(full)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(world.states(), [(id, "inactive".to_owned())]);
}

#[test]
fn an_empty_filter_selects_nothing() {
    let world = World::new();
    let id = world.make(of("qa", "failure"));
    for filter in [
        "--ref=",
        "--task=",
        "--creator=",
        "--environment=",
        "--older-than=7",
    ] {
        let outcome = world.machine.run(["delete", filter, "--yes"]).expect(2);
        let name = filter.split('=').next().expect("a name");
        assert!(outcome.stderr().contains(name), "{}", outcome.stderr());
    }
    assert_eq!(world.states(), [(id, "failure".to_owned())]);
}

#[test]
fn progress_is_shown_on_a_terminal_and_removed_at_the_end() {
    let world = World::new();
    for _ in 0..30 {
        world.make(of("qa", "inactive"));
    }
    world
        .proxy
        .fault("DELETE", "*", 1.., Fault::Delay(Duration::from_millis(300)));
    let terminal = Terminal::start(&world.machine, ["delete", "-e", "qa", "--yes"]);
    terminal.wait_for("/30 ");
    let ending = terminal.finish().expect(0);
    assert!(!ending.screen.contains("/30 "), "{}", ending.screen);
    assert!(ending.screen.contains("deleted 30 in"), "{}", ending.screen);
}

#[test]
fn only_ids_are_written_to_a_pipe() {
    let world = World::new();
    let ids: BTreeSet<u64> = (0..3).map(|_| world.make(of("qa", "inactive"))).collect();
    world.make(of("qa", "success"));
    let outcome = world.run("delete -e qa --yes").expect(0);
    assert_eq!(printed(&outcome), ids);
    assert!(
        outcome.stderr().contains("keep 1: active (--force)"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn the_next_run_knows_what_a_run_has_spent() {
    let world = World::with(|config| config.enforce_limits = true);
    for _ in 0..3 {
        world.make(of("qa", "inactive"));
    }
    let path = world.machine.home().join("state/deployctl/pace.json");
    let points = || -> u64 {
        let text = std::fs::read_to_string(&path).expect("the usage of the last run");
        let past: Value = serde_json::from_str(&text).expect("JSON");
        let all = past.as_object().expect("servers").values();
        let spent: Vec<&Value> = all
            .flat_map(|one| [&one["points"], &one["queries"]])
            .flat_map(|list| list.as_array().expect("a list"))
            .collect();
        spent
            .iter()
            .map(|one| one[1].as_u64().expect("points"))
            .sum()
    };
    drop(world.run("delete --keep 2 --yes").expect(0));
    assert_eq!(points(), 7, "a page, its states, and a deletion");
    drop(world.run("delete --keep 1 --yes").expect(0));
    assert_eq!(points(), 14, "including those of the first run");
    std::fs::write(&path, "no JSON").expect("written");
    drop(world.run("delete --keep 0 --yes").expect(0));
    assert_eq!(points(), 7, "an unreadable file is ignored");
}
