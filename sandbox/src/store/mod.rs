//! The sandbox's data, in `SQLite`.
//!
//! Several processes may use one database at a time. A write transaction takes
//! the database's write lock at its start, so the state that a rule checks
//! cannot change before its result is written; nothing is acknowledged before
//! the commit.

mod accounts;
mod branch_policies;
mod checks;
mod database;
mod deliveries;
mod deployment_filter;
mod deployments;
mod entries;
mod environments;
mod hooks;
mod jobs;
mod page_index;
mod protection;
mod pulls;
mod repositories;
mod run_reviews;
mod runs;
mod schema;
mod schema_steps;
mod settings;
mod statuses;
mod workflows;

pub(crate) use accounts::{Integration, Owner, Team};
pub(crate) use branch_policies::{BranchPolicy, PatternKind};
pub(crate) use checks::{CheckState, CommitStatus, NewCommitStatus};
#[cfg(test)]
pub(crate) use database::testing;
pub(crate) use database::{SetupLock, Slice, Store, Window};
pub(crate) use deliveries::{Attempt, Delivery, DeliveryFilter, NewEvent, PendingDelivery};
pub(crate) use deployment_filter::DeploymentFilter;
pub(crate) use deployments::{Deployment, NewDeploymentRow};
pub(crate) use entries::{Entry, EntryKind};
pub(crate) use environments::Environment;
pub(crate) use hooks::{ContentType, Hook, NewHook};
pub(crate) use jobs::{Job, NewJob};
pub(crate) use page_index::PageIndex;
pub(crate) use protection::{Branches, Reviewer, Rule, RuleKind};
pub(crate) use pulls::{NewPull, Pull, PullFilter, PullState};
pub(crate) use repositories::{Repository, User, Visibility};
pub(crate) use run_reviews::{NewRunReview, RunReview};
pub(crate) use runs::{Concurrency, NewRun, RunFilter, Staleness, WorkflowRun};
pub(crate) use settings::Setting;
pub(crate) use statuses::{DeploymentStatus, NewStatusRow};
pub(crate) use workflows::Workflow;
