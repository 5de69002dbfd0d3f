use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::cancel_plan::{CancelPlan, WaitingRun};
use super::find::Finder;
use super::gate::Gate;
use super::selection::RunSelection;
use crate::error::{Failure, Kind};
use crate::exit;
use crate::model::{Pattern, RunStatus};
use crate::output::{Cell, Column, Format, Record, RepositoryRecord, counted};
use crate::session::{
    Connection, Permission, RepositoryArgs, SavedPlan, Session, forbidden_if_visible, write_plan,
};
use crate::term::Role;

/// Cancels runs that have waited at a gate for too long.
pub(crate) struct CancelCommand<'a> {
    pub(crate) repositories: &'a RepositoryArgs,
    pub(crate) environments: &'a [String],
    pub(crate) older_than: Duration,
    pub(crate) dry_run: bool,
    /// Where to write the plan.
    pub(crate) plan_out: Option<&'a Path>,
    /// The plan to apply.
    pub(crate) apply: Option<&'a Path>,
    pub(crate) yes: bool,
}

/// What became of a run, as `reap --waiting --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CancelRecord {
    #[serde(flatten)]
    run: WaitingRun,
    /// `cancelled`, `skipped` or `failed`; null if nothing was done.
    result: Option<&'static str>,
    message: Option<String>,
}

impl Record for CancelRecord {
    const FIELDS: &'static [&'static str] = &[
        "run_id",
        "run_url",
        "workflow",
        "environments",
        "since",
        "result",
        "message",
    ];
}

const CANCELLED: &str = "cancelled";
const SKIPPED: &str = "skipped";
const FAILED: &str = "failed";

impl CancelCommand<'_> {
    pub(crate) async fn run(&self, session: &Session) -> anyhow::Result<()> {
        let asks = !self.yes && !self.dry_run && self.plan_out.is_none();
        if asks && !session.term.may_prompt() {
            let what = "cannot ask here whether to cancel runs; use --yes";
            return Err(Failure::new(Kind::Usage, what)
                .hint("--dry-run shows what would be cancelled")
                .into());
        }
        let saved = self.apply.map(CancelPlan::read).transpose()?;
        let several = match &saved {
            Some(plan) => plan.is_for_several(),
            None => self.repositories.selects_several(&session.global),
        };
        let format = session.format_for::<CancelRecord>(several)?;
        let (plan, connections) = match (self.apply, saved) {
            (Some(path), Some(plan)) => {
                let connections = session.connect_to_plan(path, &plan.origin(), None).await?;
                for name in &plan.unreadable {
                    let text = format!("the plan lacks {name}, which could not be read");
                    session.term.warn(text);
                    session.exit_with(exit::FAILURE);
                }
                (plan, connections)
            }
            _ => self.make_plan(session).await?,
        };
        for run in &plan.runs {
            session.term.note(format!(
                "  {}run {} ({}), waiting for {} since {}",
                run.place(),
                run.run_id,
                run.workflow,
                run.environments.join(", "),
                run.since
            ));
        }
        if plan.runs.is_empty() {
            session.term.note("no run has waited for that long");
        }
        if let Some(path) = self.plan_out {
            write_plan(path, &plan)?;
            session.term.hint(format!(
                "run 'deployctl reap --waiting --apply {}' to apply the plan",
                path.display()
            ));
            return Ok(());
        }
        let mut records: Vec<CancelRecord> = plan
            .runs
            .into_iter()
            .map(|run| CancelRecord {
                run,
                result: None,
                message: None,
            })
            .collect();
        if self.dry_run || records.is_empty() {
            return print(session, &format, &records, several);
        }
        if !self.yes {
            let question = format!("Cancel {}?", counted(records.len(), "run"));
            session.confirm(question).await?;
        }
        if records.len() > 1 {
            connections[0].allow_quota_wait();
        }
        let mut failures = Vec::new();
        for record in &mut records {
            let Some(connection) = record.run.connection(&connections) else {
                let what = format!("run {} has no repository", record.run.run_id);
                return Err(Failure::new(Kind::Other, what).into());
            };
            let finder = Finder {
                session,
                connection,
            };
            match cancel(&finder, &record.run).await {
                Ok(None) => record.result = Some(CANCELLED),
                Ok(Some(why)) => {
                    record.result = Some(SKIPPED);
                    record.message = Some(why.to_owned());
                }
                Err(failure) => {
                    record.result = Some(FAILED);
                    record.message = Some(failure.message().to_owned());
                    failures.push(failure);
                }
            }
        }
        print(session, &format, &records, several)?;
        conclude(&records, &failures)
    }

    async fn make_plan(&self, session: &Session) -> anyhow::Result<(CancelPlan, Vec<Connection>)> {
        let selection = RunSelection {
            environments: self.environments.iter().map(Pattern::new).collect(),
            ..RunSelection::default()
        };
        let mut repositories = session.connect_all(self.repositories, None).await?;
        repositories.check_any(session)?;
        let several = repositories.is_several;
        let read = async |connection: &Connection| {
            let finder = Finder {
                session,
                connection,
            };
            let gates = finder.find(&selection).await?.gates;
            let mut runs = self.old_runs(&gates, connection.client.server_now());
            for run in &mut runs {
                run.repository = several.then(|| connection.repo.to_string());
            }
            Ok(runs)
        };
        let found = repositories.read_each_to_change(read).await?;
        let runs: Vec<WaitingRun> = found.into_iter().flat_map(|(_, runs)| runs).collect();
        let first = &repositories.connections[0];
        let repository = (!several).then(|| first.repo.to_string());
        let mut plan = CancelPlan::new(repository, session.server_name(&first.client));
        plan.runs = runs;
        let unreadable = &repositories.unreadable;
        unreadable.report(session);
        let named = unreadable.named.iter();
        plan.unreadable = named.map(|(repo, _)| repo.to_string()).collect();
        Ok((plan, repositories.connections))
    }

    /// The runs that have waited for too long.
    fn old_runs(&self, gates: &[Gate], now: Timestamp) -> Vec<WaitingRun> {
        let is_old = |gate: &&Gate| gate.is_older_than(self.older_than, now);
        let mut runs: Vec<WaitingRun> = Vec::new();
        for gate in gates.iter().filter(is_old) {
            let environment = gate.environment().to_owned();
            match runs.iter_mut().find(|known| known.run_id == gate.run.id) {
                Some(known) => known.environments.push(environment),
                None => runs.push(WaitingRun {
                    repository: None,
                    run_id: gate.run.id,
                    run_url: gate.run.html_url.clone(),
                    workflow: gate.run.workflow().to_owned(),
                    environments: vec![environment],
                    since: gate.run.started_at(),
                }),
            }
        }
        runs
    }
}

