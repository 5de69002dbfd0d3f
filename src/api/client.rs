use std::fmt;
use std::sync::atomic::AtomicBool;
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

/// Lists of more pages are not hurried: they take so many requests that the
/// points of a minute come to bound them, and pages that wait for their turn
/// take memory.
const LONGEST_HURRIED: u64 = 150;

/// A client of one GitHub server. Clones share connections, limits and what
/// was learnt of the server.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) config: ClientConfig,
    pub(super) http: HttpClients,
    /// Shared by all clients that are made from one another.
    pub(super) credential: Arc<Credential>,
    pub(super) concurrency: ConcurrencyLimiter,
    pub(super) rate_limiter: RateLimiter,
    /// How long one call may take with all its repeats.
    deadline: Mutex<Duration>,
    /// Set once GraphQL turned out not to be had.
    pub(super) without_graphql: AtomicBool,
    pub(super) viewer: OnceCell<Option<String>>,
    /// The server's clock when it last told the time.
    server_time: Mutex<Option<(Timestamp, Instant)>>,
}

impl Inner {
    /// How long one call may take with all its repeats.
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
    /// Makes a client. Nothing is sent and no certificate is read before the
    /// first request.
    ///
    /// # Errors
    /// [`ApiError::InsecureUrl`] for plain http to anything but this machine.
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
            viewer: OnceCell::new(),
            server_time: Mutex::new(None),
        })))
    }

    /// A client of the same server with the same token, whose calls have so
    /// long with all their repeats. It shares nothing else with this one.
    pub fn with_deadline(&self, deadline: Duration) -> Result<Self, ApiError> {
        let config = ClientConfig {
            deadline,
            ..self.0.config.clone()
        };
        Self::with_credential(config, Arc::clone(&self.0.credential))
    }

    /// From now on a call has so long with all its repeats.
    pub fn set_deadline(&self, deadline: Duration) {
        *self
            .0
            .deadline
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// Where the API is.
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

    /// Uses another token from now on. Returns whether it is another one.
    pub fn replace_token(&self, token: Token) -> bool {
        self.0.credential.replace(token)
    }

    /// How the server took the token so far.
    pub fn token_rejections(&self) -> TokenRejections {
        self.0.credential.refusals()
    }

    /// How many requests may be under way at a time.
    pub fn concurrency(&self) -> usize {
        self.0.config.concurrency
    }

    /// How many pages of a list of `pages` pages are asked for at a time.
    pub(super) fn pages_at_once(&self, pages: u64) -> usize {
        let most = match pages {
            0..=LONGEST_HURRIED => long_list_concurrency(self.concurrency()),
            _ => self.concurrency(),
        };
        usize::try_from(pages / 3).map_or(most, |some| some.clamp(self.concurrency(), most))
    }

    /// From now on no request waits: for its turn, for a limit, or for another
    /// try. Those that would have to fail with [`ApiError::Stopped`], or with
    /// what the last try brought. What is under way is let finish.
    pub fn stop(&self) {
        self.0.rate_limiter.stop();
    }

    /// The time by the server's clock, as far as its answers told; else ours.
    pub fn server_now(&self) -> Timestamp {
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

    /// What is left of REST's hour by the last response; `None` if no response
    /// told, as on servers without limits.
    pub fn quota(&self) -> Option<Quota> {
        self.0.rate_limiter.quota()
    }

    /// The points that can be spent at once; as many as there are where
    /// nothing limits them.
    pub fn free_points(&self) -> u64 {
        let rate_limiter = &self.0.rate_limiter;
        let spent = rate_limiter.spent();
        let free = |PointsLimit(limit)| u64::from(limit.saturating_sub(spent));
        rate_limiter.limit().map_or(u64::MAX, free)
    }

    /// The least time that requests of so many points take by the limit of
    /// points, with what the last minute cost already.
    pub fn least_time(&self, points: u64) -> Duration {
        let rate_limiter = &self.0.rate_limiter;
        least_time(points, rate_limiter.spent(), rate_limiter.limit())
    }

    /// What was spent lately of the limits, those that the server does not tell.
    pub fn usage(&self) -> RateUsage {
        self.0.rate_limiter.past((self.0.config.clock)())
    }

    /// Counts what another client has spent at the same server, such as an
    /// earlier run of the same program. To be told before the first request.
    pub fn add_usage(&self, spent: &RateUsage) {
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
