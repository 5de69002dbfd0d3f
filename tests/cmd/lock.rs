//! Locks: the format that they share with github/branch-deploy, who holds them,
//! and what happens when several want them at once.

use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome, Signal};
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault, Proxy};
use crate::support::serve::rule;
use crate::world::{REPO, World, lines};

/// A team with one repository.
pub(crate) struct Team {
    pub(crate) world: World,
}

impl Team {
    pub(crate) fn new() -> Self {
        let world = World::with(|config| {
            config.tokens = [
                "mona=repo",
                "hubot=repo",
                "octocat=repo",
                "guest=repo_deployment",
            ]
            .map(rule)
            .to_vec();
        });
        Self { world }
    }

    /// The machine of a member, whose requests pass the proxy.
    pub(crate) fn machine(&self, login: &str) -> Machine {
        Machine::with_server(&self.world.proxy.url()).env("DEPLOYCTL_TOKEN", login)
    }

    /// Runs a command line as a member.
    pub(crate) fn run(&self, login: &str, line: &str) -> Outcome {
        self.machine(login).run(line.split_whitespace())
    }

    /// The same, past the proxy.
    pub(crate) fn run_directly(&self, login: &str, line: &str) -> Outcome {
        Machine::with_server(self.world.server.url())
            .env("DEPLOYCTL_TOKEN", login)
            .run(line.split_whitespace())
    }

    fn client(&self) -> Client {
        Client::new(self.world.server.url())
    }

    /// Writes a lock as github/branch-deploy does: on top of the default branch.
    fn lock_by_branch_deploy(&self, branch: &str, content: &str) {
        let main = self.world.repository.sha("main");
        let client = self.client();
        let get = |path: &str| client.get(&format!("{REPO}{path}")).expect(200).json();
        let post = |path: &str, body: &Value| self.world.post(path, body)["sha"].clone();
        let base = get("/branches/main")["commit"]["commit"]["tree"]["sha"].clone();
        let blob = post(
            "/git/blobs",
            &json!({"content": content, "encoding": "utf-8"}),
        );
        let entry = json!({"path": "lock.json", "mode": "100644", "type": "blob", "sha": blob});
        let tree = post("/git/trees", &json!({"base_tree": base, "tree": [entry]}));
        let commit = json!({"message": "lock [skip ci]", "tree": tree, "parents": [main]});
        let commit = post("/git/commits", &commit);
        let new = json!({"ref": format!("refs/heads/{branch}"), "sha": commit});
        self.world.post("/git/refs", &new);
    }

