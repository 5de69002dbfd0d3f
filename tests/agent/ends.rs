//! How commands and agents end, and what the agent reports about it.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cli::Signal;
use crate::support::proxy::{Answer, Fault};
#[cfg(target_os = "linux")]
use crate::support::skipped;
use crate::world::{Agent, Folder, Site, rule, text, until};

fn deliver(site: &Site, folder: &Folder, environment: &str) -> u64 {
    let id = site.create(environment);
    let answer = folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    id
}

fn last(site: &Site, id: u64) -> Value {
    let finals = site.finals(id);
    assert_eq!(finals.len(), 1, "{id}: {finals:?}");
    finals[0].clone()
}

#[test]
fn each_end_has_its_status() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        "settle = \"0s\"
LISTEN
[[rule]]
environment = \"good\"
command = [\"./good.sh\"]
log_url = \"https://logs.example.com/{deployment_id}\"
environment_url = \"https://{environment}.example.com/{ref}\"
[[rule]]
environment = \"bad\"
shell = \"echo working; echo 'no room left' >&2; exit 4\"
environment_url = \"https://{environment}.example.com\"
[[rule]]
environment = \"slow\"
shell = \"exec sleep 60\"
timeout = \"0.3s\"
[[rule]]
environment = \"missing\"
command = [\"./missing.sh\"]
[[rule]]
environment = \"killed\"
shell = \"kill -9 $$\"
[[rule]]
environment = \"talks\"
shell = \"echo environment_url=https://own.example.com >> $DEPLOYCTL_OUTPUT; echo description=done well >> $DEPLOYCTL_OUTPUT\"
environment_url = \"https://{environment}.example.com\"
",
    );
    let script = folder.path.join("good.sh");
    std::fs::write(&script, "#!/bin/sh\necho hello from $DEPLOYCTL_REPO\n").expect("written");
    let made = std::process::Command::new("chmod")
        .arg("+x")
        .arg(script)
        .status();
    assert!(made.expect("chmod").success());
    let agent = site.start(&folder);
    let expected = [
        ("good", "success", "", "https://good.example.com/main"),
        ("bad", "failure", "exit code 4: no room left", ""),
        ("slow", "error", "timed out after 0.3s", ""),
        (
            "missing",
            "error",
            "'./missing.sh' could not be started: not found",
            "",
        ),
        ("killed", "error", "killed by SIGKILL", ""),
        ("talks", "success", "done well", "https://own.example.com"),
    ];
    let ids = expected.map(|(environment, ..)| deliver(&site, &folder, environment));
    site.wait_for_ends(&ids, Duration::from_secs(50));
    for (id, (environment, state, description, url)) in ids.iter().zip(expected) {
        let status = last(&site, *id);
        assert_eq!(text(&status, "state"), state, "{environment}: {status}");
        assert_eq!(text(&status, "description"), description, "{environment}");
        assert_eq!(text(&status, "environment_url"), url, "{environment}");
    }
    let log_url = format!("https://logs.example.com/{}", ids[0]);
    for status in site.statuses(ids[0]) {
        assert_eq!(text(&status, "log_url"), log_url, "from the claim onwards");
    }
    let log = folder.path.join(format!("state/logs/{}.log", ids[0]));
    let log = std::fs::read_to_string(log).expect("a log");
    assert_eq!(log, "hello from octocat/hello-world\n");
    drop(agent.stop().expect(0));
}

#[test]
fn an_agent_that_is_to_stop_lets_commands_end() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("sleep 1", "")),
    );
    let agent = site.start(&folder);
    let running = deliver(&site, &folder, "staging");
    until("it runs", || site.runs().contains_key(&running));
    let waiting = deliver(&site, &folder, "staging");
    agent.running.signal(Signal::Term);
    agent.running.wait_for_line("agent is stopping");
    // A delivery that arrives now is kept for the next start.
    let late = deliver(&site, &folder, "review");
    let health = folder.client().send_unchecked("GET", "/healthz", None);
    assert_eq!(
        (health.status, health.json()["status"].as_str()),
        (503, Some("stopping"))
    );
    drop(agent.running.finish().expect(0));
    assert_eq!(text(&last(&site, running), "state"), "success");
    assert_eq!(site.runs().len(), 1, "nothing more was started");
    let agent = site.start(&folder);
    site.wait_for_ends(&[waiting, late], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    assert_eq!(site.runs().into_values().collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn what_takes_too_long_is_ended_and_reported() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\ngrace = \"0.2s\"\nLISTEN\n{}",
            rule("exec sleep 60", "")
        ),
    );
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "staging");
    until("it runs", || site.runs().contains_key(&id));
    drop(agent.stop().expect(143));
    let status = last(&site, id);
    assert_eq!(text(&status, "state"), "error");
    assert_eq!(text(&status, "description"), "stopped: the agent was ended");
}

