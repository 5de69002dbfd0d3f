//! The embedded GitHub-compatible server for deployments.
//!
//! It answers the part of GitHub's REST and GraphQL APIs that deployments need,
//! over real HTTP on a loopback port. Its data is in `SQLite`, its refs are
//! resolved by real `git`, and it delivers webhooks. Start one with
//! [`Sandbox::start`]; every rule follows GitHub's public documentation
//! (<https://docs.github.com/rest/deployments>).
//!
//! It knows nothing of any client: it is held against GitHub's description of
//! the API alone.

mod access;
mod app;
mod base64;
mod config;
mod dispatch;
mod document;
mod error;
mod failure;
mod faults;
mod git;
mod graphql;
mod http;
mod ids;
mod pages;
mod rest;
mod rules;
mod server;
mod store;
mod webhook_checks;
mod webhooks;
mod wire;

pub use access::{ParseTokenRuleError, TokenRule};
pub use config::{Config, RepositorySource, WebhookSource, WebhookSourceError};
pub use error::SandboxError;
pub use faults::{FAULT_KINDS, FaultRule, ParseFaultError};
pub use server::Sandbox;

#[cfg(test)]
mod tests;
