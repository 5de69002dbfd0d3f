//! How an older database becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use super::schema_steps::STEPS;
use crate::error::SandboxError;

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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use rusqlite::Connection;

    use super::{STEPS, migrate};

    fn number(connection: &Connection, query: &str) -> i64 {
        connection.query_row(query, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_database_of_any_age_becomes_the_newest_and_keeps_what_it_has() {
        for age in 1..=STEPS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            for step in &STEPS[..age] {
                connection.execute_batch(step).unwrap();
            }
            let version = i64::try_from(age).unwrap();
            connection
                .pragma_update(None, "user_version", version)
                .unwrap();
            connection
                .execute_batch(
                    "INSERT INTO repositories (owner, name, owner_id, created_at)
                     VALUES ('o', 'r', 200000001, 1);",
                )
                .unwrap();
            migrate(&mut connection).unwrap();
            let newest = i64::try_from(STEPS.len()).unwrap();
            assert_eq!(number(&connection, "PRAGMA user_version"), newest);
            assert_eq!(
                number(&connection, "SELECT count(*) FROM repositories"),
                1,
                "{age}"
            );
            for table in ["pulls", "hooks", "hook_events", "workflow_runs"] {
                let query = format!("SELECT count(*) FROM {table}");
                assert_eq!(number(&connection, &query), 0, "{table}, {age}");
            }
        }
    }
}