#[test]
fn commands_of_a_killed_agent_are_ended_reported_and_never_run_again() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule("sleep 300 & echo $! > ../left; wait", "")
        ),
    );
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "staging");
    let left = site.machine.cwd().join("left");
    until("it runs", || {
        std::fs::read_to_string(&left).is_ok_and(|pid| pid.ends_with('\n'))
    });
    let pid = std::fs::read_to_string(&left)
        .expect("a process")
        .trim()
        .to_owned();
    let lives = || Path::new("/proc").join(&pid).join("exe").exists();
    agent.kill();
    assert!(!cfg!(target_os = "linux") || lives());
    let agent = site.start(&folder);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    let status = last(&site, id);
    assert_eq!(text(&status, "state"), "error");
    assert!(
        text(&status, "description").starts_with("the agent was killed"),
        "{status}"
    );
    until("the remaining processes are killed", || !lives());
    assert_eq!(site.runs()[&id], 1);
    drop(agent.stop().expect(0));
}

#[test]
fn a_final_status_survives_an_outage_and_a_restart() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("sleep 0.5", "")),
    );
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "staging");
    until("it runs", || site.runs().contains_key(&id));
    let html = Answer::html(503, "<html><title>Unicorn!</title></html>");
    site.proxy.fault("*", "*", 1.., Fault::Answer(html));
    until("it is kept", || folder.metric("outbox_statuses") == 1);
    agent.kill();
    site.proxy.heal();
    let agent = site.start(&folder);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    assert_eq!(text(&last(&site, id), "state"), "success");
    until("nothing is kept any more", || {
        folder.metric("outbox_statuses") == 0
    });
    drop(agent.stop().expect(0));
    assert_eq!(site.runs()[&id], 1);
}

/// Starts an agent that could not report the end of a deployment and is still
/// running.
fn owing(site: &Site, folder: &Folder) -> (Agent, u64) {
    let agent = site.start(folder);
    let id = deliver(site, folder, "staging");
    until("it runs", || site.runs().contains_key(&id));
    let html = Answer::html(503, "<html><title>Unicorn!</title></html>");
    site.proxy.fault("*", "*", 1.., Fault::Answer(html));
    until("it is kept", || folder.metric("outbox_statuses") == 1);
    (agent, id)
}

#[test]
fn flush_sends_what_an_agent_left() {
    let site = Site::new();
    let script = "echo $$ > ../pid
        if [ $DEPLOYCTL_ENVIRONMENT = held ]; then while [ ! -e ../go ]; do sleep 0.05; done; fi
        sleep 0.5";
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule(script, "")),
    );
    drop(site.run(&folder, "flush").expect(3));
    let (agent, id) = owing(&site, &folder);
    let busy = site.run(&folder, "flush").expect(75);
    assert!(
        busy.stderr().contains("the agent is running as process"),
        "{}",
        busy.stderr()
    );
    drop(site.run(&folder, "flush --drop 1").expect(75));
    let listed = site.run(&folder, "flush --list").expect(0);
    assert!(
        listed.stdout().contains("\twaiting\tsuccess\t"),
        "{}",
        listed.stdout()
    );
    agent.kill();
    site.proxy.heal();
    let sent = site.run(&folder, "flush").expect(0);
    assert!(
        sent.stdout().contains("\tsent\tsuccess\t"),
        "{}",
        sent.stdout()
    );
    assert_eq!(site.states(id), ["in_progress", "success"]);
    let again = site.run(&folder, "flush").expect(0);
    assert!(
        again.stderr().contains("no reports are stored"),
        "{}",
        again.stderr()
    );

    // A command whose agent is killed while it runs.
    let agent = site.start(&folder);
    let cut_off = deliver(&site, &folder, "held");
    until("it runs", || site.runs().contains_key(&cut_off));
    agent.kill();
    let listed = site.run(&folder, "flush --list").expect(0);
    assert!(
        listed
            .stderr()
            .contains(&format!("killed during deployment {cut_off}")),
        "{}",
        listed.stderr()
    );
    if cfg!(target_os = "linux") {
        let waits = site.run(&folder, "flush").expect(8);
        assert!(
            waits
                .stderr()
                .contains("is still running without its agent"),
            "{}",
            waits.stderr()
        );
        assert_eq!(site.states(cut_off), ["in_progress"]);
    }
    std::fs::write(site.machine.cwd().join("go"), "").expect("written");
    let pid = std::fs::read_to_string(site.machine.cwd().join("pid")).expect("a process");
    until("its command ends", || {
        !Path::new("/proc").join(pid.trim()).join("exe").exists()
    });
    drop(site.run(&folder, "flush").expect(0));
    let end = text(&last(&site, cut_off), "description");
    assert_eq!(
        end,
        "the agent was killed; how its command ended is not known"
    );

    let agent = site.start(&folder);
    let next = deliver(&site, &folder, "review");
    site.wait_for_ends(&[next], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    assert_eq!(site.states(id), ["in_progress", "success"]);
    assert_eq!(site.finals(cut_off).len(), 1);
    assert_eq!(site.runs().into_values().collect::<Vec<_>>(), [1, 1, 1]);
    let status = site
        .run(&folder, "agent status --jsonl -q .outcome")
        .expect(0);
    assert_eq!(
        status
            .stdout()
            .lines()
            .filter(|line| *line == "success")
            .count(),
        2
    );
}

