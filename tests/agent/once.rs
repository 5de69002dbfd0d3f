//! The result of a command is reported once and its command never runs again,
//! whichever file cannot be written when the command ends.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::support::proxy::{Answer, Fault};
use crate::world::{Folder, Site, rule, text, until};

const JOURNAL: &str = "agent.sqlite3";
const OUTBOX: &str = "outbox.db";

/// Locks a database for writing. The agent then cannot write to it, as during a
/// backup or on a full disk.
fn lock(folder: &Folder, file: &str) -> Connection {
    let connection = Connection::open(folder.path.join("state").join(file)).expect("a database");
    connection
        .busy_timeout(Duration::from_secs(30))
        .expect("set");
    connection.execute_batch("BEGIN IMMEDIATE").expect("locked");
    connection
}

fn site() -> (Site, Folder) {
    let site = Site::new();
    let script = "while [ ! -e ../go ]; do sleep 0.05; done; rm ../go";
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule(script, "")),
    );
    (site, folder)
}

fn begin(site: &Site, folder: &Folder) -> u64 {
    let id = site.create("staging");
    let answer = folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    until("it runs", || site.runs().contains_key(&id));
    id
}

fn go_on(site: &Site) {
    std::fs::write(site.machine.cwd().join("go"), "").expect("written");
}

fn outcome(site: &Site, folder: &Folder, id: u64) -> String {
    let listed = site.run(folder, "agent status --json").expect(0).json();
    let list = listed.as_array().expect("a list");
    let found = list.iter().find(|one| one["id"] == id).expect("listed");
    text(found, "outcome")
}

#[test]
fn a_result_that_cannot_be_written_down_is_sent_and_the_command_never_runs_again() {
    let (site, folder) = site();
    let mut agent = site.start(&folder);
    let mut ids = Vec::new();
    for (files, is_killed) in [
        (&[OUTBOX][..], false),
        (&[JOURNAL][..], false),
        (&[JOURNAL, OUTBOX][..], false),
        (&[JOURNAL, OUTBOX][..], true),
    ] {
        let id = begin(&site, &folder);
        let locks: Vec<Connection> = files.iter().map(|file| lock(&folder, file)).collect();
        go_on(&site);
        site.wait_for_ends(&[id], Duration::from_secs(50));
        if is_killed {
            agent.kill();
            drop(locks);
            agent = site.start(&folder);
        } else {
            drop(locks);
        }
        until("it is closed", || !outcome(&site, &folder, id).is_empty());
        ids.push(id);
    }
    drop(agent.stop().expect(0));
    let agent = site.start(&folder);
    until("nothing is left to do", || {
        folder.metric("deployments{state=\"running\"}") == 0
    });
    for id in ids {
        assert_eq!(site.states(id), ["in_progress", "success"]);
        assert_eq!(site.runs()[&id], 1);
    }
    drop(agent.stop().expect(0));
}

#[test]
fn a_result_that_can_be_neither_kept_nor_sent_is_kept_once_that_is_possible() {
    let (site, folder) = site();
    let agent = site.start(&folder);
    let id = begin(&site, &folder);
    let html = Answer::html(503, "<html><title>Unicorn!</title></html>");
    site.proxy.fault("*", "*", 1.., Fault::Answer(html));
    let locked = lock(&folder, OUTBOX);
    go_on(&site);
    agent.running.wait_for_line("stored in memory");
    assert_eq!(folder.metric("outbox_statuses"), 1);
    drop(locked);
    until("it is on disk", || {
        let listed = site.run(&folder, "flush --list").expect(0);
        listed.stdout().contains("\twaiting\tsuccess\t")
    });
    agent.kill();
    site.proxy.heal();
    let agent = site.start(&folder);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    assert_eq!(site.states(id), ["in_progress", "success"]);
    assert_eq!(site.runs()[&id], 1);
}

/// A limit on the size of files has the same effect as a full disk.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_neither_loses_a_result_nor_runs_its_command_again() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let (mut site, folder) = site();
    site.machine = site.machine.tool("limited", "trap '' XFSZ; exec \"$@\"");
    let limit = |pid: Pid, current: Option<u64>| {
        let maximum = None;
        prlimit(Some(pid), Resource::Fsize, Rlimit { current, maximum }).expect("limited");
    };
    let agent = site.start_with(&folder, Some("limited"));
    let pid = agent.running.id().try_into().ok().and_then(Pid::from_raw);
    let pid = pid.expect("a process");
    let id = begin(&site, &folder);
    limit(pid, Some(0));
    go_on(&site);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    agent.running.wait_for_line("stored in memory");
    limit(pid, None);
    until("it is closed", || outcome(&site, &folder, id) == "success");
    let next = begin(&site, &folder);
    go_on(&site);
    site.wait_for_ends(&[next], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    for id in [id, next] {
        assert_eq!(site.states(id), ["in_progress", "success"]);
        assert_eq!(site.runs()[&id], 1);
    }
    assert!(Path::new(&folder.path.join("state").join(OUTBOX)).is_file());
}
