//! The agent as a service: signals, a log that nobody reads, hostile senders,
//! and running as the first process of a container.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::cli::{Signal, binary};
use crate::support::proxy::Fault;
use crate::support::skipped;
use crate::world::{Folder, Site, rule, sign, until};

#[test]
fn a_hangup_reloads_the_configuration_and_the_secrets() {
    let site = Site::new();
    let folder = site.folder("agent", "");
    let listen = format!(
        "settle = \"0s\"\n[listen]\naddress = \"127.0.0.1:{}\"\nsecrets = [{{ file = \"secret\" }}]\n",
        folder.port
    );
    fs::write(folder.path.join("secret"), "old").expect("written");
    folder.configure(&format!(
        "{listen}{}",
        rule("", "environment = \"staging\"")
    ));
    let mut agent = site.start(&folder);
    let deliver = |secret: &str, environment: &str| {
        let id = site.create(environment);
        let body = site.event(id);
        let answer = folder
            .client()
            .header("x-github-event", "deployment")
            .header("x-github-delivery", &format!("d-{id}"))
            .header("x-hub-signature-256", &sign(secret.as_bytes(), &body))
            .send_unchecked("POST", "/webhook", Some(&body));
        (id, answer.status, answer.json()["status"].clone())
    };
    let (_, status, what) = deliver("old", "production");
    assert_eq!((status, what), (202, "ignored".into()));

    fs::write(folder.path.join("secret"), "new").expect("written");
    folder.configure(&format!(
        "{listen}{}",
        rule("", "environment = \"production\"")
    ));
    agent.running.signal(Signal::Hup);
    drop(agent.running.wait_for_line("configuration reloaded"));
    assert_eq!(deliver("old", "production").1, 401);
    let (id, status, what) = deliver("new", "production");
    assert_eq!((status, what), (202, "queued".into()));
    site.wait_for_ends(&[id], Duration::from_secs(50));

    // If the new configuration is invalid, the agent keeps the old one.
    folder.configure(&format!("{listen}[[rule]]\n"));
    agent.running.signal(Signal::Hup);
    let line = agent
        .running
        .wait_for_line("configuration could not be reloaded");
    assert!(line.contains("the rule runs nothing"), "{line}");
    // The log names the settings that only change at a restart.
    let other = listen.replace("settle", "parallel = 3\nsettle");
    folder.configure(&format!("{other}{}", rule("", "environment = \"staging\"")));
    agent.running.signal(Signal::Hup);
    let line = agent.running.wait_for_line("only after a restart");
    assert!(line.contains("[\"parallel\"]"), "{line}");
    let (id, status, what) = deliver("new", "staging");
    assert_eq!((status, what), (202, "queued".into()));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    agent.running.prolong();
    drop(agent.stop().expect(0));
}

#[test]
fn what_is_polled_changes_with_a_reload() {
    let site = Site::without_limits();
    let poll = |name: &str| {
        format!(
            "settle = \"0s\"\n[poll]\ninterval = \"200ms\"\nstart = \"all\"\nrepositories = [\"{name}\"]\n{}",
            rule("", "")
        )
    };
    let folder = site.folder("agent", &poll("octocat/nothing-there"));
    let agent = site.start(&folder);
    let id = site.create("staging");
    folder.configure(&poll("octocat/hello-world"));
    agent.running.signal(Signal::Hup);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    drop(agent.stop().expect(0));
}

#[test]
fn other_signals_neither_end_it_nor_its_command() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule("until [ -e ../go ]; do sleep 0.05; done", "")
        ),
    );
    let agent = site.start(&folder);
    let id = site.create("staging");
    folder.deliver("d-1", "deployment", &site.event(id));
    until("it runs", || site.runs().len() == 1);
    for signal in [Signal::Hup, Signal::Usr1, Signal::Usr2, Signal::Alrm] {
        agent.running.signal(signal);
    }
    drop(agent.running.wait_for_line("configuration reloaded"));
    site.machine.file("go", "");
    site.wait_for_ends(&[id], Duration::from_secs(50));
    assert_eq!(site.states(id), ["in_progress", "success"]);
    drop(agent.stop().expect(0));
}

