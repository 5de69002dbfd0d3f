//! The examples of the help, run as written.
//!
//! A command has three or more examples. Each is a paragraph below `Examples:`
//! in its help and starts with a `#` line that says what it is for. bash runs
//! each example in a separate world, with the following contents:
//!
//! - the repository `acme/shop`, checked out at `main`, and `acme/other`;
//! - deployments 4400000001 (main to production, active), 4400000002 (v1.2.0 to
//!   staging, active), 4400000003 (topic to preview/pr-7, active, transient),
//!   4400000004 (topic to preview/pr-8, failed) and 4400000005 (main to
//!   staging, pending), and 4400000006 to 4400000008 (behind, topic and main to
//!   preview/pr-9, the last one active);
//! - a deployer, which reports success for later deployments;
//! - production with the branch policies main, release/* and v* (tags), the
//!   variable REGION, the secret `DEPLOY_KEY`, and the app your-gate; the app
//!   my-gate can be enabled;
//! - pull request 7, closed, of topic;
//! - locks of production and of everything, which are the user's own;
//! - a login at git.example.com if an example names it or logs out, and no
//!   keyring;
//! - the files token.txt, secret.txt, config.json, environments.json,
//!   `id_ed25519`, deployctl.toml and staging.toml for the agent, and the
//!   scripts deploy.sh and preview.sh, which succeed;
//! - the variables `ID`, the ID of the pending deployment, and `LOG`, a URL.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::{Machine, binary};
use crate::support::git::{self, GitRepository};
use crate::support::http::Client;
use crate::support::serve::Server;
use crate::support::skipped;
use deployctl::sandbox::{Config, RepositorySource};

/// The examples that can't be run, by a part of their text, with the reason.
const NOT_RUN: &[(&str, &str)] = &[
    (
        "  deployctl env delete preview/pr-7\n",
        "it asks a person at a terminal",
    ),
    ("  deployctl auth login\n", "it asks a person at a terminal"),
    (
        "auth login --hostname git.example.com --with-token",
        "it needs a keyring",
    ),
    (
        "list -e production --watch\n",
        "it goes on until it is interrupted",
    ),
    (
        "env list --watch --jsonl",
        "it goes on until it is interrupted",
    ),
    ("auth login --web", "a person confirms it in a browser"),
    (
        "env secret set production DEPLOY_KEY\n",
        "it asks a person at a terminal",
    ),
];

/// The examples that end with an exit code other than 0.
const OTHER_CODES: &[(&str, i32)] = &[
    // The outbox of that world is empty.
    ("deployctl flush --drop 3 4", 3),
    // Not every environment has the commit.
    ("deployctl where '#7' -e production", 8),
    ("deployctl where \"$(git rev-parse HEAD)\"", 8),
    ("deployctl where v1.2.0 --json", 8),
    ("deployctl where v1.2.0 -R acme/shop", 8),
    // Everything was deployed a moment ago.
    ("--min-age 2h", 8),
];

/// A configuration of the agent.
const AGENT: &str = r#"
[listen]
address = "127.0.0.1:0"
secrets = [{ env = "WEBHOOK_SECRET" }]
[[rule]]
environment = "staging"
command = ["./deploy.sh"]
"#;

const SHOP: &str = "/repos/acme/shop";

struct Example {
    /// The names of the command and its parents, or `help` and a topic.
    words: Vec<String>,
    text: String,
}

/// The paragraphs below `Examples:`, without the text after them.
fn paragraphs(help: &str) -> Vec<String> {
    let Some((_, examples)) = help.split_once("Examples:\n") else {
        return Vec::new();
    };
    examples
        .split("\n\n")
        .take_while(|paragraph| paragraph.starts_with("  "))
        .map(|paragraph| format!("{}\n", paragraph.trim_end()))
        .collect()
}

/// Every command, including the program itself, by the names that lead to it.
fn commands() -> Vec<(Vec<String>, clap::Command)> {
    let mut root = deployctl::internals::Cli::command();
    root.build();
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), root)];
    while let Some((words, command)) = open.pop() {
        for sub in command.get_subcommands() {
            let mut words: Vec<String> = words.clone();
            words.push(sub.get_name().to_owned());
            open.push((words, sub.clone()));
        }
        found.push((words, command));
    }
    found
}

