use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::Machine;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::world::{REPO, World, lines};

fn ids(values: &[Value]) -> Vec<u64> {
    values
        .iter()
        .map(|value| value["id"].as_u64().expect("an id"))
        .collect()
}

/// Fills the store directly, because requests would take too long.
fn fill(world: &World, count: usize) {
    let client = Client::new(world.server.url());
    for number in 0..count {
        let environment = if number % 10 == 0 {
            "staging"
        } else {
            "production"
        };
        let body = json!({
            "ref": "main", "environment": environment, "auto_merge": false,
            "required_contexts": [], "description": format!("number {number}"),
        });
        drop(
            client
                .post(&format!("{REPO}/deployments"), &body)
                .expect(201),
        );
    }
}

#[test]
fn a_hundred_with_state_take_two_concurrent_requests() {
    let world = World::new();
    let id = world.create("--ref main");
    world.set(&id, "success");
    fill(&world, 40);
    world.proxy.forget();
    world.let_two_meet();
    let outcome = world.run("list --limit 100").expect(0);
    assert_eq!(outcome.stdout().lines().count(), 41);
    let requests = world.proxy.requests();
    assert_eq!(requests.len(), 2, "{:?}", lines(&requests));
    assert!(requests[0].overlaps(&requests[1]), "{:?}", lines(&requests));
    assert!(outcome.stdout().contains(&format!("{id}\tactive\t")));
}

#[test]
fn without_the_state_it_takes_one_request() {
    let world = World::new();
    fill(&world, 3);
    world.proxy.forget();
    let outcome = world.run("list --json=id,ref").expect(0);
    assert_eq!(outcome.json()[0].as_object().expect("an object").len(), 2);
    assert_eq!(
        lines(&world.proxy.requests()),
        [format!("GET {REPO}/deployments")]
    );
}

#[test]
fn a_thousand_are_listed_once_each_and_in_order() {
    let world = World::new();
    fill(&world, 1000);
    world.proxy.forget();
    let outcome = world.run("list --limit all --json=id").expect(0);
    let all = ids(outcome.json().as_array().expect("an array"));
    assert_eq!(all.len(), 1000);
    assert!(
        all.windows(2).all(|pair| pair[0] > pair[1]),
        "newest first, each once"
    );
    assert_eq!(world.proxy.requests().len(), 10);

    world.proxy.forget();
    let with_state = world.run("list --limit all --jsonl=id,state").expect(0);
    let records: Vec<Value> = with_state
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object per line"))
        .collect();
    assert_eq!(ids(&records), all);
    assert!(records.iter().all(|record| record["state"] == "pending"));
    assert_eq!(world.proxy.requests().len(), 20);

    world.proxy.forget();
    let five = world.run("list --limit 5 --json=id").expect(0);
    assert_eq!(ids(five.json().as_array().expect("an array")), all[..5]);
    assert_eq!(world.proxy.requests().len(), 1, "no second page");

    world.proxy.forget();
    let some = world.run("list --limit 250 --json=id").expect(0);
    assert_eq!(ids(some.json().as_array().expect("an array")), all[..250]);
    assert_eq!(world.proxy.requests().len(), 3);

    world.proxy.forget();
    drop(world.run("list --limit 3 --since 1h --json=id").expect(0));
    assert_eq!(world.proxy.requests().len(), 1, "filled by the first page");

    world.proxy.forget();
    let some = world
        .run("list --limit 150 --production --json=id")
        .expect(0);
    assert_eq!(some.json().as_array().map(Vec::len), Some(150));
    let pages = world.proxy.requests().len();
    assert!(
        pages <= 2,
        "every tenth deployment is to staging, so two pages have 180 others: {pages}"
    );
}

