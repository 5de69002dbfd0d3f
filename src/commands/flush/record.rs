use jiff::Timestamp;
use serde::Serialize;

use crate::agent::Report;
use crate::agent::journal::Outcome as Closed;
use crate::api::ApiError;
use crate::model::{DeploymentId, StatusState};
use crate::outbox::{Delivery, Entry, Outcome};
use crate::output::{Cell, Column, Record};
use crate::term::Role;

/// A kept status as `flush --json` prints it.
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
    fn new(entry: Entry, outcome: &'static str, reason: Option<String>) -> Self {
        Self {
            id: entry.id.0,
            outcome,
            state: entry.status.state,
            deployment: entry.place.deployment,
            repository: entry.place.repo.to_string(),
            server: entry.place.origin.root.to_string(),
            description: entry.status.description,
            log_url: entry.status.log_url,
            environment_url: entry.status.environment_url,
            kept_at: entry.kept_at,
            reason,
        }
    }

    /// One that is still kept.
    pub(super) fn kept(mut entry: Entry) -> Self {
        let outcome = if entry.is_refused {
            "refused"
        } else {
            "waiting"
        };
        let reason = entry.reason.take();
        Self::new(entry, outcome, reason)
    }

    /// One that was to be sent.
    pub(super) fn delivered(delivery: Delivery) -> Self {
        let Delivery {
            entry,
            outcome,
            omitted,
        } = delivery;
        let (word, reason) = match &outcome {
            Outcome::Sent(_) => ("sent", omitted.as_ref().map(ToString::to_string)),
            Outcome::WasThere => ("was_there", None),
            Outcome::TooLate(state) => {
                let reason = format!("the deployment is already {state}");
                ("dropped", Some(reason))
            }
            Outcome::Refused(error) => ("refused", Some(error.to_string())),
            Outcome::Waits(error) => ("waiting", error.as_ref().map(ToString::to_string)),
        };
        Self::new(entry, word, reason)
    }

    /// One that an agent had left.
    pub(super) fn settled(entry: Entry, report: &Report) -> Self {
        let (word, reason) = match report {
            Report::Closed(Closed::Reported(_)) => ("sent", None),
            Report::Closed(Closed::Refused) => ("refused", None),
            Report::Closed(Closed::Ended(state)) => {
                let reason = format!("the deployment is already {state}");
                ("dropped", Some(reason))
            }
            Report::Closed(Closed::Other) => {
                let reason = "another agent has the deployment".to_owned();
                ("dropped", Some(reason))
            }
            Report::Closed(other) => ("dropped", Some(other.as_str().to_owned())),
            Report::Waits(error) => ("waiting", error.as_ref().map(ToString::to_string)),
        };
        Self::new(entry, word, reason)
    }

    /// Whether it tells of this entry.
    pub(super) fn is_of(&self, entry: &Entry) -> bool {
        self.id == entry.id.0
    }

    /// Whether nothing is left to be done.
    pub(super) fn is_done(&self) -> bool {
        !matches!(self.outcome, "refused" | "waiting")
    }
}

/// Why it was not sent.
pub(super) fn error_of(outcome: &Outcome) -> Option<&ApiError> {
    match outcome {
        Outcome::Refused(error) | Outcome::Waits(Some(error)) => Some(error),
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
