//! Many deployments at once: find them, plan, ask, do it at the pace that the
//! limits allow, and tell what became of each.

mod batches;
mod book;
mod conclusion;
mod decide;
mod empty;
mod file;
mod outcome;
mod past;
mod plan;
mod preview;
mod pulls;
mod queue;
mod recheck;
mod report;
mod selection;
mod sorter;
mod step;
mod survey;
mod watch;
mod words;
mod work;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout_at};

use crate::error::{Failure, Kind};
use crate::model::StatusState;
use crate::model::parse_duration;
use crate::output::{Format, Record};
use crate::select::SelectorArgs;
use crate::session::{Connection, Session};
use book::Book;
use conclusion::Conclusion;
use decide::{Leave, decide};
use outcome::{Account, Ending, Outcome};
use plan::{Effort, Plan};
use sorter::disk_failure;
use step::Hand;
use watch::Watch;
use work::Work;

pub(crate) use words::Aim;

/// How long one of many calls may wait: an hourly quota is refilled within this time.
const QUOTA_WAIT: Duration = Duration::from_secs(65 * 60);

/// The options of the commands that act on many deployments.
#[derive(Args, Clone, Debug)]
pub struct BulkArgs {
    /// Which deployments.
    #[command(flatten)]
    pub selector: SelectorArgs,

    /// Also change what is live in production environments
    #[arg(long, conflicts_with = "apply")]
    pub include_production: bool,

    /// Plan, ask and do.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The options of what is planned, asked and done.
#[derive(Args, Clone, Debug)]
pub struct PlanArgs {
    /// Show the plan, and what is kept and why, without changing anything
    #[arg(long)]
    pub dry_run: bool,

    /// Write the plan to a file without changing anything
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub plan_out: Option<PathBuf>,

    /// Apply a saved plan; deployments that have changed since then are skipped
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan_out", "dry_run"])]
    pub apply: Option<PathBuf>,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub yes: bool,

    /// Stop after this time; run the command again to continue
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
}

/// The fields of the JSON of a run.
pub(crate) const OUTCOME_FIELDS: &[&str] = Outcome::FIELDS;

/// What a command wants done.
pub(crate) struct Bulk<'a> {
    pub(crate) aim: Aim,
    pub(crate) selector: &'a SelectorArgs,
    pub(crate) plan: &'a PlanArgs,
    pub(crate) include_production: bool,
    pub(crate) description: Option<&'a str>,
    pub(crate) force: bool,
    pub(crate) with_environment: bool,
    /// How what is stuck is ended.
    pub(crate) end: Option<End>,
}

/// How what is stuck is ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) state: StatusState,
    /// It is stuck if nothing was heard of it for so long.
    pub(crate) after: Duration,
}

