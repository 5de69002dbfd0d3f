mod planning;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::args::PlanArgs;
use super::connections::Connections;
use super::operation::Operation;
use super::pace::{restore_usage, save_usage};
use super::plan::{Plan, PlanCost, confirm, estimate_cost, print_plan, print_summary, read_plan};
use super::result::{Conclusion, ItemOutcome, ItemResult, Report, Tally, nothing_found};
use super::run::{RunLog, Runner, StepRunner, StopWatcher, recheck};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::model::StatusState;
use crate::output::Format;
use crate::select::Selector;
use crate::session::{RepositoryArgs, Session, write_plan};

/// A command that changes many deployments.
pub(crate) struct BulkCommand<'a> {
    pub(crate) operation: Operation,
    pub(crate) repositories: &'a RepositoryArgs,
    pub(crate) selector: Selector,
    pub(crate) plan: &'a PlanArgs,
    pub(crate) include_production: bool,
    pub(crate) description: Option<&'a str>,
    pub(crate) force: bool,
    pub(crate) with_environment: bool,
    /// For [`Operation::Reap`].
    pub(crate) stuck: Option<StuckRule>,
}

/// Which deployments are stuck, and how they end.
#[derive(Clone, Debug)]
pub(crate) struct StuckRule {
    /// The time without an update.
    pub(crate) older_than: Duration,
    pub(crate) end_as: StatusState,
}

/// A plan that the user has confirmed.
struct ConfirmedPlan {
    plan: Plan,
    cost: PlanCost,
    /// Steps of a saved plan that were settled before the run.
    settled: Vec<ItemOutcome>,
    deadline: Option<Instant>,
}

