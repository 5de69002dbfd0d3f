//! Secrets and variables: names with values. A secret's value is the sealed box
//! that was sent.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Slice, Window};

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// Its value is never returned.
    Secret,
    /// Its value can be read.
    Variable,
}

impl EntryKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Variable => "variable",
        }
    }
}

/// A secret or a variable of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name, in capitals.
    pub(crate) name: String,
    /// The value; base64 of a sealed box for a secret.
    pub(crate) value: String,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) updated_at: i64,
}

impl Entry {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            name: row.get("name")?,
            value: row.get("value")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    pub(crate) fn count(read: &Connection, environment: i64, kind: EntryKind) -> Result<u64> {
        let count: i64 = read
            .prepare_cached(
                "SELECT count(*) FROM environment_entries
                 WHERE environment_id = ?1 AND kind = ?2",
            )?
            .query_row(params![environment, kind.as_str()], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// A page of them, by name.
    pub(crate) fn list(
        read: &Connection,
        environment: i64,
        kind: EntryKind,
        window: Window,
    ) -> Result<Slice<Self>> {
        let (skip, take) = window.bounds();
        let items = read
            .prepare_cached(
                "SELECT * FROM environment_entries WHERE environment_id = ?1 AND kind = ?2
                 ORDER BY name LIMIT ?3 OFFSET ?4",
            )?
            .query_map(
                params![environment, kind.as_str(), take, skip],
                Self::from_row,
            )?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: Self::count(read, environment, kind)?,
        })
    }

    /// Finds one by its name in capitals.
    pub(crate) fn by_name(
        read: &Connection,
        environment: i64,
        kind: EntryKind,
        name: &str,
    ) -> Result<Option<Self>> {
        read.prepare_cached(
            "SELECT * FROM environment_entries
             WHERE environment_id = ?1 AND kind = ?2 AND name = ?3",
        )?
        .query_row(params![environment, kind.as_str(), name], Self::from_row)
        .optional()
    }

    /// Creates or replaces an entry.
    pub(crate) fn put(
        write: &Connection,
        environment: i64,
        kind: EntryKind,
        (name, value): (&str, &str),
        now: i64,
    ) -> Result<()> {
        write
            .prepare_cached(
                "INSERT INTO environment_entries
                    (environment_id, kind, name, value, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5)
                 ON CONFLICT (environment_id, kind, name)
                 DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
            )?
            .execute(params![environment, kind.as_str(), name, value, now])?;
        Ok(())
    }

    /// Gives one another name.
    pub(crate) fn rename(
        write: &Connection,
        environment: i64,
        kind: EntryKind,
        (from, to): (&str, &str),
    ) -> Result<()> {
        write
            .prepare_cached(
                "UPDATE environment_entries SET name = ?4
                 WHERE environment_id = ?1 AND kind = ?2 AND name = ?3",
            )?
            .execute(params![environment, kind.as_str(), from, to])?;
        Ok(())
    }

    /// Removes one; whether it was there.
    pub(crate) fn delete(
        write: &Connection,
        environment: i64,
        kind: EntryKind,
        name: &str,
    ) -> Result<bool> {
        let gone = write
            .prepare_cached(
                "DELETE FROM environment_entries
                 WHERE environment_id = ?1 AND kind = ?2 AND name = ?3",
            )?
            .execute(params![environment, kind.as_str(), name])?;
        Ok(gone > 0)
    }
}
