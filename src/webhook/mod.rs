//! Webhooks as GitHub sends them: their signatures and their events. Pure, so
//! that who sends and who receives can stand on the same piece.
//!
//! See <https://docs.github.com/webhooks>.

mod event;
mod signature;

pub use event::{DeploymentEvent, DeploymentStatusEvent, Event, Undecodable, decode};
#[cfg(feature = "sandbox")]
pub use signature::sign_sha1;
pub use signature::{InvalidSignature, sign, verify};
