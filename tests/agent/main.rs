//! The agent: the real binary against the sandbox, over HTTP.

#![cfg(all(feature = "agent", feature = "sandbox"))]

#[path = "../support/mod.rs"]
mod support;

mod before_start;
mod checkouts;
mod concurrency;
mod ends;
mod file;
mod locks;
mod once;
mod picture;
mod polling;
mod receive;
mod secrets;
mod service;
mod several;
mod storm;
mod world;
