//! A typed client of GitHub's Deployments API, usable as a library.
//!
//! A [`Client`] needs a [`ClientConfig`]: the URLs of a server, and usually a
//! token. From there, [`Client::repo`] leads to a repository, and
//! [`RepoHandle::environment`] and [`RepoHandle::deployment`] to what it
//! contains. The client sends as few requests as possible, retries what is safe
//! to retry, creates nothing twice ([`RepoHandle::create_deployment`]), keeps to
//! GitHub's rate limits, and sends the token to one server only.
//!
//! ```no_run
//! use deployctl::api::{Client, ClientConfig, DeploymentFilter, Paging, Token};
//! use deployctl::model::Host;
//! use futures_util::TryStreamExt;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let config = ClientConfig::new(Host::github().endpoints()?)
//!     .token(Token::new("ghp_…".to_owned())?);
//! let client = Client::new(config)?;
//! let slug = "octocat/hello-world".parse()?;
//! let filter = DeploymentFilter::new().environment("production");
//! let pages = client.repo(&slug).deployments_with_state(&filter, Paging::up_to(5));
//! for found in pages.try_concat().await? {
//!     println!("{} {}", found.deployment.id, found.state);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! All calls return [`ApiError`]. A status of 400 or more is
//! [`ApiError::Response`], with the server's message; GitHub also answers 404
//! if the token lacks a permission.

mod address;
mod batch;
mod branch_files;
mod branch_policies;
mod call;
mod certificates;
mod client;
mod commit_details;
mod commit_list;
mod commit_name;
mod commits;
mod compare;
mod concurrency;
mod concurrency_groups;
mod conditional;
mod config;
mod credential;
mod custom_rules;
mod deployments;
mod environment_history;
mod environments;
mod error;
mod error_response;
mod event;
mod exactly_once;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod git_refs;
mod graphql;
mod graphql_states;
mod handles;
mod http;
mod link;
mod live_environments;
mod new_deployment;
mod newest_deployments;
mod node_id;
mod overview;
mod overview_refs;
mod overviews;
mod page;
mod paging;
mod parallel;
mod path;
mod pull_runs;
mod pulls;
mod query_many;
mod query_variables;
mod rate;
mod rate_limiter;
mod repositories;
mod repository_query;
mod request;
mod rerun;
mod response;
mod rest;
mod retry;
mod review;
mod reviewers;
mod runs;
pub(crate) mod sealed_box;
mod secrets;
mod sign_in;
mod single_sign_on;
mod snapshots;
mod statuses;
mod timelines;
mod token;
mod token_check;
mod transport;
mod variables;
mod viewer;
mod waiting;
mod with_state;

pub(crate) use batch::{BatchError, Change, Changed};
pub(crate) use branch_files::{BranchFile, BranchFilesQuery, FileText};
pub use client::Client;
pub(crate) use commit_details::{AssociatedPull, CommitAuthor, CommitDetails};
pub(crate) use commit_name::{CommitName, NamedCommit};
pub use compare::{ChangedFile, CommitPerson, CommitText, ComparedCommit, Comparison};
pub use conditional::Fetched;
pub use config::ClientConfig;
pub(crate) use credential::{TokenRejections, TokenRequests};
pub use deployments::DeploymentFilter;
pub(crate) use environment_history::EnvironmentHistory;
pub use environments::EnvironmentSettings;
pub use error::{ApiError, NetworkError, NetworkKind, RateLimited, Unexpected};
pub use error_response::{ErrorResponse, FieldError};
pub use event::{Event, Observer};
pub(crate) use git_refs::{BranchUpdate, BranchesUpdated};
pub use handles::{DeploymentHandle, EnvironmentHandle, RepoHandle};
pub(crate) use live_environments::LiveEnvironment;
pub use new_deployment::{Created, MatchingDeployments, NewDeployment};
pub(crate) use newest_deployments::{DeploymentsAnswer, DeploymentsQuery};
pub use paging::Paging;
pub(crate) use parallel::{as_completed, in_order, in_order_local};
pub use pull_runs::PullRequestRuns;
pub(crate) use pulls::Pull;
pub use rate::{PointsLimit, Quota};
pub(crate) use rate_limiter::RateUsage;
pub(crate) use repositories::ListedRepository;
pub use review::{Review, Reviewed};
pub use reviewers::ReviewerRef;
pub use runs::{RunFilter, RunHandle};
pub(crate) use sign_in::SignInPage;
pub(crate) use snapshots::{KnownDeployment, Snapshot};
pub use statuses::NewStatus;
pub use token::{InvalidToken, Token};
pub use token_check::TokenFacts;
pub use waiting::{LiveCommit, RunGates, WaitingRuns};
pub use with_state::History;
