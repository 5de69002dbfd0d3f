use super::outcome::{Ending, Outcome, Tally};
use super::plan::Plan;
use super::sorter::Sorted;
use crate::output::{Format, List, MarkdownTable, OutputError};
use crate::session::Session;

/// So many outcomes are printed together.
const TOGETHER: usize = 100;

/// Prints what became of everything, in the order of the plan, as far as it is
/// wanted, adds it to the summary, and completes the tally: by what was not
/// done, by what was kept, and by what is missing.
pub(super) fn print(
    session: &Session,
    format: &Format,
    plan: &Plan,
    noted: &Sorted<(u8, u64), Outcome>,
    tally: &mut Tally,
    summary: &mut MarkdownTable,
) -> anyhow::Result<()> {
    let term = &session.term;
    let mut printer = Printer {
        summary,
        list: (!format.is_human() || term.stdout_is_tty())
            .then(|| format.list(term, Outcome::columns(), Outcome::row)),
        waiting: Vec::new(),
    };
    let mut noted = noted.iter().peekable();
    while let Some(one) = noted.next_if(|one| matches!(one, Ok(((0, _), _)) | Err(_))) {
        printer.push(one?.1)?;
    }
    let steps = plan
        .deployments
        .records()
        .map(|step| step.map(|step| Outcome::of(&step, Ending::NotDone, None)));
    let environments = plan
        .environments
        .records()
        .map(|name| name.map(|name| Outcome::of_environment(&name, Ending::NotDone, None)));
    for (job, undone) in (0..).zip(steps.chain(environments)) {
        let is_noted = |one: &Result<((u8, u64), Outcome), std::io::Error>| match one {
            Ok(((_, at), _)) => *at == job,
            Err(_) => true,
        };
        let undone = undone?;
        let outcome = if let Some(one) = noted.next_if(is_noted) {
            one?.1
        } else {
            tally.count(Ending::NotDone, undone.id.is_none(), 1);
            undone
        };
        printer.push(outcome)?;
    }
    for (reason, count) in &plan.totals.kept {
        let ending = if reason.is_reached() {
            Ending::Skipped
        } else {
            Ending::Kept
        };
        tally.count(ending, false, *count);
    }
    tally.count(Ending::Missing, false, plan.missing.len() as u64);
    if format.is_human() {
        printer.list_ends()?;
    }
    if printer.list.is_some() || session.global.github_summary {
        for kept in plan.kept.records() {
            printer.push(Outcome::of_kept(&kept?))?;
        }
        for id in &plan.missing {
            printer.push(Outcome::of_missing(*id, plan.command))?;
        }
    }
    Ok(printer.finish()?)
}

/// Gives a list its records in portions, and the summary each of them.
struct Printer<'a> {
    summary: &'a mut MarkdownTable,
    list: Option<List<'a, Outcome>>,
    waiting: Vec<Outcome>,
}

impl Printer<'_> {
    fn push(&mut self, outcome: Outcome) -> Result<(), OutputError> {
        outcome.summarize(self.summary);
        if self.list.is_some() {
            self.waiting.push(outcome);
            if self.waiting.len() >= TOGETHER {
                return self.flush();
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        match &mut self.list {
            Some(list) => list.page(&std::mem::take(&mut self.waiting)),
            None => Ok(()),
        }
    }

    /// What comes now is for the summary alone.
    fn list_ends(&mut self) -> Result<(), OutputError> {
        self.flush()?;
        self.list.take().map_or(Ok(()), List::finish)
    }

    fn finish(mut self) -> Result<(), OutputError> {
        self.list_ends()
    }
}
