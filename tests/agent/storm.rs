//! A storm of deliveries, each sent three times, while the agent is killed
//! again and again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::world::{Folder, Site, is_full, rule, text};

/// The number of threads that send deliveries.
const POSTERS: usize = 16;

/// Sends a delivery until it is acknowledged, like a user who keeps pressing
/// "Redeliver".
fn deliver(folder: &Folder, delivery: &str, body: &[u8]) {
    loop {
        // Nothing listens while the agent is down, and a response may be cut
        // off when the agent is killed.
        if let Some(200..300) = folder.try_deliver(delivery, body) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "it prints its timings")]
fn each_deployment_is_run_once_and_reported_once() {
    let (count, kills, environments) = if is_full() {
        (500, 10, 25)
    } else {
        (40, 3, 10)
    };
    let site = Site::without_limits();
    let folder = site.folder(
        "agent",
        &format!(
            "settle = \"0s\"\nparallel = 12\nLISTEN\n{}",
            rule("sleep 0.2", "")
        ),
    );
    let ids: Vec<u64> = (0..count)
        .map(|number| site.create(&format!("env-{}", number % environments)))
        .collect();
    let bodies: Vec<Vec<u8>> = ids.iter().map(|id| site.event(*id)).collect();
    let began = Instant::now();
    let mut agent = Some(site.start(&folder));
    let next = AtomicUsize::new(0);
    let mut killed = 0;
    thread::scope(|scope| {
        for _ in 0..POSTERS {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= 3 * count {
                        return;
                    }
                    // The same delivery is repeated some time later.
                    let number = (at * 7 + at / count) % count;
                    let delivery = format!("00000000-0000-4000-8000-{number:012}");
                    deliver(&folder, &delivery, &bodies[number]);
                }
            });
        }
        let mut open = ids.clone();
        let mut last_kill = Instant::now();
        while !open.is_empty() {
            assert!(began.elapsed() < Duration::from_secs(900), "{open:?}");
            thread::sleep(Duration::from_millis(50));
            if killed < kills && last_kill.elapsed() > Duration::from_millis(1100) {
                agent.take().expect("an agent").kill();
                killed += 1;
                agent = Some(site.start(&folder));
                last_kill = Instant::now();
            }
            // Check a part at a time, so that this does not delay the kills.
            let part = open.split_off(open.len().saturating_sub(20));
            let rest = part.into_iter().filter(|id| site.finals(*id).is_empty());
            open = rest.chain(open).collect();
        }
    });
    let took = began.elapsed();
    drop(agent.expect("an agent").stop().expect(0));
    let runs = site.runs();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        let finals = site.finals(*id);
        assert_eq!(finals.len(), 1, "{id}: {finals:?}");
        let state = text(&finals[0], "state");
        let ran = runs.get(id).copied().unwrap_or(0);
        assert!(ran <= 1, "{id} ran {ran} times");
        if state == "success" {
            assert_eq!(ran, 1, "{id}");
        } else {
            // It was killed while it ran, and the status says so.
            assert_eq!(state, "error", "{id}: {finals:?}");
            assert!(
                text(&finals[0], "description").contains("the agent was killed"),
                "{finals:?}"
            );
        }
        *ends.entry(state).or_default() += 1;
    }
    assert!(killed > 0, "the agent was never killed");
    eprintln!(
        "{count} deployments, {} deliveries, {killed} kills, {} s: {} ran, ends {ends:?}",
        3 * count,
        took.as_secs(),
        runs.len()
    );
}
