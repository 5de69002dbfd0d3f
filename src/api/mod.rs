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
//! let pages = client.repo(&repo).observed_deployments(&filter, Paging::up_to(5));
//! for observed in pages.try_concat().await? {
//!     println!("{} {}", observed.deployment.id, observed.state);
//! }
//! # Ok(())
//! # }
//! ```

mod address;
mod answer;
mod batch;
mod branch_policies;
mod call;
mod certificates;
mod client;
mod commits;
mod conditional;
mod config;
mod credential;
mod custom_rules;
mod deployments;
mod environments;
mod error;
mod event;
mod exactly_once;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod graphql;
mod handles;
mod http;
mod lanes;
mod link;
mod new_deployment;
mod observe;
mod overview;
mod overview_refs;
mod pacing;
mod page;
mod path;
mod pulls;
mod rate;
mod refusal;
mod request;
mod rest;
mod retry;
mod reviewers;
mod sealed;
mod secrets;
mod sign_in;
mod snapshots;
mod states;
mod statuses;
mod token;
mod token_check;
mod transport;
mod variables;
mod viewer;

pub use batch::{BatchError, Change, Changed};
pub use client::Client;
pub use conditional::Fetched;
pub use config::ClientConfig;
pub use credential::{TokenRefusals, TokenRequests};
pub use deployments::DeploymentFilter;
pub use environments::EnvironmentSettings;
pub use error::{ApiError, NetworkError, NetworkKind, RateLimited, Unexpected};
pub use event::{Event, Observer};
pub use handles::{DeploymentHandle, EnvironmentHandle, RepoHandle};
pub use new_deployment::{Created, MatchingDeployments, NewDeployment};
pub use observe::History;
pub use pacing::Spent;
pub use page::Paging;
pub use pulls::{Pull, PullBranch, PullRepository};
pub use rate::{PointsLimit, Quota};
pub use refusal::{FieldError, Refusal};
pub use reviewers::ReviewerRef;
pub use sealed::seal;
pub use sign_in::SignInPage;
pub use snapshots::Snapshot;
pub use statuses::NewStatus;
pub use token::{InvalidToken, Token};
pub use token_check::TokenFacts;
