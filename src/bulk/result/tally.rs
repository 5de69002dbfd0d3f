use super::{ItemOutcome, ItemResult};
use crate::bulk::plan::Plan;
use crate::error::Kind;

/// The number of failures that are named at the end; `--json` names all.
const NAMED_FAILURES: usize = 1000;

/// The number of different hints at the end.
const MAX_HINTS: usize = 4;

/// Counts outcomes, and keeps what is said about failures.
#[derive(Clone, Debug, Default)]
pub(in crate::bulk) struct Tally {
    /// Of each result, the number of deployments and of environments.
    counts: [[u64; 2]; 7],
    /// A line for each of the first failures.
    pub(super) failures: Vec<String>,
    pub(super) failure_count: u64,
    /// The kind of all failures, if they have the same exit code.
    kind: Option<Kind>,
    pub(super) hints: Vec<String>,
}

impl Tally {
    pub(in crate::bulk) fn add(&mut self, outcome: &ItemOutcome) {
        self.count(outcome.result, outcome.id.is_none(), 1);
        if !matches!(outcome.result, ItemResult::Failed | ItemResult::Refused) {
            return;
        }
        self.failure_count += 1;
        if self.failures.len() < NAMED_FAILURES {
            let reason = outcome.reason.as_deref().unwrap_or_default();
            self.failures
                .push(format!("  {}: {reason}", outcome.label()));
        }
        for hint in &outcome.hints {
            if self.hints.len() < MAX_HINTS && !self.hints.contains(hint) {
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

    pub(super) fn count(&mut self, result: ItemResult, are_environments: bool, count: u64) {
        self.counts[result as usize][usize::from(are_environments)] += count;
    }

    /// Counts what the plan keeps or does not find.
    pub(super) fn add_unplanned(&mut self, plan: &Plan) {
        for (reason, count) in plan.kept_by_reason() {
            let result = if reason.is_already_done() {
                ItemResult::Skipped
            } else {
                ItemResult::Kept
            };
            self.count(result, false, count);
        }
        self.count(ItemResult::Missing, false, plan.missing.len() as u64);
    }

    pub(super) fn deployments(&self, result: ItemResult) -> u64 {
        self.counts[result as usize][0]
    }

    pub(super) fn environments(&self, result: ItemResult) -> u64 {
        self.counts[result as usize][1]
    }

    pub(super) fn total(&self, result: ItemResult) -> u64 {
        self.deployments(result) + self.environments(result)
    }

    pub(in crate::bulk) fn all(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Other)
    }

    /// A line about the failures that are not named.
    pub(super) fn more_failures(&self) -> Option<String> {
        let more = self.failure_count - self.failures.len() as u64;
        (more > 0).then(|| format!("  and {more} more (--json names all)"))
    }
}
