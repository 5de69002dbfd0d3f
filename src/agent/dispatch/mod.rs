//! Gives every environment its turn: one deployment at a time, in the order in
//! which they were requested, subject to the rule's concurrency mode.

mod dispatcher;
mod events;
mod plan;
mod queue;

pub(super) use dispatcher::Dispatcher;