/// Sends the head of a large delivery and `body`, and leaves the connection
/// open.
fn announce(folder: &Folder, signature: Option<&str>, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", folder.port)).expect("connected");
    let signature = signature.map_or(String::new(), |text| {
        format!("x-hub-signature-256: {text}\r\n")
    });
    let head = format!(
        "POST /webhook HTTP/1.1\r\nhost: agent\r\ncontent-type: application/json\r\nx-github-event: deployment\r\nx-github-delivery: d-0\r\n{signature}content-length: {}\r\n\r\n",
        25 * 1024 * 1024
    );
    stream.write_all(head.as_bytes()).expect("written");
    stream.write_all(body).expect("written");
    stream
}

#[test]
fn incomplete_deliveries_take_no_room_from_others() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    let forged = sign(b"another secret", b"");
    let mut open: Vec<TcpStream> = Vec::new();
    for _ in 0..20 {
        open.push(announce(&folder, None, b""));
        open.push(announce(&folder, Some(&forged), b""));
    }
    let most = vec![b' '; 24 * 1024 * 1024];
    for _ in 0..2 {
        open.push(announce(&folder, Some(&forged), &most));
    }
    let id = site.create("staging");
    let body = site.event(id);
    let answer = folder.deliver("d-1", "deployment", &body);
    assert_eq!(answer.status, 202, "{}", answer.text());
    // A body as large as theirs is accepted once their connections count as
    // slow.
    let mut large = body.clone();
    large.resize(20 * 1024 * 1024, b' ');
    let answer = folder.deliver("d-2", "deployment", &large);
    assert_eq!(answer.status, 202, "{}", answer.text());
    site.wait_for_ends(&[id], Duration::from_secs(50));
    drop(open);
    drop(agent.stop().expect(0));
}

#[test]
fn too_many_idle_connections_delay_others_only_briefly() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    let open: Vec<TcpStream> = (0..300)
        .map(|_| announce(&folder, Some(&sign(b"another secret", b"")), b""))
        .collect();
    let id = site.create("staging");
    let began = Instant::now();
    let answer = folder.deliver("d-1", "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    assert!(
        began.elapsed() < Duration::from_secs(25),
        "before they time out"
    );
    drop(open);
    drop(agent.stop().expect(0));
}

#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let site = Site::without_limits();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule("", "environment = \"staging\"")
        ),
    );
    let mut agent = Command::new(binary())
        .args(["agent", "--log-format", "json", "--config"])
        .arg(folder.path.join("deployctl.toml"))
        .env_clear()
        .envs(site.machine.environment())
        .current_dir(site.machine.cwd())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    until("it listens", || {
        TcpStream::connect(("127.0.0.1", folder.port)).is_ok()
    });
    // Each delivery writes a line. A pipe holds a few hundred, and the agent
    // buffers a thousand.
    let ignored = site.event(site.create("production"));
    thread::scope(|scope| {
        for part in 0..8 {
            let (folder, ignored) = (&folder, &ignored);
            scope.spawn(move || {
                for number in 0..250 {
                    let delivery = format!("d-{part}-{number}");
                    let answer = folder.deliver(&delivery, "deployment", ignored);
                    assert_eq!(answer.status, 202);
                }
            });
        }
    });
    let id = site.create("staging");
    folder.deliver("d-1", "deployment", &site.event(id));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    let answer = folder.client().send_unchecked("GET", "/healthz", None);
    assert_eq!(answer.status, 200);
    let pid = agent.id().to_string();
    let kill = Command::new("kill").args(["-s", "TERM", &pid]).status();
    assert!(kill.expect("kill").success());
    until("it ends", || agent.try_wait().expect("asked").is_some());
    assert_eq!(agent.wait().expect("ended").code(), Some(0));
    let mut log = String::new();
    let mut stderr = agent.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut log).expect("read");
    assert!(log.contains("\"listening\""), "{log}");
}

