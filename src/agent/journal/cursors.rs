use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::entries::{column_id, insert};
use super::error::JournalError;
use super::store::Journal;
use crate::model::{Deployment, DeploymentId, RepoSlug};

/// How far a repository was polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The newest deployment that was found; 0 for none.
    pub newest_id: DeploymentId,
    /// When it was created; without one, when polling began.
    pub newest_at: Timestamp,
    /// Deployments that were created earlier are ignored.
    pub floor: Timestamp,
}

/// Repositories differ only without regard to letter case.
fn key(repository: &RepoSlug) -> String {
    repository.to_string().to_ascii_lowercase()
}

impl Journal {
    /// `None` if the repository was never polled.
    pub(crate) async fn cursor(
        &self,
        repository: &RepoSlug,
    ) -> Result<Option<Cursor>, JournalError> {
        let key = key(repository);
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "SELECT newest_id, newest_at, floor_at FROM cursors WHERE repository = ?1",
                )?
                .query_row([key], |row| {
                    let id: i64 = row.get(0)?;
                    Ok(Cursor {
                        newest_id: DeploymentId(u64::try_from(id).unwrap_or(0)),
                        newest_at: Timestamp::from_second(row.get(1)?).unwrap_or_default(),
                        floor: Timestamp::from_second(row.get(2)?).unwrap_or_default(),
                    })
                })
                .optional()
        })
        .await
    }

    /// Adds the deployments that a poll found and moves the cursor, both or neither.
    /// Returns the deployments that were not known.
    pub(crate) async fn record_polled(
        &self,
        repository: &RepoSlug,
        found: Vec<Deployment>,
        cursor: Option<Cursor>,
        now: Timestamp,
    ) -> Result<Vec<DeploymentId>, JournalError> {
        let repository = repository.clone();
        self.write(move |connection| {
            let mut added = Vec::new();
            for deployment in &found {
                if insert(connection, &repository, deployment, false, "poll", now)? {
                    added.push(deployment.id);
                }
            }
            if let Some(cursor) = cursor {
                connection
                    .prepare_cached(
                        "INSERT INTO cursors (repository, newest_id, newest_at, floor_at)
                         VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT DO UPDATE SET newest_id = ?2, newest_at = ?3",
                    )?
                    .execute(params![
                        key(&repository),
                        column_id(cursor.newest_id),
                        cursor.newest_at.as_second(),
                        cursor.floor.as_second(),
                    ])?;
            }
            Ok(added)
        })
        .await
    }

    /// Returns those deployments that are not known.
    pub(crate) async fn filter_unknown(
        &self,
        ids: Vec<DeploymentId>,
    ) -> Result<Vec<DeploymentId>, JournalError> {
        self.write(move |connection| {
            let mut known = connection.prepare_cached("SELECT 1 FROM deployments WHERE id = ?1")?;
            let mut unknown = Vec::new();
            for id in ids {
                if !known.exists([column_id(id)])? {
                    unknown.push(id);
                }
            }
            Ok(unknown)
        })
        .await
    }
}
