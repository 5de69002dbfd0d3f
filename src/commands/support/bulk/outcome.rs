use serde::Serialize;

use super::super::seen::Notebook;
use super::plan::{Action, Aim, Kept, Reason, Step};
use super::survey::Name;
use crate::error::Kind;
use crate::model::DeploymentId;
use crate::output::{Cell, Column, MarkdownTable, Record};
use crate::term::Role;

/// What became of one deployment, or of one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Outcome {
    /// `None` for an environment.
    pub(crate) id: Option<DeploymentId>,
    pub(crate) environment: Option<Name>,
    pub(crate) action: Action,
    pub(crate) result: Ending,
    /// The state that it is in now, as far as that is known.
    pub(crate) state: Option<String>,
    /// Why, where it was not done.
    pub(crate) reason: Option<String>,
    /// The kind of failure.
    #[serde(skip)]
    pub(crate) kind: Option<Kind>,
}

impl Record for Outcome {
    const FIELDS: &'static [&'static str] =
        &["id", "environment", "action", "result", "state", "reason"];
}

/// How it ended for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// It was done now.
    Done,
    /// The asked state was reached already.
    Skipped,
    /// It was left as it is, on purpose.
    Kept,
    /// It is not as planned any more, and was left as it is.
    Refused,
    /// It could not be done.
    Failed,
    /// The run ended before its turn.
    NotDone,
    /// There is no such deployment.
    Missing,
}

impl Ending {
    fn word(self) -> &'static str {
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

impl Outcome {
    /// The outcomes as a table for the summary of a run of GitHub Actions.
    pub(super) fn summary(aim: Aim, outcomes: &[Self]) -> MarkdownTable {
        let title = match aim {
            Aim::Deactivate => "Deactivated deployments",
            Aim::Delete => "Deleted deployments",
        };
        let head = ["Deployment", "Environment", "Result", "State", "Reason"];
        let mut table = MarkdownTable::new(title, &head);
        for outcome in outcomes {
            table.row(|row| {
                row.text(&outcome.id.map(|id| id.to_string()).unwrap_or_default());
                row.text(outcome.environment.as_ref().map_or("", Name::as_str));
                row.text(outcome.result.word());
                row.text(outcome.state.as_deref().unwrap_or_default());
                row.text(outcome.reason.as_deref().unwrap_or_default());
            });
        }
        table
    }

    /// Strikes what is gone, or changed, from what is known of the repository.
    pub(super) fn forget(&self, book: &mut Notebook) {
        match (self.id, &self.environment) {
            (Some(id), _) => book.deleted(id),
            (None, Some(name)) => book.deleted_environment(name.as_str()),
            (None, None) => {}
        }
    }

    /// The outcome of a step. What was done tells its own state.
    pub(super) fn of(step: &Step, result: Ending, reason: Option<String>) -> Self {
        let state = match (result, step.action) {
            (Ending::Done, Action::Deactivate) if step.transient => "destroyed",
            (Ending::Done, Action::Deactivate) => "inactive",
            (Ending::Done, _) | (Ending::Skipped, Action::Delete | Action::DeactivateAndDelete) => {
                "deleted"
            }
            _ => step.state.as_str(),
        };
        Self {
            id: Some(step.id),
            environment: step.environment.clone(),
            action: step.action,
            result,
            state: Some(state.to_owned()),
            reason,
            kind: None,
        }
    }

    /// The outcome of what was left as it is.
    pub(super) fn of_kept(kept: &Kept) -> Self {
        Self {
            id: Some(kept.id),
            environment: kept.environment.clone(),
            action: Action::Keep,
            result: if kept.reason == Reason::AlreadyInactive {
                Ending::Skipped
            } else {
                Ending::Kept
            },
            state: Some(kept.state.as_str().to_owned()),
            reason: Some(kept.reason.word().to_owned()),
            kind: None,
        }
    }

    /// The outcome of an id that names nothing.
    pub(super) fn of_missing(id: DeploymentId, aim: Aim) -> Self {
        Self {
            id: Some(id),
            environment: None,
            action: match aim {
                Aim::Deactivate => Action::Deactivate,
                Aim::Delete => Action::Delete,
            },
            result: Ending::Missing,
            state: None,
            reason: Some("there is no such deployment".to_owned()),
            kind: None,
        }
    }

    /// The outcome of an environment.
    pub(super) fn of_environment(name: &Name, result: Ending, reason: Option<String>) -> Self {
        Self {
            id: None,
            environment: Some(name.clone()),
            action: Action::DeleteEnvironment,
            result,
            state: None,
            reason,
            kind: None,
        }
    }

    #[must_use]
    pub(super) fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// What a person knows it by.
    pub(super) fn label(&self) -> String {
        let environment = self.environment.as_ref().map_or("", Name::as_str);
        match self.id {
            Some(id) if environment.is_empty() => id.to_string(),
            Some(id) => format!("{id} {environment}"),
            None => format!("environment {environment}"),
        }
    }

    pub(super) fn columns() -> Vec<Column> {
        vec![
            Column::rigid("ID"),
            Column::rigid("ACTION"),
            Column::rigid("RESULT"),
            Column::flexible("ENVIRONMENT", 12),
            Column::flexible("REASON", 12),
        ]
    }

    pub(super) fn row(&self) -> Vec<Cell> {
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        vec![
            Cell::new(id).role(Role::Id),
            Cell::new(self.action.words()),
            Cell::new(self.result.word()).role(self.result.role()),
            Cell::new(self.environment.as_ref().map_or("", Name::as_str)),
            Cell::new(self.reason.as_deref().unwrap_or_default()),
        ]
    }
}
