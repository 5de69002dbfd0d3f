use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{OutboxError, is_final};
use crate::api::NewStatus;
use crate::model::{DeploymentId, Endpoints, Host, RepoSlug, Server, StatusId};

/// The root of a server's API: scheme, host, port and path. A status goes to
/// the very same one that its deployment is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApiRoot(String);

impl ApiRoot {
    const SANDBOX: &'static str = "sandbox";

    /// The root of these endpoints.
    pub fn of(endpoints: &Endpoints) -> Self {
        Self(endpoints.rest.as_str().trim_end_matches('/').to_owned())
    }

    /// As it was written by [`ApiRoot::as_str`].
    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The embedded sandbox, whose address is another one each time.
    pub fn sandbox() -> Self {
        Self(Self::SANDBOX.to_owned())
    }

    /// Whether it is the embedded sandbox.
    pub fn is_sandbox(&self) -> bool {
        self.0 == Self::SANDBOX
    }

    /// The address, or `sandbox`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A server for which statuses are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The root of its API.
    pub root: ApiRoot,
    /// Its name, by which its token is found.
    pub host: Host,
    /// Whether the user named the host when the status was kept: only such a
    /// host is trusted with a token of the environment.
    pub host_is_named: bool,
}

impl Origin {
    pub(crate) fn new(server: &Server) -> Self {
        Self {
            root: ApiRoot::of(&server.endpoints),
            host: server.host.clone(),
            host_is_named: server.host_is_named,
        }
    }

    pub(crate) fn sandbox() -> Self {
        Self {
            root: ApiRoot::sandbox(),
            host: Host::github(),
            host_is_named: false,
        }
    }
}

/// The deployment that a status is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its server.
    pub origin: Origin,
    /// Its repository.
    pub repo: RepoSlug,
    /// Its number.
    pub deployment: DeploymentId,
}

impl Place {
    /// A deployment on a server whose name does not matter, since whoever
    /// delivers knows the server by its root.
    pub fn new(root: ApiRoot, repo: RepoSlug, deployment: DeploymentId) -> Self {
        Self {
            origin: Origin {
                root,
                host: Host::github(),
                host_is_named: false,
            },
            repo,
            deployment,
        }
    }

    /// The same with the name of its host, by which `deployctl flush` finds a
    /// token for it.
    #[must_use]
    pub fn on_host(mut self, host: Host, host_is_named: bool) -> Self {
        self.origin.host = host;
        self.origin.host_is_named = host_is_named;
        self
    }
}

/// The number of a kept status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub i64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A status that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the outbox.
    pub id: EntryId,
    /// The deployment that it is for.
    pub place: Place,
    /// The status.
    pub status: NewStatus,
    /// The newest status of the deployment that is not the run's own.
    pub after: Option<StatusId>,
    /// When it was kept, by our clock.
    pub kept_at: Timestamp,
    /// Whether the server refused it for good; then it is not sent again.
    pub is_refused: bool,
    /// Why it is still here, if it was tried.
    pub reason: Option<String>,
    pub(super) place_id: i64,
    pub(super) kept_by: Option<String>,
    pub(super) was_tried: bool,
    /// When a request began whose outcome is not known.
    pub(super) sent_at: Option<Timestamp>,
}

const COLUMNS: &str = "entry.id, place.id, root, host, host_is_named, repository, deployment, \
     body, after_status, kept_at, is_refused, reason, kept_by, was_tried, sent_at";

/// The columns of an entry as they stand in the database.
struct Raw {
    entry: i64,
    place: i64,
    texts: [String; 6],
    named: bool,
    after: Option<String>,
    is_refused: bool,
    reason: Option<String>,
    kept_by: Option<String>,
    was_tried: bool,
    sent_at: Option<String>,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        entry: row.get(0)?,
        place: row.get(1)?,
        texts: [
            row.get(2)?,
            row.get(3)?,
            row.get(5)?,
            row.get(6)?,
            row.get(7)?,
            row.get(9)?,
        ],
        named: row.get(4)?,
        after: row.get(8)?,
        is_refused: row.get(10)?,
        reason: row.get(11)?,
        kept_by: row.get(12)?,
        was_tried: row.get(13)?,
        sent_at: row.get(14)?,
    })
}

impl Raw {
    fn read(self) -> Result<Entry, OutboxError> {
        let garbled = |what: &str| OutboxError::Garbled(format!("{what} of entry {}", self.entry));
        let [root, host, repo, deployment, body, kept_at] = &self.texts;
        Ok(Entry {
            id: EntryId(self.entry),
            place: Place {
                origin: Origin {
                    root: ApiRoot::stored(root.clone()),
                    host: host.parse().map_err(|_| garbled("the host"))?,
                    host_is_named: self.named,
                },
                repo: repo.parse().map_err(|_| garbled("the repository"))?,
                deployment: deployment.parse().map_err(|_| garbled("the deployment"))?,
            },
            status: serde_json::from_str(body).map_err(|_| garbled("the status"))?,
            after: self
                .after
                .map(|text| text.parse().map(StatusId))
                .transpose()
                .map_err(|_| OutboxError::Garbled("a status id".to_owned()))?,
            kept_at: kept_at
                .parse()
                .map_err(|_| OutboxError::Garbled(format!("the time of entry {}", self.entry)))?,
            is_refused: self.is_refused,
            reason: self.reason,
            place_id: self.place,
            kept_by: self.kept_by,
            was_tried: self.was_tried,
            sent_at: self.sent_at.and_then(|text| text.parse().ok()),
        })
    }
}

