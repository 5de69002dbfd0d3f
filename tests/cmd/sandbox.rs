//! `--sandbox`, and `sandbox serve` for other programs.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cli::{Machine, Running, Signal, binary};
use crate::support::git;
use crate::support::http::Client;
use crate::support::receiver::{Behaviour, Received, Receiver};

/// A machine whose commands use a server's repository `acme/shop`.
fn client(url: &str) -> Machine {
    Machine::new()
        .env("DEPLOYCTL_API_URL", url)
        .env("DEPLOYCTL_TOKEN", "sandbox")
        .env("DEPLOYCTL_REPO", "acme/shop")
}

/// `deployctl sandbox serve | head -1` reads the address without ending the
/// server.
#[test]
fn serve_goes_on_when_nobody_reads_its_output() {
    let machine = Machine::new();
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut child = Command::new(binary())
        .args(["sandbox", "serve", "--port", &port.to_string()])
        .env_clear()
        .envs(machine.environment())
        .current_dir(machine.cwd())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let talk = BufReader::new(child.stderr.take().expect("a pipe"));
    let is_up = talk
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("its data is in"));
    if is_up {
        drop(
            Client::new(&format!("http://127.0.0.1:{port}"))
                .get("/meta")
                .expect(200),
        );
    }
    drop(child.kill());
    drop(child.wait());
    assert!(is_up, "the server ended");
}

/// The address that `sandbox serve` prints.
fn address(running: &Running) -> String {
    let line = running.wait_for_line("export DEPLOYCTL_API_URL=");
    line.trim()
        .trim_start_matches("export DEPLOYCTL_API_URL=")
        .to_owned()
}

#[test]
fn the_main_job_runs_with_nothing_set_up() {
    let repository = git::with_branches();
    let machine = Machine::new().at(repository.path());
    let created = machine
        .run(["--sandbox", "create", "--ref", "main"])
        .expect(0);
    let id = created.stdout().trim();
    let listed = machine.run(["list", "--sandbox"]).expect(0);
    assert!(
        listed
            .stdout()
            .starts_with(&format!("{id}\tpending\tproduction\tmain\t"))
    );
    drop(
        machine
            .run(["--sandbox", "status", "set", id, "success"])
            .expect(0),
    );
    drop(machine.run(["--sandbox", "wait", id]).expect(0));
    let by_variable = Machine::new()
        .at(repository.path())
        .env("DEPLOYCTL_SANDBOX", "1");
    drop(by_variable.run(["list"]).expect(0));
}

#[test]
fn outside_of_any_repository_there_is_a_sample() {
    let machine = Machine::new();
    let created = machine
        .run(["--sandbox", "create", "--ref", "main", "--json"])
        .expect(0);
    assert_eq!(created.json()["ref"], "main");
    drop(
        machine
            .run(["--sandbox", "create", "--ref", "nowhere"])
            .expect(1),
    );
    assert_eq!(
        machine
            .run(["--sandbox", "list"])
            .expect(0)
            .stdout()
            .lines()
            .count(),
        1
    );
}

#[test]
fn the_current_branch_is_deployed_without_a_push() {
    let repository = git::with_branches();
    repository.checkout("topic");
    let machine = Machine::new().at(repository.path());
    let created = machine
        .run(["--sandbox", "create", "--json"])
        .expect(0)
        .json();
    assert_eq!(created["ref"], "topic");
    assert_eq!(created["sha"], repository.sha("topic"));
}

#[test]
fn a_repository_is_named_after_its_remote() {
    let repository = git::with_branches();
    repository.remote("origin", "git@github.com:acme/shop.git");
    let machine = Machine::new().at(repository.path());
    let created = machine
        .run(["--sandbox", "create", "--ref", "main", "--json"])
        .expect(0)
        .json();
    let url = created["repository_url"].as_str().expect("text");
    assert!(url.ends_with("/repos/acme/shop"), "{url}");
}

