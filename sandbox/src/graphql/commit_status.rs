//! The statuses of commits
//! (<https://docs.github.com/graphql/reference/objects#status>).

use super::object::{Field, Object, Output};
use super::problem::Result;
use super::scalars::time;
use crate::ids::NodeId;
use crate::store::{CheckState, CommitStatus};

/// The name of a `StatusState`.
pub(super) fn status_state(state: CheckState) -> &'static str {
    match state {
        CheckState::Error => "ERROR",
        CheckState::Failure => "FAILURE",
        CheckState::Pending => "PENDING",
        CheckState::Success => "SUCCESS",
    }
}

/// The latest status of one context.
#[derive(Debug, Clone)]
pub(super) struct StatusContext {
    repository: i64,
    row: CommitStatus,
}

impl StatusContext {
    pub(super) fn new(repository: i64, row: CommitStatus) -> Self {
        Self { repository, row }
    }
}

impl Object for StatusContext {
    fn kind(&self) -> &'static str {
        "StatusContext"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let row = &self.row;
        Ok(match field.name() {
            "context" => row.context.as_str().into(),
            "createdAt" => time(row.created_at).into(),
            "description" => row.description.clone().into(),
            "id" => NodeId::CommitStatus(self.repository, row.id)
                .encode()
                .into(),
            "state" => status_state(row.state).into(),
            "targetUrl" => row.target_url.clone().into(),
            _ => return Err(field.unknown()),
        })
    }
}
