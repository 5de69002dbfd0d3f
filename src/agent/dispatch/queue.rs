//! Those that wait: what has lost its place, what the server refused, and what
//! is said of them on the server.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::plan::Waiting;
use super::{Dispatcher, Done, Lane};
use crate::agent::config::Concurrency;
use crate::agent::deploy::ANNOUNCE_AFTER;
use crate::agent::journal::{Entry, Known};
use crate::agent::service::Stage;
use crate::model::DeploymentId;
use crate::process::Remains;

impl Dispatcher {
    /// Those of a lane that wait and have not been judged.
    pub(super) async fn weigh(&self, lane: &Lane) -> Vec<Waiting> {
        let Some(queue) = self.lanes.get(lane) else {
            return Vec::new();
        };
        let waiting = queue.waiting.values();
        let unjudged: Vec<&Entry> = waiting.filter(|entry| entry.verdict.is_none()).collect();
        let Some(oldest) = unjudged.first() else {
            return Vec::new();
        };
        let known = if self.may_have_lost(&unjudged) {
            self.newer_than(oldest).await
        } else {
            Vec::new()
        };
        unjudged
            .into_iter()
            .map(|entry| Waiting {
                id: entry.id(),
                mode: self.mode(entry),
                lost_to: self.newest_before(entry, &known),
            })
            .collect()
    }

    /// Whether one of those that wait may have lost its place before it came.
    fn may_have_lost(&self, waiting: &[&Entry]) -> bool {
        let config = self.agent.config();
        let mut rules = config.rules.iter();
        rules.any(|rule| rule.concurrency == Concurrency::Supersede)
            || waiting.iter().any(|entry| entry.refusal.is_some())
    }

    /// What the journal knows of newer deployments of the same environment.
    async fn newer_than(&self, entry: &Entry) -> Vec<Known> {
        match self.agent.journal.newer_than(entry).await {
            Ok(known) => known,
            Err(error) => {
                self.warn("journal failed", entry.id(), &error);
                Vec::new()
            }
        }
    }

    /// The newest deployment to which one has lost its place, though it is
    /// neither at work nor waits: it supersedes by its rule, or was started
    /// while the server refused this one.
    fn newest_before(&self, entry: &Entry, known: &[Known]) -> Option<DeploymentId> {
        let id = entry.id();
        let was_refused = entry.refusal.is_some();
        known
            .iter()
            .filter(|known| {
                known.entry.id() > id
                    && (self.mode(&known.entry) == Concurrency::Supersede
                        || was_refused && known.was_started)
            })
            .map(|known| known.entry.id())
            .max()
    }

    /// Gives the lane of a refused deployment to those behind it.
    pub(super) fn set_aside(&mut self, lane: &Lane, id: DeploymentId, least: Duration) {
        let pause = self.next_pause(id).max(least);
        let queue = self.lanes.entry(lane.clone()).or_default();
        let is_first = queue.refused.is_empty();
        queue.refused.insert(id);
        if is_first {
            self.later(pause, Done::Retry(lane.clone()));
        }
    }

    /// Keeps the lane until nothing is left of a command.
    pub(super) fn wait_until_gone(&mut self, lane: Lane, id: DeploymentId, remains: Remains) {
        self.agent.log.error(
            "command could not be ended: its environment stays taken until it has ended",
            json!({ "id": id }),
        );
        let agent = Arc::clone(&self.agent);
        self.tasks.spawn(async move {
            tokio::select! {
                () = remains.until_gone() => {
                    agent.log.info("command has ended at last", json!({ "id": id }));
                }
                () = Stage::is_left(agent.stage.clone()) => {}
            }
            Done::Gone(lane)
        });
    }

    /// Sees to it that the server is told of those that wait for a while.
    pub(super) fn watch_waiting(&mut self, lane: &Lane) {
        let Some(queue) = self.lanes.get(lane) else {
            return;
        };
        let waiting: Vec<DeploymentId> = queue.waiting.keys().copied().collect();
        for id in waiting {
            if self.announced.insert(id) {
                self.later(ANNOUNCE_AFTER, Done::Waited(lane.clone(), id));
            }
        }
    }

    /// Tells the server that a deployment waits, if it still does.
    pub(super) fn announce(&mut self, lane: Lane, id: DeploymentId) {
        let queue = self.lanes.get(&lane);
        let entry = queue.and_then(|queue| queue.waiting.get(&id)).cloned();
        let Some(entry) = entry.filter(|_| self.is_working()) else {
            return;
        };
        self.announcing.insert(id);
        let agent = Arc::clone(&self.agent);
        self.tasks.spawn(async move {
            agent.announce(&entry).await;
            Done::Announced(lane, id)
        });
    }
}
