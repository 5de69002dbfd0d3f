use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::deployment_ref::{ApiRoot, DeploymentRef, Origin};
use super::error::OutboxError;
use crate::api::NewStatus;
use crate::model::{StatusId, StatusState};

/// The ID of a stored status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoredStatusId(pub i64);

impl fmt::Display for StoredStatusId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A status that is stored until it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredStatus {
    pub id: StoredStatusId,
    pub deployment: DeploymentRef,
    pub status: NewStatus,
    /// The newest status of the deployment that the run did not create.
    pub after: Option<StatusId>,
    /// By the local clock.
    pub stored_at: Timestamp,
    /// Whether the server has refused it permanently; then it is not sent again.
    pub is_refused: bool,
    /// Why it could not be sent, if that was tried.
    pub reason: Option<String>,
    pub(super) deployment_key: i64,
    pub(super) stored_by: Option<String>,
    pub(super) was_tried: bool,
    /// When a request was sent whose result is unknown.
    pub(super) sent_at: Option<Timestamp>,
}

const COLUMNS: &str = "entry.id AS entry_id, place.id AS place_id, root, host, host_is_named, \
     repository, deployment, body, after_status, kept_at, is_refused, reason, kept_by, was_tried, \
     sent_at";

impl StoredStatus {
    fn from_row(row: &Row<'_>) -> Result<Self, OutboxError> {
        let id: i64 = row.get("entry_id")?;
        let text = |column| row.get::<_, String>(column);
        let optional = |column| row.get::<_, Option<String>>(column);
        let invalid = |what: &str| OutboxError::Invalid(format!("{what} of entry {id}"));
        let after = optional("after_status")?.map(|text| text.parse().map(StatusId));
        Ok(Self {
            id: StoredStatusId(id),
            deployment: deployment_from_row(row, invalid)?,
            status: serde_json::from_str(&text("body")?).map_err(|_| invalid("the status"))?,
            after: after.transpose().map_err(|_| invalid("a status ID"))?,
            stored_at: text("kept_at")?.parse().map_err(|_| invalid("the time"))?,
            is_refused: row.get("is_refused")?,
            reason: row.get("reason")?,
            deployment_key: row.get("place_id")?,
            stored_by: row.get("kept_by")?,
            was_tried: row.get("was_tried")?,
            sent_at: optional("sent_at")?.and_then(|text| text.parse().ok()),
        })
    }
}

/// Reads the columns `root`, `host` and `host_is_named`.
pub(super) fn origin_from_row(
    row: &Row<'_>,
    invalid: impl Fn(&str) -> OutboxError,
) -> Result<Origin, OutboxError> {
    let host: String = row.get("host")?;
    Ok(Origin {
        root: ApiRoot::from_stored(row.get("root")?),
        host: host.parse().map_err(|_| invalid("the host"))?,
        host_is_named: row.get("host_is_named")?,
    })
}

/// Reads the columns of an origin, `repository` and `deployment`.
fn deployment_from_row(
    row: &Row<'_>,
    invalid: impl Fn(&str) -> OutboxError,
) -> Result<DeploymentRef, OutboxError> {
    let (repo, id): (String, String) = (row.get("repository")?, row.get("deployment")?);
    Ok(DeploymentRef {
        origin: origin_from_row(row, &invalid)?,
        repo: repo.parse().map_err(|_| invalid("the repository"))?,
        id: id.parse().map_err(|_| invalid("the deployment"))?,
    })
}

pub(super) fn all(
    connection: &Connection,
    root: Option<&ApiRoot>,
) -> Result<Vec<StoredStatus>, OutboxError> {
    let mut query = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM entry JOIN place ON place.id = entry.place
         WHERE ?1 IS NULL OR root = ?1 ORDER BY entry.id"
    ))?;
    query
        .query_and_then([root.map(ApiRoot::as_str)], StoredStatus::from_row)?
        .collect()
}

/// The next status to send for a deployment.
pub(super) fn next(connection: &Connection, key: i64) -> Result<Option<StoredStatus>, OutboxError> {
    let mut query = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM entry JOIN place ON place.id = entry.place
         WHERE place.id = ?1 AND NOT is_refused ORDER BY entry.id LIMIT 1"
    ))?;
    query
        .query_and_then([key], StoredStatus::from_row)?
        .next()
        .transpose()
}

