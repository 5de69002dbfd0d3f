//! One plan over many repositories for `deactivate`, `delete` and `reap`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bulk::{Wanted, of, text};
use crate::support::cli::{Outcome, Signal};
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault, Recorded};
use crate::support::pty::Terminal;
use crate::world::{World, lines};
use deployctl::sandbox::RepositorySource;

/// The repositories `acme/shop-01`, `acme/shop-02` and so on, beside the one of
/// every world.
struct Fleet {
    world: World,
    names: Vec<String>,
}

impl Fleet {
    fn new(count: usize) -> Self {
        Self::with_limits(count, false)
    }

    fn with_limits(count: usize, enforce_limits: bool) -> Self {
        let names: Vec<String> = (1..=count)
            .map(|number| format!("acme/shop-{number:02}"))
            .collect();
        let world = World::with(|config| {
            config.enforce_limits = enforce_limits;
            let path = config.repositories[0].path.clone();
            let sources = names.iter().map(|name| RepositorySource {
                owner: "acme".to_owned(),
                name: name.replace("acme/", ""),
                path: path.clone(),
            });
            config.repositories.extend(sources);
        });
        world.machine.file("repos", names.join("\n"));
        Self { world, names }
    }

    fn run(&self, line: &str) -> Outcome {
        self.world.run(line)
    }

    fn make(&self, repository: &str, wanted: Wanted<'_>) -> u64 {
        self.world
            .make_in(&format!("/repos/{repository}"), "main", wanted)
    }

