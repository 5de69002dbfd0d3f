//! What the statuses of deployments say about their course.

mod follow;

pub(crate) use follow::{Follow, Goal, Watched, verdict, wait_of};
