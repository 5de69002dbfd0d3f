//! Requesting a deployment, for all commands that do.

mod options;
mod payload;
mod send;

pub(crate) use options::CreateOptions;
#[cfg(feature = "agent")]
pub(crate) use options::Wish;
pub(crate) use send::{find_twin, request_deployment};

pub(crate) use payload::{fields_payload, read_payload};
