//! The commands: the real binary against the sandbox, over HTTP.

#![cfg(feature = "sandbox")]

#[path = "../support/mod.rs"]
mod support;

#[cfg(unix)]
mod action;
mod actions;
mod auth;
mod browser;
mod bulk;
mod bulk_many;
#[cfg(feature = "agent")]
mod checked_out;
mod cleanup;
mod completion;
mod contained;
mod context;
mod create;
mod device;
mod diff;
mod env;
mod examples;
mod freeze;
mod gates;
mod golden;
mod harness;
mod hostile;
mod https;
#[cfg(unix)]
mod install;
mod list;
mod lock;
mod many;
#[cfg(target_os = "linux")]
mod memory;
mod moves_and_locks;
mod promote;
mod readme;
mod reap;
mod repositories;
mod requests;
mod rollback;
#[cfg(feature = "agent")]
mod run;
mod sandbox;
#[cfg(feature = "agent")]
mod secrets;
mod stats;
mod status;
mod terminal;
mod wait;
mod waiting;
mod watch;
mod web;
mod workflows;
mod world;
