//! Faults on request: the sandbox as a bad network and a failing server.
//!
//! A [`FaultRule`] says which requests fail and how. `sandbox serve --fault` and
//! [`Config::faults`](super::Config::faults) set rules at the start, and
//! [`request::ADMIN_PATH`] shows and changes them while the server runs. Requests
//! below [`DIRECT_PREFIX`] are never affected.

mod answers;
mod args;
mod bomb;
mod connection;
mod fault;
mod large_query;
mod request;
mod rule;
mod rule_set;
mod serve;
mod spoil;

pub(crate) use connection::{Connection, FaultyStream};
pub use fault::KINDS as FAULT_KINDS;
pub(crate) use request::{DIRECT_PREFIX, FaultRequest};
pub use rule::{FaultRule, ParseFaultError};
pub(crate) use rule_set::FaultRules;
pub(crate) use serve::serve;
