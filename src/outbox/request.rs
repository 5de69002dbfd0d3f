//! Notes of runs that have requested a deployment and do not know its ID yet.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use super::deployment_ref::{ApiRoot, DeploymentRef, Origin};
use super::error::OutboxError;
use super::note::{self, RunNote};
use super::store::Outbox;
use super::stored_status;
use crate::api::{NewDeployment, NewStatus};
use crate::model::{RepoSlug, StatusState};
use crate::process::report::StatusUrls;

/// How long the request of a process that died may still be in flight, or being
/// handled by the server.
pub(super) const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(5);
/// How long the request of a killed run is left alone after the run was last seen:
/// by then its deployment exists or will never exist, and anyone else who requested
/// the same at the same time has reported `in_progress`.
const SETTLE_TIME: SignedDuration = SignedDuration::from_secs(8);
/// Requests that could not be checked by then are forgotten.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(24);

/// The description for a deployment whose run ended before it received the ID.
const UNKNOWN_DESCRIPTION: &str =
    "deployctl run was killed or gave up before its command was started";

/// The ID of a note of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestNote(i64);

/// The request of a run that ended before it received the response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRequest {
    pub(super) id: i64,
    pub origin: Origin,
    pub repo: RepoSlug,
    pub new: NewDeployment,
    /// By the local clock.
    pub began_at: Timestamp,
    /// When its process was last known to be running.
    pub seen_at: Timestamp,
}

impl LostRequest {
    fn from_row(row: &Row<'_>) -> Result<Self, OutboxError> {
        let id = row.get("id")?;
        let text = |column| row.get::<_, String>(column);
        let invalid = |what: &str| OutboxError::Invalid(format!("{what} of request {id}"));
        Ok(Self {
            id,
            origin: stored_status::origin_from_row(row, invalid)?,
            repo: text("repository")?
                .parse()
                .map_err(|_| invalid("the repository"))?,
            new: serde_json::from_str(&text("body")?).map_err(|_| invalid("the body"))?,
            began_at: text("began_at")?.parse().map_err(|_| invalid("the time"))?,
            seen_at: text("seen_at")?.parse().map_err(|_| invalid("the time"))?,
        })
    }

    /// How long until a check can tell whether the deployment exists.
    pub fn settles_in(&self) -> Duration {
        let age = Timestamp::now().duration_since(self.seen_at);
        // A clock that was set back does not prolong the wait.
        let left = SETTLE_TIME.saturating_sub(age.max(SignedDuration::ZERO));
        Duration::try_from(left).unwrap_or_default()
    }

    pub fn is_too_old(&self) -> bool {
        Timestamp::now().duration_since(self.began_at) > MAX_AGE
    }
}

impl Outbox {
    /// Notes a request for a deployment before it is sent. If this process ends before
    /// [`Outbox::note_created`], the next deployctl finds out whether the deployment
    /// exists and reports it: [`Outbox::resolve_requests`].
    pub fn note_request(
        &self,
        origin: &Origin,
        repo: &RepoSlug,
        new: &NewDeployment,
        urls: &StatusUrls,
    ) -> Result<RequestNote, OutboxError> {
        let body =
            serde_json::to_string(new).map_err(|error| OutboxError::Invalid(error.to_string()))?;
        self.write(|transaction, owner| {
            transaction.execute(
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
                    urls.log_url,
                    urls.environment_url,
                    Timestamp::now().to_string(),
                ],
            )?;
            Ok(RequestNote(transaction.last_insert_rowid()))
        })
    }

    /// Notes that the process still waits for the response. A deployment that is
    /// created much later does not belong to this request.
    pub fn refresh_request(&self, request: RequestNote) -> Result<(), OutboxError> {
        self.write(|transaction, _| {
            transaction.execute(
                "UPDATE request SET seen_at = ?2 WHERE id = ?1",
                params![request.0, Timestamp::now().to_string()],
            )?;
            Ok(())
        })
    }

    /// Replaces the note of a request by that of a run, once the deployment exists.
    pub fn note_created(
        &self,
        request: RequestNote,
        deployment: &DeploymentRef,
        urls: &StatusUrls,
        output: Option<&Path>,
    ) -> Result<RunNote, OutboxError> {
        self.write(|transaction, owner| {
            transaction.execute("DELETE FROM request WHERE id = ?1", [request.0])?;
            note::insert(transaction, owner, deployment, None, urls, output)
        })
    }

    /// Forgets a request that created no deployment.
    pub fn withdraw_request(&self, request: RequestNote) -> Result<(), OutboxError> {
        self.write(|transaction, _| {
            transaction.execute("DELETE FROM request WHERE id = ?1", [request.0])?;
            Ok(())
        })
    }

    /// Forgets a request whose response was lost.
    pub fn forget_request(&self, lost: &LostRequest) -> Result<(), OutboxError> {
        self.withdraw_request(RequestNote(lost.id))
    }

    /// The requests of processes that have ended, to one server or to all.
    pub fn lost_requests(&self, root: Option<&ApiRoot>) -> Result<Vec<LostRequest>, OutboxError> {
        let mut lost = self.requests(root)?;
        lost.retain(|(owner, _)| !self.is_alive(owner));
        Ok(lost.into_iter().map(|(_, request)| request).collect())
    }

    /// Replaces a lost request by a status to send for its deployment. Returns false if
    /// another process has done so.
    pub(super) fn report_lost_request(
        &self,
        request: &LostRequest,
        deployment: &DeploymentRef,
    ) -> Result<bool, OutboxError> {
        self.write(|transaction, _| {
            let found = transaction
                .query_row(
                    "DELETE FROM request WHERE id = ?1 RETURNING log_url, environment_url",
                    [request.id],
                    |row| {
                        Ok(NewStatus {
                            description: Some(UNKNOWN_DESCRIPTION.to_owned()),
                            log_url: row.get("log_url")?,
                            environment_url: row.get("environment_url")?,
                            ..NewStatus::new(StatusState::Error)
                        })
                    },
                )
                .optional()?;
            let Some(status) = found else {
                return Ok(false);
            };
            let key = stored_status::deployment_key(transaction, deployment)?;
            stored_status::insert(transaction, key, &status, None, None)?;
            Ok(true)
        })
    }

    /// All requests, with the processes that noted them.
    fn requests(&self, root: Option<&ApiRoot>) -> Result<Vec<(String, LostRequest)>, OutboxError> {
        self.read(|connection| {
            let mut query = connection.prepare(
                "SELECT id, owner, root, host, host_is_named, repository, body, began_at, seen_at
                 FROM request WHERE ?1 IS NULL OR root = ?1 ORDER BY id",
            )?;
            query
                .query_and_then([root.map(ApiRoot::as_str)], |row| {
                    Ok((row.get("owner")?, LostRequest::from_row(row)?))
                })?
                .collect()
        })
    }
}
