//! Webhooks: recording events and sending their deliveries
//! (<https://docs.github.com/webhooks>).
//!
//! An event and its deliveries are recorded in the transaction that creates the
//! object ([`EventRecorder`]); a background task sends them ([`Dispatcher`]).
//! Deliveries that are pending when a server ends are sent by the next one.

mod dispatcher;
mod recorder;
mod sender;
mod signed_request;

pub(crate) use dispatcher::Dispatcher;
pub(crate) use recorder::EventRecorder;
