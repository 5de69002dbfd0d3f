//! `deployctl.toml`: what the agent listens to, and what it runs.
//!
//! Every value is checked where it stands: each problem is reported with its line
//! and column, and all problems of a file are reported together.

mod check;
mod check_rule;
#[allow(
    clippy::module_inception,
    reason = "the module is named after its main type"
)]
mod config;
mod error;
mod raw;
mod rule;
mod rule_input;
mod size;
mod template;
#[cfg(test)]
mod tests;

pub use config::Config;
pub(crate) use config::{LARGEST_PAYLOAD_BYTES, Poll, PollStart, SecretSource, Takeover};
pub(crate) use error::ConfigError;
pub(crate) use rule::{Concurrency, Program, Rule};
pub(crate) use rule_input::RuleInput;
pub(crate) use template::Template;