#[test]
fn many_refusals_of_a_kind_are_counted_and_not_all_logged() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    for _ in 0..50 {
        let answer = folder
            .client()
            .send_unchecked("POST", "/webhook", Some(b"{}"));
        assert_eq!(answer.status, 401);
    }
    let refused = folder.metric("deliveries_refused_total{reason=\"unsigned\"}");
    assert_eq!(refused, 50);
    let outcome = agent.stop().expect(0);
    let lines = outcome.stderr().matches("delivery refused").count();
    assert_eq!(lines, 10, "{}", outcome.stderr());
}

/// Counts the zombie processes whose parent is `pid`.
#[cfg(target_os = "linux")]
fn zombies_of(pid: &str) -> usize {
    let processes = fs::read_dir("/proc").expect("processes").flatten();
    let stats = processes.filter_map(|one| fs::read_to_string(one.path().join("stat")).ok());
    stats
        .filter(|stat| {
            let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
            let mut words = after.split(' ');
            words.next() == Some("Z") && words.next() == Some(pid)
        })
        .count()
}

#[test]
#[cfg(target_os = "linux")]
fn as_the_first_process_of_a_container_it_leaves_no_zombies() {
    let namespace = [
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--mount-proc",
    ];
    let may = Command::new("unshare").args(namespace).arg("true").output();
    if !may.is_ok_and(|done| done.status.success()) {
        return skipped("unshare that may make namespaces");
    }
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule("for i in 1 2 3 4 5; do (sleep 0.$i &) ; done", "")
        ),
    );
    let args: Vec<_> = namespace
        .iter()
        .map(Into::into)
        .chain([binary().into()])
        .chain(["agent", "--log-format", "json", "--config"].map(Into::into))
        .chain([folder.path.join("deployctl.toml").into_os_string()])
        .collect();
    let mut agent = site.machine.program("unshare", args).spawn();
    drop(agent.wait_for_line("\"listening\""));
    // The child of unshare is the first process in the namespace.
    let parent = agent.id();
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
    let first = children.expect("a list").trim().to_owned();
    let ids: Vec<u64> = ["a", "b", "c"]
        .iter()
        .map(|name| site.create(name))
        .collect();
    for id in &ids {
        folder.deliver(&format!("d-{id}"), "deployment", &site.event(*id));
    }
    site.wait_for_ends(&ids, Duration::from_secs(50));
    // The processes that the commands left behind exit within half a second.
    thread::sleep(Duration::from_secs(1));
    until("the zombies are reaped", || zombies_of(&first) == 0);
    let kill = Command::new("kill").args(["-s", "HUP", &first]).status();
    assert!(kill.expect("kill").success());
    drop(agent.wait_for_line("configuration reloaded"));
    let kill = Command::new("kill").args(["-s", "TERM", &first]).status();
    assert!(kill.expect("kill").success());
    agent.prolong();
    drop(agent.finish().expect(0));
}

#[test]
fn a_token_that_was_replaced_is_read_again_and_a_refused_one_is_reported() {
    let mut site = Site::new();
    let stored = site.machine.file("stored", "first-token\n");
    let gh = format!("cat '{}'", stored.display());
    site.machine = site.machine.without("DEPLOYCTL_TOKEN").tool("gh", &gh);
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    let deploy = |environment: &str| {
        let id = site.create(environment);
        folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
        id
    };
    site.wait_for_ends(&[deploy("a")], Duration::from_secs(100));

    // From now on the server accepts only the second token.
    let only = Fault::UnlessToken("second-token".to_owned());
    site.proxy.fault("*", "*", 1.., only);
    let waiting = deploy("b");
    until("the refusal is counted", || {
        folder.metric("token_refused") == 1
    });
    until("the health check fails after a while", || {
        let answer = folder.client().send_unchecked("GET", "/healthz", None);
        answer.status == 503 && answer.text().contains("refuses the token")
    });
    assert!(folder.metric("token_refused_total") > 0);
    site.machine.file("stored", "second-token\n");
    site.wait_for_ends(&[waiting], Duration::from_secs(100));
    site.wait_for_ends(&[deploy("c")], Duration::from_secs(100));
    let answer = folder.client().send_unchecked("GET", "/healthz", None);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(folder.metric("token_refused"), 0);
    let stopped = agent.stop().expect(0);
    let stderr = stopped.stderr();
    assert!(stderr.contains("the server refused the token"), "{stderr}");
    assert!(!stderr.contains("second-token"), "{stderr}");
}

