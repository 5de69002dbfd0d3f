//! Polling: no deployment is missed, and none runs twice.

use std::time::Duration;

use crate::support::proxy::Fault;
use crate::world::{Folder, Site, rule, until};

fn folder(site: &Site, keys: &str) -> Folder {
    folder_with_rule(site, keys, "")
}

fn folder_with_rule(site: &Site, keys: &str, keys_of_rule: &str) -> Folder {
    site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nparallel = 20\n[poll]\nrepositories = [\"octocat/hello-world\"]\ninterval = \"0.1s\"\n{keys}\n{}",
            rule("", keys_of_rule)
        ),
    )
}

fn create(site: &Site, count: u64) -> Vec<u64> {
    (0..count)
        .map(|number| site.create(&format!("env-{}", number % 12)))
        .collect()
}

fn hold_each_was_run_once(site: &Site, ids: &[u64]) {
    site.wait_for_ends(ids, Duration::from_secs(120));
    let runs = site.runs();
    for id in ids {
        assert_eq!(runs.get(id), Some(&1), "{id}");
        assert_eq!(site.finals(*id).len(), 1, "{id}");
    }
    assert_eq!(runs.len(), ids.len(), "nothing else was run");
}

#[test]
fn a_restart_and_a_gap_longer_than_a_page_lose_nothing() {
    let site = Site::without_limits();
    let before = create(&site, 2);
    // The server's times are in whole seconds.
    std::thread::sleep(Duration::from_millis(1100));
    let folder = folder(&site, "");
    let agent = site.start(&folder);
    // The first poll sets the starting point.
    until("it has looked", || {
        !site.proxy.matching("GET", "*/deployments").is_empty()
    });
    std::thread::sleep(Duration::from_millis(1100));
    let mut ids = create(&site, 5);
    site.wait_for_ends(&ids, Duration::from_secs(50));
    agent.kill();

    ids.extend(create(&site, 110));
    let agent = site.start(&folder);
    ids.extend(create(&site, 3));
    hold_each_was_run_once(&site, &ids);
    drop(agent.stop().expect(0));
    let agent = site.start(&folder);
    std::thread::sleep(Duration::from_millis(500));
    hold_each_was_run_once(&site, &ids);
    for id in before {
        assert_eq!(
            site.states(id),
            Vec::<String>::new(),
            "created before the agent started"
        );
    }
    drop(agent.stop().expect(0));
}

#[test]
fn it_begins_where_it_is_asked_to() {
    let site = Site::new();
    let ids = create(&site, 3);
    let folder = folder(&site, "start = \"1h\"");
    let agent = site.start(&folder);
    hold_each_was_run_once(&site, &ids);
    drop(agent.stop().expect(0));
}

#[test]
fn the_deployments_of_one_poll_run_oldest_first() {
    let site = Site::new();
    let ids: Vec<u64> = (0..5).map(|_| site.create("staging")).collect();
    let folder = folder(&site, "start = \"1h\"");
    let agent = site.start(&folder);
    hold_each_was_run_once(&site, &ids);
    assert_eq!(site.order_of_runs(), ids);
    drop(agent.stop().expect(0));
}

#[test]
fn all_deployments_of_one_poll_are_considered_before_one_starts() {
    for (mode, runs, others) in [("supersede", 3, "inactive"), ("reject", 0, "failure")] {
        let site = Site::new();
        let ids: Vec<u64> = (0..4).map(|_| site.create("staging")).collect();
        let keys = format!("concurrency = \"{mode}\"");
        let folder = folder_with_rule(&site, "start = \"1h\"", &keys);
        let agent = site.start(&folder);
        site.wait_for_ends(&ids, Duration::from_secs(50));
        assert_eq!(site.order_of_runs(), [ids[runs]], "{mode}");
        for (place, id) in ids.iter().enumerate() {
            let states = site.states(*id);
            let expected = if place == runs { "success" } else { others };
            assert_eq!(states.last().map(String::as_str), Some(expected), "{mode}");
        }
        drop(agent.stop().expect(0));
    }
}

#[test]
fn unchanged_responses_cost_nothing_and_failures_are_survived() {
    let site = Site::new();
    let folder = folder(&site, "start = \"all\"");
    let list = "/repos/octocat/hello-world/deployments";
    site.proxy.fault("GET", list, 2..4, Fault::ResetBefore);
    let agent = site.start(&folder);
    let ids = create(&site, 2);
    hold_each_was_run_once(&site, &ids);
    site.proxy.forget();
    until("it goes on", || site.proxy.matching("GET", list).len() > 5);
    let unchanged = site.proxy.matching("GET", list);
    let unchanged = unchanged
        .iter()
        .filter(|request| request.status == Some(304))
        .count();
    assert!(unchanged >= 3, "{unchanged}");
    drop(agent.stop().expect(0));
}

#[test]
fn a_webhook_and_a_poll_of_the_same_deployment_are_one() {
    let site = Site::new();
    let folder = folder(&site, "start = \"all\"\nLISTEN");
    let agent = site.start(&folder);
    let mut ids = Vec::new();
    for number in 0..8 {
        let id = site.create(&format!("env-{number}"));
        let answer = folder.deliver(&format!("d-{number}"), "deployment", &site.event(id));
        assert_eq!(answer.status, 202);
        ids.push(id);
    }
    hold_each_was_run_once(&site, &ids);
    drop(agent.stop().expect(0));
}
