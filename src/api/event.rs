use std::sync::Arc;
use std::time::Duration;

/// A step of the client, for logs and progress displays.
///
/// Events never contain the token. Texts of the server are as it sent them:
/// escape them before you print them on a terminal.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request got a response, or failed.
    Request {
        /// The HTTP method.
        method: &'a str,
        /// The URL, including its query.
        url: &'a str,
        /// The status of the response, if there was one.
        status: Option<u16>,
        /// Why there is no usable response.
        error: Option<&'a str>,
        /// The time from sending to the last byte of the response.
        elapsed: Duration,
        /// `x-ratelimit-remaining` of the response.
        rate_remaining: Option<u64>,
        /// `x-github-request-id` of the response.
        request_id: Option<&'a str>,
        /// The number of the attempt, from 1.
        attempt: u32,
    },
    /// A request will be retried after `delay`.
    Retry {
        /// Why it is retried.
        reason: &'a str,
        /// How long the client waits first.
        delay: Duration,
    },
    /// A failed request will not be retried.
    GiveUp {
        /// Why not.
        reason: &'a str,
    },
    /// Something worth knowing, such as that states are requested by REST.
    Note(&'a str),
}

/// A function that is called for every event.
pub type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;
