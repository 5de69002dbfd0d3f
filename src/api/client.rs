use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::address::check_address;
use super::concurrency::{ConcurrencyLimiter, MAX_CONCURRENCY, long_list_concurrency};
use super::credential::{Credential, TokenRejections};
use super::http::HttpClients;
use super::rate::{PointsLimit, Quota};
use super::rate_limiter::{RateLimiter, RateUsage, least_time};
use super::{ApiError, ClientConfig, Event, Token};
use crate::model::Endpoints;

/// Lists of more pages are not read with increased concurrency: the limit of
/// points per minute bounds them anyway, and pages that wait for their turn
/// take memory.
const LONGEST_HURRIED: u64 = 150;

/// How many repositories one GraphQL query gets at first. GitHub aborts a query
/// after ten seconds, so that time limits the size, and not points.
const FIRST_REPOSITORIES: usize = 25;

/// A client of one GitHub server. Clones are cheap: they share connections,
/// limits and what the client has learnt about the server.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) config: ClientConfig,
    pub(super) http: HttpClients,
    /// Shared by all clients that were created from one another.
    pub(super) credential: Arc<Credential>,
    pub(super) concurrency: ConcurrencyLimiter,
    pub(super) rate_limiter: RateLimiter,
    /// How long one call may take, including all retries.
    deadline: Mutex<Duration>,
    /// Set once GraphQL is known to be unavailable.
    pub(super) without_graphql: AtomicBool,
    /// How many repositories one query gets; less once that was too many.
    pub(super) repositories_per_query: AtomicUsize,
    /// The organizations that responses left out because of single sign-on.
    pub(super) hidden_organizations: Mutex<BTreeSet<String>>,
    pub(super) viewer: OnceCell<Option<String>>,
    /// The server's time in its last response, and when that was received.
    server_time: Mutex<Option<(Timestamp, Instant)>>,
}

impl Inner {
    /// How long one call may take, including all retries.
    pub(super) fn deadline(&self) -> Duration {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note_server_time(&self, time: Timestamp) {
        let mut known = self
            .server_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *known = Some((time, Instant::now()));
    }
}

impl Client {
    /// Creates a client. Nothing is sent and no certificate is read before the
    /// first request.
    ///
    /// # Errors
    /// [`ApiError::InsecureUrl`] for plain http to anything but a loopback
    /// address.
    pub fn new(mut config: ClientConfig) -> Result<Self, ApiError> {
        let credential = Credential::new(config.token.take(), config.token_requests.take());
        Self::with_credential(config, Arc::new(credential))
    }

    fn with_credential(
        mut config: ClientConfig,
        credential: Arc<Credential>,
    ) -> Result<Self, ApiError> {
        check_address(&config.endpoints.rest)?;
        check_address(&config.endpoints.graphql)?;
        config.concurrency = config.concurrency.clamp(1, MAX_CONCURRENCY);
        let concurrency = ConcurrencyLimiter::new(config.concurrency);
        let rate_limiter = RateLimiter::new(config.points_limit);
        Ok(Self(Arc::new(Inner {
            deadline: Mutex::new(config.deadline),
            credential,
            config,
            rate_limiter,
            http: HttpClients::default(),
            concurrency,
            without_graphql: AtomicBool::new(false),
            repositories_per_query: AtomicUsize::new(FIRST_REPOSITORIES),
            hidden_organizations: Mutex::default(),
            viewer: OnceCell::new(),
            server_time: Mutex::new(None),
        })))
    }

    /// A client of the same server with the same token and another deadline for
    /// its calls. It shares nothing else with this client.
    pub(crate) fn with_deadline(&self, deadline: Duration) -> Result<Self, ApiError> {
        let config = ClientConfig {
            deadline,
            ..self.0.config.clone()
        };
        Self::with_credential(config, Arc::clone(&self.0.credential))
    }

    /// Sets how long a call may take from now on, including all retries.
    pub(crate) fn set_deadline(&self, deadline: Duration) {
        *self
            .0
            .deadline
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// The addresses of the API.
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.config.endpoints
    }

    /// Whether requests carry a token.
    pub fn has_token(&self) -> bool {
        self.0.credential.token().is_some()
    }

    /// The token that requests carry.
    pub fn token(&self) -> Option<Token> {
        self.0.credential.token()
    }

    /// Replaces the token. Returns whether it differs from the old one.
    pub fn replace_token(&self, token: Token) -> bool {
        self.0.credential.replace(token)
    }

    /// How often the server has rejected the token so far.
    pub(crate) fn token_rejections(&self) -> TokenRejections {
        self.0.credential.rejections()
    }

