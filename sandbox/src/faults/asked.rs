//! The request that a fault may meet.

use axum::http::{HeaderMap, Method};

/// What faults need to know of a request.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// The path, without `/api/v3`.
    pub(crate) path: &'a str,
    /// Path and query as they were sent.
    pub(crate) target: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Host and port that the request was sent to.
    pub(crate) host: &'a str,
    /// The time in seconds since the epoch.
    pub(crate) now: i64,
}

impl Asked<'_> {
    /// A header as text, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}
