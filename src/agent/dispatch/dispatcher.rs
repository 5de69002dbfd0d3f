use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::plan::{ActiveDeployment, plan};
use crate::agent::agent::Agent;
use crate::agent::config::Concurrency;
use crate::agent::deploy::{Attempt, FinalReport, NextStep};
use crate::agent::journal::{EntryState, JournalEntry};
use crate::agent::stage::Stage;
use crate::api::NewStatus;
use crate::model::{DeploymentId, StatusState};
use crate::process::RemainingProcesses;

/// How many new deployments are scheduled together at most.
const MAX_BATCH: usize = 1000;

/// The pause after the first failed attempt; it doubles with each, up to the
/// longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// One environment of one repository, both as GitHub compares them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct EnvironmentKey {
    repository: String,
    environment: String,
}

impl EnvironmentKey {
    fn of(entry: &JournalEntry) -> Self {
        Self {
            repository: entry.repository.to_string().to_ascii_lowercase(),
            environment: entry.deployment.environment.clone(),
        }
    }
}

/// The deployments of one environment.
#[derive(Default)]
pub(super) struct EnvironmentQueue {
    pub(super) active: Option<ActiveAttempt>,
    pub(super) waiting: BTreeMap<DeploymentId, JournalEntry>,
    /// Those that the server refused. They are tried again together, in spec.
    pub(super) refused: BTreeSet<DeploymentId>,
}

/// The deployment that is being deployed, and the sender that stops it.
pub(super) struct ActiveAttempt {
    pub(super) deployment: ActiveDeployment,
    superseded_by: watch::Sender<Option<DeploymentId>>,
}

/// What a task of the dispatcher reports.
pub(super) enum TaskEvent {
    /// The active attempt of an environment has ended.
    AttemptEnded {
        key: EnvironmentKey,
        id: DeploymentId,
        next: NextStep,
        remains: Option<RemainingProcesses>,
    },
    /// The attempt of a deployment with a verdict has ended, beside its queue.
    VerdictReported { id: DeploymentId, next: NextStep },
    /// It is time to check a deployment again.
    Recheck(DeploymentId),
    /// It is time to retry what the server refused.
    RetryRefused(EnvironmentKey),
    /// The processes of a command that could not be ended have ended.
    ProcessesEnded(EnvironmentKey),
    /// A deployment has waited long enough to be announced.
    AnnouncementDue(EnvironmentKey, DeploymentId),
    /// A deployment was set to `queued` on the server.
    Announced(EnvironmentKey, DeploymentId),
    /// A final status was sent, or the agent ends.
    ReportEnded(DeploymentId),
}

/// Queues deployments and starts those that may start.
///
/// A failing journal delays deployments but does not end the dispatcher, since
/// running commands still have to be reported.
pub(in crate::agent) struct Dispatcher {
    pub(super) agent: Arc<Agent>,
    pub(super) queues: HashMap<EnvironmentKey, EnvironmentQueue>,
    /// How many attempts have failed.
    pub(super) failures: HashMap<DeploymentId, u32>,
    /// Those for which a task is running.
    pub(super) busy: HashSet<DeploymentId>,
    /// Those that were or will be set to `queued` on the server.
    pub(super) announced: HashSet<DeploymentId>,
    /// Those that are being set to `queued`. No other status is sent meanwhile.
    pub(super) announcing: HashSet<DeploymentId>,
    pub(super) tasks: JoinSet<TaskEvent>,
}

