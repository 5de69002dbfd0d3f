//! `env` and its subcommands.

use serde_json::{Value, json};

use crate::support::cli::Machine;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::support::serve::rule;
use crate::world::{REPO, World, lines};
use deployctl::sandbox::RepositorySource;

/// A second repository on the same sandbox.
const OTHER: &str = "octocat/other";

fn two_repositories() -> World {
    World::with(|config| {
        config.repositories.push(RepositorySource {
            owner: "octocat".to_owned(),
            name: "other".to_owned(),
            path: None,
        });
    })
}

impl World {
    /// Runs a command with these arguments.
    fn words(&self, words: &[&str]) -> crate::support::cli::Outcome {
        self.machine.run(words)
    }

    /// Runs a command with this standard input.
    fn piped(&self, words: &[&str], input: &str) -> crate::support::cli::Outcome {
        self.machine.command(words).stdin(input).finish()
    }

    /// An environment as the server returns it, without the proxy.
    fn environment(&self, encoded: &str) -> Value {
        let path = format!("{REPO}/environments/{encoded}");
        Client::new(self.server.url()).get(&path).expect(200).json()
    }

    fn make_app(&self, slug: &str) {
        let body = json!({ "slug": slug });
        drop(
            Client::new(self.server.url())
                .post("/_sandbox/apps", &body)
                .expect(201),
        );
    }

    /// The requests that changed something.
    fn changes(&self) -> Vec<String> {
        lines(&self.writes())
    }
}

fn kinds(environment: &Value) -> Vec<&str> {
    let rules = environment["protection_rules"].as_array().expect("a list");
    rules
        .iter()
        .filter_map(|rule| rule["type"].as_str())
        .collect()
}

#[test]
fn the_overview_is_two_requests_at_the_same_time() {
    let world = World::new();
    let old = world.create("--ref main -e staging");
    let new = world.create("--ref topic -e staging");
    world.set(&old, "success");
    world.set(&new, "success");
    let queued = world.create("--ref main -e staging");
    world.set(&queued, "queued");
    drop(world.create("--ref main -e preview/pr-1"));
    drop(
        world
            .run("env edit staging --wait-timer 5 --reviewer mona")
            .expect(0),
    );
    world.proxy.forget();
    world.let_two_meet();
    let outcome = world.run("env list").expect(0);
    let requests = world.proxy.requests();
    assert_eq!(requests.len(), 2, "{:?}", lines(&requests));
    assert!(requests[0].overlaps(&requests[1]));
    let rows: Vec<Vec<&str>> = outcome
        .stdout()
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let sha = world.repository.sha("topic");
    assert_eq!(rows[0][..4], ["staging", "active", "topic", sha.as_str()]);
    assert_eq!(rows[0][5..], ["sandbox", "", "wait 5 min, 1 reviewer"]);
    assert_eq!(rows[1], ["preview/pr-1", "", "", "", "", "", "", ""]);
    let json = world.run("env list --json").expect(0).json();
    assert_eq!(json[0]["state"], "active");
    assert_eq!(json[0]["live"]["ref"], "topic");
    assert_eq!(json[0]["live"]["sha"], sha);
    assert_eq!(json[1]["live"], Value::Null);
}

#[test]
fn a_live_deployment_below_a_failure_is_found() {
    let world = World::new();
    let serves = world.create("--ref topic -e staging");
    world.set(&serves, "success");
    let broken = world.create("--ref main -e staging");
    world.set(&broken, "failure");
    let only = world.create("--ref main -e qa");
    world.set(&only, "error");
    world.proxy.forget();
    let json = world.run("env list --json").expect(0).json();
    assert_eq!(world.proxy.requests().len(), 3);
    assert_eq!(json[0]["live"]["ref"], "topic");
    assert_eq!(json[0]["latest"]["state"], "failure");
    assert_eq!(
        (&json[1]["live"], &json[1]["state"]),
        (&Value::Null, &json!("error"))
    );
    // Without GraphQL the result is the same.
    world.proxy.fault(
        "POST",
        "/graphql",
        ..,
        Fault::Answer(Answer::json(403, &json!({"message": "no"}))),
    );
    let by_rest = world.run("env list --json").expect(0).json();
    for (one, other) in [(&json[0], &by_rest[0]), (&json[1], &by_rest[1])] {
        for field in ["state", "name"] {
            assert_eq!(one[field], other[field]);
        }
        for field in ["sha", "state", "created_at", "node_id"] {
            assert_eq!(one["live"][field], other["live"][field]);
            assert_eq!(one["latest"][field], other["latest"][field]);
        }
    }
}

