//! Several agents on one repository.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::cli::Running;
use crate::support::http::REPO;
use crate::support::proxy::Fault;
use crate::world::{Site, is_full, rule, text, until};

#[test]
#[expect(clippy::print_stderr, reason = "it prints its timings")]
fn three_agents_share_the_work_and_none_is_done_twice() {
    let (count, kills) = if is_full() { (200, 6) } else { (18, 2) };
    let site = Site::without_limits();
    let config = format!(
        "settle = \"0.2s\"\nparallel = 6\ntakeover_after = \"20s\"\n[poll]\nrepositories = [\"octocat/hello-world\"]\ninterval = \"0.2s\"\nstart = \"all\"\n{}",
        rule("sleep 0.2", "")
    );
    let names = ["one", "two", "three"];
    let folders = names.map(|name| site.folder(name, &format!("name = \"{name}\"\n{config}")));
    let mut agents: Vec<_> = folders
        .iter()
        .map(|folder| Some(site.start(folder)))
        .collect();
    let began = Instant::now();
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(site.create(&format!("env-{}", number % 20)));
        if number % (count / kills) == count / kills / 2 {
            // The agent that is killed last is not restarted.
            let which = number / (count / kills) % 3;
            if let Some(agent) = agents[which].take() {
                agent.kill();
                if number + count / kills < count {
                    agents[which] = Some(site.start(&folders[which]));
                }
            }
        }
    }
    site.wait_for_ends(&ids, Duration::from_secs(900));
    let took = began.elapsed();
    // No agent writes anything more.
    thread::sleep(Duration::from_secs(1));
    for agent in agents.into_iter().flatten() {
        drop(agent.stop().expect(0));
    }
    let runs = site.runs();
    let mut by: BTreeMap<String, usize> = BTreeMap::new();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        let finals = site.finals(*id);
        assert_eq!(finals.len(), 1, "{id}: {finals:?}");
        let state = text(&finals[0], "state");
        let ran = runs.get(id).copied().unwrap_or(0);
        assert!(ran <= 1, "{id} ran {ran} times: {:?}", site.statuses(*id));
        assert!(
            state == "error" || (state == "success" && ran == 1),
            "{id}: {finals:?}"
        );
        *ends.entry(state).or_default() += 1;
        let statuses = site.statuses(*id);
        let claim = statuses.iter().find(|one| one["state"] == "in_progress");
        let owner = text(claim.expect("a claim"), "description");
        let owner = owner.split(' ').nth(2).expect("a claim").to_owned();
        *by.entry(owner).or_default() += 1;
    }
    eprintln!(
        "{count} deployments, {kills} kills, {} s: {} ran, first claims {by:?}, ends {ends:?}",
        took.as_secs(),
        runs.len()
    );
}

#[test]
fn a_dead_owner_is_followed_only_when_its_claim_has_run_out() {
    let site = Site::new();
    let config = |takeover: &str| {
        format!(
            "settle = \"0s\"\ntakeover_after = \"30s\"\ntakeover = \"{takeover}\"\nLISTEN\n{}",
            rule("", "")
        )
    };
    for (takeover, states, runs) in [
        ("report", ["in_progress", "in_progress", "error"], 0),
        ("run", ["in_progress", "in_progress", "success"], 1),
    ] {
        let folder = site.folder(takeover, &config(takeover));
        let id = site.create(takeover);
        let ghost = "claimed by ghost (00ff00ff00ff) for 2 s";
        site.set(id, &json!({ "state": "in_progress", "description": ghost }));
        let agent = site.start(&folder);
        let answer = folder.deliver("a-1", "deployment", &site.event(id));
        assert_eq!(answer.status, 202);
        until("it stands down first", || {
            folder.metric("deployments{state=\"watching\"}") == 1
        });
        assert_eq!(
            site.states(id).len(),
            1,
            "no status is written while the claim holds"
        );
        site.wait_for_ends(&[id], Duration::from_secs(50));
        assert_eq!(site.states(id), states);
        assert_eq!(site.runs().get(&id).copied().unwrap_or(0), runs);
        drop(agent.stop().expect(0));
    }
}