/// Returns the key of a deployment, which is added if needed.
pub(super) fn deployment_key(
    transaction: &Transaction<'_>,
    deployment: &DeploymentRef,
) -> Result<i64, OutboxError> {
    let DeploymentRef { origin, repo, id } = deployment;
    Ok(transaction.query_row(
        "INSERT INTO place (root, host, host_is_named, repository, deployment)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET host = ?2, host_is_named = ?3 RETURNING id",
        params![
            origin.root.as_str(),
            origin.host.as_str(),
            origin.host_is_named,
            repo.to_string(),
            id.to_string()
        ],
        |row| row.get("id"),
    )?)
}

/// Returns the deployment with a key.
pub(super) fn deployment(
    connection: &Connection,
    key: i64,
) -> Result<Option<DeploymentRef>, OutboxError> {
    let mut query = connection.prepare(
        "SELECT root, host, host_is_named, repository, deployment FROM place WHERE id = ?1",
    )?;
    let invalid = |what: &str| OutboxError::Invalid(format!("{what} of place {key}"));
    query
        .query_and_then([key], |row| deployment_from_row(row, invalid))?
        .next()
        .transpose()
}

/// Returns the key of a deployment, if anything is stored for it.
pub(super) fn find_deployment_key(
    connection: &Connection,
    deployment: &DeploymentRef,
) -> Result<Option<i64>, OutboxError> {
    Ok(connection
        .query_row(
            "SELECT id FROM place WHERE root = ?1 AND repository = ?2 AND deployment = ?3",
            params![
                deployment.origin.root.as_str(),
                deployment.repo.to_string(),
                deployment.id.to_string()
            ],
            |row| row.get("id"),
        )
        .optional()?)
}

/// Adds a status behind the others of its deployment.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    deployment_key: i64,
    status: &NewStatus,
    after: Option<&str>,
    stored_by: Option<&str>,
) -> Result<StoredStatusId, OutboxError> {
    let stored_at = Timestamp::now().to_string();
    transaction.execute(
        "INSERT INTO entry (place, body, after_status, kept_at, kept_by)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            deployment_key,
            to_json(status)?,
            after,
            stored_at,
            stored_by
        ],
    )?;
    Ok(StoredStatusId(transaction.last_insert_rowid()))
}

pub(super) fn replace(
    transaction: &Transaction<'_>,
    id: StoredStatusId,
    status: &NewStatus,
) -> Result<(), OutboxError> {
    transaction.execute(
        "UPDATE entry SET body = ?2 WHERE id = ?1",
        params![id.0, to_json(status)?],
    )?;
    Ok(())
}

fn to_json(status: &NewStatus) -> Result<String, OutboxError> {
    serde_json::to_string(status).map_err(|error| OutboxError::Invalid(error.to_string()))
}

/// Whether a final status is stored behind another one of its deployment.
pub(super) fn has_final_behind(
    connection: &Connection,
    stored: &StoredStatus,
) -> Result<bool, OutboxError> {
    let mut query = connection
        .prepare("SELECT body FROM entry WHERE place = ?1 AND id > ?2 AND NOT is_refused")?;
    let key = stored.deployment_key;
    let rows = query.query_map(params![key, stored.id.0], |row| row.get("body"))?;
    for body in rows {
        let body: String = body?;
        let status: Result<NewStatus, _> = serde_json::from_str(&body);
        if status.is_ok_and(|status| is_final(&status.state)) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn remove(
    transaction: &Transaction<'_>,
    id: StoredStatusId,
) -> Result<bool, OutboxError> {
    let removed = transaction.execute("DELETE FROM entry WHERE id = ?1", [id.0])?;
    remove_unused_deployments(transaction)?;
    Ok(removed == 1)
}

/// Removes deployments for which nothing is stored.
pub(super) fn remove_unused_deployments(transaction: &Transaction<'_>) -> Result<(), OutboxError> {
    transaction.execute(
        "DELETE FROM place WHERE claimed_by IS NULL
         AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.place = place.id)
         AND NOT EXISTS (SELECT 1 FROM note WHERE note.place = place.id)",
        [],
    )?;
    Ok(())
}

/// Whether a status ends a deployment, for those who report on it.
pub(super) fn is_final(state: &StatusState) -> bool {
    matches!(
        state,
        StatusState::Success | StatusState::Failure | StatusState::Error | StatusState::Inactive
    )
}
