use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::credential::TokenRequests;
use super::event::{Event, Observer};
use super::rate::PointsLimit;
use super::token::Token;
use crate::model::Endpoints;

/// The settings of a [`Client`](super::Client).
///
/// ```
/// use std::time::Duration;
///
/// use deployctl::api::{Client, ClientConfig, Token};
/// use deployctl::model::Host;
///
/// let config = ClientConfig::new(Host::github().endpoints()?)
///     .token(Token::new("ghp_example".to_owned())?)
///     .deadline(Duration::from_secs(30));
/// let client = Client::new(config)?;
/// assert!(client.has_token());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct ClientConfig {
    /// The addresses of the API. The token is sent to their scheme, host and
    /// port, and nowhere else.
    pub endpoints: Endpoints,
    /// The token; none by default.
    pub token: Option<Token>,
    /// Where the client asks for another token when the server rejects its own.
    pub(crate) token_requests: Option<TokenRequests>,
    /// How long one call may take, including all retries; 100 s by default.
    pub deadline: Duration,
    /// How long it may take to establish a connection; 10 s by default.
    pub connect_timeout: Duration,
    /// How long one request may take, including the response body; 60 s by
    /// default.
    pub request_timeout: Duration,
    /// The pause before the first retry, which doubles with each retry; 0.5 s
    /// by default.
    pub first_pause: Duration,
    /// How many requests may be in flight at the same time, 1 to 100; 10 by
    /// default. Of a long list (up to 150 pages), up to a third of the pages
    /// are requested at once, at most 3.3 times this number. Requests for the
    /// states of a list's deployments are counted separately, with the same
    /// limits.
    pub concurrency: usize,
    /// How many points all requests of any 60 seconds may cost; GitHub's 900 by
    /// default. `None` is for servers without limits. The client also detects
    /// these itself: they send no rate-limit headers.
    pub points_limit: Option<PointsLimit>,
    /// Called for every request; see [`Event`].
    pub observer: Option<Observer>,
    /// The clock, for servers that do not send the time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Returns a random number from 0 (included) to 1 (excluded), which spreads
    /// retries in time.
    pub random: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl ClientConfig {
    /// The default limits, the system's clock and randomness, no token.
    pub fn new(endpoints: Endpoints) -> Self {
        Self {
            endpoints,
            token: None,
            token_requests: None,
            deadline: Duration::from_secs(100),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            first_pause: Duration::from_millis(500),
            concurrency: 10,
            points_limit: Some(PointsLimit::GITHUB),
            observer: None,
            clock: Arc::new(Timestamp::now),
            random: Arc::new(fastrand::f64),
        }
    }

    /// Sets the [`token`](Self::token).
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Sets the [`deadline`](Self::deadline) of a call.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the [`concurrency`](Self::concurrency).
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Calls `observer` for every request.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientConfig")
            .field("endpoints", &self.endpoints)
            .field("token", &self.token)
            .field("deadline", &self.deadline)
            .field("connect_timeout", &self.connect_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("first_pause", &self.first_pause)
            .field("concurrency", &self.concurrency)
            .field("points_limit", &self.points_limit)
            .finish_non_exhaustive()
    }
}