impl BulkCommand<'_> {
    /// Makes a plan, asks for confirmation, and carries the plan out.
    pub(crate) async fn run(&self, session: &Session) -> anyhow::Result<()> {
        self.check(session)?;
        let deadline = self
            .plan
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        if self.plan.dry_run {
            return self.dry_run(session, deadline).await;
        }
        let saved = match &self.plan.apply {
            Some(path) => Some((path, read_plan(path, self.operation)?)),
            None => None,
        };
        let several = match &saved {
            Some((_, plan)) => plan.is_for_several(),
            None => self.repositories.selects_several(&session.global),
        };
        let format = session.format_for::<ItemOutcome>(several)?;
        let mut settled = Vec::new();
        let (connections, mut plan) = match saved {
            Some((path, mut plan)) => {
                let connections = self.connect_to_plan(session, path, &plan).await?;
                restore_usage(session, connections.client());
                settled = within(deadline, recheck(&connections, &mut plan)).await?;
                report_unreadable(session, &plan);
                (connections, plan)
            }
            None => match self.select(session).await? {
                Some(mut repositories) => {
                    restore_usage(session, &repositories.connections[0].client);
                    let plan = within(deadline, self.make_plan(session, &mut repositories)).await?;
                    repositories.unreadable.report(session);
                    (Connections::from(repositories), plan)
                }
                None => return print_none(session, &format, several),
            },
        };
        let cost = estimate_cost(connections.client(), &mut plan);
        if let Some(path) = &self.plan.plan_out {
            return self.save_plan(session, &connections, &plan, path);
        }
        print_summary(&session.term, &plan);
        let is_confirmed = plan.job_count() == 0 || self.plan.yes || confirm(&session.term, &plan)?;
        if !is_confirmed {
            return Err(Failure::new(Kind::Other, "nothing was done").into());
        }
        if plan.job_count() > 1 {
            connections.allow_quota_wait();
        }
        let confirmed = ConfirmedPlan {
            plan,
            cost,
            settled,
            deadline,
        };
        self.carry_out(session, &connections, &format, confirmed)
            .await
    }

    /// Refuses options that contradict each other.
    fn check(&self, session: &Session) -> Result<(), Failure> {
        self.plan.check()?;
        if self.plan.apply.is_some() {
            let others = [
                (!self.selector.is_empty(), "a selection"),
                (self.force, "--force"),
                (self.with_environment, "--with-environment"),
                (self.description.is_some(), "--description"),
                (self.repositories.is_given(), "--org, --topic and --repos"),
            ];
            if let Some((_, other)) = others.iter().find(|(is_given, _)| *is_given) {
                return Err(Failure::new(
                    Kind::Usage,
                    format!(
                        "--apply and {other} cannot be used together: the plan contains everything"
                    ),
                ));
            }
        } else {
            self.selector.check(self.operation == Operation::Reap)?;
            if self.selector.is_by_name() && self.repositories.selects_several(&session.global) {
                let text = "IDs and several repositories cannot be used together";
                let failure = Failure::new(Kind::Usage, text);
                return Err(failure.hint("name the repository of the deployments with --repo"));
            }
        }
        let asks = !self.plan.yes && !self.plan.dry_run && self.plan.plan_out.is_none();
        if asks && !session.term.may_prompt() {
            let verb = self.operation.verb();
            let text = format!("cannot ask for confirmation to {verb} here; use --yes");
            let failure = Failure::new(Kind::Usage, text);
            return Err(failure.hint("--dry-run shows the plan"));
        }
        Ok(())
    }

    async fn dry_run(&self, session: &Session, deadline: Option<Instant>) -> anyhow::Result<()> {
        let format = session.format::<Plan>()?;
        let Some(mut repositories) = self.select(session).await? else {
            return Ok(());
        };
        let mut plan = within(deadline, self.make_plan(session, &mut repositories)).await?;
        repositories.unreadable.report(session);
        let connections = Connections::from(repositories);
        estimate_cost(connections.client(), &mut plan);
        print_plan(&session.term, &format, &plan)?;
        match self.nothing_planned(&connections, &plan) {
            Some(failure) => Err(self.with_similar_names(failure, &connections).into()),
            None => Ok(()),
        }
    }

    /// Writes the plan for a later `--apply`.
    fn save_plan(
        &self,
        session: &Session,
        connections: &Connections,
        plan: &Plan,
        path: &Path,
    ) -> anyhow::Result<()> {
        if let Some(failure) = self.nothing_planned(connections, plan) {
            return Err(failure.into());
        }
        write_plan(path, plan)?;
        print_summary(&session.term, plan);
        let verb = self.operation.verb();
        session.term.hint(format!(
            "run 'deployctl {verb} --apply {}' to apply the plan",
            path.display()
        ));
        Ok(())
    }

    /// The failure if the plan is empty and that is not to be ignored.
    fn nothing_planned(&self, connections: &Connections, plan: &Plan) -> Option<Failure> {
        if self.selector.ignore_missing || !plan.unreadable.is_empty() {
            return None;
        }
        let is_empty = plan.job_count() == 0 && plan.kept.is_empty();
        nothing_found(&connections.place(), plan, is_empty)
    }

    /// If nothing was found, suggests names of environments that the user may
    /// have meant.
    fn with_similar_names(&self, failure: Failure, connections: &Connections) -> Failure {
        let Some(connection) = connections.only() else {
            return failure;
        };
        if failure.kind() != Kind::NothingThere {
            return failure;
        }
        let names = self.selector.filter.environment_texts();
        failure.with_hints(names.filter_map(|name| connection.suggest_cached_environment(name)))
    }

    async fn carry_out(
        &self,
        session: &Session,
        connections: &Connections,
        format: &Format,
        confirmed: ConfirmedPlan,
    ) -> anyhow::Result<()> {
        let ConfirmedPlan {
            plan,
            cost,
            settled,
            deadline,
        } = confirmed;
        let term = &session.term;
        let prints_ids = format.is_human() && !term.stdout_is_tty();
        let on_done = |outcome: &ItemOutcome| {
            if outcome.result == ItemResult::Done {
                let connection = connections.of(outcome.repository.as_ref());
                session.update_cache(connection, |cache| outcome.remove_from_cache(cache));
            }
            if let (true, Some(id)) = (prints_ids, outcome.id) {
                // The flush at the end reports what fails here.
                let _ = match &outcome.repository {
                    Some(repository) => writeln!(term.out(), "{}\t{id}", repository.as_str()),
                    None => writeln!(term.out(), "{id}"),
                };
            }
        };
        let runner = Runner {
            session,
            steps: StepRunner {
                connections,
                plan: &plan,
                force: self.force,
            },
            uses_batches: cost.uses_batches,
            stop_watcher: StopWatcher {
                interrupted: session.signals().subscribe(),
                deadline,
            },
        };
        let mut tally = Tally::default();
        for outcome in &settled {
            tally.add(outcome);
        }
        let mut log = RunLog::new(term, &plan, tally, on_done);
        runner.run(&mut log).await;
        save_usage(session, connections.client());
        let finished = log.finish();
        let mut tally = finished.tally;
        let has_work = !settled.is_empty() || plan.job_count() > 0;
        let report = Report {
            plan: &plan,
            settled,
            given_up: &finished.given_up,
            outcomes: finished.outcomes,
        };
        report.print(session, format, &mut tally)?;
        let conclusion = Conclusion {
            session,
            place: &connections.place(),
            plan: &plan,
            tally: &tally,
            is_by_name: self.selector.is_by_name(),
            ignore_missing: self.selector.ignore_missing,
            stop_reason: finished.stop_reason,
            given_up: &finished.given_up,
            took: finished.took,
        };
        if has_work {
            conclusion.print_counts();
        }
        match conclusion.failure() {
            Some(failure) => Err(self.with_similar_names(failure, connections).into()),
            None => Ok(()),
        }
    }
}

/// Reports the repositories that a saved plan lacks. Without them, the request is
/// not done completely.
fn report_unreadable(session: &Session, plan: &Plan) {
    for unreadable in &plan.unreadable {
        let name = unreadable.repository.as_str();
        let text = format!("the plan lacks {name}: {}", unreadable.reason);
        session.term.warn(text);
        session.exit_with(exit::FAILURE);
    }
}

/// Prints the result for no repository.
fn print_none(session: &Session, format: &Format, several: bool) -> anyhow::Result<()> {
    let columns = ItemOutcome::columns(several);
    format.print_many::<ItemOutcome>(&session.term, &[], columns, ItemOutcome::row)?;
    Ok(())
}

/// Applies `--timeout` to what happens before the first change.
async fn within<T>(
    deadline: Option<Instant>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(deadline) = deadline else {
        return work.await;
    };
    timeout_at(deadline, work).await.unwrap_or_else(|_| {
        Err(Failure::new(
            Kind::TimedOut,
            "--timeout reached: nothing was done",
        ))
    })
}
