//! How results are printed: tables, tab-separated lines, JSON, jq filters and
//! templates.

mod actions;
mod cell;
mod count;
mod details;
mod environment;
mod fields;
mod format;
mod jq;
mod json;
mod list;
mod lock;
mod markdown;
mod record;
mod repository_record;
mod table;
mod template;
pub(crate) mod time;

pub(crate) use actions::github_output;
pub(crate) use cell::{Cell, short_sha};
pub(crate) use count::counted;
pub(crate) use details::Details;
pub(crate) use environment::{EnvironmentDetails, EnvironmentDetailsRecord, EnvironmentRecord};
pub(crate) use fields::{LongRecord, Record, record};
pub(crate) use format::{Format, FormatArgs, FormatError, OutputError};
pub(crate) use json::{write_json, write_json_error};
pub(crate) use list::List;
pub(crate) use lock::{LockRecord, LockState};
pub(crate) use markdown::MarkdownTable;
pub(crate) use record::{DeploymentHistoryRecord, DeploymentRecord, FollowedRecord, StatusRecord};
pub(crate) use repository_record::RepositoryRecord;
pub(crate) use table::{Column, Table};