#[test]
fn three_hundred_environments_are_six_requests() {
    let world = World::new();
    let client = Client::new(world.server.url());
    for number in 0..300 {
        let path = format!("{REPO}/environments/env-{number:03}");
        drop(client.send("PUT", &path, None).expect(200));
    }
    let live = world.create("--ref main -e env-250");
    world.set(&live, "success");
    world.proxy.forget();
    let outcome = world.run("env list").expect(0);
    assert_eq!(outcome.stdout().lines().count(), 300);
    assert!(
        outcome
            .stdout()
            .lines()
            .any(|line| line.starts_with("env-250\tactive\tmain\t"))
    );
    assert_eq!(world.proxy.requests().len(), 6);
    world.proxy.forget();
    let names = world.run("env list --json=name").expect(0).json();
    assert_eq!(names.as_array().map(Vec::len), Some(300));
    assert_eq!(
        world.proxy.requests().len(),
        3,
        "live deployments are not requested"
    );
}

#[test]
fn no_environment_is_an_empty_list() {
    let world = World::new();
    let outcome = world.run("env list").expect(0);
    assert_eq!(outcome.stdout(), "");
    assert!(
        outcome
            .stderr()
            .contains("there is no environment in octocat/hello-world")
    );
    let json = world.run("env list --json").expect(0);
    assert_eq!(json.json(), json!([]));
    assert!(json.stderr().contains("there is no environment"));
}

#[test]
fn names_of_any_kind_work_in_every_request() {
    let world = World::new();
    for (name, encoded) in [
        ("test/env", "test%2Fenv"),
        ("two words", "two%20words"),
        ("50%", "50%25"),
        ("a%2Fb", "a%252Fb"),
        ("é🚀", "%C3%A9%F0%9F%9A%80"),
    ] {
        assert_eq!(
            world.words(&["env", "create", name]).expect(0).stdout(),
            format!("{name}\n")
        );
        assert_eq!(world.environment(encoded)["name"], name);
        drop(
            world
                .words(&["env", "variable", "set", name, "a", name])
                .expect(0),
        );
        let view = world
            .words(&["env", "view", name, "--json"])
            .expect(0)
            .json();
        assert_eq!(
            (&view["name"], &view["variables"][0]["value"]),
            (&json!(name), &json!(name))
        );
        drop(
            world
                .words(&["env", "edit", name, "--wait-timer", "1"])
                .expect(0),
        );
        drop(world.words(&["env", "delete", name, "--yes"]).expect(0));
        drop(world.words(&["env", "view", name]).expect(3));
    }
    for name in ["", ".", ".."] {
        drop(world.words(&["env", "create", name]).expect(2));
    }
}

#[test]
fn an_environment_is_created_with_all_that_it_asks_for() {
    let world = World::new();
    let made = world
        .run("env create production --wait-timer 30 --reviewer mona --reviewer octocat/ops --prevent-self-review --branch release/* --tag v* --json")
        .expect(0)
        .json();
    assert_eq!(
        kinds(&made),
        ["wait_timer", "required_reviewers", "branch_policy"]
    );
    let shown = world.environment("production");
    let review = &shown["protection_rules"][1];
    assert_eq!(review["prevent_self_review"], true);
    assert_eq!(review["reviewers"][0]["reviewer"]["login"], "mona");
    assert_eq!(review["reviewers"][1]["reviewer"]["slug"], "ops");
    let patterns = world.run("env branch-policy list production").expect(0);
    let rows: Vec<&str> = patterns
        .stdout()
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(_, rest)| rest)
        .collect();
    assert_eq!(rows, ["branch\trelease/*", "tag\tv*"]);
    let view = world.run("env view production").expect(0);
    for line in [
        "wait_timer\t30",
        "reviewers\tmona, octocat/ops",
        "prevent_self_review\ttrue",
        "branches\tcustom",
        "branch_policies\trelease/*, tag:v*",
    ] {
        assert!(
            view.stdout().lines().any(|one| one == line),
            "{line}: {}",
            view.stdout()
        );
    }
    // An existing environment is not changed.
    world.proxy.forget();
    let again = world.run("env create production").expect(1);
    assert!(again.stderr().contains("env edit"), "{}", again.stderr());
    assert_eq!(world.changes(), [] as [&str; 0]);
}

#[test]
fn what_github_would_refuse_is_refused_before_anything_is_sent() {
    let world = World::new();
    for line in [
        "env create qa --wait-timer 43201",
        "env create qa --wait-timer -1",
        "env create qa --reviewer a/b/c",
        "env create qa --prevent-self-review",
        "env create qa --protected-branches --branch main",
        "env create qa --reviewer a --reviewer b --reviewer c --reviewer d --reviewer e --reviewer f --reviewer g",
        "env edit qa",
        "env edit qa --all-branches --protected-branches",
        "env variable set qa 9a x",
        "env variable set qa github_x x",
        "env secret set qa a-b",
    ] {
        drop(world.run(line).expect(2));
    }
    assert_eq!(world.changes(), [] as [&str; 0]);
    let nobody = world.run("env create qa --reviewer not_a_login").expect(3);
    assert!(
        nobody.stderr().contains("there is no user"),
        "{}",
        nobody.stderr()
    );
}