#[test]
fn flush_reports_nothing_that_another_agent_has_taken_over() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\ntakeover_after = \"3s\"\nLISTEN\n{}",
            rule("sleep 0.5", "")
        ),
    );
    let (agent, id) = owing(&site, &folder);
    agent.kill();
    site.proxy.heal();
    std::thread::sleep(Duration::from_secs(5));
    let other = "claimed by other (00ff00ff00ff) for 600 s";
    site.set(id, &json!({ "state": "in_progress", "description": other }));
    let flushed = site.run(&folder, "flush --json").expect(0).json();
    assert_eq!(flushed[0]["outcome"], "dropped", "{flushed}");
    assert_eq!(flushed[0]["reason"], "another agent owns the deployment");
    assert_eq!(site.finals(id), Vec::<Value>::new());
}

#[test]
fn an_answer_that_is_lost_makes_no_second_status() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    site.proxy
        .fault("POST", "*/statuses", 1..3, Fault::ResetAfter);
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[id], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    assert_eq!(site.states(id), ["in_progress", "success"]);
}

#[test]
fn a_url_that_is_refused_costs_no_final_status() {
    let site = Site::new();
    let url = "https://app.example.com";
    let keys = format!("environment_url = \"{url}\"\nlog_url = \"https://log.example.com\"");
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("exit 0", &keys)),
    );
    // The first status is the claim.
    site.proxy.fault(
        "POST",
        "*/statuses",
        2..=2,
        Fault::Answer(Answer::json(
            422,
            &json!({"message": "Validation Failed", "errors": [
                {"resource": "DeploymentStatus", "code": "custom", "field": "target_url",
                 "message": "target_url is not acceptable"}]}),
        )),
    );
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "qa");
    site.wait_for_ends(&[id], Duration::from_secs(50));
    let status = last(&site, id);
    assert_eq!(text(&status, "state"), "success");
    assert_eq!(text(&status, "environment_url"), url);
    assert_eq!(text(&status, "log_url"), "");
    let log = agent.stop().expect(0);
    let warning = "without its log_url";
    assert!(log.stderr().contains(warning), "{}", log.stderr());
}

#[test]
fn a_checkout_is_the_deployed_commit_and_is_removed() {
    let site = Site::new();
    let script = "git rev-parse HEAD > ../../../out-$DEPLOYCTL_ENVIRONMENT; pwd > ../../../where";
    let source = site.repository.path().display();
    let keys = format!("checkout = true\nsource = \"{source}\"");
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n[[rule]]\nshell = '''{script}'''\n{keys}\n"),
    );
    let agent = site.start(&folder);
    let first = site.create_with(&json!({ "environment": "main" }));
    let older = site.create_with(&json!({ "environment": "older", "ref": "v1.0.0" }));
    for id in [first, older] {
        folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    }
    site.wait_for_ends(&[first, older], Duration::from_secs(50));
    for (environment, name) in [("main", "main"), ("older", "v1.0.0")] {
        let sha = std::fs::read_to_string(folder.path.join(format!("out-{environment}")));
        let sha = sha.unwrap_or_else(|error| panic!("{error}: {:?}", site.statuses(first)));
        assert_eq!(sha.trim(), site.repository.sha(name));
    }
    let left = std::fs::read_dir(folder.path.join("state/checkouts")).expect("a folder");
    assert_eq!(left.count(), 0);
    drop(agent.stop().expect(0));
}

