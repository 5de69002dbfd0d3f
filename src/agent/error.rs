use std::io;
use std::net::SocketAddr;

use super::journal::JournalError;
use crate::outbox::OutboxError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// A part of the agent has stopped unexpectedly.
    #[error("the agent failed: {0}")]
    Failed(String),
}
