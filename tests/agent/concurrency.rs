//! What happens to several deployments of one environment.

use std::time::Duration;

use serde_json::Value;

use crate::world::{Folder, Site, rule, text, until};

/// A script that works until it is told to go on.
const WAITS: &str = "while [ ! -e ../go ]; do sleep 0.05; done";

fn site(mode: &str) -> (Site, Folder) {
    let site = Site::new();
    let keys = format!("concurrency = \"{mode}\"\nkill_after = \"5s\"");
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule(WAITS, &keys)),
    );
    (site, folder)
}

fn deliver(site: &Site, folder: &Folder, environment: &str) -> u64 {
    let id = site.create(environment);
    let answer = folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    id
}

fn go_on(site: &Site) {
    std::fs::write(site.machine.cwd().join("go"), "").expect("written");
}

fn last(site: &Site, id: u64) -> (String, String) {
    let finals: Vec<Value> = site.finals(id);
    assert_eq!(finals.len(), 1, "{id}: {finals:?}");
    (text(&finals[0], "state"), text(&finals[0], "description"))
}

#[test]
fn a_queue_is_worked_off_in_order_one_at_a_time() {
    let (site, folder) = site("queue");
    let agent = site.start(&folder);
    let first = deliver(&site, &folder, "staging");
    until("the first runs", || site.runs().contains_key(&first));
    let others: Vec<u64> = (0..3).map(|_| deliver(&site, &folder, "staging")).collect();
    let elsewhere = deliver(&site, &folder, "review");
    until("another environment has its own turn", || {
        site.runs().contains_key(&elsewhere)
    });
    assert_eq!(site.runs().len(), 2, "the others wait");
    assert_eq!(folder.metric("deployments{state=\"queued\"}"), 3);
    let listed = site.run(&folder, "agent status --json").expect(0).json();
    let state = |id: u64| {
        let list = listed.as_array().expect("a list");
        let found = list.iter().find(|one| one["id"] == id).expect("listed");
        text(found, "state")
    };
    assert_eq!(
        (state(first).as_str(), state(others[0]).as_str()),
        ("running", "received")
    );
    go_on(&site);
    site.wait_for_ends(&others, Duration::from_secs(50));
    let order = site.order_of_runs().into_iter();
    let staging: Vec<u64> = order.filter(|id| *id != elsewhere).collect();
    assert_eq!(staging, [&[first][..], &others].concat());
    drop(agent.stop().expect(0));
}

#[test]
fn the_newest_supersedes_what_waits_and_what_runs() {
    let (site, folder) = site("supersede");
    let agent = site.start(&folder);
    let running = deliver(&site, &folder, "staging");
    until("the first runs", || site.runs().contains_key(&running));
    let ids = [
        site.create("staging"),
        site.create("staging"),
        site.create("staging"),
    ];
    for id in ids {
        folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    }
    until("the newest runs", || site.runs().contains_key(&ids[2]));
    go_on(&site);
    site.wait_for_ends(&[running, ids[0], ids[1], ids[2]], Duration::from_secs(50));
    let (state, description) = last(&site, running);
    assert_eq!(state, "error");
    assert!(
        description.starts_with("stopped: superseded by "),
        "{description}"
    );
    assert_eq!(last(&site, ids[2]).0, "success");
    for id in &ids[..2] {
        // One may have had its turn before the next one came.
        let (state, description) = last(&site, *id);
        let waited = !site.runs().contains_key(id);
        assert_eq!(
            state,
            if waited { "inactive" } else { "error" },
            "{description}"
        );
        assert!(description.contains("superseded by "), "{description}");
    }
    drop(agent.stop().expect(0));
}

#[test]
fn one_that_rejects_does_not_wait() {
    let (site, folder) = site("reject");
    let agent = site.start(&folder);
    let first = deliver(&site, &folder, "staging");
    until("the first runs", || site.runs().contains_key(&first));
    let second = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[second], Duration::from_secs(50));
    let (state, description) = last(&site, second);
    assert_eq!(state, "failure");
    assert_eq!(
        description,
        "rejected: another deployment of the environment is running"
    );
    go_on(&site);
    site.wait_for_ends(&[first], Duration::from_secs(50));
    assert_eq!(last(&site, first).0, "success");
    let third = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[third], Duration::from_secs(50));
    assert_eq!(last(&site, third).0, "success");
    assert!(!site.runs().contains_key(&second));
    drop(agent.stop().expect(0));
}
