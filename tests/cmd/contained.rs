//! `where`: which environments a commit or pull request is live in.

use serde_json::{Value, json};

use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::world::{World, lines};

fn deploy(world: &World, ref_name: &str, environment: &str) -> String {
    let id = world.create(&format!("--ref {ref_name} -e {environment}"));
    world.set(&id, "success");
    id
}

/// A world with an older and a newer environment, one with nothing live, and
/// one with another branch.
fn world() -> World {
    let world = World::new();
    deploy(&world, "v1.0.0", "production");
    deploy(&world, "main", "staging");
    deploy(&world, "main", "qa");
    deploy(&world, "behind", "preview/pr-7");
    let pending = world.create("--ref topic -e empty");
    world.set(&pending, "in_progress");
    world.proxy.forget();
    world
}

/// The environments and whether they contain the commit.
fn contained(outcome: &Value) -> Vec<(String, Value)> {
    let list = outcome.as_array().expect("a list");
    let mut all: Vec<(String, Value)> = list
        .iter()
        .map(|one| {
            let name = one["environment"].as_str().expect("a name");
            (name.to_owned(), one["contained"].clone())
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn expected(main: bool, behind: bool, tag: bool) -> Vec<(String, Value)> {
    [
        ("empty", false),
        ("preview/pr-7", behind),
        ("production", tag),
        ("qa", main),
        ("staging", main),
    ]
    .map(|(name, value)| (name.to_owned(), json!(value)))
    .to_vec()
}

#[test]
fn each_distinct_live_commit_is_compared_once_without_a_checkout() {
    let world = world();
    let sha = world.repository.sha("v1.0.0");
    let second = world.repository.git(["rev-parse", "behind^"]);
    for (commit, wanted, compared) in [
        (sha.as_str(), expected(true, true, true), 2),
        (second.as_str(), expected(true, true, false), 3),
        ("main", expected(true, false, false), 2),
        ("topic", expected(false, false, false), 3),
    ] {
        world.proxy.forget();
        let outcome = world.run(&format!("where {commit} --json")).expect(8);
        assert_eq!(contained(&outcome.json()), wanted, "{commit}");
        let requests = lines(&world.proxy.requests());
        let compares = requests.iter().filter(|line| line.contains("/compare/"));
        assert_eq!(compares.count(), compared, "{commit}: {requests:?}");
        assert_eq!(requests.len(), compared + 1, "{commit}: {requests:?}");
    }
    drop(
        world
            .run(&format!("where {sha} -e staging -e preview/*"))
            .expect(0),
    );
    drop(world.run("where main -e staging -e qa").expect(0));
    let rows = world.run("where main -e staging -e production").expect(8);
    let mut cells: Vec<Vec<&str>> = rows
        .stdout()
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    cells.sort();
    assert_eq!(cells[0][..3], ["production", "no", sha.as_str()]);
    assert_eq!(cells[1][..2], ["staging", "yes"]);
}

#[test]
fn a_full_checkout_needs_no_comparison_and_a_shallow_one_does() {
    for shallow in [false, true] {
        let mut world = world();
        world.enter_clone(shallow);
        world.proxy.forget();
        let sha = world.repository.git(["rev-parse", "behind^"]);
        let outcome = world.run(&format!("where {sha} --json")).expect(8);
        assert_eq!(contained(&outcome.json()), expected(true, true, false));
        let requests = lines(&world.proxy.requests());
        let compares = requests.iter().filter(|line| line.contains("/compare/"));
        assert_eq!(
            compares.count(),
            if shallow { 3 } else { 0 },
            "{requests:?}"
        );
        assert_eq!(
            requests
                .iter()
                .filter(|line| line.contains("graphql"))
                .count(),
            1
        );
    }
}

#[test]
fn a_pull_request_is_its_merge_or_its_open_head() {
    let world = world();
    let client = Client::new(world.server.url());
    let open = |body: &Value| {
        let path = "/_sandbox/repos/octocat/hello-world/pulls";
        drop(client.post(path, body).expect(201));
    };
    // The head of a squashed branch is nowhere; its merge is live.
    open(&json!({"head": "topic", "number": 7, "merged": true,
        "merge_commit_sha": world.repository.sha("main")}));
    open(&json!({"head": "topic", "number": 8}));
    drop(world.run("where #7 -e staging").expect(0));
    drop(world.run("where #8 -e staging").expect(8));
    deploy(&world, "topic", "staging");
    drop(world.run("where #8 -e staging").expect(0));
    let page = world.list()[0]["web_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let root = page.split("/octocat/").next().expect("a root");
    for (path, code) in [
        ("octocat/hello-world/pull/7", 0),
        ("octocat/hello-world/pull/7/files", 0),
        ("OCTOCAT/hello-world/tree/topic", 0),
        ("octocat/other/pull/7", 2),
        ("octocat/hello-world/issues/7", 2),
    ] {
        world.proxy.forget();
        let outcome = world
            .machine
            .run(["where", &format!("{root}/{path}"), "-e", "staging"]);
        assert_eq!(outcome.code(), code, "{path}: {}", outcome.stderr());
        if code == 2 {
            assert!(world.proxy.requests().is_empty());
        }
        drop(outcome);
    }
}

#[test]
fn what_is_unknown_ends_with_3_and_what_is_wrong_with_2() {
    let world = world();
    for (line, code) in [
        ("where nothing", 3),
        ("where 0123456789012345678901234567890123456789", 3),
        ("where #99", 3),
        ("where main -e nowhere", 3),
        ("where main -e nowhere/*", 3),
        ("where main -e staging -e nowhere", 3),
        ("where #x", 2),
        ("where https://example.com/octocat/hello-world/pull/7", 2),
        ("where", 2),
        ("where main --json=nothing", 2),
        ("where main -e empty", 8),
        ("where main -e staging --task seed", 8),
        ("where main -e staging --task deploy", 0),
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), code, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    let empty = world.run("where main -e empty --json").expect(8).json();
    assert_eq!(
        empty,
        json!([{"environment": "empty", "deployment": null, "sha": null,
            "contained": false, "since": null}])
    );
}

#[test]
fn a_failed_deployment_does_not_hide_what_is_live() {
    let world = world();
    let live = world.list()[3]["id"].clone();
    let failed = world.create("--ref topic -e staging");
    world.set(&failed, "failure");
    world.proxy.forget();
    let outcome = world.run("where topic -e staging --json").expect(8).json();
    assert_eq!(outcome[0]["sha"], world.repository.sha("main"));
    assert_eq!(outcome[0]["contained"], false);
    assert_ne!(outcome[0]["deployment"], Value::Null);
    drop(live);
    // One more query, for the environment whose newest deployment has failed.
    assert_eq!(world.proxy.matching("POST", "*/graphql").len(), 2);

    // Without GraphQL, the same.
    let gone = Fault::Answer(Answer::json(404, &json!({"message": "Not Found"})));
    world.proxy.fault("POST", "*/graphql", 1.., gone);
    let rest = world.run("where topic -e staging --json").expect(8).json();
    assert_eq!(rest, outcome);
    let all = world.run("where main --json").expect(8).json();
    assert_eq!(contained(&all), expected(true, false, false));
}

#[test]
fn a_live_commit_that_the_server_has_lost_is_unknown() {
    let world = world();
    let gone = Fault::Answer(Answer::json(404, &json!({"message": "Not Found"})));
    world.proxy.fault("GET", "*/compare/*", 1.., gone);
    let outcome = world.run("where topic -e staging --json").expect(8).json();
    assert_eq!(outcome[0]["contained"], Value::Null);
    let unrelated = json!({"message": "No common ancestor between a and b."});
    world.proxy.heal();
    world.proxy.fault(
        "GET",
        "*/compare/*",
        1..,
        Fault::Answer(Answer::json(404, &unrelated)),
    );
    let outcome = world.run("where topic -e staging --json").expect(8).json();
    assert_eq!(outcome[0]["contained"], false);
    world.proxy.heal();
    let terminal = Terminal::start(&world.machine, ["where", "main", "-e", "staging"]);
    let ending = terminal.finish().expect(0);
    assert!(ending.screen.contains("CONTAINED"), "{}", ending.screen);
    assert!(ending.screen.contains("yes"), "{}", ending.screen);
}
