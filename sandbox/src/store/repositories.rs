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

    pub(super) fn from_row(row: &Row<'_>) -> Result<Self> {
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

/// Who may see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visibility {
    Public,
    Private,
    /// For the members of an enterprise.
    Internal,
}

impl Visibility {
    pub(crate) const NAMES: [&str; 3] = ["public", "private", "internal"];

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "public" => Some(Self::Public),
            "private" => Some(Self::Private),
            "internal" => Some(Self::Internal),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Internal => "internal",
        }
    }

    /// Whether reading requires a right. GitHub counts internal repositories as
    /// private.
    pub(crate) fn is_private(self) -> bool {
        self != Self::Public
    }
}

/// The settings of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RepositorySettings {
    pub(crate) is_archived: bool,
    pub(crate) topics: Vec<String>,
    /// `None` for that of the server.
    pub(crate) visibility: Option<Visibility>,
    /// The logins that may see it; `None` for all whom the visibility admits.
    pub(crate) readers: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repository {
    pub(crate) id: i64,
    pub(crate) owner: User,
    /// Whether the owner is an organization.
    pub(crate) is_in_organization: bool,
    /// Whether its organization demands single sign-on of every token.
    pub(crate) requires_sso: bool,
    /// The name, without the owner.
    pub(crate) name: String,
    /// Where its git repository is; `None` for the sample.
    pub(crate) path: Option<String>,
    pub(crate) settings: RepositorySettings,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) pushed_at: i64,
    /// Seconds since the epoch.
    pub(crate) updated_at: i64,
}

const REPOSITORY: &str = "SELECT repositories.id, repositories.name, repositories.path,
    repositories.created_at, repositories.owner_id, repositories.owner,
    repositories.is_archived, repositories.topics, repositories.visibility,
    repositories.readers, coalesce(repositories.pushed_at, repositories.created_at) AS pushed_at,
    coalesce(repositories.updated_at, repositories.created_at) AS updated_at,
    users.created_at AS owner_created_at, users.is_organization, users.requires_sso
    FROM repositories JOIN users ON users.id = repositories.owner_id";

impl Repository {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let owner = User {
            id: row.get("owner_id")?,
            login: row.get("owner")?,
            created_at: row.get("owner_created_at")?,
        };
        let (topics, readers): (String, Option<String>) = (row.get("topics")?, row.get("readers")?);
        let visibility: Option<String> = row.get("visibility")?;
        Ok(Self {
            id: row.get("id")?,
            owner,
            is_in_organization: row.get("is_organization")?,
            requires_sso: row.get("requires_sso")?,
            name: row.get("name")?,
            path: row.get("path")?,
            settings: RepositorySettings {
                is_archived: row.get("is_archived")?,
                topics: split(&topics),
                visibility: visibility.as_deref().and_then(Visibility::parse),
                readers: readers.as_deref().map(split),
            },
            created_at: row.get("created_at")?,
            pushed_at: row.get("pushed_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// `owner/name`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner.login, self.name)
    }

    /// Whether a login is among its readers, if it has any.
    pub(crate) fn admits(&self, login: Option<&str>) -> bool {
        let readers = self.settings.readers.as_ref();
        readers
            .is_none_or(|readers| login.is_some_and(|login| readers.iter().any(|one| one == login)))
    }

    /// Finds a repository; the case of the names does not count.
    pub(crate) fn by_name(read: &Connection, owner: &str, name: &str) -> Result<Option<Self>> {
        let query =
            format!("{REPOSITORY} WHERE repositories.owner = ?1 AND repositories.name = ?2");
        read.prepare_cached(&query)?
            .query_row([owner, name], Self::from_row)
            .optional()
    }

    /// Finds a repository that had this name.
    pub(crate) fn by_old_name(read: &Connection, owner: &str, name: &str) -> Result<Option<Self>> {
        let query = format!(
            "{REPOSITORY} JOIN repository_redirects
                ON repository_redirects.repository_id = repositories.id
             WHERE repository_redirects.owner = ?1 AND repository_redirects.name = ?2"
        );
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

    /// All repositories, or those of one owner, oldest first.
    pub(crate) fn all(read: &Connection, owner: Option<i64>) -> Result<Vec<Self>> {
        let query = format!(
            "{REPOSITORY} WHERE ?1 IS NULL OR repositories.owner_id = ?1 ORDER BY repositories.id"
        );
        read.prepare_cached(&query)?
            .query_map([owner], Self::from_row)?
            .collect()
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

    /// Writes its settings and times.
    pub(crate) fn update(&self, write: &Connection) -> Result<()> {
        let RepositorySettings {
            is_archived,
            topics,
            visibility,
            readers,
        } = &self.settings;
        write
            .prepare_cached(
                "UPDATE repositories SET is_archived = ?2, topics = ?3, visibility = ?4,
                    readers = ?5, pushed_at = ?6, updated_at = ?7 WHERE id = ?1",
            )?
            .execute(params![
                self.id,
                is_archived,
                topics.join(","),
                visibility.map(Visibility::as_str),
                readers.as_ref().map(|readers| readers.join(",")),
                self.pushed_at,
                self.updated_at,
            ])?;
        Ok(())
    }

    /// Gives it another owner and name. The old name leads to it.
    pub(crate) fn rename(&self, write: &Connection, owner: &User, name: &str) -> Result<()> {
        write
            .prepare_cached(
                "INSERT OR REPLACE INTO repository_redirects (owner, name, repository_id)
                 VALUES (?1, ?2, ?3)",
            )?
            .execute(params![self.owner.login, self.name, self.id])?;
        write
            .prepare_cached(
                "UPDATE repositories SET owner = ?2, owner_id = ?3, name = ?4 WHERE id = ?1",
            )?
            .execute(params![self.id, owner.login, owner.id, name])?;
        Ok(())
    }
}

/// The values of a list that is separated by commas.
fn split(text: &str) -> Vec<String> {
    let values = text.split(',').filter(|value| !value.is_empty());
    values.map(str::to_owned).collect()
}