#[test]
fn an_auto_merge_leaves_the_users_repository_as_it_is() {
    let repository = git::with_branches();
    let before = repository.snapshot();
    let machine = Machine::new().at(repository.path());
    drop(
        machine
            .run(["--sandbox", "create", "--ref", "behind", "--auto-merge"])
            .expect(0),
    );
    assert_eq!(repository.snapshot(), before);
}

#[test]
fn no_token_is_needed_and_none_is_sent() {
    let machine = Machine::new().env("GH_TOKEN", "not-for-the-sandbox");
    let outcome = machine
        .run(["--sandbox", "-v", "create", "--ref", "main"])
        .expect(0);
    assert!(outcome.stderr().contains("POST http://127.0.0.1:"));
}

#[test]
fn serve_prints_its_address() {
    let repository = git::with_branches();
    let machine = Machine::new();
    let at = format!("acme/shop={}", repository.path().display());
    let mut running = machine.command(["sandbox", "serve", "--repo", &at]).spawn();
    let url = address(&running);
    for prefix in ["", "/api/v3"] {
        let reply = Client::new(&url)
            .below(prefix)
            .get("/repos/acme/shop")
            .expect(200);
        assert_eq!(reply.json()["full_name"], "acme/shop");
    }
    let other = Machine::new()
        .env("DEPLOYCTL_API_URL", format!("{url}/api/v3"))
        .env("DEPLOYCTL_TOKEN", "sandbox")
        .env("DEPLOYCTL_REPO", "acme/shop");
    drop(other.run(["create", "--ref", "main"]).expect(0));
    assert_eq!(other.run(["list"]).expect(0).stdout().lines().count(), 1);
    assert!(running.runs());
    let start = Instant::now();
    running.signal(Signal::Term);
    drop(running.finish().expect(143));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let machine = Machine::new();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let running = machine
            .command(["sandbox", "serve", "--repo", "acme/shop"])
            .spawn();
        let url = address(&running);
        let client = Machine::new()
            .env("DEPLOYCTL_API_URL", &url)
            .env("DEPLOYCTL_TOKEN", "sandbox")
            .env("DEPLOYCTL_REPO", "acme/shop");
        for _ in 0..3 {
            let id = client
                .run(["create", "--ref", "main"])
                .expect(0)
                .stdout()
                .trim()
                .to_owned();
            ids.push(id);
        }
        let listed = client
            .run(["list", "--json=id", "--jq", ".[].id"])
            .expect(0);
        let mut listed: Vec<&str> = listed.stdout().lines().collect();
        listed.reverse();
        assert_eq!(listed, ids);
        running.signal(Signal::Kill);
        let _ = running.finish().code();
    }
}

#[test]
fn several_processes_share_a_store() {
    let repository = git::with_branches();
    let machine = Machine::new().at(repository.path());
    let running: Vec<Running> = (0..8)
        .map(|_| {
            machine
                .command(["--sandbox", "create", "--ref", "main"])
                .spawn()
        })
        .collect();
    let mut ids: Vec<String> = running
        .into_iter()
        .map(|one| one.finish().expect(0).stdout().trim().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8);
    let listed = machine.run(["--sandbox", "list"]).expect(0);
    assert_eq!(listed.stdout().lines().count(), 8);
}

#[test]
fn a_wrong_set_up_is_refused() {
    let machine = Machine::new();
    for args in [
        vec!["sandbox", "serve", "--repo", "nonsense"],
        vec!["sandbox", "serve", "--repo", "acme/shop=/no/such/folder"],
        vec!["sandbox", "serve", "--token", "nameless"],
        vec!["sandbox", "serve", "--port", "99999"],
        vec!["sandbox"],
    ] {
        drop(machine.run(&args).expect(2));
    }
    let without_home = Machine::new().without("HOME").without("XDG_STATE_HOME");
    drop(without_home.run(["--sandbox", "list"]).expect(2));
}

