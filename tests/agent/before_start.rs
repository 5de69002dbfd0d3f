//! The time between the claim of a deployment and the start of its command.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{Folder, Site, rule, text, until};

/// A git server that accepts connections and never responds.
struct Silent {
    url: String,
    visits: Receiver<TcpStream>,
}

impl Silent {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let url = format!(
            "http://{}/app.git",
            listener.local_addr().expect("an address")
        );
        let (sender, visits) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if sender.send(stream).is_err() {
                    return;
                }
            }
        });
        Self { url, visits }
    }

    /// Waits until git connects.
    fn wait(&self) -> TcpStream {
        self.visits
            .recv_timeout(Duration::from_secs(50))
            .expect("git connects")
    }
}

/// An agent that checks out from a silent server in the environments whose
/// names begin with `silent`, and from the repository in the others.
fn site(keys: &str, of_agent: &str) -> (Site, Folder, Silent) {
    let site = Site::new();
    let silent = Silent::start();
    let of_rule = |environment: &str, source: &str| {
        format!(
            "[[rule]]\nenvironment = \"{environment}\"\nshell = \"echo $DEPLOYCTL_DEPLOYMENT_ID >> ../../../../runs\"\ncheckout = true\nsource = \"{source}\"\n{keys}\n"
        )
    };
    let config = format!(
        "settle = \"0s\"\n{of_agent}\nLISTEN\n{}{}",
        of_rule("silent*", &silent.url),
        of_rule("*", &site.repository.path().display().to_string()),
    );
    let folder = site.folder("agent", &config);
    (site, folder, silent)
}

fn deliver(site: &Site, folder: &Folder, environment: &str) -> u64 {
    let id = site.create(environment);
    let answer = folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    id
}

fn last(site: &Site, id: u64) -> (String, String) {
    let finals: Vec<Value> = site.finals(id);
    assert_eq!(finals.len(), 1, "{id}: {finals:?}");
    (text(&finals[0], "state"), text(&finals[0], "description"))
}

#[test]
fn a_checkout_that_hangs_gives_signs_of_life_and_holds_up_no_other_source() {
    let (site, folder, silent) = site("timeout = \"7s\"", "takeover_after = \"3s\"");
    let agent = site.start(&folder);
    let hangs = deliver(&site, &folder, "silent");
    let _visit = silent.wait();
    let other = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[other], Duration::from_secs(50));
    assert_eq!(last(&site, other).0, "success");
    site.wait_for_ends(&[hangs], Duration::from_secs(50));
    let (state, description) = last(&site, hangs);
    assert_eq!(state, "error");
    assert_eq!(description, "checkout failed: timed out after 7s");
    let signs = site.states(hangs);
    let signs = signs.iter().filter(|state| *state == "in_progress");
    assert!(signs.count() > 2, "{:?}", site.statuses(hangs));
    assert_eq!(site.runs().into_keys().collect::<Vec<_>>(), [other]);
    drop(agent.stop().expect(0));
}

#[test]
fn a_newer_deployment_ends_the_checkout_of_an_older_one() {
    let (site, folder, silent) = site("concurrency = \"supersede\"", "");
    let agent = site.start(&folder);
    let older = deliver(&site, &folder, "silent");
    let _visit = silent.wait();
    let newer = deliver(&site, &folder, "silent");
    site.wait_for_ends(&[older], Duration::from_secs(50));
    assert_eq!(
        last(&site, older),
        ("inactive".to_owned(), format!("superseded by {newer}"))
    );
    let _visit = silent.wait();
    assert!(site.runs().is_empty());
    agent.kill();
}

#[test]
fn what_has_ended_during_the_checkout_is_not_started_and_gets_no_status() {
    let (site, folder, silent) = site("", "takeover_after = \"3s\"");
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "silent");
    let _visit = silent.wait();
    site.set(
        id,
        &json!({ "state": "inactive", "description": "by hand" }),
    );
    let line = agent.running.wait_for_line("\"deployment closed\"");
    assert!(line.contains("ended before"), "{line}");
    let states = site.states(id);
    assert_eq!(states.last().map(String::as_str), Some("inactive"));
    assert!(site.runs().is_empty());
    drop(agent.stop().expect(0));
    assert_eq!(site.states(id), states);
}

/// A site whose git waits until the file `go-git` exists.
fn with_slow_git(mut site: Site) -> Site {
    let go = site.machine.cwd().join("go-git");
    let here = site.machine.cwd().join("git-is-here");
    let git = std::env::split_paths(&std::env::var_os("PATH").expect("a PATH"))
        .map(|folder| folder.join("git"))
        .find(|path| path.is_file())
        .expect("git");
    let script = format!(
        "touch {}; while [ ! -e {} ]; do sleep 0.05; done; exec {} \"$@\"",
        here.display(),
        go.display(),
        git.display()
    );
    site.machine = site.machine.tool("git", &script);
    site
}

#[test]
fn ownership_and_state_are_checked_right_before_the_start() {
    for (status, outcome) in [
        (
            json!({ "state": "inactive", "description": "by hand" }),
            "ended before",
        ),
        (
            json!({ "state": "success", "description": "by another agent" }),
            "ended before",
        ),
    ] {
        let site = with_slow_git(Site::new());
        let source = site.repository.path().display().to_string();
        let keys = format!("checkout = true\nsource = \"{source}\"");
        let folder = site.folder(
            "agent",
            &format!("settle = \"0s\"\nLISTEN\n{}", rule("", &keys)),
        );
        let agent = site.start(&folder);
        let id = deliver(&site, &folder, "staging");
        until("git runs", || {
            site.machine.cwd().join("git-is-here").exists()
        });
        site.set(id, &status);
        std::fs::write(site.machine.cwd().join("go-git"), "").expect("written");
        let line = agent.running.wait_for_line("\"deployment closed\"");
        assert!(line.contains(outcome), "{line}");
        drop(agent.stop().expect(0));
        let state = text(&status, "state");
        assert_eq!(site.states(id), ["in_progress".to_owned(), state]);
        assert!(site.runs().is_empty());
        let left = std::fs::read_dir(folder.path.join("state/checkouts")).expect("a folder");
        assert_eq!(left.count(), 0, "the checkout is removed");
    }
}

#[test]
fn a_stopping_agent_releases_the_deployments_that_it_only_prepares() {
    let (site, folder, silent) = site("", "grace = \"40s\"");
    let agent = site.start(&folder);
    let id = deliver(&site, &folder, "silent");
    let mut visit = silent.wait();
    let began = std::time::Instant::now();
    drop(agent.stop().expect(0));
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(site.states(id), ["in_progress", "queued"]);
    let ended = visit.set_read_timeout(Some(Duration::from_secs(50)));
    ended.expect("set");
    // When git exits, its connection closes.
    while visit.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
    assert!(site.runs().is_empty());
}
