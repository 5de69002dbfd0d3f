//! `agent check`, and configurations that are refused before the agent starts.

use std::path::Path;

use deployctl::internals::AgentConfig;

use crate::support::cli::Machine;
use crate::world::{Site, rule};

#[test]
fn the_plan_is_printed_with_what_is_missing() {
    let machine = Machine::new();
    machine.file(
        "deployctl.toml",
        "[listen]
address = \"127.0.0.1:8090\"
secrets = [{ env = \"WEBHOOK_SECRET\" }]
[poll]
repositories = [\"acme/shop\"]
[[rule]]
name = \"previews\"
environment = [\"staging\", \"preview/*\"]
command = [\"./deploy.sh\", \"--fast\"]
timeout = \"90s\"
[[rule]]
shell = \"true\"
concurrency = \"reject\"
directory = \"nowhere\"
",
    );
    let outcome = machine.run(["agent", "check"]).expect(0);
    assert_eq!(
        outcome.stdout(),
        "1\tpreviews\t*\tstaging preview/*\tdeploy\t*\t./deploy.sh --fast\tqueue\t1m 30s\n\
         2\trule 2\t*\t*\tdeploy\t*\ttrue\treject\t1h\n"
    );
    for part in [
        "listens on 127.0.0.1:8090, path /webhook",
        "polls acme/shop every 30s",
        "warning: the variable WEBHOOK_SECRET for the webhook's secret is not set",
        "warning: previews: ",
        "warning: rule 2: the folder ",
    ] {
        assert!(
            outcome.stderr().contains(part),
            "{part}\n{}",
            outcome.stderr()
        );
    }
    let json = machine.run(["agent", "check", "--json"]).expect(0).json();
    assert_eq!(json[0]["environment"][1], "preview/*");
    assert_eq!(json[1]["shell"], "true");
    assert_eq!(json[0]["timeout_seconds"], 90.0);
}

#[test]
fn what_is_wrong_is_reported_with_its_place_before_anything_is_done() {
    let machine = Machine::with_server("http://127.0.0.1:9");
    machine.file(
        "deployctl.toml",
        "[listen]\naddres = \"127.0.0.1:1\"\n[[rule]]\ncommand = [\"x\"]\n",
    );
    for command in [
        &["agent"][..],
        &["agent", "check"],
        &["agent", "status"],
        &["agent", "run"],
    ] {
        let outcome = machine.run(command).expect(2);
        let message = "deployctl.toml:2:1: unknown key \"addres\"; did you mean \"address\"?";
        assert!(outcome.stderr().contains(message), "{}", outcome.stderr());
        assert_eq!(outcome.stdout(), "");
    }
    let outcome = machine
        .run(["agent", "check", "--config", "missing.toml"])
        .expect(2);
    assert!(
        outcome.stderr().contains("missing.toml"),
        "{}",
        outcome.stderr()
    );
    let outcome = machine.run(["agent", "check", "--json"]).expect(2);
    assert!(
        outcome.stderr().contains("\"problems\":["),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn an_agent_does_not_start_without_its_secret_or_a_token_or_beside_another() {
    let site = Site::new();
    let folder = site.folder("agent", &format!("LISTEN\n{}", rule("", "")));
    let config = folder.path.join("deployctl.toml");
    let args = ["agent", "--config", config.to_str().expect("text")];
    let run = |machine: Machine, code: i32, part: &str| {
        let outcome = machine.run(args).expect(code);
        assert!(outcome.stderr().contains(part), "{}", outcome.stderr());
    };
    let url = site.proxy.url();
    run(Machine::with_server(&url), 2, "WEBHOOK_SECRET");
    let tokenless = Machine::with_server(&url)
        .env("WEBHOOK_SECRET", "x")
        .without("DEPLOYCTL_TOKEN");
    run(tokenless, 4, "no token");
    let missing = site.run(&folder, "agent status").expect(3);
    assert!(
        missing.stderr().contains("no journal"),
        "{}",
        missing.stderr()
    );
    let agent = site.start(&folder);
    run(
        Machine::with_server(&url).env("WEBHOOK_SECRET", "x"),
        1,
        "another agent uses",
    );
    drop(agent.stop().expect(0));
    let elsewhere = Machine::with_server("http://127.0.0.1:9").env("WEBHOOK_SECRET", "x");
    run(elsewhere, 1, "is the journal of");
}

#[test]
fn the_examples_of_the_readme_and_the_help_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect("a file");
    let readme = read("README.md");
    let from = readme.split_once("```toml\n").expect("a block").1;
    let blocks = [
        from.split("```").next().expect("a block").to_owned(),
        read("src/commands/help/topics/agent-config.toml"),
    ];
    for block in &blocks {
        if let Err(problems) = AgentConfig::parse(block, Path::new("/etc/deployctl")) {
            panic!("{problems:#?}");
        }
    }
    // Every key is documented: the error for an unknown key lists the known
    // ones.
    for (table, place) in [
        ("", ""),
        ("listen", "[listen]\n"),
        ("poll", "[poll]\n"),
        ("rule", "[[rule]]\n"),
    ] {
        let text = format!("{place}nothing_like_it = 1\n");
        let problems = AgentConfig::parse(&text, Path::new("/")).expect_err("unknown");
        let message = &problems[0].message;
        let (_, keys) = message.split_once("the keys here are ").expect("keys");
        for key in keys.split(", ") {
            let is_shown = blocks[1].lines().any(|line| {
                line.starts_with(&format!("{key} ="))
                    || line.starts_with(&format!("[{key}]"))
                    || line.starts_with(&format!("[[{key}]]"))
            });
            assert!(is_shown || key == "insecure", "{table}: {key}");
        }
    }
}
