use std::io;

use serde::{Deserialize, Serialize};

use super::plan::{Action, Aim, Kept, Step};
use super::selection::Name;
use super::sorter::{Sorted, Sorter};
use crate::error::{Failure, Kind};
use crate::model::DeploymentId;
use crate::output::{Cell, Column, MarkdownTable, Record};
use crate::session::CompletionCache;
use crate::session::MAX_SUMMARY_ROWS;
use crate::term::Role;

/// What became of one deployment, or of one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What to do about a failure.
    #[serde(skip)]
    pub(crate) hints: Vec<String>,
}

impl Record for Outcome {
    const FIELDS: &'static [&'static str] =
        &["id", "environment", "action", "result", "state", "reason"];
}

/// How it ended for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The table of outcomes for the summary of a run of GitHub Actions.
    pub(super) fn summary(aim: Aim) -> MarkdownTable {
        let title = match aim {
            Aim::Deactivate => "Deactivated deployments",
            Aim::Delete => "Deleted deployments",
            Aim::Reap => "Stuck deployments",
        };
        let head = ["Deployment", "Environment", "Result", "State", "Reason"];
        MarkdownTable::new(title, &head, MAX_SUMMARY_ROWS)
    }

    /// Adds it to that table.
    pub(super) fn summarize(&self, table: &mut MarkdownTable) {
        table.row(|row| {
            row.text(&self.id.map(|id| id.to_string()).unwrap_or_default());
            row.text(self.environment.as_ref().map_or("", Name::as_str));
            row.text(self.result.word());
            row.text(self.state.as_deref().unwrap_or_default());
            row.text(self.reason.as_deref().unwrap_or_default());
        });
    }

    /// Removes what was deleted or changed from the completion cache.
    pub(super) fn remove_from_cache(&self, cache: &mut CompletionCache) {
        match (self.id, &self.environment) {
            (Some(id), _) => cache.remove_deployment(id),
            (None, Some(name)) => cache.remove_environment(name.as_str()),
            (None, None) => {}
        }
    }

    /// The outcome of a step. What was done tells its own state.
    /// Of what was ended the plan tells it.
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
            hints: Vec::new(),
        }
    }

    /// The outcome of what was left as it is.
    pub(super) fn of_kept(kept: &Kept) -> Self {
        Self {
            id: Some(kept.id),
            environment: kept.environment.clone(),
            action: Action::Keep,
            result: if kept.reason.is_reached() {
                Ending::Skipped
            } else {
                Ending::Kept
            },
            state: Some(kept.state.as_str().to_owned()),
            reason: Some(kept.reason.word().to_owned()),
            kind: None,
            hints: Vec::new(),
        }
    }

    /// The outcome of an id that names nothing.
    pub(super) fn of_missing(id: DeploymentId, aim: Aim) -> Self {
        Self {
            id: Some(id),
            environment: None,
            action: aim.action(),
            result: Ending::Missing,
            state: None,
            reason: Some("there is no such deployment".to_owned()),
            kind: None,
            hints: Vec::new(),
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
            hints: Vec::new(),
        }
    }

    #[must_use]
    pub(super) fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Tells of a failure what the others are not told: its kind, and the cure.
    #[must_use]
    pub(super) fn of_failure(mut self, failure: &Failure) -> Self {
        self.hints = failure.hints().to_vec();
        self.of_kind(failure.kind())
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

/// So many failures are named at the end; `--json` names all.
const NAMED: usize = 1000;

/// So many hints are given at the end: failures of one cause have the same.
const HINTS: usize = 4;

/// What became of everything: counted, and kept on disk where it is much.
#[derive(Debug, Default)]
pub(super) struct Account {
    outcomes: Sorter<(u8, u64), Outcome>,
    pub(super) tally: Tally,
    before: u64,
}

/// What an account comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Of each ending, for deployments and for environments.
    counts: [[u64; 2]; 7],
    /// What could not be done, a line for each; the first of them.
    pub(super) bad: Vec<String>,
    pub(super) bad_count: u64,
    /// The kind of all failures, if they have one exit code.
    kind: Option<Kind>,
    /// What to do about the failures; the first of it.
    pub(super) hints: Vec<String>,
}

impl Account {
    /// Notes what became of a step before anything was begun.
    pub(super) fn before(&mut self, outcome: Outcome) -> io::Result<()> {
        self.before += 1;
        self.tally.add(&outcome);
        self.outcomes.push((0, self.before), outcome)
    }

    /// Notes what became of the job of that number.
    pub(super) fn note(&mut self, job: u64, outcome: Outcome) -> io::Result<()> {
        self.tally.add(&outcome);
        self.outcomes.push((1, job), outcome)
    }

    /// All of it: what came before as `(0, …)`, and the jobs as `(1, job)`.
    pub(super) fn close(self) -> (Sorted<(u8, u64), Outcome>, Tally) {
        (self.outcomes.finish(), self.tally)
    }
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        self.count(outcome.result, outcome.id.is_none(), 1);
        if matches!(outcome.result, Ending::Failed | Ending::Refused) {
            self.bad_count += 1;
            if self.bad.len() < NAMED {
                let reason = outcome.reason.as_deref().unwrap_or_default();
                self.bad.push(format!("  {}: {reason}", outcome.label()));
            }
            for hint in &outcome.hints {
                if self.hints.len() < HINTS && !self.hints.contains(hint) {
                    self.hints.push(hint.clone());
                }
            }
            let kind = outcome.kind.unwrap_or(Kind::Other);
            self.kind = Some(match self.kind {
                Some(known) if known.exit_code() != kind.exit_code() => Kind::Other,
                Some(known) => known,
                None => kind,
            });
        }
    }

    /// Counts some that ended alike.
    pub(super) fn count(&mut self, ending: Ending, are_environments: bool, count: u64) {
        self.counts[ending as usize][usize::from(are_environments)] += count;
    }

    /// How many deployments ended so.
    pub(super) fn deployments(&self, ending: Ending) -> u64 {
        self.counts[ending as usize][0]
    }

    /// How many environments ended so.
    pub(super) fn environments(&self, ending: Ending) -> u64 {
        self.counts[ending as usize][1]
    }

    /// How many ended so.
    pub(super) fn of(&self, ending: Ending) -> u64 {
        self.deployments(ending) + self.environments(ending)
    }

    /// How many there are at all.
    pub(super) fn all(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// The kind of the failures.
    pub(super) fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Other)
    }

    /// A word for those failures that are not named.
    pub(super) fn more(&self) -> Option<String> {
        let more = self.bad_count - self.bad.len() as u64;
        (more > 0).then(|| format!("  and {more} more (--json names all)"))
    }
}