/// Cancels a run if it still waits. Returns why it was skipped.
async fn cancel(
    finder: &Finder<'_>,
    planned: &WaitingRun,
) -> Result<Option<&'static str>, Failure> {
    let id = planned.run_id;
    let run = finder.run(id).await?;
    if run.status != Some(RunStatus::Waiting) {
        return Ok(Some("it no longer waits"));
    }
    if run.started_at() != planned.since {
        return Ok(Some("it was started again"));
    }
    let write = finder.connection.repo().run(id).cancel();
    let hint = "a run was being cancelled, and may have been";
    let Err(error) = finder.session.track_write(hint, write).await else {
        return Ok(None);
    };
    let is_visible = async { finder.run(id).await.is_ok() };
    let message = || format!("cancel run {id} of {}", finder.connection.repo);
    let failure = finder.explain(&error);
    Err(forbidden_if_visible(failure, Permission::CancelRuns, is_visible, message).await)
}

impl WaitingRun {
    /// `acme/shop `, or nothing in a plan for one repository.
    fn place(&self) -> String {
        let repository = self.repository.as_ref();
        repository.map_or_else(String::new, |name| format!("{name} "))
    }

    /// The connection to its repository.
    fn connection<'c>(&self, connections: &'c [Connection]) -> Option<&'c Connection> {
        match &self.repository {
            None => connections.first(),
            Some(name) => connections.iter().find(|one| one.repo.to_string() == *name),
        }
    }
}

fn print(
    session: &Session,
    format: &Format,
    records: &[CancelRecord],
    several: bool,
) -> anyhow::Result<()> {
    let columns = vec![
        Column::rigid("RUN"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("ENVIRONMENTS", 12),
        Column::rigid("RESULT"),
    ];
    let columns = RepositoryRecord::<CancelRecord>::columns(several, columns);
    format.print_many(&session.term, records, columns, |record| {
        let repository = record.run.repository.as_deref();
        let mut cells: Vec<Cell> = repository.map(Cell::new).into_iter().collect();
        cells.extend([
            Cell::new(record.run.run_id.to_string())
                .role(Role::Id)
                .link(record.run.run_url.as_str()),
            Cell::new(record.run.workflow.as_str()),
            Cell::new(record.run.environments.join(", ")),
            Cell::new(record.result.unwrap_or("would cancel")),
        ]);
        cells
    })?;
    session.term.flush()?;
    Ok(())
}

fn conclude(records: &[CancelRecord], failures: &[Failure]) -> anyhow::Result<()> {
    let lines: Vec<String> = records
        .iter()
        .filter(|record| record.result == Some(FAILED))
        .map(|record| {
            let message = record.message.as_deref().unwrap_or_default();
            format!("{}run {}: {message}", record.run.place(), record.run.run_id)
        })
        .collect();
    let Some(first) = failures.first() else {
        return Ok(());
    };
    let is_same = failures.iter().all(|one| one.kind() == first.kind());
    let kind = if is_same && failures.len() == records.len() {
        first.kind()
    } else {
        Kind::Other
    };
    let what = format!(
        "{} of {} could not be cancelled",
        failures.len(),
        counted(records.len(), "run")
    );
    let hints = first.hints().to_vec();
    Err(Failure::new(kind, what)
        .lines(lines)
        .with_hints(hints)
        .into())
}
