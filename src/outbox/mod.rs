//! Statuses that could not be sent yet, and running commands, on disk.
//!
//! A final status is never lost: it is stored here before it is sent, and removed
//! once the server is known to have it. [`Outbox::note_run`] records a run before its
//! command starts; if the process dies, the next deployctl reports that deployment as
//! `error` ([`Outbox::report_killed_runs`]). [`Outbox::note_request`] does the same
//! before the deployment exists ([`Outbox::resolve_requests`]). The statuses of one
//! deployment are sent in order, by one process at a time, and only after a check
//! whether the server has them already ([`Outbox::deliver`]).
//!
//! ```no_run
//! use deployctl::internals::{ApiRoot, DeploymentRef, Outbox};
//! use deployctl::api::{Client, NewStatus};
//! use deployctl::model::{DeploymentId, StatusState};
//! use tokio::time::{Duration, Instant};
//!
//! # async fn example(client: Client, path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
//! let outbox = Outbox::open(path)?;
//! let root = ApiRoot::of(client.endpoints());
//! let deployment = DeploymentRef::new(root, "acme/shop".parse()?, DeploymentId(1));
//! // `None`: all statuses of the deployment were created by this run.
//! outbox.store(&deployment, &NewStatus::new(StatusState::Success), None)?;
//! let deadline = Instant::now() + Duration::from_secs(30);
//! for delivery in outbox.deliver_to(&client, &deployment, deadline).await? {
//!     println!("{:?}", delivery.outcome);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A process that owns a note, or is sending, keeps a file locked. The lock ends with
//! the process, however it ends, and neither a reused process ID nor a clock can be
//! mistaken for it.

pub(crate) mod claims;
mod decide;
mod deliver;
mod deployment_ref;
mod error;
mod note;
mod process_lock;
mod request;
mod resolve;
mod schema;
mod store;
mod stored_status;
#[cfg(test)]
mod tests;

pub(crate) use deliver::{Delivery, DeliveryOutcome};
pub(crate) use deployment_ref::Origin;
pub use deployment_ref::{ApiRoot, DeploymentRef};
pub(crate) use error::OutboxError;
pub(crate) use note::RunNote;
pub(crate) use request::{LostRequest, RequestNote};
pub(crate) use resolve::RequestOutcome;
pub use store::Outbox;
pub(crate) use stored_status::{StoredStatus, StoredStatusId};
