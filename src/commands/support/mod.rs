//! What several commands need.

mod actions;
#[cfg(feature = "agent")]
pub(crate) mod agent;
mod ask;
mod bulk;
mod creation;
mod credentials;
mod deployments;
mod environment;
mod follow;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod interruption;
#[cfg(feature = "agent")]
mod leftovers;
mod payload;
mod read;
#[cfg(feature = "sandbox")]
mod sandbox;
mod seen;
mod select;
mod selector;
mod session;
mod step_file;
mod summary;
mod when;

pub(crate) use actions::write_github_output;
pub(crate) use bulk::{Aim, Bulk, BulkArgs, End, OUTCOME_FIELDS, PlanArgs};
pub(crate) use creation::CreateOptions;
#[cfg(feature = "agent")]
pub(crate) use creation::Wish;
pub(crate) use creation::{find_twin, request_deployment};
pub(crate) use credentials::wanted_of;
pub(crate) use deployments::{
    activity_url, environment_url, history_failure, parse_description, parse_url, short_sha,
    web_url,
};
pub(crate) use environment::check_environment;
pub(crate) use follow::{Follow, Goal, Watched, verdict, wait_of};
#[cfg(feature = "agent")]
pub(crate) use leftovers::{open_outbox, requested, tell as tell_sought};
pub(crate) use payload::{fields_payload, read_payload};
pub(crate) use read::read_text;
#[cfg(feature = "sandbox")]
pub(crate) use sandbox::{data_folder, place as sandbox_place, source as sandbox_source};
pub(crate) use seen::{
    Place, Seen, SeenDeployment, file as seen_file, read as seen_at, repositories,
};
pub(crate) use select::{FilterArgs, parse_sha, select};
pub(crate) use selector::{Named, SelectorArgs, parse_named};
pub(crate) use session::Connection;
pub use session::Session;
pub(crate) use summary::{SUMMARY_ROWS, add_to_summary, summarize_deployments};
pub(crate) use when::{in_words, parse_age, parse_duration, parse_interval, parse_moment};
