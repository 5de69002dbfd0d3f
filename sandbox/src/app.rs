//! What a running server has.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::access::TokenRule;
use crate::http::Limits;
use crate::rules::Core;

/// What every request needs, whichever operation it asks for.
#[derive(Debug)]
pub(crate) struct App {
    /// Store, git and rules.
    pub(crate) core: Arc<Core>,
    /// The rate limits.
    pub(crate) limits: Limits,
    /// Tokens with limited rights.
    pub(crate) tokens: Vec<TokenRule>,
    /// Host and port of the listener.
    pub(crate) address: String,
    /// Requests so far; makes request ids.
    pub(crate) requests: AtomicU64,
}