#[test]
fn edit_changes_what_it_names_and_nothing_else() {
    let world = World::new();
    drop(world.run("env create qa --wait-timer 5 --reviewer mona --prevent-self-review --protected-branches").expect(0));
    let before = world.environment("qa");
    world.proxy.forget();
    let dry = world
        .run("env edit qa --wait-timer 7 --add-reviewer hubot --dry-run")
        .expect(0);
    assert_eq!(
        dry.stdout(),
        "qa\tset\twait_timer\t5\t7\nqa\tadd\treviewer\t\thubot\n"
    );
    assert_eq!(world.changes(), [] as [&str; 0]);
    let edited = world
        .run("env edit qa --wait-timer 7 --add-reviewer hubot")
        .expect(0);
    assert!(
        edited.stderr().contains("~ qa: wait timer 5 -> 7"),
        "{}",
        edited.stderr()
    );
    assert!(edited.stderr().contains("+ qa: reviewer hubot"));
    assert_eq!(world.changes(), [format!("PUT {REPO}/environments/qa")]);
    let after = world.environment("qa");
    assert_eq!(after["protection_rules"][0]["type"], "branch_policy");
    assert_eq!(
        after["deployment_branch_policy"],
        before["deployment_branch_policy"]
    );
    let view = world.run("env view qa").expect(0);
    assert!(
        view.stdout().contains("reviewers\tmona, hubot\n"),
        "{}",
        view.stdout()
    );
    assert!(view.stdout().contains("prevent_self_review\ttrue\n"));
    // If nothing changes, no request is sent.
    world.proxy.forget();
    let again = world
        .run("env edit qa --wait-timer 7 --add-reviewer Hubot")
        .expect(0);
    assert!(
        again.stderr().contains("is already up to date"),
        "{}",
        again.stderr()
    );
    assert_eq!(world.changes(), [] as [&str; 0]);
    // Without reviewers, the ban on self-reviews is removed too.
    drop(
        world
            .run("env edit qa --remove-reviewer mona --remove-reviewer HUBOT --all-branches")
            .expect(0),
    );
    assert_eq!(kinds(&world.environment("qa")), ["wait_timer"]);
    drop(world.run("env edit qa --remove-reviewer mona").expect(3));
    drop(world.run("env edit nowhere --wait-timer 1").expect(3));
}