impl Dispatcher {
    pub(in crate::agent) fn new(agent: Arc<Agent>) -> Self {
        Self {
            agent,
            queues: HashMap::new(),
            failures: HashMap::new(),
            busy: HashSet::new(),
            announced: HashSet::new(),
            announcing: HashSet::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Runs until the stage is no longer [`Stage::Working`] and all tasks have ended.
    /// `entries` are the open entries of the journal at the start.
    pub(in crate::agent) async fn run(
        mut self,
        entries: Vec<JournalEntry>,
        mut news: UnboundedReceiver<DeploymentId>,
        mut stage: watch::Receiver<Stage>,
    ) {
        for entry in entries {
            if entry.state == EntryState::Finishing {
                self.send_report(FinalReport::new(Arc::clone(&self.agent), entry));
            } else {
                self.enqueue(entry);
            }
        }
        let queues: Vec<EnvironmentKey> = self.queues.keys().cloned().collect();
        for key in queues {
            self.schedule(&key).await;
        }
        let mut ids = Vec::new();
        loop {
            let is_working = *stage.borrow_and_update() == Stage::Working;
            if !is_working && self.tasks.is_empty() {
                return;
            }
            tokio::select! {
                _ = stage.changed() => {}
                1.. = news.recv_many(&mut ids, MAX_BATCH), if is_working => {
                    self.load(std::mem::take(&mut ids)).await;
                }
                Some(event) = self.tasks.join_next() => match event {
                    Ok(event) => self.handle(event).await,
                    Err(error) => self.agent.log.error(
                        "a task failed",
                        json!({ "error": error.to_string() }),
                    ),
                },
            }
        }
    }

    /// Queues deployments of the journal. Those that come together are all queued
    /// before the first of them is started.
    pub(super) async fn load(&mut self, ids: impl IntoIterator<Item = DeploymentId>) {
        let mut queues = HashSet::new();
        for id in ids {
            match self.agent.journal.entry(id).await {
                Ok(Some(entry)) => {
                    queues.insert(EnvironmentKey::of(&entry));
                    self.add(entry).await;
                }
                Ok(None) => {}
                Err(error) => {
                    self.warn("deployment has to wait", id, &error);
                    self.retry_later(id, Duration::ZERO);
                }
            }
        }
        for key in queues {
            self.schedule(&key).await;
        }
    }

    async fn add(&mut self, entry: JournalEntry) {
        let id = entry.id();
        match entry.state {
            _ if self.busy.contains(&id) => {}
            EntryState::Received | EntryState::Claimed | EntryState::Watching => {
                self.enqueue(entry);
            }
            EntryState::Done => {}
            EntryState::Finishing => {
                self.send_report(FinalReport::new(Arc::clone(&self.agent), entry));
            }
            EntryState::Running => {
                // The journal noted the start, but failed to confirm it.
                let status = NewStatus {
                    description: Some("the agent's journal failed at the start".to_owned()),
                    ..NewStatus::new(StatusState::Error)
                };
                match self.agent.store_report(&entry, &status, None).await {
                    Ok(()) => self.send_report(FinalReport::new(Arc::clone(&self.agent), entry)),
                    Err(error) => self.warn("final status is lost", id, &error),
                }
            }
        }
    }

    pub(super) fn warn(
        &self,
        event: &'static str,
        id: DeploymentId,
        error: &dyn std::error::Error,
    ) {
        let log = &self.agent.log;
        log.warn(event, json!({ "id": id, "error": error.to_string() }));
    }

    fn enqueue(&mut self, entry: JournalEntry) {
        let queue = self.queues.entry(EnvironmentKey::of(&entry)).or_default();
        let is_active = |active: &ActiveAttempt| active.deployment.id == entry.id();
        if !queue.active.as_ref().is_some_and(is_active) {
            queue.waiting.insert(entry.id(), entry);
        }
    }

    pub(super) fn is_working(&self) -> bool {
        *self.agent.stage.borrow() == Stage::Working
    }

    /// A deployment without a rule is queued too: its attempt closes it.
    pub(super) fn mode(&self, entry: &JournalEntry) -> Concurrency {
        let config = self.agent.config();
        let rule = config.rule_for(&entry.rule_input());
        rule.map_or(Concurrency::Queue, |(_, rule)| rule.concurrency)
    }

    pub(super) async fn schedule(&mut self, key: &EnvironmentKey) {
        if !self.is_working() {
            return;
        }
        let waiting = self.waiting_deployments(key).await;
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let plan = plan(
            queue.active.as_ref().map(|active| active.deployment),
            &waiting,
        );
        if let (Some(newer), Some(active)) = (plan.stop_for, &queue.active) {
            active.superseded_by.send_replace(Some(newer));
        }
        for (id, verdict) in plan.verdicts {
            if let Some(entry) = queue.waiting.get_mut(&id) {
                entry.verdict = Some(verdict);
            }
            // The verdict is valid without the journal: the next check reaches it again.
            if let Err(error) = self.agent.journal.set_verdict(id, verdict).await {
                let (log, error) = (&self.agent.log, error.to_string());
                log.warn("journal failed", json!({ "id": id, "error": error }));
            }
        }
        let with_verdict: Vec<DeploymentId> = queue
            .waiting
            .values()
            .filter(|entry| entry.verdict.is_some() && !self.announcing.contains(&entry.id()))
            .map(JournalEntry::id)
            .collect();
        for id in with_verdict {
            if let Some(entry) = self.take_waiting(key, id) {
                let (_, superseded_by) = watch::channel(None);
                let attempt = self.attempt(entry, superseded_by);
                self.tasks.spawn(async move {
                    let (next, _) = attempt.run().await;
                    TaskEvent::VerdictReported { id, next }
                });
            }
        }
        if let Some(id) = plan.start.filter(|id| !self.announcing.contains(id))
            && let Some(entry) = self.take_waiting(key, id)
        {
            let mode = self.mode(&entry);
            let (sender, superseded_by) = watch::channel(None);
            let attempt = self.attempt(entry, superseded_by);
            self.queues.entry(key.clone()).or_default().active = Some(ActiveAttempt {
                deployment: ActiveDeployment { id, mode },
                superseded_by: sender,
            });
            let key = key.clone();
            self.tasks.spawn(async move {
                let (next, remains) = attempt.run().await;
                TaskEvent::AttemptEnded {
                    key,
                    id,
                    next,
                    remains,
                }
            });
        }
        self.announce_later(key);
        if let Some(queue) = self.queues.get(key)
            && queue.active.is_none()
            && queue.waiting.is_empty()
            && queue.refused.is_empty()
        {
            self.queues.remove(key);
        }
    }

    fn take_waiting(&mut self, key: &EnvironmentKey, id: DeploymentId) -> Option<JournalEntry> {
        self.queues.get_mut(key)?.waiting.remove(&id)
    }

    fn attempt(
        &mut self,
        entry: JournalEntry,
        superseded_by: watch::Receiver<Option<DeploymentId>>,
    ) -> Attempt {
        let id = entry.id();
        self.busy.insert(id);
        let failures = self.failures.get(&id).copied().unwrap_or(0);
        Attempt::new(Arc::clone(&self.agent), entry, superseded_by, failures)
    }

    pub(super) fn retry_later(&mut self, id: DeploymentId, min_pause: Duration) {
        let pause = self.next_pause(id).max(min_pause);
        self.recheck_after(id, pause);
    }

    /// Counts a failure, and returns the pause before the next attempt.
    pub(super) fn next_pause(&mut self, id: DeploymentId) -> Duration {
        let failures = self.failures.entry(id).or_insert(0);
        let pause = FIRST_PAUSE * (1 << (*failures).min(10));
        *failures += 1;
        pause.min(LONGEST_PAUSE)
    }

    pub(super) fn recheck_after(&mut self, id: DeploymentId, pause: Duration) {
        self.send_after(pause, TaskEvent::Recheck(id));
    }

    /// Sends an event after a pause, or at once when the agent stops.
    pub(super) fn send_after(&mut self, pause: Duration, event: TaskEvent) {
        let stage = self.agent.stage.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sleep(pause) => {}
                () = Stage::draining(stage) => {}
            }
            event
        });
    }

    pub(super) fn send_report(&mut self, report: FinalReport) {
        let id = report.id();
        if self.busy.insert(id) {
            self.tasks.spawn(async move {
                report.send_until_closed().await;
                TaskEvent::ReportEnded(id)
            });
        }
    }
}
