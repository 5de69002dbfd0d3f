use std::time::Duration;

use jiff::Timestamp;

use super::ErrorResponse;
use super::rate::LONGEST_WAIT;

/// An error of a call of the client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// The server responded with an error status (4xx or 5xx).
    #[error("{0}")]
    Response(Box<ErrorResponse>),
    /// A rate limit that lasts longer than the call may take.
    #[error("{0}")]
    RateLimited(Box<RateLimited>),
    /// There was no complete response.
    #[error("{0}")]
    Network(Box<NetworkError>),
    /// The response could not be read.
    #[error("{0}")]
    Unexpected(Box<Unexpected>),
    /// It is unknown whether a write took effect, and the search for its result
    /// did not clarify it.
    #[error("it is not known whether the server did this: {action}: {cause}")]
    Ambiguous {
        /// The action, such as `create a deployment`.
        action: &'static str,
        /// The error of the request.
        cause: Box<ApiError>,
        /// The error of the search.
        search: Box<ApiError>,
    },
    /// The URL must not be used: it is plain http to another machine, or it
    /// contains a password. Nothing was sent.
    #[error("{url} is not used: {reason}")]
    InsecureUrl {
        /// The URL.
        url: String,
        /// The reason.
        reason: &'static str,
    },
    /// A response pointed to a URL of another server, which was not followed.
    #[error("the {pointer} points to another server, {url}: not followed")]
    ForeignAddress {
        /// `Link header` or `redirect`.
        pointer: &'static str,
        /// The URL.
        url: String,
    },
    /// A name cannot be part of a URL. Nothing was sent.
    #[error("{name:?} cannot be part of an address: {reason}")]
    InvalidName {
        /// The name.
        name: String,
        /// The reason.
        reason: &'static str,
    },
    /// A secret could not be encrypted with the server's public key. Nothing
    /// was sent.
    #[error("the secret cannot be encrypted: {0}")]
    Sealing(String),
    /// [`Client::stop`](super::Client::stop) was called while the request
    /// waited for its turn. Nothing was sent.
    #[error("stopped before it was sent")]
    Stopped,
    /// The HTTP client or a request could not be created. Nothing was sent.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

/// A rate limit that lasts longer than the call may take.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
#[derive(Clone, Debug, thiserror::Error)]
#[error("rate limit reached until {until}: {}", error_response.message)]
#[non_exhaustive]
pub struct RateLimited {
    /// When the server accepts requests again, by the server's clock.
    pub until: Timestamp,
    /// The time from the response until then.
    pub wait: Duration,
    /// Whether it is a secondary limit (too many requests in a short time)
    /// rather than the hourly quota.
    pub secondary: bool,
    /// The error response.
    pub error_response: ErrorResponse,
}

impl RateLimited {
    /// Whether the server asks for an implausibly long wait, for example
    /// because a header is in other units. GitHub's limits end within an hour.
    pub fn is_beyond_reason(&self) -> bool {
        self.wait >= LONGEST_WAIT
    }
}

/// The kind of a network error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkKind {
    /// No connection: the host was not found or is unreachable, or it refused
    /// the connection or took too long.
    Connect,
    /// The server's certificate is not trusted, or TLS failed otherwise.
    Tls,
    /// The proxy requires a user name and a password (407).
    Proxy,
    /// The response took longer than a request may take.
    TimedOut,
    /// The connection was interrupted, or the response was cut off.
    Broken,
}

impl NetworkKind {
    /// Whether the same request may succeed later.
    pub fn is_temporary(self) -> bool {
        !matches!(self, Self::Tls | Self::Proxy)
    }
}

/// There was no response, or an incomplete one.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{method} {url}: {detail}")]
#[non_exhaustive]
pub struct NetworkError {
    /// The HTTP method.
    pub method: String,
    /// The URL, including its query.
    pub url: String,
    /// The kind of error.
    pub kind: NetworkKind,
    /// Whether the server may have received the request.
    pub sent: bool,
    /// The status of the response, if at least that was received.
    pub status: Option<u16>,
    /// The cause.
    pub detail: String,
    /// The number of attempts.
    pub attempts: u32,
}

/// A response that differs from GitHub's API description.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{method} {url}: {what}")]
#[non_exhaustive]
pub struct Unexpected {
    /// The HTTP method.
    pub method: String,
    /// The URL, including its query.
    pub url: String,
    /// The status of the response; 0 if the response is not HTTP.
    pub status: u16,
    /// `x-github-request-id` of the response.
    pub request_id: Option<String>,
    /// What is wrong with the response.
    pub what: String,
}

impl ApiError {
    /// Whether the same call may succeed later: after most network and server
    /// errors (5xx) and after rate limits. If it is unknown whether a write
    /// took effect, the error is not temporary.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Response(error_response) => error_response.is_temporary(),
            Self::Network(error) => error.kind.is_temporary(),
            Self::RateLimited(_) | Self::Stopped => true,
            Self::Unexpected(_)
            | Self::Ambiguous { .. }
            | Self::InsecureUrl { .. }
            | Self::ForeignAddress { .. }
            | Self::InvalidName { .. }
            | Self::Sealing(_)
            | Self::Setup(_) => false,
        }
    }

    /// The HTTP status, if there is an error response.
    pub fn status(&self) -> Option<u16> {
        self.error_response()
            .map(|error_response| error_response.status)
    }

    /// The error response, if there is one.
    pub fn error_response(&self) -> Option<&ErrorResponse> {
        match self {
            Self::Response(error_response) => Some(error_response),
            Self::RateLimited(limited) => Some(&limited.error_response),
            _ => None,
        }
    }
}
