mod conclusion;
mod report;
mod tally;

use serde::Serialize;

use super::name::Name;
use super::operation::{Action, Operation};
use super::plan::{KeptDeployment, Plan, PlanStep, PlannedEnvironment};
use crate::error::{Failure, Kind};
use crate::model::DeploymentId;
use crate::output::{Cell, Column, MarkdownTable, Record, RepositoryRecord};
use crate::session::{CompletionCache, MAX_SUMMARY_ROWS};
use crate::term::Role;

pub(super) use conclusion::{Conclusion, nothing_found};
pub(super) use report::Report;
pub(super) use tally::Tally;

/// The JSON fields of an outcome.
pub(crate) const RESULT_FIELDS: &[&str] = ItemOutcome::FIELDS;

/// What happened to one deployment or environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct ItemOutcome {
    /// `None` if the plan is for one repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<Name>,
    /// `None` for an environment.
    pub(super) id: Option<DeploymentId>,
    pub(super) environment: Option<Name>,
    pub(super) action: Action,
    pub(super) result: ItemResult,
    /// The state that it is in now, if that is known.
    pub(super) state: Option<String>,
    /// Why it was not done.
    pub(super) reason: Option<String>,
    /// The kind of failure.
    #[serde(skip)]
    pub(super) kind: Option<Kind>,
    /// What to do about a failure.
    #[serde(skip)]
    pub(super) hints: Vec<String>,
}

impl Record for ItemOutcome {
    const FIELDS: &'static [&'static str] =
        &["id", "environment", "action", "result", "state", "reason"];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ItemResult {
    Done,
    /// It was already in the requested state.
    Skipped,
    /// It was deliberately not changed.
    Kept,
    /// It has changed since the plan was made, and was not touched.
    Refused,
    Failed,
    /// The run stopped before it.
    NotDone,
    /// There is no such deployment.
    Missing,
}

impl ItemResult {
    fn label(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Kept => "kept",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::NotDone => "not done",
            Self::Missing => "missing",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Done => Role::Success,
            Self::Skipped | Self::Kept => Role::Inactive,
            Self::Refused | Self::Failed | Self::Missing => Role::Failure,
            Self::NotDone => Role::Pending,
        }
    }
}

impl ItemOutcome {
    /// For a stuck deployment that was ended, the caller has to set the state.
    pub(super) fn for_step(step: &PlanStep, result: ItemResult, reason: Option<String>) -> Self {
        let state = match (result, step.action) {
            (ItemResult::Done, Action::Deactivate) if step.is_transient => "destroyed",
            (ItemResult::Done, Action::Deactivate) => "inactive",
            (ItemResult::Done, _)
            | (ItemResult::Skipped, Action::Delete | Action::DeactivateAndDelete) => "deleted",
            _ => step.state.as_str(),
        };
        Self {
            repository: step.repository.clone(),
            id: Some(step.id),
            environment: step.environment.clone(),
            state: Some(state.to_owned()),
            reason,
            ..Self::new(step.action, result)
        }
    }

    fn for_kept(kept: &KeptDeployment) -> Self {
        let result = if kept.reason.is_already_done() {
            ItemResult::Skipped
        } else {
            ItemResult::Kept
        };
        Self {
            repository: kept.repository.clone(),
            id: Some(kept.id),
            environment: kept.environment.clone(),
            state: Some(kept.state.as_str().to_owned()),
            reason: Some(kept.reason.as_str().to_owned()),
            ..Self::new(Action::Keep, result)
        }
    }

    fn for_missing(id: DeploymentId, operation: Operation) -> Self {
        Self {
            id: Some(id),
            reason: Some("there is no such deployment".to_owned()),
            ..Self::new(operation.action(), ItemResult::Missing)
        }
    }

    pub(super) fn for_environment(
        planned: &PlannedEnvironment,
        result: ItemResult,
        reason: Option<String>,
    ) -> Self {
        Self {
            repository: planned.repository.clone(),
            environment: Some(planned.name.clone()),
            reason,
            ..Self::new(Action::DeleteEnvironment, result)
        }
    }

    fn new(action: Action, result: ItemResult) -> Self {
        Self {
            repository: None,
            id: None,
            environment: None,
            action,
            result,
            state: None,
            reason: None,
            kind: None,
            hints: Vec::new(),
        }
    }

    #[must_use]
    pub(super) fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    #[must_use]
    pub(super) fn with_failure(mut self, failure: &Failure) -> Self {
        self.hints = failure.hints().to_vec();
        self.with_kind(failure.kind())
    }

    /// Removes what was deleted or changed from the completion cache.
    pub(super) fn remove_from_cache(&self, cache: &mut CompletionCache) {
        match (self.id, &self.environment) {
            (Some(id), _) => cache.remove_deployment(id),
            (None, Some(name)) => cache.remove_environment(name.as_str()),
            (None, None) => {}
        }
    }

    /// How an error message names it.
    fn label(&self) -> String {
        let environment = self.environment_name();
        let label = match self.id {
            Some(id) if environment.is_empty() => id.to_string(),
            Some(id) => format!("{id} {environment}"),
            None => format!("environment {environment}"),
        };
        match &self.repository {
            Some(repository) => format!("{} {label}", repository.as_str()),
            None => label,
        }
    }

    fn environment_name(&self) -> &str {
        self.environment.as_ref().map_or("", Name::as_str)
    }

    pub(super) fn columns(several: bool) -> Vec<Column> {
        let columns = vec![
            Column::rigid("ID"),
            Column::rigid("ACTION"),
            Column::rigid("RESULT"),
            Column::flexible("ENVIRONMENT", 12),
            Column::flexible("REASON", 12),
        ];
        RepositoryRecord::<Self>::columns(several, columns)
    }

    pub(super) fn row(&self) -> Vec<Cell> {
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        let repository = self.repository.as_ref();
        let mut cells: Vec<Cell> = repository
            .map(|name| Cell::new(name.as_str()))
            .into_iter()
            .collect();
        cells.extend([
            Cell::new(id).role(Role::Id),
            Cell::new(self.action.label()),
            Cell::new(self.result.label()).role(self.result.role()),
            Cell::new(self.environment_name()),
            Cell::new(self.reason.as_deref().unwrap_or_default()),
        ]);
        cells
    }

    /// The table for the job summary of GitHub Actions.
    fn summary_table(plan: &Plan) -> MarkdownTable {
        let title = match plan.command {
            Operation::Deactivate => "Deactivated deployments",
            Operation::Delete => "Deleted deployments",
            Operation::Reap => "Stuck deployments",
        };
        let head = [
            "Repository",
            "Deployment",
            "Environment",
            "Result",
            "State",
            "Reason",
        ];
        let head = &head[usize::from(!plan.is_for_several())..];
        MarkdownTable::new(title, head, MAX_SUMMARY_ROWS)
    }

    fn add_to_table(&self, table: &mut MarkdownTable) {
        table.row(|row| {
            if let Some(repository) = &self.repository {
                row.text(repository.as_str());
            }
            row.text(&self.id.map(|id| id.to_string()).unwrap_or_default());
            row.text(self.environment_name());
            row.text(self.result.label());
            row.text(self.state.as_deref().unwrap_or_default());
            row.text(self.reason.as_deref().unwrap_or_default());
        });
    }
}