    /// The lock of an environment as github/branch-deploy reads it.
    fn read_by_branch_deploy(&self, branch: &str) -> Value {
        let path = format!("{REPO}/contents/lock.json?ref={branch}");
        let file = self.client().get(&path).expect(200).json();
        let content: String = file["content"]
            .as_str()
            .expect("a text")
            .split_whitespace()
            .collect();
        let bytes = STANDARD.decode(content).expect("Base64");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// The owners of all locks, by environment.
    fn owners(&self) -> Vec<(String, String)> {
        let all = self
            .run_directly("guest", "lock list --json")
            .expect(0)
            .json();
        let text = |value: &Value| value.as_str().unwrap_or("global").to_owned();
        let all = all.as_array().expect("an array");
        all.iter()
            .map(|lock| (text(&lock["environment"]), text(&lock["created_by"])))
            .collect()
    }
}

fn pair(environment: &str, owner: &str) -> (String, String) {
    (environment.to_owned(), owner.to_owned())
}

#[test]
fn a_lock_is_what_branch_deploy_reads() {
    let team = Team::new();
    let before = team.world.repository.snapshot();
    drop(
        team.run("mona", "lock production -m moving --pr 7")
            .expect(0),
    );
    let lock = team.read_by_branch_deploy("production-branch-deploy-lock");
    assert_eq!(lock["schema_version"], 1);
    assert_eq!(lock["reason"], "moving");
    assert_eq!(lock["branch"], Value::Null);
    assert_eq!(lock["created_by"], "mona");
    assert_eq!(lock["sticky"], true);
    assert_eq!(lock["environment"], "production");
    assert_eq!(lock["global"], false);
    assert_eq!(lock["unlock_command"], "deployctl unlock production");
    let link = lock["link"].as_str().expect("a text");
    assert!(link.ends_with("/octocat/hello-world/pull/7"), "{link}");
    let created = lock["created_at"].as_str().expect("a text");
    assert_eq!(created.len(), "2026-06-14T21:12:14.041Z".len());
    let claim = lock["claim_id"].as_str().expect("a text");
    assert!(claim.starts_with("sha256:") && claim.len() == 71, "{claim}");

    drop(team.run("mona", "lock --global").expect(0));
    let global = team.read_by_branch_deploy("global-branch-deploy-lock");
    assert_eq!(global["environment"], Value::Null);
    assert_eq!(global["global"], true);
    assert!(
        global["link"]
            .as_str()
            .expect("a text")
            .contains("/pull/0#")
    );

    let branch = format!("{REPO}/branches/production-branch-deploy-lock");
    let branch = team.client().get(&branch).expect(200).json();
    assert_eq!(branch["commit"]["commit"]["message"], "lock [skip ci]");
    assert_eq!(branch["commit"]["parents"], json!([]));
    assert_eq!(before, team.world.repository.snapshot(), "it is only read");
}

#[test]
fn a_lock_of_branch_deploy_is_respected_and_removed() {
    let team = Team::new();
    team.lock_by_branch_deploy(
        "production-branch-deploy-lock",
        r#"{"schema_version":1,"reason":"deployment","branch":"topic","created_at":"2026-06-14T21:12:14.041Z","created_by":"octocat","sticky":false,"environment":"production","global":false,"unlock_command":".unlock production","link":"https://github.com/octocat/hello-world/pull/2#issuecomment-456","claim_id":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}"#,
    );
    let refused = team.run("mona", "lock production").expect(11);
    let said = "production is locked by octocat since 2026-06-14T21:12:14Z: deployment";
    assert!(refused.stderr().contains(said), "{}", refused.stderr());
    drop(team.run("octocat", "lock production").expect(0));
    drop(team.run("octocat", "lock check production").expect(0));
    let checked = team.run("mona", "lock check production staging").expect(11);
    assert_eq!(
        checked.stdout(),
        "production\tlocked\toctocat\t2026-06-14T21:12:14.041Z\t\tdeployment\nstaging\tfree\t\t\t\t\n"
    );
    drop(team.run("mona", "unlock production").expect(11));
    drop(team.run("octocat", "unlock production").expect(0));
    assert_eq!(team.owners(), []);
}

#[test]
fn whose_lock_it_is_decides() {
    let team = Team::new();
    drop(team.run("mona", "lock qa").expect(0));
    let again = team.run("mona", "lock qa").expect(0);
    assert_eq!(again.stdout().lines().count(), 1);
    drop(team.run("hubot", "lock qa").expect(11));
    // In GitHub Actions it is the user who started the run.
    let actor = |login: &str| {
        team.machine("hubot")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTOR", login)
    };
    drop(actor("Mona").run(["lock", "check", "qa"]).expect(0));
    drop(actor("hubot").run(["lock", "check", "qa"]).expect(11));
    drop(actor("mona").run(["unlock", "qa"]).expect(0));
    drop(team.run("mona", "unlock qa").expect(3));
    drop(team.run("mona", "unlock qa --ignore-missing").expect(0));
    drop(team.run("mona", "unlock --global").expect(3));
    // An error for scripts.
    drop(team.run("mona", "lock qa").expect(0));
    let refused = team.run("hubot", "lock qa --json").expect(11);
    let error: Value = serde_json::from_str(refused.stderr()).expect("JSON");
    assert_eq!(error["error"]["code"], "locked");
    assert_eq!(error["error"]["created_by"], "mona");
    assert_eq!(error["error"]["exit_code"], 11);
}

#[test]
fn several_environments_are_locked_together_or_not_at_all() {
    let team = Team::new();
    drop(team.run("mona", "lock b").expect(0));
    drop(team.run("hubot", "lock a b c").expect(11));
    assert_eq!(team.owners(), [pair("b", "mona")]);
    drop(team.run("mona", "lock a b c").expect(0));
    assert_eq!(
        team.owners(),
        [pair("a", "mona"), pair("b", "mona"), pair("c", "mona")]
    );
    let list = team.run("mona", "lock list").expect(0);
    assert_eq!(list.stdout().lines().count(), 3);
    // The rest is unlocked, and what was not locked is told.
    drop(team.run("mona", "unlock a d").expect(3));
    assert_eq!(team.owners(), [pair("b", "mona"), pair("c", "mona")]);
    drop(team.run("hubot", "lock d").expect(0));
    drop(team.run("mona", "unlock b c d").expect(11));
    assert_eq!(team.owners().len(), 3);
    drop(team.run("mona", "unlock b c d --force").expect(0));
    assert_eq!(team.owners(), []);
}

#[test]
fn somebody_else_takes_one_of_several_in_between() {
    let team = Team::new();
    let graphql = "/graphql";
    // The second request to GraphQL is the change of all branches.
    team.world.proxy.fault("POST", graphql, 2..=2, Fault::Hold);
    let running = team.machine("mona").command(["lock", "a", "b"]).spawn();
    team.world.proxy.wait_for("POST", graphql, 2);
    drop(team.run_directly("hubot", "lock b").expect(0));
    team.world.proxy.heal();
    drop(running.finish().expect(11));
    assert_eq!(team.owners(), [pair("b", "hubot")]);
}

#[test]
fn the_global_lock_stops_others_everywhere() {
    let team = Team::new();
    drop(team.run("hubot", "lock qa").expect(0));
    // It is taken even while environments are locked.
    drop(team.run("mona", "lock --global -m outage").expect(0));
    let checked = team.run("hubot", "lock check qa --json").expect(11).json();
    assert_eq!(checked[0]["state"], "locked");
    let said = checked[0]["message"].as_str().expect("a text");
    assert!(
        said.starts_with("all environments are locked by mona since "),
        "{said}"
    );
    drop(team.run("hubot", "lock staging").expect(11));
    drop(team.run("mona", "lock staging").expect(0));
    drop(team.run("mona", "lock check staging").expect(0));
    let listed = team.run("mona", "lock list").expect(0);
    assert!(
        listed.stdout().contains("global\tlocked\tmona\t"),
        "{}",
        listed.stdout()
    );
    drop(team.run("hubot", "lock --global").expect(11));
    drop(team.run("hubot", "unlock --global --force").expect(0));
    drop(team.run("hubot", "lock check qa").expect(0));
}

#[test]
fn a_global_lock_that_comes_in_between_wins() {
    let team = Team::new();
    let refs = format!("{REPO}/git/refs");
    team.world.proxy.fault("POST", &refs, 1..=1, Fault::Hold);
    let running = team.machine("mona").command(["lock", "qa"]).spawn();
    team.world.proxy.wait_for("POST", &refs, 1);
    drop(team.run_directly("hubot", "lock --global").expect(0));
    team.world.proxy.heal();
    let outcome = running.finish().expect(11);
    assert!(
        outcome.stderr().contains("locked by hubot"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(
        team.owners(),
        [pair("global", "hubot")],
        "it was given back"
    );
}

#[test]
fn without_the_second_look_a_lock_is_given_back() {
    let team = Team::new();
    let no = Answer::json(502, &json!({"message": "Server Error"}));
    // The first request reads the locks, and the third gives the lock back.
    team.world
        .proxy
        .fault("POST", "/graphql", 2..=6, Fault::Answer(no));
    drop(team.run("mona", "lock qa").expect(75));
    assert_eq!(team.owners(), []);
}

#[test]
fn an_expired_lock_is_free_and_taken_over() {
    let team = Team::new();
    let expired = |owner: &str| {
        json!({
            "reason": null, "branch": null, "created_at": "2026-01-01T00:00:00.000Z",
            "created_by": owner, "sticky": true, "environment": "qa", "global": false,
            "unlock_command": "x", "link": "https://x/pull/0", "expires_at": "2026-01-01T01:00:00Z",
        })
        .to_string()
    };
    team.lock_by_branch_deploy("qa-branch-deploy-lock", &expired("hubot"));
    let checked = team.run("mona", "lock check qa").expect(0);
    assert_eq!(checked.stdout(), "qa\tfree\t\t\t\t\n");
    let listed = team.run("mona", "lock list --json").expect(0).json();
    assert_eq!(listed[0]["state"], "expired");
    let old = listed[0]["sha"].clone();
    let taken = team.run("mona", "lock qa --for 2h --json").expect(0).json();
    assert_eq!(taken[0]["created_by"], "mona");
    assert_eq!(taken[0]["state"], "locked");
    assert_ne!(taken[0]["sha"], old);
    let time = |name: &str| -> jiff::Timestamp {
        taken[0][name]
            .as_str()
            .expect("a text")
            .parse()
            .expect("a time")
    };
    let length = time("expires_at").duration_since(time("created_at"));
    // The end is a whole second.
    assert_eq!((length.as_secs() + 1) / 3600, 2, "{length}");
    drop(team.run("hubot", "lock qa").expect(11));
    drop(team.run("mona", "unlock qa").expect(0));
    // Anybody may clear an expired one away.
    team.lock_by_branch_deploy("qa-branch-deploy-lock", &expired("hubot"));
    drop(team.run("mona", "unlock qa").expect(0));
    assert_eq!(team.owners(), []);
}

#[test]
fn what_cannot_be_read_counts_as_locked() {
    let team = Team::new();
    for (number, content) in [
        "",
        "not json",
        "{}",
        r#"{"schema_version":2,"reason":null,"branch":null,"created_at":"x","created_by":"mona","sticky":true,"environment":"e","global":false,"unlock_command":"x","link":"x"}"#,
        r#"{"reason":null,"branch":null,"created_at":"x","created_by":"mona","sticky":true,"environment":"e","global":false,"unlock_command":"x"}"#,
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("e{number}");
        team.lock_by_branch_deploy(&format!("{name}-branch-deploy-lock"), content);
        for line in ["lock check", "lock", "unlock"] {
            let refused = team.run("mona", &format!("{line} {name}")).expect(11);
            let said = format!("{}{}", refused.stdout(), refused.stderr());
            assert!(said.contains("lock.json"), "{said}");
        }
        let listed = team.run("mona", "lock list").expect(0);
        let row = format!("{name}\tunreadable\t\t");
        assert!(listed.stdout().contains(&row), "{}", listed.stdout());
    }
    // A branch without the file is ambiguous, too.
    let sha = team.world.repository.sha("main");
    let new = json!({"ref": "refs/heads/bare-branch-deploy-lock", "sha": sha});
    team.world.post("/git/refs", &new);
    drop(team.run("mona", "lock check bare").expect(11));
    drop(team.run("mona", "unlock bare --force").expect(0));
    drop(team.run("mona", "lock check bare").expect(0));
}

#[test]
fn a_lock_that_changed_hands_is_not_removed() {
    let team = Team::new();
    for (line, code) in [("unlock qa", 11), ("unlock qa --force", 11)] {
        drop(team.run_directly("mona", "lock qa").expect(0));
        team.world.proxy.forget();
        team.world
            .proxy
            .fault("POST", "/graphql", 2..=2, Fault::Hold);
        let args: Vec<&str> = line.split(' ').collect();
        let running = team.machine("mona").command(args).spawn();
        team.world.proxy.wait_for("POST", "/graphql", 2);
        drop(team.run_directly("mona", "unlock qa").expect(0));
        drop(team.run_directly("hubot", "lock qa").expect(0));
        team.world.proxy.heal();
        drop(running.finish().expect(code));
        assert_eq!(team.owners(), [pair("qa", "hubot")], "{line}");
        drop(team.run_directly("hubot", "unlock qa").expect(0));
    }
}

#[test]
fn a_lost_answer_is_no_lost_lock() {
    let team = Team::new();
    let refs = format!("{REPO}/git/refs");
    team.world
        .proxy
        .fault("POST", &refs, 1..=1, Fault::ResetAfter);
    drop(team.run("mona", "lock a").expect(0));
    assert_eq!(team.world.proxy.matching("POST", &refs).len(), 1);
    // Several at once: the second attempt finds them as they should be.
    team.world.proxy.heal();
    team.world.proxy.forget();
    team.world
        .proxy
        .fault("POST", "/graphql", 2..=2, Fault::ResetAfter);
    drop(team.run("mona", "lock b c").expect(0));
    team.world.proxy.heal();
    team.world
        .proxy
        .fault("POST", "/graphql", 2..=2, Fault::ResetAfter);
    drop(team.run("mona", "unlock a b c").expect(0));
    assert_eq!(team.owners(), []);
}

#[test]
fn a_kill_leaves_a_lock_taken_or_not() {
    let team = Team::new();
    let (trees, commits, refs) = (
        format!("{REPO}/git/trees"),
        format!("{REPO}/git/commits"),
        format!("{REPO}/git/refs"),
    );
    for (number, (path, nth, reaches_server)) in [
        ("/graphql", 1, false),
        (trees.as_str(), 1, false),
        (trees.as_str(), 1, true),
        (commits.as_str(), 1, true),
        (refs.as_str(), 1, false),
        (refs.as_str(), 1, true),
        ("/graphql", 2, true),
    ]
    .into_iter()
    .enumerate()
    {
        let proxy = Proxy::before(team.world.server.url());
        proxy.fault("POST", path, nth..=nth, Fault::Hold);
        let name = format!("e{number}");
        let machine = Machine::with_server(&proxy.url()).env("DEPLOYCTL_TOKEN", "mona");
        let running = machine.command(["lock", &name]).spawn();
        proxy.wait_for("POST", path, nth);
        running.signal(Signal::Kill);
        assert_eq!(running.code_when_dead(), 137);
        if reaches_server {
            proxy.heal();
            let answered = || {
                proxy.matching("POST", path)[nth - 1]
                    .server_status
                    .is_some()
            };
            while !answered() {
                thread::yield_now();
            }
        }
        let is_taken = (path == refs && reaches_server) || nth == 2;
        let wanted = if is_taken {
            vec![pair(&name, "mona")]
        } else {
            vec![]
        };
        assert_eq!(team.owners(), wanted, "{path} {nth}");
        // Nothing that is left over prevents another lock.
        drop(team.run_directly("mona", &format!("lock {name}")).expect(0));
        drop(
            team.run_directly("mona", &format!("unlock {name}"))
                .expect(0),
        );
    }
}

#[test]
fn two_processes_that_want_a_lock_never_both_have_it() {
    const ROUNDS: usize = 200;
    let team = Team::new();
    let machines = ["mona", "hubot"]
        .map(|login| Machine::with_server(team.world.server.url()).env("DEPLOYCTL_TOKEN", login));
    let mut wins = [0, 0];
    for round in 0..ROUNDS {
        // A new environment each time, among few locks.
        let name = format!("e{round}");
        let running = machines
            .each_ref()
            .map(|machine| machine.command(["lock", &name, "--json"]).spawn());
        let codes = running.map(|run| run.finish().code());
        let winner = match codes {
            [0, 11] => 0,
            [11, 0] => 1,
            other => panic!("round {round}: {other:?}"),
        };
        wins[winner] += 1;
        if round % 5 == 4 {
            let owners = team.owners();
            assert_eq!(owners.len(), 5, "{owners:?}");
            let names: Vec<String> = owners.iter().map(|(name, _)| name.clone()).collect();
            let args = ["unlock".to_owned(), "--force".to_owned()];
            drop(machines[0].run(args.into_iter().chain(names)).expect(0));
        }
    }
    assert_eq!(wins[0] + wins[1], ROUNDS);
}

#[test]
fn a_global_and_an_environment_lock_race() {
    let team = Team::new();
    let machines = ["mona", "hubot"]
        .map(|login| Machine::with_server(team.world.server.url()).env("DEPLOYCTL_TOKEN", login));
    for round in 0..25 {
        let environment = machines[0].command(["lock", "qa"]).spawn();
        let global = machines[1].command(["lock", "--global"]).spawn();
        let codes = [environment.finish().code(), global.finish().code()];
        // The global lock is always taken. The other one is only there if it was
        // taken first; then it stays, and deploys nothing.
        let owners = team.owners();
        match codes {
            [0, 0] => assert_eq!(owners, [pair("global", "hubot"), pair("qa", "mona")]),
            [11, 0] => assert_eq!(owners, [pair("global", "hubot")]),
            other => panic!("round {round}: {other:?}"),
        }
        drop(machines[0].run(["lock", "check", "qa"]).expect(11));
        drop(machines[1].run(["unlock", "--global"]).expect(0));
        drop(
            machines[0]
                .run(["unlock", "qa", "--ignore-missing"])
                .expect(0),
        );
    }
}

#[test]
fn a_lock_is_waited_for() {
    let team = Team::new();
    drop(team.run("hubot", "lock qa").expect(0));
    let machine = team.machine("mona");
    let running = machine.command(["lock", "qa", "--wait"]).spawn();
    let line = running.wait_for_line("waiting");
    assert!(line.contains("qa is locked by hubot"), "{line}");
    drop(team.run("hubot", "unlock qa").expect(0));
    drop(running.finish().expect(0));
    assert_eq!(team.owners(), [pair("qa", "mona")]);
    let timed_out = team.run("hubot", "lock qa --wait --timeout 1s").expect(124);
    assert!(timed_out.stderr().contains("qa is locked by mona"));
}

#[test]
fn wrong_usage_is_refused_before_any_request() {
    let team = Team::new();
    for line in [
        "lock",
        "lock qa --global",
        "lock global",
        "lock a..b",
        "lock qa --for 5",
        "lock qa --timeout 5m",
        "unlock",
        "unlock qa --global",
        "lock -m why list",
        "lock check",
        "lock list qa",
        "freeze",
        "freeze check --at yesterday",
        "freeze check --environment=",
        "create --ref main --respect-locks --ignore-locks",
        "lock list --json=nothing",
    ] {
        drop(team.run("mona", line).expect(2));
    }
    // A script whose variable is not set must not learn that all is free.
    let machine = team.machine("mona");
    drop(machine.run(["lock", "check", "qa", ""]).expect(2));
    assert_eq!(lines(&team.world.proxy.requests()), [""; 0]);
    // A name that is also that of a command.
    drop(team.run("mona", "lock -- list").expect(0));
    assert_eq!(team.owners(), [pair("list", "mona")]);
}

#[test]
fn a_token_that_may_not_write_is_told_what_it_lacks() {
    let team = Team::new();
    drop(team.run("guest", "lock list").expect(0));
    let refused = team.run("guest", "lock qa").expect(5);
    assert!(
        refused.stderr().contains("Contents: write"),
        "{}",
        refused.stderr()
    );
    drop(team.run("mona", "lock qa").expect(0));
    let refused = team.run("guest", "unlock qa --force").expect(5);
    assert!(
        refused.stderr().contains("Contents: write"),
        "{}",
        refused.stderr()
    );
    assert_eq!(team.owners(), [pair("qa", "mona")]);
}

#[test]
fn without_graphql_there_are_no_locks() {
    let team = Team::new();
    let gone = Answer::json(404, &json!({"message": "Not Found"}));
    team.world
        .proxy
        .fault("POST", "/graphql", .., Fault::Answer(gone));
    for line in [
        "lock qa",
        "unlock qa",
        "lock list",
        "lock check qa",
        "freeze list",
        "freeze check",
        "create --ref main -e qa --respect-locks",
    ] {
        let failed = team.run("mona", line).expect(1);
        assert!(
            failed.stderr().contains("GraphQL"),
            "{line}: {}",
            failed.stderr()
        );
    }
    assert!(team.world.writes().is_empty());
    // Who ignores locks is not stopped by what reads them.
    drop(
        team.run("mona", "create --ref main -e qa --ignore-locks")
            .expect(0),
    );
}

#[test]
fn each_command_sends_what_it_needs() {
    let team = Team::new();
    let (tree, commit, refs) = ("git/trees", "git/commits", "git/refs");
    let rest = |path: &str| format!("POST {REPO}/{path}");
    let graphql = || "POST /graphql".to_owned();
    let take = [graphql(), rest(tree), rest(commit), rest(refs)];
    let with_look = [&take[..], &[graphql()]].concat();
    let deploy = rest("deployments");
    for (line, code, wanted) in [
        ("lock qa", 0, with_look),
        ("lock --global", 0, take.to_vec()),
        ("lock qa", 0, vec![graphql()]),
        ("lock list", 0, vec![graphql()]),
        ("lock check qa live", 0, vec![graphql()]),
        ("freeze list", 0, vec![graphql()]),
        ("freeze check", 0, vec![graphql()]),
        ("create --ref main -e qa", 0, vec![deploy.clone()]),
        (
            "create --ref main -e qa --respect-locks",
            0,
            vec![graphql(), deploy.clone(), graphql()],
        ),
        (
            "create --ref main -e qa --ignore-locks",
            0,
            vec![graphql(), deploy],
        ),
        ("unlock --global", 0, vec![graphql(), graphql()]),
        ("unlock live", 3, vec![graphql()]),
    ] {
        team.world.proxy.forget();
        drop(team.run("mona", line).expect(code));
        assert_eq!(lines(&team.world.proxy.requests()), wanted, "{line}");
    }
}

#[test]
fn more_locks_than_fit_on_a_page_are_all_seen() {
    let team = Team::new();
    let sha = team.world.repository.sha("main");
    for number in 0..101 {
        let name = format!("refs/heads/e{number:03}-branch-deploy-lock");
        team.world
            .post("/git/refs", &json!({"ref": name, "sha": sha}));
    }
    team.world.proxy.forget();
    let listed = team.run("mona", "lock list").expect(0);
    assert_eq!(listed.stdout().lines().count(), 101);
    assert_eq!(team.world.proxy.matching("POST", "/graphql").len(), 2);
    drop(team.run("mona", "lock check e100").expect(11));
}