#[test]
fn every_filter_is_applied() {
    let world = World::new();
    let staging = world.create("--ref main -e staging --description one");
    let preview = world.create("--ref topic -e preview/pr-1 --transient");
    let other = world.create("--ref topic -e preview/pr-2 --transient --task smoke");
    let live = world.create("--ref v1.0.0");
    world.set(&live, "success");
    world.set(&preview, "failure");
    world.set(&other, "inactive");
    let sha = world.repository.sha("topic");
    let short = &sha[..8];
    for (line, expected) in [
        ("-e staging".to_owned(), vec![&staging]),
        ("-e preview/*".to_owned(), vec![&other, &preview]),
        ("-e staging -e production".to_owned(), vec![&live, &staging]),
        ("-e nowhere".to_owned(), vec![]),
        ("--ref topic".to_owned(), vec![&other, &preview]),
        (format!("--sha {sha}"), vec![&other, &preview]),
        (format!("--sha {short}"), vec![&other, &preview]),
        ("--task smoke".to_owned(), vec![&other]),
        ("--state active".to_owned(), vec![&live]),
        ("--state success".to_owned(), vec![&live]),
        ("--active".to_owned(), vec![&live]),
        (
            "--state failure --state pending".to_owned(),
            vec![&preview, &staging],
        ),
        ("--state destroyed".to_owned(), vec![&other]),
        ("--transient".to_owned(), vec![&other, &preview]),
        ("--transient=false".to_owned(), vec![&live, &staging]),
        ("--production".to_owned(), vec![&live]),
        ("--creator nobody".to_owned(), vec![]),
        (
            "--since 1h".to_owned(),
            vec![&live, &other, &preview, &staging],
        ),
        ("--until 1h".to_owned(), vec![]),
        ("--since 2999-01-01".to_owned(), vec![]),
        (
            "--ref topic --state failure -L 1".to_owned(),
            vec![&preview],
        ),
    ] {
        let found = world
            .run(&format!("list {line} --json=id"))
            .expect(0)
            .json();
        let found: Vec<String> = ids(found.as_array().expect("an array"))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{line}");
    }
}

#[test]
fn the_server_filters_what_it_can() {
    let world = World::new();
    drop(
        world
            .run("list -e staging --ref main --task deploy --json=id")
            .expect(0),
    );
    let target = &world.proxy.requests()[0].target;
    for part in [
        "environment=staging",
        "ref=main",
        "task=deploy",
        "per_page=30",
    ] {
        assert!(target.contains(part), "{part} in {target}");
    }
    assert!(!target.contains("none"), "{target}");
}

#[test]
fn no_match_is_an_empty_result_and_a_note() {
    let world = World::new();
    let piped = world.run("list").expect(0);
    assert_eq!(piped.stdout(), "");
    assert!(piped.stderr().contains("octocat/hello-world"));
    assert_eq!(world.run("list --json").expect(0).json(), json!([]));
    assert_eq!(world.run("list --jsonl").expect(0).stdout(), "");
    assert_eq!(world.run("list --quiet").expect(0).stderr(), "");
}

#[test]
fn without_graphql_the_states_are_read_by_rest() {
    let world = World::new();
    let id = world.create("--ref main");
    world.set(&id, "success");
    fill(&world, 4);
    for answer in [
        Answer::json(404, &json!({"message": "Not Found"})),
        Answer::json(
            403,
            &json!({"message": "Resource not accessible by personal access token"}),
        ),
        Answer::json(
            200,
            &json!({"data": null, "errors": [{"type": "FORBIDDEN", "message": "no"}]}),
        ),
        Answer::html(200, "<html>maintenance</html>"),
    ] {
        let world_proxy = &world.proxy;
        world_proxy.fault("POST", "/graphql", 1.., Fault::Answer(answer));
        world_proxy.forget();
        let outcome = world.run("list -v").expect(0);
        assert!(outcome.stdout().contains(&format!("{id}\tactive\t")));
        assert_eq!(world_proxy.matching("GET", "*/statuses").len(), 5);
        assert!(outcome.stderr().contains("REST"), "{}", outcome.stderr());
    }
}

#[test]
fn a_deployment_that_graphql_does_not_know_is_read_by_rest() {
    let world = World::new();
    fill(&world, 2);
    let empty = json!({"data": {"repository": {"deployments": {"nodes": []}}}});
    world.proxy.fault(
        "POST",
        "/graphql",
        1..=1,
        Fault::Answer(Answer::json(200, &empty)),
    );
    let outcome = world.run("list").expect(0);
    assert_eq!(outcome.stdout().matches("\tpending\t").count(), 2);
}

#[test]
fn a_read_is_retried_after_a_server_error() {
    let world = World::new();
    fill(&world, 1);
    world.proxy.forget();
    let page = Answer::html(
        503,
        "<html><body><h1>503 Service Unavailable</h1></body></html>",
    );
    world
        .proxy
        .fault("GET", "*/deployments", 1..=2, Fault::Answer(page));
    drop(world.run("list --json=id").expect(0));
    assert_eq!(world.proxy.requests().len(), 3);
}

