//! The configuration of a sandbox.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::access::TokenRule;
use super::faults::FaultRule;
use super::webhook_checks::{check_url, known_event};

/// The configuration of a sandbox; [`Config::new`] has the documented defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// The directory of the database and of the sandbox's own git
    /// repositories; made if it is not there. Several processes may share it.
    pub data: PathBuf,
    /// The address to listen on; loopback by default.
    pub listen: IpAddr,
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The repositories to serve, in addition to those already stored in
    /// `data`.
    pub repositories: Vec<RepositorySource>,
    /// Tokens with limited rights. Any other token has all rights.
    pub tokens: Vec<TokenRule>,
    /// Whether an omitted `production_environment` is `true` for the
    /// environment `production`, as GitHub's documentation says. With `false`
    /// it is `false` for every environment, as recordings show.
    pub production_default: bool,
    /// Whether repositories without a visibility of their own are private: then
    /// reading needs a token too.
    pub private: bool,
    /// Whether environments may have wait timers and reviewers. Private
    /// repositories have them only with GitHub Enterprise; on other plans
    /// GitHub refuses a request with these fields, even with their defaults.
    pub environment_protection: bool,
    /// Whether exceeding a rate limit is answered with an error. The headers
    /// count in either case.
    pub enforce_limits: bool,
    /// Whether creating deployments and statuses counts as creating content,
    /// which GitHub limits to 80 per minute and 500 per hour. Whether it counts
    /// on GitHub is not known.
    pub enforce_content_limits: bool,
    /// The faults to inject, and the requests that they affect.
    pub faults: Vec<FaultRule>,
    /// The webhooks of each of `repositories` that the set-up gives. Those that
    /// an earlier one gave are made inactive; `None` leaves all as they are.
    pub webhooks: Option<Vec<WebhookSource>>,
    /// Whether webhook deliveries are sent. If not, they are only recorded, and
    /// another server on the same data sends them, now or later.
    pub delivers: bool,
    /// How long the receiver of a webhook may take to answer: 10 seconds, as on
    /// GitHub. (GitHub Enterprise Server waits for 30.)
    pub webhook_timeout: Duration,
    /// The source of the current time.
    pub clock: fn() -> Timestamp,
}

impl Config {
    /// The default set-up with its data in `data`: any free loopback port, no
    /// repository, every token with all rights, limits counted only, webhooks
    /// as they are.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            repositories: Vec::new(),
            tokens: Vec::new(),
            production_default: true,
            private: false,
            environment_protection: true,
            enforce_limits: false,
            enforce_content_limits: false,
            faults: Vec::new(),
            webhooks: None,
            delivers: true,
            webhook_timeout: Duration::from_secs(10),
            clock: Timestamp::now,
        }
    }
}

/// A repository that a sandbox serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositorySource {
    /// The login of the owner.
    pub owner: String,
    /// The name of the repository.
    pub name: String,
    /// A directory inside a git repository, a worktree or a submodule, or a
    /// bare repository. It is only read. `None` selects the sample repository,
    /// which the sandbox creates.
    pub path: Option<PathBuf>,
}

/// A webhook that every served repository gets. Its deliveries are JSON.
#[derive(Debug, Clone)]
pub struct WebhookSource {
    pub(crate) url: String,
    pub(crate) events: Vec<String>,
    pub(crate) secret: Option<SecretString>,
}

/// The reason why GitHub would reject a [`WebhookSource`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WebhookSourceError(String);

impl WebhookSource {
    /// A webhook at an `http` or `https` address that receives `events`, where
    /// `*` means all of them. With a secret its deliveries are signed.
    ///
    /// # Errors
    /// If deliveries cannot be sent to the address, or GitHub knows no such
    /// event.
    pub fn new(
        url: &str,
        events: Vec<String>,
        secret: Option<SecretString>,
    ) -> Result<Self, WebhookSourceError> {
        check_url(url).map_err(WebhookSourceError)?;
        if events.is_empty() {
            return Err(WebhookSourceError("no event is given".to_owned()));
        }
        if let Some(unknown) = events.iter().find(|event| !known_event(event)) {
            return Err(WebhookSourceError(format!(
                "{unknown:?} is not an event of webhooks"
            )));
        }
        Ok(Self {
            url: url.to_owned(),
            events,
            secret,
        })
    }

    /// Where its deliveries go.
    pub fn url(&self) -> &str {
        &self.url
    }
}
