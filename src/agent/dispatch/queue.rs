//! WaitingDeployment deployments: which of them are superseded, which the server refused, and
//! how they are announced on the server.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::dispatcher::{Dispatcher, EnvironmentKey, TaskEvent};
use super::plan::WaitingDeployment;
use crate::agent::config::Concurrency;
use crate::agent::deploy::ANNOUNCE_AFTER;
use crate::agent::journal::{JournalEntry, NewerDeployment};
use crate::agent::stage::Stage;
use crate::model::DeploymentId;
use crate::process::RemainingProcesses;

impl Dispatcher {
    /// The waiting deployments of an environment that have no verdict.
    pub(super) async fn waiting_deployments(&self, key: &EnvironmentKey) -> Vec<WaitingDeployment> {
        let Some(queue) = self.queues.get(key) else {
            return Vec::new();
        };
        let waiting = queue.waiting.values();
        let undecided: Vec<&JournalEntry> =
            waiting.filter(|entry| entry.verdict.is_none()).collect();
        let Some(oldest) = undecided.first() else {
            return Vec::new();
        };
        let newer = if self.may_be_superseded(&undecided) {
            self.newer_than(oldest).await
        } else {
            Vec::new()
        };
        undecided
            .into_iter()
            .map(|entry| WaitingDeployment {
                id: entry.id(),
                mode: self.mode(entry),
                superseded_by: self.newest_superseding(entry, &newer),
            })
            .collect()
    }

    /// Whether a deployment that neither runs nor waits may supersede one of these.
    fn may_be_superseded(&self, waiting: &[&JournalEntry]) -> bool {
        let config = self.agent.config();
        let mut rules = config.rules.iter();
        rules.any(|rule| rule.concurrency == Concurrency::Supersede)
            || waiting.iter().any(|entry| entry.refusal.is_some())
    }

    /// Newer deployments of the same environment in the journal.
    async fn newer_than(&self, entry: &JournalEntry) -> Vec<NewerDeployment> {
        match self.agent.journal.newer_than(entry).await {
            Ok(newer) => newer,
            Err(error) => {
                self.warn("journal failed", entry.id(), &error);
                Vec::new()
            }
        }
    }

    /// The newest deployment that neither runs nor waits and supersedes `entry`,
    /// because its rule says so, or because it was started while the server refused
    /// `entry`.
    fn newest_superseding(
        &self,
        entry: &JournalEntry,
        newer: &[NewerDeployment],
    ) -> Option<DeploymentId> {
        let id = entry.id();
        let was_refused = entry.refusal.is_some();
        newer
            .iter()
            .filter(|other| {
                other.entry.id() > id
                    && (self.mode(&other.entry) == Concurrency::Supersede
                        || was_refused && other.was_started)
            })
            .map(|other| other.entry.id())
            .max()
    }

    /// Lets those behind a refused deployment overtake it.
    pub(super) fn set_aside(
        &mut self,
        key: &EnvironmentKey,
        id: DeploymentId,
        min_pause: Duration,
    ) {
        let pause = self.next_pause(id).max(min_pause);
        let queue = self.queues.entry(key.clone()).or_default();
        let is_first = queue.refused.is_empty();
        queue.refused.insert(id);
        if is_first {
            self.send_after(pause, TaskEvent::RetryRefused(key.clone()));
        }
    }

    /// Blocks the environment until the processes of a command have ended.
    pub(super) fn wait_for_processes(
        &mut self,
        key: EnvironmentKey,
        id: DeploymentId,
        remains: RemainingProcesses,
    ) {
        self.agent.log.error(
            "command could not be stopped: its environment is blocked until it ends",
            json!({ "id": id }),
        );
        let agent = Arc::clone(&self.agent);
        self.tasks.spawn(async move {
            tokio::select! {
                () = remains.wait() => {
                    agent.log.info("command that could not be stopped has ended", json!({ "id": id }));
                }
                () = Stage::draining(agent.stage.clone()) => {}
            }
            TaskEvent::ProcessesEnded(key)
        });
    }

    /// Schedules the announcement of those that wait for a while.
    pub(super) fn announce_later(&mut self, key: &EnvironmentKey) {
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let waiting: Vec<DeploymentId> = queue.waiting.keys().copied().collect();
        for id in waiting {
            if self.announced.insert(id) {
                self.send_after(ANNOUNCE_AFTER, TaskEvent::AnnouncementDue(key.clone(), id));
            }
        }
    }

    /// Announces that a deployment waits, if it still does.
    pub(super) fn announce(&mut self, key: EnvironmentKey, id: DeploymentId) {
        let queue = self.queues.get(&key);
        let entry = queue.and_then(|queue| queue.waiting.get(&id)).cloned();
        let Some(entry) = entry.filter(|_| self.is_working()) else {
            return;
        };
        self.announcing.insert(id);
        let agent = Arc::clone(&self.agent);
        self.tasks.spawn(async move {
            agent.announce(&entry).await;
            TaskEvent::Announced(key, id)
        });
    }
}
