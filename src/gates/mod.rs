//! Gates: what workflow runs wait for, who may let them through, and what
//! happens if they are reviewed.

mod blocked;
mod cancel;
mod cancel_plan;
mod command;
mod conclusion;
mod entry;
mod find;
mod follow;
mod gate;
mod outcome;
mod plan;
mod record;
mod review;
mod selection;

pub(crate) use blocked::BlockedRecord;
pub(crate) use cancel::{CancelCommand, CancelRecord};
pub(crate) use command::{ReviewArgs, ReviewCommand};
pub(crate) use find::Finder;
pub(crate) use gate::Gate;
pub(crate) use outcome::ReviewResult;
pub(crate) use record::{PendingRecord, ReviewRecord, pending_columns, pending_row};
pub(crate) use selection::{RunSelection, parse_run_sha};
