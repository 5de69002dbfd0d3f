use std::time::Duration;

use jiff::Timestamp;

use super::ErrorResponse;
use super::rate::LONGEST_WAIT;

/// Why a call of the client has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// The server answered with a status that says no (also 5xx).
    #[error("{0}")]
    Response(Box<ErrorResponse>),
    /// A rate limit that lasts longer than the call may wait.
    #[error("{0}")]
    RateLimited(Box<RateLimited>),
    /// No response came.
    #[error("{0}")]
    Network(Box<NetworkError>),
    /// An response came and could not be understood.
    #[error("{0}")]
    Unexpected(Box<Unexpected>),
    /// A write may or may not have been done, and looking did not tell.
    #[error("it is not known whether the server did this: {action}: {cause}")]
    Ambiguous {
        /// What was asked, such as `create a deployment`.
        action: &'static str,
        /// What became of the request.
        cause: Box<ApiError>,
        /// Why looking for the result did not tell.
        search: Box<ApiError>,
    },
    /// The address may not carry a token: plain http to another machine, or a
    /// password in it. Nothing was sent.
    #[error("{url} is not used: {reason}")]
    InsecureUrl {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The server pointed to an address of another server, which was not asked.
    #[error("the {pointer} points to another server, {url}: not followed")]
    ForeignAddress {
        /// `Link header` or `redirect`.
        pointer: &'static str,
        /// Where it points to.
        url: String,
    },
    /// A name cannot stand in the path of a request. Nothing was sent.
    #[error("{name:?} cannot be part of an address: {reason}")]
    InvalidName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A secret could not be sealed with the server's key. Nothing was sent.
    #[error("the secret cannot be encrypted: {0}")]
    Sealing(String),
    /// [`Client::stop`](super::Client::stop) was called while the request
    /// waited for its turn. Nothing was sent.
    #[error("stopped before it was sent")]
    Stopped,
    /// The HTTP client or a request could not be made. Nothing was sent.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

/// A rate limit that lasts longer than the call may wait.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
#[derive(Clone, Debug, thiserror::Error)]
#[error("rate limit reached until {until}: {}", refusal.message)]
#[non_exhaustive]
pub struct RateLimited {
    /// When the server takes requests again, by the server's clock.
    pub until: Timestamp,
    /// How long that is from the response.
    pub wait: Duration,
    /// Whether it is a secondary limit (too much at once) rather than the
    /// quota of the hour.
    pub secondary: bool,
    /// The response.
    pub refusal: ErrorResponse,
}

impl RateLimited {
    /// Whether the server asks for a longer wait than can be meant, as where a
    /// header is in other units. GitHub's limits end within an hour.
    pub fn is_beyond_reason(&self) -> bool {
        self.wait >= LONGEST_WAIT
    }
}

/// What broke a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkKind {
    /// No connection: name not found, refused, unreachable, or too slow.
    Connect,
    /// The server's certificate is not trusted, or TLS failed otherwise.
    Tls,
    /// The proxy wants a user name and a password (407).
    Proxy,
    /// The response took longer than a request may take.
    TimedOut,
    /// The connection broke, or the response was cut short.
    Broken,
}

impl NetworkKind {
    /// Whether the same request may well get through later.
    pub fn is_temporary(self) -> bool {
        !matches!(self, Self::Tls | Self::Proxy)
    }
}

/// No response came, or not all of it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{method} {url}: {detail}")]
#[non_exhaustive]
pub struct NetworkError {
    /// The HTTP method.
    pub method: String,
    /// The address, query included.
    pub url: String,
    /// What broke.
    pub kind: NetworkKind,
    /// Whether the request may have reached the server.
    pub sent: bool,
    /// The status of the response, if that much of it came.
    pub status: Option<u16>,
    /// The chain of causes in words.
    pub detail: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// An response that is not what GitHub's description promises.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{method} {url}: {what}")]
#[non_exhaustive]
pub struct Unexpected {
    /// The HTTP method.
    pub method: String,
    /// The address, query included.
    pub url: String,
    /// The status of the response; 0 if the response is no HTTP.
    pub status: u16,
    /// `x-github-request-id` of the response.
    pub request_id: Option<String>,
    /// What is wrong with it.
    pub what: String,
}

impl ApiError {
    /// Whether the same call may well work later: most failures of the network
    /// and of the server (5xx), a rate limit. An unknown outcome is not temporary: the write may be done.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Response(refusal) => refusal.is_temporary(),
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

    /// The status of the response, if the server refused.
    pub fn status(&self) -> Option<u16> {
        self.error_response().map(|refusal| refusal.status)
    }

    /// What the server said, if it refused.
    pub fn error_response(&self) -> Option<&ErrorResponse> {
        match self {
            Self::Response(refusal) => Some(refusal),
            Self::RateLimited(limited) => Some(&limited.refusal),
            _ => None,
        }
    }
}
