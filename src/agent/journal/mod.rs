//! What the agent knows of deliveries and deployments, in `SQLite`, so that
//! nothing is forgotten and nothing is done twice after the process was killed.
//!
//! One thread writes. Requests that arrive while it commits share the next
//! transaction, so that a burst of deliveries costs few flushes of the disk. Each
//! is answered only after the commit.

mod cursors;
mod deliveries;
mod entries;
mod entry;
mod error;
mod reader;
mod schema;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use cursors::Cursor;
pub(crate) use deliveries::DeliveryResult;
pub(crate) use entry::{
    DeploymentOutcome, EntryState, JournalEntry, NewerDeployment, StartedCommand, Verdict,
};
pub(crate) use error::JournalError;
pub(crate) use reader::{DeploymentRow, JournalReader, running_agent};
pub(crate) use store::{Counts, Journal};