#[test]
fn settings_that_a_server_ignores_are_not_reported_as_set() {
    let world = World::new();
    drop(world.run("env create qa").expect(0));
    let mut bare = world.environment("qa");
    bare["protection_rules"] = json!([]);
    let path = format!("{REPO}/environments/qa");
    world
        .proxy
        .fault("PUT", &path, .., Fault::Replace(Answer::json(200, &bare)));
    let outcome = world.run("env edit qa --wait-timer 7").expect(1);
    assert!(
        outcome.stderr().contains("returned others"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn delete_asks_or_wants_a_yes() {
    let world = World::new();
    drop(world.run("env create qa --wait-timer 5").expect(0));
    drop(world.run("env variable set qa a x").expect(0));
    drop(
        world
            .piped(&["env", "secret", "set", "qa", "b"], "x")
            .expect(0),
    );
    let deployment = world.create("--ref main -e qa");
    world.proxy.forget();
    let refused = world.run("env delete qa").expect(2);
    assert!(refused.stderr().contains("--yes"), "{}", refused.stderr());
    assert_eq!(world.proxy.requests().len(), 0);
    let dry = world.run("env delete qa --dry-run").expect(0);
    assert!(
        dry.stderr()
            .contains("1 protection rule, 1 secret and 1 variable"),
        "{}",
        dry.stderr()
    );
    assert!(dry.stderr().contains("the newest deployment is pending"));
    assert_eq!(world.changes(), [] as [&str; 0]);

    let mut terminal = Terminal::start(&world.machine, ["env", "delete", "qa"]);
    let screen = terminal.wait_for("Type qa to continue");
    assert!(screen.contains("1 secret"), "{screen}");
    terminal.press("yes\r");
    drop(terminal.finish().expect(1));
    let mut terminal = Terminal::start(&world.machine, ["env", "delete", "qa"]);
    terminal.wait_for("Type qa to continue");
    terminal.press("qa\r");
    drop(terminal.finish().expect(0));

    drop(world.run("env view qa").expect(3));
    drop(world.run("env delete qa --yes").expect(3));
    drop(world.run("env delete qa --yes --ignore-missing").expect(0));
    drop(world.run(&format!("status {deployment}")).expect(0));
}

#[test]
fn a_lost_answer_makes_nothing_twice_and_fails_nothing() {
    let world = World::new();
    let environment = format!("{REPO}/environments/qa");
    world
        .proxy
        .fault("PUT", &environment, 1..=1, Fault::ResetAfter);
    drop(world.run("env create qa").expect(0));
    drop(world.run("env edit qa --custom-branches").expect(0));
    let policies = format!("{environment}/deployment-branch-policies");
    world
        .proxy
        .fault("POST", &policies, 1..=1, Fault::ResetAfter);
    drop(world.run("env branch-policy add qa main").expect(0));
    assert_eq!(
        world.proxy.matching("POST", &policies).len(),
        1,
        "it checked for the result first"
    );
    let variables = format!("{environment}/variables");
    world
        .proxy
        .fault("POST", &variables, 1..=1, Fault::ResetAfter);
    drop(world.run("env variable set qa a x").expect(0));
    assert_eq!(
        world.proxy.matching("POST", &variables).len(),
        1,
        "it checked for the result first"
    );
    world
        .proxy
        .fault("PATCH", &format!("{variables}/a"), 1..=1, Fault::ResetAfter);
    drop(world.run("env variable set qa a y").expect(0));
    let secret = format!("{environment}/secrets/b");
    world.proxy.fault("PUT", &secret, 1..=1, Fault::ResetAfter);
    drop(
        world
            .piped(&["env", "secret", "set", "qa", "b"], "x")
            .expect(0),
    );
    world
        .proxy
        .fault("DELETE", &environment, 1..=1, Fault::ResetAfter);
    drop(world.run("env delete qa --yes").expect(0));
    assert_eq!(world.proxy.matching("DELETE", &environment).len(), 2);
}

#[test]
fn variables_are_set_listed_and_deleted() {
    let world = World::new();
    drop(world.run("env create qa").expect(0));
    for number in 0..35 {
        drop(
            world
                .run(&format!("env variable set qa v{number:02} {number}"))
                .expect(0),
        );
    }
    let list = world.run("env variable list qa").expect(0);
    assert_eq!(list.stdout().lines().count(), 35, "more than a page");
    assert!(list.stdout().starts_with("V00\t0\t"));
    drop(
        world
            .words(&["env", "variable", "set", "qa", "v00", "-a \"b\"\n"])
            .expect(0),
    );
    drop(
        world
            .piped(
                &["env", "variable", "set", "qa", "v01", "--from-file", "-"],
                "from\nfile\n",
            )
            .expect(0),
    );
    let json = world.run("env variable list qa --json").expect(0).json();
    assert_eq!(json[0]["value"], "-a \"b\"\n");
    assert_eq!(json[1]["value"], "from\nfile\n");
    drop(world.run("env variable delete qa v00").expect(0));
    let gone = world.run("env variable delete qa v00").expect(3);
    assert!(
        gone.stderr().contains("has no variable"),
        "{}",
        gone.stderr()
    );
    drop(
        world
            .run("env variable delete qa v00 --ignore-missing")
            .expect(0),
    );
    let nowhere = world.run("env variable set nowhere a x").expect(3);
    assert!(
        nowhere
            .stderr()
            .contains("there is no environment \"nowhere\"")
    );
    drop(world.run("env variable list nowhere").expect(3));
    drop(world.run("env variable delete nowhere a").expect(3));
}

#[test]
fn a_secret_is_sealed_before_it_is_sent() {
    let world = World::new();
    drop(world.run("env create qa").expect(0));
    let made = world
        .piped(
            &["env", "secret", "set", "qa", "deploy_key", "-v"],
            "hunter2\n",
        )
        .expect(0);
    assert!(
        made.stderr().contains("Created DEPLOY_KEY"),
        "{}",
        made.stderr()
    );
    let path = world.machine.file("key", b"\0\xff\n");
    let path = path.to_str().expect("UTF-8");
    let again = world.words(&[
        "env",
        "secret",
        "set",
        "qa",
        "DEPLOY_KEY",
        "--from-file",
        path,
    ]);
    assert!(again.expect(0).stderr().contains("Changed DEPLOY_KEY"));
    for request in world.proxy.requests() {
        assert!(
            !request.body.windows(7).any(|part| part == b"hunter2"),
            "sent without encryption"
        );
    }
    assert!(!made.stderr().contains("hunter2"));
    let list = world.run("env secret list qa --json").expect(0).json();
    assert_eq!(list[0]["name"], "DEPLOY_KEY");
    assert_eq!(
        list[0].as_object().map(serde_json::Map::len),
        Some(3),
        "no value"
    );
    drop(
        world
            .piped(&["env", "secret", "set", "qa", "x"], "")
            .expect(2),
    );
    drop(
        world
            .words(&["env", "secret", "set", "qa", "x", "value"])
            .expect(2),
    );
    let mut terminal = Terminal::start(&world.machine, ["env", "secret", "set", "qa", "typed"]);
    terminal.wait_for("Value of TYPED");
    // The echo is turned off right after the prompt.
    std::thread::sleep(std::time::Duration::from_millis(700));
    terminal.press("unseen\r");
    let ending = terminal.finish().expect(0);
    assert!(!ending.sent(b"unseen"));
    drop(world.run("env secret delete qa typed").expect(0));
    drop(world.run("env secret delete qa typed").expect(3));
    drop(
        world
            .piped(&["env", "secret", "set", "nowhere", "x"], "x")
            .expect(3),
    );
}

#[test]
fn patterns_and_apps_come_and_go() {
    let world = World::new();
    world.make_app("gate");
    drop(world.run("env create qa").expect(0));
    let refused = world.run("env branch-policy add qa main").expect(1);
    assert!(
        refused.stderr().contains("--custom-branches"),
        "{}",
        refused.stderr()
    );
    let note = world.run("env branch-policy list qa").expect(0);
    assert!(
        note.stderr().contains("all branches can deploy"),
        "{}",
        note.stderr()
    );
    drop(world.run("env edit qa --branch main").expect(0));
    let there = world
        .run("env branch-policy add qa main release/*")
        .expect(0);
    assert!(
        there.stderr().contains("Already exists: main"),
        "{}",
        there.stderr()
    );
    drop(world.run("env branch-policy add qa v* --tag").expect(0));
    drop(world.run("env branch-policy remove qa v*").expect(3));
    drop(world.run("env branch-policy remove qa v* --tag").expect(0));
    let json = world
        .run("env branch-policy list qa --json=name,type")
        .expect(0)
        .json();
    assert_eq!(
        json,
        json!([{"name": "main", "type": "branch"}, {"name": "release/*", "type": "branch"}])
    );
    drop(world.run("env branch-policy add nowhere main").expect(3));

    assert!(
        world
            .run("env protection list qa --available")
            .expect(0)
            .stdout()
            .ends_with("\tgate\n")
    );
    drop(world.run("env protection enable qa Gate").expect(0));
    let again = world.run("env protection enable qa gate").expect(0);
    assert!(again.stderr().contains("already"), "{}", again.stderr());
    let enabled = world.run("env protection list qa --json").expect(0).json();
    assert_eq!(enabled[0]["app"]["slug"], "gate");
    drop(world.run("env protection enable qa other").expect(3));
    drop(world.run("env protection disable qa gate").expect(0));
    drop(world.run("env protection disable qa gate").expect(3));
}

#[test]
fn a_404_is_explained_by_what_exists() {
    let world = World::new();
    world.make_app("gate");
    let not_found = || Answer::json(404, &json!({"message": "Not Found", "status": "404"}));
    let again = |lines: &[&str], faults: &[Fault], code: i32| {
        for (line, fault) in lines.iter().zip(faults) {
            world.proxy.heal();
            world.proxy.fault("DELETE", "*", 1..=1, fault.clone());
            drop(world.run(line).expect(code));
        }
    };
    drop(world.run("env create qa --branch main").expect(0));
    drop(world.run("env protection enable qa gate").expect(0));
    drop(world.run("env variable set qa REGION eu").expect(0));
    drop(
        world
            .piped(&["env", "secret", "set", "qa", "KEY"], "x")
            .expect(0),
    );
    let lines = [
        "env branch-policy remove qa main",
        "env protection disable qa gate",
        "env variable delete qa region",
        "env secret delete qa key",
        "env variable delete qa region --ignore-missing",
    ];
    // The token lacks the permission.
    again(&lines, &[(); 5].map(|()| Fault::Answer(not_found())), 5);
    // Someone else deleted it first.
    again(
        &lines[..2],
        &[(); 2].map(|()| Fault::Replace(not_found())),
        0,
    );
    again(
        &lines[2..4],
        &[(); 2].map(|()| Fault::Replace(not_found())),
        3,
    );
    for line in &lines[..4] {
        drop(world.run(line).expect(3));
    }
}

#[test]
fn a_document_makes_the_same_environments_elsewhere() {
    let world = two_repositories();
    world.make_app("gate");
    drop(world.run("env create production --wait-timer 30 --reviewer mona --reviewer octocat/ops --prevent-self-review --branch release/* --tag v*").expect(0));
    drop(
        world
            .words(&["env", "create", "preview/pr 7 é%", "--protected-branches"])
            .expect(0),
    );
    drop(world.run("env create bare").expect(0));
    drop(world.run("env protection enable production gate").expect(0));
    drop(
        world
            .words(&[
                "env",
                "variable",
                "set",
                "production",
                "region",
                "eu\n\"x\"",
            ])
            .expect(0),
    );
    drop(
        world
            .piped(&["env", "secret", "set", "production", "key"], "x")
            .expect(0),
    );
    let document = world.run("env export").expect(0).stdout().to_owned();
    assert!(!document.contains("_id\""), "names, not ids: {document}");

    let apply = ["env", "apply", "-", "-R", OTHER];
    let with = |more: &'static str| [&apply[..], &[more]].concat();
    world.proxy.forget();
    let dry = world.piped(&with("--dry-run"), &document).expect(0);
    assert!(
        dry.stdout()
            .contains("production\tset\twait_timer\t0\t30\n"),
        "{}",
        dry.stdout()
    );
    assert!(
        dry.stdout()
            .contains("production\tadd\tvariable\t\tREGION=eu\\n\"x\"\n")
    );
    let refused = world.piped(&apply, &document).expect(2);
    assert!(refused.stderr().contains("--yes"), "{}", refused.stderr());
    assert_eq!(world.changes(), [] as [&str; 0]);

    let first = world.piped(&with("--yes"), &document).expect(0);
    assert!(
        first
            .stderr()
            .contains("+ production: reviewer octocat/ops"),
        "{}",
        first.stderr()
    );
    assert!(first.stderr().contains("has no value for KEY"));
    world.proxy.forget();
    let again = world.piped(&with("--yes"), &document).expect(0);
    assert!(
        again.stderr().contains("is already up to date"),
        "{}",
        again.stderr()
    );
    assert_eq!(again.stdout(), "");
    assert_eq!(world.changes(), [] as [&str; 0]);

    let mut expected: Value = serde_json::from_str(&document).expect("JSON");
    for environment in expected["environments"].as_array_mut().expect("a list") {
        // Secret values cannot be read, so the other repository has none.
        environment["secrets"] = json!([]);
    }
    let other = world
        .words(&["env", "export", "-R", OTHER])
        .expect(0)
        .json();
    assert_eq!(other, expected);
}

#[test]
fn a_document_says_what_is_to_be_and_leaves_the_rest() {
    let world = World::new();
    drop(
        world
            .run("env create qa --wait-timer 5 --reviewer mona --branch main --branch old")
            .expect(0),
    );
    drop(world.run("env variable set qa a 1").expect(0));
    drop(world.run("env variable set qa b 2").expect(0));
    drop(world.run("env create other --wait-timer 9").expect(0));
    let document = json!({"version": 1, "environments": [{
        "name": "qa", "reviewers": ["Hubot"], "branch_policies": [{"name": "main"}],
        "variables": {"a": "1", "c": "3"},
    }]});
    let dry = world.piped(
        &["env", "apply", "-", "--json", "--dry-run"],
        &document.to_string(),
    );
    let changes = dry.expect(0).json();
    let summaries: Vec<String> = changes
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let of = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {}{}",
                of("action"),
                of("field"),
                of("from"),
                of("to")
            )
        })
        .collect();
    assert_eq!(
        summaries,
        [
            "remove reviewer mona",
            "add reviewer Hubot",
            "remove branch_policy old",
            "remove variable B",
            "add variable C=3",
        ]
    );
    drop(
        world
            .piped(&["env", "apply", "-", "--yes"], &document.to_string())
            .expect(0),
    );
    let view = world.run("env view qa").expect(0);
    for line in [
        "wait_timer\t5",
        "reviewers\tHubot",
        "branch_policies\tmain",
        "variables\tA=1, C=3",
    ] {
        assert!(
            view.stdout().lines().any(|one| one == line),
            "{line}: {}",
            view.stdout()
        );
    }
    assert!(
        world
            .run("env view other")
            .expect(0)
            .stdout()
            .contains("wait_timer\t9")
    );
    for wrong in [
        "",
        "[]",
        r#"{"version":1,"environments":[{"name":"a","x":1}]}"#,
    ] {
        drop(
            world
                .piped(&["env", "apply", "-", "--yes"], wrong)
                .expect(2),
        );
    }
}

