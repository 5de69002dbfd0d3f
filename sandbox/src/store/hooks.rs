//! Webhooks of repositories.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use secrecy::{ExposeSecret, SecretString};

use super::{Slice, Window};

/// The encoding of a delivery's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentType {
    /// The JSON alone.
    Json,
    /// A form with the JSON in its field `payload`.
    Form,
}

impl ContentType {
    /// The name in the API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
        }
    }

    /// Parses the name in the API.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Json, Self::Form]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// The settings of a webhook.
#[derive(Debug, Clone)]
pub(crate) struct NewHook {
    /// Whether events are sent.
    pub(crate) active: bool,
    /// The events that it receives; `*` means all.
    pub(crate) events: Vec<String>,
    /// Where deliveries go.
    pub(crate) url: String,
    /// The encoding of the bodies.
    pub(crate) content_type: ContentType,
    /// The key of the signatures.
    pub(crate) secret: Option<SecretString>,
    /// Whether any certificate is good enough.
    pub(crate) insecure_ssl: bool,
    /// Whether the command line of the server gave it.
    pub(crate) is_given: bool,
}

impl NewHook {
    /// Whether it receives an event.
    pub(crate) fn hears_of(&self, event: &str) -> bool {
        self.events.iter().any(|own| own == event || own == "*")
    }

    /// Whether both receive some event.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let hears = |one: &Self, two: &Self| two.events.iter().any(|event| one.hears_of(event));
        hears(self, other) || hears(other, self)
    }
}

/// A stored webhook.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub(crate) id: i64,
    pub(crate) settings: NewHook,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) updated_at: i64,
}

impl Hook {
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self> {
        let events: String = row.get("events")?;
        let content_type: String = row.get("content_type")?;
        let secret: Option<String> = row.get("secret")?;
        Ok(Self {
            id: row.get("id")?,
            settings: NewHook {
                active: row.get("active")?,
                events: events.split(',').map(str::to_owned).collect(),
                url: row.get("url")?,
                content_type: ContentType::parse(&content_type).ok_or_else(|| {
                    let what = format!("the content type {content_type:?}");
                    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, what.into())
                })?,
                secret: secret.map(SecretString::from),
                insecure_ssl: row.get("insecure_ssl")?,
                is_given: row.get("is_given")?,
            },
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// Makes a webhook; `now` is in seconds since the epoch.
    pub(crate) fn insert(
        write: &Connection,
        repository: i64,
        new: &NewHook,
        now: i64,
    ) -> Result<Self> {
        let statement = "INSERT INTO hooks (repository_id, active, events, url, content_type,
                secret, insecure_ssl, is_given, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) RETURNING *";
        Self::write(write, statement, repository, new, now)
    }

    /// Replaces the settings; `now` is in seconds since the epoch.
    pub(crate) fn update(&self, write: &Connection, new: &NewHook, now: i64) -> Result<Self> {
        let statement = "UPDATE hooks SET active = ?2, events = ?3, url = ?4, content_type = ?5,
                secret = ?6, insecure_ssl = ?7, is_given = ?8, updated_at = ?9
             WHERE id = ?1 RETURNING *";
        Self::write(write, statement, self.id, new, now)
    }

    fn write(
        write: &Connection,
        statement: &str,
        key: i64,
        new: &NewHook,
        now: i64,
    ) -> Result<Self> {
        let values = params![
            key,
            new.active,
            new.events.join(","),
            new.url,
            new.content_type.as_str(),
            new.secret.as_ref().map(ExposeSecret::expose_secret),
            new.insecure_ssl,
            new.is_given,
            now
        ];
        write
            .prepare_cached(statement)?
            .query_row(values, Self::from_row)
    }

    /// Removes it and its deliveries.
    pub(crate) fn delete(&self, write: &Connection) -> Result<()> {
        write
            .prepare_cached("DELETE FROM hooks WHERE id = ?1")?
            .execute([self.id])?;
        Ok(())
    }

    /// Finds a webhook of a repository.
    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        read.prepare_cached("SELECT * FROM hooks WHERE id = ?1 AND repository_id = ?2")?
            .query_row([id, repository], Self::from_row)
            .optional()
    }

    /// Whether a repository has any that is active.
    pub(crate) fn any_active(read: &Connection, repository: i64) -> Result<bool> {
        read.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM hooks WHERE repository_id = ?1 AND active)",
        )?
        .query_row([repository], |row| row.get(0))
    }

    /// All of a repository, oldest first.
    pub(crate) fn all(read: &Connection, repository: i64) -> Result<Vec<Self>> {
        read.prepare_cached("SELECT * FROM hooks WHERE repository_id = ?1 ORDER BY id")?
            .query_map([repository], Self::from_row)?
            .collect()
    }

    /// A page of a repository's webhooks, oldest first.
    pub(crate) fn list(read: &Connection, repository: i64, window: Window) -> Result<Slice<Self>> {
        let total: i64 = read
            .prepare_cached("SELECT count(*) FROM hooks WHERE repository_id = ?1")?
            .query_row([repository], |row| row.get(0))?;
        let (skip, take) = window.bounds();
        let items = read
            .prepare_cached(
                "SELECT * FROM hooks WHERE repository_id = ?1 ORDER BY id LIMIT ?2 OFFSET ?3",
            )?
            .query_map([repository, take, skip], Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }
}
