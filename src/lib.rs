//! The command line for GitHub Deployments, as a library.

pub mod exit;
pub mod model;
