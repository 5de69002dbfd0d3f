use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;
use url::Url;

use crate::api::RunFilter;
use crate::error::{Failure, Kind};
use crate::exit;
use crate::gates::{
    Finder, Gate, PendingRecord, RunSelection, parse_run_sha, pending_columns, pending_row,
};
use crate::model::{Endpoints, Pattern, RepoSlug};
use crate::output::{Format, RepositoryRecord};
use crate::session::{Connection, RepositoryArgs, Session};
use crate::watch::{WatchedList, WatchedRecord, check_format, is_new};

/// List workflow runs that wait for an approval, a timer or an app
///
/// Prints one row for each waiting run and environment: a table on a terminal,
/// otherwise tab-separated lines with run, workflow, environment, ref, SHA, what
/// the run waits for, what you may do about it, and since when it waits; the
/// repository comes first if several are selected.
///
/// A run is superseded if a newer run of the same workflow waits for the same
/// environment. It is behind live if the environment already has its commit or a
/// later one.
///
/// With --watch the list is kept up to date on a terminal. Otherwise each row that
/// is new or has changed is printed, and a last one when a run no longer waits
/// (in JSON: can_approve is false, and why_not is null).
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what waits for production
  deployctl pending -e production

  # The runs that you may approve and that no newer run supersedes
  deployctl pending --mine --jq '.[] | select(.superseded_by == null) | .run_id'

  # Everything that waits in the repositories of an organization
  deployctl pending --org acme

  # In a script: exit 8 if something waits for the commit that is checked out
  deployctl pending --sha \"$(git rev-parse HEAD)\" --exit-status")]
pub struct PendingArgs {
    /// Only these environments, by name or by a pattern with *, ? and [abc]
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Vec<String>,

    /// Only runs of this commit, by its SHA or at least 7 digits of it
    #[arg(long, value_parser = parse_run_sha)]
    pub sha: Option<String>,

    /// Only runs of the commit at the head of this pull request
    #[arg(long = "pr", value_name = "NUMBER", conflicts_with = "sha")]
    pub pull_request: Option<u64>,

    /// Only runs of this branch or tag
    #[arg(long = "ref", value_name = "REF", conflicts_with_all = ["sha", "pull_request"])]
    pub ref_name: Option<String>,

    /// Only runs of this workflow, by its name or file
    #[arg(long)]
    pub workflow: Option<String>,

    /// Only what you may approve
    #[arg(long)]
    pub mine: bool,

    /// Exit 8 if something waits
    #[arg(long)]
    pub exit_status: bool,

    /// Keep the list up to date until interrupted
    #[arg(long, conflicts_with_all = ["exit_status", "repositories"])]
    pub watch: bool,

    /// Open the list of waiting runs in a web browser
    #[arg(short, long, conflicts_with_all = ["watch", "exit_status", "repositories"])]
    pub web: bool,

    #[command(flatten)]
    pub repositories: RepositoryArgs,
}

pub(super) async fn run(session: &Session, args: &PendingArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<PendingRecord>(several)?;
    if several && args.pull_request.is_some() {
        let what = "--pr names a pull request of one repository";
        return Err(Failure::new(Kind::Usage, what).into());
    }
    if args.web {
        return session.open_repository_page(waiting_page).await;
    }
    if args.watch {
        check_format(session, &format)?;
        let connection = session.connect(None).await?;
        let finder = Finder {
            session,
            connection: &connection,
        };
        return watch(&finder, args, &format).await;
    }
    let mut repositories = session.connect_all(&args.repositories, None).await?;
    let place = repositories.place();
    let spinner = session.term.spinner("requesting the waiting runs");
    let read = async |connection: &Connection| {
        let finder = Finder {
            session,
            connection,
        };
        find(&finder, args, &format).await
    };
    let mut records = Vec::new();
    let mut now = Timestamp::now();
    for (connection, gates) in repositories.read_each(read).await? {
        now = connection.client.server_now();
        let repo = several.then_some(&connection.repo);
        let gates = gates.into_iter().map(PendingRecord);
        records.extend(gates.map(|record| RepositoryRecord::new(repo, record)));
    }
    drop(spinner);
    session.term.page();
    if records.is_empty() {
        session.term.note(empty(&place));
    }
    let columns = RepositoryRecord::<PendingRecord>::columns(several, pending_columns());
    format.print_many(&session.term, &records, columns, |record| {
        record.row(|record| pending_row(&record.0, now))
    })?;
    if args.exit_status && !records.is_empty() {
        session.exit_with(exit::NOT_FINISHED);
    }
    repositories.unreadable.report(session);
    Ok(())
}

fn empty(place: &str) -> String {
    format!("no run waits in {place}")
}

/// The page that lists the waiting runs.
fn waiting_page(endpoints: &Endpoints, repo: &RepoSlug) -> Url {
    let mut url = endpoints.repository_page(repo, &["actions"]);
    url.query_pairs_mut().append_pair("query", "is:waiting");
    url
}

async fn find(
    finder: &Finder<'_>,
    args: &PendingArgs,
    format: &Format,
) -> anyhow::Result<Vec<Gate>> {
    let selection = RunSelection {
        sha: args.sha.clone(),
        pull_request: args.pull_request,
        ref_name: args.ref_name.clone(),
        workflow: args.workflow.clone(),
        environments: args.environment.iter().map(Pattern::new).collect(),
        ..RunSelection::default()
    };
    let mut gates = finder.find(&selection).await?.gates;
    if args.mine {
        gates.retain(Gate::can_approve);
    }
    if format.needs("behind_live") {
        finder.add_behind_live(&mut gates).await;
    }
    Ok(gates)
}

async fn watch(finder: &Finder<'_>, args: &PendingArgs, format: &Format) -> anyhow::Result<()> {
    let connection = finder.connection;
    let list = WatchedList {
        session: finder.session,
        connection,
        format,
        columns: pending_columns,
        row: |record: &PendingRecord, now| pending_row(&record.0, now),
        empty: empty(&connection.repo.to_string()),
    };
    let mut etag = None;
    let has_changed = async || {
        let filter = RunFilter::waiting();
        let runs = connection.repo();
        let runs = runs.workflow_runs_since(&filter, etag.as_deref()).await;
        Ok(is_new(
            &mut etag,
            runs.map_err(|error| connection.explain(&error))?,
        ))
    };
    let read = async || {
        let gates = find(finder, args, format).await?;
        Ok(gates.into_iter().map(PendingRecord).collect())
    };
    list.run(has_changed, read).await
}

impl WatchedRecord for PendingRecord {
    fn key(&self) -> String {
        format!("{} {}", self.0.run.id, self.0.environment())
    }

    fn has_changed(&self, before: &Self) -> bool {
        self != before
    }

    fn ended(&self) -> Option<Self> {
        Some(Self(self.0.ended()))
    }
}
