mod batch;
mod log;
mod queue;
mod recheck;
mod runner;
mod step;
mod stop;

pub(super) use log::{MAX_EQUAL_FAILURES, RunLog};
pub(super) use recheck::recheck;
pub(super) use runner::Runner;
pub(super) use step::StepRunner;
pub(super) use stop::{StopReason, StopWatcher};
