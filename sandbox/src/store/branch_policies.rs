//! The name patterns of branches and tags that may be deployed.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Slice, Window};

/// The kind of ref that a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatternKind {
    Branch,
    Tag,
}

impl PatternKind {
    /// The words of the API.
    pub(crate) const NAMES: [&str; 2] = ["branch", "tag"];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Tag => "tag",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Branch, Self::Tag]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// A pattern of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BranchPolicy {
    pub(crate) id: i64,
    /// The pattern, such as `release/*`.
    pub(crate) name: String,
    pub(crate) kind: PatternKind,
}

impl BranchPolicy {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind: String = row.get("kind")?;
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            kind: PatternKind::parse(&kind).unwrap_or(PatternKind::Branch),
        })
    }

    /// A page of an environment's patterns, oldest first.
    pub(crate) fn list(read: &Connection, environment: i64, window: Window) -> Result<Slice<Self>> {
        let total: i64 = read
            .prepare_cached("SELECT count(*) FROM branch_policies WHERE environment_id = ?1")?
            .query_row([environment], |row| row.get(0))?;
        let (skip, take) = window.bounds();
        let items = read
            .prepare_cached(
                "SELECT * FROM branch_policies WHERE environment_id = ?1
                 ORDER BY id LIMIT ?2 OFFSET ?3",
            )?
            .query_map([environment, take, skip], Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }

    /// Finds a pattern of an environment by id.
    pub(crate) fn by_id(read: &Connection, environment: i64, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM branch_policies WHERE environment_id = ?1 AND id = ?2")?
            .query_row([environment, id], Self::from_row)
            .optional()
    }

    /// Finds a pattern of an environment by its text.
    pub(crate) fn by_name(
        read: &Connection,
        environment: i64,
        kind: PatternKind,
        name: &str,
    ) -> Result<Option<Self>> {
        read.prepare_cached(
            "SELECT * FROM branch_policies WHERE environment_id = ?1 AND kind = ?2 AND name = ?3",
        )?
        .query_row(params![environment, kind.as_str(), name], Self::from_row)
        .optional()
    }

    /// Writes a new pattern.
    pub(crate) fn insert(
        write: &Connection,
        environment: i64,
        kind: PatternKind,
        name: &str,
    ) -> Result<Self> {
        write
            .prepare_cached(
                "INSERT INTO branch_policies (environment_id, kind, name)
                 VALUES (?1, ?2, ?3) RETURNING *",
            )?
            .query_row(params![environment, kind.as_str(), name], Self::from_row)
    }

    /// Gives it another text.
    pub(crate) fn rename(&mut self, write: &Connection, name: &str) -> Result<()> {
        write
            .prepare_cached("UPDATE branch_policies SET name = ?2 WHERE id = ?1")?
            .execute(params![self.id, name])?;
        name.clone_into(&mut self.name);
        Ok(())
    }

    pub(crate) fn delete(&self, write: &Connection) -> Result<()> {
        write
            .prepare_cached("DELETE FROM branch_policies WHERE id = ?1")?
            .execute([self.id])?;
        Ok(())
    }

    /// Removes all of an environment.
    pub(crate) fn clear(write: &Connection, environment: i64) -> Result<()> {
        write
            .prepare_cached("DELETE FROM branch_policies WHERE environment_id = ?1")?
            .execute([environment])?;
        Ok(())
    }
}
