use std::collections::VecDeque;
use std::io;

use super::plan::{Order, Step};
use super::sorter::Merge;

/// A step whose turn comes.
#[derive(Debug)]
pub(super) struct Turn {
    /// Its number in the plan.
    pub(super) at: u64,
    pub(super) step: Step,
    /// Whether the first half of it is done.
    pub(super) is_inactive: bool,
}

/// The steps of a plan that are still to be done, read as they are needed.
pub(super) struct Queue<'a> {
    rest: Merge<'a, Order, Step>,
    next: u64,
    again: VecDeque<Turn>,
    /// Why the rest cannot be read.
    pub(super) broken: Option<io::Error>,
}

impl<'a> Queue<'a> {
    pub(super) fn new(rest: Merge<'a, Order, Step>) -> Self {
        Self {
            rest,
            next: 0,
            again: VecDeque::new(),
            broken: None,
        }
    }

    pub(super) fn next(&mut self) -> Option<Turn> {
        if let Some(turn) = self.again.pop_front() {
            return Some(turn);
        }
        match self.rest.next()? {
            Ok((_, step)) => {
                let at = self.next;
                self.next += 1;
                Some(Turn {
                    at,
                    step,
                    is_inactive: false,
                })
            }
            Err(error) => {
                self.broken = Some(error);
                None
            }
        }
    }

    /// Puts steps before all others, in their order.
    pub(super) fn put_back(&mut self, turns: Vec<Turn>) {
        for turn in turns.into_iter().rev() {
            self.again.push_front(turn);
        }
    }
}