impl Bulk<'_> {
    /// Plans, asks and does it.
    pub(crate) async fn run(&self, session: &Session) -> anyhow::Result<()> {
        self.check(session)?;
        let deadline = self
            .plan
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        if self.plan.dry_run {
            let format = session.format::<Plan>()?;
            let connection = session.connect(self.plan.timeout).await?;
            let (plan, _) = within(deadline, self.plan(session, &connection)).await?;
            preview::print(&session.term, &format, &plan)?;
            return self.nothing(&connection, &plan).map_or(Ok(()), |failure| {
                Err(self.with_meant(failure, &connection).into())
            });
        }
        let format = session.format::<Outcome>()?;
        let connection = session.connect(self.plan.timeout).await?;
        past::recall(session, &connection);
        let mut account = Account::default();
        let (plan, effort) = match &self.plan.apply {
            Some(path) => {
                let server = server_of(session, &connection);
                let plan = file::read(path, self.aim, &connection.repo.to_string(), &server)?;
                let checked = recheck::recheck(&connection, plan, &mut account);
                let mut plan = within(deadline, checked).await?;
                let effort = measure(&connection, &mut plan);
                (plan, effort)
            }
            None => within(deadline, self.plan(session, &connection)).await?,
        };
        if let Some(path) = &self.plan.plan_out {
            if let Some(failure) = self.nothing(&connection, &plan) {
                return Err(failure.into());
            }
            file::write(path, &plan)?;
            preview::summarize(&session.term, &plan)?;
            let verb = self.aim.verb();
            session.term.hint(format!(
                "'deployctl {verb} --apply {}' does it",
                path.display()
            ));
            return Ok(());
        }
        preview::summarize(&session.term, &plan)?;
        if plan.jobs() > 0 {
            let is_sure = self.plan.yes || preview::confirm(&session.term, &plan)?;
            if !is_sure {
                return Err(Failure::new(Kind::Other, "nothing was done").into());
            }
        }
        if plan.jobs() > 1 {
            connection.client.set_patience(QUOTA_WAIT);
        }
        let work = (plan, effort, deadline);
        self.carry_out(session, &connection, &format, work, account)
            .await
    }

    fn check(&self, session: &Session) -> Result<(), Failure> {
        if self.plan.plan_out.as_deref() == Some(Path::new("-")) {
            let failure = Failure::new(Kind::Usage, "--plan-out needs the name of a file");
            return Err(failure.hint("'--dry-run --json' prints what would be done"));
        }
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
                    format!("--apply and {other} cannot be used together: the plan says it all"),
                ));
            }
        } else {
            self.selector.check(self.aim == Aim::Reap)?;
        }
        let asks = !self.plan.yes && !self.plan.dry_run && self.plan.plan_out.is_none();
        if asks && !session.term.may_prompt() {
            return Err(Failure::new(
                Kind::Usage,
                format!(
                    "cannot ask here whether to {} them; say --yes",
                    self.aim.verb()
                ),
            )
            .hint("--dry-run shows what would be done"));
        }
        Ok(())
    }

    /// Finds out what is to be done. Nothing is changed.
    async fn plan(
        &self,
        session: &Session,
        connection: &Connection,
    ) -> Result<(Plan, Effort), Failure> {
        let spinner = session.term.spinner("asking for deployments");
        let mut found = if self.selector.is_by_name() {
            let ids = self.selector.ids(connection)?;
            let whole = self.with_environment || self.plan.plan_out.is_some() || self.end.is_some();
            survey::by_id(connection, &ids, whole, !self.include_production).await?
        } else {
            survey::by_filter(connection, self.selector, self.with_environment, |count| {
                spinner.set(format!("asking for deployments: {count}"));
            })
            .await?
        };
        drop(spinner);
        // By the server's clock, as the times of its deployments are.
        let now = connection.client.server_now();
        let stuck_before = self.end.as_ref().and_then(|end| {
            now.checked_sub(SignedDuration::try_from(end.after).ok()?)
                .ok()
        });
        let leave = Leave {
            aim: self.aim,
            force: self.force,
            include_production: self.include_production,
            with_environment: self.with_environment,
            stuck_before: stuck_before.or(self.end.as_ref().map(|_| Timestamp::MIN)),
            now,
        };
        let missing = std::mem::take(&mut found.missing);
        let empty = std::mem::take(&mut found.empty);
        let empty = empty.existing(connection, self.include_production).await?;
        let mut draft = decide(&found, leave).map_err(|error| disk_failure(&error))?;
        drop(found);
        for name in empty {
            draft.empty(name).map_err(|error| disk_failure(&error))?;
        }
        let server = server_of(session, connection);
        let mut plan = draft.finish(self.aim, connection.repo.to_string(), server);
        plan.description = self.description.map(str::to_owned);
        plan.end_as = self.end.as_ref().map(|end| end.state.clone());
        plan.missing = missing;
        let effort = measure(connection, &mut plan);
        Ok((plan, effort))
    }

    /// Why there is nothing to plan; `None` if there is something, or if that
    /// is to be no failure.
    fn nothing(&self, connection: &Connection, plan: &Plan) -> Option<Failure> {
        let is_empty = plan.jobs() == 0 && plan.kept.is_empty();
        if self.selector.ignore_missing {
            return None;
        }
        conclusion::missing(&connection.repo, plan, is_empty)
    }

    /// Says what names of environments are probably slips of, where nothing was
    /// there to act on.
    fn with_meant(&self, failure: Failure, connection: &Connection) -> Failure {
        if failure.kind() != Kind::NothingThere {
            return failure;
        }
        let names = &self.selector.filter.environment;
        let meant = names
            .iter()
            .filter_map(|name| connection.suggest_cached_environment(name));
        failure.hints_more(meant)
    }

    async fn carry_out(
        &self,
        session: &Session,
        connection: &Connection,
        format: &Format,
        (plan, effort, deadline): (Plan, Effort, Option<Instant>),
        account: Account,
    ) -> anyhow::Result<()> {
        let term = &session.term;
        let ids_only = format.is_human() && !term.stdout_is_tty();
        let on_done = |outcome: &Outcome| {
            if outcome.result == Ending::Done {
                session.update_cache(connection, |cache| outcome.remove_from_cache(cache));
            }
            if let (true, Some(id)) = (ids_only, outcome.id) {
                // A failure is kept for the flush at the end.
                let _ = writeln!(term.out(), "{id}");
            }
        };
        let has_before = account.tally.all() > 0;
        let expected = Duration::from_secs(plan.seconds);
        let work = Work {
            session,
            hand: Hand {
                connection,
                plan: &plan,
                force: self.force,
            },
            batches: effort.batches,
            watch: Watch {
                interrupted: session.signals().subscribe(),
                deadline,
            },
        };
        let mut book = Book::new(term, self.aim, account, plan.jobs(), expected, on_done);
        work.run(&mut book).await;
        past::note(session, connection);
        let (account, stop, took) = book.close().map_err(|error| disk_failure(&error))?;
        let (noted, mut tally) = account.close();
        let mut summary = Outcome::summary(self.aim);
        report::print(session, format, &plan, &noted, &mut tally, &mut summary)?;
        session.add_to_summary(summary)?;
        let conclusion = Conclusion {
            session,
            repo: &connection.repo,
            aim: self.aim,
            plan: &plan,
            tally: &tally,
            by_name: self.selector.is_by_name(),
            ignore_missing: self.selector.ignore_missing,
            stop,
            took,
        };
        if has_before || plan.jobs() > 0 {
            conclusion.summarize();
        }
        conclusion.verdict().map_or(Ok(()), |failure| {
            Err(self.with_meant(failure, connection).into())
        })
    }
}

/// Waits for what is found out before anything is done.
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

/// Says in the plan what it takes.
fn measure(connection: &Connection, plan: &mut Plan) -> Effort {
    let client = &connection.client;
    let effort = plan.effort(client.takes_batches(), client.free_points());
    let mut time = plan.time(
        effort,
        client.least_time(effort.points),
        client.concurrency(),
    );
    // What the hour does not have has to wait for the next ones.
    if let Some(quota) = client.quota().filter(|_| !effort.batches) {
        let beyond = effort.requests.saturating_sub(quota.remaining);
        let hours = beyond.div_ceil(quota.limit.max(1));
        let hours = u32::try_from(hours).unwrap_or(u32::MAX);
        time = time.max(Duration::from_secs(3600).saturating_mul(hours));
    }
    plan.requests = effort.requests;
    plan.points = effort.points;
    plan.seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    effort
}

/// What tells one server from another in a plan. The embedded sandbox has
/// another address each time.
fn server_of(session: &Session, connection: &Connection) -> String {
    if session.is_sandbox() {
        return "sandbox".to_owned();
    }
    connection.client.endpoints().rest.to_string()
}
