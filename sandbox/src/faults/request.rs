//! The request that a fault may affect, and the paths of the administration.

use http::{HeaderMap, Method};

/// Shows (`GET`), replaces (`PUT`), extends (`POST`) and removes (`DELETE`) the
/// rules, as `{"faults": ["POST */deployments:1=reset-after"]}`. GitHub has no
/// such path.
pub(super) const ADMIN_PATH: &str = "/_sandbox/faults";

/// The prefix of requests that no fault affects. A redirect to the same host
/// leads here.
pub(crate) const DIRECT_PREFIX: &str = "/_sandbox/direct";

/// The parts of a request that faults depend on.
#[derive(Debug)]
pub(crate) struct FaultRequest<'a> {
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

impl FaultRequest<'_> {
    /// A header as text, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}
