use jiff::Timestamp;
use serde::Serialize;

use crate::agent::ReportResult;
use crate::agent::journal::DeploymentOutcome;
use crate::api::ApiError;
use crate::model::{DeploymentId, StatusState};
use crate::outbox::{Delivery, DeliveryOutcome, StoredStatus};
use crate::output::{Cell, Column, Record};
use crate::term::Role;

/// A stored status as `flush` prints it.
#[derive(Debug, Serialize)]
pub(super) struct FlushRecord {
    id: i64,
    outcome: &'static str,
    state: StatusState,
    deployment: DeploymentId,
    repository: String,
    server: String,
    description: Option<String>,
    log_url: Option<String>,
    environment_url: Option<String>,
    kept_at: Timestamp,
    reason: Option<String>,
}

impl Record for FlushRecord {
    const FIELDS: &'static [&'static str] = &[
        "id",
        "outcome",
        "state",
        "deployment",
        "repository",
        "server",
        "description",
        "log_url",
        "environment_url",
        "kept_at",
        "reason",
    ];
}

impl FlushRecord {
    fn new(stored: StoredStatus, outcome: &'static str, reason: Option<String>) -> Self {
        Self {
            id: stored.id.0,
            outcome,
            state: stored.status.state,
            deployment: stored.deployment.id,
            repository: stored.deployment.repo.to_string(),
            server: stored.deployment.origin.root.to_string(),
            description: stored.status.description,
            log_url: stored.status.log_url,
            environment_url: stored.status.environment_url,
            kept_at: stored.stored_at,
            reason,
        }
    }

    /// A status that is still stored.
    pub(super) fn stored(mut stored: StoredStatus) -> Self {
        let outcome = if stored.is_refused {
            "refused"
        } else {
            "waiting"
        };
        let reason = stored.reason.take();
        Self::new(stored, outcome, reason)
    }

    /// A status that was to be sent.
    pub(super) fn delivered(delivery: Delivery) -> Self {
        let Delivery {
            stored,
            outcome,
            omitted,
        } = delivery;
        let (word, reason) = match &outcome {
            DeliveryOutcome::Sent(_) => ("sent", omitted.as_ref().map(ToString::to_string)),
            DeliveryOutcome::AlreadyThere => ("was_there", None),
            DeliveryOutcome::TooLate(state) => {
                let reason = format!("the deployment is already {state}");
                ("dropped", Some(reason))
            }
            DeliveryOutcome::Refused(error) => ("refused", Some(error.to_string())),
            DeliveryOutcome::Waiting(error) => ("waiting", error.as_ref().map(ToString::to_string)),
        };
        Self::new(stored, word, reason)
    }

    /// A status of an agent that is not running.
    pub(super) fn reported(stored: StoredStatus, result: &ReportResult) -> Self {
        let (word, reason) = match result {
            ReportResult::Closed(DeploymentOutcome::Reported(_)) => ("sent", None),
            ReportResult::Closed(DeploymentOutcome::Refused) => ("refused", None),
            ReportResult::Closed(DeploymentOutcome::Ended(state)) => {
                let reason = format!("the deployment is already {state}");
                ("dropped", Some(reason))
            }
            ReportResult::Closed(DeploymentOutcome::Other) => {
                let reason = "another agent owns the deployment".to_owned();
                ("dropped", Some(reason))
            }
            ReportResult::Closed(other) => ("dropped", Some(other.as_str().to_owned())),
            ReportResult::Waiting(error) => ("waiting", error.as_ref().map(ToString::to_string)),
        };
        Self::new(stored, word, reason)
    }

    pub(super) fn is_for(&self, stored: &StoredStatus) -> bool {
        self.id == stored.id.0
    }

    /// Whether the status is no longer stored.
    pub(super) fn is_done(&self) -> bool {
        !matches!(self.outcome, "refused" | "waiting")
    }
}

/// The error because of which a status is still stored.
pub(super) fn error_of(outcome: &DeliveryOutcome) -> Option<&ApiError> {
    match outcome {
        DeliveryOutcome::Refused(error) | DeliveryOutcome::Waiting(Some(error)) => Some(error),
        _ => None,
    }
}

pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::rigid("ID"),
        Column::rigid("OUTCOME"),
        Column::rigid("STATE"),
        Column::rigid("DEPLOYMENT"),
        Column::flexible("REPOSITORY", 10),
        Column::flexible("SERVER", 10).optional(),
        Column::flexible("REASON", 12).optional(),
        Column::rigid("AGE"),
    ]
}

pub(super) fn row(record: &FlushRecord, now: Timestamp) -> Vec<Cell> {
    vec![
        Cell::new(record.id.to_string()),
        Cell::new(record.outcome),
        Cell::status(&record.state),
        Cell::new(record.deployment.to_string()).role(Role::Id),
        Cell::new(record.repository.as_str()),
        Cell::new(record.server.as_str()),
        Cell::new(record.reason.as_deref().unwrap_or_default()),
        Cell::age(record.kept_at, now),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_pinned() {
        let fields = [
            "id",
            "outcome",
            "state",
            "deployment",
            "repository",
            "server",
            "description",
            "log_url",
            "environment_url",
            "kept_at",
            "reason",
        ];
        assert_eq!(FlushRecord::FIELDS, fields);
    }
}
