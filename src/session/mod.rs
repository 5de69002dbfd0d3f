//! What a command works with: its options, the server and repository, the
//! token, signals, and where its result goes.

mod actions;
#[cfg(feature = "agent")]
pub(crate) mod agent;
mod ask;
mod completion_cache;
mod deployments;
mod environment;
mod global;
#[cfg(feature = "agent")]
mod leftovers;
mod read;
#[cfg(feature = "sandbox")]
mod sandbox;
#[allow(
    clippy::module_inception,
    reason = "the room is named after what it holds"
)]
mod session;
mod signals;
mod step_file;
mod summary;
mod token;

pub(crate) use actions::write_github_output;
pub(crate) use completion_cache::Notebook;
pub(crate) use completion_cache::{
    Place, Seen, SeenDeployment, file as seen_file, read as seen_at, repositories,
};
pub(crate) use deployments::{
    activity_url, environment_url, history_failure, parse_description, parse_url, short_sha,
    web_url,
};
pub(crate) use environment::{check_environment, similar_environment};
pub(crate) use global::GlobalArgs;
#[cfg(feature = "agent")]
pub(crate) use leftovers::{open_outbox, requested, tell as tell_sought, warn_of_omitted};
pub(crate) use read::read_text;
#[cfg(feature = "sandbox")]
pub(crate) use sandbox::{data_folder, place as sandbox_place, source as sandbox_source};
pub(crate) use session::Connection;
pub(crate) use session::Session;
pub(crate) use signals::Interrupted;
pub(crate) use summary::{DeploymentSummary, SUMMARY_ROWS, add_to_summary, summarize_deployments};
pub(crate) use token::wanted_of;
