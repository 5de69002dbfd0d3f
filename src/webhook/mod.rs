//! Webhooks as GitHub sends them: their signatures and their events.
//!
//! See <https://docs.github.com/webhooks>.

mod event;
mod signature;

pub(crate) use event::{DeploymentEvent, Event, Undecodable, decode};
pub(crate) use signature::{InvalidSignature, verify};
