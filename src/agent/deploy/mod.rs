//! One deployment, from the claim to its final status.

mod announce;
mod attempt;
mod claim;
mod command;
mod error;
mod locks;
mod prepare;
mod report;
mod run;

pub(super) use announce::ANNOUNCE_AFTER;
pub(super) use attempt::Attempt;
pub(super) use report::FinalReport;
pub(crate) use report::ReportResult;
pub(super) use run::NextStep;
