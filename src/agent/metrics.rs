use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::journal::Counts;
use crate::api::TokenRejections;

/// Counters since the start of the agent.
#[derive(Debug)]
pub(super) struct Metrics {
    started: Timestamp,
    received: AtomicU64,
    repeated: AtomicU64,
    lost_claims: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
    finished: Mutex<BTreeMap<String, u64>>,
    polled: Mutex<BTreeMap<String, Polled>>,
}

#[derive(Debug, Default)]
struct Polled {
    last: Option<Timestamp>,
    failures: u64,
}

impl Metrics {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            started: now,
            received: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            lost_claims: AtomicU64::new(0),
            refused: Mutex::default(),
            finished: Mutex::default(),
            polled: Mutex::default(),
        }
    }

    pub(super) fn count_delivery(&self, is_repeated: bool) {
        self.received.fetch_add(1, Ordering::Relaxed);
        self.repeated
            .fetch_add(u64::from(is_repeated), Ordering::Relaxed);
    }

    pub(super) fn count_refused(&self, reason: &'static str) {
        *lock(&self.refused).entry(reason).or_default() += 1;
    }

    /// Counts a claim for which another agent was first.
    pub(super) fn count_lost_claim(&self) {
        self.lost_claims.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_finished(&self, state: &str) {
        *lock(&self.finished).entry(state.to_owned()).or_default() += 1;
    }

    pub(super) fn count_poll(&self, repository: &str, now: Timestamp, is_ok: bool) {
        let mut polled = lock(&self.polled);
        let polled = polled.entry(repository.to_owned()).or_default();
        if is_ok {
            polled.last = Some(now);
        } else {
            polled.failures += 1;
        }
    }

    /// Renders the metrics in Prometheus' text format, with those of the journal and
    /// the outboxes.
    ///
    /// See <https://prometheus.io/docs/instrumenting/exposition_formats/>.
    pub(super) fn text(&self, counts: Counts, unsent: usize, token: TokenRejections) -> String {
        let mut page = Page(String::new());
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        page.head(
            "start_time_seconds",
            "gauge",
            "Time at which the agent started.",
        );
        page.value("start_time_seconds", &[], seconds(self.started));
        page.head(
            "deliveries_total",
            "counter",
            "Deliveries that were accepted.",
        );
        page.value("deliveries_total", &[], load(&self.received));
        page.head(
            "deliveries_repeated_total",
            "counter",
            "Deliveries that had been received before.",
        );
        page.value("deliveries_repeated_total", &[], load(&self.repeated));
        page.head(
            "deliveries_refused_total",
            "counter",
            "Requests that were refused, by reason.",
        );
        for (reason, count) in lock(&self.refused).iter() {
            page.value("deliveries_refused_total", &[("reason", reason)], count);
        }
        page.head("deployments", "gauge", "Deployments that are not finished.");
        for (state, count) in [
            ("queued", counts.queued),
            ("running", counts.running),
            ("watching", counts.watching),
        ] {
            page.value("deployments", &[("state", state)], count);
        }
        page.head(
            "deployments_finished_total",
            "counter",
            "Deployments that this agent reported, by final state.",
        );
        for (state, count) in lock(&self.finished).iter() {
            page.value("deployments_finished_total", &[("state", state)], count);
        }
        page.head(
            "claims_lost_total",
            "counter",
            "Claims for which another agent was first.",
        );
        page.value("claims_lost_total", &[], load(&self.lost_claims));
        page.head(
            "outbox_statuses",
            "gauge",
            "Statuses that are waiting to be sent.",
        );
        page.value("outbox_statuses", &[], unsent);
        page.head(
            "token_refused_total",
            "counter",
            "Requests to which the server responded with 401.",
        );
        page.value("token_refused_total", &[], token.count);
        page.head(
            "token_refused",
            "gauge",
            "1 if the server refuses the token, otherwise 0.",
        );
        page.value("token_refused", &[], u8::from(token.since.is_some()));
        page.head(
            "last_poll_timestamp_seconds",
            "gauge",
            "Time of the last successful poll of a repository.",
        );
        let polled = lock(&self.polled);
        for (repository, polled) in polled.iter() {
            if let Some(last) = polled.last {
                let labels = [("repository", repository.as_str())];
                page.value("last_poll_timestamp_seconds", &labels, seconds(last));
            }
        }
        page.head("poll_failures_total", "counter", "Polls that failed.");
        for (repository, polled) in polled.iter() {
            let labels = [("repository", repository.as_str())];
            page.value("poll_failures_total", &labels, polled.failures);
        }
        page.0
    }
}

fn seconds(time: Timestamp) -> i64 {
    time.as_second()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.0.push_str(&format!(
            "# HELP deployctl_agent_{name} {help}\n# TYPE deployctl_agent_{name} {kind}\n"
        ));
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| {
                let value = value.replace('\\', "\\\\").replace('"', "\\\"");
                format!("{label}=\"{}\"", value.replace('\n', "\\n"))
            })
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        self.0
            .push_str(&format!("deployctl_agent_{name}{labels} {value}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let now = Timestamp::from_second(1000).expect("in range");
        let metrics = Metrics::new(now);
        metrics.count_delivery(false);
        metrics.count_delivery(true);
        metrics.count_refused("signature");
        metrics.count_finished("success");
        metrics.count_finished("success");
        metrics.count_poll("a\"b/c", now, true);
        metrics.count_poll("a\"b/c", now, false);
        let text = metrics.text(
            Counts {
                queued: 3,
                running: 2,
                watching: 1,
            },
            4,
            TokenRejections {
                count: 5,
                since: Some(now),
            },
        );
        for line in [
            "deployctl_agent_deliveries_total 2",
            "deployctl_agent_deliveries_repeated_total 1",
            "deployctl_agent_deliveries_refused_total{reason=\"signature\"} 1",
            "deployctl_agent_deployments{state=\"queued\"} 3",
            "deployctl_agent_deployments{state=\"running\"} 2",
            "deployctl_agent_deployments_finished_total{state=\"success\"} 2",
            "deployctl_agent_outbox_statuses 4",
            "deployctl_agent_token_refused_total 5",
            "deployctl_agent_token_refused 1",
            "deployctl_agent_last_poll_timestamp_seconds{repository=\"a\\\"b/c\"} 1000",
            "deployctl_agent_poll_failures_total{repository=\"a\\\"b/c\"} 1",
            "# TYPE deployctl_agent_deployments gauge",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        let mut names: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("# TYPE"))
            .collect();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "each has one head");
    }
}
