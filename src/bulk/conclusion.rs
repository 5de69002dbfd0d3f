use std::time::Duration;

use super::book::Stop;
use super::outcome::{Ending, Tally};
use super::plan::{Aim, Plan, Reason};
use super::sorter::disk_failure;
use crate::error::{Failure, Kind};
use crate::model::RepoSlug;
use crate::model::in_words;
use crate::session::Session;

/// What a run has come to.
pub(super) struct Conclusion<'a> {
    pub(super) session: &'a Session,
    pub(super) repo: &'a RepoSlug,
    pub(super) aim: Aim,
    pub(super) plan: &'a Plan,
    pub(super) tally: &'a Tally,
    /// Whether deployments were named one by one.
    pub(super) by_name: bool,
    pub(super) ignore_missing: bool,
    pub(super) stop: Option<Stop>,
    pub(super) took: Duration,
}

impl Conclusion<'_> {
    /// Says in short what became of all.
    pub(super) fn summarize(&self) {
        let mut parts = Vec::new();
        let done = self.tally.deployments(Ending::Done);
        let environments = self.tally.environments(Ending::Done);
        if done > 0 || environments == 0 {
            parts.push(format!("{} {done}", self.aim.participle()));
        }
        if environments > 0 {
            parts.push(format!("deleted environments {environments}"));
        }
        for (ending, word) in [
            (Ending::Skipped, "skipped"),
            (Ending::Kept, "kept"),
            (Ending::Refused, "changed since the plan"),
            (Ending::Failed, "failed"),
            (Ending::NotDone, "not done"),
            (Ending::Missing, "not there"),
        ] {
            let count = self.tally.of(ending);
            if count > 0 {
                parts.push(format!("{word} {count}"));
            }
        }
        self.session
            .term
            .note(format!("{} in {}", parts.join(", "), in_words(self.took)));
    }

    /// Why the asked state is not reached, if it is not.
    pub(super) fn verdict(&self) -> Option<Failure> {
        let tally = self.tally;
        let bad = tally.bad_count;
        let left = tally.of(Ending::NotDone);
        let failure = match self.stop {
            Some(Stop::Signal(kind)) => {
                let word = if kind == Kind::Terminated {
                    "ended by SIGTERM"
                } else {
                    "interrupted"
                };
                Some(self.unfinished(kind, word, left))
            }
            Some(Stop::TimedOut) if left > 0 => {
                Some(self.unfinished(Kind::TimedOut, "--timeout reached", left))
            }
            Some(Stop::Hopeless(kind)) if left > 0 => {
                let text = format!("given up after {bad} failures in a row");
                Some(self.unfinished(kind, &text, left))
            }
            Some(Stop::TimedOut | Stop::Hopeless(_)) | None => None,
        };
        if let Some(failure) = failure {
            return Some(self.named(failure));
        }
        if bad > 0 {
            let all = tally.all();
            let text = format!("{bad} of {all} could not be {}", self.aim.participle());
            let mut failure = Failure::new(tally.kind(), text).detail("failed", bad);
            if tally.of(Ending::Refused) > 0 {
                failure = failure.hint("make a new plan for those that changed");
            }
            return Some(self.named(failure));
        }
        self.not_reached()
    }

    /// Adds a line for each that could not be done.
    fn named(&self, failure: Failure) -> Failure {
        let tally = self.tally;
        let left = tally.environments(Ending::Failed) + tally.environments(Ending::NotDone);
        let hint = "run 'deployctl delete -e ENV --with-environment' to delete an environment that is left empty";
        failure
            .lines(tally.bad.iter().cloned())
            .lines(tally.more())
            .hints_more(tally.hints.iter().cloned())
            .hints_more((left > 0).then(|| hint.to_owned()))
    }

    /// Nothing failed, and yet what was asked for is not there.
    fn not_reached(&self) -> Option<Failure> {
        let acted = self.tally.of(Ending::Done) + self.tally.of(Ending::Skipped) > 0;
        if !self.by_name && !acted && self.aim != Aim::Reap {
            let guarded = |(reason, _): &(&Reason, &u64)| reason.option().is_some();
            if let Some((reason, count)) = self.plan.totals.kept.iter().find(guarded) {
                let text = format!(
                    "nothing was {}: kept {count}: {reason}",
                    self.aim.participle()
                );
                let hint = reason
                    .option()
                    .map(|option| format!("{option} includes them"));
                let failure = Failure::new(Kind::Other, text);
                return Some(hint.into_iter().fold(failure, Failure::hint));
            }
        }
        if self.by_name {
            let mut guarded = Vec::new();
            for kept in self.plan.kept.records() {
                match kept {
                    Ok(kept) => guarded.extend(kept.reason.falls_short().then_some(kept)),
                    Err(error) => return Some(disk_failure(&error)),
                }
            }
            if let Some(first) = guarded.first() {
                let hint = match first.reason.option() {
                    Some(option) => format!("{option} does it all the same"),
                    None => "run 'deployctl status set ID error' to end it all the same".to_owned(),
                };
                let lines = guarded
                    .iter()
                    .map(|kept| format!("  {}: {}", kept.id, kept.reason));
                return Some(
                    Failure::new(Kind::Other, format!("kept {}", guarded.len()))
                        .lines(lines)
                        .hint(hint),
                );
            }
        }
        if self.ignore_missing {
            return None;
        }
        missing(self.repo, self.plan, !acted)
    }

    fn unfinished(&self, kind: Kind, why: &str, left: u64) -> Failure {
        let done = self.tally.of(Ending::Done);
        let failure = Failure::new(kind, format!("{why}: {done} done, {left} left"))
            .detail("done", done)
            .detail("left", left);
        if left == 0 {
            return failure;
        }
        let mut line = self.session.command_line();
        if self.aim == Aim::Delete && self.by_name && !self.ignore_missing {
            line.push_str(" --ignore-missing");
        }
        failure.hint(format!("the rest is done by running it again: {line}"))
    }
}

/// Ids that name nothing, or a selection of nothing.
pub(super) fn missing(repo: &RepoSlug, plan: &Plan, is_empty: bool) -> Option<Failure> {
    if !plan.missing.is_empty() {
        let ids: Vec<String> = plan.missing.iter().map(ToString::to_string).collect();
        return Some(
            Failure::new(
                Kind::NothingThere,
                format!("there is no deployment {} in {repo}", ids.join(", ")),
            )
            .hint("--ignore-missing makes that no failure"),
        );
    }
    // That nothing is stuck is what was asked for, if there is anything at all.
    let is_empty = is_empty && !(plan.command == Aim::Reap && plan.totals.seen > 0);
    is_empty.then(|| {
        Failure::new(
            Kind::NothingThere,
            format!("no deployment in {repo} is to be touched"),
        )
        .hint("'--dry-run' shows what is kept and why; --ignore-missing makes that no failure")
    })
}
