//! Gives every environment its turn: one deployment at a time, in the order in
//! which they were asked for, by the rule's mode.

mod plan;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::plan::{Active, Waiting, plan};
use super::config::Concurrency;
use super::deploy::{After, Agent, Finish, Turn};
use super::journal::{Entry, JournalError, State, Verdict};
use super::service::Stage;
use crate::model::DeploymentId;

/// How many deployments that come together are weighed together, at most.
const MANY: usize = 1000;

/// The longest pause before a deployment is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// One environment of one repository; both as GitHub compares them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Lane {
    repository: String,
    environment: String,
}

impl Lane {
    fn of(entry: &Entry) -> Self {
        Self {
            repository: entry.repository.to_string().to_ascii_lowercase(),
            environment: entry.deployment.environment.clone(),
        }
    }
}

#[derive(Default)]
struct Queue {
    active: Option<Holder>,
    waiting: BTreeMap<DeploymentId, Entry>,
}

/// The deployment whose turn it is, and how it is told to stop.
struct Holder {
    active: Active,
    superseded_by: watch::Sender<Option<DeploymentId>>,
}

/// What a task of the dispatcher has done.
enum Done {
    /// A turn in a lane has come to its end.
    Turn {
        lane: Lane,
        id: DeploymentId,
        after: After,
    },
    /// One that was judged has come to its end, beside its lane.
    Judged { id: DeploymentId, after: After },
    /// It is time to look at a deployment again.
    Look(DeploymentId),
    /// A final status is out.
    Finished,
}

/// Takes deployments in, and starts what may start.
pub(super) struct Dispatcher {
    agent: Arc<Agent>,
    lanes: HashMap<Lane, Queue>,
    tries: HashMap<DeploymentId, u32>,
    tasks: JoinSet<Done>,
}

