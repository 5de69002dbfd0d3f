//! Runs that are under way.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::entry::{self, EntryId, Place};
use super::{Outbox, OutboxError};
use crate::api::NewStatus;
use crate::env::command::DEPLOYCTL_OUTPUT;
use crate::model::{StatusId, StatusState};
use crate::process::report::Addresses;
use crate::process::{Mark, started_with};

/// What is said of a run whose process died.
const DEATH: &str = "deployctl run was killed; how the command ended is not known";

/// A noted run of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note(i64);

/// A noted run.
struct NoteRow {
    id: i64,
    place: i64,
    owner: String,
    /// The process of its command, if it was started and can be told.
    command: Option<Mark>,
    /// The output file that its command is started with.
    output: Option<String>,
}

impl NoteRow {
    /// The number of its command's process, if that lives.
    fn command_pid(&self) -> Option<u32> {
        match (&self.command, &self.output) {
            (Some(command), _) => command.pid().filter(|_| command.is_alive()),
            // It was killed before it could note the process.
            (None, Some(output)) => started_with(DEPLOYCTL_OUTPUT, output),
            (None, None) => None,
        }
    }
}

fn notes(connection: &Connection) -> Result<Vec<NoteRow>, OutboxError> {
    let mut query =
        connection.prepare("SELECT id, place, owner, command, output FROM note ORDER BY id")?;
    let rows = query.query_map([], |row| {
        Ok(NoteRow {
            id: row.get(0)?,
            place: row.get(1)?,
            owner: row.get(2)?,
            command: row.get::<_, Option<String>>(3)?.map(Mark::stored),
            output: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Outbox {
    /// Notes a run before its command starts. As long as this process lives,
    /// the note says nothing; once it is gone, the run counts as killed.
    ///
    /// `after` is the newest status that the deployment had before: what looks
    /// like one of ours and is not newer is none. `addresses` go into the
    /// status that reports the death. `output` is the file that the command will
    /// find in `DEPLOYCTL_OUTPUT`: as long as a command runs with it, the run is
    /// not reported.
    pub fn note(
        &self,
        place: &Place,
        after: Option<StatusId>,
        addresses: &Addresses,
        output: Option<&Path>,
    ) -> Result<Note, OutboxError> {
        self.write(|write, owner| insert(write, owner, place, after, addresses, output))
    }

    /// Ends a run: its note becomes the status to be sent, in one step. Statuses
    /// of the deployment that are kept and say that it is under way are
    /// dropped: they are no longer true.
    ///
    /// With `looks` it is looked first whether somebody else reports on the
    /// deployment, which is needless for a run that has said that it is in
    /// progress.
    pub fn end(&self, note: Note, status: &NewStatus, looks: bool) -> Result<EntryId, OutboxError> {
        self.write(|write, owner| {
            let found = write
                .query_row(
                    "DELETE FROM note WHERE id = ?1 RETURNING place, after_status",
                    [note.0],
                    |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?)),
                )
                .optional()?;
            let (place, after) =
                found.ok_or_else(|| OutboxError::Garbled("the note is gone".to_owned()))?;
            let kept_by = (!looks).then_some(owner);
            entry::insert(write, place, status, after.as_deref(), kept_by)
        })
    }

    /// Notes the process of a run's command: as long as it lives, a run that was
    /// killed is not reported.
    pub fn note_command(&self, note: Note, command: &Mark) -> Result<(), OutboxError> {
        self.write(|write, _| {
            write.execute(
                "UPDATE note SET command = ?2 WHERE id = ?1",
                params![note.0, command.as_str()],
            )?;
            Ok(())
        })
    }

    /// The commands that go on though their run was killed: the deployment, and
    /// the number of the process.
    pub fn orphans(&self) -> Result<Vec<(Place, u32)>, OutboxError> {
        let mut orphans = Vec::new();
        for note in self.notes()? {
            if !self.is_alive(&note.owner)
                && let Some(pid) = note.command_pid()
                && let Some(place) = entry::place(&self.lock().connection, note.place)?
            {
                orphans.push((place, pid));
            }
        }
        Ok(orphans)
    }

    /// What the newest status is that a noted run knows of: it is ours.
    pub fn advance(&self, note: Note, after: Option<StatusId>) -> Result<(), OutboxError> {
        self.write(|write, _| {
            write.execute(
                "UPDATE note SET after_status = ?2 WHERE id = ?1",
                params![note.0, after.map(|id| id.0.to_string())],
            )?;
            Ok(())
        })
    }

    /// Ends a run that has nothing to report.
    pub fn forget(&self, note: Note) -> Result<(), OutboxError> {
        self.write(|write, _| {
            write.execute("DELETE FROM note WHERE id = ?1", [note.0])?;
            entry::tidy(write)
        })
    }

    /// Turns the notes of processes that are gone into statuses to be sent,
    /// unless their command goes on. Returns how many there were.
    pub fn sweep(&self) -> Result<usize, OutboxError> {
        let mut killed = 0;
        for note in self.notes()? {
            if self.is_alive(&note.owner) || note.command_pid().is_some() {
                continue;
            }
            killed += usize::from(self.write(|write, _| report_death(write, note.id))?);
        }
        Ok(killed)
    }

    fn notes(&self) -> Result<Vec<NoteRow>, OutboxError> {
        notes(&self.lock().connection)
    }
}

/// Notes a run.
pub(super) fn insert(
    write: &Transaction<'_>,
    owner: &str,
    place: &Place,
    after: Option<StatusId>,
    addresses: &Addresses,
    output: Option<&Path>,
) -> Result<Note, OutboxError> {
    let place = entry::place_id(write, place)?;
    write.execute(
        "INSERT INTO note (place, owner, after_status, log_url, environment_url, began_at,
             output)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            place,
            owner,
            after.map(|id| id.to_string()),
            addresses.log_url,
            addresses.environment_url,
            Timestamp::now().to_string(),
            output.and_then(Path::to_str),
        ],
    )?;
    Ok(Note(write.last_insert_rowid()))
}

/// Turns the note of a process that died into the status that says so. Returns
/// false if somebody else did.
fn report_death(write: &Transaction<'_>, note: i64) -> Result<bool, OutboxError> {
    let found = write
        .query_row(
            "DELETE FROM note WHERE id = ?1
             RETURNING place, after_status, log_url, environment_url",
            [note],
            |row| {
                let status = NewStatus {
                    description: Some(DEATH.to_owned()),
                    log_url: row.get(2)?,
                    environment_url: row.get(3)?,
                    ..NewStatus::new(StatusState::Error)
                };
                Ok((row.get(0)?, row.get::<_, Option<String>>(1)?, status))
            },
        )
        .optional()?;
    let Some((place, after, status)) = found else {
        return Ok(false);
    };
    entry::insert(write, place, &status, after.as_deref(), None)?;
    Ok(true)
}
