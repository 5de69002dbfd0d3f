use std::time::Duration;

use jiff::Timestamp;

use super::dispatcher::{ActiveAttempt, Dispatcher, TaskEvent};
use crate::agent::deploy::NextStep;
use crate::model::DeploymentId;

impl Dispatcher {
    pub(super) async fn handle(&mut self, event: TaskEvent) {
        match event {
            TaskEvent::AttemptEnded {
                key,
                id,
                next,
                remains,
            } => {
                self.busy.remove(&id);
                if let NextStep::Retry(pause) = next {
                    // It stays active: those behind it wait, too.
                    self.retry_later(id, pause);
                    return;
                }
                if let NextStep::Refused(pause) = next {
                    self.set_aside(&key, id, pause);
                }
                if let Some(remains) = remains {
                    self.wait_for_processes(key, id, remains);
                    self.continue_with(id, next).await;
                    return;
                }
                if let Some(queue) = self.queues.get_mut(&key) {
                    queue.active = None;
                }
                self.continue_with(id, next).await;
                self.schedule(&key).await;
            }
            TaskEvent::VerdictReported { id, next } => {
                self.busy.remove(&id);
                match next {
                    NextStep::Retry(pause) | NextStep::Refused(pause) => {
                        self.retry_later(id, pause);
                    }
                    next => self.continue_with(id, next).await,
                }
            }
            TaskEvent::Recheck(id) if self.is_working() => {
                for queue in self.queues.values_mut() {
                    let is_active = |active: &ActiveAttempt| active.deployment.id == id;
                    if queue.active.as_ref().is_some_and(is_active) && !self.busy.contains(&id) {
                        queue.active = None;
                    }
                }
                self.load([id]).await;
            }
            TaskEvent::RetryRefused(key) if self.is_working() => {
                let queue = self.queues.get_mut(&key);
                let refused = queue.map(|queue| std::mem::take(&mut queue.refused));
                self.load(refused.unwrap_or_default()).await;
            }
            TaskEvent::ProcessesEnded(key) => {
                if let Some(queue) = self.queues.get_mut(&key) {
                    queue.active = None;
                }
                self.schedule(&key).await;
            }
            TaskEvent::AnnouncementDue(key, id) => self.announce(key, id),
            TaskEvent::Announced(key, id) => {
                self.announcing.remove(&id);
                self.schedule(&key).await;
            }
            TaskEvent::ReportEnded(id) => {
                self.busy.remove(&id);
            }
            TaskEvent::Recheck(_) | TaskEvent::RetryRefused(_) => {}
        }
    }

    async fn continue_with(&mut self, id: DeploymentId, next: NextStep) {
        if matches!(next, NextStep::Retry(_) | NextStep::Refused(_)) {
            return;
        }
        self.failures.remove(&id);
        self.announced.remove(&id);
        match next {
            NextStep::Moved => self.load([id]).await,
            NextStep::CheckAt(until) => {
                let left = until.duration_since(Timestamp::now());
                self.recheck_after(id, Duration::try_from(left).unwrap_or_default());
            }
            NextStep::SendReport(report) => self.send_report(*report),
            NextStep::Closed | NextStep::AgentStops | NextStep::Retry(_) | NextStep::Refused(_) => {
            }
        }
    }
}
