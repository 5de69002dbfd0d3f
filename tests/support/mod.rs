//! What the integration tests stand on: real repositories, the real binary,
//! a terminal, the sandbox on a thread of its own, a recording proxy with
//! faults, and GitHub's description of its API.

// Each test crate uses another part of this module.
#![allow(dead_code, reason = "every test crate takes what it needs")]

pub(crate) mod bus;
pub(crate) mod cli;
pub(crate) mod git;
#[cfg(feature = "sandbox")]
pub(crate) mod http;
pub(crate) mod openapi;
pub(crate) mod proxy;
pub(crate) mod pty;
pub(crate) mod receiver;
#[cfg(feature = "sandbox")]
pub(crate) mod serve;

/// Says, past the capture of the test runner, that a test was left out because
/// this machine lacks a program.
pub(crate) fn skipped(program: &str) {
    use std::io::Write as _;
    let line = format!("skipped: {program} is not installed here\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}
