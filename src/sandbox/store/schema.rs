//! The tables, and how an older database becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use crate::sandbox::config::SandboxError;

/// One step a version; a database is brought up by the steps it lacks. Steps
/// that were released are never changed.
///
/// Times are whole seconds since the epoch, as GitHub's are. Ids of
/// deployments, statuses and environments begin above 2^32, so that a client
/// that keeps them in 32 bits is found out.
const STEPS: [&str; 1] = ["
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created_at INTEGER NOT NULL
);
CREATE TABLE repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    owner_id INTEGER NOT NULL REFERENCES users (id),
    path TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (owner, name)
);
CREATE TABLE environments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (repository_id, name)
);
CREATE TABLE deployments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    sha TEXT NOT NULL,
    ref TEXT NOT NULL,
    task TEXT NOT NULL,
    payload TEXT NOT NULL,
    original_environment TEXT NOT NULL,
    environment TEXT NOT NULL,
    description TEXT,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    transient_environment INTEGER NOT NULL,
    production_environment INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX deployments_by_time ON deployments (repository_id, created_at DESC, id DESC);
CREATE INDEX deployments_by_environment
    ON deployments (repository_id, environment, created_at DESC, id DESC);
CREATE TABLE deployment_statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    description TEXT NOT NULL,
    environment TEXT NOT NULL,
    log_url TEXT NOT NULL,
    environment_url TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX deployment_statuses_by_deployment ON deployment_statuses (deployment_id, id DESC);
CREATE TABLE commit_statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    sha TEXT NOT NULL,
    context TEXT NOT NULL COLLATE NOCASE,
    state TEXT NOT NULL,
    description TEXT,
    target_url TEXT,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
);
CREATE INDEX commit_statuses_by_sha ON commit_statuses (repository_id, sha, context, id DESC);
INSERT INTO users (id, login, created_at) VALUES (200000001, 'sandbox', 1767603600);
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('repositories', 900000000),
    ('environments', 4310000000),
    ('deployments', 4400000000),
    ('deployment_statuses', 12600000000),
    ('commit_statuses', 35000000000);
"];

/// Brings the database to the newest version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), SandboxError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let version = |connection: &Connection| -> rusqlite::Result<i64> {
        connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    };
    // The usual case must not wait for another process that writes.
    if version(connection)? == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(SandboxError::NewerDatabase { found, known });
    }
    for (version, step) in (1i64..).zip(STEPS) {
        if version > found {
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", version)?;
        }
    }
    transaction.commit()?;
    Ok(())
}
