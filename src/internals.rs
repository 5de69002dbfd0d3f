//! What the tests of this package use beside its public face. It may change
//! with any release.

#[cfg(feature = "agent")]
pub use crate::agent::config::Config as AgentConfig;
pub use crate::commands::{Cli, pages};
pub use crate::error::{Asking, Failure};
#[cfg(feature = "agent")]
pub use crate::outbox::{ApiRoot, Outbox, Place};
