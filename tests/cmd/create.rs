use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::{Machine, Signal};
use crate::support::git::GitRepository;
use crate::support::proxy::{Answer, Fault};
use crate::support::serve::rule;
use crate::world::{World, lines};

const DEPLOYMENTS: &str = "/repos/octocat/hello-world/deployments";

#[test]
fn a_pipe_gets_the_id_alone_for_one_request() {
    let world = World::new();
    let outcome = world.run("create --ref main").expect(0);
    let id = outcome.stdout().strip_suffix('\n').expect("one line");
    assert!(id.bytes().all(|b| b.is_ascii_digit()), "{id:?}");
    assert!(id.parse::<u64>().expect("a number") > u64::from(u32::MAX));
    assert_eq!(outcome.stderr(), "");
    assert_eq!(
        lines(&world.proxy.requests()),
        [format!("POST {DEPLOYMENTS}")]
    );
}

#[test]
fn nothing_is_merged_and_production_is_always_reported() {
    let world = World::new();
    world.create("--ref main");
    world.create("--ref topic -e production");
    world.create("--ref main -e staging --production");
    world.create("--ref main --production=false");
    let bodies: Vec<Value> = world.writes().iter().map(|write| write.json()).collect();
    assert_eq!(
        bodies[0],
        json!({
            "ref": "main", "task": "deploy", "auto_merge": false, "environment": "production",
            "transient_environment": false, "production_environment": true,
        })
    );
    let reported: Vec<&Value> = bodies
        .iter()
        .map(|body| &body["production_environment"])
        .collect();
    assert_eq!(reported, [true, true, true, false]);
    assert!(bodies.iter().all(|body| body["auto_merge"] == false));
}

#[test]
fn every_option_reaches_the_server() {
    let world = World::new();
    let outcome = world.machine.run([
        "create",
        "--ref",
        "topic",
        "-e",
        "preview/pr-7",
        "--task",
        "deploy:migrations",
        "--description",
        "two words",
        "--auto-merge",
        "--no-required-contexts",
        "--transient",
        "--payload",
        r#"{"b": 1.10, "a": [true, null]}"#,
    ]);
    drop(outcome.expect(0));
    let write = &world.writes()[0];
    let body = String::from_utf8(write.body.clone()).expect("UTF-8");
    assert_eq!(
        body,
        r#"{"ref":"topic","task":"deploy:migrations","auto_merge":true,"required_contexts":[],"payload":{"b":1.10,"a":[true,null]},"environment":"preview/pr-7","description":"two words","transient_environment":true,"production_environment":false}"#
    );
}