#[test]
fn json_tells_where_it_is_too() {
    let machine = Machine::new();
    let running = machine.command(["sandbox", "serve", "--json"]).spawn();
    let line = running.wait_for_line("graphql_url");
    let announced: serde_json::Value = serde_json::from_str(line.trim()).expect("JSON");
    let url = announced["url"].as_str().expect("text");
    drop(Client::new(url).get("/meta").expect(200));
    running.signal(Signal::Int);
    drop(running.finish().expect(130));
}

#[test]
fn webhooks_tell_a_program_of_deployments() {
    let receiver = Receiver::new();
    let machine = Machine::new().env("DEPLOYCTL_WEBHOOK_SECRET", "from the environment");
    let file = machine.file("secret", "from the file\r\n");
    let running = machine
        .command([
            "sandbox",
            "serve",
            "--repo",
            "acme/shop",
            "--webhook",
            receiver.url().as_str(),
            "--webhook",
            receiver.url().as_str(),
        ])
        .spawn();
    let announced = running.wait_for_line("# sends webhooks to");
    assert!(announced.contains(receiver.url().as_str()), "{announced}");
    let url = address(&running);
    let other = client(&url);
    drop(other.run(["create", "--ref", "main", "-e", "qa"]).expect(0));
    let all = receiver.wait_for(2);
    let events: BTreeSet<&str> = all.iter().map(Received::event).collect();
    assert_eq!(events, BTreeSet::from(["deployment", "ping"]));
    for one in &all {
        assert!(one.is_signed_with("from the environment"), "{one:?}");
    }
    running.signal(Signal::Term);
    drop(running.finish().expect(143));

    // The secret from the file takes precedence, and only the selected events
    // are sent.
    let fresh = Machine::new().env("DEPLOYCTL_WEBHOOK_SECRET", "from the environment");
    let running = fresh
        .command([
            "sandbox",
            "serve",
            "--repo",
            "acme/shop",
            "--json",
            "--webhook",
            receiver.url().as_str(),
            "--webhook-event",
            "push,deployment_status",
            "--webhook-secret-file",
            file.display().to_string().as_str(),
        ])
        .spawn();
    let line = running.wait_for_line("graphql_url");
    let announced: Value = serde_json::from_str(line.trim()).expect("JSON");
    assert_eq!(announced["webhooks"], json!([receiver.url()]));
    let other = client(announced["url"].as_str().expect("text"));
    let id = other.run(["create", "--ref", "main", "-e", "qa"]).expect(0);
    let id = id.stdout().trim().to_owned();
    drop(other.run(["status", "set", &id, "queued"]).expect(0));
    let all = receiver.wait_for(4);
    let events: BTreeSet<&str> = all[2..].iter().map(Received::event).collect();
    assert_eq!(events, BTreeSet::from(["deployment_status", "ping"]));
    for one in &all[2..] {
        assert!(one.is_signed_with("from the file"), "{one:?}");
    }
    running.signal(Signal::Int);
    drop(running.finish().expect(130));
}

#[test]
fn a_kill_loses_no_webhook() {
    let receiver = Receiver::new();
    let machine = Machine::new();
    let serve = || {
        let running = machine
            .command([
                "sandbox",
                "serve",
                "--repo",
                "acme/shop",
                "--webhook",
                receiver.url().as_str(),
            ])
            .spawn();
        let url = address(&running);
        (running, Client::new(&url))
    };
    let (running, client) = serve();
    drop(receiver.wait_for(1));
    receiver.behave(Behaviour::Hang);
    let create = |client: &Client| {
        let body = json!({"ref": "main"});
        let made = client.post("/repos/acme/shop/deployments", &body);
        made.expect(201).json()["id"].as_u64().expect("an id")
    };
    let mut made: BTreeSet<u64> = (0..12).map(|_| create(&client)).collect();
    drop(receiver.wait_for(5));
    running.signal(Signal::Kill);
    let _ = running.finish().code();
    receiver.behave(Behaviour::status(200));
    let (running, client) = serve();
    made.insert(create(&client));
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut announced = BTreeSet::new();
    while announced != made {
        assert!(Instant::now() < deadline, "{announced:?} of {made:?}");
        thread::sleep(Duration::from_millis(20));
        announced = deployments(&receiver.all());
    }
    let pings = receiver.all();
    let pings = pings.iter().filter(|one| one.event() == "ping").count();
    assert_eq!(pings, 1, "the webhook is the same as before");
    running.signal(Signal::Term);
    drop(running.finish().expect(143));
}

