//! Runs that have asked for a deployment and do not know its number yet.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::entry::{self, ApiRoot, Origin, Place};
use super::note::{self, Note};
use super::{Outbox, OutboxError};
use crate::api::{NewDeployment, NewStatus};
use crate::model::{RepoSlug, StatusState};
use crate::process::report::Addresses;

/// So long a request whose sender died may still be under way, or at work in
/// the server.
pub(super) const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(5);
/// So long after its last sign of life what a dead run asked for is left alone:
/// by then it is there or will never be, and whoever else asked for the same at
/// the same time has said that it is in progress.
const SETTLED: SignedDuration = SignedDuration::from_secs(8);
/// What could not be looked for by then is forgotten.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(24);

/// What is said of a deployment whose run ended before it heard of it.
const UNHEARD: &str = "deployctl run was killed or gave up before its command was started";

/// A noted request of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestNote(i64);

/// A request of a run that ended, without a word of what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRequest {
    pub(super) id: i64,
    /// Its server.
    pub origin: Origin,
    /// Its repository.
    pub repo: RepoSlug,
    /// What was asked for.
    pub new: NewDeployment,
    /// When it began, by our clock.
    pub began_at: Timestamp,
    /// When its process was last known to live.
    pub seen_at: Timestamp,
}

impl LostRequest {
    /// How long until a look tells what became of it.
    pub fn settles_in(&self) -> Duration {
        let age = Timestamp::now().duration_since(self.seen_at);
        // A clock that was set back makes nobody wait for longer.
        let left = SETTLED.saturating_sub(age.max(SignedDuration::ZERO));
        Duration::try_from(left).unwrap_or_default()
    }

    /// Whether it is too old to be looked for.
    pub fn is_too_old(&self) -> bool {
        Timestamp::now().duration_since(self.began_at) > TOO_OLD
    }
}

impl Outbox {
    /// Notes a request for a deployment before it is sent. Should this process
    /// end before [`Outbox::created`], whoever looks next finds out whether the
    /// deployment is there, and reports it: [`Outbox::seek`].
    pub fn request(
        &self,
        origin: &Origin,
        repo: &RepoSlug,
        new: &NewDeployment,
        addresses: &Addresses,
    ) -> Result<RequestNote, OutboxError> {
        let body =
            serde_json::to_string(new).map_err(|error| OutboxError::Garbled(error.to_string()))?;
        self.write(|write, owner| {
            write.execute(
                "INSERT INTO request (owner, root, host, host_is_named, repository, body,
                     log_url, environment_url, began_at, seen_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
                params![
                    owner,
                    origin.root.as_str(),
                    origin.host.as_str(),
                    origin.host_is_named,
                    repo.to_string(),
                    body,
                    addresses.log_url,
                    addresses.environment_url,
                    Timestamp::now().to_string(),
                ],
            )?;
            Ok(RequestNote(write.last_insert_rowid()))
        })
    }

    /// Notes that the answer is still waited for. What is made much later than
    /// the last such note is not of this request.
    pub fn still_requests(&self, request: RequestNote) -> Result<(), OutboxError> {
        self.write(|write, _| {
            write.execute(
                "UPDATE request SET seen_at = ?2 WHERE id = ?1",
                params![request.0, Timestamp::now().to_string()],
            )?;
            Ok(())
        })
    }

    /// The deployment is there: the request becomes the note of a run, in one
    /// step.
    pub fn created(
        &self,
        request: RequestNote,
        place: &Place,
        addresses: &Addresses,
        output: Option<&Path>,
    ) -> Result<Note, OutboxError> {
        self.write(|write, owner| {
            write.execute("DELETE FROM request WHERE id = ?1", [request.0])?;
            note::insert(write, owner, place, None, addresses, output)
        })
    }

    /// Forgets a request that made nothing.
    pub fn withdraw(&self, request: RequestNote) -> Result<(), OutboxError> {
        self.write(|write, _| {
            write.execute("DELETE FROM request WHERE id = ?1", [request.0])?;
            Ok(())
        })
    }

    /// Forgets a request that was lost.
    pub fn forget_request(&self, lost: &LostRequest) -> Result<(), OutboxError> {
        self.withdraw(RequestNote(lost.id))
    }

    /// The requests whose process is gone; of one server, or of all.
    pub fn lost_requests(&self, root: Option<&ApiRoot>) -> Result<Vec<LostRequest>, OutboxError> {
        let mut lost = self.requests(root)?;
        lost.retain(|(owner, _)| !self.is_alive(owner));
        Ok(lost.into_iter().map(|(_, request)| request).collect())
    }

    /// Turns a lost request into the status that tells of its deployment, to be
    /// sent. Returns false if somebody else did.
    pub(super) fn report_unheard(
        &self,
        request: &LostRequest,
        place: &Place,
    ) -> Result<bool, OutboxError> {
        self.write(|write, _| {
            let found = write
                .query_row(
                    "DELETE FROM request WHERE id = ?1 RETURNING log_url, environment_url",
                    [request.id],
                    |row| {
                        Ok(NewStatus {
                            description: Some(UNHEARD.to_owned()),
                            log_url: row.get(0)?,
                            environment_url: row.get(1)?,
                            ..NewStatus::new(StatusState::Error)
                        })
                    },
                )
                .optional()?;
            let Some(status) = found else {
                return Ok(false);
            };
            let place = entry::place_id(write, place)?;
            entry::insert(write, place, &status, None, None)?;
            Ok(true)
        })
    }

    fn requests(&self, root: Option<&ApiRoot>) -> Result<Vec<(String, LostRequest)>, OutboxError> {
        let inner = self.lock();
        let mut query = inner.connection.prepare(
            "SELECT id, owner, root, host, host_is_named, repository, body, began_at, seen_at
             FROM request WHERE ?1 IS NULL OR root = ?1 ORDER BY id",
        )?;
        let mut rows = query.query([root.map(ApiRoot::as_str)])?;
        let mut requests = Vec::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let text = |column: usize| row.get::<_, String>(column);
            let garbled = |what: &str| OutboxError::Garbled(format!("{what} of request {id}"));
            let request = LostRequest {
                id,
                origin: Origin {
                    root: ApiRoot::stored(text(2)?),
                    host: text(3)?.parse().map_err(|_| garbled("the host"))?,
                    host_is_named: row.get(4)?,
                },
                repo: text(5)?.parse().map_err(|_| garbled("the repository"))?,
                new: serde_json::from_str(&text(6)?).map_err(|_| garbled("the body"))?,
                began_at: text(7)?.parse().map_err(|_| garbled("the time"))?,
                seen_at: text(8)?.parse().map_err(|_| garbled("the time"))?,
            };
            requests.push((text(1)?, request));
        }
        Ok(requests)
    }
}
