use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Row};

use super::{DATABASE_BUSY_TIMEOUT, FILE, Journal, JournalError, LOCK, State};
use crate::model::DeploymentId;

/// How many deployments there are by their state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Waiting for their turn.
    pub queued: u64,
    /// Claimed, running or finishing.
    pub running: u64,
    /// In the hands of another agent.
    pub watching: u64,
}

/// A deployment as `agent status` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Its number.
    pub id: DeploymentId,
    /// Its repository.
    pub repository: String,
    /// Its environment.
    pub environment: String,
    /// The ref, in the words of who asked.
    pub ref_name: Option<String>,
    /// The commit.
    pub sha: Option<String>,
    /// How far it has come.
    pub state: State,
    /// What became of it.
    pub outcome: Option<String>,
    /// More about that.
    pub detail: Option<String>,
    /// `webhook` or `poll`.
    pub source: String,
    /// When it was first heard of.
    pub received_at: Timestamp,
    /// When its command started.
    pub started_at: Option<Timestamp>,
    /// When it was done.
    pub ended_at: Option<Timestamp>,
}

impl Seen {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
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

/// Whether an agent works with the journal in `folder`, and as which process.
/// `None` if none does.
pub(crate) fn agent_at_work(folder: &Path) -> Option<String> {
    let path = folder.join(LOCK);
    let file = std::fs::File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(std::fs::TryLockError::WouldBlock) => std::fs::read_to_string(path).ok(),
        _ => None,
    }
}

/// A look at a journal from outside, also while its agent runs. Nothing is
/// written.
pub(crate) struct Look(Connection);

impl Look {
    /// Opens the journal in `folder` for reading.
    pub(crate) fn open(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Err(JournalError::Missing(folder.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(DATABASE_BUSY_TIMEOUT)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > super::schema::VERSION {
            return Err(JournalError::Newer(folder.to_owned()));
        }
        Ok(Self(connection))
    }

    /// What is not done, and then the newest of what is, at most `done` of
    /// them; within each the newest first.
    pub(crate) fn deployments(&self, done: usize) -> Result<Vec<Seen>, JournalError> {
        let limit = i64::try_from(done).unwrap_or(i64::MAX);
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
            for row in statement.query_map([limit], Seen::read)? {
                all.push(row?);
            }
        }
        Ok(all)
    }
}

impl Journal {
    /// How many deployments there are by their state.
    pub(crate) async fn counts(&self) -> Result<Counts, JournalError> {
        self.write(|connection| {
            let mut counts = Counts::default();
            let mut statement = connection.prepare_cached(
                "SELECT state, count(*) FROM deployments WHERE state <> 'done' GROUP BY state",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            for row in rows {
                let (state, count): (State, i64) = row?;
                let count = u64::try_from(count).unwrap_or(0);
                match state {
                    State::Received => counts.queued += count,
                    State::Claimed | State::Running | State::Finishing => counts.running += count,
                    State::Watching => counts.watching += count,
                    State::Done => {}
                }
            }
            Ok(counts)
        })
        .await
    }
}
