use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;

use crate::error::{Failure, Kind};
use crate::gates::{BlockedRecord, Finder};
use crate::model::{Pattern, RunId};
use crate::output::{Cell, Column, RepositoryRecord};
use crate::session::{Connection, RepositoryArgs, Session};
use crate::term::Role;

/// Show which workflow runs hold up others
///
/// Prints each concurrency group that is in use: who holds it, since when, what
/// the holder waits for, and how many runs and jobs queue behind it. A run that
/// waits at a gate keeps its group, so that later runs never start.
///
/// Without a terminal the command prints tab-separated lines with group, holder,
/// workflow, what it waits for, the queue and since when; the repository comes
/// first if several are selected. On a server without
/// concurrency groups, such as GitHub Enterprise Server 3.19, the result is a
/// guess from older runs of the same workflow, and says so.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show the groups that are in use
  deployctl blocked

  # Show what a run that waits for production holds up
  deployctl blocked -e production

  # The groups in two repositories
  deployctl blocked -R acme/shop -R acme/other

  # The runs that hold a group and wait for an approval
  deployctl blocked --jq '.[] | select(.holder.waits_for != []) | .holder.run_id'")]
pub struct BlockedArgs {
    /// Only the groups of this workflow run, by ID or URL
    #[arg(value_name = "RUN", conflicts_with = "environment")]
    pub run: Option<RunId>,

    /// Only groups whose holder waits for this environment, or for one that matches a pattern
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Vec<String>,

    #[command(flatten)]
    pub repositories: RepositoryArgs,
}

pub(super) async fn run(session: &Session, args: &BlockedArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<BlockedRecord>(several)?;
    if several && args.run.is_some() {
        let what = "a workflow run belongs to one repository";
        return Err(Failure::new(Kind::Usage, what).into());
    }
    let mut repositories = session.connect_all(&args.repositories, None).await?;
    let place = repositories.place();
    let spinner = session.term.spinner("requesting the concurrency groups");
    let patterns: Vec<Pattern> = args.environment.iter().map(Pattern::new).collect();
    let read = async |connection: &Connection| {
        let finder = Finder {
            session,
            connection,
        };
        match args.run {
            Some(run) => finder.blocked_run(run).await,
            None => finder.blocked(&patterns).await,
        }
    };
    let mut records = Vec::new();
    let mut now = Timestamp::now();
    for (connection, found) in repositories.read_each(read).await? {
        now = connection.client.server_now();
        let repo = several.then_some(&connection.repo);
        let found = found.into_iter();
        records.extend(found.map(|record| RepositoryRecord::new(repo, record)));
    }
    drop(spinner);
    session.term.page();
    if records.is_empty() {
        session
            .term
            .note(format!("no concurrency group is held in {place}"));
    }
    if records.iter().any(|one| one.record().guess) {
        session.term.note(
            "the server has no concurrency groups; this is a guess from runs of the same workflow",
        );
    }
    let columns = RepositoryRecord::<BlockedRecord>::columns(several, columns());
    format.print_many(&session.term, &records, columns, |record| {
        record.row(|record| row(record, now))
    })?;
    repositories.unreadable.report(session);
    Ok(())
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("GROUP", 8),
        Column::rigid("HOLDER"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("WAITS FOR", 10),
        Column::flexible("QUEUE", 8),
        Column::rigid("SINCE"),
    ]
}

fn row(record: &BlockedRecord, now: Timestamp) -> Vec<Cell> {
    let holder = record.holder.as_ref();
    let id = holder.map(|holder| holder.run_id.to_string());
    let url = holder.and_then(|holder| holder.run_url.as_deref());
    let queue: Vec<String> = record
        .queue
        .iter()
        .map(|one| one.run_id.to_string())
        .collect();
    let group = if record.guess {
        format!("{} (guess)", record.group)
    } else {
        record.group.clone()
    };
    let id = Cell::new(id.unwrap_or_default()).role(Role::Id);
    vec![
        Cell::new(group),
        match url {
            Some(url) => id.link(url),
            None => id,
        },
        Cell::new(
            holder
                .map(|holder| holder.workflow.clone())
                .unwrap_or_default(),
        ),
        Cell::new(
            holder
                .map(|holder| holder.waits_for.join(", "))
                .unwrap_or_default(),
        ),
        Cell::new(queue.join(", ")),
        Cell::age(record.since, now),
    ]
}
