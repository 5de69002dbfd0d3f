//! Where tokens come from.
//!
//! Sources are asked in order; today these are the environment's variables.

mod environment;

pub use environment::environment_token;

use secrecy::SecretString;

/// A token and where it was found.
#[derive(Debug)]
pub struct Found {
    /// The token.
    pub token: SecretString,
    /// The source, as a user knows it, such as `GH_TOKEN`.
    pub origin: &'static str,
}
