//! Commands that change many deployments at once: they select deployments, make
//! a plan, ask for confirmation, carry the plan out at the pace that the limits
//! allow, and report a result for each deployment.

mod args;
mod command;
mod connections;
mod name;
mod operation;
mod pace;
mod plan;
mod result;
mod run;
mod selection;

pub(crate) use args::{BulkArgs, PlanArgs};
pub(crate) use command::{BulkCommand, StuckRule};
pub(crate) use operation::Operation;
pub(crate) use result::RESULT_FIELDS;