pub(super) fn all(
    connection: &Connection,
    root: Option<&ApiRoot>,
) -> Result<Vec<Entry>, OutboxError> {
    let text = format!(
        "SELECT {COLUMNS} FROM entry JOIN place ON place.id = entry.place
         WHERE ?1 IS NULL OR root = ?1 ORDER BY entry.id"
    );
    let mut query = connection.prepare(&text)?;
    let rows = query.query_map([root.map(ApiRoot::as_str)], raw)?;
    rows.map(|row| row?.read()).collect()
}

/// The next status to be sent for a place.
pub(super) fn first(connection: &Connection, place: i64) -> Result<Option<Entry>, OutboxError> {
    let text = format!(
        "SELECT {COLUMNS} FROM entry JOIN place ON place.id = entry.place
         WHERE place.id = ?1 AND NOT is_refused ORDER BY entry.id LIMIT 1"
    );
    let found = connection.query_row(&text, [place], raw).optional()?;
    found.map(Raw::read).transpose()
}

/// The number of a place, which is made if it is not there.
pub(super) fn place_id(write: &Transaction<'_>, place: &Place) -> Result<i64, OutboxError> {
    let Place {
        origin,
        repo,
        deployment,
    } = place;
    Ok(write.query_row(
        "INSERT INTO place (root, host, host_is_named, repository, deployment)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET host = ?2, host_is_named = ?3 RETURNING id",
        params![
            origin.root.as_str(),
            origin.host.as_str(),
            origin.host_is_named,
            repo.to_string(),
            deployment.to_string()
        ],
        |row| row.get(0),
    )?)
}

/// The place with a number.
pub(super) fn place(connection: &Connection, id: i64) -> Result<Option<Place>, OutboxError> {
    let found = connection
        .query_row(
            "SELECT root, host, host_is_named, repository, deployment FROM place WHERE id = ?1",
            [id],
            |row| {
                let text = |column: usize| row.get::<_, String>(column);
                Ok((text(0)?, text(1)?, row.get(2)?, text(3)?, text(4)?))
            },
        )
        .optional()?;
    let Some((root, host, host_is_named, repo, deployment)) = found else {
        return Ok(None);
    };
    let garbled = |what: &str| OutboxError::Garbled(format!("{what} of place {id}"));
    Ok(Some(Place {
        origin: Origin {
            root: ApiRoot::stored(root),
            host: host.parse().map_err(|_| garbled("the host"))?,
            host_is_named,
        },
        repo: repo.parse().map_err(|_| garbled("the repository"))?,
        deployment: deployment.parse().map_err(|_| garbled("the deployment"))?,
    }))
}

/// The number of a place, if there is anything for it.
pub(super) fn find_place(
    connection: &Connection,
    place: &Place,
) -> Result<Option<i64>, OutboxError> {
    Ok(connection
        .query_row(
            "SELECT id FROM place WHERE root = ?1 AND repository = ?2 AND deployment = ?3",
            params![
                place.origin.root.as_str(),
                place.repo.to_string(),
                place.deployment.to_string()
            ],
            |row| row.get(0),
        )
        .optional()?)
}

/// Puts a status behind the others of its place. A final one makes those that
/// say "under way" untrue.
pub(super) fn insert(
    write: &Transaction<'_>,
    place: i64,
    status: &NewStatus,
    after: Option<&str>,
    kept_by: Option<&str>,
) -> Result<EntryId, OutboxError> {
    let body =
        serde_json::to_string(status).map_err(|error| OutboxError::Garbled(error.to_string()))?;
    write.execute(
        "INSERT INTO entry (place, body, after_status, kept_at, kept_by)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![place, body, after, Timestamp::now().to_string(), kept_by],
    )?;
    Ok(EntryId(write.last_insert_rowid()))
}

/// Puts another body in the place of a kept status.
pub(super) fn replace(
    write: &Transaction<'_>,
    id: EntryId,
    status: &NewStatus,
) -> Result<(), OutboxError> {
    let body =
        serde_json::to_string(status).map_err(|error| OutboxError::Garbled(error.to_string()))?;
    write.execute(
        "UPDATE entry SET body = ?2 WHERE id = ?1",
        params![id.0, body],
    )?;
    Ok(())
}

/// Whether a final status waits behind another one of its place.
pub(super) fn has_final_behind(
    connection: &Connection,
    entry: &Entry,
) -> Result<bool, OutboxError> {
    let mut query = connection
        .prepare("SELECT body FROM entry WHERE place = ?1 AND id > ?2 AND NOT is_refused")?;
    let rows = query.query_map(params![entry.place_id, entry.id.0], |row| row.get(0))?;
    for body in rows {
        let body: String = body?;
        let status: Result<NewStatus, _> = serde_json::from_str(&body);
        if status.is_ok_and(|status| is_final(&status.state)) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn remove(write: &Transaction<'_>, id: EntryId) -> Result<bool, OutboxError> {
    let removed = write.execute("DELETE FROM entry WHERE id = ?1", [id.0])?;
    tidy(write)?;
    Ok(removed == 1)
}

/// Removes places that nothing is kept for.
pub(super) fn tidy(write: &Transaction<'_>) -> Result<(), OutboxError> {
    write.execute(
        "DELETE FROM place WHERE claimed_by IS NULL
         AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.place = place.id)
         AND NOT EXISTS (SELECT 1 FROM note WHERE note.place = place.id)",
        [],
    )?;
    Ok(())
}
