use super::{ItemOutcome, ItemResult, Tally};
use crate::bulk::name::Name;
use crate::bulk::plan::Plan;
use crate::bulk::run::MAX_EQUAL_FAILURES;
use crate::output::{Format, List, MarkdownTable, OutputError};
use crate::session::Session;

/// The number of outcomes that are printed at a time.
const PAGE_LENGTH: usize = 100;

/// The outcomes of a run.
pub(in crate::bulk) struct Report<'a> {
    pub(in crate::bulk) plan: &'a Plan,
    /// What was settled before the run.
    pub(in crate::bulk) settled: Vec<ItemOutcome>,
    /// Repositories whose last steps were not tried.
    pub(in crate::bulk) given_up: &'a [Name],
    /// The outcome of each job of the plan; `None` if it was not done.
    pub(in crate::bulk) outcomes: Vec<Option<ItemOutcome>>,
}

impl Report<'_> {
    /// Prints all outcomes in the order of the plan, adds them to the job summary,
    /// and completes the tally.
    pub(in crate::bulk) fn print(
        self,
        session: &Session,
        format: &Format,
        tally: &mut Tally,
    ) -> anyhow::Result<()> {
        let plan = self.plan;
        let term = &session.term;
        let mut summary = ItemOutcome::summary_table(plan);
        let mut printer = Printer {
            summary: &mut summary,
            list: (!format.is_human() || term.stdout_is_tty()).then(|| {
                let columns = ItemOutcome::columns(plan.is_for_several());
                format.list(term, columns, ItemOutcome::row)
            }),
            page: Vec::new(),
        };
        for outcome in self.settled {
            printer.push(outcome)?;
        }
        let steps = plan
            .deployments
            .iter()
            .map(|step| ItemOutcome::for_step(step, ItemResult::NotDone, None));
        let environments = plan
            .environments
            .iter()
            .map(|planned| ItemOutcome::for_environment(planned, ItemResult::NotDone, None));
        for (outcome, not_done) in self.outcomes.into_iter().zip(steps.chain(environments)) {
            printer.push(outcome.unwrap_or_else(|| {
                tally.add(&not_done);
                let given_up = self.given_up.iter();
                let given_up = given_up.filter(|name| not_done.repository.as_ref() == Some(name));
                ItemOutcome {
                    reason: given_up.map(gave_up).next(),
                    ..not_done
                }
            }))?;
        }
        tally.add_unplanned(plan);
        if format.is_human() {
            // A person has seen in the plan what is kept.
            printer.end_list()?;
        }
        if printer.list.is_some() || session.global.github_summary {
            for kept in &plan.kept {
                printer.push(ItemOutcome::for_kept(kept))?;
            }
            for id in &plan.missing {
                printer.push(ItemOutcome::for_missing(*id, plan.command))?;
            }
        }
        printer.end_list()?;
        drop(printer);
        session.add_to_summary(summary)
    }
}

/// Why the last steps of a repository were not tried.
pub(super) fn gave_up(repository: &Name) -> String {
    let name = repository.as_str();
    format!("gave up on {name} after {MAX_EQUAL_FAILURES} failures in a row")
}

/// Adds outcomes to the summary, and prints them as long as there is a list.
struct Printer<'a> {
    summary: &'a mut MarkdownTable,
    list: Option<List<'a, ItemOutcome>>,
    page: Vec<ItemOutcome>,
}

impl Printer<'_> {
    fn push(&mut self, outcome: ItemOutcome) -> Result<(), OutputError> {
        outcome.add_to_table(self.summary);
        if let Some(list) = &mut self.list {
            self.page.push(outcome);
            if self.page.len() >= PAGE_LENGTH {
                list.page(&std::mem::take(&mut self.page))?;
            }
        }
        Ok(())
    }

    fn end_list(&mut self) -> Result<(), OutputError> {
        let Some(mut list) = self.list.take() else {
            return Ok(());
        };
        list.page(&std::mem::take(&mut self.page))?;
        list.finish()
    }
}
