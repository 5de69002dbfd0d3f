use std::io::Write;
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout_at};

use super::args::PlanArgs;
use super::operation::Operation;
use super::pace::{restore_usage, save_usage};
use super::plan::{
    Decisions, Plan, PlanCost, Policy, confirm, estimate_cost, make_decisions, print_plan,
    print_summary, read_plan,
};
use super::result::{Conclusion, ItemOutcome, ItemResult, Report, Tally, nothing_found};
use super::run::{RunLog, Runner, StepRunner, StopWatcher, recheck};
use super::selection::Search;
use crate::error::{Failure, Kind};
use crate::model::StatusState;
use crate::output::Format;
use crate::select::Selector;
use crate::session::{Connection, Session, write_plan};

/// A command that changes many deployments.
pub(crate) struct BulkCommand<'a> {
    pub(crate) operation: Operation,
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
        let format = session.format::<ItemOutcome>()?;
        let connection = session.connect(self.plan.timeout).await?;
        restore_usage(session, &connection);
        let mut settled = Vec::new();
        let mut plan = match &self.plan.apply {
            Some(path) => {
                let server = session.server_name(&connection);
                let repository = connection.repo.to_string();
                let mut plan = read_plan(path, self.operation, &repository, &server)?;
                settled = within(deadline, recheck(&connection, &mut plan)).await?;
                plan
            }
            None => within(deadline, self.make_plan(session, &connection)).await?,
        };
        let cost = estimate_cost(&connection, &mut plan);
        if let Some(path) = &self.plan.plan_out {
            return self.save_plan(session, &connection, &plan, path);
        }
        print_summary(&session.term, &plan);
        let is_confirmed = plan.job_count() == 0 || self.plan.yes || confirm(&session.term, &plan)?;
        if !is_confirmed {
            return Err(Failure::new(Kind::Other, "nothing was done").into());
        }
        if plan.job_count() > 1 {
            connection.allow_quota_wait();
        }
        let confirmed = ConfirmedPlan {
            plan,
            cost,
            settled,
            deadline,
        };
        self.carry_out(session, &connection, &format, confirmed)
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
        let connection = session.connect(self.plan.timeout).await?;
        let mut plan = within(deadline, self.make_plan(session, &connection)).await?;
        estimate_cost(&connection, &mut plan);
        print_plan(&session.term, &format, &plan)?;
        match self.nothing_planned(&connection, &plan) {
            Some(failure) => Err(self.with_similar_names(failure, &connection).into()),
            None => Ok(()),
        }
    }

    /// Writes the plan for a later `--apply`.
    fn save_plan(
        &self,
        session: &Session,
        connection: &Connection,
        plan: &Plan,
        path: &Path,
    ) -> anyhow::Result<()> {
        if let Some(failure) = self.nothing_planned(connection, plan) {
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

    /// Finds the deployments, and decides what to do. Changes nothing.
    async fn make_plan(&self, session: &Session, connection: &Connection) -> Result<Plan, Failure> {
        let spinner = session.term.spinner("asking for deployments");
        let search = Search {
            connection,
            selector: &self.selector,
            with_environment: self.with_environment,
            include_production: self.include_production,
            in_full: self.with_environment || self.plan.plan_out.is_some() || self.stuck.is_some(),
        };
        let progress = |count| spinner.set(format!("asking for deployments: {count}"));
        let mut selection = search.run(progress).await?;
        drop(spinner);
        // Like the times of deployments, this is by the server's clock.
        let now = connection.client.server_now();
        let policy = Policy {
            operation: self.operation,
            force: self.force,
            include_production: self.include_production,
            with_environment: self.with_environment,
            stuck_before: self.stuck.as_ref().map(|rule| rule.stuck_before(now)),
            now,
        };
        let repository = connection.repo.to_string();
        let server = session.server_name(connection);
        let mut plan = Plan::new(self.operation, repository, server);
        plan.description = self.description.map(str::to_owned);
        plan.end_as = self.stuck.as_ref().map(|rule| rule.end_as.clone());
        plan.missing = std::mem::take(&mut selection.missing);
        plan.found_any = !selection.candidates.is_empty();
        let empty = std::mem::take(&mut selection.empty_environments);
        let Decisions {
            steps,
            kept,
            environments,
        } = make_decisions(selection, policy);
        plan.deployments = steps;
        plan.kept = kept;
        plan.environments = environments;
        plan.environments.extend(empty);
        Ok(plan)
    }

    /// The failure if the plan is empty and that is not to be ignored.
    fn nothing_planned(&self, connection: &Connection, plan: &Plan) -> Option<Failure> {
        if self.selector.ignore_missing {
            return None;
        }
        let is_empty = plan.job_count() == 0 && plan.kept.is_empty();
        nothing_found(&connection.repo, plan, is_empty)
    }

    /// If nothing was found, suggests names of environments that the user may
    /// have meant.
    fn with_similar_names(&self, failure: Failure, connection: &Connection) -> Failure {
        if failure.kind() != Kind::NothingThere {
            return failure;
        }
        let names = self.selector.filter.environment_texts();
        failure.with_hints(names.filter_map(|name| connection.suggest_cached_environment(name)))
    }

    async fn carry_out(
        &self,
        session: &Session,
        connection: &Connection,
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
                session.update_cache(connection, |cache| outcome.remove_from_cache(cache));
            }
            if let (true, Some(id)) = (prints_ids, outcome.id) {
                // The flush at the end reports what fails here.
                let _ = writeln!(term.out(), "{id}");
            }
        };
        let runner = Runner {
            session,
            steps: StepRunner {
                connection,
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
        save_usage(session, connection);
        let finished = log.finish();
        let mut tally = finished.tally;
        let has_work = !settled.is_empty() || plan.job_count() > 0;
        let report = Report {
            plan: &plan,
            settled,
            outcomes: finished.outcomes,
        };
        report.print(session, format, &mut tally)?;
        let conclusion = Conclusion {
            session,
            repo: &connection.repo,
            plan: &plan,
            tally: &tally,
            is_by_name: self.selector.is_by_name(),
            ignore_missing: self.selector.ignore_missing,
            stop_reason: finished.stop_reason,
            took: finished.took,
        };
        if has_work {
            conclusion.print_counts();
        }
        match conclusion.failure() {
            Some(failure) => Err(self.with_similar_names(failure, connection).into()),
            None => Ok(()),
        }
    }
}

impl StuckRule {
    fn stuck_before(&self, now: Timestamp) -> Timestamp {
        SignedDuration::try_from(self.older_than)
            .ok()
            .and_then(|age| now.checked_sub(age).ok())
            .unwrap_or(Timestamp::MIN)
    }
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