impl Dispatcher {
    pub(super) fn new(agent: Arc<Agent>) -> Self {
        Self {
            agent,
            lanes: HashMap::new(),
            tries: HashMap::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Works until the stage is no longer [`Stage::Working`] and all that runs
    /// has ended. `entries` is what the journal had at the start.
    pub(super) async fn run(
        mut self,
        entries: Vec<Entry>,
        mut news: UnboundedReceiver<DeploymentId>,
        mut stage: watch::Receiver<Stage>,
    ) -> Result<(), JournalError> {
        for entry in entries {
            if entry.state == State::Finishing {
                self.finish(entry);
            } else {
                self.enqueue(entry);
            }
        }
        let lanes: Vec<Lane> = self.lanes.keys().cloned().collect();
        for lane in lanes {
            self.schedule(&lane).await?;
        }
        let mut ids = Vec::new();
        loop {
            let is_working = *stage.borrow_and_update() == Stage::Working;
            if !is_working && self.tasks.is_empty() {
                return Ok(());
            }
            tokio::select! {
                _ = stage.changed() => {}
                1.. = news.recv_many(&mut ids, MANY), if is_working => {
                    self.look_at(std::mem::take(&mut ids)).await?;
                }
                Some(done) = self.tasks.join_next() => match done {
                    Ok(done) => self.take(done).await?,
                    Err(error) => self.agent.log.error(
                        "a task failed",
                        json!({ "error": error.to_string() }),
                    ),
                },
            }
        }
    }

    /// Takes deployments of the journal into their lanes. What comes together is
    /// weighed together, before the first of it has its turn.
    async fn look_at(
        &mut self,
        ids: impl IntoIterator<Item = DeploymentId>,
    ) -> Result<(), JournalError> {
        let mut lanes = HashSet::new();
        for id in ids {
            if let Some(entry) = self.agent.journal.entry(id).await?
                && entry.state != State::Done
            {
                lanes.insert(Lane::of(&entry));
                self.enqueue(entry);
            }
        }
        for lane in lanes {
            self.schedule(&lane).await?;
        }
        Ok(())
    }

    fn enqueue(&mut self, entry: Entry) {
        let queue = self.lanes.entry(Lane::of(&entry)).or_default();
        let is_active = |holder: &Holder| holder.active.id == entry.id();
        if !queue.active.as_ref().is_some_and(is_active) {
            queue.waiting.insert(entry.id(), entry);
        }
    }

    fn is_working(&self) -> bool {
        *self.agent.stage.borrow() == Stage::Working
    }

    /// What a deployment's rule says; one without a rule finds out by itself.
    fn mode(&self, entry: &Entry) -> Concurrency {
        let rule = self.agent.config.rule_for(&entry.request());
        rule.map_or(Concurrency::Queue, |(_, rule)| rule.concurrency)
    }

    async fn schedule(&mut self, lane: &Lane) -> Result<(), JournalError> {
        if !self.is_working() {
            return Ok(());
        }
        let Some(queue) = self.lanes.get(lane) else {
            return Ok(());
        };
        let waiting: Vec<Waiting> = queue
            .waiting
            .values()
            .filter(|entry| entry.verdict.is_none())
            .map(|entry| Waiting {
                id: entry.id(),
                mode: self.mode(entry),
            })
            .collect();
        let plan = plan(queue.active.as_ref().map(|holder| holder.active), &waiting);
        for (id, verdict) in &plan.judged {
            self.agent.journal.judge(*id, *verdict).await?;
        }
        let Some(queue) = self.lanes.get_mut(lane) else {
            return Ok(());
        };
        if let (Some(newer), Some(holder)) = (plan.stop_for, &queue.active) {
            holder.superseded_by.send_replace(Some(newer));
        }
        let mut judged: Vec<(DeploymentId, Verdict)> = queue
            .waiting
            .values()
            .filter_map(|entry| Some((entry.id(), entry.verdict?)))
            .collect();
        judged.extend(plan.judged);
        for (id, verdict) in judged {
            if let Some(mut entry) = queue.waiting.remove(&id) {
                entry.verdict = Some(verdict);
                let (_, superseded_by) = watch::channel(None);
                let tries = self.tries.get(&id).copied().unwrap_or(0);
                let turn = Turn::new(Arc::clone(&self.agent), entry, superseded_by, tries);
                self.tasks.spawn(async move {
                    let after = turn.run().await;
                    Done::Judged { id, after }
                });
            }
        }
        if let Some(id) = plan.start
            && let Some(entry) = queue.waiting.remove(&id)
        {
            let rule = self.agent.config.rule_for(&entry.request());
            let mode = rule.map_or(Concurrency::Queue, |(_, rule)| rule.concurrency);
            let (sender, superseded_by) = watch::channel(None);
            queue.active = Some(Holder {
                active: Active { id, mode },
                superseded_by: sender,
            });
            let tries = self.tries.get(&id).copied().unwrap_or(0);
            let turn = Turn::new(Arc::clone(&self.agent), entry, superseded_by, tries);
            let lane = lane.clone();
            self.tasks.spawn(async move {
                let after = turn.run().await;
                Done::Turn { lane, id, after }
            });
        }
        if queue.active.is_none() && queue.waiting.is_empty() {
            self.lanes.remove(lane);
        }
        Ok(())
    }

    async fn take(&mut self, done: Done) -> Result<(), JournalError> {
        match done {
            Done::Turn { lane, id, after } => {
                if let After::Again(pause) = after {
                    // The lane stays with it: those behind it wait, too.
                    self.again(id, pause);
                    return Ok(());
                }
                if let Some(queue) = self.lanes.get_mut(&lane) {
                    queue.active = None;
                }
                self.after(id, after).await?;
                self.schedule(&lane).await
            }
            Done::Judged { id, after } => match after {
                After::Again(pause) => {
                    self.again(id, pause);
                    Ok(())
                }
                after => self.after(id, after).await,
            },
            Done::Look(id) if self.is_working() => {
                for queue in self.lanes.values_mut() {
                    if queue
                        .active
                        .as_ref()
                        .is_some_and(|holder| holder.active.id == id)
                    {
                        queue.active = None;
                    }
                }
                self.look_at([id]).await
            }
            Done::Look(_) | Done::Finished => Ok(()),
        }
    }

    async fn after(&mut self, id: DeploymentId, after: After) -> Result<(), JournalError> {
        if !matches!(after, After::Again(_)) {
            self.tries.remove(&id);
        }
        match after {
            After::Done | After::Left | After::Again(_) => Ok(()),
            After::Moved => self.look_at([id]).await,
            After::Watch(until) => {
                let left = until.duration_since(Timestamp::now());
                self.look_in(id, Duration::try_from(left).unwrap_or_default());
                Ok(())
            }
            After::Finishing => {
                if let Some(entry) = self.agent.journal.entry(id).await? {
                    self.finish(entry);
                }
                Ok(())
            }
        }
    }

    fn again(&mut self, id: DeploymentId, least: Duration) {
        let tries = self.tries.entry(id).or_insert(0);
        let pause = Duration::from_millis(500) * (1 << (*tries).min(10));
        *tries += 1;
        self.look_in(id, pause.min(LONGEST_PAUSE).max(least));
    }

    fn look_in(&mut self, id: DeploymentId, pause: Duration) {
        let stage = self.agent.stage.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sleep(pause) => {}
                () = Stage::is_left(stage) => {}
            }
            Done::Look(id)
        });
    }

    fn finish(&mut self, entry: Entry) {
        let finish = Finish::new(Arc::clone(&self.agent), entry);
        self.tasks.spawn(async move {
            finish.until_done().await;
            Done::Finished
        });
    }
}
