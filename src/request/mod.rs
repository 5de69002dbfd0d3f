//! Requesting a deployment: its options, its payload, and sending the request.

mod options;
mod payload;
mod send;

pub(crate) use options::CreateOptions;
#[cfg(feature = "agent")]
pub(crate) use options::CreateRequest;
pub(crate) use send::{find_existing, request_deployment};
