//! Receives webhook deliveries: checks them, writes them to the journal, and only
//! then acknowledges them. The work itself is done afterwards.
//!
//! A refused delivery is logged with its reason, its sender and its size, and never
//! with its content.

mod body_budget;
mod limited_listener;
mod receiver;
mod refusal;
mod refusal_log;

pub(super) use receiver::{Receiver, serve, serve_monitoring};
