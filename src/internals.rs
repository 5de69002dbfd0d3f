//! What the tests of this package use beside its public face. It may change
//! with any release.

#[cfg(feature = "agent")]
pub use crate::agent::config::Config as AgentConfig;
pub use crate::api::sealed_box::seal;
pub use crate::commands::{Cli, pages};
pub use crate::error::{Asking, Failure};
pub use crate::model::entry::PublicKey;
#[cfg(feature = "agent")]
pub use crate::outbox::{ApiRoot, Outbox, Place};
