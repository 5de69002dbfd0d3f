//! Environments.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Slice, Window};

/// A stored environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The id; above 2^32.
    pub(crate) id: i64,
    /// The repository it belongs to.
    pub(crate) repository_id: i64,
    /// The name, case as sent.
    pub(crate) name: String,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) updated_at: i64,
}

impl Environment {
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            repository_id: row.get("repository_id")?,
            name: row.get("name")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// Finds an environment by its exact name.
    pub(crate) fn by_name(read: &Connection, repository: i64, name: &str) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM environments WHERE repository_id = ?1 AND name = ?2")?
            .query_row(params![repository, name], Self::from_row)
            .optional()
    }

    /// Finds an environment by id.
    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM environments WHERE repository_id = ?1 AND id = ?2")?
            .query_row([repository, id], Self::from_row)
            .optional()
    }

    /// A page of a repository's environments, oldest first.
    pub(crate) fn list(read: &Connection, repository: i64, window: Window) -> Result<Slice<Self>> {
        let total: i64 = read
            .prepare_cached("SELECT count(*) FROM environments WHERE repository_id = ?1")?
            .query_row([repository], |row| row.get(0))?;
        let (skip, take) = window.bounds();
        let items = read
            .prepare_cached(
                "SELECT * FROM environments WHERE repository_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3",
            )?
            .query_map([repository, take, skip], Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }

    /// Creates an environment unless it exists.
    pub(crate) fn ensure(
        write: &Connection,
        repository: i64,
        name: &str,
        now: i64,
    ) -> Result<Self> {
        // An INSERT that meets a row would still use up an id.
        if let Some(known) = Self::by_name(write, repository, name)? {
            return Ok(known);
        }
        write
            .prepare_cached(
                "INSERT INTO environments (repository_id, name, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?3) RETURNING *",
            )?
            .query_row(params![repository, name, now], Self::from_row)
    }

    /// Notes that it was changed.
    pub(crate) fn touch(&mut self, write: &Connection, now: i64) -> Result<()> {
        write
            .prepare_cached("UPDATE environments SET updated_at = ?2 WHERE id = ?1")?
            .execute([self.id, now])?;
        self.updated_at = now;
        Ok(())
    }

    /// Removes it with its rules, policies, secrets and variables.
    pub(crate) fn delete(&self, write: &Connection) -> Result<()> {
        write
            .prepare_cached("DELETE FROM environments WHERE id = ?1")?
            .execute([self.id])?;
        Ok(())
    }
}