#[test]
fn a_reader_that_stops_early_is_not_a_failure() {
    let world = World::new();
    fill(&world, 300);
    let mut list = std::process::Command::new(env!("CARGO_BIN_EXE_deployctl"))
        .args(["list", "--limit", "all", "--jsonl"])
        .env_clear()
        .envs(world.machine.environment())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    drop(list.stdout.take());
    let outcome = list.wait_with_output().expect("ended");
    assert_eq!(String::from_utf8_lossy(&outcome.stderr), "");
    assert_eq!(outcome.status.code(), Some(0));
}

#[test]
fn verbose_shows_each_request_and_no_token() {
    let world = World::new();
    world.create("--ref main");
    let outcome = world.run("list -v").expect(0);
    let requests: Vec<&str> = outcome
        .stderr()
        .lines()
        .filter(|line| line.contains(" ms, "))
        .collect();
    assert_eq!(requests.len(), 2, "{}", outcome.stderr());
    for word in ["GET http", "200", "rate left", "request id"] {
        assert!(
            outcome.stderr().contains(word),
            "{word}: {}",
            outcome.stderr()
        );
    }
    assert!(!outcome.stderr().contains("a-token-of-the-tests"));
}

#[test]
fn every_request_names_the_program_and_the_api_version() {
    let world = World::new();
    drop(world.run("list").expect(0));
    for request in world.proxy.requests() {
        for (name, value) in [
            (
                "user-agent",
                concat!("deployctl/", env!("CARGO_PKG_VERSION")),
            ),
            ("accept", "application/vnd.github+json"),
            ("x-github-api-version", "2022-11-28"),
            ("authorization", "Bearer a-token-of-the-tests"),
        ] {
            assert_eq!(
                request.header(name),
                Some(value),
                "{} {name}",
                request.target
            );
        }
    }
}

#[test]
fn jq_and_templates_process_the_result() {
    let world = World::new();
    let id = world.create("--ref main -e staging");
    for (args, expected) in [
        (vec!["--jq", ".[].id"], format!("{id}\n")),
        (
            vec!["--jq", ".[] | \"\\(.environment) \\(.state)\""],
            "staging pending\n".to_owned(),
        ),
        (
            vec!["--json=id", "--jq", ".[0]"],
            format!("{{\"id\":{id}}}\n"),
        ),
        (vec!["--jsonl", "--jq", ".ref"], "main\n".to_owned()),
        (
            vec![
                "--template",
                "{% for d in items %}{{ d.id }} {{ d.ref }}\n{% endfor %}",
            ],
            format!("{id} main\n"),
        ),
    ] {
        let outcome = world.machine.run(["list"].iter().chain(&args)).expect(0);
        assert_eq!(outcome.stdout(), expected, "{args:?}");
    }
    let outcome = world
        .machine
        .run(["list", "--jq", ".[].id | keys"])
        .expect(1);
    assert!(!outcome.stderr().is_empty());
}

#[test]
fn a_slow_server_does_not_stop_sigint() {
    let world = World::new();
    world.proxy.fault(
        "GET",
        "*/deployments",
        1..,
        Fault::Delay(Duration::from_secs(20)),
    );
    for (signal, code) in [
        (crate::support::cli::Signal::Int, 130),
        (crate::support::cli::Signal::Term, 143),
    ] {
        let running = world.machine.command(["list", "--json=id"]).spawn();
        std::thread::sleep(Duration::from_millis(700));
        running.signal(signal);
        drop(running.finish().expect(code));
    }
}

#[test]
fn variables_and_hosts_of_gh_keep_their_meaning() {
    let world = World::new();
    let machine = Machine::new()
        .env("GITHUB_API_URL", world.proxy.url())
        .env("GITHUB_REPOSITORY", "octocat/hello-world")
        .env("GITHUB_TOKEN", "from-actions");
    drop(machine.run(["list", "--json=id"]).expect(0));
    assert_eq!(
        world.proxy.requests()[0].header("authorization"),
        Some("Bearer from-actions")
    );
    let machine = machine.env("GH_TOKEN", "from-gh");
    drop(machine.run(["list", "--json=id"]).expect(0));
    assert_eq!(
        world.proxy.requests()[1].header("authorization"),
        Some("Bearer from-gh")
    );
    let machine = machine.env("GH_REPO", "octocat/other");
    drop(machine.run(["list", "--json=id"]).expect(3));
    let last = world.proxy.requests().pop().expect("a request");
    assert!(
        last.path().starts_with("/repos/octocat/"),
        "{}",
        last.target
    );
}
