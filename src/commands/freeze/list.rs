use clap::Args;
use jiff::Timestamp;

use super::settings::read_settings;
use crate::locks::{Freeze, Window};
use crate::model::Pattern;
use crate::output::{Cell, Column, Record, record};
use crate::session::Session;
use crate::term::Role;

/// List the freezes of a repository
///
/// Prints a table on a terminal, and otherwise tab-separated lines: name,
/// environments, when, time zone, state (frozen, next, over), start, end, reason.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show the freezes and when they are in force
  deployctl freeze list

  # When the freezes in force end
  deployctl freeze list --jq '.[] | select(.frozen) | .ends_at'

  # The next one that begins
  deployctl freeze list --jq 'map(select(.frozen == false and .starts_at)) | sort_by(.starts_at) | first'")]
pub struct ListArgs {}

/// A freeze, as `--json` prints it.
struct FreezeRecord {
    freeze: Freeze,
    is_over: bool,
    is_frozen: bool,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

impl FreezeRecord {
    fn new(freeze: Freeze, now: Timestamp) -> Self {
        let one = freeze.occurrence(now);
        Self {
            is_over: one.is_none(),
            is_frozen: one.is_some_and(|one| one.contains(now)),
            starts_at: one.and_then(|one| one.start),
            ends_at: one.and_then(|one| one.end),
            freeze,
        }
    }

    fn from(&self) -> Option<String> {
        match &self.freeze.window {
            Window::Once { from, .. } => from.map(|from| from.to_string()),
            Window::Weekly(_) => None,
        }
    }

    fn until(&self) -> Option<String> {
        match &self.freeze.window {
            Window::Once { until, .. } => until.map(|until| until.to_string()),
            Window::Weekly(_) => None,
        }
    }

    fn weekly(&self) -> Vec<String> {
        match &self.freeze.window {
            Window::Once { .. } => Vec::new(),
            Window::Weekly(spans) => spans.iter().map(ToString::to_string).collect(),
        }
    }

    /// When it is in force, as the file says it.
    fn when(&self) -> String {
        let weekly = self.weekly();
        match (self.from(), self.until()) {
            _ if !weekly.is_empty() => weekly.join(", "),
            (Some(from), Some(until)) => format!("{from} - {until}"),
            (Some(from), None) => format!("from {from}"),
            (None, until) => format!("until {}", until.unwrap_or_default()),
        }
    }
}

fn texts(patterns: &[Pattern]) -> Vec<&str> {
    patterns.iter().map(Pattern::as_str).collect()
}

record!(FreezeRecord, |record| {
    "name": record.freeze.name,
    "environment": texts(&record.freeze.environments),
    "from": record.from(),
    "until": record.until(),
    "weekly": record.weekly(),
    "time_zone": record.freeze.zone_name,
    "reason": record.freeze.reason,
    "allow_task": texts(&record.freeze.allowed_tasks),
    "frozen": record.is_frozen,
    "starts_at": record.starts_at,
    "ends_at": record.ends_at,
});

pub(super) const FIELDS: &[&str] = FreezeRecord::FIELDS;

pub(super) async fn run(session: &Session, _args: &ListArgs) -> anyhow::Result<()> {
    let format = session.format::<FreezeRecord>()?;
    let connection = session.connect(None).await?;
    let (settings, now) = read_settings(&connection).await?;
    let records: Vec<FreezeRecord> = settings
        .freezes
        .into_iter()
        .map(|freeze| FreezeRecord::new(freeze, now))
        .collect();
    if records.is_empty() {
        session
            .term
            .progress(format!("there is no freeze in {}", connection.repo));
    }
    session.term.page();
    format.print_many(&session.term, &records, columns(), |record| {
        row(record, now)
    })?;
    Ok(())
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("NAME", 8),
        Column::flexible("ENVIRONMENTS", 12),
        Column::flexible("WHEN", 16),
        Column::flexible("TIME ZONE", 9),
        Column::rigid("STATE"),
        Column::rigid("START"),
        Column::rigid("END"),
        Column::flexible("REASON", 8),
    ]
}

fn row(record: &FreezeRecord, now: Timestamp) -> Vec<Cell> {
    let environments = texts(&record.freeze.environments).join(", ");
    let environments = if environments.is_empty() {
        Cell::new("all").piped("*")
    } else {
        Cell::new(environments)
    };
    let state = if record.is_frozen {
        Cell::new("frozen").role(Role::Failure)
    } else if record.is_over {
        Cell::new("over").role(Role::Dim)
    } else {
        Cell::new("next")
    };
    vec![
        Cell::new(record.freeze.name.as_deref().unwrap_or_default()).role(Role::Id),
        environments,
        Cell::new(record.when()),
        Cell::new(record.freeze.zone_name.as_str()),
        state,
        Cell::ago(record.starts_at, now),
        Cell::ago(record.ends_at, now),
        Cell::new(record.freeze.reason.as_deref().unwrap_or_default()),
    ]
}
