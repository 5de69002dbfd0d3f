//! Lists that are kept up to date, for `--watch`.

mod changes;
mod list;
mod poll;

pub(crate) use changes::WatchedRecord;
pub(crate) use list::{WatchedList, check_format};
pub(crate) use poll::is_new;
