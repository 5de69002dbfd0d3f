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
mod many;
#[cfg(target_os = "linux")]
mod memory;
mod readme;
mod reap;
mod sandbox;
mod status;
mod terminal;
mod wait;
mod world;
