//! The command line for GitHub Deployments, as a library.

pub mod api;
pub mod auth;
pub mod context;
pub mod env;
pub mod exit;
pub mod model;
pub mod output;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod term;
