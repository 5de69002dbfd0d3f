use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::error::JournalError;

/// The version of the tables, in `user_version`.
pub(super) const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    instance TEXT NOT NULL,
    server TEXT NOT NULL
);
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    deployment INTEGER,
    received_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX deliveries_by_age ON deliveries (received_at);
CREATE TABLE deployments (
    id INTEGER PRIMARY KEY,
    repository TEXT NOT NULL,
    environment TEXT NOT NULL,
    content TEXT NOT NULL,
    by_workflow INTEGER NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT,
    outcome TEXT,
    detail TEXT,
    session INTEGER,
    look_at INTEGER,
    received_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER
);
CREATE INDEX deployments_by_state ON deployments (state, id);
CREATE TABLE cursors (
    repository TEXT PRIMARY KEY,
    newest_id INTEGER NOT NULL,
    newest_at INTEGER NOT NULL,
    floor_at INTEGER NOT NULL
) WITHOUT ROWID;
";

/// Creates the tables if needed, and returns the instance.
pub(super) fn prepare(
    connection: &mut Connection,
    folder: &Path,
    server: &str,
) -> Result<String, JournalError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Err(JournalError::Newer(folder.to_owned()));
    }
    if version == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    let found: Option<(String, String)> = transaction
        .query_row("SELECT instance, server FROM identity", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let instance = match found {
        Some((instance, theirs)) if theirs == server => instance,
        Some((_, theirs)) => {
            return Err(JournalError::OtherServer {
                path: folder.to_owned(),
                theirs,
                ours: server.to_owned(),
            });
        }
        None => {
            let instance = format!("{:012x}", fastrand::u64(..1 << 48));
            transaction.execute(
                "INSERT INTO identity (one, instance, server) VALUES (1, ?1, ?2)",
                [&instance, server],
            )?;
            instance
        }
    };
    transaction.commit()?;
    Ok(instance)
}