#[test]
fn a_payload_comes_back_as_it_was_given() {
    let world = World::new();
    let file = world.machine.file("payload.json", r#"{"from":"file"}"#);
    let at_file = format!("@{}", file.display());
    for (args, payload) in [
        (vec!["--payload", r#""{\"a\":1}""#], json!(r#"{"a":1}"#)),
        (vec!["--payload", r#"{"a":1}"#], json!({"a": 1})),
        (vec!["--payload", &at_file], json!({"from": "file"})),
        (
            vec!["--field", "n=1", "--field", "t=text", "--field", "b=true"],
            json!({"n": 1, "t": "text", "b": true}),
        ),
    ] {
        let args = ["create", "--ref", "main", "--json=payload"]
            .into_iter()
            .chain(args);
        assert_eq!(
            world.machine.run(args).expect(0).json(),
            json!({ "payload": payload })
        );
    }
    let from_stdin = world
        .machine
        .command([
            "create",
            "--ref",
            "main",
            "--payload",
            "-",
            "--json=payload",
        ])
        .stdin(r#"{"from":"stdin"}"#)
        .finish();
    assert_eq!(
        from_stdin.expect(0).json(),
        json!({"payload": {"from": "stdin"}})
    );
}

#[test]
fn json_is_the_deployment_with_its_state() {
    let world = World::new();
    let record = world
        .run("create --ref main -e staging --json")
        .expect(0)
        .json();
    assert_eq!(record["state"], "pending");
    assert_eq!(record["latest_status"], Value::Null);
    assert_eq!(record["ref"], "main");
    assert_eq!(record["sha"], world.repository.sha("main"));
    assert_eq!(record["payload"], json!({}));
    assert!(
        record["web_url"]
            .as_str()
            .expect("text")
            .ends_with("environments_filter=staging")
    );
}

#[test]
fn a_dry_run_sends_nothing() {
    let world = World::new();
    let outcome = world.run("create --ref main --dry-run --json").expect(0);
    let request = outcome.json();
    assert_eq!(request["method"], "POST");
    assert_eq!(
        request["url"],
        format!("{}{DEPLOYMENTS}", world.proxy.url())
    );
    assert_eq!(request["body"]["ref"], "main");
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn after_a_merge_it_asks_again() {
    let world = World::new();
    let outcome = world.run("create --ref behind --auto-merge").expect(0);
    assert_eq!(world.writes().len(), 2);
    let listed = world.list();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"].to_string(), outcome.stdout().trim());
    assert!(
        outcome.stderr().contains("Auto-merged main into behind"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn endless_merges_deploy_nothing() {
    let world = World::new();
    let merged = Answer::json(
        202,
        &json!({"message": "Auto-merged main into topic on deployment."}),
    );
    world
        .proxy
        .fault("POST", "*/deployments", 1.., Fault::Answer(merged));
    let outcome = world
        .run("create --ref topic --auto-merge --json")
        .expect(7);
    assert_eq!(outcome.stdout(), "");
    assert_eq!(
        world.writes().len(),
        4,
        "sent once and repeated three times"
    );
    let error: Value = serde_json::from_str(outcome.stderr()).expect("nothing but JSON");
    assert_eq!(error["error"]["code"], "merged_only");
}

#[test]
fn a_merge_conflict_is_distinguished_from_checks() {
    let world = World::new();
    let outcome = world.run("create --ref conflict --auto-merge").expect(7);
    assert!(
        outcome
            .stderr()
            .contains("Conflict merging main into conflict")
    );
    assert_eq!(world.writes().len(), 1);
}

#[test]
fn checks_that_are_not_green_are_named_and_only_those() {
    let world = World::new();
    let sha = world.repository.sha("main");
    for (context, state) in [
        ("ci/build", "success"),
        ("ci/test", "failure"),
        ("ci/lint", "pending"),
    ] {
        world.post(
            &format!("/statuses/{sha}"),
            &json!({"state": state, "context": context}),
        );
    }
    let outcome = world.run("create --ref main").expect(6);
    assert_eq!(outcome.stdout(), "");
    for (name, is_named) in [("ci/test", true), ("ci/lint", true), ("ci/build", false)] {
        assert_eq!(
            outcome.stderr().contains(name),
            is_named,
            "{}",
            outcome.stderr()
        );
    }
    let outcome = world.run("create --ref main --json").expect(6);
    let error: Value = serde_json::from_str(last_line(outcome.stderr())).expect("JSON");
    assert_eq!(error["error"]["status"], 409);
    let names: Vec<&str> = error["error"]["contexts"]
        .as_array()
        .expect("an array")
        .iter()
        .filter_map(|context| context["context"].as_str())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"ci/test") && names.contains(&"ci/lint"));

    drop(
        world
            .run("create --ref main --required-context ci/build")
            .expect(0),
    );
    drop(
        world
            .run("create --ref main --required-context ci/never")
            .expect(6),
    );
    drop(
        world
            .run("create --ref main --no-required-contexts")
            .expect(0),
    );
    assert_eq!(world.list().len(), 2);
}

#[test]
fn no_token_is_exit_4_before_any_request() {
    let world = World::new();
    let machine = Machine::with_server(&world.proxy.url()).without("DEPLOYCTL_TOKEN");
    let outcome = machine.run(["create", "--ref", "main"]).expect(4);
    assert!(outcome.stderr().contains("DEPLOYCTL_TOKEN"));
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn a_token_that_is_not_accepted_is_exit_4() {
    let world = World::with(|config| config.tokens.push(rule("old=revoked")));
    let machine = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", "old");
    let outcome = machine.run(["create", "--ref", "main"]).expect(4);
    assert!(
        outcome.stderr().contains("DEPLOYCTL_TOKEN"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(world.proxy.requests().len(), 1);
}

#[test]
fn a_token_without_the_right_is_exit_5_and_the_right_is_named() {
    let world = World::with(|config| {
        config.tokens.push(rule("reader=deployments:read"));
        config.tokens.push(rule("classic=read:org"));
    });
    for (token, word) in [
        ("reader", "deployments=write"),
        ("classic", "repo_deployment"),
    ] {
        let machine = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", token);
        let outcome = machine.run(["create", "--ref", "main"]).expect(5);
        assert!(outcome.stderr().contains(word), "{}", outcome.stderr());
    }
    assert_eq!(world.list().len(), 0);
}

#[test]
fn a_404_that_hides_a_missing_right_is_exit_5_and_a_true_one_is_3() {
    let world = World::new();
    let hidden = Answer::json(404, &json!({"message": "Not Found"}));
    world
        .proxy
        .fault("POST", "*/deployments", 1.., Fault::Answer(hidden));
    drop(world.run("create --ref main").expect(5));
    drop(world.run("create --ref main -R octocat/gone").expect(3));
}

#[test]
fn an_unknown_ref_is_refused_with_the_servers_word() {
    let world = World::new();
    let outcome = world.run("create --ref gone").expect(1);
    assert!(
        outcome.stderr().contains("No ref found for: gone"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn an_answer_that_is_lost_after_the_write_makes_no_second_deployment() {
    for fault in [
        Fault::ResetAfter,
        Fault::ResetWithin,
        Fault::Truncate(40),
        Fault::Replace(Answer::html(502, "<html><title>Unicorn!</title></html>")),
    ] {
        let world = World::new();
        world
            .proxy
            .fault("POST", "*/deployments", 1..=1, fault.clone());
        let outcome = world.run("create --ref main").expect(0);
        let listed = world.list();
        assert_eq!(listed.len(), 1, "{fault:?}");
        assert_eq!(
            listed[0]["id"].to_string(),
            outcome.stdout().trim(),
            "{fault:?}"
        );
        let posts = world.proxy.matching("POST", "*/deployments");
        assert_eq!(posts.len(), 1, "{fault:?}");
    }
}

#[test]
fn a_write_that_never_arrived_is_sent_again_once() {
    let world = World::new();
    world
        .proxy
        .fault("POST", "*/deployments", 1..=1, Fault::ResetBefore);
    drop(world.run("create --ref main").expect(0));
    assert_eq!(world.list().len(), 1);
    assert_eq!(world.writes().len(), 2);
}

#[test]
fn an_equal_earlier_deployment_is_not_taken_for_the_lost_one() {
    let world = World::new();
    let before = world.create("--ref main");
    // The server's times are in whole seconds; the second write must be in a
    // later one.
    std::thread::sleep(Duration::from_millis(3200));
    world
        .proxy
        .fault("POST", "*/deployments", 1..=1, Fault::ResetBefore);
    let outcome = world.run("create --ref main").expect(0);
    assert_ne!(outcome.stdout().trim(), before);
    assert_eq!(world.list().len(), 2);
}

#[test]
fn an_unknown_outcome_is_not_called_safe_to_repeat() {
    let world = World::new();
    world
        .proxy
        .fault("POST", "*/deployments", 1..=1, Fault::ResetAfter);
    let forbidden = Answer::json(
        403,
        &json!({"message": "Resource not accessible by integration"}),
    );
    world.proxy.fault("GET", "*", 1.., Fault::Answer(forbidden));
    let outcome = world.run("create --ref main --json").expect(1);
    let error: Value = serde_json::from_str(last_line(outcome.stderr())).expect("JSON");
    assert_eq!(error["error"]["code"], "outcome_unknown");
    assert_eq!(world.writes().len(), 1);
}

#[test]
fn what_the_server_says_it_did_is_never_sent_again() {
    for fault in [
        Fault::Truncate(40),
        Fault::ResetWithin,
        Fault::Replace(Answer::html(201, "<html>?</html>")),
    ] {
        let world = World::new();
        world
            .proxy
            .fault("POST", "*/deployments", 1.., fault.clone());
        // The list lags behind the write.
        world.proxy.fault(
            "GET",
            "*/deployments",
            1..,
            Fault::Answer(Answer::json(200, &json!([]))),
        );
        let outcome = world.run("create --ref main --json").expect(1);
        let error: Value = serde_json::from_str(outcome.stderr()).expect("JSON");
        assert_eq!(error["error"]["code"], "outcome_unknown", "{fault:?}");
        assert_eq!(world.writes().len(), 1, "{fault:?}");
    }
}

#[test]
fn no_server_is_exit_75() {
    let machine = Machine::with_server("http://127.0.0.1:1");
    let outcome = machine.run(["create", "--ref", "main"]).expect(75);
    assert_eq!(outcome.stdout(), "");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let machine = Machine::with_server("http://192.0.2.1:9");
    let outcome = machine.run(["create", "--ref", "main"]).expect(2);
    assert!(outcome.stderr().contains("https"), "{}", outcome.stderr());
}

#[test]
fn unique_creates_no_second_deployment() {
    let world = World::new();
    let first = world.create("--ref main --unique");
    assert_eq!(world.create("--ref main --unique"), first);
    let sha = world.repository.sha("main");
    assert_eq!(world.create(&format!("--ref {sha} --unique")), first);
    assert_ne!(world.create("--ref main --unique -e staging"), first);
    assert_ne!(world.create("--ref main --unique --task other"), first);
    assert_ne!(world.create("--ref topic --unique"), first);
    world.set(&first, "failure");
    assert_ne!(world.create("--ref main --unique"), first);
    assert_eq!(world.list().len(), 5);
}

#[test]
fn without_a_ref_the_current_branch_is_taken_if_it_is_pushed() {
    let (repository, remote) = (GitRepository::new(), GitRepository::bare());
    let world = World::new();
    let machine = |cwd| Machine::with_server(&world.proxy.url()).at(cwd);
    let outcome = machine(repository.path())
        .run(["create", "--dry-run", "--json"])
        .expect(2);
    assert!(
        outcome.stderr().contains("git push"),
        "{}",
        outcome.stderr()
    );

    repository.push_to("origin", &remote, "main");
    let outcome = machine(repository.path())
        .run(["create", "--dry-run", "--json"])
        .expect(0);
    assert_eq!(outcome.json()["body"]["ref"], "main");

    repository.commit("more.txt", "more", "Go on");
    drop(
        machine(repository.path())
            .run(["create", "--dry-run"])
            .expect(2),
    );
    repository.git(["checkout", "--quiet", "--detach"]);
    let outcome = machine(repository.path())
        .run(["create", "--dry-run"])
        .expect(2);
    assert!(outcome.stderr().contains("--ref"), "{}", outcome.stderr());

    let in_actions = machine(repository.path())
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_SHA", "c0ffee254729296a45a3885639ac7e10f9d54979");
    let outcome = in_actions.run(["create", "--dry-run", "--json"]).expect(0);
    assert_eq!(
        outcome.json()["body"]["ref"],
        "c0ffee254729296a45a3885639ac7e10f9d54979"
    );
}

#[test]
fn the_remote_branch_is_what_is_deployed_under_its_own_name() {
    let (repository, remote) = (GitRepository::new(), GitRepository::bare());
    repository.push_to("origin", &remote, "main");
    repository.git([
        "checkout",
        "--quiet",
        "-b",
        "local-name",
        "--track",
        "origin/main",
    ]);
    let machine = Machine::with_server("http://127.0.0.1:1").at(repository.path());
    let outcome = machine.run(["create", "--dry-run", "--json"]).expect(0);
    assert_eq!(outcome.json()["body"]["ref"], "main");
}

#[test]
fn a_branch_of_a_fork_is_not_the_branch_of_the_repository() {
    let (repository, fork) = (GitRepository::new(), GitRepository::bare());
    repository.push_to("origin", &fork, "main");
    repository.remote("upstream", "https://github.com/octocat/hello-world");
    let machine = Machine::with_server("http://127.0.0.1:1").at(repository.path());
    let outcome = machine.run(["create", "--dry-run"]).expect(2);
    assert!(
        outcome.stderr().contains("not been pushed"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn a_branch_that_stands_elsewhere_here_is_warned_of() {
    let world = World::new();
    let other = GitRepository::new();
    let outcome = Machine::with_server(&world.proxy.url())
        .at(other.path())
        .run(["create", "--ref", "main"])
        .expect(0);
    assert!(
        outcome.stderr().contains("warning:"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn a_job_that_waits_for_a_workflow_that_never_starts_is_reported() {
    let world = World::new();
    let wait = |machine: &Machine| {
        machine
            .run("create --ref main -e qa --wait --timeout 1 --interval 0.1".split(' '))
            .expect(124)
    };
    let cause = "GITHUB_TOKEN of a job starts no workflow";
    let job = Machine::with_server(&world.proxy.url())
        .without("DEPLOYCTL_TOKEN")
        .env("DEPLOYCTL_NO_GH", "1")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_TOKEN", "ghs_0123456789");
    let reported = wait(&job);
    assert!(reported.stderr().contains(cause), "{}", reported.stderr());
    let other = wait(&world.machine);
    assert!(!other.stderr().contains(cause), "{}", other.stderr());
}

#[test]
fn a_value_of_a_field_reaches_the_deployer_as_it_was_typed() {
    let world = World::new();
    let args = "create --ref main --dry-run --json=body -F sha=7512e88 --field version=1.10 \
        --field count=5 --field live=true -f build=5 --raw-field live2=true";
    let made = world.machine.run(args.split_whitespace()).expect(0);
    assert_eq!(
        made.json()["body"]["payload"],
        json!({
            "sha": "7512e88", "version": "1.10", "count": 5, "live": true,
            "build": "5", "live2": "true",
        })
    );
}

#[test]
fn waiting_has_the_exit_code_of_the_end() {
    for (state, code) in [
        ("success", 0),
        ("failure", 9),
        ("error", 9),
        ("inactive", 10),
    ] {
        let world = World::new();
        let running = world
            .machine
            .command([
                "create",
                "--ref",
                "main",
                "-e",
                "staging",
                "--wait",
                "--interval",
                "0.1",
            ])
            .spawn();
        running.wait_for_line("pending");
        let id = world.list()[0]["id"].to_string();
        let url = "https://staging.example.com";
        drop(
            world
                .run(&format!("status set {id} {state} --environment-url {url}"))
                .expect(0),
        );
        let outcome = running.finish().expect(code);
        let expected = if code == 0 {
            format!("{id}\n{url}\n")
        } else {
            format!("{id}\n")
        };
        assert_eq!(outcome.stdout(), expected, "{state}");
    }
}

#[test]
fn waiting_ends_at_the_time_out() {
    let world = World::new();
    let line = "create --ref main --wait --timeout 500ms --interval 0.1 --json";
    let outcome = world.run(line).expect(124);
    assert_eq!(outcome.json()["state"], "pending");
}

#[test]
fn an_interrupt_in_the_middle_says_that_it_may_be_done() {
    let world = World::new();
    world.proxy.fault(
        "POST",
        "*/deployments",
        1..,
        Fault::Delay(Duration::from_secs(10)),
    );
    let running = world.machine.command(["create", "--ref", "main"]).spawn();
    std::thread::sleep(Duration::from_millis(800));
    running.signal(Signal::Int);
    let outcome = running.finish().expect(130);
    assert!(
        outcome.stderr().contains("may have been requested"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn github_actions_gets_the_outputs() {
    let world = World::new();
    let output = world.machine.file("output", "before=1\n");
    let machine = Machine::with_server(&world.proxy.url()).env("GITHUB_OUTPUT", output.as_os_str());
    let args = [
        "create",
        "--ref",
        "main",
        "--github-output",
        "--description",
        "x\nid=evil",
    ];
    let id = machine.run(args).expect(0).stdout().trim().to_owned();
    let text = std::fs::read_to_string(&output).expect("written");
    assert!(text.starts_with("before=1\n"));
    let mut lines = text.lines();
    let delimiter = lines
        .find_map(|line| line.strip_prefix("id<<"))
        .expect("an id");
    assert_eq!(lines.next(), Some(id.as_str()));
    assert_eq!(lines.next(), Some(delimiter));
    // Another step may have left its last line unfinished.
    std::fs::write(&output, "before=1").expect("written");
    drop(machine.run(args).expect(0));
    let text = std::fs::read_to_string(output).expect("written");
    assert_eq!(text.lines().next(), Some("before=1"));
    world.proxy.forget();
    drop(world.run("create --ref main --github-output").expect(2));
    let nowhere =
        Machine::with_server(&world.proxy.url()).env("GITHUB_OUTPUT", "/no/such/folder/file");
    drop(
        nowhere
            .run(["create", "--ref", "main", "--github-output"])
            .expect(2),
    );
    assert_eq!(
        world.proxy.requests().len(),
        0,
        "found before anything is sent"
    );
}

#[test]
fn what_is_wrong_is_refused_before_any_request() {
    let world = World::new();
    let long = "a".repeat(141);
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
    for args in [
        vec!["create", "--ref", "main", "--payload", &deep],
        vec!["create", "--ref", "main", "--json=nope"],
        vec!["create", "--ref", "main", "--payload", "{"],
        vec!["create", "--ref", "main", "--payload", "[1]"],
        vec!["create", "--ref", "main", "--payload", "@missing"],
        vec!["create", "--ref", "main", "--field", "novalue"],
        vec![
            "create",
            "--ref",
            "main",
            "--field",
            "a=1",
            "--payload",
            "{}",
        ],
        vec!["create", "--ref", "main", "-R", "bad"],
        vec![
            "create",
            "--ref",
            "main",
            "--required-context",
            "a",
            "--no-required-contexts",
        ],
        vec!["create", "--ref", ""],
        vec!["create", "--ref", "main", "-e", ""],
        vec!["create", "--ref", "main", "--timeout", "soon", "--wait"],
        vec!["create", "--ref", "main", "--jq", ".["],
        vec!["create", "--ref", "main", "--template", "{{"],
        vec!["create", "--ref", "main", "--production=perhaps"],
        vec!["create", "--nonsense"],
        vec!["list", "--state", "sucess"],
        vec!["list", "--since", "yesterdayish"],
        vec!["list", "-L", "0"],
        vec!["list", "--sha", "xyz"],
        vec!["status", "abc"],
        vec!["status", "0"],
        vec!["status", "set", "1", "done"],
        vec!["status", "set", "1", "success", "--description", &long],
        vec!["status", "set", "1", "success", "--log-url", "nowhere"],
        vec!["wait"],
        vec!["wait", "1", "-e", "staging"],
        vec!["wait", "1", "--for", "ever"],
        vec!["wait", "-e", "staging", "--interval", "-1s"],
        vec!["list", "--github-output"],
        vec!["wait", "-e", ""],
        vec!["status", "set", "1", "success", "-e", ""],
    ] {
        let outcome = world.machine.run(&args).expect(2);
        assert_eq!(outcome.stdout(), "", "{args:?}");
        assert!(!outcome.stderr().is_empty(), "{args:?}");
    }
    assert_eq!(lines(&world.proxy.requests()), Vec::<String>::new());
}

#[test]
fn a_wrong_use_is_json_where_json_is_asked_for() {
    let machine = Machine::with_server("http://127.0.0.1:1");
    for args in [
        vec!["create", "--json", "--nonsense"],
        vec!["list", "--json=nope"],
    ] {
        let outcome = machine.run(&args).expect(2);
        let error: Value = serde_json::from_str(outcome.stderr()).expect("JSON");
        assert_eq!(error["error"]["code"], "usage", "{args:?}");
    }
}

fn last_line(text: &str) -> &str {
    text.trim_end().lines().last().unwrap_or_default()
}
