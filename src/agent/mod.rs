//! What deploys and reports: it receives deployment events, keeps them in a
//! journal, runs the configured command, and tells GitHub how it went.

mod checkout;
pub(crate) mod config;
mod courier;
mod deploy;
mod dispatch;
pub(crate) mod journal;
mod leftovers;
mod log;
mod logs;
mod metrics;
mod observe;
mod poll;
mod receive;
mod recover;
mod service;
mod settings;
mod settle;

pub(crate) use log::{Level, Line, Log};
pub(crate) use receive::Secret;
pub(crate) use service::{Service, ServiceError, Setup};
pub(crate) use settings::Settings;
pub(crate) use settle::{Report, settle};
