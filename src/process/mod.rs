//! Runs one command to its end, and says exactly how it ended.
//!
//! The command is a list of arguments; no shell is involved. On Unix it leads a
//! process group of its own, so that a timeout ends all the processes that it has
//! started. [`run`] is the entry point; another task may signal the command through
//! the handle of [`control_channel`].

mod control;
mod end;
#[cfg(unix)]
mod group;
mod identity;
mod output;
pub(crate) mod output_file;
#[cfg(not(unix))]
mod portable;
#[cfg(target_os = "linux")]
pub(crate) mod proc_stat;
pub(crate) mod redact;
pub(crate) mod report;
mod run;
mod spec;
mod tail;
#[cfg(unix)]
mod terminal;
#[cfg(all(test, unix))]
mod tests;
pub(crate) mod text;

pub(crate) use control::control_channel;
pub(crate) use end::{CommandEnd, Force, Signal};
pub(crate) use identity::{ProcessIdentity, find_started_with};
pub(crate) use output::{OutputSink, RemainingOutput};
pub(crate) use run::{FinishedCommand, RemainingProcesses, outputs_are_one, run};
pub(crate) use spec::{CommandSpec, DEFAULT_GRACE, StreamTarget};
