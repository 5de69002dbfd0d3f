//! Following deployments until they end.

mod follow;
mod watched;

pub(crate) use follow::{Follow, is_retryable, retry_delay};
pub(crate) use watched::{Goal, Watched, goal_failure};
