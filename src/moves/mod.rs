//! Moving versions: the commit of one deployment is deployed again, to another
//! environment or in place of a later one.

mod carry_out;
mod latest;
mod options;
mod plan;
mod record;
mod request;
mod rerun;
mod show;
mod undo;

pub(crate) use carry_out::Move;
pub(crate) use options::{MoveOptions, PayloadChoice, Via};
pub(crate) use plan::Operation;
pub(crate) use record::MoveRecord;
