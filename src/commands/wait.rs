mod args;
mod search;

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Failure, Kind};
use crate::history::{Follow, Watched, goal_failure};
use crate::output::{DeploymentRecord, FollowedRecord, Format};
use crate::select::FilterArgs;
use crate::session::Session;
use crate::term::Term;

pub(super) use args::WaitArgs;
use search::{FIRST_REQUEST_TIMEOUT, Search};

/// How long one call is retried before waiting goes on with the next one.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

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
        return Err(Failure::new(Kind::Usage, "no deployment is given")
            .hint(
                "give deployments by their IDs, or select the newest one with -e, --ref, --sha or --task",
            )
            .into());
    }
    let filter = FilterArgs {
        since: args.since.clone(),
        ..filter
    };
    let filter = filter.to_filter()?;
    let began = Instant::now();
    let deadline = began.checked_add(args.timeout);
    let connection = session
        .connect(Some(
            CALL_TIMEOUT.min(args.timeout.max(FIRST_REQUEST_TIMEOUT)),
        ))
        .await?;
    let search = Search::new(session, &connection, args, began);
    let found = if args.ids.is_empty() {
        search.newest(&filter).await
    } else {
        search.by_ids().await
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
    let records: Vec<DeploymentRecord> = watched
        .iter()
        .map(|one| {
            connection
                .record(one.observed.clone())
                .with_history(&one.statuses)
        })
        .collect();
    session.report(&connection, "Awaited deployments", &records, || {
        print(&session.term, &format, &watched, &records)
    })?;
    // A failed deployment decides, even if others are still under way.
    match (goal_failure(&watched, args.goal), followed) {
        (Some(failure), Ok(())) => Err(failure.into()),
        (Some(failure), Err(late)) if late.kind() == Kind::TimedOut => {
            Err(failure.hint(late.message()).into())
        }
        (_, followed) => Ok(followed?),
    }
}

/// Prints the environment URLs, or the deployments in the requested format.
fn print(
    term: &Term,
    format: &Format,
    watched: &[Watched],
    records: &[DeploymentRecord],
) -> anyhow::Result<()> {
    if format.is_human() {
        let succeeded = watched.iter().filter(|one| one.has_succeeded());
        for url in succeeded.filter_map(Watched::environment_url) {
            term.line(url)?;
        }
        return Ok(());
    }
    let records: Vec<_> = records.iter().cloned().map(FollowedRecord::new).collect();
    match &records[..] {
        [record] => format.print_one(term, record, || Ok(()))?,
        records => format.print_many(term, records, Vec::new(), |_| Vec::new())?,
    }
    Ok(())
}

/// The complete SHA of an abbreviated one: the server compares complete SHAs.
fn full_sha(session: &Session, sha: Option<&str>) -> Result<Option<String>, Failure> {
    match sha {
        Some(short) if short.len() < 40 => {
            let found = session.git().ok().and_then(|git| git.commit(short));
            found.map(Some).ok_or_else(|| {
                Failure::new(
                    Kind::Usage,
                    format!("--sha {short}: no such commit in the local repository"),
                )
                .hint("give the complete SHA")
            })
        }
        sha => Ok(sha.map(str::to_owned)),
    }
}