#[test]
fn a_state_folder_that_can_be_written_to_and_not_closed_is_a_warning() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let state = folder.path.join("state");
    fs::create_dir_all(&state).expect("made");
    // A folder whose owner does not exist in the namespace, as on a volume.
    let script = "chown 4711 \"$0\" && chmod 777 \"$0\"";
    let made = Command::new("sh").args(["-c", script]).arg(&state).output();
    let namespace = ["--user", "--map-root-user"];
    let may = Command::new("unshare").args(namespace).arg("true").output();
    if ![made, may]
        .into_iter()
        .all(|done| done.is_ok_and(|done| done.status.success()))
    {
        return skipped("chown and unshare that may do it");
    }
    let mut args: Vec<OsString> = namespace.map(Into::into).into();
    args.push(binary().into());
    args.extend(["agent", "--log-format", "json", "--config"].map(Into::into));
    args.push(folder.path.join("deployctl.toml").into());
    let mut agent = site.machine.program("unshare", args).spawn();
    let line = agent.wait_for_line("is accessible to other users");
    assert!(line.contains(&state.display().to_string()), "{line}");
    drop(agent.wait_for_line("\"listening\""));
    let id = site.create("staging");
    folder.deliver("d-1", "deployment", &site.event(id));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    agent.prolong();
    agent.signal(Signal::Term);
    drop(agent.finish().expect(0));
}

#[test]
fn a_template_without_a_valid_url_is_a_warning_and_a_slug_makes_one() {
    let site = Site::new();
    let keys = "environment = \"preview/*\"\nlog_url = \"https://{environment}.logs.example.com\"\nenvironment_url = \"https://{environment_slug}.example.com\"";
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", keys)),
    );
    let checked = site.run(&folder, "agent check").expect(0);
    let warning = "log_url gives no valid URL for the environment preview/x";
    assert!(checked.stderr().contains(warning), "{}", checked.stderr());
    assert!(!checked.stderr().contains("environment_url gives"));
    let agent = site.start(&folder);
    let id = site.create("preview/pr-7");
    folder.deliver("d-1", "deployment", &site.event(id));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    let end = &site.finals(id)[0];
    let url = end["environment_url"].as_str();
    assert_eq!(url, Some("https://preview-pr-7.example.com"));
    let stopped = agent.stop().expect(0);
    let stderr = stopped.stderr();
    assert!(
        stderr.contains("URL template gives no valid URL"),
        "{stderr}"
    );
}

#[test]
fn a_log_that_is_too_long_has_its_end() {
    let site = Site::new();
    let script = "echo the beginning; seq 1 100000; echo the end; exit 3";
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nLISTEN\n{}",
            rule(script, "log_max_size = \"10KB\"")
        ),
    );
    let agent = site.start(&folder);
    let id = site.create("staging");
    folder.deliver("d-1", "deployment", &site.event(id));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    let log = fs::read_to_string(folder.path.join(format!("state/logs/{id}.log")));
    let log = log.expect("a log");
    assert!(log.starts_with("the beginning\n1\n2\n"), "{log}");
    assert!(log.ends_with("\n99999\n100000\nthe end\n"), "{log}");
    assert!(
        log.len() < 11 * 1024 && log.contains("this part was removed"),
        "{log}"
    );
}