#[test]
fn one_environment_that_fails_does_not_keep_the_others() {
    let world = World::new();
    let environment = |name: &str| json!({"name": name, "wait_timer": 5});
    let document = json!({"version": 1, "environments": [environment("a"), environment("b"), environment("c")]});
    let path = format!("{REPO}/environments/b");
    let answer = Answer::json(422, &json!({"message": "not today", "status": "422"}));
    world
        .proxy
        .fault("PUT", &path, 1..=1, Fault::Answer(answer));
    let outcome = world.piped(&["env", "apply", "-", "--yes"], &document.to_string());
    assert_ne!(outcome.code(), 0);
    assert!(
        outcome
            .stderr()
            .contains("1 environment could not be changed"),
        "{}",
        outcome.stderr()
    );
    assert!(
        outcome.stderr().contains("b: not today"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(kinds(&world.environment("c")), ["wait_timer"]);
    world.proxy.forget();
    drop(
        world
            .piped(&["env", "apply", "-", "--yes"], &document.to_string())
            .expect(0),
    );
    assert_eq!(
        world.changes(),
        [format!("PUT {path}")],
        "only the remaining change"
    );
}

#[test]
fn a_missing_right_is_named() {
    let rules = [
        "reader=actions=read,deployments=write",
        "classic=repo_deployment",
    ];
    let world = World::with(|config| config.tokens = rules.map(rule).to_vec());
    drop(world.run("env create qa").expect(0));
    for token in ["reader", "classic"] {
        let machine = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", token);
        for line in [
            "env create new",
            "env edit qa --wait-timer 5",
            "env delete qa --yes",
            "env branch-policy add qa main",
        ] {
            let outcome = machine.run(line.split_whitespace()).expect(5);
            assert!(
                outcome.stderr().to_lowercase().contains("administration"),
                "{}",
                outcome.stderr()
            );
        }
        for line in [
            "env variable list qa",
            "env secret list qa",
            "env variable set qa a x",
            "env export",
        ] {
            let outcome = machine.run(line.split_whitespace()).expect(5);
            assert!(
                outcome.stderr().contains("Environments: "),
                "{}",
                outcome.stderr()
            );
        }
        // The token can still read everything that it has permission for.
        drop(machine.run(["env", "list"]).expect(0));
        let view = machine
            .run(["env", "view", "qa", "--json"])
            .expect(0)
            .json();
        assert_eq!(view["variables"], Value::Null);
    }
    let json = Machine::with_server(&world.proxy.url())
        .env("DEPLOYCTL_TOKEN", "reader")
        .run(["env", "delete", "qa", "--yes", "--json"])
        .expect(5);
    let error: Value = serde_json::from_str(json.stderr()).expect("JSON");
    assert_eq!(error["error"]["missing_permission"], "administration=write");
}

#[test]
fn on_a_private_repository_a_404_is_distinguished() {
    let rules = ["reader=repo_deployment"];
    let world = World::with(|config| {
        config.private = true;
        config.tokens = rules.map(rule).to_vec();
    });
    drop(world.run("env create qa").expect(0));
    let path = format!("{REPO}/environments/qa");
    let hidden = Answer::json(404, &json!({"message": "Not Found", "status": "404"}));
    world
        .proxy
        .fault("DELETE", &path, .., Fault::Answer(hidden));
    let outcome = world.run("env delete qa --yes").expect(5);
    assert!(
        outcome.stderr().contains("can see the environment"),
        "{}",
        outcome.stderr()
    );
    drop(world.run("env delete nowhere --yes").expect(3));
}

#[test]
fn on_a_terminal_there_is_a_table_and_a_question() {
    let world = World::new();
    drop(world.run("env create staging --wait-timer 5").expect(0));
    let id = world.create("--ref main -e staging");
    world.set(&id, "success");
    let terminal = Terminal::start_sized(&world.machine, 20, 120, ["env", "list"]);
    let ending = terminal.finish().expect(0);
    assert!(ending.screen.contains("ENVIRONMENT") && ending.screen.contains("wait 5 min"));
    let path = world.machine.file(
        "e.json",
        r#"{"version":1,"environments":[{"name":"staging","wait_timer":0}]}"#,
    );
    let path = path.to_str().expect("UTF-8").to_owned();
    let mut terminal = Terminal::start(&world.machine, ["env", "apply", &path]);
    terminal.wait_for("Make 1 change in octocat/hello-world?");
    terminal.press("n\r");
    drop(terminal.finish().expect(1));
    assert_eq!(kinds(&world.environment("staging")), ["wait_timer"]);
    let mut terminal = Terminal::start(&world.machine, ["env", "apply", &path]);
    terminal.wait_for("Make 1 change in octocat/hello-world?");
    terminal.press("y\r");
    drop(terminal.finish().expect(0));
    assert_eq!(kinds(&world.environment("staging")), [] as [&str; 0]);
}

#[test]
fn the_sandbox_needs_nothing() {
    let machine = Machine::new();
    drop(
        machine
            .run(["--sandbox", "env", "create", "qa", "--reviewer", "octocat"])
            .expect(0),
    );
    let list = machine.run(["--sandbox", "env", "list"]).expect(0);
    assert!(list.stdout().starts_with("qa\t"), "{}", list.stdout());
    let set = machine
        .command(["--sandbox", "env", "secret", "set", "qa", "key"])
        .stdin("x");
    drop(set.finish().expect(0));
}

#[test]
fn what_is_live_is_found_below_any_number_of_failures() {
    let world = World::new();
    let live = world.create("--ref topic -e staging");
    world.set(&live, "success");
    for _ in 0..12 {
        let failed = world.create("--ref main -e staging");
        world.set(&failed, "failure");
    }
    let check = |way: &str| {
        let json = world.run("env list --json").expect(0).json();
        assert_eq!(json[0]["live"]["ref"], "topic", "{way}: {json}");
        assert_eq!(json[0]["state"], "active", "{way}");
        assert_eq!(json[0]["latest"]["state"], "failure", "{way}");
        let view = world.run("env view staging --json").expect(0).json();
        assert_eq!(view["live"]["id"].to_string(), live, "{way}");
        assert_eq!(view["deployments"].as_array().map(Vec::len), Some(5));
        let view = world.run("env view staging").expect(0);
        let row = format!("live\t{live}");
        assert!(
            view.stdout().lines().any(|line| line == row),
            "{}",
            view.stdout()
        );
    };
    check("GraphQL");
    let no = Answer::json(403, &json!({"message": "no"}));
    world.proxy.fault("POST", "/graphql", .., Fault::Answer(no));
    check("REST");
}

#[test]
fn a_search_that_is_given_up_says_unknown() {
    let world = World::new();
    let live = world.create("--ref topic -e staging");
    world.set(&live, "success");
    let failed = world.create("--ref main -e staging");
    world.set(&failed, "failure");
    // Without GraphQL, only the newest 100 deployments are checked.
    let no = Answer::json(403, &json!({"message": "no"}));
    world.proxy.fault("POST", "/graphql", .., Fault::Answer(no));
    let client = Client::new(world.server.url());
    let one = client
        .get(&format!("{REPO}/deployments/{failed}"))
        .expect(200)
        .json();
    let hundred: Vec<Value> = (0..100)
        .map(|number| {
            let mut one = one.clone();
            one["id"] = json!(one["id"].as_u64().expect("an id") + 1_000 + number);
            one
        })
        .collect();
    let statuses = client
        .get(&format!("{REPO}/deployments/{failed}/statuses"))
        .expect(200)
        .json();
    let page = Answer::json(200, &json!(hundred));
    let path = format!("{REPO}/deployments");
    world.proxy.fault("GET", &path, .., Fault::Answer(page));
    let path = format!("{REPO}/deployments/*/statuses");
    world.proxy.fault(
        "GET",
        &path,
        ..,
        Fault::Answer(Answer::json(200, &statuses)),
    );
    let json = world.run("env list --json").expect(0).json();
    assert_eq!(json[0]["state"], "unknown", "{json}");
    assert_eq!(json[0]["live"], Value::Null);
    let rows = world.run("env list").expect(0);
    assert!(
        rows.stdout().starts_with("staging\tunknown\t"),
        "{}",
        rows.stdout()
    );
}

#[test]
fn refs_of_deleted_branches_and_of_commits_are_listed() {
    let world = World::new();
    let sha = world.repository.sha("main");
    for (environment, name) in [
        ("gone", "topic"),
        ("pinned", sha.as_str()),
        ("kept", "main"),
    ] {
        let id = world.create(&format!("--ref {name} -e {environment}"));
        world.set(&id, "success");
    }
    world.repository.git(["branch", "-D", "topic"]);
    let refs = || -> Vec<String> {
        let json = world.run("env list --json=name,live").expect(0).json();
        let all = json.as_array().expect("an array");
        all.iter()
            .map(|one| one["live"]["ref"].as_str().unwrap_or("none").to_owned())
            .collect()
    };
    world.proxy.forget();
    let wanted = ["topic", sha.as_str(), "main"];
    assert_eq!(refs(), wanted);
    assert_eq!(world.proxy.requests().len(), 3);
    // Deployments that are not among the newest 100 are requested one by one.
    let empty = Answer::json(200, &json!([]));
    let path = format!("{REPO}/deployments");
    world.proxy.fault("GET", &path, 1..=1, Fault::Answer(empty));
    assert_eq!(refs(), wanted);
}

#[test]
fn plans_without_protection_rules_get_only_what_is_asked_for() {
    let world = World::with(|config| {
        config.private = true;
        config.environment_protection = false;
    });
    drop(world.run("env create qa --branch release/*").expect(0));
    drop(world.run("env edit qa --protected-branches").expect(0));
    let document = json!({"version": 1, "environments": [
        {"name": "qa", "branches": "all"}, {"name": "new", "variables": {"A": "b"}}]});
    let file = world.machine.file("document.json", document.to_string());
    let file = file.to_str().expect("a path");
    drop(world.run(&format!("env apply {file} --yes")).expect(0));
    for request in world.writes() {
        if request.method == "PUT" {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            assert!(
                !body.contains("wait_timer") && !body.contains("reviewers"),
                "{body}"
            );
        }
    }
    for line in [
        "env create live --wait-timer 5",
        "env edit qa --reviewer mona",
    ] {
        let outcome = world.run(line);
        assert_ne!(outcome.code(), 0, "{line}");
        assert!(
            outcome.stderr().contains("billing plan"),
            "{}",
            outcome.stderr()
        );
        assert!(
            outcome.stderr().contains("GitHub Enterprise"),
            "{}",
            outcome.stderr()
        );
    }
}

#[test]
fn a_variable_without_a_value_shows_how_to_give_one() {
    let world = World::new();
    let outcome = world.run("env variable set qa REGION").expect(2);
    for text in ["set qa REGION VALUE", "--from-file"] {
        assert!(outcome.stderr().contains(text), "{}", outcome.stderr());
    }
}
