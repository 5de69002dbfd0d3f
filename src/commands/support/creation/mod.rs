//! Requesting a deployment, for all commands that do.

mod options;
mod request;

pub(crate) use options::CreateOptions;
#[cfg(feature = "agent")]
pub(crate) use options::Wish;
pub(crate) use request::{find_twin, request_deployment};
