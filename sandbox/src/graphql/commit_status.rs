//! The statuses of commits
//! (<https://docs.github.com/graphql/reference/objects#status>).

use async_graphql::{Enum, ID, Object, SimpleObject};

use super::scalars::{DateTime, Uri};
use crate::ids::NodeId;
use crate::store::{CheckState, CommitStatus};

/// The possible commit status states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum StatusState {
    /// Status is errored.
    Error,
    /// Status is expected.
    Expected,
    /// Status is failing.
    Failure,
    /// Status is pending.
    Pending,
    /// Status is successful.
    Success,
}

impl From<CheckState> for StatusState {
    fn from(state: CheckState) -> Self {
        match state {
            CheckState::Error => Self::Error,
            CheckState::Failure => Self::Failure,
            CheckState::Pending => Self::Pending,
            CheckState::Success => Self::Success,
        }
    }
}

/// Represents a commit status.
#[derive(Debug, Clone, SimpleObject)]
pub(super) struct Status {
    /// The individual status contexts for this commit.
    contexts: Vec<StatusContext>,
    /// The combined commit status.
    state: StatusState,
}

impl Status {
    pub(super) fn new(contexts: Vec<StatusContext>, state: StatusState) -> Self {
        Self { contexts, state }
    }
}

/// Represents the rollup for both the check runs and status for a commit.
#[derive(Debug, Clone, SimpleObject)]
pub(super) struct StatusCheckRollup {
    /// The combined status for the commit.
    state: StatusState,
}

impl StatusCheckRollup {
    pub(super) fn new(state: StatusState) -> Self {
        Self { state }
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

/// Represents an individual commit status context
#[Object]
impl StatusContext {
    /// The name of this status context.
    async fn context(&self) -> String {
        self.row.context.clone()
    }

    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// The description for this status context.
    async fn description(&self) -> Option<String> {
        self.row.description.clone()
    }

    /// The Node ID of the StatusContext object
    pub(super) async fn id(&self) -> ID {
        NodeId::CommitStatus(self.repository, self.row.id)
            .encode()
            .into()
    }

    /// The state of this status context.
    async fn state(&self) -> StatusState {
        self.row.state.into()
    }

    /// The URL for this status context.
    async fn target_url(&self) -> Option<Uri> {
        self.row.target_url.clone().map(Uri)
    }
}
