use std::time::Duration;

use jiff::Timestamp;

use super::{Dispatcher, Done, Holder};
use crate::agent::deploy::After;
use crate::model::DeploymentId;

impl Dispatcher {
    /// Goes on from what a task has done.
    pub(super) async fn take(&mut self, done: Done) {
        match done {
            Done::Turn {
                lane,
                id,
                after,
                remains,
            } => {
                self.at_work.remove(&id);
                if let After::Again(pause) = after {
                    // The lane stays with it: those behind it wait, too.
                    self.again(id, pause);
                    return;
                }
                if let After::Refused(pause) = after {
                    self.set_aside(&lane, id, pause);
                }
                if let Some(remains) = remains {
                    self.wait_until_gone(lane, id, remains);
                    self.after(id, after).await;
                    return;
                }
                if let Some(queue) = self.lanes.get_mut(&lane) {
                    queue.active = None;
                }
                self.after(id, after).await;
                self.schedule(&lane).await;
            }
            Done::Judged { id, after } => {
                self.at_work.remove(&id);
                match after {
                    After::Again(pause) | After::Refused(pause) => self.again(id, pause),
                    after => self.after(id, after).await,
                }
            }
            Done::Look(id) if self.is_working() => {
                for queue in self.lanes.values_mut() {
                    let is_active = |holder: &Holder| holder.active.id == id;
                    if queue.active.as_ref().is_some_and(is_active) && !self.at_work.contains(&id) {
                        queue.active = None;
                    }
                }
                self.look_at([id]).await;
            }
            Done::Retry(lane) if self.is_working() => {
                let queue = self.lanes.get_mut(&lane);
                let refused = queue.map(|queue| std::mem::take(&mut queue.refused));
                self.look_at(refused.unwrap_or_default()).await;
            }
            Done::Gone(lane) => {
                if let Some(queue) = self.lanes.get_mut(&lane) {
                    queue.active = None;
                }
                self.schedule(&lane).await;
            }
            Done::Waited(lane, id) => self.announce(lane, id),
            Done::Announced(lane, id) => {
                self.announcing.remove(&id);
                self.schedule(&lane).await;
            }
            Done::Finished(id) => {
                self.at_work.remove(&id);
            }
            Done::Look(_) | Done::Retry(_) => {}
        }
    }

    async fn after(&mut self, id: DeploymentId, after: After) {
        if matches!(after, After::Again(_) | After::Refused(_)) {
            return;
        }
        self.tries.remove(&id);
        self.announced.remove(&id);
        match after {
            After::Moved => self.look_at([id]).await,
            After::Watch(until) => {
                let left = until.duration_since(Timestamp::now());
                self.look_in(id, Duration::try_from(left).unwrap_or_default());
            }
            After::Finishing(finish) => self.finish(*finish),
            After::Done | After::Left | After::Again(_) | After::Refused(_) => {}
        }
    }
}
