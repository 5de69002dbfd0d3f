//! Faults on request: the sandbox as a bad network and a failing server.
//!
//! A [`FaultRule`] says which requests go wrong and how; `sandbox serve
//! --fault` and [`Config::faults`](super::Config::faults) take some at the
//! start, and [`ADMIN`] shows and changes them while the server runs. Requests
//! below [`DIRECT`] meet none.

mod answers;
mod args;
mod asked;
mod bomb;
mod book;
mod fault;
mod rule;
mod serve;
mod spoil;
mod wire;

pub(crate) use asked::Asked;
pub(crate) use book::Book;
pub use fault::KINDS as FAULT_KINDS;
pub use rule::{FaultRule, ParseFaultError};
pub(crate) use serve::serve;
pub(crate) use wire::{Cable, Door};

/// Where the rules are shown (`GET`), replaced (`PUT`), added to (`POST`) and
/// taken away (`DELETE`), as `{"faults": ["POST */deployments:1=reset-after"]}`.
/// GitHub has no such path.
pub(crate) const ADMIN: &str = "/_sandbox/faults";

/// What stands before the path of a request that is to meet no fault. A
/// redirect to the same host leads here.
pub(crate) const DIRECT: &str = "/_sandbox/direct";
