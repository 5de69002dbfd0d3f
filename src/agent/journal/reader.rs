use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Row};

use super::entry::EntryState;
use super::error::JournalError;
use super::store::{BUSY_TIMEOUT, FILE_NAME, LOCK_NAME};
use crate::model::DeploymentId;

/// A deployment as `agent status` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeploymentRow {
    pub id: DeploymentId,
    pub repository: String,
    pub environment: String,
    pub ref_name: Option<String>,
    pub sha: Option<String>,
    pub state: EntryState,
    pub outcome: Option<String>,
    pub detail: Option<String>,
    /// `webhook` or `poll`.
    pub source: String,
    pub received_at: Timestamp,
    /// When the command was started.
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

impl DeploymentRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let time =
            |seconds: Option<i64>| seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let id: i64 = row.get("id")?;
        Ok(Self {
            id: DeploymentId(u64::try_from(id).unwrap_or(0)),
            repository: row.get("repository")?,
            environment: row.get("environment")?,
            ref_name: row.get("ref_name")?,
            sha: row.get("sha")?,
            state: row.get("state")?,
            outcome: row.get("outcome")?,
            detail: row.get("detail")?,
            source: row.get("source")?,
            received_at: time(row.get("received_at")?).unwrap_or_default(),
            started_at: time(row.get("started_at")?),
            ended_at: time(row.get("ended_at")?),
        })
    }
}

/// The process ID of the agent that uses the journal in `folder`, if one does.
pub(crate) fn running_agent(folder: &Path) -> Option<String> {
    let path = folder.join(LOCK_NAME);
    let file = std::fs::File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(std::fs::TryLockError::WouldBlock) => std::fs::read_to_string(path).ok(),
        _ => None,
    }
}

/// Reads a journal, also while its agent is running.
pub(crate) struct JournalReader(Connection);

impl JournalReader {
    pub(crate) fn open(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE_NAME);
        if !path.is_file() {
            return Err(JournalError::Missing(folder.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > super::schema::VERSION {
            return Err(JournalError::Newer(folder.to_owned()));
        }
        Ok(Self(connection))
    }

    /// The deployments that are not closed, followed by the newest `max_closed` of
    /// those that are; the newest first.
    pub(crate) fn deployments(
        &self,
        max_closed: usize,
    ) -> Result<Vec<DeploymentRow>, JournalError> {
        let limit = i64::try_from(max_closed).unwrap_or(i64::MAX);
        let columns = "id, repository, environment, json_extract(content, '$.ref') AS ref_name,
            json_extract(content, '$.sha') AS sha, state, outcome, detail, source, received_at,
            started_at, ended_at";
        let mut all = Vec::new();
        for (filter, limit) in [
            ("state IN ('claimed', 'running', 'finishing')", -1),
            ("state IN ('received', 'watching')", -1),
            ("state = 'done'", limit),
        ] {
            let order = if limit < 0 { "id" } else { "ended_at DESC, id" };
            let text = format!(
                "SELECT {columns} FROM deployments WHERE {filter} ORDER BY {order} DESC LIMIT ?1"
            );
            let mut statement = self.0.prepare(&text)?;
            for row in statement.query_map([limit], DeploymentRow::from_row)? {
                all.push(row?);
            }
        }
        Ok(all)
    }
}
