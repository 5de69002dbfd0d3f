//! GitHub's JSON forms, as answers and events have them.

pub(crate) mod apps;
pub(crate) mod deployments;
pub(crate) mod events;
pub(crate) mod hooks;
pub(crate) mod repositories;
pub(crate) mod run_events;
pub(crate) mod runs;
pub(crate) mod statuses;
pub(crate) mod users;
