//! What a command works with: its options, the server and repository, the
//! token, signals, and where its result goes.

#[cfg(feature = "agent")]
pub(crate) mod agent;
mod client;
mod completion_cache;
mod connection;
mod environment;
mod global;
mod input;
mod locks;
mod permission;
mod plan_file;
mod program_name;
mod report;
mod repositories;
#[cfg(feature = "sandbox")]
mod sandbox;
#[allow(
    clippy::module_inception,
    reason = "the room is named after what it holds"
)]
mod session;
mod signals;
pub(crate) mod step_file;
#[cfg(feature = "agent")]
mod stored_reports;
mod token;
mod toml_problems;
mod web_page;

pub(crate) use completion_cache::{
    CacheKey, CachedDeployment, CachedRepository, CompletionCache, cache_file, cached_repositories,
    read_cache,
};
pub(crate) use connection::Connection;
pub(crate) use environment::{confirm_environment, suggest_environment};
pub(crate) use global::GlobalArgs;
pub(crate) use input::{read_file, read_stdin, read_text};
pub(crate) use locks::{
    explain_lock_error, explain_settings_error, held_failure, lock_owner, lock_record,
    locked_failure,
};
pub(crate) use permission::{Permission, forbidden_if_visible};
pub(crate) use plan_file::{PlanOrigin, SavedPlan, read_plan, refuse_plan, write_plan};
pub(crate) use program_name::{EXTENSION_NAME, PROGRAM_NAME, program_name};
pub(crate) use report::{DeploymentSummary, MAX_SUMMARY_ROWS};
pub(crate) use repositories::{Repositories, RepositoryArgs};
#[cfg(feature = "sandbox")]
pub(crate) use sandbox::{sandbox_cache_key, sandbox_data_folder, sandbox_repository};
pub(crate) use session::Session;
pub(crate) use signals::{SignalSubscription, wait_for_resize, wait_for_signal};
#[cfg(feature = "agent")]
pub(crate) use stored_reports::{
    describe_lost_request, open_outbox, print_search_result, warn_of_omitted,
};
