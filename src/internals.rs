//! Items that the tests of this package use besides its public API. They may
//! change with any release.

#[cfg(feature = "agent")]
pub use crate::agent::config::Config as AgentConfig;
pub use crate::api::sealed_box::seal;
pub use crate::commands::{Cli, Page};
pub use crate::error::{Asking, Failure};
pub use crate::model::entry::PublicKey;
#[cfg(feature = "agent")]
pub use crate::outbox::{ApiRoot, DeploymentRef, Outbox};

/// The man pages of all commands and topics.
pub fn pages() -> std::io::Result<Vec<Page>> {
    crate::commands::pages(Cli::command())
}
