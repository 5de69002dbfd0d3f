mod commits;
mod histories;
mod record;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::{Failure, Kind};
use crate::model::parse_moment;
use crate::output::RepositoryRecord;
use crate::private_file;
use crate::session::{Connection, RepositoryArgs, Session};
use crate::stats::{
    EnvironmentHistory, PeriodLength, ReportedEnvironment, Samples, Window, render,
};

use commits::CommitReader;
use histories::{EnvironmentChoice, read_histories};
pub(crate) use record::FIELDS;
use record::{StatsRecord, title};

/// Show how often, how fast and how well a repository is deployed
///
/// Without -e, shows each environment that is not transient. Prints a table on a
/// terminal, and otherwise tab-separated lines: environment, commits deployed,
/// commits per day, lead time, deployment failure rate, change failure rate,
/// recovery time, duration, time waited at gates. Times are medians in seconds,
/// rates are fractions, and what is unknown is empty. JSON is an array, or one
/// object if -e names one environment.
///
/// With several repositories, each environment has a row for all of them together
/// (repository 'all', in JSON null), and one for each. The repository comes first.
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

  # Production in the repositories of an organization, together and one by one
  deployctl stats -e production --org acme

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

    #[command(flatten)]
    pub repositories: RepositoryArgs,
}

/// What happened in an environment of a repository.
#[derive(Clone)]
struct Found {
    environment: String,
    samples: Samples,
    notes: Vec<String>,
}

pub(super) async fn run(session: &Session, args: &StatsArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<StatsRecord>(several)?;
    let window = args.window()?;
    let choice = EnvironmentChoice::new(&args.environment);
    let needs_commits = args.html.is_some() || format.needs("lead_time");
    let mut repositories = session.connect_all(&args.repositories, None).await?;
    let place = repositories.place();
    let spinner = session.term.spinner("asking for deployments");
    let read = async |connection: &Connection| {
        let histories = read_histories(connection, &choice, window, several).await?;
        let mut reader = CommitReader::new(session, connection);
        let mut found = Vec::new();
        for (environment, history) in histories {
            let commits = if needs_commits {
                reader.read(&history, window).await?
            } else {
                None
            };
            found.push(Found {
                environment,
                samples: Samples::new(&history, commits.as_ref(), window),
                notes: notes(&history, window, needs_commits && commits.is_none()),
            });
        }
        Ok(found)
    };
    let found = repositories.read_each(read).await?;
    drop(spinner);
    if !found.is_empty() {
        check_names(&choice, &found, &place)?;
    }
    let records = make_records(found, several, |found| {
        let figures = found.samples.into_figures(window, args.by);
        let is_wanted = !figures.is_empty() || choice.names(&found.environment);
        let Found {
            environment, notes, ..
        } = found;
        is_wanted.then(|| StatsRecord::new(environment, window, args.by, figures, notes))
    });
    report_notes(session, &place, &records);
    if let Some(path) = &args.html {
        write_page(&place, args, window, &records)?;
        let path = path.display();
        session.term.progress(format!("the report is in {path}"));
    }
    session.term.page();
    let term = &session.term;
    match (&records[..], choice.one_name()) {
        ([record], Some(_)) if !several => format.print_one(term, record, || {
            table::print(term, &session.env, &records, args.by)
        })?,
        _ if format.is_human() => table::print(term, &session.env, &records, args.by)?,
        _ => format.print_many(term, &records, Vec::new(), |_| Vec::new())?,
    }
    repositories.unreadable.report(session);
    Ok(())
}

/// Fails for an environment that none of several repositories has.
fn check_names(
    choice: &EnvironmentChoice<'_>,
    found: &[(&Connection, Vec<Found>)],
    place: &str,
) -> Result<(), Failure> {
    let all = found.iter().flat_map(|(_, found)| found);
    let known: Vec<&str> = all.map(|one| one.environment.as_str()).collect();
    match choice.unknown_name(&known) {
        None => Ok(()),
        Some(name) => Err(Failure::new(
            Kind::NothingThere,
            format!("there is no environment {name:?} in {place}, and no deployment to it"),
        )),
    }
}

/// The records of each environment by name: one for all repositories together,
/// if there may be several, and one for each.
fn make_records(
    found: Vec<(&Connection, Vec<Found>)>,
    several: bool,
    make: impl Fn(Found) -> Option<StatsRecord>,
) -> Vec<RepositoryRecord<StatsRecord>> {
    let mut by_name: BTreeMap<String, Vec<(&Connection, Found)>> = BTreeMap::new();
    for (connection, found) in found {
        for one in found {
            let all = by_name.entry(one.environment.clone()).or_default();
            all.push((connection, one));
        }
    }
    let mut records = Vec::new();
    for all in by_name.into_values() {
        if several {
            let together = all.iter().map(|(_, one)| one.clone()).reduce(Found::join);
            let together = together.and_then(&make);
            records.extend(together.map(RepositoryRecord::over_all));
        }
        for (connection, one) in all {
            let repo = several.then_some(&connection.repo);
            let record = make(one).map(|record| RepositoryRecord::new(repo, record));
            records.extend(record);
        }
    }
    records
}

impl Found {
    /// The same environment in two repositories.
    fn join(mut self, other: Self) -> Self {
        self.samples.add(other.samples);
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        self
    }
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

fn report_notes(session: &Session, place: &str, records: &[RepositoryRecord<StatsRecord>]) {
    let term = &session.term;
    if records.iter().all(|one| one.record().is_empty()) {
        term.progress(format!("no deployment in {place} matches"));
    }
    // What has to be known of one of several is said once, for all of them.
    for one in records.iter().filter(|one| !one.is_one_of_several()) {
        for note in one.record().notes() {
            term.progress(format!("{}: {note}", title(one)));
        }
    }
}

fn write_page(
    place: &str,
    args: &StatsArgs,
    window: Window,
    records: &[RepositoryRecord<StatsRecord>],
) -> anyhow::Result<()> {
    let Some(path) = &args.html else {
        return Ok(());
    };
    let report = |one| ReportedEnvironment {
        name: title(one),
        figures: one.record().figures(),
        notes: one.record().notes(),
    };
    let environments: Vec<ReportedEnvironment> = records.iter().map(report).collect();
    let page = render(place, window, args.by, &environments)?;
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
