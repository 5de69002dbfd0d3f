//! What deploys and reports: it receives deployment events, keeps them in a
//! journal, runs the configured command, and tells GitHub how it went.

pub mod config;
pub mod outbox;
pub mod output_file;
pub mod process;
pub mod report;
