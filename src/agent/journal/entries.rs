use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::entry::{
    DeploymentOutcome, EntryState, JournalEntry, NewerDeployment, StartedCommand, Verdict,
};
use super::error::JournalError;
use super::store::Journal;
use crate::model::{Deployment, DeploymentId, RepoSlug};

/// The ID as a column: integers of `SQLite` are signed, but GitHub's IDs are far
/// from the limit.
pub(super) fn column_id(id: DeploymentId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// Adds a deployment; returns false if it was known.
pub(super) fn insert(
    connection: &Connection,
    repository: &RepoSlug,
    deployment: &Deployment,
    by_workflow: bool,
    source: &str,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let content = serde_json::to_string(deployment)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let added = connection
        .prepare_cached(
            "INSERT INTO deployments
                (id, repository, environment, content, by_workflow, source, state, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'received', ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            column_id(deployment.id),
            repository.to_string(),
            deployment.environment,
            content,
            by_workflow,
            source,
            now.as_second(),
        ])?;
    Ok(added > 0)
}

impl Journal {
    /// The entries that are not closed, the oldest deployment first.
    pub(crate) async fn open_entries(&self) -> Result<Vec<JournalEntry>, JournalError> {
        self.write(|connection| {
            connection
                .prepare_cached("SELECT * FROM deployments WHERE state <> 'done' ORDER BY id")?
                .query_map([], JournalEntry::from_row)?
                .collect()
        })
        .await
    }

    pub(crate) async fn entry(
        &self,
        id: DeploymentId,
    ) -> Result<Option<JournalEntry>, JournalError> {
        self.write(move |connection| {
            connection
                .prepare_cached("SELECT * FROM deployments WHERE id = ?1")?
                .query_row([column_id(id)], JournalEntry::from_row)
                .optional()
        })
        .await
    }

    /// The newer deployments of the same environment, except those that no rule
    /// matches or that no longer exist.
    pub(crate) async fn newer_than(
        &self,
        entry: &JournalEntry,
    ) -> Result<Vec<NewerDeployment>, JournalError> {
        let id = column_id(entry.id());
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
                    Ok(NewerDeployment {
                        entry: JournalEntry::from_row(row)?,
                        was_started: started_at.is_some(),
                    })
                })?
                .collect()
        })
        .await
    }

    /// Notes that the server refuses a deployment, so that others may overtake it.
    /// Fails with [`JournalError::Started`] if its command was started.
    pub(crate) async fn note_refusal(
        &self,
        id: DeploymentId,
        why: String,
    ) -> Result<(), JournalError> {
        self.change_unstarted("UPDATE deployments SET detail = ?2", (column_id(id), why))
            .await
    }

    /// Notes the current data of a deployment, which differs from what was received.
    pub(crate) async fn update_deployment(
        &self,
        deployment: &Deployment,
    ) -> Result<(), JournalError> {
        let deployment = deployment.clone();
        self.write(move |connection| {
            let content = serde_json::to_string(&deployment)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            connection
                .prepare_cached(
                    "UPDATE deployments SET content = ?2, environment = ?3 WHERE id = ?1",
                )?
                .execute(params![
                    column_id(deployment.id),
                    content,
                    deployment.environment
                ])?;
            Ok(())
        })
        .await
    }

    /// Notes that a deployment ends without its command, unless that has started.
    pub(crate) async fn set_verdict(
        &self,
        id: DeploymentId,
        verdict: Verdict,
    ) -> Result<bool, JournalError> {
        self.write(move |connection| {
            let judged = connection
                .prepare_cached(
                    "UPDATE deployments SET verdict = ?2
                     WHERE id = ?1 AND verdict IS NULL AND state IN ('received', 'claimed', 'watching')",
                )?
                .execute(params![column_id(id), verdict.to_text()])?;
            Ok(judged > 0)
        })
        .await
    }

    /// Notes that a claim is about to be sent. Fails with [`JournalError::Started`]
    /// if the command was started.
    pub(crate) async fn set_claimed(&self, id: DeploymentId) -> Result<(), JournalError> {
        self.change_unstarted("UPDATE deployments SET state = 'claimed'", [column_id(id)])
            .await
    }

    /// Notes that another agent owns the deployment, and when to check again. Fails
    /// with [`JournalError::Started`] if the command was started.
    pub(crate) async fn set_watching(
        &self,
        id: DeploymentId,
        check_at: Timestamp,
    ) -> Result<(), JournalError> {
        self.change_unstarted(
            "UPDATE deployments SET state = 'watching', look_at = ?2",
            (column_id(id), check_at.as_second()),
        )
        .await
    }

    /// Notes that the command is about to start: from now on it is never started
    /// again. Fails with [`JournalError::Started`] if it was started.
    pub(crate) async fn set_running(
        &self,
        id: DeploymentId,
        started: StartedCommand,
    ) -> Result<(), JournalError> {
        self.change_unstarted(
            "UPDATE deployments SET state = 'running', started_at = ?2, session = ?3",
            (column_id(id), started.at.as_second(), started.session),
        )
        .await
    }

    /// Updates an entry whose command was not started; its ID is the first value.
    async fn change_unstarted(
        &self,
        update: &'static str,
        values: impl Params + Send + 'static,
    ) -> Result<(), JournalError> {
        let changed = self
            .write(move |connection| {
                connection
                    .prepare_cached(&format!(
                        "{update} WHERE id = ?1 AND state IN ('received', 'claimed', 'watching')"
                    ))?
                    .execute(values)
            })
            .await?;
        (changed > 0).then_some(()).ok_or(JournalError::Started)
    }

    /// Notes that the final status is stored in the outbox.
    pub(crate) async fn set_finishing(&self, id: DeploymentId) -> Result<(), JournalError> {
        self.set_state(id, EntryState::Finishing).await
    }

    pub(crate) async fn close(
        &self,
        id: DeploymentId,
        outcome: DeploymentOutcome,
        detail: Option<String>,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE deployments SET state = 'done', outcome = ?2, detail = ?3,
                        ended_at = ?4, content = json_remove(content, '$.payload')
                     WHERE id = ?1",
                )?
                .execute(params![
                    column_id(id),
                    outcome.as_str(),
                    detail,
                    now.as_second()
                ])?;
            Ok(())
        })
        .await
    }

    async fn set_state(&self, id: DeploymentId, state: EntryState) -> Result<(), JournalError> {
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE deployments SET state = ?2 WHERE id = ?1")?
                .execute(params![column_id(id), state.as_str()])?;
            Ok(())
        })
        .await
    }
}
