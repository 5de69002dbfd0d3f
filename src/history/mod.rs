//! Following deployments until they end, and rules about what was live.

mod contains;
mod follow;
mod live;
#[cfg(test)]
mod past;
mod read;
mod rollback;
mod watched;

pub(crate) use contains::contains;
pub(crate) use follow::{Follow, is_retryable, retry_delay};
pub(crate) use live::{choose_task, find_live, find_under_way};
pub(crate) use read::{read_until_live, read_until_target, require_deployments, require_live};
pub(crate) use rollback::{Candidates, NoCandidate, RollbackTarget, find_candidates};
pub(crate) use watched::{Goal, Watched, goal_failure};