    /// How many requests may be in flight at the same time.
    pub fn concurrency(&self) -> usize {
        self.0.config.concurrency
    }

    /// How many pages of a list with `pages` pages are requested at the same
    /// time.
    pub(super) fn pages_at_once(&self, pages: u64) -> usize {
        let most = match pages {
            0..=LONGEST_HURRIED => long_list_concurrency(self.concurrency()),
            _ => self.concurrency(),
        };
        usize::try_from(pages / 3).map_or(most, |some| some.clamp(self.concurrency(), most))
    }

    /// Stops waiting: from now on, no request waits for its turn, for a limit
    /// or for a retry. Requests that would have to wait fail with
    /// [`ApiError::Stopped`], or with the error of their last attempt. Requests
    /// in flight are finished.
    pub fn stop(&self) {
        self.0.rate_limiter.stop();
    }

    /// The time by the server's clock, if its responses had a date, or else by
    /// the client's clock.
    pub(crate) fn server_now(&self) -> Timestamp {
        let known = self
            .0
            .server_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known
            .and_then(|(time, since)| {
                let passed = SignedDuration::try_from(since.elapsed()).ok()?;
                time.checked_add(passed).ok()
            })
            .unwrap_or_else(|| (self.0.config.clock)())
    }

    /// REST's primary rate limit in the last response; `None` if no response
    /// had it, as on servers without limits.
    pub fn quota(&self) -> Option<Quota> {
        self.0.rate_limiter.quota()
    }

    /// How many points can be spent without waiting; `u64::MAX` without a
    /// limit.
    pub(crate) fn free_points(&self) -> u64 {
        let rate_limiter = &self.0.rate_limiter;
        let spent = rate_limiter.spent();
        let free = |PointsLimit(limit)| u64::from(limit.saturating_sub(spent));
        rate_limiter.limit().map_or(u64::MAX, free)
    }

    /// The minimum time that requests worth `points` take because of the points
    /// limit, including what the last minute has cost already.
    pub fn least_time(&self, points: u64) -> Duration {
        let rate_limiter = &self.0.rate_limiter;
        least_time(points, rate_limiter.spent(), rate_limiter.limit())
    }

    /// The recent usage of the limits that the server does not report.
    pub(crate) fn usage(&self) -> RateUsage {
        self.0.rate_limiter.past((self.0.config.clock)())
    }

    /// Adds the usage of another client of the same server, such as an earlier
    /// run of the same program. Call this before the first request.
    pub(crate) fn add_usage(&self, spent: &RateUsage) {
        self.0.rate_limiter.remember(spent, (self.0.config.clock)());
    }

    pub(super) fn notify(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0.config.observer {
            observer(event);
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.config).finish()
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn client(rest: &str) -> Result<Client, ApiError> {
        let rest: Url = rest.parse().expect("an address");
        Client::new(ClientConfig::new(Endpoints::from_rest(&rest)))
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for rest in [
            "https://api.github.com",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost/api/v3",
            "http://api.github.localhost",
        ] {
            assert!(client(rest).is_ok(), "{rest}");
        }
        for rest in [
            "http://api.github.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "http://10.0.0.1",
            "http://[::2]",
            "ftp://localhost",
            "https://user@api.github.com",
        ] {
            assert!(
                matches!(client(rest), Err(ApiError::InsecureUrl { .. })),
                "{rest}"
            );
        }
    }

    #[test]
    fn an_address_with_a_password_is_refused_without_repeating_it() {
        let error = client("https://u:hunter2@api.github.com").expect_err("refused");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn debug_shows_no_token() {
        let rest: Url = "https://api.github.com".parse().expect("an address");
        let mut config = ClientConfig::new(Endpoints::from_rest(&rest));
        config.token = Token::new("ghp_secret".to_owned()).ok();
        let client = Client::new(config).expect("a client");
        assert!(client.has_token());
        assert!(!format!("{client:?}").contains("ghp_secret"));
    }

    #[test]
    fn calls_can_move_between_threads() {
        fn moves<T: Send>(_: &T) {}
        let client = client("https://api.github.com").expect("a client");
        let repo = "o/r".parse().expect("a repository");
        let filter = super::super::DeploymentFilter::default();
        let paging = super::super::Paging::all();
        moves(&client.repo(&repo).deployments(&filter, paging));
        moves(&client.repo(&repo).deployments_with_state(&filter, paging));
        moves(&client.repo(&repo).add_states(Vec::new()));
        let status = super::super::NewStatus::new(crate::model::StatusState::Success);
        moves(
            &client
                .repo(&repo)
                .deployment(crate::model::DeploymentId(1))
                .create_status(&status),
        );
    }
}
