mod search;

use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use tokio::time::Instant;

use crate::error::{Failure, Kind};
use crate::history::{Follow, Goal, verdict};
use crate::model::{DeploymentId, parse_duration, parse_interval};
use crate::output::{DeploymentRecord, FollowedRecord};
use crate::select::{FilterArgs, parse_sha};
use crate::session::{Session, summarize_deployments, web_url, write_github_output};

use search::{FIRST_REQUEST, Search};

/// How long one call may be repeated before waiting goes on with the next.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// Wait until deployments succeed or end
///
/// Waits for the deployments with the given IDs, or for the newest one that
/// matches the filters, which need not exist yet. Changes are shown on stderr,
/// and the environment URL on stdout when a deployment has succeeded.
///
/// The history of a deployment decides: one that has succeeded and has been
/// superseded since then counts as a success, and a note says so.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Wait for a deployment and request its URL
  url=$(deployctl wait 4400000001) && curl -fsS \"$url\"

  # Wait for the preview of a commit, even if it is not requested yet
  deployctl wait -e preview/pr-7 --sha \"$(git rev-parse HEAD)\" --timeout 10m

  # Ignore the deployments of an earlier attempt
  deployctl wait -e preview/pr-7 --since 10m

  # Wait for a preview of a commit, whatever its environment is called
  deployctl wait -e 'preview/*' --sha \"$(git rev-parse HEAD)\"

  # Wait until a preview is taken down
  deployctl wait -e preview/pr-7 --for inactive")]
pub struct WaitArgs {
    /// IDs of deployments
    #[arg(value_name = "ID", conflicts_with_all = ["environment", "ref_name", "sha", "task", "since", "newer_than"])]
    pub ids: Vec<DeploymentId>,

    /// The newest deployment of this environment, or of any that matches a pattern with *, ? and [abc]
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Option<String>,

    /// Select the newest deployment of this ref, exactly as it was requested
    #[arg(long = "ref", value_name = "REF")]
    pub ref_name: Option<String>,

    /// Select the newest deployment of this commit
    #[arg(long, value_parser = parse_sha)]
    pub sha: Option<String>,

    /// Select the newest deployment of this task
    #[arg(long)]
    pub task: Option<String>,

    /// Only a deployment requested since then: 10m, 2026-01-31, 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,

    /// Only a deployment that is newer than the one with this ID
    #[arg(long, value_name = "ID")]
    pub newer_than: Option<DeploymentId>,

    /// What to wait for
    #[arg(long = "for", value_name = "END", value_enum, default_value_t)]
    pub goal: Goal,

    /// Maximum time to wait in total
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration)]
    pub timeout: Duration,

    /// Maximum time to wait for a deployment to be requested
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = parse_duration)]
    pub appear_timeout: Duration,

    /// Time between two requests; it grows while nothing changes
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval)]
    pub interval: Duration,

    /// Exit 0 if no deployment matches
    #[arg(long)]
    pub ignore_missing: bool,
}

/// Waits.
pub(super) async fn run(session: &Session, args: &WaitArgs) -> anyhow::Result<()> {
    let format = session.format::<FollowedRecord>()?;
    let filter = FilterArgs {
        environment: args.environment.iter().cloned().collect(),
        ref_name: args.ref_name.clone(),
        sha: full_sha(session, args.sha.as_deref())?,
        task: args.task.clone(),
        ..FilterArgs::default()
    };
    if args.ids.is_empty() && filter == FilterArgs::default() {
        return Err(Failure::new(Kind::Usage, "no deployment is named")
            .hint(
                "name deployments by their IDs, or the newest one with -e, --ref, --sha or --task",
            )
            .into());
    }
    let filter = FilterArgs {
        since: args.since.clone(),
        ..filter
    };
    let filter = filter.compile(&filter.now())?;
    let began = Instant::now();
    let deadline = began.checked_add(args.timeout);
    let connection = session
        .connect(Some(CALL_TIMEOUT.min(args.timeout.max(FIRST_REQUEST))))
        .await?;
    let search = Search::new(session, &connection, args, began);
    let found = if args.ids.is_empty() {
        search.newest(&filter).await
    } else {
        search.named().await
    };
    let mut watched = match found {
        Ok(watched) => watched,
        Err(failure) if args.ignore_missing && failure.kind() == Kind::NothingThere => {
            session.term.note(failure.message());
            Vec::new()
        }
        Err(failure) => return Err(failure.into()),
    };
    let follow = Follow {
        term: &session.term,
        connection: &connection,
        goal: args.goal,
        deadline,
        interval: args.interval,
    };
    let followed = follow.run(&mut watched).await;
    let term = &session.term;
    let mut records = Vec::with_capacity(watched.len());
    for one in &watched {
        let (client, repo) = (&connection.client, &connection.repo);
        let url = web_url(client.endpoints(), repo, &one.observed.deployment);
        records.push(DeploymentRecord::new(one.observed.clone(), url).with_history(&one.statuses));
        if format.is_human()
            && one.has_succeeded()
            && let Some(url) = one.environment_url()
        {
            term.line(url)?;
        }
    }
    session.note_records(&connection, &records);
    if !format.is_human() {
        let records: Vec<_> = records.iter().cloned().map(FollowedRecord::new).collect();
        match &records[..] {
            [record] => format.one(term, record, || Ok(()))?,
            records => format.many(term, records, Vec::new(), |_| Vec::new())?,
        }
    }
    for record in &records {
        write_github_output(session, record)?;
    }
    summarize_deployments(session, "Awaited deployments", &records)?;
    term.flush()?;
    // What has failed stays failed, whatever is still under way.
    match (verdict(&watched, args.goal), followed) {
        (Some(failure), Ok(())) => Err(failure.into()),
        (Some(failure), Err(late)) if late.kind() == Kind::TimedOut => {
            Err(failure.hint(late.message()).into())
        }
        (_, followed) => Ok(followed?),
    }
}

/// The commit that is meant: the server compares whole SHAs.
fn full_sha(session: &Session, sha: Option<&str>) -> Result<Option<String>, Failure> {
    match sha {
        Some(short) if short.len() < 40 => {
            let found = session.git().ok().and_then(|git| git.commit(short));
            found.map(Some).ok_or_else(|| {
                Failure::new(
                    Kind::Usage,
                    format!("--sha {short}: no such commit is here"),
                )
                .hint("give the whole SHA")
            })
        }
        sha => Ok(sha.map(str::to_owned)),
    }
}
