//! Values become tables, tab-separated lines, JSON, the output of a filter or
//! of a template here. Nothing here knows a client.

mod actions;
mod cell;
mod details;
mod environment;
mod fields;
mod format;
mod jq;
mod json;
mod list;
mod markdown;
mod record;
mod table;
mod template;
pub mod time;

pub use actions::github_output;
pub use cell::Cell;
pub use details::Details;
pub use environment::{EnvironmentDetails, EnvironmentDetailsRecord, EnvironmentRecord};
pub use fields::{LongRecord, Record, Selection, UnknownField};
pub use format::{Format, FormatArgs, FormatError, OutputError};
pub use jq::{Jq, JqError, JqOutput, JqSyntaxError};
pub use json::{report, write_json};
pub use list::List;
pub use markdown::{MarkdownRow, MarkdownTable};
pub use record::{DeploymentHistoryRecord, DeploymentRecord, FollowedRecord, StatusRecord};
pub use table::{Column, Table};
pub use template::{Template, TemplateError};
