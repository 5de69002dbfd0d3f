//! The requests of each command, counted at the server. benches/README.md shows
//! these numbers; more requests would break what it promises.

use std::path::PathBuf;

use crate::world::{REPO, World, lines};

/// A command, the requests that it sends, and how many of them are in flight at
/// the same time.
struct Cost {
    line: String,
    requests: Vec<String>,
    at_once: usize,
}

impl Cost {
    fn of(line: impl Into<String>, requests: &[String], at_once: usize) -> Self {
        Self {
            line: line.into(),
            requests: requests.to_vec(),
            at_once,
        }
    }
}

fn get(path: &str) -> String {
    format!("GET {REPO}{path}")
}

fn graphql() -> String {
    "POST /graphql".to_owned()
}

#[test]
fn every_command_sends_what_its_result_needs_and_no_more() {
    let world = World::new();
    let live = world.create("--ref main -e qa --transient");
    world.set(&live, "success");
    let ended = world.create("--ref main -e qa --transient");
    world.set(&ended, "inactive");
    let failed = world.create("--ref topic -e qa --transient");
    world.set(&failed, "failure");
    for name in ["v1.0.0", "main"] {
        let good = world.create(&format!("--ref {name} -e moved"));
        world.set(&good, "success");
    }
    let sha = |name: &str| world.repository.sha(name);
    let compare = |base: &str, head: &str| get(&format!("/compare/{}...{}", sha(base), sha(head)));
    let create = format!("POST {REPO}/deployments");
    let deployment = |id: &str| format!("/deployments/{id}");
    let statuses = |id: &str| format!("/deployments/{id}/statuses");
    for cost in [
        Cost::of(
            "create --ref main -e staging",
            &[format!("POST {REPO}/deployments")],
            1,
        ),
        Cost::of("diff qa main", &[graphql()], 1),
        Cost::of("diff qa topic", &[graphql(), compare("main", "topic")], 1),
        Cost::of("where main -e moved", &[graphql()], 1),
        Cost::of(
            "where v1.0.0 -e moved",
            &[graphql(), compare("main", "v1.0.0")],
            1,
        ),
        Cost::of(
            "promote moved next --yes",
            &[graphql(), get("/deployments"), create.clone()],
            1,
        ),
        Cost::of(
            "rollback -e moved --yes",
            &[graphql(), get("/deployments"), create.clone()],
            1,
        ),
        Cost::of("list --limit 100", &[get("/deployments"), graphql()], 2),
        Cost::of("list --json=id,ref", &[get("/deployments")], 1),
        Cost::of(
            format!("status {live}"),
            &[get(&deployment(&live)), get(&statuses(&live))],
            2,
        ),
        Cost::of(
            format!("status {live} --json=id"),
            &[get(&deployment(&live))],
            1,
        ),
        Cost::of(
            format!("status set {live} success"),
            &[format!("POST {REPO}{}", statuses(&live))],
            1,
        ),
        Cost::of(
            format!("wait {live}"),
            &[get(&deployment(&live)), get(&statuses(&live))],
            2,
        ),
        Cost::of(
            format!("deactivate {failed} --yes"),
            &[
                get(&statuses(&failed)),
                format!("POST {REPO}{}", statuses(&failed)),
            ],
            1,
        ),
        Cost::of(
            format!("deactivate {ended} --yes"),
            &[get(&statuses(&ended))],
            1,
        ),
        // The guard for production checks whether the deployment is live.
        Cost::of(
            format!("deactivate {live} --yes"),
            &[
                get(&deployment(&live)),
                get(&statuses(&live)),
                format!("POST {REPO}{}", statuses(&live)),
            ],
            1,
        ),
        Cost::of(
            format!("delete {ended} --yes"),
            &[
                get(&statuses(&ended)),
                format!("DELETE {REPO}{}", deployment(&ended)),
            ],
            1,
        ),
        Cost::of("env list", &[get("/environments"), graphql()], 2),
        Cost::of("stats -e qa", &[graphql(), get("/commits")], 1),
        Cost::of("stats -e qa --json=frequency", &[graphql()], 1),
    ] {
        world.proxy.forget();
        if cost.at_once > 1 {
            world.let_two_meet();
        }
        drop(world.run(&cost.line).expect(0));
        let requests = world.proxy.requests();
        let mut sent = lines(&requests);
        let mut wanted = cost.requests;
        sent.sort();
        wanted.sort();
        assert_eq!(sent, wanted, "{}", cost.line);
        assert_eq!(world.proxy.most_in_flight(), cost.at_once, "{}", cost.line);
    }
}

#[test]
fn the_readme_shows_the_same_numbers() {
    let readme = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/README.md");
    let readme = std::fs::read_to_string(readme).expect("read");
    for row in [
        "| `create` | 1 |",
        "| `list` of up to 100, with states | 2 at once |",
        "| `list --json=id` | 1 |",
        "| `status ID` | 2 at once |",
        "| `stats -e ENV`, for each hundred deployments | 1;",
        "| `status set` | 1 |",
        "| `deactivate ID` | 2; 3 where it is live |",
        "| `delete ID` of an inactive one | 2 |",
        "| `env list`, for each hundred | 2 at once |",
        "| `lock`, `unlock` | 5, 2: ",
        "| `lock list`, `lock check`, `freeze list`, `freeze check` | 1 |",
        "| `create --respect-locks` | 3: ",
        "| `diff` | 1, and 1 for each hundred commits that the checkout lacks |",
        "| `where` | 1, and 1 for each live commit that the checkout lacks |",
        "| `promote`, `rollback` | 3 |",
        "| `rollback --via rerun` | 4 |",
    ] {
        assert!(readme.contains(row), "benches/README.md: {row}");
    }
}
