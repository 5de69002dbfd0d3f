//! The state of a running server.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::access::TokenRule;
use crate::http::Limits;
use crate::rules::Core;

/// The state that every request needs.
#[derive(Debug)]
pub(crate) struct App {
    /// Store, git and rules.
    pub(crate) core: Arc<Core>,
    pub(crate) limits: Limits,
    /// Tokens with limited rights.
    pub(crate) tokens: Vec<TokenRule>,
    pub(crate) address: String,
    /// Requests so far; makes request ids.
    pub(crate) requests: AtomicU64,
}
