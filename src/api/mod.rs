//! A typed client of GitHub's Deployments API, usable as a library.
//!
//! It knows no terminal, no arguments and no keyring: the addresses, the
//! token, the clock and the chance come in with [`ClientConfig`]. It sends the
//! fewest requests that a result needs, repeats what is safe to repeat, makes
//! nothing twice ([`RepoHandle::create_deployment`]) and sends the token to one
//! server only.
//!
//! ```no_run
//! use deployctl::api::{Client, ClientConfig, DeploymentFilter, Paging, Token};
//! use futures_util::TryStreamExt;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoints = deployctl::model::Host::github().endpoints()?;
//! let mut config = ClientConfig::new(endpoints);
//! config.token = Some(Token::new("ghp_…".to_owned())?);
//! let client = Client::new(config)?;
//! let repo = "octocat/hello-world".parse()?;
//! let filter = DeploymentFilter::default();
//! let pages = client.repo(&repo).deployments_with_state(&filter, Paging::up_to(5));
//! for observed in pages.try_concat().await? {
//!     println!("{} {}", observed.deployment.id, observed.state);
//! }
//! # Ok(())
//! # }
//! ```

mod address;
mod batch;
mod branch_policies;
mod call;
mod certificates;
mod client;
mod commits;
mod concurrency;
mod conditional;
mod config;
mod credential;
mod custom_rules;
mod deployments;
mod environments;
mod error;
mod error_response;
mod event;
mod exactly_once;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod graphql;
mod graphql_states;
mod handles;
mod http;
mod link;
mod new_deployment;
mod overview;
mod overview_refs;
mod page;
mod path;
mod pulls;
mod rate;
mod rate_limiter;
mod request;
mod response;
mod rest;
mod retry;
mod reviewers;
mod sealed_box;
mod secrets;
mod sign_in;
mod snapshots;
mod statuses;
mod token;
mod token_check;
mod transport;
mod variables;
mod viewer;
mod with_state;

pub use batch::{BatchError, Change, Changed};
pub use client::Client;
pub use conditional::Fetched;
pub use config::ClientConfig;
pub use credential::{TokenRejections, TokenRequests};
pub use deployments::DeploymentFilter;
pub use environments::EnvironmentSettings;
pub use error::{ApiError, NetworkError, NetworkKind, RateLimited, Unexpected};
pub use error_response::{ErrorResponse, FieldError};
pub use event::{Event, Observer};
pub use handles::{DeploymentHandle, EnvironmentHandle, RepoHandle};
pub use new_deployment::{Created, MatchingDeployments, NewDeployment};
pub use page::Paging;
pub use pulls::{Pull, PullBranch, PullRepository};
pub use rate::{PointsLimit, Quota};
pub use rate_limiter::RateUsage;
pub use reviewers::ReviewerRef;
pub use sealed_box::seal;
pub use sign_in::SignInPage;
pub use snapshots::Snapshot;
pub use statuses::NewStatus;
pub use token::{InvalidToken, Token};
pub use token_check::TokenFacts;
pub use with_state::History;