/// The IDs of the deployments in the received events.
fn deployments(all: &[Received]) -> BTreeSet<u64> {
    all.iter()
        .filter_map(|one| one.json()["deployment"]["id"].as_u64())
        .collect()
}

#[test]
fn a_receiver_that_hangs_does_not_keep_it_from_ending() {
    let receiver = Receiver::new();
    receiver.behave(Behaviour::Hang);
    let machine = Machine::new();
    let running = machine
        .command([
            "sandbox",
            "serve",
            "--repo",
            "acme/shop",
            "--webhook",
            receiver.url().as_str(),
        ])
        .spawn();
    drop(receiver.wait_for(1));
    let start = Instant::now();
    running.signal(Signal::Term);
    drop(running.finish().expect(143));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_command_with_sandbox_leaves_webhooks_to_the_server() {
    let receiver = Receiver::new();
    let machine = Machine::new();
    let port = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
    let port = port.expect("an address").port().to_string();
    let serve = || {
        let running = machine
            .command([
                "sandbox",
                "serve",
                "--port",
                port.as_str(),
                "--webhook",
                receiver.url().as_str(),
            ])
            .spawn();
        let _ = address(&running);
        running
    };
    let running = serve();
    drop(receiver.wait_for(1));
    // While it runs, it also sends events for changes that other processes make
    // to its data.
    drop(
        machine
            .run(["--sandbox", "create", "--ref", "main"])
            .expect(0),
    );
    drop(receiver.wait_for(2));
    running.signal(Signal::Term);
    drop(running.finish().expect(143));
    drop(
        machine
            .run(["--sandbox", "create", "--ref", "main"])
            .expect(0),
    );
    assert_eq!(receiver.all().len(), 2);
    let running = serve();
    assert_eq!(deployments(&receiver.wait_for(3)).len(), 2);
    running.signal(Signal::Term);
    drop(running.finish().expect(143));
}

#[test]
fn webhooks_that_cannot_be_are_wrong_usage() {
    let machine = Machine::new();
    let empty = machine.file("empty", "\n").display().to_string();
    let binary = machine.file("binary", b"\xff\xfe").display().to_string();
    let good = "http://127.0.0.1:9/";
    for (args, word) in [
        (vec!["--webhook", "nonsense"], "scheme"),
        (vec!["--webhook", "ftp://a.example/"], "ftp"),
        (
            vec!["--webhook", good, "--webhook-event", "deploymint"],
            "deploymint",
        ),
        (vec!["--webhook", good, "--webhook-event", ""], "event"),
        (
            vec!["--webhook", good, "--webhook-secret-file", "not-there"],
            "not-there",
        ),
        (
            vec!["--webhook", good, "--webhook-secret-file", &empty],
            "empty",
        ),
        (
            vec!["--webhook", good, "--webhook-secret-file", &binary],
            "UTF-8",
        ),
        (vec!["--webhook-event", "push"], "--webhook <URL>"),
        (vec!["--webhook-secret-file", &empty], "--webhook <URL>"),
    ] {
        let all = ["sandbox", "serve"].into_iter().chain(args.iter().copied());
        let refused = machine.run(all).expect(2);
        assert!(
            refused.stderr().contains(word),
            "{args:?}: {}",
            refused.stderr()
        );
    }
}
