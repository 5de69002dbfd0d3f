//! `run` and `flush`: real commands, real signals, and a real server that goes
//! down.

#![expect(
    clippy::print_stdout,
    reason = "the tables of the final statuses are shown with --nocapture"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome, Running, Signal, binary};
use crate::support::git::{self, GitRepository};
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::support::serve::{Server, rule, serve};
use crate::world::{REPO, World, lines};

/// The timeout for events that normally take a moment.
const EVENT_TIMEOUT: Duration = Duration::from_secs(40);

/// The statuses of a deployment, oldest first, as `state: description`.
fn statuses(url: &str, id: &str) -> Vec<String> {
    let mut list = Client::new(url)
        .get(&format!("{REPO}/deployments/{id}/statuses?per_page=100"))
        .expect(200)
        .list();
    list.sort_by_key(|status| status["id"].as_u64());
    list.iter()
        .map(|status| {
            let text = |field: &str| status[field].as_str().unwrap_or_default().to_owned();
            let words = format!("{}: {}", text("state"), text("description"));
            words.trim_end_matches([':', ' ']).to_owned()
        })
        .collect()
}

fn newest(url: &str) -> String {
    ids(url).remove(0)
}

/// The ids of all deployments, newest first.
fn ids(url: &str) -> Vec<String> {
    let list = Client::new(url)
        .get(&format!("{REPO}/deployments?per_page=100"))
        .expect(200)
        .list();
    list.iter().map(|one| one["id"].to_string()).collect()
}

/// `run -e staging --ref main OPTIONS -- sh -c SCRIPT`.
fn shell<'a>(options: &[&'a str], script: &'a str) -> Vec<&'a str> {
    let mut args = vec!["run", "-e", "staging", "--ref", "main"];
    args.extend(options);
    args.extend(["--", "sh", "-c", script]);
    args
}

