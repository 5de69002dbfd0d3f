//! What the statuses of deployments say about their course.

mod follow;
mod watched;

pub(crate) use follow::{Follow, is_worth_retrying, wait_of};
pub(crate) use watched::{Goal, Watched, verdict};