/// The examples of every command and of every topic.
fn examples() -> Vec<Example> {
    let mut found = Vec::new();
    for (words, command) in commands() {
        let help = command
            .get_after_long_help()
            .or(command.get_after_help())
            .map(ToString::to_string)
            .unwrap_or_default();
        found.extend(paragraphs(&help).into_iter().map(|text| Example {
            words: words.clone(),
            text,
        }));
    }
    for page in deployctl::internals::pages().expect("rendered") {
        if let Some(topic) = page.file_name.strip_suffix(".7") {
            let topic = topic.strip_prefix("deployctl-").expect("a topic");
            let help = Machine::new().run(["help", topic]).expect(0);
            found.extend(paragraphs(help.stdout()).into_iter().map(|text| Example {
                words: vec!["help".to_owned(), topic.to_owned()],
                text,
            }));
        }
    }
    found
}

/// The commands that can be run themselves, by the names that lead to them.
fn leaves() -> Vec<Vec<String>> {
    let leaves = commands().into_iter();
    leaves
        .filter(|(_, command)| !command.is_subcommand_required_set())
        .map(|(words, _)| words)
        .collect()
}

#[test]
fn every_command_has_three_examples_that_say_what_they_are_for() {
    let examples = examples();
    for words in leaves() {
        let own: Vec<&Example> = examples.iter().filter(|one| one.words == words).collect();
        let name = words.join(" ");
        assert!(own.len() >= 3, "'{name}' has {} examples", own.len());
        let calls = own
            .iter()
            .filter(|one| one.text.contains(&format!("deployctl {name}")));
        assert!(
            calls.count() >= 2,
            "the examples of '{name}' call something else"
        );
    }
    for example in &examples {
        assert!(
            example.text.starts_with("  # ") && example.text.contains("deployctl"),
            "no example:\n{}",
            example.text
        );
    }
    for (part, why) in NOT_RUN {
        assert!(
            examples.iter().any(|one| one.text.contains(part)),
            "{part:?} is no longer an example ({why})"
        );
    }
    for (part, _) in OTHER_CODES {
        assert!(
            examples.iter().any(|one| one.text.contains(part)),
            "{part:?}"
        );
    }
}

/// The template that every world is a copy of.
struct Template {
    repository: PathBuf,
    remote: PathBuf,
    data: TempDir,
    _kept: Mutex<[GitRepository; 2]>,
}

fn configure(config: &mut Config, repository: &Path) {
    let source = |name: &str, path: Option<PathBuf>| RepositorySource {
        owner: "acme".to_owned(),
        name: name.to_owned(),
        path,
    };
    config.repositories = vec![
        source("shop", Some(repository.to_path_buf())),
        source("other", None),
    ];
}

