//! Support for the integration tests: real repositories, the real binary, a
//! terminal, the sandbox on a thread of its own, a recording proxy with faults,
//! and GitHub's description of its API.

#![allow(dead_code, reason = "no test crate uses all of it")]

pub(crate) mod bus;
pub(crate) mod cli;
pub(crate) mod git;
#[cfg(feature = "sandbox")]
pub(crate) mod http;
pub(crate) mod openapi;
pub(crate) mod proxy;
pub(crate) mod pty;
pub(crate) mod readme;
pub(crate) mod receiver;
#[cfg(unix)]
pub(crate) mod release_page;
#[cfg(feature = "sandbox")]
pub(crate) mod serve;

/// Reports that a test was skipped because a program is not installed. The test
/// runner does not capture the message.
pub(crate) fn skipped(program: &str) {
    use std::io::Write as _;
    let line = format!("skipped: {program} is not installed here\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}
