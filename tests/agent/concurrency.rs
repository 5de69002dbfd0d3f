//! Several deployments to one environment.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::proxy::{Answer, Fault};
use crate::world::{Folder, Site, rule, text, until};

/// A script that waits until the file `go` exists.
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
        // The second deployment may have started before the third one arrived.
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
fn with_reject_a_second_deployment_does_not_wait() {
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

#[test]
fn a_late_delivery_is_not_deployed_over_a_newer_finished_one() {
    let (site, folder) = site("supersede");
    go_on(&site);
    let agent = site.start(&folder);
    let (first, second) = (site.create("staging"), site.create("staging"));
    let newest = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[newest], Duration::from_secs(50));
    folder.deliver("late-1", "deployment", &site.event(first));
    site.wait_for_ends(&[first], Duration::from_secs(50));
    drop(agent.stop().expect(0));
    let agent = site.start(&folder);
    folder.deliver("late-2", "deployment", &site.event(second));
    site.wait_for_ends(&[second], Duration::from_secs(50));
    for id in [first, second] {
        let superseded = format!("superseded by {newest}");
        assert_eq!(last(&site, id), ("inactive".to_owned(), superseded));
    }
    assert_eq!(site.runs().into_keys().collect::<Vec<_>>(), [newest]);
    drop(agent.stop().expect(0));
}

#[test]
fn a_newer_deployment_of_another_agent_is_not_deployed_over() {
    let (site, folder) = site("supersede");
    go_on(&site);
    let agent = site.start(&folder);
    let older = site.create("staging");
    let newer = site.create("staging");
    let claim = "claimed by other (00ff00ff00ff) for 600 s";
    site.set(
        newer,
        &json!({ "state": "in_progress", "description": claim }),
    );
    site.set(newer, &json!({ "state": "success" }));
    folder.deliver("late", "deployment", &site.event(older));
    site.wait_for_ends(&[older], Duration::from_secs(50));
    let superseded = format!("superseded by {newer}");
    assert_eq!(last(&site, older), ("inactive".to_owned(), superseded));
    // The agent does not wait for a deployment that nobody has started: it may
    // never get an event for it.
    let unheard = site.create("review");
    let also = site.create("review");
    folder.deliver("unheard", "deployment", &site.event(unheard));
    site.wait_for_ends(&[unheard], Duration::from_secs(50));
    assert_eq!(last(&site, unheard).0, "success");
    assert!(site.states(also).is_empty());
    drop(agent.stop().expect(0));
}

#[test]
fn what_waits_is_queued_on_the_server() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nparallel = 1\nLISTEN\n{}", rule(WAITS, "")),
    );
    let agent = site.start(&folder);
    let first = deliver(&site, &folder, "staging");
    until("the first runs", || site.runs().contains_key(&first));
    let behind = deliver(&site, &folder, "staging");
    let elsewhere = deliver(&site, &folder, "review");
    for id in [behind, elsewhere] {
        until("it is queued", || site.states(id) == ["queued"]);
    }
    // A deployment that ended in the meantime gets no further status.
    let ended = site.create("staging");
    site.set(ended, &json!({ "state": "inactive" }));
    folder.deliver("ended", "deployment", &site.event(ended));
    go_on(&site);
    site.wait_for_ends(&[first, behind, elsewhere], Duration::from_secs(50));
    agent.running.wait_for_line("ended before");
    for id in [behind, elsewhere] {
        assert_eq!(site.states(id), ["queued", "in_progress", "success"]);
    }
    assert_eq!(site.states(first), ["in_progress", "success"]);
    assert_eq!(site.states(ended), ["inactive"]);
    drop(agent.stop().expect(0));
}

#[test]
fn one_that_the_server_refuses_does_not_block_its_environment() {
    let (site, folder) = site("queue");
    go_on(&site);
    let refused = site.create("staging");
    let forbidden = json!({ "message": "Resource not accessible by integration" });
    site.proxy.fault(
        "POST",
        &format!("*/deployments/{refused}/statuses"),
        1..,
        Fault::Answer(Answer::json(403, &forbidden)),
    );
    let agent = site.start(&folder);
    folder.deliver("refused", "deployment", &site.event(refused));
    let line = agent.running.wait_for_line("deployment has to wait");
    assert!(line.contains("not accessible"), "{line}");
    let next = deliver(&site, &folder, "staging");
    site.wait_for_ends(&[next], Duration::from_secs(50));
    assert_eq!(last(&site, next).0, "success");
    // When the agent can claim the refused deployment at last, it does not
    // deploy it over the newer one.
    drop(agent.stop().expect(0));
    site.proxy.heal();
    let agent = site.start(&folder);
    site.wait_for_ends(&[refused], Duration::from_secs(50));
    let superseded = format!("superseded by {next}");
    assert_eq!(last(&site, refused), ("inactive".to_owned(), superseded));
    assert_eq!(site.runs().into_keys().collect::<Vec<_>>(), [next]);
    drop(agent.stop().expect(0));
}

#[test]
fn a_rule_can_leave_earlier_deployments_active() {
    let site = Site::new();
    let kept = rule("", "environment = \"kept\"\nauto_inactive = false");
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{kept}{}", rule("", "")),
    );
    let agent = site.start(&folder);
    for (environment, states) in [
        ("kept", &["in_progress", "success"][..]),
        ("usual", &["in_progress", "success", "inactive"]),
    ] {
        let ids = [1, 2].map(|number| {
            let id = site.create_with(&json!({
                "environment": environment, "production_environment": false,
            }));
            folder.deliver(
                &format!("{environment}-{number}"),
                "deployment",
                &site.event(id),
            );
            site.wait_for_ends(&[id], Duration::from_secs(50));
            id
        });
        assert_eq!(site.states(ids[0]), states, "{environment}");
        assert_eq!(site.states(ids[1]), ["in_progress", "success"]);
    }
    drop(agent.stop().expect(0));
}
