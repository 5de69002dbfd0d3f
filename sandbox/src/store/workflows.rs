//! Workflow files.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

/// A workflow file of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workflow {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// The path of the file, such as `.github/workflows/deploy.yml`.
    pub(crate) path: String,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
}

impl Workflow {
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("workflow_id")?,
            name: row.get("workflow_name")?,
            path: row.get("workflow_path")?,
            created_at: row.get("workflow_created_at")?,
        })
    }

    /// Finds or creates a workflow by its path, and gives it this name.
    pub(crate) fn ensure(
        write: &Connection,
        repository: i64,
        path: &str,
        name: &str,
        now: i64,
    ) -> Result<i64> {
        write
            .prepare_cached(
                "INSERT INTO workflows (repository_id, path, name, created_at)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (repository_id, path) DO UPDATE SET name = excluded.name
                 RETURNING id",
            )?
            .query_row(params![repository, path, name, now], |row| row.get(0))
    }

    /// Finds a workflow by id, or by the name of its file.
    pub(crate) fn find(read: &Connection, repository: i64, text: &str) -> Result<Option<Self>> {
        read.prepare_cached(
            "SELECT id AS workflow_id, name AS workflow_name, path AS workflow_path,
                created_at AS workflow_created_at FROM workflows
             WHERE repository_id = ?1 AND (id = ?2 OR path = '.github/workflows/' || ?3)",
        )?
        .query_row(
            params![repository, text.parse::<i64>().unwrap_or(-1), text],
            Self::from_row,
        )
        .optional()
    }
}
