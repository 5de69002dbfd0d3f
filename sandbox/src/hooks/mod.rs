//! Webhooks: who is told of what, and the sending
//! (<https://docs.github.com/webhooks>).
//!
//! An event and its deliveries are noted in the transaction that makes the
//! thing they tell of ([`Herald`]); a background task sends what is noted
//! ([`Office`]). What was not sent when a server ends is sent by the next one.

mod carrier;
mod herald;
mod letter;
mod office;

pub(crate) use herald::Herald;
pub(crate) use office::Office;
