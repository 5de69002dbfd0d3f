use std::time::Duration;

use super::report::gave_up;
use super::{ItemResult, Tally};
use crate::bulk::name::Name;
use crate::bulk::operation::Operation;
use crate::bulk::plan::Plan;
use crate::bulk::run::StopReason;
use crate::error::{Failure, Kind};
use crate::model::in_words;
use crate::session::Session;

/// What is said at the end of a run.
pub(in crate::bulk) struct Conclusion<'a> {
    pub(in crate::bulk) session: &'a Session,
    /// The repository, or the number of repositories.
    pub(in crate::bulk) place: &'a str,
    pub(in crate::bulk) plan: &'a Plan,
    pub(in crate::bulk) tally: &'a Tally,
    /// Whether the user named each deployment.
    pub(in crate::bulk) is_by_name: bool,
    pub(in crate::bulk) ignore_missing: bool,
    pub(in crate::bulk) stop_reason: Option<StopReason>,
    /// Repositories whose last steps were not tried.
    pub(in crate::bulk) given_up: &'a [Name],
    pub(in crate::bulk) took: Duration,
}

impl Conclusion<'_> {
    /// Prints the counts of all results.
    pub(in crate::bulk) fn print_counts(&self) {
        let mut parts = Vec::new();
        let done = self.tally.deployments(ItemResult::Done);
        let environments = self.tally.environments(ItemResult::Done);
        if done > 0 || environments == 0 {
            parts.push(format!("{} {done}", self.plan.command.participle()));
        }
        if environments > 0 {
            parts.push(format!("deleted environments {environments}"));
        }
        for (result, label) in [
            (ItemResult::Skipped, "skipped"),
            (ItemResult::Kept, "kept"),
            (ItemResult::Refused, "changed since the plan"),
            (ItemResult::Failed, "failed"),
            (ItemResult::NotDone, "not done"),
            (ItemResult::Missing, "not found"),
        ] {
            let count = self.tally.total(result);
            if count > 0 {
                parts.push(format!("{label} {count}"));
            }
        }
        self.session
            .term
            .note(format!("{} in {}", parts.join(", "), in_words(self.took)));
    }

    /// The failure of the command, unless everything is as requested.
    pub(in crate::bulk) fn failure(&self) -> Option<Failure> {
        let tally = self.tally;
        let failed = tally.failure_count;
        let left = tally.total(ItemResult::NotDone);
        let failure = match self.stop_reason {
            Some(StopReason::Signal(kind)) => {
                let why = if kind == Kind::Terminated {
                    "ended by SIGTERM"
                } else {
                    "interrupted"
                };
                Some(self.unfinished(kind, why, left))
            }
            Some(StopReason::TimedOut) if left > 0 => {
                Some(self.unfinished(Kind::TimedOut, "--timeout reached", left))
            }
            Some(StopReason::Hopeless(kind)) if left > 0 => {
                let why = format!("gave up after {failed} failures in a row");
                Some(self.unfinished(kind, &why, left))
            }
            Some(StopReason::TimedOut | StopReason::Hopeless(_)) | None => None,
        };
        if let Some(failure) = failure {
            return Some(self.with_details(failure));
        }
        if failed > 0 {
            let all = tally.all();
            let verb = self.plan.command.participle();
            let text = format!("{failed} of {all} could not be {verb}");
            let mut failure = Failure::new(tally.kind(), text).detail("failed", failed);
            if tally.total(ItemResult::Refused) > 0 {
                failure = failure.hint("make a new plan for the deployments that have changed");
            }
            return Some(self.with_details(failure));
        }
        let has_acted = tally.total(ItemResult::Done) + tally.total(ItemResult::Skipped) > 0;
        if self.is_by_name {
            if let Some(failure) = self.refusal() {
                return Some(failure);
            }
        } else if !has_acted && let Some(failure) = self.everything_kept() {
            return Some(failure);
        }
        if self.ignore_missing || !self.plan.unreadable.is_empty() {
            return None;
        }
        nothing_found(self.place, self.plan, !has_acted)
    }

    /// Adds a line for each failure, and the hints.
    fn with_details(&self, failure: Failure) -> Failure {
        let tally = self.tally;
        let left = tally.environments(ItemResult::Failed) + tally.environments(ItemResult::NotDone);
        let given_up = self.given_up.iter();
        let given_up = given_up.map(|name| format!("  {}", gave_up(name)));
        let hint = "run 'deployctl delete -e ENV --with-environment' to delete an environment that is left empty";
        failure
            .lines(tally.failures.iter().cloned())
            .lines(tally.more_failures())
            .lines(given_up)
            .with_hints(tally.hints.iter().cloned())
            .with_hints((left > 0).then(|| hint.to_owned()))
    }

    /// A filter matched, but every deployment was kept for lack of an option.
    fn everything_kept(&self) -> Option<Failure> {
        if self.plan.command == Operation::Reap {
            return None;
        }
        let mut kept = self.plan.kept_by_reason().into_iter();
        let (option, reason, count) =
            kept.find_map(|(reason, count)| Some((reason.overriding_option()?, reason, count)))?;
        let verb = self.plan.command.participle();
        let text = format!("nothing was {verb}: kept {count}: {reason}");
        Some(Failure::new(Kind::Other, text).hint(format!("use {option} to include them")))
    }

    /// Deployments that the user named were kept.
    fn refusal(&self) -> Option<Failure> {
        let kept = self.plan.kept.iter();
        let refused: Vec<_> = kept.filter(|kept| kept.reason.is_refusal()).collect();
        let hint = match refused.first()?.reason.overriding_option() {
            Some(option) => format!("use {option} to do it anyway"),
            None => "run 'deployctl status set ID error' to end it anyway".to_owned(),
        };
        let lines = refused
            .iter()
            .map(|kept| format!("  {}: {}", kept.id, kept.reason));
        let failure = Failure::new(Kind::Other, format!("kept {}", refused.len()));
        Some(failure.lines(lines).hint(hint))
    }

    fn unfinished(&self, kind: Kind, why: &str, left: u64) -> Failure {
        let done = self.tally.total(ItemResult::Done);
        let failure = Failure::new(kind, format!("{why}: {done} done, {left} left"))
            .detail("done", done)
            .detail("left", left);
        if left == 0 {
            return failure;
        }
        let mut line = self.session.command_line();
        if self.plan.command == Operation::Delete && self.is_by_name && !self.ignore_missing {
            line.push_str(" --ignore-missing");
        }
        failure.hint(format!("run the command again for the rest: {line}"))
    }
}

/// The failure if IDs name no deployment, or if `is_empty`: a selection without
/// anything to act on.
pub(in crate::bulk) fn nothing_found(place: &str, plan: &Plan, is_empty: bool) -> Option<Failure> {
    if !plan.missing.is_empty() {
        let ids: Vec<String> = plan.missing.iter().map(ToString::to_string).collect();
        let text = format!("there is no deployment {} in {place}", ids.join(", "));
        let failure = Failure::new(Kind::NothingThere, text);
        return Some(failure.hint("use --ignore-missing to exit 0 in this case"));
    }
    // If deployments exist and none is stuck, reap has nothing to complain about.
    let is_reaped = plan.command == Operation::Reap && plan.found_any;
    (is_empty && !is_reaped).then(|| {
        let text = format!("no deployment in {place} matches");
        Failure::new(Kind::NothingThere, text).hint(
            "--dry-run shows what is kept and why; use --ignore-missing to exit 0 in this case",
        )
    })
}