impl Template {
    fn new() -> Self {
        let repository = git::with_branches();
        repository.tag("v1.2.0");
        let remote = GitRepository::bare();
        repository.push_to("origin", &remote, "main");
        let data = TempDir::with_prefix("sandbox-").expect("a folder");
        let server = Server::on(data.path(), |config| configure(config, repository.path()));
        let machine = Machine::with_server(server.url()).env("DEPLOYCTL_REPO", "acme/shop");
        let run = |line: &str| drop(machine.run(line.split_whitespace()).expect(0));
        for (number, (line, state)) in [
            (
                "--ref main -e production",
                "success --environment-url https://shop.example.com",
            ),
            (
                "--ref v1.2.0 -e staging",
                "success --environment-url https://staging.example.com",
            ),
            ("--ref topic -e preview/pr-7 --transient", "success"),
            ("--ref topic -e preview/pr-8 --transient", "failure"),
            ("--ref main -e staging", "queued"),
            ("--ref behind -e preview/pr-9 --transient", "success"),
            ("--ref topic -e preview/pr-9 --transient", "success"),
            ("--ref main -e preview/pr-9 --transient", "success"),
        ]
        .into_iter()
        .enumerate()
        {
            run(&format!("create {line}"));
            if state != "queued" {
                run(&format!("status set 440000000{} {state}", number + 1));
            }
        }
        let client = Client::new(server.url());
        for slug in ["my-gate", "your-gate"] {
            drop(client.post("/_sandbox/apps", &json!({"slug": slug})));
        }
        let pull = json!({"head": "topic", "number": 7, "title": "Topic", "state": "closed"});
        drop(
            client
                .post(&format!("/_sandbox{SHOP}/pulls"), &pull)
                .expect(201),
        );
        for line in [
            "env edit production --custom-branches --reviewer octocat",
            "env branch-policy add production main release/*",
            "env branch-policy add production v* --tag",
            "env variable set production REGION eu-west-1",
            "env variable set staging REGION eu-west-1",
            "env protection enable production your-gate",
            "env create production -R acme/other",
            "lock production",
            "lock --global",
        ] {
            run(line);
        }
        for environment in ["production", "preview/pr-7"] {
            let set = ["env", "secret", "set", environment, "DEPLOY_KEY"];
            drop(machine.command(set).stdin("secret\n").finish().expect(0));
        }
        drop(server);
        Self {
            repository: repository.path().to_path_buf(),
            remote: remote.path().to_path_buf(),
            data,
            _kept: Mutex::new([repository, remote]),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

/// The world of one example.
struct Stage {
    machine: Machine,
    server: Server,
    _data: TempDir,
    _folder: TempDir,
}

impl Stage {
    fn of(template: &Template, text: &str) -> Self {
        let data = TempDir::with_prefix("sandbox-").expect("a folder");
        copy(template.data.path(), data.path());
        let server = Server::on(data.path(), |config| {
            configure(config, &template.repository);
        });
        let folder = TempDir::with_prefix("example-").expect("a folder");
        let shop = folder.path().join("shop");
        copy(&template.repository, &shop);
        copy(&template.remote, &folder.path().join("api"));
        for (name, text) in [
            ("token.txt", "a-token-of-the-tests\n"),
            ("secret.txt", "a-secret-of-the-tests\n"),
            ("config.json", "{}\n"),
            ("deployctl.toml", AGENT),
            ("staging.toml", AGENT),
            ("id_ed25519", "key\n"),
            (
                "environments.json",
                r#"{"version": 1, "environments": [{"name": "staging", "wait_timer": 5}]}"#,
            ),
        ] {
            fs::write(shop.join(name), text).expect("written");
        }
        for (name, does) in [
            ("deploy.sh", "echo deployed"),
            ("preview.sh", "echo https://pr-7.example.com"),
        ] {
            let path = shop.join(name);
            fs::write(&path, format!("#!/bin/sh\n{does}\n")).expect("written");
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(&path, mode).expect("executable");
        }
        let machine = Machine::with_server(server.url())
            .env("DEPLOYCTL_REPO", "acme/shop")
            .env("DEPLOYCTL_NO_GH", "1")
            .env("ID", "4400000005")
            .env("LOG", "https://ci.example.com/7")
            .env("WEBHOOK_SECRET", "a secret of the tests")
            .at(&shop)
            .tool("man", "cat")
            .tool("less", "cat")
            .tool("pass", "echo secret")
            .tool("curl", "echo answered")
            .tool("make", "echo made")
            .link("deployctl", binary());
        let machine = if text.contains("auth token --hostname") {
            machine.without("DEPLOYCTL_API_URL")
        } else {
            machine
        };
        let stage = Self {
            machine,
            server,
            _data: data,
            _folder: folder,
        };
        if text.contains("git.example.com") || text.contains("auth logout") {
            stage.log_in();
        }
        stage
    }

    /// Writes a login to the files that hold it on a machine without a keyring.
    fn log_in(&self) {
        let logins = json!({"hosts": {"git.example.com": {
            "active": "octocat",
            "users": {"octocat": {"storage": "file", "kind": "classic"}},
        }}});
        let tokens = json!({"git.example.com": {"octocat": "a-token"}});
        for (file, value) in [
            ("config/deployctl/hosts.json", logins),
            ("state/deployctl/tokens.json", tokens),
        ] {
            let path = self.machine.home().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, value.to_string()).expect("written");
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            fs::set_permissions(&path, mode).expect("private");
        }
    }

    /// Reports success for new deployments until `stop` is set.
    fn deploy(&self, stop: &AtomicBool) {
        let client = Client::new(self.server.url());
        let mut done = BTreeSet::new();
        while !stop.load(Ordering::Relaxed) {
            let listed = client.get(&format!("{SHOP}/deployments")).json();
            for one in listed.as_array().expect("a list") {
                let id = one["id"].as_u64().expect("an id");
                let is_waiting = id == 4_400_000_005 || id > 4_400_000_008;
                if is_waiting && done.insert(id) {
                    let body = json!({
                        "state": "success", "environment_url": "https://shop.example.com",
                    });
                    drop(client.post(&format!("{SHOP}/deployments/{id}/statuses"), &body));
                }
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn run(&self, script: &str) -> Result<(), String> {
        let mut command = Command::new("bash");
        command
            .args(["--norc", "-e", "-o", "pipefail", "-c", script])
            .env_clear()
            .envs(self.machine.environment())
            .current_dir(self.machine.cwd())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut output = command.output().expect("bash runs");
        // While another test starts a process, a script that was just written
        // may still be open in it for a moment.
        for _ in 0..20 {
            if output.status.code() != Some(126) {
                break;
            }
            thread::sleep(Duration::from_millis(50));
            output = command.output().expect("bash runs");
        }
        let wanted = OTHER_CODES
            .iter()
            .find(|(part, _)| script.contains(part))
            .map_or(0, |(_, code)| *code);
        if output.status.code() == Some(wanted) {
            return Ok(());
        }
        Err(format!(
            "{script}\nexit code {:?} in place of {wanted}\nstdout: {}\nstderr: {}",
            output.status.code(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ))
    }

    /// Sets up the state that some examples need.
    fn prepare(&self, text: &str) {
        let client = Client::new(self.server.url());
        if text.contains("agent status") || text.contains("flush --config") {
            self.work("deployctl agent").expect("an agent works");
        }
        if text.contains("--for inactive") {
            let path = format!("{SHOP}/deployments/4400000003/statuses");
            drop(
                client
                    .post(&path, &json!({"state": "inactive"}))
                    .expect(201),
            );
        }
        if text.contains("--sha ") {
            let body = json!({
                "ref": "main", "environment": "preview/pr-7", "required_contexts": [],
                "auto_merge": false,
            });
            drop(
                client
                    .post(&format!("{SHOP}/deployments"), &body)
                    .expect(201),
            );
        }
    }

    /// Runs an example of the sandbox, which serves until it is interrupted.
    fn serve(&self, text: &str) -> Result<(), String> {
        let script = text.replace("--port 8080", "--port 0");
        let script = script.replace("deployctl sandbox serve", "exec deployctl sandbox serve");
        self.interrupt(&script, "DEPLOYCTL_API_URL=", 130)
    }

    /// Runs an example of the agent, which exits with 0 when it is interrupted.
    fn work(&self, text: &str) -> Result<(), String> {
        let script = text.replace("deployctl agent", "exec deployctl agent");
        self.interrupt(&format!("exec 2>&1; {script}"), "listening", 0)
    }

    /// Runs a script until it prints `mark`, interrupts it, and compares its
    /// exit code with `wanted`.
    fn interrupt(&self, script: &str, mark: &str, wanted: i32) -> Result<(), String> {
        let mut child = Command::new("bash")
            .args(["--norc", "-c", script])
            .env_clear()
            .envs(self.machine.environment())
            .current_dir(self.machine.cwd())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("bash runs");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(
            child.stdout.take().expect("a pipe"),
        ));
        let serves = lines.any(|line| line.is_ok_and(|line| line.contains(mark)));
        let ended = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(ended.expect("kill runs").success() || !serves);
        let code = child.wait().expect("an end").code();
        match (serves, code) {
            (true, Some(code)) if code == wanted => Ok(()),
            other => Err(format!("{script}\n{other:?}")),
        }
    }
}

/// Whether a line starts an agent, which runs until it is interrupted.
fn is_agent_at_work(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["deployctl", "agent"] | ["deployctl", "agent", "run", ..] => true,
        ["deployctl", "agent", option, ..] => option.starts_with('-'),
        _ => false,
    }
}

fn run(template: &Template, example: &Example) -> Result<(), String> {
    let stage = Stage::of(template, &example.text);
    if example.text.contains("sandbox serve") {
        return stage.serve(&example.text);
    }
    if example.text.lines().any(is_agent_at_work) {
        return stage.work(&example.text);
    }
    stage.prepare(&example.text);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let waits = ["wait", "--watch"]
            .iter()
            .any(|word| example.text.contains(word));
        let deployer = waits.then(|| scope.spawn(|| stage.deploy(&stop)));
        let done = stage.run(&example.text);
        stop.store(true, Ordering::Relaxed);
        if let Some(deployer) = deployer {
            deployer.join().expect("the deployer ends");
        }
        done
    })
}

#[test]
fn every_example_runs() {
    if Command::new("bash").arg("--version").output().is_err() {
        skipped("bash");
        return;
    }
    let template = Template::new();
    let examples: Vec<Example> = examples()
        .into_iter()
        .filter(|one| !NOT_RUN.iter().any(|(part, _)| one.text.contains(part)))
        .collect();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(example) = examples.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(text) = run(&template, example) {
                        failed.lock().expect("no panic").push(text);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no panic");
    assert!(
        failed.is_empty(),
        "{} of {} examples failed:\n\n{}",
        failed.len(),
        examples.len(),
        failed.join("\n\n")
    );
}

/// Completion offers the same fields as the error for an unknown field.
#[test]
fn fields_are_completed_as_they_are() {
    let template = Template::new();
    let stage = Stage::of(&template, "");
    let examples = examples();
    let leaves = leaves();
    for words in &leaves {
        let name = format!("deployctl {}", words.join(" "));
        let is_of_another = |line: &str| {
            leaves.iter().any(|other| {
                other.len() > words.len()
                    && line.starts_with(&format!("deployctl {}", other.join(" ")))
            })
        };
        let simple = |line: &&str| {
            line.starts_with(&name)
                && !is_of_another(line)
                && !is_agent_at_work(line)
                && !line.contains(['|', '$', '>', '('])
                && !line.contains("--json")
                && !line.contains("--jq")
                && !line.contains("--dry-run")
                && !line.contains("--available")
                && !line.ends_with('\\')
        };
        let own = examples.iter().filter(|one| one.words == *words);
        let lines: Vec<&str> = own
            .flat_map(|one| one.text.lines())
            .map(str::trim)
            .collect();
        let Some(line) = lines.iter().copied().find(simple) else {
            continue;
        };
        let (call, input) = line.split_once(" <").unwrap_or((line, ""));
        let script = match call.split_once(" -- ") {
            Some((own, of_the_child)) => {
                format!("timeout 20 {own} --json=no_such_field -- {of_the_child}")
            }
            None => format!("timeout 20 {call} --json=no_such_field"),
        };
        let script = if input.is_empty() {
            script
        } else {
            format!("{script} <{input}")
        };
        let output = Command::new("bash")
            .args(["--norc", "-c", &script])
            .env_clear()
            .envs(stage.machine.environment())
            .current_dir(stage.machine.cwd())
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let known: BTreeSet<String> = serde_json::from_str::<Value>(&stderr)
            .ok()
            .and_then(|json| json["error"]["message"].as_str().map(str::to_owned))
            .filter(|message| message.contains("unknown field"))
            .and_then(|message| Some(message.split_once("known fields: ")?.1.to_owned()))
            .map(|list| list.split(", ").map(str::to_owned).collect())
            .unwrap_or_default();
        assert_eq!(offered(&stage, words), known, "{script}: {stderr}");
    }
}

fn offered(stage: &Stage, words: &[String]) -> BTreeSet<String> {
    let mut command = Command::new(binary());
    command
        .args(["--", "deployctl"])
        .args(words)
        .arg("--json=")
        .env_clear()
        .envs(stage.machine.environment())
        .env("DEPLOYCTL_COMPLETE", "fish");
    for _ in 0..5 {
        let output = command.output().expect("the binary runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let fields: BTreeSet<String> = text
            .lines()
            .filter_map(|line| Some(line.strip_prefix("--json=")?.to_owned()))
            .collect();
        if !fields.is_empty() {
            return fields;
        }
    }
    BTreeSet::new()
}
