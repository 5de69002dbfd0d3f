//! Gives every environment its turn: one deployment at a time, in the order in
//! which they were asked for, by the rule's mode.

mod done;
mod plan;
mod queue;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::plan::{Active, plan};
use super::config::Concurrency;
use super::deploy::{After, Agent, Finish, Turn};
use super::journal::{Entry, State};
use super::service::Stage;
use crate::api::NewStatus;
use crate::model::{DeploymentId, StatusState};
use crate::process::Remains;

/// How many deployments that come together are weighed together, at most.
const MANY: usize = 1000;

/// The longest pause before a deployment is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

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
    /// Those that the server refused. They are tried again together, in order.
    refused: BTreeSet<DeploymentId>,
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
        remains: Option<Remains>,
    },
    /// One that was judged has come to its end, beside its lane.
    Judged { id: DeploymentId, after: After },
    /// It is time to look at a deployment again.
    Look(DeploymentId),
    /// It is time to try again what the server refused.
    Retry(Lane),
    /// Nothing is left of a command that could not be ended.
    Gone(Lane),
    /// A deployment has waited for a while.
    Waited(Lane, DeploymentId),
    /// It was said on the server that a deployment waits.
    Announced(Lane, DeploymentId),
    /// A final status is out.
    Finished(DeploymentId),
}

/// Takes deployments in, and starts what may start.
///
/// A journal that fails holds a deployment up, but never ends this: what runs
/// has to be reported.
pub(super) struct Dispatcher {
    agent: Arc<Agent>,
    lanes: HashMap<Lane, Queue>,
    tries: HashMap<DeploymentId, u32>,
    /// Those that a task works on.
    at_work: HashSet<DeploymentId>,
    /// Those of which it was said, or is about to be, that they wait.
    announced: HashSet<DeploymentId>,
    /// Those of which it is being said. Nothing else is said of them meanwhile.
    announcing: HashSet<DeploymentId>,
    tasks: JoinSet<Done>,
}

