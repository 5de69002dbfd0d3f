//! What several commands need.

mod actions;
mod ask;
mod bulk;
mod credentials;
mod deployments;
mod environment;
mod follow;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod interruption;
mod payload;
mod read;
#[cfg(feature = "sandbox")]
mod sandbox;
mod select;
mod selector;
mod session;
mod when;

pub(crate) use actions::write_github_output;
pub(crate) use bulk::{Aim, Bulk, BulkArgs, End, PlanArgs};
pub(crate) use credentials::wanted_of;
pub(crate) use deployments::{history_failure, parse_description, short_sha, web_url};
pub(crate) use environment::check_environment;
pub(crate) use follow::{Follow, Goal, Watched, verdict, wait_of};
pub(crate) use payload::{fields_payload, read_payload};
pub(crate) use read::read_text;
#[cfg(feature = "sandbox")]
pub(crate) use sandbox::{data_folder, source as sandbox_source};
pub(crate) use select::{FilterArgs, parse_sha, select};
pub(crate) use selector::{Named, SelectorArgs, parse_named};
pub(crate) use session::Connection;
pub use session::Session;
pub(crate) use when::{in_words, local_zone, parse_duration, parse_interval, parse_moment};