#[test]
fn two_agents_take_turns_in_one_environment() {
    let site = Site::without_limits();
    // A command that finds another one running writes its ID to `crowd`.
    let script = "mkdir ../at-work || echo $DEPLOYCTL_DEPLOYMENT_ID >> ../crowd; sleep 0.3; rmdir ../at-work";
    let config = format!("settle = \"0s\"\nLISTEN\n{}", rule(script, ""));
    let folders =
        ["one", "two"].map(|name| site.folder(name, &format!("name = \"{name}\"\n{config}")));
    let agents = [site.start(&folders[0]), site.start(&folders[1])];
    let ids: Vec<u64> = (0..6).map(|_| site.create("staging")).collect();
    for (number, id) in ids.iter().enumerate() {
        // Each agent first receives a different deployment.
        let folder = &folders[number % 2];
        folder.deliver(&format!("d-{id}"), "deployment", &site.event(*id));
    }
    for id in &ids {
        for folder in &folders {
            folder.deliver(&format!("d-{id}"), "deployment", &site.event(*id));
        }
    }
    site.wait_for_ends(&ids, Duration::from_secs(55));
    assert!(
        !site.machine.cwd().join("crowd").exists(),
        "two commands ran at the same time"
    );
    assert_eq!(site.runs().len(), ids.len());
    assert!(site.runs().values().all(|runs| *runs == 1));
    for agent in agents {
        drop(agent.stop().expect(0));
    }
}

#[test]
fn an_agent_that_stops_while_it_waits_releases_its_claim() {
    let site = Site::new();
    let config = |name: &str, script: &str| {
        format!(
            "name = \"{name}\"\nsettle = \"0s\"\nLISTEN\n{}",
            rule(script, "")
        )
    };
    let busy = site.folder(
        "busy",
        &config("busy", "while [ ! -e ../go ]; do sleep 0.05; done"),
    );
    let idle = site.folder("idle", &config("idle", ""));
    let agents = [site.start(&busy), site.start(&idle)];
    let (first, second) = (site.create("staging"), site.create("staging"));
    busy.deliver("d-1", "deployment", &site.event(first));
    until("the first runs", || site.runs().contains_key(&first));
    idle.deliver("d-2", "deployment", &site.event(second));
    until("the second is claimed", || {
        site.states(second) == ["in_progress"]
    });
    agents[1]
        .running
        .wait_for_line("another agent is deploying");
    let [busy_agent, idle_agent] = agents;
    drop(idle_agent.stop().expect(0));
    assert_eq!(site.states(second), ["in_progress", "queued"]);
    busy.deliver("d-2", "deployment", &site.event(second));
    std::fs::write(site.machine.cwd().join("go"), "").expect("written");
    site.wait_for_ends(&[first, second], Duration::from_secs(55));
    assert_eq!(
        site.states(second),
        ["in_progress", "queued", "in_progress", "success"]
    );
    drop(busy_agent.stop().expect(0));
}

#[test]
fn a_slow_owner_that_lost_its_claim_stops_and_reports_nothing() {
    let site = Site::new();
    let folder = site.folder(
        "slow",
        &format!(
            "settle = \"0s\"\ntakeover_after = \"3s\"\nLISTEN\n{}",
            rule("exec sleep 60", "")
        ),
    );
    let agent = site.start(&folder);
    let id = site.create("staging");
    folder.deliver("a-1", "deployment", &site.event(id));
    until("it runs", || site.runs().contains_key(&id));
    // The agent has no network and so cannot renew its claim; meanwhile another
    // agent takes over.
    site.proxy
        .fault("POST", "*/statuses", 2.., Fault::ResetBefore);
    let other = "claimed by other (00ff00ff00ff) for 600 s";
    thread::sleep(Duration::from_secs(5));
    site.set(id, &json!({ "state": "in_progress", "description": other }));
    site.proxy.heal();
    let line = agent.running.wait_for_line("taken over");
    assert!(line.contains(&id.to_string()), "{line}");
    agent.running.wait_for_line("\"deployment closed\"");
    assert_eq!(site.finals(id), Vec::<serde_json::Value>::new());
    drop(agent.stop().expect(0));
}

/// Starts `deployctl run` for an environment that the agent has a rule for.
fn run(site: &Site) -> Running {
    let script = "echo $DEPLOYCTL_DEPLOYMENT_ID >> runs";
    let args = [
        "run", "-e", "staging", "--ref", "main", "--", "sh", "-c", script,
    ];
    site.machine.command(args).spawn()
}

/// Returns the deployment that `run` requested.
fn requested(site: &Site, before: &[u64]) -> u64 {
    let mut found = None;
    until("it is requested", || {
        let list = site
            .client()
            .get(&format!("{REPO}/deployments"))
            .expect(200)
            .list();
        found = list
            .iter()
            .filter_map(|one| one["id"].as_u64())
            .find(|id| !before.contains(id));
        found.is_some()
    });
    found.expect("an id")
}

