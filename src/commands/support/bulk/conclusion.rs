use std::time::Duration;

use super::super::{Session, in_words};
use super::book::Stop;
use super::outcome::{Ending, Outcome};
use super::plan::{Aim, Plan};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, RepoSlug};

/// What a run has come to.
pub(super) struct Conclusion<'a> {
    pub(super) session: &'a Session,
    pub(super) repo: &'a RepoSlug,
    pub(super) aim: Aim,
    pub(super) plan: &'a Plan,
    pub(super) outcomes: &'a [Outcome],
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
        let done = self.count(Ending::Done, true);
        let environments = self.count(Ending::Done, false);
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
            let count = self.count(ending, true) + self.count(ending, false);
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
        let bad: Vec<&Outcome> = self
            .outcomes
            .iter()
            .filter(|one| matches!(one.result, Ending::Failed | Ending::Refused))
            .collect();
        let left = self.count(Ending::NotDone, true) + self.count(Ending::NotDone, false);
        let failure = match self.stop {
            Some(Stop::Signal(kind)) => {
                let word = if kind == Kind::Terminated {
                    "ended by SIGTERM"
                } else {
                    "interrupted"
                };
                Some(self.unfinished(kind, word, left))
            }
            Some(Stop::TimedOut) => {
                Some(self.unfinished(Kind::TimedOut, "--timeout reached", left))
            }
            Some(Stop::Hopeless(kind)) if left > 0 => {
                let text = format!("given up after {} failures in a row", bad.len());
                Some(self.unfinished(kind, &text, left))
            }
            Some(Stop::Hopeless(_)) | None => None,
        };
        if let Some(failure) = failure {
            return Some(named(failure, &bad));
        }
        if !bad.is_empty() {
            let all = self.outcomes.len();
            let text = format!(
                "{} of {all} could not be {}",
                bad.len(),
                self.aim.participle()
            );
            let mut failure = Failure::new(kind_of(&bad), text).detail("failed", bad.len());
            if bad.iter().any(|one| one.result == Ending::Refused) {
                failure = failure.hint("make a new plan for those that changed");
            }
            return Some(named(failure, &bad));
        }
        self.not_reached()
    }

    /// Nothing failed, and yet what was asked for is not there.
    fn not_reached(&self) -> Option<Failure> {
        if self.by_name {
            let guarded: Vec<_> = self
                .plan
                .kept
                .iter()
                .filter_map(|kept| Some((kept, kept.reason.option()?)))
                .collect();
            if let Some((_, option)) = guarded.first() {
                let lines = guarded
                    .iter()
                    .map(|(kept, _)| format!("  {}: {}", kept.id, kept.reason));
                return Some(
                    Failure::new(Kind::Other, format!("kept {}", guarded.len()))
                        .lines(lines)
                        .hint(format!("{option} does it all the same")),
                );
            }
        }
        if self.ignore_missing {
            return None;
        }
        let acted = self
            .outcomes
            .iter()
            .any(|one| matches!(one.result, Ending::Done | Ending::Skipped));
        missing(self.repo, &self.plan.missing, !acted)
    }

    fn unfinished(&self, kind: Kind, why: &str, left: usize) -> Failure {
        let done = self.count(Ending::Done, true) + self.count(Ending::Done, false);
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

    fn count(&self, ending: Ending, deployments: bool) -> usize {
        self.outcomes
            .iter()
            .filter(|one| one.result == ending)
            .filter(|one| {
                let is_environment = one.id.is_none();
                is_environment != deployments
            })
            .count()
    }
}

/// Ids that name nothing, or a selection of nothing.
pub(super) fn missing(
    repo: &RepoSlug,
    missing: &[DeploymentId],
    is_empty: bool,
) -> Option<Failure> {
    if !missing.is_empty() {
        let ids: Vec<String> = missing.iter().map(ToString::to_string).collect();
        return Some(
            Failure::new(
                Kind::NothingThere,
                format!("there is no deployment {} in {repo}", ids.join(", ")),
            )
            .hint("--ignore-missing makes that no failure"),
        );
    }
    is_empty.then(|| {
        Failure::new(
            Kind::NothingThere,
            format!("no deployment in {repo} is to be touched"),
        )
        .hint("'--dry-run' shows what is kept and why; --ignore-missing makes that no failure")
    })
}

/// Adds a line for each that could not be done.
fn named(failure: Failure, bad: &[&Outcome]) -> Failure {
    failure.lines(bad.iter().map(|one| {
        format!(
            "  {}: {}",
            one.label(),
            one.reason.as_deref().unwrap_or_default()
        )
    }))
}

/// The kind of all failures, if they have one exit code.
fn kind_of(bad: &[&Outcome]) -> Kind {
    let mut kinds = bad.iter().map(|one| one.kind.unwrap_or(Kind::Other));
    let first = kinds.next().unwrap_or(Kind::Other);
    if kinds.all(|kind| kind.exit_code() == first.exit_code()) {
        first
    } else {
        Kind::Other
    }
}
