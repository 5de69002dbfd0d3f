use std::collections::HashMap;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::api::{Fetched, RunFilter};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::gates::{
    Finder, Gate, PendingRecord, RunSelection, parse_run_sha, pending_columns, pending_row,
};
use crate::model::{Endpoints, Pattern, RepoSlug};
use crate::output::Format;
use crate::session::Session;

/// Clears the terminal, and starts at its top.
const CLEAR: &[u8] = b"\x1b[H\x1b[2J";
/// How often --watch requests the list.
const WATCH_INTERVAL: Duration = Duration::from_secs(5);
/// How often --watch requests what the runs wait for while the list is the same.
const REFRESH_INTERVAL: Duration = Duration::from_secs(30);

/// List workflow runs that wait for an approval, a timer or an app
///
/// Prints one row for each waiting run and environment: a table on a terminal,
/// otherwise tab-separated lines with run, workflow, environment, ref, SHA, what
/// the run waits for, what you may do about it, and since when it waits.
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
    #[arg(long, conflicts_with = "exit_status")]
    pub watch: bool,

    /// Open the list of waiting runs in a web browser
    #[arg(short, long, conflicts_with_all = ["watch", "exit_status"])]
    pub web: bool,
}

pub(super) async fn run(session: &Session, args: &PendingArgs) -> anyhow::Result<()> {
    let format = session.format::<PendingRecord>()?;
    if args.web {
        return session.open_repository_page(waiting_page).await;
    }
    if args.watch && session.global.json.is_some() && session.global.jsonl.is_none() {
        let what = "--watch and --json cannot be used together";
        return Err(Failure::new(Kind::Usage, what)
            .hint("use --jsonl for one object per change")
            .into());
    }
    let connection = session.connect(None).await?;
    let finder = Finder {
        session,
        connection: &connection,
    };
    if args.watch {
        return watch(&finder, args, &format).await;
    }
    let spinner = session.term.spinner("requesting the waiting runs");
    let gates = find(&finder, args, &format).await?;
    drop(spinner);
    session.term.page();
    if gates.is_empty() {
        let what = format!("no run waits in {}", connection.repo);
        session.term.note(what);
    }
    let now = connection.client.server_now();
    let is_empty = gates.is_empty();
    print(session, &format, gates, now)?;
    if args.exit_status && !is_empty {
        session.exit_with(exit::NOT_FINISHED);
    }
    Ok(())
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

fn print(
    session: &Session,
    format: &Format,
    gates: Vec<Gate>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let records: Vec<PendingRecord> = gates.into_iter().map(PendingRecord).collect();
    format.print_many(&session.term, &records, pending_columns(), |record| {
        pending_row(&record.0, now)
    })?;
    Ok(())
}

/// Waits until the list of waiting runs is another one, or until what the runs
/// wait for may have changed.
async fn until_changed(finder: &Finder<'_>, etag: &mut Option<String>) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        sleep(WATCH_INTERVAL).await;
        let repo = finder.connection.repo();
        let filter = RunFilter::waiting();
        let runs = repo.workflow_runs_since(&filter, etag.as_deref()).await;
        match runs.map_err(|error| finder.connection.explain(&error))? {
            Fetched::NotModified { .. } if began.elapsed() < REFRESH_INTERVAL => {}
            Fetched::NotModified { .. } => return Ok(()),
            Fetched::Fresh { etag: new, .. } => {
                *etag = new;
                return Ok(());
            }
        }
    }
}

/// Prints the list, then each row that is new or has changed. On a terminal the
/// whole list is printed again.
async fn watch(finder: &Finder<'_>, args: &PendingArgs, format: &Format) -> anyhow::Result<()> {
    let term = &finder.session.term;
    let redraws = format.is_human() && term.stdout_is_tty();
    let mut known: HashMap<(u64, String), Gate> = HashMap::new();
    let mut is_first = true;
    let mut etag = None;
    loop {
        let gates = find(finder, args, format).await?;
        let key = |gate: &Gate| (gate.run.id.0, gate.environment().to_owned());
        let now = finder.connection.client.server_now();
        let has_changed = gates.len() != known.len()
            || gates.iter().any(|gate| known.get(&key(gate)) != Some(gate));
        if redraws {
            if has_changed || is_first {
                term.bytes(CLEAR)?;
                if gates.is_empty() {
                    term.line(format!("no run waits in {}", finder.connection.repo))?;
                }
                print(finder.session, format, gates.clone(), now)?;
            }
        } else {
            let mut changed: Vec<Gate> = gates
                .iter()
                .filter(|gate| known.get(&key(gate)) != Some(gate))
                .cloned()
                .collect();
            let is_gone = |gone: &&Gate| gates.iter().all(|gate| key(gate) != key(gone));
            changed.extend(known.values().filter(is_gone).map(Gate::ended));
            print(finder.session, format, changed, now)?;
        }
        term.flush()?;
        is_first = false;
        known = gates.into_iter().map(|gate| (key(&gate), gate)).collect();
        until_changed(finder, &mut etag).await?;
    }
}