impl Dispatcher {
    pub(super) fn new(agent: Arc<Agent>) -> Self {
        Self {
            agent,
            lanes: HashMap::new(),
            tries: HashMap::new(),
            at_work: HashSet::new(),
            announced: HashSet::new(),
            announcing: HashSet::new(),
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
    ) {
        for entry in entries {
            if entry.state == State::Finishing {
                let finish = Finish::new(Arc::clone(&self.agent), entry);
                self.finish(finish);
            } else {
                self.enqueue(entry);
            }
        }
        let lanes: Vec<Lane> = self.lanes.keys().cloned().collect();
        for lane in lanes {
            self.schedule(&lane).await;
        }
        let mut ids = Vec::new();
        loop {
            let is_working = *stage.borrow_and_update() == Stage::Working;
            if !is_working && self.tasks.is_empty() {
                return;
            }
            tokio::select! {
                _ = stage.changed() => {}
                1.. = news.recv_many(&mut ids, MANY), if is_working => {
                    self.look_at(std::mem::take(&mut ids)).await;
                }
                Some(done) = self.tasks.join_next() => match done {
                    Ok(done) => self.take(done).await,
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
    async fn look_at(&mut self, ids: impl IntoIterator<Item = DeploymentId>) {
        let mut lanes = HashSet::new();
        for id in ids {
            match self.agent.journal.entry(id).await {
                Ok(Some(entry)) => {
                    lanes.insert(Lane::of(&entry));
                    self.take_in(entry).await;
                }
                Ok(None) => {}
                Err(error) => {
                    self.warn("deployment has to wait", id, &error);
                    self.again(id, Duration::ZERO);
                }
            }
        }
        for lane in lanes {
            self.schedule(&lane).await;
        }
    }

    async fn take_in(&mut self, entry: Entry) {
        let id = entry.id();
        match entry.state {
            _ if self.at_work.contains(&id) => {}
            State::Received | State::Claimed | State::Watching => self.enqueue(entry),
            State::Done => {}
            State::Finishing => self.finish(Finish::new(Arc::clone(&self.agent), entry)),
            State::Running => {
                // The journal took the start, and then failed to say so.
                let status = NewStatus {
                    description: Some("the agent's journal failed at the start".to_owned()),
                    ..NewStatus::new(StatusState::Error)
                };
                match self.agent.keep(&entry, &status, None).await {
                    Ok(()) => self.finish(Finish::new(Arc::clone(&self.agent), entry)),
                    Err(error) => self.warn("final status is lost", id, &error),
                }
            }
        }
    }

    fn warn(&self, event: &'static str, id: DeploymentId, error: &dyn std::error::Error) {
        let log = &self.agent.log;
        log.warn(event, json!({ "id": id, "error": error.to_string() }));
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
        let config = self.agent.config();
        let rule = config.rule_for(&entry.request());
        rule.map_or(Concurrency::Queue, |(_, rule)| rule.concurrency)
    }

    async fn schedule(&mut self, lane: &Lane) {
        if !self.is_working() {
            return;
        }
        let waiting = self.weigh(lane).await;
        let Some(queue) = self.lanes.get_mut(lane) else {
            return;
        };
        let plan = plan(queue.active.as_ref().map(|holder| holder.active), &waiting);
        if let (Some(newer), Some(holder)) = (plan.stop_for, &queue.active) {
            holder.superseded_by.send_replace(Some(newer));
        }
        for (id, verdict) in plan.judged {
            if let Some(entry) = queue.waiting.get_mut(&id) {
                entry.verdict = Some(verdict);
            }
            // It holds all the same: whoever looks again judges the same.
            if let Err(error) = self.agent.journal.judge(id, verdict).await {
                let log = &self.agent.log;
                log.warn(
                    "journal failed",
                    json!({ "id": id, "error": error.to_string() }),
                );
            }
        }
        let judged: Vec<DeploymentId> = queue
            .waiting
            .values()
            .filter(|entry| entry.verdict.is_some() && !self.announcing.contains(&entry.id()))
            .map(Entry::id)
            .collect();
        for id in judged {
            if let Some(entry) = self.take_waiting(lane, id) {
                let (_, superseded_by) = watch::channel(None);
                let turn = self.turn(entry, superseded_by);
                self.tasks.spawn(async move {
                    let (after, _) = turn.run().await;
                    Done::Judged { id, after }
                });
            }
        }
        if let Some(id) = plan.start.filter(|id| !self.announcing.contains(id))
            && let Some(entry) = self.take_waiting(lane, id)
        {
            let mode = self.mode(&entry);
            let (sender, superseded_by) = watch::channel(None);
            let turn = self.turn(entry, superseded_by);
            let holder = Holder {
                active: Active { id, mode },
                superseded_by: sender,
            };
            self.lanes.entry(lane.clone()).or_default().active = Some(holder);
            let lane = lane.clone();
            self.tasks.spawn(async move {
                let (after, remains) = turn.run().await;
                Done::Turn {
                    lane,
                    id,
                    after,
                    remains,
                }
            });
        }
        self.watch_waiting(lane);
        if let Some(queue) = self.lanes.get(lane)
            && queue.active.is_none()
            && queue.waiting.is_empty()
            && queue.refused.is_empty()
        {
            self.lanes.remove(lane);
        }
    }

    fn take_waiting(&mut self, lane: &Lane, id: DeploymentId) -> Option<Entry> {
        self.lanes.get_mut(lane)?.waiting.remove(&id)
    }

    fn turn(&mut self, entry: Entry, superseded_by: watch::Receiver<Option<DeploymentId>>) -> Turn {
        let id = entry.id();
        self.at_work.insert(id);
        let tries = self.tries.get(&id).copied().unwrap_or(0);
        Turn::new(Arc::clone(&self.agent), entry, superseded_by, tries)
    }

    fn again(&mut self, id: DeploymentId, least: Duration) {
        let pause = self.next_pause(id).max(least);
        self.look_in(id, pause);
    }

    /// How long a deployment waits that failed again.
    fn next_pause(&mut self, id: DeploymentId) -> Duration {
        let tries = self.tries.entry(id).or_insert(0);
        let pause = Duration::from_millis(500) * (1 << (*tries).min(10));
        *tries += 1;
        pause.min(LONGEST_PAUSE)
    }

    fn look_in(&mut self, id: DeploymentId, pause: Duration) {
        self.later(pause, Done::Look(id));
    }

    /// Takes something up after a pause, or at once when the agent stops.
    fn later(&mut self, pause: Duration, done: Done) {
        let stage = self.agent.stage.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sleep(pause) => {}
                () = Stage::is_left(stage) => {}
            }
            done
        });
    }

    fn finish(&mut self, finish: Finish) {
        let id = finish.id();
        if self.at_work.insert(id) {
            self.tasks.spawn(async move {
                finish.until_done().await;
                Done::Finished(id)
            });
        }
    }
}
