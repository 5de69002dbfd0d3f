//! Owners of repositories, teams and GitHub Apps.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::User;

/// An owner of repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) user: User,
    pub(crate) is_organization: bool,
    /// Whether the organization demands single sign-on of every token.
    pub(crate) requires_sso: bool,
}

impl Owner {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            user: User::from_row(row)?,
            is_organization: row.get("is_organization")?,
            requires_sso: row.get("requires_sso")?,
        })
    }

    /// Finds an owner, with or without repositories; the case of the login does
    /// not count.
    pub(crate) fn by_login(read: &Connection, login: &str) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM users WHERE login = ?1")?
            .query_row([login], Self::from_row)
            .optional()
    }

    /// Finds an owner by id.
    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM users WHERE id = ?1")?
            .query_row([id], Self::from_row)
            .optional()
    }

    /// Writes what kind of owner it is.
    pub(crate) fn update(&self, write: &Connection) -> Result<()> {
        write
            .prepare_cached(
                "UPDATE users SET is_organization = ?2, requires_sso = ?3 WHERE id = ?1",
            )?
            .execute(params![
                self.user.id,
                self.is_organization,
                self.requires_sso
            ])?;
        Ok(())
    }
}

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team {
    pub(crate) id: i64,
    /// The login of the organization.
    pub(crate) organization: String,
    /// Its name in addresses.
    pub(crate) slug: String,
}

impl Team {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            organization: row.get("organization")?,
            slug: row.get("slug")?,
        })
    }

    /// Finds a team by id.
    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM teams WHERE id = ?1")?
            .query_row([id], Self::from_row)
            .optional()
    }

    /// Whether a user is a member.
    pub(crate) fn has_member(&self, read: &Connection, user: i64) -> Result<bool> {
        read.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM team_members WHERE team_id = ?1 AND user_id = ?2)",
        )?
        .query_row([self.id, user], |row| row.get(0))
    }

    pub(crate) fn add_member(&self, write: &Connection, user: i64) -> Result<()> {
        write
            .prepare_cached(
                "INSERT OR IGNORE INTO team_members (team_id, user_id) VALUES (?1, ?2)",
            )?
            .execute([self.id, user])?;
        Ok(())
    }

    /// Finds a team, or makes one; the case of the names does not count.
    pub(crate) fn ensure(write: &Connection, organization: &str, slug: &str) -> Result<Self> {
        let known = write
            .prepare_cached("SELECT * FROM teams WHERE organization = ?1 AND slug = ?2")?
            .query_row([organization, slug], Self::from_row)
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        write
            .prepare_cached("INSERT INTO teams (organization, slug) VALUES (?1, ?2) RETURNING *")?
            .query_row([organization, slug], Self::from_row)
    }
}

/// A GitHub App that can gate deployments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Integration {
    /// The id, which is also the `integration_id`.
    pub(crate) id: i64,
    /// Its name in addresses.
    pub(crate) slug: String,
}

impl Integration {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            slug: row.get("slug")?,
        })
    }

    /// Finds an app by id.
    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM apps WHERE id = ?1")?
            .query_row([id], Self::from_row)
            .optional()
    }

    /// Whether there is an app of this name.
    pub(crate) fn exists(read: &Connection, slug: &str) -> Result<bool> {
        read.prepare_cached("SELECT EXISTS (SELECT 1 FROM apps WHERE slug = ?1)")?
            .query_row([slug], |row| row.get(0))
    }

    /// All apps, oldest first.
    pub(crate) fn all(read: &Connection) -> Result<Vec<Self>> {
        read.prepare_cached("SELECT * FROM apps ORDER BY id")?
            .query_map([], Self::from_row)?
            .collect()
    }

    /// Finds an app, or makes one.
    pub(crate) fn ensure(write: &Connection, slug: &str) -> Result<Self> {
        let known = write
            .prepare_cached("SELECT * FROM apps WHERE slug = ?1")?
            .query_row([slug], Self::from_row)
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        write
            .prepare_cached("INSERT INTO apps (slug) VALUES (?1) RETURNING *")?
            .query_row(params![slug], Self::from_row)
    }
}
