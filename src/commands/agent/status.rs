use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::options::ConfigArgs;
use crate::agent::journal::{DeploymentRow, JournalError, JournalReader, running_agent};
use crate::error::{Failure, Kind};
use crate::output::{Cell, Column, Record};
use crate::session::Session;
use crate::session::agent;

/// Show running, waiting and finished deployments
///
/// The command reads the journal, also while the agent is running, and asks no
/// server.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Unfinished deployments and the newest finished ones
  deployctl agent status

  # More finished deployments, of an agent with another configuration
  deployctl agent status --config staging.toml --limit 100

  # Deployments that are waiting
  deployctl agent status --jq '.[] | select(.state == \"received\") | .id'")]
pub struct StatusArgs {
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Number of finished deployments to show
    #[arg(short = 'L', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

#[derive(Debug, Serialize)]
struct StatusRecord {
    id: u64,
    state: &'static str,
    outcome: Option<String>,
    detail: Option<String>,
    repository: String,
    environment: String,
    #[serde(rename = "ref")]
    ref_name: Option<String>,
    sha: Option<String>,
    source: String,
    received_at: Timestamp,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

pub(super) const FIELDS: &[&str] = StatusRecord::FIELDS;

impl Record for StatusRecord {
    const FIELDS: &'static [&'static str] = &[
        "id",
        "state",
        "outcome",
        "detail",
        "repository",
        "environment",
        "ref",
        "sha",
        "source",
        "received_at",
        "started_at",
        "ended_at",
    ];
}

impl From<DeploymentRow> for StatusRecord {
    fn from(row: DeploymentRow) -> Self {
        Self {
            id: row.id.0,
            state: row.state.as_str(),
            outcome: row.outcome,
            detail: row.detail,
            repository: row.repository,
            environment: row.environment,
            ref_name: row.ref_name,
            sha: row.sha,
            source: row.source,
            received_at: row.received_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}

pub(super) fn run(session: &Session, args: &StatusArgs) -> anyhow::Result<()> {
    let format = session.format::<StatusRecord>()?;
    let config = agent::config(&args.config.config)?;
    let (_, folder) = agent::state(session, &config)?;
    let rows = JournalReader::open(&folder).and_then(|journal| journal.deployments(args.limit));
    let rows = rows.map_err(|error| match error {
        JournalError::Missing(_) => Failure::new(Kind::NothingThere, error.to_string())
            .hint("no agent has run with this configuration yet"),
        error => Failure::new(Kind::Other, error.to_string()),
    })?;
    let records: Vec<StatusRecord> = rows.into_iter().map(StatusRecord::from).collect();
    let term = &session.term;
    match running_agent(&folder) {
        Some(process) => term.note(format!("the agent is running as process {process}")),
        None => term.note("no agent is running with this journal"),
    }
    let now = Timestamp::now();
    format.print_many(term, &records, columns(), |record| row(record, now))?;
    Ok(())
}

fn columns() -> Vec<Column> {
    vec![
        Column::rigid("ID"),
        Column::rigid("STATE"),
        Column::rigid("OUTCOME"),
        Column::flexible("REPOSITORY", 10),
        Column::flexible("ENVIRONMENT", 8),
        Column::flexible("REF", 6),
        Column::rigid("SHA").optional(),
        Column::rigid("RECEIVED").optional(),
        Column::rigid("ENDED").optional(),
        Column::flexible("DETAIL", 12).optional(),
    ]
}

fn row(record: &StatusRecord, now: Timestamp) -> Vec<Cell> {
    let time = |time: Option<Timestamp>| match time {
        Some(time) => Cell::ago(time, now),
        None => Cell::new(""),
    };
    let sha = record.sha.as_deref().unwrap_or_default();
    vec![
        Cell::new(record.id.to_string()),
        Cell::new(record.state),
        Cell::new(record.outcome.as_deref().unwrap_or_default()),
        Cell::new(record.repository.as_str()),
        Cell::new(record.environment.as_str()),
        Cell::new(record.ref_name.as_deref().unwrap_or_default()),
        Cell::sha(sha),
        time(Some(record.received_at)),
        time(record.ended_at),
        Cell::new(record.detail.as_deref().unwrap_or_default()),
    ]
}
