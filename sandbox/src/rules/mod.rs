//! GitHub's rules for deployments, without HTTP.
//!
//! REST and GraphQL both go through [`Core`], so that they cannot disagree.
//! The rules follow <https://docs.github.com/rest/deployments>.

mod branch_pattern;
mod concurrency;
mod contexts;
mod core;
mod create;
mod delete;
mod deliveries;
mod entries;
mod environments;
mod gates;
mod hook_settings;
mod hooks;
mod lookup;
mod pulls;
mod repositories;
mod run_gates;
mod run_reviews;
mod run_scheduler;
mod runs;
mod status;
#[cfg(test)]
pub(crate) mod testing;
mod witness;

pub(crate) use self::core::Core;
pub(crate) use crate::failure::Failure;
pub(crate) use concurrency::GroupMember;
pub(crate) use contexts::RequiredContexts;
pub(crate) use create::{Created, NewDeployment};
pub(crate) use environments::{Protection, ReviewerId};
pub(crate) use hook_settings::{HookConfig, HookEdit};
pub(crate) use pulls::PullRequest;
pub(crate) use repositories::{
    NewRepositories, ReadersEdit, RepositoryEdit, RepositoryOrder, SeedDeployment,
};
pub(crate) use run_reviews::{AppReview, PendingDeployment, ReviewRequest};
pub(crate) use runs::RunRequest;
pub(crate) use status::{NewStatus, not_a_member};
pub(crate) use witness::{RunEvent, Witness};
