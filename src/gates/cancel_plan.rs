use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::model::RunId;
use crate::session::{PlanOrigin, SavedPlan, read_plan, refuse_plan};

const COMMAND: &str = "reap --waiting";

/// A run that has waited at a gate for too long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingRun {
    /// `OWNER/NAME`; `None` in a plan for one repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<String>,
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
    /// `OWNER/NAME`; `None` if each run names its repository.
    repository: Option<String>,
    server: String,
    /// Repositories that were named and could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unreadable: Vec<String>,
    pub(super) runs: Vec<WaitingRun>,
}

impl CancelPlan {
    /// `repository` is `None` if each run names its own.
    pub(super) fn new(repository: Option<String>, server: String) -> Self {
        Self {
            command: COMMAND.to_owned(),
            repository,
            server,
            unreadable: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Reads a plan file, and refuses runs of which it is unclear where they
    /// belong.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let plan: Self = read_plan(path, COMMAND)?;
        let is_unclear = |run: &WaitingRun| run.repository.is_some() != plan.is_for_several();
        if plan.runs.iter().any(is_unclear) {
            let what = "has to name a repository once, or in each run";
            return Err(refuse_plan(path, what));
        }
        Ok(plan)
    }

    pub(super) fn is_for_several(&self) -> bool {
        self.repository.is_none()
    }
}

impl SavedPlan for CancelPlan {
    fn origin(&self) -> PlanOrigin<'_> {
        let named = self.runs.iter().filter_map(|run| run.repository.as_deref());
        let mut repositories: Vec<&str> = self.repository.as_deref().into_iter().collect();
        for name in named {
            if !repositories.contains(&name) {
                repositories.push(name);
            }
        }
        PlanOrigin {
            command: &self.command,
            repositories,
            server: &self.server,
        }
    }
}
