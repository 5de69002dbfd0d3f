//! The commands: the real binary against the sandbox, over HTTP.

#![cfg(feature = "sandbox")]

#[path = "../support/mod.rs"]
mod support;

mod auth;
mod bulk;
mod create;
mod device;
mod env;
mod golden;
mod harness;
mod hostile;
mod list;
mod readme;
#[cfg(feature = "agent")]
mod run;
mod sandbox;
mod status;
mod terminal;
mod wait;
mod world;
