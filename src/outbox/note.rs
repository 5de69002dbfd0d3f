//! Notes of runs whose commands are running.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::deployment_ref::DeploymentRef;
use super::error::OutboxError;
use super::store::Outbox;
use super::stored_status::{self, StoredStatusId};
use crate::api::NewStatus;
use crate::env::command::DEPLOYCTL_OUTPUT;
use crate::model::{StatusId, StatusState};
use crate::process::report::StatusUrls;
use crate::process::{ProcessIdentity, find_started_with};

/// The description of the status of a killed run.
const KILLED_DESCRIPTION: &str = "deployctl run was killed; how the command ended is not known";

/// The ID of a note of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunNote(i64);

struct NoteRow {
    id: i64,
    deployment_key: i64,
    owner: String,
    /// The process of its command, if it was started and noted.
    command: Option<ProcessIdentity>,
    /// The output file of its command.
    output: Option<String>,
}

impl NoteRow {
    /// The process ID of its command, if that is running.
    fn command_pid(&self) -> Option<u32> {
        match (&self.command, &self.output) {
            (Some(command), _) => command.pid().filter(|_| command.is_running()),
            // The run was killed before it could note the process.
            (None, Some(output)) => find_started_with(DEPLOYCTL_OUTPUT, output),
            (None, None) => None,
        }
    }
}

fn read_notes(connection: &Connection) -> Result<Vec<NoteRow>, OutboxError> {
    let mut query =
        connection.prepare("SELECT id, place, owner, command, output FROM note ORDER BY id")?;
    let rows = query.query_map([], |row| {
        Ok(NoteRow {
            id: row.get("id")?,
            deployment_key: row.get("place")?,
            owner: row.get("owner")?,
            command: row
                .get::<_, Option<String>>("command")?
                .map(ProcessIdentity::from_stored),
            output: row.get("output")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Outbox {
    /// Notes a run before its command starts. If this process ends without
    /// [`Outbox::end_run`], the run counts as killed.
    ///
    /// `after` is the newest status that the deployment had before: older ones are
    /// not ours, even if they look alike. `urls` go into the status that reports a
    /// killed run. `output` is the file in `DEPLOYCTL_OUTPUT`: as long as a command
    /// with that variable is running, a killed run is not reported.
    pub fn note_run(
        &self,
        deployment: &DeploymentRef,
        after: Option<StatusId>,
        urls: &StatusUrls,
        output: Option<&Path>,
    ) -> Result<RunNote, OutboxError> {
        self.write(|transaction, owner| insert(transaction, owner, deployment, after, urls, output))
    }

    /// Ends a run: replaces its note by the status to send.
    ///
    /// With `checks_first` the statuses of the deployment are checked before it is
    /// sent, in case somebody else reports on it. A run that has reported
    /// `in_progress` does not need that.
    pub fn end_run(
        &self,
        note: RunNote,
        status: &NewStatus,
        checks_first: bool,
    ) -> Result<StoredStatusId, OutboxError> {
        self.write(|transaction, owner| {
            let found = transaction
                .query_row(
                    "DELETE FROM note WHERE id = ?1 RETURNING place, after_status",
                    [note.0],
                    |row| {
                        Ok((
                            row.get("place")?,
                            row.get::<_, Option<String>>("after_status")?,
                        ))
                    },
                )
                .optional()?;
            let (key, after) =
                found.ok_or_else(|| OutboxError::Invalid("a note is missing".to_owned()))?;
            let stored_by = (!checks_first).then_some(owner);
            stored_status::insert(transaction, key, status, after.as_deref(), stored_by)
        })
    }

    /// Notes the process of a run's command: a killed run is not reported while it is
    /// running.
    pub fn note_command(
        &self,
        note: RunNote,
        command: &ProcessIdentity,
    ) -> Result<(), OutboxError> {
        self.write(|transaction, _| {
            transaction.execute(
                "UPDATE note SET command = ?2 WHERE id = ?1",
                params![note.0, command.as_str()],
            )?;
            Ok(())
        })
    }

    /// The commands that are still running after their run was killed: deployment and
    /// process ID.
    pub fn orphans(&self) -> Result<Vec<(DeploymentRef, u32)>, OutboxError> {
        let mut orphans = Vec::new();
        for note in self.notes()? {
            if !self.is_alive(&note.owner)
                && let Some(pid) = note.command_pid()
                && let Some(deployment) = self
                    .read(|connection| stored_status::deployment(connection, note.deployment_key))?
            {
                orphans.push((deployment, pid));
            }
        }
        Ok(orphans)
    }

    /// Notes the newest status of a run, which the run has created itself.
    pub fn set_newest_status(
        &self,
        note: RunNote,
        after: Option<StatusId>,
    ) -> Result<(), OutboxError> {
        self.write(|transaction, _| {
            transaction.execute(
                "UPDATE note SET after_status = ?2 WHERE id = ?1",
                params![note.0, after.map(|id| id.0.to_string())],
            )?;
            Ok(())
        })
    }

    /// Removes the note of a run that has nothing to report.
    pub fn forget_run(&self, note: RunNote) -> Result<(), OutboxError> {
        self.write(|transaction, _| {
            transaction.execute("DELETE FROM note WHERE id = ?1", [note.0])?;
            stored_status::remove_unused_deployments(transaction)
        })
    }

    /// Replaces the notes of processes that have ended by statuses to send, unless
    /// their command is still running. Returns how many there were.
    pub fn report_killed_runs(&self) -> Result<usize, OutboxError> {
        let mut killed = 0;
        for note in self.notes()? {
            if self.is_alive(&note.owner) || note.command_pid().is_some() {
                continue;
            }
            killed +=
                usize::from(self.write(|transaction, _| report_killed(transaction, note.id))?);
        }
        Ok(killed)
    }

    fn notes(&self) -> Result<Vec<NoteRow>, OutboxError> {
        self.read(read_notes)
    }
}

pub(super) fn insert(
    transaction: &Transaction<'_>,
    owner: &str,
    deployment: &DeploymentRef,
    after: Option<StatusId>,
    urls: &StatusUrls,
    output: Option<&Path>,
) -> Result<RunNote, OutboxError> {
    let key = stored_status::deployment_key(transaction, deployment)?;
    transaction.execute(
        "INSERT INTO note (place, owner, after_status, log_url, environment_url, began_at,
             output)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            key,
            owner,
            after.map(|id| id.to_string()),
            urls.log_url,
            urls.environment_url,
            Timestamp::now().to_string(),
            output.and_then(Path::to_str),
        ],
    )?;
    Ok(RunNote(transaction.last_insert_rowid()))
}

/// Replaces the note of a process that has ended by a status to send. Returns false
/// if another process has done so.
fn report_killed(transaction: &Transaction<'_>, note: i64) -> Result<bool, OutboxError> {
    let found = transaction
        .query_row(
            "DELETE FROM note WHERE id = ?1
             RETURNING place, after_status, log_url, environment_url",
            [note],
            |row| {
                let status = NewStatus {
                    description: Some(KILLED_DESCRIPTION.to_owned()),
                    log_url: row.get("log_url")?,
                    environment_url: row.get("environment_url")?,
                    ..NewStatus::new(StatusState::Error)
                };
                let after: Option<String> = row.get("after_status")?;
                Ok((row.get("place")?, after, status))
            },
        )
        .optional()?;
    let Some((key, after, status)) = found else {
        return Ok(false);
    };
    stored_status::insert(transaction, key, &status, after.as_deref(), None)?;
    Ok(true)
}