#[track_caller]
fn wait_for(path: &Path) -> String {
    let began = Instant::now();
    loop {
        match fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => assert!(
                began.elapsed() < EVENT_TIMEOUT,
                "{} is not there",
                path.display()
            ),
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process is running; a zombie does not count.
fn lives(pid: &str) -> bool {
    let found = Command::new("ps").args(["-o", "stat=", "-p", pid]).output();
    let state = found.map(|found| String::from_utf8_lossy(&found.stdout).trim().to_owned());
    state.is_ok_and(|state| !state.is_empty() && !state.starts_with('Z'))
}

#[track_caller]
fn wait_until_gone(pid: &str) {
    let began = Instant::now();
    while lives(pid) {
        assert!(began.elapsed() < EVENT_TIMEOUT, "{pid} is still running");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Starts runs whose scripts write `NAME.ready` and wait for the file `stop`.
fn start(world: &World, count: usize) -> Vec<Running> {
    let running = (0..count)
        .map(|number| {
            let script =
                format!("echo $$ > {number}.ready; while [ ! -e stop ]; do sleep 0.05; done");
            world.machine.command(shell(&[], &script)).spawn()
        })
        .collect();
    for number in 0..count {
        wait_for(&world.machine.cwd().join(format!("{number}.ready")));
    }
    running
}

/// Kills the runs, and lets their scripts end.
fn kill_all(world: &World, running: Vec<Running>) {
    let count = running.len();
    for one in running {
        one.signal(Signal::Kill);
        assert_eq!(one.code_when_dead(), 137);
    }
    world.machine.file("stop", "");
    for number in 0..count {
        wait_until_gone(&wait_for(
            &world.machine.cwd().join(format!("{number}.ready")),
        ));
    }
}

/// Ends a command that is still running after its deployctl was killed.
fn kill(pid: &str) {
    drop(Command::new("kill").arg(pid).status());
    wait_until_gone(pid);
}

/// A sandbox that can be stopped and restarted at the same address.
struct Mortal {
    repository: GitRepository,
    data: tempfile::TempDir,
    port: u16,
    server: Option<Server>,
}

impl Mortal {
    fn new() -> Self {
        let mut mortal = Self {
            repository: git::with_branches(),
            data: tempfile::TempDir::with_prefix("sandbox-").expect("a folder"),
            port: 0,
            server: None,
        };
        mortal.come(&[]);
        mortal
    }

    fn come(&mut self, faults: &[&str]) {
        let server = Server::on(self.data.path(), |config| {
            serve(config, &self.repository);
            config.port = self.port;
            config.faults = faults
                .iter()
                .map(|fault| fault.parse().expect("a fault"))
                .collect();
        });
        let port = server.url().rsplit(':').next().expect("a port");
        self.port = port.parse().expect("a number");
        self.server = Some(server);
    }

    fn go(&mut self) {
        self.server = None;
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A row of the table of outcomes.
struct Row {
    what: &'static str,
    code: i32,
    statuses: Vec<String>,
}

#[test]
fn every_end_is_reported_once() {
    let world = World::new();
    let url = world.server.url();
    let at = |name: &str| world.machine.cwd().join(name);
    let mut rows = Vec::new();
    let mut row = |what, code| {
        rows.push(Row {
            what,
            code,
            statuses: statuses(url, &newest(url)),
        });
    };

    for (what, script) in [
        ("exit code 0", "echo fine"),
        ("exit code 3", "echo 'smoke test failed' >&2; exit 3"),
        ("exit code 255", "exit 255"),
        ("kill -9 of the command", "kill -9 $$"),
    ] {
        row(what, world.machine.run(shell(&[], script)).code());
    }
    world.machine.file("plain", "");
    for (what, command) in [
        ("command not found", "no-such-command-anywhere"),
        ("command not executable", "./plain"),
    ] {
        let args = ["run", "-e", "staging", "--ref", "main", "--", command];
        row(what, world.machine.run(args).code());
    }
    for (what, signal, name) in [
        ("SIGINT to deployctl", Signal::Int, "int"),
        ("SIGTERM to deployctl", Signal::Term, "term"),
        ("SIGHUP to deployctl", Signal::Hup, "hup"),
    ] {
        let script = format!("echo $$ > {name}; exec sleep 60");
        let running = world.machine.command(shell(&[], &script)).spawn();
        let pid = wait_for(&at(name));
        running.signal(signal);
        row(what, running.finish().code());
        wait_until_gone(&pid);
    }
    let ended = world
        .machine
        .run(shell(&["--timeout", "500ms"], "sleep 60"));
    row("time-out", ended.code());
    let stubborn = "trap '' TERM; (trap '' TERM; while :; do sleep 60; done) & echo $! > grandchild; while :; do sleep 60; done";
    let options = ["--timeout", "500ms", "--grace", "200ms"];
    let ended = world.machine.run(shell(&options, stubborn));
    row("time-out, SIGTERM ignored", ended.code());
    wait_until_gone(&wait_for(&at("grandchild")));
    let running = world
        .machine
        .command(shell(&[], "echo $$ > killed; exec sleep 60"))
        .spawn();
    let pid = wait_for(&at("killed"));
    running.signal(Signal::Kill);
    let code = running.code_when_dead();
    assert_eq!(statuses(url, &newest(url)), ["in_progress"]);
    kill(&pid);
    let next = world.run("list").expect(0);
    assert!(
        next.stderr()
            .contains("sent a status that an earlier run had stored"),
        "{}",
        next.stderr()
    );
    row("kill -9 of deployctl", code);

    println!(
        "{:26} {:>4}  statuses on the server",
        "what happens", "exit"
    );
    for row in &rows {
        println!(
            "{:26} {:>4}  {}",
            row.what,
            row.code,
            row.statuses.join(" | ")
        );
    }
    let found: Vec<(&str, i32, String)> = rows
        .iter()
        .map(|row| (row.what, row.code, row.statuses.join(" | ")))
        .collect();
    let expected = [
        ("exit code 0", 0, "success"),
        ("exit code 3", 3, "failure: exit code 3: smoke test failed"),
        ("exit code 255", 255, "failure: exit code 255"),
        ("kill -9 of the command", 137, "error: killed by SIGKILL"),
        (
            "command not found",
            127,
            "error: 'no-such-command-anywhere' could not be started: not found",
        ),
        (
            "command not executable",
            126,
            "error: './plain' could not be started: not executable",
        ),
        ("SIGINT to deployctl", 130, "error: interrupted by SIGINT"),
        ("SIGTERM to deployctl", 143, "error: interrupted by SIGTERM"),
        ("SIGHUP to deployctl", 129, "error: interrupted by SIGHUP"),
        ("time-out", 124, "error: timed out after 0.5s"),
        (
            "time-out, SIGTERM ignored",
            124,
            "error: timed out after 0.5s and killed",
        ),
        (
            "kill -9 of deployctl",
            137,
            "error: deployctl run was killed; how the command ended is not known",
        ),
    ];
    assert_eq!(found.len(), expected.len());
    for (found, (what, code, end)) in found.iter().zip(expected) {
        assert_eq!(*found, (what, code, format!("in_progress | {end}")));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_ignored_signal_stays_ignored_and_the_command_starts_with_none() {
    let world = World::new();
    let at = |name: &str| world.machine.cwd().join(name);
    let script = "trap '' HUP INT QUIT USR1; exec \"$0\" run -e staging --ref main -- sh -c '
        grep SigIgn /proc/$$/status > masks; echo $$ > ready; until [ -e go ]; do sleep 0.05; done'";
    let running = world
        .machine
        .program("sh", ["-c", script, crate::support::cli::binary()])
        .spawn();
    let pid = wait_for(&at("ready"));
    running.signal(Signal::Hup);
    running.signal(Signal::Int);
    thread::sleep(Duration::from_millis(200));
    assert!(lives(&pid));
    world.machine.file("go", "");
    drop(running.finish().expect(0));
    let url = world.server.url();
    assert_eq!(statuses(url, &newest(url)).last().expect("one"), "success");
    let masks = fs::read_to_string(at("masks")).expect("written");
    let mask = masks.split_whitespace().last().expect("a mask");
    let mask = u64::from_str_radix(mask, 16).expect("a number");
    // The signals from 32 on are reserved for the C library.
    assert_eq!(mask & 0x7fff_ffff, 0, "{masks}");
}

#[test]
fn a_server_that_is_away_at_the_end_gets_its_status_later() {
    let mut server = Mortal::new();
    let machine = Machine::with_server(&server.url());
    let script = "echo $$ > ready; while [ ! -e go ]; do sleep 0.05; done; echo done > over";
    let running = machine.command(shell(&[], script)).spawn();
    wait_for(&machine.cwd().join("ready"));
    let id = newest(&server.url());
    server.go();
    machine.file("go", "");
    wait_for(&machine.cwd().join("over"));
    // deployctl would keep trying for half a minute; a signal cuts that short.
    thread::sleep(Duration::from_millis(500));
    running.signal(Signal::Int);
    let ended = running.finish().expect(0);
    assert!(
        ended.stderr().contains("it is stored"),
        "{}",
        ended.stderr()
    );
    assert!(
        ended.stderr().contains("deployctl flush"),
        "{}",
        ended.stderr()
    );

    let kept = machine.run(["flush", "--list", "--json"]).expect(0).json();
    assert_eq!(kept[0]["outcome"], "waiting");
    assert_eq!(kept[0]["state"], "success");
    assert_eq!(kept[0]["deployment"].to_string(), id);
    assert_eq!(kept[0]["server"], server.url());
    let tried = machine.run(["flush"]).expect(75);
    assert!(
        tried.stdout().contains("\twaiting\tsuccess\t"),
        "{}",
        tried.stdout()
    );

    server.come(&[]);
    assert_eq!(statuses(&server.url(), &id), ["in_progress"]);
    let next = machine.run(["list"]).expect(0);
    assert!(next.stdout().contains("\tactive\t"), "{}", next.stdout());
    assert!(next.stderr().contains("sent a status"), "{}", next.stderr());
    assert_eq!(statuses(&server.url(), &id), ["in_progress", "success"]);
    let again = machine.run(["flush"]).expect(0);
    assert!(
        again.stderr().contains("no reports are stored"),
        "{}",
        again.stderr()
    );
    assert_eq!(statuses(&server.url(), &id), ["in_progress", "success"]);
    println!("server away at the end, back later: in_progress | success");
}

#[test]
fn a_start_that_could_not_be_reported_does_not_stop_the_command() {
    let world = World::with(|config| {
        let down = "*/statuses=error-before:503";
        config.faults = vec![down.parse().expect("a fault")];
    });
    let script = "echo running >&2; while [ ! -e go ]; do sleep 0.05; done";
    let running = world.machine.command(shell(&[], script)).spawn();
    running.wait_for_line("could not be reported yet");
    running.wait_for_line("running");
    drop(Client::new(world.server.url()).send_unchecked("DELETE", "/_sandbox/faults", None));
    world.machine.file("go", "");
    let ended = running.finish().expect(0);
    assert!(
        ended.stderr().contains("reports success"),
        "{}",
        ended.stderr()
    );
    // The `in_progress` status is out of date by then, so it is not sent.
    let url = world.server.url();
    assert_eq!(statuses(url, &newest(url)), ["success"]);
    let left = world.run("flush").expect(0);
    assert!(
        left.stderr().contains("no reports are stored"),
        "{}",
        left.stderr()
    );
}

#[test]
fn an_answer_that_is_lost_makes_no_second_status() {
    for fault in [
        "error-after:502",
        "page-after:502",
        "reset-after",
        "reset-within",
        "truncate",
        "error-before:502",
        "reset-before",
    ] {
        let rules = [
            format!("POST */statuses:1={fault}"),
            format!("POST */statuses:3={fault}"),
        ];
        let world = World::with(|config| {
            config.faults = rules
                .iter()
                .map(|rule| rule.parse().expect("a fault"))
                .collect();
        });
        let ended = world.machine.run(shell(&[], "exit 4")).expect(4);
        let url = world.server.url();
        let found = statuses(url, &newest(url));
        println!("{fault:18} {}", found.join(" | "));
        assert_eq!(
            found,
            ["in_progress", "failure: exit code 4"],
            "{fault}: {}",
            ended.stderr()
        );
    }
}

#[test]
fn two_flushes_at_once_send_each_status_once() {
    const MANY: usize = 5;
    let world = World::with(|config| {
        let slow = "POST */statuses:6-=latency:100ms".parse().expect("a fault");
        config.faults = vec![slow];
    });
    let running = start(&world, MANY);
    kill_all(&world, running);
    let flushes: Vec<Running> = (0..2)
        .map(|_| world.machine.command(["flush"]).spawn())
        .collect();
    let ended: Vec<Outcome> = flushes.into_iter().map(Running::finish).collect();
    let sent: usize = ended
        .iter()
        .map(|one| one.stdout().matches("\tsent\t").count())
        .sum();
    for one in &ended {
        assert!([0, 75].contains(&one.code()), "{}", one.stderr());
    }
    assert_eq!(
        sent,
        MANY,
        "{} and {}",
        ended[0].stdout(),
        ended[1].stdout()
    );
    let url = world.server.url();
    for id in ids(url) {
        let found = statuses(url, &id);
        println!("{id}: {}", found.join(" | "));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[1].starts_with("error: deployctl run was killed"),
            "{found:?}"
        );
    }
    drop(world.machine.run(["flush"]).expect(0));
}

#[test]
fn killed_at_any_moment_it_is_reported_once() {
    const MANY: u64 = 12;
    let world = World::with(|config| {
        let slow = "POST */statuses=latency:150ms".parse().expect("a fault");
        config.faults = vec![slow];
    });
    let url = world.server.url();
    // Each machine has a separate home, so that none reports for another.
    let machines: Vec<Machine> = (0..MANY).map(|_| Machine::with_server(url)).collect();
    for (number, machine) in machines.iter().enumerate() {
        // Each run has a different task, so that its deployment is unambiguous.
        let task = format!("deploy-{number}");
        let running = machine.command(shell(&["--task", &task], "exit 0")).spawn();
        let began = Instant::now();
        while ids(url).len() <= number {
            assert!(began.elapsed() < EVENT_TIMEOUT, "nothing is requested");
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(50) * u32::try_from(number).expect("few"));
        running.signal(Signal::Kill);
        let _ = running.code_when_dead();
    }
    let flushes: Vec<Running> = machines
        .iter()
        .map(|machine| machine.command(["flush"]).spawn())
        .collect();
    for flush in flushes {
        drop(flush.finish().expect(0));
    }
    let mut ends = std::collections::BTreeMap::<String, usize>::new();
    for id in ids(url) {
        let found = statuses(url, &id);
        // A later success makes an earlier deployment inactive.
        let own: Vec<&String> = found.iter().filter(|one| *one != "inactive").collect();
        let end = own.last().map_or("(none)", |end| end.as_str());
        *ends.entry(end.to_owned()).or_default() += 1;
        let finals = own.iter().filter(|one| **one != "in_progress").count();
        assert_eq!(finals, 1, "{id}: {found:?}");
        assert_ne!(end, "in_progress", "{id}: {found:?}");
    }
    for (end, count) in &ends {
        println!("killed at any moment: {count:>2} {end}");
    }
}

/// Starts a run whose request reaches the server but gets no response, and
/// kills it while it waits.
fn killed_while_it_requests(world: &World, options: &[&str]) {
    let before = ids(world.server.url()).len();
    let running = world.machine.command(shell(options, "touch ran")).spawn();
    let began = Instant::now();
    while ids(world.server.url()).len() == before {
        assert!(began.elapsed() < EVENT_TIMEOUT, "nothing is requested");
        thread::sleep(Duration::from_millis(5));
    }
    running.signal(Signal::Kill);
    assert_eq!(running.code_when_dead(), 137);
}

/// A sandbox with these faults, which create the deployments but never respond.
fn silent(faults: &[&str]) -> World {
    World::with(|config| {
        config.faults = faults
            .iter()
            .map(|fault| fault.parse().expect("a fault"))
            .collect();
    })
}

#[test]
fn killed_before_the_response_its_deployment_is_found_and_reported() {
    let world = silent(&["POST */deployments:1=hang-after"]);
    let url = world.server.url();
    killed_while_it_requests(&world, &["--log-url", "https://log.example/1"]);
    let id = newest(url);
    assert_eq!(statuses(url, &id), Vec::<String>::new());
    // Right after the run it is not certain that the deployment is the run's
    // own.
    let listed = world.machine.run(["flush", "--list"]).expect(0);
    assert!(
        listed.stderr().contains("while it requested a deployment"),
        "{}",
        listed.stderr()
    );
    drop(world.run("list").expect(0));
    assert_eq!(statuses(url, &id), Vec::<String>::new());
    let flushed = world.machine.run(["flush", "--json"]).expect(0);
    let records = flushed.json();
    assert_eq!(records[0]["deployment"].to_string(), id);
    assert_eq!(records[0]["outcome"], "sent");
    let end = "error: deployctl run was killed or gave up before its command was started";
    assert_eq!(statuses(url, &id), [end]);
    let list = Client::new(url)
        .get(&format!("{REPO}/deployments/{id}/statuses"))
        .expect(200)
        .list();
    assert_eq!(list[0]["log_url"], "https://log.example/1");
    assert!(!world.machine.cwd().join("ran").exists());
    let again = world.machine.run(["flush"]).expect(0);
    assert!(
        again.stderr().contains("no reports are stored"),
        "{}",
        again.stderr()
    );
}

#[test]
fn a_deployment_that_may_belong_to_another_run_is_left_alone() {
    let world = silent(&[
        "POST */deployments:1=hang-after",
        "POST */deployments:3-4=hang-after",
        "POST */deployments:5=hang-before",
    ]);
    let url = world.server.url();
    let wish = |task: &str| {
        serde_json::json!({
            "ref": "main", "environment": "staging", "task": task, "auto_merge": false,
            "production_environment": false,
        })
    };
    killed_while_it_requests(&world, &["--task", "twice"]);
    let other = world.post("/deployments", &wish("twice"))["id"].to_string();
    killed_while_it_requests(&world, &["--task", "in-hand"]);
    let in_hand = newest(url);
    let queued = serde_json::json!({"state": "queued"});
    world.post(&format!("/deployments/{in_hand}/statuses"), &queued);
    killed_while_it_requests(&world, &["--task", "gone"]);
    let gone = newest(url);
    drop(
        Client::new(url)
            .delete(&format!("{REPO}/deployments/{gone}"))
            .expect(204),
    );
    let running = world
        .machine
        .command(shell(&["--task", "never-made"], "true"))
        .spawn();
    let began = Instant::now();
    while world.proxy.matching("POST", "*/deployments").len() < 4 {
        assert!(began.elapsed() < EVENT_TIMEOUT, "nothing is requested");
        thread::sleep(Duration::from_millis(5));
    }
    running.signal(Signal::Kill);
    assert_eq!(running.code_when_dead(), 137);
    let flushed = world.machine.run(["flush", "-v"]).expect(1);
    assert_eq!(flushed.stdout(), "");
    let talk = flushed.stderr();
    let unclear = talk
        .lines()
        .find(|line| line.contains("is unclear whether it is"));
    assert!(unclear.is_some_and(|line| line.contains(&other)), "{talk}");
    let taken = format!("it is deployment {in_hand}, on which another deployer reports");
    assert!(talk.contains(&taken), "{talk}");
    assert_eq!(talk.matches("none was created").count(), 2, "{talk}");
    for id in ids(url) {
        let expected: &[&str] = if id == in_hand { &["queued"] } else { &[] };
        assert_eq!(statuses(url, &id), expected, "{id}");
    }
    let again = world.machine.run(["flush"]).expect(0);
    assert!(
        again.stderr().contains("no reports are stored"),
        "{}",
        again.stderr()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_that_outlives_its_deployctl_is_reported_when_it_has_ended() {
    let world = World::new();
    let running = start(&world, 1).remove(0);
    running.signal(Signal::Kill);
    assert_eq!(running.code_when_dead(), 137);
    let pid = wait_for(&world.machine.cwd().join("0.ready"));
    assert!(lives(&pid), "the command is still running");
    let url = world.server.url();
    let id = newest(url);
    drop(world.run("list").expect(0));
    drop(world.run("flush --list").expect(0));
    let flushed = world.run("flush").expect(8);
    let words = format!("the command of deployment {id} is still running as process {pid}");
    assert!(flushed.stderr().contains(&words), "{}", flushed.stderr());
    assert_eq!(statuses(url, &id), ["in_progress"]);
    world.machine.file("stop", "");
    wait_until_gone(&pid);
    drop(world.run("list").expect(0));
    let end = "error: deployctl run was killed; how the command ended is not known";
    assert_eq!(statuses(url, &id), ["in_progress", end]);
}

#[test]
fn a_deployment_that_an_agent_has_is_not_carried_out_a_second_time() {
    let world = World::new();
    let claim = |holds: u32| {
        let words = format!("claimed by web-1 (00ff00ff00ff) for {holds} s");
        serde_json::json!({"state": "in_progress", "description": words})
    };
    let id = world.create("--ref main -e staging");
    world.post(&format!("/deployments/{id}/statuses"), &claim(600));
    let refused = world
        .run(&format!("run --deployment {id} -- touch ran"))
        .expect(8);
    assert!(
        refused.stderr().contains("the agent web-1 has claimed"),
        "{}",
        refused.stderr()
    );
    // An agent whose claim has expired may have stopped.
    let other = world.create("--ref main -e staging --task other");
    world.post(&format!("/deployments/{other}/statuses"), &claim(0));
    thread::sleep(Duration::from_millis(1100));
    drop(
        world
            .run(&format!("run --deployment {other} -- true"))
            .expect(0),
    );
    assert!(!world.machine.cwd().join("ran").exists());
    drop(world.run("flush").expect(0));
    assert_eq!(statuses(world.server.url(), &id).len(), 1);
}

#[test]
fn a_deployment_that_has_had_another_end_is_not_set_back() {
    let world = World::new();
    let running = start(&world, 2);
    kill_all(&world, running);
    let url = world.server.url();
    let all = ids(url);
    for (id, state) in all.iter().zip(["success", "inactive"]) {
        let body = serde_json::json!({"state": state, "description": "by hand"});
        drop(Client::new(url).post(&format!("{REPO}/deployments/{id}/statuses"), &body));
    }
    let flushed = world.machine.run(["flush", "--json"]).expect(0).json();
    for record in flushed.as_array().expect("an array") {
        assert_eq!(record["outcome"], "dropped", "{record}");
    }
    assert_eq!(statuses(url, &all[0]), ["in_progress", "success: by hand"]);
    assert_eq!(statuses(url, &all[1]), ["in_progress", "inactive: by hand"]);
}

#[test]
fn what_is_refused_for_good_is_shown_and_can_be_dropped() {
    let world = World::new();
    kill_all(&world, start(&world, 1));
    let url = world.server.url();
    let id = newest(url);
    drop(
        Client::new(url)
            .delete(&format!("{REPO}/deployments/{id}"))
            .expect(204),
    );
    let flushed = world.machine.run(["flush"]).expect(1);
    assert!(
        flushed.stdout().contains("\trefused\terror\t"),
        "{}",
        flushed.stdout()
    );
    let listed = world
        .machine
        .run(["flush", "--list", "--json"])
        .expect(0)
        .json();
    assert_eq!(listed[0]["outcome"], "refused");
    let kept = listed[0]["id"].to_string();
    world.proxy.forget();
    drop(world.run("list").expect(0));
    assert!(
        world
            .proxy
            .requests()
            .iter()
            .all(|one| !one.path().contains("statuses")),
        "it is not tried again"
    );
    drop(world.machine.run(["flush", "--drop", "4711"]).expect(3));
    drop(world.machine.run(["flush", "--drop", &kept]).expect(0));
    drop(world.machine.run(["flush"]).expect(0));
}

#[test]
fn a_token_that_is_refused_keeps_the_status_for_a_better_one() {
    let world = World::with(|config| config.tokens = vec![rule("old=revoked")]);
    kill_all(&world, start(&world, 1));
    let (kept, machine) = (newest(world.server.url()), &world.machine);
    let home = machine.home();
    let revoked = Machine::with_server(world.server.url())
        .env("DEPLOYCTL_TOKEN", "old")
        .env("HOME", &home)
        .env("XDG_STATE_HOME", home.join("state"));
    // A different address counts as a different server, and no reports are
    // stored for it.
    let other = revoked
        .run(["flush", "-R", "octocat/hello-world"])
        .expect(0);
    assert!(
        other.stderr().contains("no reports are stored"),
        "{}",
        other.stderr()
    );
    let lost = revoked.without("DEPLOYCTL_API_URL");
    let unknown = lost.run(["flush"]).expect(4);
    let hint = format!("set DEPLOYCTL_API_URL={}", world.proxy.url());
    assert!(unknown.stderr().contains(&hint), "{}", unknown.stderr());
    let same = lost.env("DEPLOYCTL_API_URL", world.proxy.url());
    drop(same.run(["flush"]).expect(4));
    assert_eq!(statuses(world.server.url(), &kept), ["in_progress"]);
    drop(machine.run(["flush"]).expect(0));
    assert_eq!(statuses(world.server.url(), &kept).len(), 2);
}

#[test]
fn a_plain_run_is_four_requests_and_its_output_is_the_commands() {
    let world = World::new();
    let script = "printf 'a\\tb\\r\\nno end'; echo talk >&2";
    let ended = world
        .machine
        .run(shell(&["--log-url", "https://log.example/1"], script))
        .expect(0);
    assert_eq!(ended.stdout(), "a\tb\r\nno end");
    assert!(ended.stderr().contains("talk\n"), "{}", ended.stderr());
    let id = newest(world.server.url());
    let of = |path: &str| format!("POST {REPO}/deployments{path}");
    let status = of(&format!("/{id}/statuses"));
    assert_eq!(
        lines(&world.proxy.requests()),
        [
            of(""),
            status.clone(),
            // Checks whether an agent was first.
            status.replace("POST", "GET"),
            status
        ]
    );

    // An empty outbox costs no requests.
    world.proxy.forget();
    drop(world.run("list").expect(0));
    let with_outbox = world.proxy.requests().len();
    let fresh = Machine::with_server(&world.proxy.url());
    world.proxy.forget();
    drop(fresh.run(["list"]).expect(0));
    assert_eq!(world.proxy.requests().len(), with_outbox);
}

#[test]
fn the_command_knows_what_it_deploys_and_may_say_how_it_went() {
    let world = World::new();
    let script = r#"
        echo "$DEPLOYCTL_ENVIRONMENT $DEPLOYCTL_REF $DEPLOYCTL_TASK $DEPLOYCTL_SHA"
        cat "$DEPLOYCTL_PAYLOAD"; echo
        ls -ld "$(dirname "$DEPLOYCTL_OUTPUT")" | cut -c1-10
        echo "$DEPLOYCTL_OUTPUT" > where
        echo "$DEPLOYCTL_DEPLOYMENT_ID" > id
        {
            echo "environment_url=https://staging.example/x?y=z"
            echo "log_url=https://log.example/2"
            printf 'description<<EOF\nall is\nwell\nEOF\n'
            echo "colour=red"
        } >> "$DEPLOYCTL_OUTPUT"
    "#;
    let options = ["--field", "region=eu", "--task", "deploy:$(id)"];
    let ended = world.machine.run(shell(&options, script)).expect(0);
    let sha = world.repository.sha("main");
    let expected = format!("staging main deploy:$(id) {sha}\n{{\"region\":\"eu\"}}\ndrwx------\n");
    assert_eq!(ended.stdout(), expected);
    assert!(
        ended.stderr().contains("\"colour\" is not known"),
        "{}",
        ended.stderr()
    );
    let id = wait_for(&world.machine.cwd().join("id"));
    let list = Client::new(world.server.url())
        .get(&format!("{REPO}/deployments/{id}/statuses"))
        .expect(200)
        .list();
    assert_eq!(list[0]["environment_url"], "https://staging.example/x?y=z");
    assert_eq!(list[0]["log_url"], "https://log.example/2");
    assert_eq!(list[0]["description"], "all is well");
    let output = PathBuf::from(wait_for(&world.machine.cwd().join("where")));
    assert!(
        !output.parent().expect("a folder").exists(),
        "the folder is removed"
    );
}

#[test]
fn an_address_in_the_output_is_the_environments() {
    let world = World::new();
    let script = "echo https://first.example; echo see https://no.example; echo https://last.example/; echo done";
    let options = [
        "--environment-url-from-stdout",
        "--json=id,state,latest_status",
    ];
    let ended = world.machine.run(shell(&options, script)).expect(0);
    let (output, record) = ended.stdout().trim_end().rsplit_once('\n').expect("lines");
    assert!(output.ends_with("https://last.example/\ndone"), "{output}");
    let record: Value = serde_json::from_str(record).expect("JSON");
    assert_eq!(record["state"], "active");
    assert_eq!(
        record["latest_status"]["environment_url"],
        "https://last.example/"
    );
}

#[test]
fn json_stands_on_a_line_of_its_own() {
    let world = World::new();
    let ended = world
        .machine
        .run(shell(&["--json=state"], "printf 'no end'; exit 5"))
        .expect(5);
    assert_eq!(ended.stdout(), "no end\n{\"state\":\"failure\"}\n");
    let error: Value = serde_json::from_str(ended.stderr()).expect("JSON");
    assert_eq!(error["error"]["exit_code"], 5);
    assert_eq!(error["error"]["code"], "deployment_failed");
}

#[test]
fn one_stream_for_both_outputs_keeps_their_order() {
    let world = World::new();
    let script = "for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done; exit 1";
    let args = shell(&["--quiet"], script);
    let output = Command::new("sh")
        .args(["-c", "exec \"$0\" \"$@\" 2>&1", binary()])
        .args(args)
        .env_clear()
        .envs(world.machine.environment())
        .current_dir(world.machine.cwd())
        .output()
        .expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = text.lines().collect();
    let expected: Vec<String> = (1..=5)
        .flat_map(|i| [format!("out {i}"), format!("err {i}")])
        .collect();
    assert_eq!(lines[..10], expected, "{text}");
    let url = world.server.url();
    assert_eq!(
        statuses(url, &newest(url))[1],
        "failure: exit code 1: err 5"
    );
}

#[test]
fn background_processes_do_not_delay_the_end() {
    let world = World::new();
    let script = "(exec sleep 60 > /dev/null) & echo $! > left; echo last words >&2; exit 2";
    let ended = world.machine.run(shell(&[], script)).expect(2);
    assert!(
        ended.elapsed < Duration::from_secs(30),
        "{:?}",
        ended.elapsed
    );
    let url = world.server.url();
    let found = statuses(url, &newest(url));
    assert_eq!(found[1], "failure: exit code 2: last words");
    let left = wait_for(&world.machine.cwd().join("left"));
    assert!(lives(&left), "a command may start a process that stays");
    drop(Command::new("kill").arg(&left).status());
}

#[test]
fn a_server_that_the_command_leaves_behind_goes_on() {
    let world = World::new();
    // After deployctl has exited, it writes more than a pipe holds.
    let script = "(while [ ! -e gone ]; do sleep 0.02; done
        line=$(printf '%01000d' 0); i=0
        while [ $i -lt 200 ]; do i=$((i+1)); echo $line; echo $line >&2; done
        echo ended > ended) & echo started";
    let ended = world.machine.run(shell(&[], script)).expect(0);
    let warning = "--no-capture";
    assert!(ended.stderr().contains(warning), "{}", ended.stderr());
    world.machine.file("gone", "");
    assert_eq!(wait_for(&world.machine.cwd().join("ended")), "ended");

    let plain = world.machine.run(shell(&[], "echo done >&2")).expect(0);
    assert!(
        !plain.stderr().contains("--no-capture"),
        "{}",
        plain.stderr()
    );
}

#[test]
fn a_url_or_a_description_that_is_refused_costs_no_final_status() {
    let refuse = |field: &str| {
        Fault::Answer(Answer::json(
            422,
            &json!({"message": "Validation Failed", "errors": [
                {"resource": "DeploymentStatus", "code": "custom", "field": field,
                 "message": format!("{field} is not acceptable")}]}),
        ))
    };
    let script = "echo environment_url=https://app.example >> $DEPLOYCTL_OUTPUT
        echo log_url=https://log.example >> $DEPLOYCTL_OUTPUT
        echo description=fine >> $DEPLOYCTL_OUTPUT";
    for (field, left) in [
        ("environment_url", ["", "https://log.example", "fine"]),
        ("target_url", ["https://app.example", "", "fine"]),
        (
            "description",
            ["https://app.example", "https://log.example", ""],
        ),
    ] {
        let world = World::new();
        world
            .proxy
            .fault("POST", "*/statuses", 2..=2, refuse(field));
        let ended = world.machine.run(shell(&[], script)).expect(0);
        let url = world.server.url();
        let status = Client::new(url)
            .get(&format!("{REPO}/deployments/{}/statuses", newest(url)))
            .expect(200)
            .list()
            .remove(0);
        assert_eq!(status["state"], "success", "{field}");
        let found = ["environment_url", "log_url", "description"].map(|name| status[name].clone());
        assert_eq!(found, left, "{field}");
        let warning = "is reported without its";
        assert!(ended.stderr().contains(warning), "{}", ended.stderr());
    }

    // A stored status is retried in the same way.
    let world = World::new();
    world
        .proxy
        .fault("POST", "*/statuses", 2.., Fault::ResetBefore);
    drop(world.machine.run(shell(&[], script)).expect(0));
    world.proxy.heal();
    world
        .proxy
        .fault("POST", "*/statuses", 1..=1, refuse("log_url"));
    let flushed = world.run("flush --json").expect(0);
    assert_eq!(flushed.json()[0]["outcome"], "sent");
    let reason = flushed.json()[0]["reason"].to_string();
    assert!(reason.contains("without its log_url"), "{reason}");
    assert!(
        flushed.stderr().contains("warning:"),
        "{}",
        flushed.stderr()
    );
    let url = world.server.url();
    assert_eq!(statuses(url, &newest(url))[1], "success: fine");

    // A request that is refused for another reason is not retried.
    let world = World::new();
    world
        .proxy
        .fault("POST", "*/statuses", 2.., refuse("state"));
    let ended = world.machine.run(shell(&[], script)).expect(0);
    assert!(
        ended.stderr().contains("refuses the end"),
        "{}",
        ended.stderr()
    );
    assert_eq!(world.proxy.matching("POST", "*/statuses").len(), 2);
}

#[test]
fn parallel_deployments_leave_each_other_active() {
    let world = World::new();
    for _ in 0..2 {
        drop(
            world
                .run("run -e staging --ref main --no-auto-inactive -- true")
                .expect(0),
        );
    }
    let states = |world: &World| -> Vec<Value> {
        world
            .list()
            .iter()
            .map(|one| one["state"].clone())
            .collect()
    };
    assert_eq!(states(&world), ["active", "active"]);
    drop(world.run("run -e staging --ref main -- true").expect(0));
    assert_eq!(states(&world), ["active", "inactive", "inactive"]);
}

#[test]
fn a_command_without_its_dashes_is_shown_with_them() {
    let world = World::new();
    for (line, tip) in [
        (
            "run -e staging ./deploy.sh --fast",
            "deployctl run -e staging -- ./deploy.sh --fast",
        ),
        ("run -e staging", "deployctl run -e staging -- ./deploy.sh"),
    ] {
        let refused = world.run(line).expect(2);
        assert!(refused.stderr().contains(tip), "{}", refused.stderr());
    }
    let other = world.run("run --nonsense -- true").expect(2);
    assert!(
        !other.stderr().contains("'--' before"),
        "{}",
        other.stderr()
    );
}

#[test]
fn a_deployment_that_is_there_can_be_taken() {
    let world = World::new();
    let id = world.create("--ref main -e staging");
    let take = |id: &str, script: &str| {
        world
            .machine
            .run(["run", "--deployment", id, "--", "sh", "-c", script])
    };
    drop(take(&id, "exit 1").expect(1));
    let again = take(&id, "exit 0").expect(0);
    assert!(
        again.stderr().contains("already ended in failure"),
        "{}",
        again.stderr()
    );
    let url = world.server.url();
    let expected = [
        "in_progress",
        "failure: exit code 1",
        "in_progress",
        "success",
    ];
    assert_eq!(statuses(url, &id), expected);
    let ended = take(&id, "echo run >&2").expect(1);
    assert!(
        ended.stderr().contains("has already ended"),
        "{}",
        ended.stderr()
    );
    assert_eq!(statuses(url, &id).len(), 4);
    drop(take("4711", "exit 0").expect(3));
    drop(world.run("run --deployment 1 -e staging -- true").expect(2));
}

#[test]
fn an_end_like_an_earlier_one_is_reported_all_the_same() {
    let world = World::new();
    let id = world.create("--ref main -e staging");
    drop(
        world
            .run(&format!("run --deployment {id} -- false"))
            .expect(1),
    );
    // The second run is killed, so flush looks for its status on the server
    // before sending it.
    let running = world
        .machine
        .command([
            "run",
            "--deployment",
            &id,
            "--",
            "sh",
            "-c",
            "echo $$ > again; exec sleep 60",
        ])
        .spawn();
    let pid = wait_for(&world.machine.cwd().join("again"));
    running.signal(Signal::Kill);
    assert_eq!(running.code_when_dead(), 137);
    kill(&pid);
    drop(world.run("flush").expect(0));
    let found = statuses(world.server.url(), &id);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found[3].contains("was killed"), "{found:?}");
}

#[test]
fn with_unique_nothing_is_run_a_second_time() {
    let world = World::new();
    let run = |script: &str| world.machine.run(shell(&["--unique"], script));
    drop(run("echo once >> ran").expect(0));
    let again = run("echo twice >> ran").expect(0);
    assert!(
        again.stderr().contains("nothing was run"),
        "{}",
        again.stderr()
    );
    assert_eq!(wait_for(&world.machine.cwd().join("ran")), "once");
    let id = world.create("--ref topic -e staging");
    let line = "run -e staging --ref topic --unique -- true";
    let pending = world.run(line).expect(8);
    assert!(pending.stderr().contains(&id), "{}", pending.stderr());
}

#[test]
fn nothing_is_run_that_could_not_be_requested_or_reported() {
    let world = World::with(|config| {
        config.tokens = vec![rule("reader=deployments:read")];
    });
    let id = world.create("--ref main -e staging");
    let reader = Machine::with_server(world.server.url()).env("DEPLOYCTL_TOKEN", "reader");
    let args = ["run", "--deployment", &id, "--", "touch", "ran"];
    let refused = reader.run(args);
    assert!([3, 5].contains(&refused.code()), "{}", refused.stderr());
    assert!(
        refused.stderr().contains("nothing was run"),
        "{}",
        refused.stderr()
    );
    drop(reader.run(shell(&[], "touch ran")).expect(5));
    drop(
        world
            .machine
            .run(["run", "--ref", "nowhere", "--", "touch", "ran"])
            .expect(1),
    );
    for line in [
        "run -e staging --ref main",
        "run --heartbeat 30s -- true",
        "run --timeout soon -- true",
    ] {
        drop(world.run(line).expect(2));
    }
    for machine in [&reader, &world.machine] {
        assert!(!machine.cwd().join("ran").exists());
    }
    let left = reader.run(["flush"]).expect(0);
    assert!(
        left.stderr().contains("no reports are stored"),
        "{}",
        left.stderr()
    );
}

#[test]
fn a_second_signal_kills_and_still_reports() {
    let world = World::new();
    // While it forks, dash may lose a signal, so it forks before it reports
    // that it is ready.
    let script = "trap 'echo no > refused' TERM; (trap '' TERM; exec sleep 60) & \
        echo $$ > ready; while :; do wait; done";
    let running = world
        .machine
        .command(shell(&["--grace", "1h"], script))
        .spawn();
    let pid = wait_for(&world.machine.cwd().join("ready"));
    running.signal(Signal::Term);
    wait_for(&world.machine.cwd().join("refused"));
    running.signal(Signal::Term);
    drop(running.finish().expect(143));
    wait_until_gone(&pid);
    let url = world.server.url();
    let found = statuses(url, &newest(url));
    assert_eq!(found.len(), 2, "{found:?}");
    let end = "error: interrupted by SIGTERM and killed";
    assert!(found[1].starts_with(end), "{found:?}");
}

#[test]
fn it_works_on_the_sandbox_and_survives_its_own_death_there() {
    let repository = git::with_branches();
    let machine = Machine::new().at(repository.path());
    let args = |script| {
        let mut args = vec!["--sandbox"];
        args.extend(shell(&[], script));
        args
    };
    drop(machine.run(args("exit 0")).expect(0));
    let ready = machine.home().join("ready");
    let script = format!("echo $$ > {}; exec sleep 60", ready.display());
    let running = machine.command(args(&script)).spawn();
    let pid = wait_for(&ready);
    running.signal(Signal::Kill);
    assert_eq!(running.code_when_dead(), 137);
    kill(&pid);
    let listed = machine.run(["--sandbox", "flush", "--list"]).expect(0);
    assert!(
        listed.stdout().contains("\twaiting\terror\t"),
        "{}",
        listed.stdout()
    );
    drop(machine.run(["flush"]).expect(0));
    let states = machine
        .run(["--sandbox", "list", "--jsonl", "-q", ".state"])
        .expect(0);
    assert_eq!(states.stdout(), "error\nactive\n");
}

#[test]
fn without_a_home_it_warns_and_works() {
    let world = World::new();
    let bare = Machine::with_server(world.server.url())
        .without("HOME")
        .without("XDG_STATE_HOME");
    let ended = bare.run(shell(&[], "exit 6")).expect(6);
    assert!(
        ended.stderr().contains("reports cannot be stored"),
        "{}",
        ended.stderr()
    );
    let url = world.server.url();
    assert_eq!(
        statuses(url, &newest(url)),
        ["in_progress", "failure: exit code 6"]
    );
}

#[test]
fn the_command_has_the_terminal() {
    let world = World::new();
    let script =
        "test -t 0 && test -t 1 && test -t 2 && echo on a terminal; read line; echo got $line";
    let mut terminal = Terminal::start(&world.machine, shell(&[], script));
    terminal.wait_for("on a terminal");
    terminal.press("some words\r");
    terminal.wait_for("got some words");
    drop(terminal.finish().expect(0));

    // If its output passes through deployctl, it gets the terminal when it
    // reads from it.
    let script = "echo ready; read line; echo got $line";
    let options = ["--environment-url-from-stdout"];
    let mut terminal = Terminal::start(&world.machine, shell(&options, script));
    terminal.wait_for("ready");
    terminal.press("more words\r");
    terminal.wait_for("got more words");
    drop(terminal.finish().expect(0));
}

/// Waits, in a shell, until the shell is in the foreground.
const ON_TERMINAL: &str = "until ps -o stat= -p $$ | grep -q +; do sleep 0.05; done; echo ready";

#[test]
fn ctrl_c_goes_to_the_command_and_ctrl_z_hangs_nothing() {
    let world = World::new();
    let script = format!("{ON_TERMINAL}; exec sleep 60");
    let mut terminal = Terminal::start(&world.machine, shell(&[], &script));
    terminal.wait_for("ready");
    terminal.press("\u{3}");
    drop(terminal.finish().expect(130));
    let url = world.server.url();
    assert_eq!(
        statuses(url, &newest(url)),
        ["in_progress", "error: killed by SIGINT"]
    );

    let script =
        format!("trap 'kill $!; echo stopping; exit 0' INT; {ON_TERMINAL}; sleep 60 & wait");
    let mut terminal = Terminal::start(&world.machine, shell(&[], &script));
    terminal.wait_for("ready");
    terminal.press("\u{3}");
    let ending = terminal.finish().expect(0);
    assert_eq!(
        ending.screen.matches("stopping").count(),
        1,
        "{}",
        ending.screen
    );

    // There is no shell that could resume it, so nothing stays stopped.
    let script = format!("{ON_TERMINAL}; read line; echo got $line");
    let mut terminal = Terminal::start(&world.machine, shell(&[], &script));
    terminal.wait_for("ready");
    terminal.press("\u{1a}");
    terminal.wait_for("^Z");
    terminal.press("some words\r");
    terminal.wait_for("got some words");
    drop(terminal.finish().expect(0));
}
