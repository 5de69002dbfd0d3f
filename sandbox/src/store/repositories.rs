//! Repositories and users.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) login: String,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
}

impl User {
    /// The name of its app, if it is the bot of one.
    pub(crate) fn app(&self) -> Option<&str> {
        self.login.strip_suffix("[bot]")
    }

    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            login: row.get("login")?,
            created_at: row.get("created_at")?,
        })
    }

    /// Finds a user; the case of the login does not count.
    pub(crate) fn by_login(read: &Connection, login: &str) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM users WHERE login = ?1")?
            .query_row([login], Self::from_row)
            .optional()
    }

    /// Finds a user by id.
    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM users WHERE id = ?1")?
            .query_row([id], Self::from_row)
            .optional()
    }

    /// Finds a user, or makes one.
    pub(crate) fn ensure(write: &Connection, login: &str, now: i64) -> Result<Self> {
        if let Some(user) = Self::by_login(write, login)? {
            return Ok(user);
        }
        write
            .prepare_cached("INSERT INTO users (login, created_at) VALUES (?1, ?2) RETURNING *")?
            .query_row(params![login, now], Self::from_row)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repository {
    pub(crate) id: i64,
    pub(crate) owner: User,
    /// The name, without the owner.
    pub(crate) name: String,
    /// Where its git repository is; `None` for the sample.
    pub(crate) path: Option<String>,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
}

const REPOSITORY: &str = "SELECT repositories.id, repositories.name, repositories.path,
    repositories.created_at, repositories.owner_id, repositories.owner,
    users.created_at AS owner_created_at
    FROM repositories JOIN users ON users.id = repositories.owner_id";

impl Repository {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let owner = User {
            id: row.get("owner_id")?,
            login: row.get("owner")?,
            created_at: row.get("owner_created_at")?,
        };
        Ok(Self {
            id: row.get("id")?,
            owner,
            name: row.get("name")?,
            path: row.get("path")?,
            created_at: row.get("created_at")?,
        })
    }

    /// `owner/name`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner.login, self.name)
    }

    /// Finds a repository; the case of the names does not count.
    pub(crate) fn by_name(read: &Connection, owner: &str, name: &str) -> Result<Option<Self>> {
        let query =
            format!("{REPOSITORY} WHERE repositories.owner = ?1 AND repositories.name = ?2");
        read.prepare_cached(&query)?
            .query_row([owner, name], Self::from_row)
            .optional()
    }

    /// Finds a repository by id.
    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        let query = format!("{REPOSITORY} WHERE repositories.id = ?1");
        read.prepare_cached(&query)?
            .query_row([id], Self::from_row)
            .optional()
    }

    /// The login, as it is written, of the owner of any repository.
    pub(crate) fn owner_named(read: &Connection, login: &str) -> Result<Option<String>> {
        read.prepare_cached("SELECT owner FROM repositories WHERE owner = ?1 LIMIT 1")?
            .query_row([login], |row| row.get(0))
            .optional()
    }

    /// Finds or makes a repository, and notes where its git repository is now.
    pub(crate) fn ensure(
        write: &Connection,
        owner: &str,
        name: &str,
        path: Option<&str>,
        now: i64,
    ) -> Result<Self> {
        let user = User::ensure(write, owner, now)?;
        write
            .prepare_cached(
                "INSERT INTO repositories (owner, name, owner_id, path, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (owner, name) DO UPDATE SET path = excluded.path",
            )?
            .execute(params![user.login, name, user.id, path, now])?;
        Self::by_name(write, owner, name)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }
}
