use std::collections::VecDeque;

use crate::bulk::plan::PlanStep;

/// A step that is still to be done.
#[derive(Debug)]
pub(super) struct QueuedStep<'a> {
    /// Its position in the plan.
    pub(super) index: usize,
    pub(super) step: &'a PlanStep,
    /// Whether the deployment was deactivated, which is the first half of
    /// deleting an active one.
    pub(super) is_inactive: bool,
}

/// The steps of a plan that are still to be done.
pub(super) struct Queue<'a>(VecDeque<QueuedStep<'a>>);

impl<'a> Queue<'a> {
    pub(super) fn new(steps: &'a [PlanStep]) -> Self {
        let queued = steps.iter().enumerate().map(|(index, step)| QueuedStep {
            index,
            step,
            is_inactive: false,
        });
        Self(queued.collect())
    }

    pub(super) fn next(&mut self) -> Option<QueuedStep<'a>> {
        self.0.pop_front()
    }

    /// Takes the next steps, `count` at most.
    pub(super) fn take(&mut self, count: usize) -> Vec<QueuedStep<'a>> {
        let count = count.min(self.0.len());
        self.0.drain(..count).collect()
    }

    pub(super) fn remove(&mut self, is_removed: impl Fn(&PlanStep) -> bool) {
        self.0.retain(|queued| !is_removed(queued.step));
    }

    /// Puts steps back before all others, in their order.
    pub(super) fn put_back(&mut self, steps: Vec<QueuedStep<'a>>) {
        for step in steps.into_iter().rev() {
            self.0.push_front(step);
        }
    }
}