    /// The same deployments in each repository, by repository.
    fn fill(&self, all: &[Wanted<'_>]) -> BTreeMap<String, Vec<u64>> {
        let fill = |name: &String| all.iter().map(|one| self.make(name, *one)).collect();
        self.names
            .iter()
            .map(|name| (name.clone(), fill(name)))
            .collect()
    }

    /// The deployments of a repository and their newest states, without the
    /// program.
    fn states(&self, repository: &str) -> BTreeMap<u64, String> {
        let client = Client::new(self.world.server.url()).with_token("observer");
        let path = format!("/repos/{repository}/deployments");
        let all = client.get(&format!("{path}?per_page=100")).expect(200);
        let state = |id: u64| {
            let statuses = client.get(&format!("{path}/{id}/statuses")).expect(200);
            let newest = statuses.list();
            newest
                .first()
                .map_or_else(|| "pending".to_owned(), |one| text(&one["state"]))
        };
        let ids = all.list();
        let ids = ids.iter().map(|one| one["id"].as_u64().expect("an id"));
        ids.map(|id| (id, state(id))).collect()
    }

    /// Lets time pass for the server.
    fn advance(&self, seconds: u64) {
        let client = Client::new(self.world.server.url());
        let body = json!({ "advance_seconds": seconds }).to_string();
        let reply = client.send_unchecked("POST", "/_sandbox/clock", Some(body.as_bytes()));
        drop(reply.expect(200));
    }

    /// Waits until the requests of a killed process have reached the server.
    fn settle(&self) {
        let is_in_flight = |one: &Recorded| one.ended.is_none();
        let began = Instant::now();
        while self.world.proxy.requests().iter().any(is_in_flight) {
            assert!(began.elapsed() < Duration::from_secs(60), "in flight");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn changes(&self) -> Vec<Recorded> {
        self.world.sent_changes()
    }
}

/// The results of `--json` as `(repository, id, result)`.
fn results(outcome: &Outcome) -> Vec<(String, u64, String)> {
    let json = outcome.json();
    let all = json.as_array().expect("an array").iter();
    all.map(|one| {
        let id = one["id"].as_u64().unwrap_or(0);
        (text(&one["repository"]), id, text(&one["result"]))
    })
    .collect()
}

fn steps(plan: &Value) -> Vec<(String, u64)> {
    let steps = plan["deployments"].as_array().expect("steps").iter();
    steps
        .map(|one| (text(&one["repository"]), one["id"].as_u64().expect("an id")))
        .collect()
}

fn not_allowed() -> Fault {
    let no = json!({"message": "Resource not accessible by personal access token"});
    Fault::Answer(Answer::json(403, &no))
}

#[test]
fn a_plan_over_twenty_repositories_is_interrupted_and_resumed() {
    for (signal, code) in [(Signal::Int, 130), (Signal::Kill, 137)] {
        let fleet = Fleet::new(20);
        let made = fleet.fill(&[
            of("qa", "inactive"),
            of("qa", "failure"),
            of("qa", "success"),
            of("other", "inactive"),
        ]);
        let elsewhere = fleet.world.make(of("qa", "inactive"));
        let proxy = &fleet.world.proxy;
        proxy.forget();
        drop(
            fleet
                .run("delete -e qa --force --repos repos --plan-out plan.json")
                .expect(0),
        );
        assert!(fleet.changes().is_empty(), "only a plan");
        let plan = std::fs::read_to_string(fleet.world.machine.cwd().join("plan.json"));
        let plan: Value = serde_json::from_str(&plan.expect("written")).expect("JSON");
        let planned: Vec<(String, u64)> = made
            .iter()
            .flat_map(|(name, ids)| ids[..3].iter().map(|id| (name.clone(), *id)))
            .collect();
        assert_eq!(steps(&plan), planned, "repository by repository");
        assert_eq!(
            (&plan["version"], &plan["repository"]),
            (&json!(2), &Value::Null)
        );

        // The second interruption is in the middle of what the first one left.
        proxy.fault("DELETE", "*", 1.., Fault::Delay(Duration::from_millis(100)));
        let apply = ["delete", "--apply", "plan.json", "--yes"];
        for count in [15, 35] {
            let running = fleet.world.machine.command(apply).spawn();
            proxy.wait_for("DELETE", "*", count);
            running.signal(signal);
            let outcome = running.finish().expect(code);
            fleet.settle();
            let deleted = proxy.matching("DELETE", "*").len();
            assert!(deleted < planned.len(), "{deleted}: {}", outcome.stderr());
            if let Signal::Int = signal {
                let hint = "deployctl delete --apply plan.json --yes";
                assert!(outcome.stderr().contains(hint), "{}", outcome.stderr());
            }
        }
        let last = fleet.run("delete --apply plan.json --yes --json").expect(0);
        let rest = results(&last);
        assert_eq!(rest.len(), planned.len());
        let done = rest
            .iter()
            .filter(|(_, _, result)| result == "done")
            .count();
        assert!((1..planned.len() - 15).contains(&done), "{done}");
        assert!(
            rest.iter()
                .all(|(_, _, result)| result == "done" || result == "skipped")
        );

        for (name, ids) in &made {
            let left: Vec<u64> = fleet.states(name).into_keys().collect();
            assert_eq!(left, ids[3..], "{name}");
        }
        assert_eq!(fleet.world.ids(), [elsewhere]);
        let mut deleted = BTreeMap::<String, Vec<Option<u16>>>::new();
        for request in proxy.matching("DELETE", "*") {
            deleted
                .entry(request.path().to_owned())
                .or_default()
                .push(request.server_status);
        }
        let paths: BTreeSet<String> = planned
            .iter()
            .map(|(name, id)| format!("/repos/{name}/deployments/{id}"))
            .collect();
        assert_eq!(deleted.keys().cloned().collect::<BTreeSet<_>>(), paths);
        for (path, answers) in &deleted {
            let successes = answers
                .iter()
                .filter(|status| **status == Some(204))
                .count();
            assert_eq!(successes, 1, "{path}: {answers:?}");
        }
        // Each active one was deactivated once.
        let posts = fleet.changes();
        let posts = posts
            .iter()
            .filter(|one| one.method == "POST" && one.server_status == Some(201));
        assert_eq!(posts.count(), 20);
        let again = fleet.run("delete --apply plan.json --yes").expect(0);
        assert_eq!(again.stdout(), "");
    }
}

#[test]
fn a_saved_plan_needs_no_repository() {
    let fleet = Fleet::new(2);
    let made = fleet.fill(&[of("qa", "inactive")]);
    let own = fleet.world.make(of("qa", "inactive"));
    drop(fleet.run("delete -e qa --plan-out one.json").expect(0));
    drop(
        fleet
            .run("delete -e qa --repos repos --plan-out two.json")
            .expect(0),
    );
    let machine = &fleet.world.machine;
    let foreign = machine.file("foreign.json", {
        let plan = std::fs::read_to_string(machine.cwd().join("two.json")).expect("written");
        plan.replace("http://127.0.0.1", "http://localhost")
    });
    fleet.world.proxy.forget();
    for line in [
        "delete --apply one.json --yes -R acme/shop-01",
        "delete --apply two.json --yes -R acme/shop-01",
        "delete --apply two.json --yes -R acme/shop-01 -R acme/shop-02",
        "delete --apply two.json --yes -R acme/*",
        "delete --apply two.json --yes --repos repos",
        "delete --apply two.json --yes --org acme",
        "deactivate --apply two.json --yes",
        "reap --apply two.json --yes",
        &format!("delete --apply {} --yes", foreign.display()),
    ] {
        let outcome = fleet.run(line);
        assert_eq!(outcome.code(), 2, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    assert!(fleet.world.proxy.requests().is_empty());

    let machine = Fleet::machine_without_repository(&fleet);
    let line = |file: &str| ["delete", "--apply", file, "--yes"].map(str::to_owned);
    let outcome = machine.run(line(&path_of(&fleet, "one.json"))).expect(0);
    assert_eq!(outcome.stdout(), format!("{own}\n"));
    let outcome = machine.run(line(&path_of(&fleet, "two.json"))).expect(0);
    let printed: BTreeSet<String> = outcome.stdout().lines().map(str::to_owned).collect();
    let expected = made.iter().map(|(name, ids)| format!("{name}\t{}", ids[0]));
    assert_eq!(printed, expected.collect());
    assert!(fleet.world.ids().is_empty());
}

impl Fleet {
    fn machine_without_repository(&self) -> crate::support::cli::Machine {
        let url = self.world.proxy.url();
        crate::support::cli::Machine::with_server(&url).without("DEPLOYCTL_REPO")
    }
}

fn path_of(fleet: &Fleet, name: &str) -> String {
    let path = fleet.world.machine.cwd().join(name);
    path.to_string_lossy().into_owned()
}

#[test]
fn the_choice_of_repositories_never_falls_back() {
    let fleet = Fleet::new(2);
    let own = fleet.world.make(of("qa", "inactive"));
    let machine = &fleet.world.machine;
    machine.file("none", "# nothing\n");
    for (line, code) in [
        ("delete -e qa --repos none --yes", 3),
        ("delete -e qa --repos none --dry-run", 3),
        ("delete -e qa --repos none --yes --ignore-missing", 0),
        ("delete -e qa --repos repos --yes", 3),
        ("delete -e qa --repos repos --dry-run", 3),
        ("delete -e qa --repos repos --plan-out plan.json", 3),
        ("delete -e qa --repos repos --yes --ignore-missing", 0),
        ("deactivate -e qa --repos repos --yes", 3),
        ("reap -e qa --repos repos --yes", 3),
        ("reap --waiting --repos none --yes", 3),
        // An ID belongs to one repository.
        ("delete 7 --repos repos --yes", 2),
        ("reap 7 -R acme/shop-01 -R acme/shop-02 --yes", 2),
        ("delete --repos repos --yes", 2),
        ("delete -e qa --repos repos", 2),
    ] {
        let outcome = fleet.run(line);
        assert_eq!(outcome.code(), code, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    assert!(fleet.changes().is_empty());
    assert_eq!(fleet.world.ids(), [own]);
}

#[test]
fn production_is_guarded_in_each_repository() {
    let fleet = Fleet::new(2);
    let live = Wanted {
        production: true,
        ..of("live", "success")
    };
    let made = fleet.fill(&[live, of("qa", "success")]);
    let plan = fleet
        .run("deactivate --keep 0 --repos repos --dry-run --json")
        .expect(0)
        .json();
    let planned: Vec<(String, u64)> = made
        .iter()
        .map(|(name, ids)| (name.clone(), ids[1]))
        .collect();
    assert_eq!(steps(&plan), planned);
    let kept = plan["kept"].as_array().expect("kept");
    for ((name, ids), kept) in made.iter().zip(kept) {
        assert_eq!(kept["repository"], json!(name));
        assert_eq!(
            (&kept["id"], &kept["reason"]),
            (&json!(ids[0]), &json!("current_production"))
        );
    }
    let table = fleet
        .run("deactivate --keep 0 --repos repos --dry-run")
        .expect(0);
    let (name, ids) = made.iter().next().expect("a repository");
    let row = format!("{name}\t{}\tdeactivate\tactive\tqa\t", ids[1]);
    assert!(
        table.stdout().lines().any(|line| line == row),
        "{}",
        table.stdout()
    );
    let summary = "deactivate 2 deployments in 2 environments of 2 repositories: 2 requests";
    assert!(table.stderr().contains(summary), "{}", table.stderr());

    let args = [
        "deactivate",
        "-e",
        "live",
        "--include-production",
        "--repos",
        "repos",
    ];
    for (typed, code) in [("acme/shop-01", 1), ("2 repositories", 0)] {
        let mut terminal = Terminal::start(&fleet.world.machine, args);
        let screen = terminal.wait_for("Type 2 repositories");
        assert!(screen.contains("acme/shop-02"), "{screen}");
        terminal.press(&format!("{typed}\r"));
        let ending = terminal.finish().expect(code);
        assert_eq!(
            ending.screen.contains("REPOSITORY"),
            code == 0,
            "{}",
            ending.screen
        );
    }
    for (name, ids) in &made {
        let states = fleet.states(name);
        assert_eq!(
            (states[&ids[0]].as_str(), states[&ids[1]].as_str()),
            ("inactive", "success")
        );
    }
}

#[test]
fn a_repository_without_rights_does_not_stop_the_others() {
    let fleet = Fleet::new(3);
    let made = fleet.fill(&[of("qa", "inactive"); 30]);
    let refused = "/repos/acme/shop-02/*";
    fleet
        .world
        .proxy
        .fault("DELETE", refused, 1.., not_allowed());
    let outcome = fleet
        .run("delete -e qa --repos repos --yes --json")
        .expect(5);
    let results = results(&outcome);
    for (name, ids) in &made {
        let of_this = || {
            results
                .iter()
                .filter(|(repository, _, _)| repository == name)
        };
        assert_eq!(of_this().count(), ids.len());
        if name == "acme/shop-02" {
            assert!(of_this().all(|(_, _, result)| result == "failed" || result == "not_done"));
            assert_eq!(fleet.states(name).len(), ids.len());
        } else {
            assert!(of_this().all(|(_, _, result)| result == "done"), "{name}");
            assert!(fleet.states(name).is_empty());
        }
    }
    let gave_up = "gave up on acme/shop-02 after 10 failures in a row";
    assert!(outcome.stdout().contains(gave_up), "{}", outcome.stdout());
    // Requests that were in flight when it gave up are finished.
    let tried = fleet.world.proxy.matching("DELETE", refused).len();
    assert!((10..=20).contains(&tried), "{tried}");
    let human = fleet
        .run("delete -e qa -R acme/shop-02 -R acme/shop-01 --yes")
        .expect(5);
    assert!(human.stderr().contains(gave_up), "{}", human.stderr());
}

#[test]
fn a_named_repository_that_cannot_be_read_is_in_the_plan() {
    let fleet = Fleet::new(3);
    let made = fleet.fill(&[of("qa", "inactive")]);
    let path = "/repos/acme/shop-02/deployments*";
    fleet.world.proxy.fault("GET", path, 1.., not_allowed());
    let plan = fleet
        .run("delete -e qa --repos repos --dry-run --json")
        .expect(1);
    let json: Value = serde_json::from_str(plan.stdout()).expect("JSON");
    assert_eq!(steps(&json).len(), 2);
    assert_eq!(json["unreadable"][0]["repository"], "acme/shop-02");
    assert_eq!(json["unreadable"].as_array().map(Vec::len), Some(1));
    assert!(plan.stderr().contains("acme/shop-02"), "{}", plan.stderr());
    drop(
        fleet
            .run("delete -e qa --repos repos --plan-out plan.json")
            .expect(1),
    );
    assert!(fleet.changes().is_empty());
    let applied = fleet.run("delete --apply plan.json --yes").expect(1);
    assert!(
        applied.stderr().contains("acme/shop-02"),
        "{}",
        applied.stderr()
    );
    assert!(
        applied.stderr().contains("deleted 2"),
        "{}",
        applied.stderr()
    );
    for (name, ids) in &made {
        let is_left = name == "acme/shop-02";
        assert_eq!(
            fleet.states(name).len(),
            usize::from(is_left) * ids.len(),
            "{name}"
        );
    }
    // Nothing is left in the others: that is not what the exit code is about.
    drop(fleet.run("delete -e qa --repos repos --yes").expect(1));
    // One that does not exist.
    let line = "delete -e qa -R acme/shop-01 -R acme/none --yes";
    let outcome = fleet.run(line).expect(1);
    assert!(
        outcome.stderr().contains("acme/none"),
        "{}",
        outcome.stderr()
    );
    // An answer that may be another one the next time stops everything.
    fleet.world.proxy.heal();
    let broken = Fault::Answer(Answer::json(502, &json!({"message": "Server Error"})));
    fleet.world.proxy.fault("GET", path, 1.., broken);
    let own = fleet.make("acme/shop-01", of("qa", "inactive"));
    drop(fleet.run("delete -e qa --repos repos --yes --timeout 2s"));
    assert!(fleet.states("acme/shop-01").contains_key(&own));
}

#[test]
fn a_repository_that_is_hidden_now_does_not_count_as_done() {
    let fleet = Fleet::new(2);
    let made = fleet.fill(&[of("qa", "inactive")]);
    drop(
        fleet
            .run("delete -e qa --repos repos --plan-out plan.json")
            .expect(0),
    );
    let missing = Answer::json(404, &json!({"message": "Not Found"}));
    let hidden = "/repos/acme/shop-02/*";
    fleet
        .world
        .proxy
        .fault("GET", hidden, 1.., Fault::Answer(missing));
    let gone = json!({"data": {"nodes": [null, null]}, "errors": [
        {"type": "NOT_FOUND", "path": ["nodes", 0], "message": "Could not resolve"},
        {"type": "NOT_FOUND", "path": ["nodes", 1], "message": "Could not resolve"},
    ]});
    let gone = Fault::Answer(Answer::json(200, &gone));
    fleet.world.proxy.fault("POST", "*/graphql", 1.., gone);
    fleet.world.proxy.forget();
    let outcome = fleet.run("delete --apply plan.json --yes --json").expect(1);
    let (first, second) = (&made["acme/shop-01"], &made["acme/shop-02"]);
    assert_eq!(
        results(&outcome),
        [
            ("acme/shop-01".to_owned(), first[0], "skipped".to_owned()),
            ("acme/shop-02".to_owned(), second[0], "failed".to_owned()),
        ]
    );
    assert!(fleet.changes().is_empty());
}

#[test]
fn all_repositories_share_one_pace() {
    let fleet = Fleet::with_limits(20, true);
    let made = fleet.fill(&[of("qa", "inactive"); 10]);
    drop(fleet.run("delete -e qa --repos repos --yes").expect(0));
    for name in made.keys() {
        assert!(fleet.states(name).is_empty(), "{name}");
    }
    let requests = fleet.world.proxy.requests();
    assert!(
        requests
            .iter()
            .all(|one| !matches!(one.status, Some(403 | 429))),
        "{:?}",
        lines(&requests)
    );
    // 200 single deletions are worth more than the 900 points of a minute, so
    // batches are sent, and one has deployments of several repositories.
    let changes = fleet.changes();
    assert!(changes.iter().all(|one| one.path().ends_with("/graphql")));
    assert!(changes.len() < 20, "{:?}", lines(&changes));
}

#[test]
fn stuck_deployments_of_many_repositories_are_checked_and_ended() {
    let fleet = Fleet::new(3);
    let made = fleet.fill(&[of("qa", "queued"), of("qa", "inactive")]);
    fleet.advance(3 * 3600);
    let outcome = fleet.run("reap --repos repos --yes --json").expect(0);
    let ended: Vec<_> = made
        .iter()
        .map(|(name, ids)| (name.clone(), ids[0], "done".to_owned()))
        .collect();
    assert_eq!(results(&outcome), ended);
    for (name, ids) in &made {
        assert_eq!(fleet.states(name)[&ids[0]], "error", "{name}");
    }
    let again = fleet.run("reap --repos repos --yes").expect(0);
    assert!(again.stderr().contains("is stuck"), "{}", again.stderr());
}

#[test]
fn empty_environments_of_many_repositories_are_deleted() {
    let fleet = Fleet::new(2);
    let made = fleet.fill(&[of("preview/1", "inactive")]);
    let line = "delete -e preview/* --with-environment --repos repos";
    let plan = fleet
        .run(&format!("{line} --dry-run --json"))
        .expect(0)
        .json();
    let environments: Vec<Value> = made
        .keys()
        .map(|name| json!({"repository": name, "environment": "preview/1"}))
        .collect();
    assert_eq!(plan["environments"], json!(environments));
    drop(fleet.run(&format!("{line} --plan-out plan.json")).expect(0));
    let outcome = fleet.run("delete --apply plan.json --yes --json").expect(0);
    let json = outcome.json();
    let deleted: Vec<&Value> = json
        .as_array()
        .expect("an array")
        .iter()
        .filter(|one| one["id"].is_null())
        .collect();
    assert_eq!(deleted.len(), 2, "{json}");
    for (one, name) in deleted.iter().zip(made.keys()) {
        assert_eq!(
            (&one["repository"], &one["result"]),
            (&json!(name), &json!("done"))
        );
    }
    assert!(outcome.stderr().is_empty() || !outcome.stderr().contains("error"));
}

#[test]
fn the_repository_is_a_field_exactly_if_there_may_be_several() {
    let fleet = Fleet::new(2);
    let fields = |line: &str| -> Vec<String> {
        fleet.make("acme/shop-01", of("qa", "inactive"));
        let json = fleet.run(line).expect(0).json();
        let first = json[0].as_object().expect("an object");
        first.keys().cloned().collect()
    };
    let own = ["id", "environment", "action", "result", "state", "reason"];
    let with_repository = [&["repository"], &own[..]].concat();
    assert_eq!(fields("delete -e qa -R acme/shop-01 --yes --json"), own);
    assert_eq!(
        fields("delete -e qa -R acme/shop-01 -R acme/shop-01 --yes --json"),
        with_repository
    );
    fleet.world.machine.file("one", "acme/shop-01");
    assert_eq!(
        fields("delete -e qa --repos one --yes --json"),
        with_repository
    );
    assert_eq!(
        fields("delete -e qa --repos one --yes --json=repository,id"),
        ["repository", "id"]
    );
    drop(
        fleet
            .run("delete -e qa -R acme/shop-01 --yes --json=repository")
            .expect(2),
    );
    let machine = &fleet.world.machine;
    let summary = machine.file("summary.md", "");
    fleet.make("acme/shop-01", of("qa", "inactive"));
    let mut run = machine.environment().clone();
    run.insert("GITHUB_STEP_SUMMARY".into(), summary.clone().into());
    let status = std::process::Command::new(crate::support::cli::binary())
        .args([
            "delete",
            "-e",
            "qa",
            "--repos",
            "one",
            "--yes",
            "--github-summary",
        ])
        .env_clear()
        .envs(run)
        .current_dir(machine.cwd())
        .status()
        .expect("it runs");
    assert!(status.success());
    let text = std::fs::read_to_string(summary).expect("written");
    assert!(text.contains("| Repository | Deployment |"), "{text}");
    assert!(text.contains("| acme/shop-01 |"), "{text}");
}

#[test]
fn names_for_completion_are_those_of_the_right_repository() {
    let fleet = Fleet::new(2);
    let made = fleet.fill(&[of("qa", "inactive"), of("other", "success")]);
    for name in made.keys() {
        drop(fleet.run(&format!("list -R {name}")).expect(0));
    }
    drop(fleet.run("delete -e qa --repos repos --yes").expect(0));
    let cached = |name: &str| -> Vec<u64> {
        let root = fleet.world.machine.home().join("cache/deployctl/seen");
        let servers = std::fs::read_dir(root).expect("a cache");
        let file = servers
            .map(|one| one.expect("an entry").path().join(format!("{name}.json")))
            .find(|path| path.exists());
        let text = std::fs::read_to_string(file.expect("a file")).expect("read");
        let cache: Value = serde_json::from_str(&text).expect("JSON");
        let all = cache["deployments"].as_array().expect("deployments").iter();
        all.map(|one| one["id"].as_u64().expect("an id")).collect()
    };
    for (name, ids) in &made {
        assert_eq!(cached(name), ids[1..], "{name}");
    }
}

#[test]
fn runs_of_many_repositories_that_wait_are_cancelled_by_one_plan() {
    let fleet = Fleet::new(3);
    let client = Client::new(fleet.world.server.url());
    let send = |method: &str, path: &str, body: &Value| {
        client.send_unchecked(method, path, Some(body.to_string().as_bytes()))
    };
    let start = |name: &String| {
        let rules = json!({"wait_timer": 43200});
        let path = format!("/repos/{name}/environments/production");
        drop(send("PUT", &path, &rules).expect(200));
        let jobs = json!([{"name": "deploy", "environment": "production"}]);
        let path = format!("/_sandbox/repos/{name}/runs");
        let run = json!({"path": "1.yml", "jobs": jobs});
        let reply = send("POST", &path, &run).expect(201);
        reply.json()["id"].as_u64().expect("an id")
    };
    let names = fleet.names.iter();
    let runs: BTreeMap<String, u64> = names.map(|name| (name.clone(), start(name))).collect();
    fleet.advance(3 * 24 * 3600);
    drop(
        fleet
            .run("reap --waiting --repos repos --plan-out plan.json")
            .expect(0),
    );
    let refused = "/repos/acme/shop-02/*";
    fleet.world.proxy.fault("POST", refused, 1.., not_allowed());
    let path = path_of(&fleet, "plan.json");
    let fields = "--json=repository,run_id,result";
    let args = ["reap", "--waiting", "--apply", &path, "--yes", fields];
    let outcome = fleet.machine_without_repository().run(args).expect(1);
    let expected: Vec<Value> = runs
        .iter()
        .map(|(name, id)| {
            let result = if name == "acme/shop-02" {
                "failed"
            } else {
                "cancelled"
            };
            json!({"repository": name, "run_id": id, "result": result})
        })
        .collect();
    assert_eq!(outcome.json(), json!(expected));
    for (name, id) in &runs {
        let path = format!("/repos/{name}/actions/runs/{id}");
        let run = client.get(&path).expect(200).json();
        let status = if name == "acme/shop-02" {
            "waiting"
        } else {
            "completed"
        };
        assert_eq!(run["status"], status, "{name}");
    }
    fleet.world.proxy.heal();
    let table = fleet.run("reap --waiting --repos repos --yes").expect(0);
    let row = format!("acme/shop-02\t{}\t", runs["acme/shop-02"]);
    assert!(table.stdout().starts_with(&row), "{}", table.stdout());
    let line = "reap --waiting --apply plan.json --yes --org acme";
    drop(fleet.run(line).expect(2));
}

#[test]
fn several_repositories_cost_what_each_costs_and_a_request_for_the_names() {
    let fleet = Fleet::new(3);
    let made = fleet.fill(&[of("qa", "inactive"), of("other", "success")]);
    let proxy = &fleet.world.proxy;
    proxy.forget();
    drop(fleet.run("delete -e qa --repos repos --yes").expect(0));
    let mut sent = lines(&proxy.requests());
    let mut expected = vec!["POST /graphql".to_owned(); 4];
    for (name, ids) in &made {
        expected.push(format!("GET /repos/{name}/deployments"));
        expected.push(format!("DELETE /repos/{name}/deployments/{}", ids[0]));
    }
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);

    // All steps of a saved plan are checked by one request.
    let names = "-R acme/shop-01 -R acme/shop-03";
    let line = format!("delete -e other --force {names} --plan-out plan.json");
    drop(fleet.run(&line).expect(0));
    proxy.forget();
    drop(fleet.run("delete --apply plan.json --yes").expect(0));
    let sent = lines(&proxy.requests());
    let count = |method: &str| sent.iter().filter(|line| line.starts_with(method)).count();
    assert_eq!(sent[0], "POST /graphql");
    assert_eq!(
        (count("GET"), count("POST"), count("DELETE")),
        (0, 3, 2),
        "{sent:?}"
    );
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/README.md");
    let readme = std::fs::read_to_string(readme).expect("read");
    let row =
        "| `delete` over several repositories | those of each, and 1 for each hundred names |";
    assert!(readme.contains(row), "benches/README.md: {row}");
}

#[test]
fn the_embedded_sandbox_serves_all_repositories_of_a_plan() {
    let machine = crate::support::cli::Machine::new();
    let run = |line: &str| machine.run(["--sandbox"].into_iter().chain(line.split(' ')));
    for name in ["acme/one", "acme/two"] {
        drop(run(&format!("create --ref main -e qa -R {name}")).expect(0));
    }
    let names = "-R acme/one -R acme/two";
    drop(run(&format!("delete -e qa {names} --plan-out plan.json")).expect(0));
    let outcome = run("delete --apply plan.json --yes --json=repository,result").expect(0);
    let done = |name: &str| json!({"repository": name, "result": "done"});
    assert_eq!(outcome.json(), json!([done("acme/one"), done("acme/two")]));
    assert_eq!(
        run(&format!("list {names} --json=id")).expect(0).stdout(),
        "[]\n"
    );
}
