use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::error::OutboxError;
use crate::private_file;

/// How long one process waits for another one's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The migrations; the version of the schema is their number.
const MIGRATIONS: [&str; 2] = [SCHEMA, REQUESTS];

/// A `place` is a deployment, and an `entry` is a stored status. IDs of GitHub are
/// unsigned 64-bit integers, which `SQLite` does not have: they are text.
/// `after_status` is the newest status that the run did not create; `sent_at` is set
/// while the result of a request is unknown.
const SCHEMA: &str = "
CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    root TEXT NOT NULL,
    host TEXT NOT NULL,
    host_is_named INTEGER NOT NULL,
    repository TEXT NOT NULL COLLATE NOCASE,
    deployment TEXT NOT NULL,
    claimed_by TEXT,
    UNIQUE (root, repository, deployment)
);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place INTEGER NOT NULL REFERENCES place,
    body TEXT NOT NULL,
    after_status TEXT,
    kept_at TEXT NOT NULL,
    kept_by TEXT,
    was_tried INTEGER NOT NULL DEFAULT 0,
    sent_at TEXT,
    is_refused INTEGER NOT NULL DEFAULT 0,
    reason TEXT
);
CREATE INDEX entry_place ON entry (place, id);
CREATE TABLE note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place INTEGER NOT NULL REFERENCES place,
    owner TEXT NOT NULL,
    after_status TEXT,
    log_url TEXT,
    environment_url TEXT,
    began_at TEXT NOT NULL
);
";

/// Deployments that were requested and have no ID yet. `seen_at` is when their
/// process was last known to run. The command of a run is identified by its output
/// file until its process is noted.
const REQUESTS: &str = "
CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    root TEXT NOT NULL,
    host TEXT NOT NULL,
    host_is_named INTEGER NOT NULL,
    repository TEXT NOT NULL,
    body TEXT NOT NULL,
    log_url TEXT,
    environment_url TEXT,
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
);
ALTER TABLE note ADD COLUMN command TEXT;
ALTER TABLE note ADD COLUMN output TEXT;
";

/// Creates the folder and the file. `SQLite` gives its other files the same mode.
pub(super) fn prepare(path: &Path) -> Result<(), OutboxError> {
    if let Some(folder) = path.parent() {
        private_file::create_folder(folder).map_err(OutboxError::file(folder))?;
        #[cfg(unix)]
        restrict_to_user(folder)?;
    }
    match private_file::create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(OutboxError::file(path)(error))
        }
        _ => Ok(()),
    }
}

/// The folder may have been created by a part of this program without secrets.
#[cfg(unix)]
fn restrict_to_user(folder: &Path) -> Result<(), OutboxError> {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(folder)
        .map_err(OutboxError::file(folder))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        let closed = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        // A folder of another user, such as a volume, may be writable anyway. The
        // files in it are restricted on their own.
        return match closed {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            closed => closed.map_err(OutboxError::file(folder)),
        };
    }
    Ok(())
}

/// Opens the database and brings its schema up to date.
///
/// `SQLite` does not wait when two processes create a database at the same time.
pub(super) fn open(path: &Path) -> Result<Connection, OutboxError> {
    let began = Instant::now();
    loop {
        match try_open(path) {
            Err(OutboxError::Database(error))
                if is_busy(&error) && began.elapsed() < BUSY_TIMEOUT =>
            {
                thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

pub(super) fn open_in_memory() -> Result<Connection, OutboxError> {
    bring_up_to_date(Connection::open_in_memory()?)
}

fn try_open(path: &Path) -> Result<Connection, OutboxError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Stored statuses must survive a loss of power.
    connection.pragma_update(None, "synchronous", "FULL")?;
    bring_up_to_date(connection)
}

fn bring_up_to_date(mut connection: Connection) -> Result<Connection, OutboxError> {
    connection.pragma_update(None, "foreign_keys", true)?;
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let version = |connection: &Connection| -> rusqlite::Result<i64> {
        connection.pragma_query_value(None, "user_version", |row| row.get(0))
    };
    if version(&connection)? < newest {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have been faster.
        let done = usize::try_from(version(&transaction)?).unwrap_or(0);
        for migration in MIGRATIONS.iter().skip(done) {
            transaction.execute_batch(migration)?;
        }
        if done < MIGRATIONS.len() {
            transaction.pragma_update(None, "user_version", newest)?;
        }
        transaction.commit()?;
    }
    match version(&connection)? {
        version if version > newest => Err(OutboxError::Newer(version)),
        _ => Ok(connection),
    }
}
