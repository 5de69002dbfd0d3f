//! Settings of the sandbox that its administration changes.

use rusqlite::{Connection, OptionalExtension, Result, params};

/// A number that the administration sets; 0 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// How far the clock is ahead of the system's, in seconds.
    ClockOffset,
    /// How long the list of runs shows the status before the last change, in
    /// seconds.
    StaleList,
    /// How long after a job begins to wait `pending_deployments` lacks it, in
    /// seconds.
    LatePendingDeployments,
}

impl Setting {
    fn as_str(self) -> &'static str {
        match self {
            Self::ClockOffset => "clock_offset",
            Self::StaleList => "stale_list",
            Self::LatePendingDeployments => "late_pending_deployments",
        }
    }

    pub(crate) fn get(self, read: &Connection) -> Result<i64> {
        let value = read
            .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
            .query_row([self.as_str()], |row| row.get(0))
            .optional()?;
        Ok(value.unwrap_or(0))
    }

    pub(crate) fn set(self, write: &Connection, value: i64) -> Result<()> {
        write
            .prepare_cached(
                "INSERT INTO settings (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![self.as_str(), value])?;
        Ok(())
    }
}
