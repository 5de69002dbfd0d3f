//! The service that deploys: it receives deployments, keeps them in a journal, runs
//! the configured commands and reports the results.

#[allow(
    clippy::module_inception,
    reason = "the module is named after its main type"
)]
mod agent;
mod checkout;
mod command_log;
pub(crate) mod config;
mod deploy;
mod dispatch;
mod error;
mod http;
pub(crate) mod journal;
mod leftover_processes;
mod log;
mod metrics;
mod monitoring;
mod offline_report;
mod outbox_loop;
mod poll;
mod receive;
mod recover;
mod service;
mod settings;
mod stage;

pub(crate) use agent::Setup;
pub(crate) use deploy::ReportResult;
pub(crate) use error::ServiceError;
pub(crate) use log::{Level, Log, LogLine};
pub(crate) use offline_report::report_offline;
pub(crate) use service::Service;
pub(crate) use settings::{Secret, Settings};
