use jiff::Timestamp;

use super::cell::Cell;
use super::fields::record;
use super::table::Column;
use crate::term::Role;

/// A lock as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockRecord {
    /// `None` for the global lock.
    pub(crate) environment: Option<String>,
    pub(crate) state: LockState,
    pub(crate) is_yours: bool,
    pub(crate) created_by: Option<String>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// Why it is locked, or why its file cannot be read.
    pub(crate) reason: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) sticky: Option<bool>,
    pub(crate) tool: Option<String>,
    /// The full name of the lock's branch.
    pub(crate) ref_name: String,
    pub(crate) sha: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockState {
    Locked,
    /// It counts as free.
    Expired,
    /// It counts as locked by somebody unknown.
    Unreadable,
}

impl LockState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Expired => "expired",
            Self::Unreadable => "unreadable",
        }
    }
}

record!(LockRecord, |record| {
    "environment": record.environment,
    "global": record.environment.is_none(),
    "state": record.state.as_str(),
    "yours": record.is_yours,
    "created_by": record.created_by,
    "created_at": record.created_at,
    "expires_at": record.expires_at,
    "reason": record.reason,
    "link": record.link,
    "sticky": record.sticky,
    "tool": record.tool,
    "ref": record.ref_name,
    "sha": record.sha,
});

impl LockRecord {
    pub(crate) fn columns() -> Vec<Column> {
        vec![
            Column::flexible("ENVIRONMENT", 12),
            Column::rigid("STATE"),
            Column::flexible("BY", 8),
            Column::rigid("SINCE"),
            Column::rigid("UNTIL"),
            Column::flexible("REASON", 12),
        ]
    }

    /// The row of a table. The global lock is called `global`, which is the name
    /// of no environment that can be locked.
    pub(crate) fn row(&self, now: Timestamp) -> Vec<Cell> {
        let name = match &self.environment {
            Some(name) => Cell::new(name.as_str()),
            None => Cell::new("all environments").piped("global"),
        };
        let state = Cell::new(self.state.as_str());
        let state = match self.state {
            LockState::Locked if self.is_yours => state.role(Role::Success),
            LockState::Locked => state.role(Role::Warning),
            LockState::Expired => state.role(Role::Dim),
            LockState::Unreadable => state.role(Role::Failure),
        };
        let by = match &self.created_by {
            Some(owner) => Cell::new(owner.as_str()),
            None => Cell::new("unknown").piped("").role(Role::Dim),
        };
        vec![
            name.role(Role::Id),
            state,
            by,
            Cell::ago(self.created_at, now),
            Cell::ago(self.expires_at, now),
            Cell::new(self.reason.as_deref().unwrap_or_default()),
        ]
    }
}