#[test]
fn what_is_run_by_hand_is_run_once_whoever_is_first() {
    let site = Site::new();
    let script = "while [ -e ../hold ]; do sleep 0.05; done";
    let config = format!("settle = \"0.2s\"\nLISTEN\n{}", rule(script, ""));
    let folder = site.folder("agent", &config);
    let agent = site.start(&folder);
    let mut ids = Vec::new();

    // The agent receives the event and writes its status before the first
    // status of `run`. It is still running, or has already finished.
    let ends = [
        (
            "hold",
            8,
            "has claimed",
            &["in_progress", "in_progress", "success"][..],
        ),
        (
            "go",
            1,
            "had already ended",
            &["in_progress", "success", "in_progress", "success"],
        ),
    ];
    for (name, code, words, states) in ends {
        let hold = site.machine.file(name, "");
        site.proxy.heal();
        site.proxy.forget();
        site.proxy.fault(
            "POST",
            "*/statuses",
            1..=1,
            Fault::Delay(Duration::from_secs(4)),
        );
        let running = run(&site);
        let id = requested(&site, &ids);
        ids.push(id);
        until("run says that it is in progress", || {
            !site.proxy.matching("POST", "*/statuses").is_empty()
        });
        folder.deliver(&format!("d-{name}"), "deployment", &site.event(id));
        let ended = running.finish().expect(code);
        assert!(ended.stderr().contains(words), "{}", ended.stderr());
        std::fs::remove_file(hold).expect("removed");
        site.wait_for_ends(&[id], Duration::from_secs(50));
        assert_eq!(site.states(id), states);
    }

    // `run` is faster, after the agent has already checked the statuses.
    site.proxy.heal();
    site.proxy.fault(
        "POST",
        "*/statuses",
        1..=1,
        Fault::Delay(Duration::from_secs(3)),
    );
    let second = site.create("staging");
    folder.deliver("d-2", "deployment", &site.event(second));
    until("the agent is about to claim it", || {
        site.proxy.matching("POST", "*/statuses").len() > 3
    });
    let id = second.to_string();
    let script = "echo $DEPLOYCTL_DEPLOYMENT_ID >> runs; sleep 5";
    let args = ["run", "--deployment", &id, "--", "sh", "-c", script];
    drop(site.machine.run(args).expect(0));
    agent.running.wait_for_line("elsewhere");
    assert_eq!(
        site.states(second),
        ["in_progress", "in_progress", "success"]
    );

    // Both start at once, in any order.
    site.proxy.heal();
    for number in 3..8 {
        let running = run(&site);
        let id = requested(&site, &ids);
        folder.deliver(&format!("d-{number}"), "deployment", &site.event(id));
        let code = running.finish().code();
        assert!([0, 8].contains(&code), "{code}");
        ids.push(id);
    }
    site.wait_for_ends(&ids, Duration::from_secs(50));
    for id in &ids {
        assert_eq!(
            site.runs().get(id),
            Some(&1),
            "{id}: {:?}",
            site.statuses(*id)
        );
        // The second deployment had ended, and its end was restored.
        let expected = if *id == ids[1] { 2 } else { 1 };
        let states = site.states(*id);
        let ends = states.iter().filter(|state| *state == "success").count();
        assert_eq!(ends, expected, "{id}: {states:?}");
    }
    drop(agent.stop().expect(0));
}

#[test]
fn what_others_deploy_is_left_alone() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &format!("settle = \"0s\"\nLISTEN\n{}", rule("", "")),
    );
    let agent = site.start(&folder);
    for (number, state) in ["success", "failure", "error", "inactive", "in_progress"]
        .into_iter()
        .enumerate()
    {
        let id = site.create("staging");
        site.set(id, &json!({ "state": state, "description": "by hand" }));
        folder.deliver(&format!("a-{number}"), "deployment", &site.event(id));
        agent.running.wait_for_line("\"deployment closed\"");
        assert_eq!(
            site.statuses(id).last().expect("a status")["description"],
            "by hand"
        );
    }
    // A deployment that is only queued has not been started by anyone.
    let id = site.create("staging");
    site.set(id, &json!({ "state": "queued" }));
    folder.deliver("a-9", "deployment", &site.event(id));
    site.wait_for_ends(&[id], Duration::from_secs(50));
    assert_eq!(site.runs().into_keys().collect::<Vec<_>>(), [id]);
    drop(agent.stop().expect(0));
}
