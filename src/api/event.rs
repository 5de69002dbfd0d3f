use std::sync::Arc;
use std::time::Duration;

/// What the client does, one event a step, for `-v` and for progress.
///
/// No event carries a token. Texts of the server are as it sent them: escape
/// them before a terminal sees them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request was answered, or failed.
    Request {
        /// The HTTP method.
        method: &'a str,
        /// The address, query included.
        url: &'a str,
        /// The status of the response, if one came.
        status: Option<u16>,
        /// Why there is no usable response.
        error: Option<&'a str>,
        /// From sending to the last byte of the response.
        elapsed: Duration,
        /// `x-ratelimit-remaining` of the response.
        rate_remaining: Option<u64>,
        /// `x-github-request-id` of the response.
        request_id: Option<&'a str>,
        /// 1 for the first try of a call.
        attempt: u32,
    },
    /// A call is tried again after `delay`.
    Retry {
        /// Why it is tried again.
        reason: &'a str,
        /// How long the client waits before.
        delay: Duration,
    },
    /// A failed call is not tried again.
    GiveUp {
        /// Why not.
        reason: &'a str,
    },
    /// Something worth telling, such as that states come by REST.
    Note(&'a str),
}

/// Who is told of events.
pub type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;