#[test]
fn a_deployment_that_is_gone_is_closed() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    let id = site.create("staging");
    let body = site.event(id);
    let path = format!("/repos/octocat/hello-world/deployments/{id}");
    drop(site.client().delete(&path).expect(204));
    folder.deliver("d-1", "deployment", &body);
    let line = agent.running.wait_for_line("\"deployment closed\"");
    assert!(line.contains("\"gone\""), "{line}");
    assert!(site.runs().is_empty());
    let began = Instant::now();
    drop(agent.stop().expect(0));
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "it does not wait"
    );
}

/// Installs a setuid program that runs another program as root, and one that
/// runs another program as nobody. `None` where that is not possible.
#[cfg(target_os = "linux")]
fn other_users(site: Site) -> Option<Site> {
    use std::os::unix::fs::{PermissionsExt, lchown};
    use std::process::Command;

    const NOBODY: u32 = 65_534;
    fn give(path: &Path) {
        lchown(path, Some(NOBODY), Some(NOBODY)).expect("root can change the owner");
        if path.is_dir() && !path.is_symlink() {
            for entry in std::fs::read_dir(path).expect("a folder").flatten() {
                give(&entry.path());
            }
        }
    }

    let found = std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join("setpriv"))
        .find(|path| path.is_file());
    let is_root = rustix::process::geteuid().is_root();
    let Some(setpriv) = found.filter(|_| is_root) else {
        skipped("setpriv, as root");
        return None;
    };
    let script = format!(
        "exec {} --reuid={NOBODY} --regid={NOBODY} --clear-groups \"$@\"",
        setpriv.display()
    );
    let mut site = site;
    site.machine = site.machine.tool("as-nobody", &script);
    give(site.machine.home().parent().expect("a folder"));
    let as_root = site.machine.tools().join("as-root");
    std::fs::copy(setpriv, &as_root).expect("copied");
    let mode = std::fs::Permissions::from_mode(0o4755);
    std::fs::set_permissions(&as_root, mode).expect("set");
    let probe = Command::new(site.machine.tools().join("as-nobody"))
        .arg(&as_root)
        .args(["--reuid=0", "sh", "-c"])
        .arg("test $(id -ru) = 0 && exec \"$0\" --version")
        .arg(crate::support::cli::binary())
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        skipped("a program that runs as root for others");
        return None;
    }
    Some(site)
}

#[test]
#[cfg(target_os = "linux")]
fn a_command_that_cannot_be_ended_keeps_its_environment() {
    let Some(site) = other_users(Site::new()) else {
        return;
    };
    let script = "mkdir ../first || exit 0; echo $$ > ../pid
        exec ../../tools/as-root --reuid=0 sleep 300";
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule(script, "timeout = \"2s\"\nkill_after = \"0.2s\"")
        ),
    );
    let status = std::process::Command::new("chown")
        .args(["-R", "65534:65534"])
        .arg(&folder.path)
        .status();
    assert!(status.expect("chown").success());
    let agent = site.start_with(&folder, Some("as-nobody"));
    let first = deliver(&site, &folder, "staging");
    let second = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[first], Duration::from_secs(50));
    let status = last(&site, first);
    assert_eq!(text(&status, "state"), "error");
    assert_eq!(
        text(&status, "description"),
        "timed out after 2s and could not be ended"
    );
    agent.running.wait_for_line("is blocked until it ends");
    // Other environments are not blocked.
    let elsewhere = deliver(&site, &folder, "review");
    site.wait_for_ends(&[elsewhere], Duration::from_secs(50));
    assert!(!site.runs().contains_key(&second));
    let pid = std::fs::read_to_string(site.machine.cwd().join("pid")).expect("a process");
    let killed = std::process::Command::new("kill")
        .args(["-9", pid.trim()])
        .status();
    assert!(killed.expect("kill").success());
    site.wait_for_ends(&[second], Duration::from_secs(50));
    assert_eq!(text(&last(&site, second), "state"), "success");
    drop(agent.stop().expect(0));
}
