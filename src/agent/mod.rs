//! What deploys and reports: it receives deployment events, keeps them in a
//! journal, runs the configured command, and tells GitHub how it went.

mod checkout;
pub mod config;
mod courier;
mod deploy;
mod dispatch;
pub mod journal;
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

pub use log::{Level, Line, Log};
pub use receive::Secret;
pub use service::{Service, ServiceError, Setup, Stopped};
pub use settings::Settings;
pub use settle::{Report, Settled, settle};
