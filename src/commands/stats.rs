mod commits;
mod histories;
mod record;
mod table;

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::{Failure, Kind};
use crate::model::parse_moment;
use crate::private_file;
use crate::session::{Connection, Session};
use crate::stats::{
    EnvironmentHistory, PeriodLength, ReportedEnvironment, Samples, Window, render,
};

use commits::CommitReader;
use histories::{EnvironmentChoice, read_histories};
pub(crate) use record::FIELDS;
use record::StatsRecord;

/// Show how often, how fast and how well a repository is deployed
///
/// Without -e, shows each environment that is not transient. Prints a table on a
/// terminal, and otherwise tab-separated lines: environment, commits deployed,
/// commits per day, lead time, deployment failure rate, change failure rate,
/// recovery time, duration, time waited at gates. Times are medians in seconds,
/// rates are fractions, and what is unknown is empty. JSON is an array, or one
/// object if -e names one environment.
///
/// Commits deployed: the commits with a success, each counted once per
/// environment. Lead time: from the commit (committer date) to the first success
/// of a deployment that contains it; commits that were live before do not count.
/// Deployment failure rate: the share of deployments that ended in failure or
/// error. Duration: from the request to the first success.
///
/// Deployments do not tell whether a change was bad. The change failure rate
/// (rollbacks per change) and the recovery time (from a success that was rolled
/// back to the next good one) stand in for that, with rollbacks as a proxy.
///
/// The periods are in UTC, and weeks begin on Monday. Deleted deployments are
/// not counted.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The last 90 days of production
  deployctl stats -e production

  # All environments, month by month
  deployctl stats --since 365d --by month

  # A page to share
  deployctl stats --html deployments.html

  # The median lead time, in seconds
  deployctl stats -e production --jq .lead_time.median")]
pub struct StatsArgs {
    /// Environment, or a pattern with *, ? and [abc] (repeatable)
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Vec<String>,

    /// Beginning of the time to look at: 90d, 12h, 2026-01-31 (in UTC)
    #[arg(long, value_name = "WHEN", default_value = "90d")]
    pub since: String,

    /// Length of the periods
    #[arg(long, value_enum, default_value_t = PeriodLength::Week)]
    pub by: PeriodLength,

    /// Also write the figures with charts to an HTML file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

pub(super) async fn run(session: &Session, args: &StatsArgs) -> anyhow::Result<()> {
    let format = session.format::<StatsRecord>()?;
    let window = args.window()?;
    let choice = EnvironmentChoice::new(&args.environment);
    let connection = session.connect(None).await?;
    let spinner = session.term.spinner("asking for deployments");
    let histories = read_histories(&connection, &choice, window).await?;
    let mut reader = CommitReader::new(session, &connection);
    let needs_commits = args.html.is_some() || format.needs("lead_time");
    let mut records = Vec::new();
    for (environment, history) in histories {
        let commits = if needs_commits {
            reader.read(&history, window).await?
        } else {
            None
        };
        let samples = Samples::new(&history, commits.as_ref(), window);
        let figures = samples.into_figures(window, args.by);
        if figures.is_empty() && !choice.names(&environment) {
            continue;
        }
        let is_unknown = needs_commits && commits.is_none();
        let notes = notes(&history, window, is_unknown);
        records.push(StatsRecord::new(
            environment,
            window,
            args.by,
            figures,
            notes,
        ));
    }
    drop(spinner);
    report_notes(session, &connection, &records);
    if let Some(path) = &args.html {
        write_page(&connection, args, window, &records)?;
        let path = path.display();
        session.term.progress(format!("the report is in {path}"));
    }
    session.term.page();
    let term = &session.term;
    match (&records[..], choice.one_name()) {
        ([record], Some(_)) => format.print_one(term, record, || {
            table::print(term, &session.env, &records, args.by)
        })?,
        _ if format.is_human() => table::print(term, &session.env, &records, args.by)?,
        _ => format.print_many(term, &records, Vec::new(), |_| Vec::new())?,
    }
    Ok(())
}

impl StatsArgs {
    fn window(&self) -> Result<Window, Failure> {
        // Times on the server have whole seconds, too.
        let until = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        let now = until.to_zoned(TimeZone::UTC);
        let wrong = |reason: String| Failure::new(Kind::Usage, format!("--since: {reason}"));
        let since = parse_moment(&self.since, &now).map_err(wrong)?;
        if since >= until {
            return Err(wrong(format!("{:?} is not in the past", self.since)));
        }
        Ok(Window { since, until })
    }
}

/// What a reader has to know about the figures.
fn notes(history: &EnvironmentHistory, window: Window, is_lead_time_unknown: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if is_lead_time_unknown {
        notes.push(
            "the lead time is unknown, because not all commits could be read; run it in a full \
             clone of the repository"
                .to_owned(),
        );
    }
    if !history.reaches_before(window) {
        notes.push(
            "it is unknown what was live before; the first success is taken for that".to_owned(),
        );
    }
    notes
}

fn report_notes(session: &Session, connection: &Connection, records: &[StatsRecord]) {
    let term = &session.term;
    if records.iter().all(StatsRecord::is_empty) {
        let repo = &connection.repo;
        term.progress(format!("no deployment in {repo} matches"));
    }
    for record in records {
        for note in record.notes() {
            term.progress(format!("{}: {note}", record.environment()));
        }
    }
}

fn write_page(
    connection: &Connection,
    args: &StatsArgs,
    window: Window,
    records: &[StatsRecord],
) -> anyhow::Result<()> {
    let Some(path) = &args.html else {
        return Ok(());
    };
    let environments: Vec<ReportedEnvironment> =
        records.iter().map(StatsRecord::to_report).collect();
    let title = connection.repo.to_string();
    let page = render(&title, window, args.by, &environments)?;
    private_file::replace(path, |file| {
        std::io::Write::write_all(file, page.as_bytes())
    })
    .map_err(|error| {
        let path = path.display();
        Failure::new(
            Kind::Other,
            format!("--html: the file {path} can't be written: {error}"),
        )
    })?;
    Ok(())
}
