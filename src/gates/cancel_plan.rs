use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::model::RunId;
use crate::session::{PlanOrigin, SavedPlan, read_plan};

const COMMAND: &str = "reap --waiting";

/// A run that has waited at a gate for too long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingRun {
    pub(super) run_id: RunId,
    pub(super) run_url: String,
    pub(super) workflow: String,
    /// The environments that it waits for.
    pub(super) environments: Vec<String>,
    /// The start of its newest attempt.
    pub(super) since: Timestamp,
}

/// The runs to cancel, as `--plan-out` saves them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CancelPlan {
    command: String,
    repository: String,
    server: String,
    pub(super) runs: Vec<WaitingRun>,
}

impl CancelPlan {
    pub(super) fn new(repository: String, server: String, runs: Vec<WaitingRun>) -> Self {
        Self {
            command: COMMAND.to_owned(),
            repository,
            server,
            runs,
        }
    }

    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        read_plan(path, COMMAND)
    }
}

impl SavedPlan for CancelPlan {
    fn origin(&self) -> PlanOrigin<'_> {
        PlanOrigin {
            command: &self.command,
            repositories: vec![&self.repository],
            server: &self.server,
        }
    }
}
