use rusqlite::params;

use super::entries::{Entry, number};
use super::{Journal, JournalError};
use crate::model::DeploymentId;

/// A deployment that the journal knows, in whatever state.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The deployment.
    pub entry: Entry,
    /// Whether its command was started.
    pub was_started: bool,
}

impl Journal {
    /// The deployments of the same environment that are newer than this one, and
    /// of which there was something to do.
    pub(crate) async fn newer_than(&self, entry: &Entry) -> Result<Vec<Known>, JournalError> {
        let id = number(entry.id());
        let repository = entry.repository.to_string();
        let environment = entry.deployment.environment.clone();
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "SELECT * FROM deployments
                     WHERE id > ?1 AND environment = ?2 AND repository = ?3 COLLATE NOCASE
                         AND coalesce(outcome, '') NOT IN ('no rule', 'gone')",
                )?
                .query_map(params![id, environment, repository], |row| {
                    let started_at: Option<i64> = row.get("started_at")?;
                    Ok(Known {
                        entry: Entry::read(row)?,
                        was_started: started_at.is_some(),
                    })
                })?
                .collect()
        })
        .await
    }

    /// Notes that the server refuses a deployment, so that others may go before
    /// it.
    ///
    /// # Errors
    /// [`JournalError::Started`] if its command was started before.
    pub(crate) async fn refuse(&self, id: DeploymentId, why: String) -> Result<(), JournalError> {
        self.change_unstarted("UPDATE deployments SET detail = ?2", (number(id), why))
            .await
    }
}
