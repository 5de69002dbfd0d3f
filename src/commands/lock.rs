mod check;
mod list;

use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use tokio::time::{Instant, sleep};

use crate::error::{Failure, Kind};
use crate::locks::{Obstacle, Taken, Target, Terms, take};
use crate::model::{parse_age, parse_duration};
use crate::output::LockRecord;
use crate::session::{
    Connection, Session, explain_lock_error, held_failure, lock_owner, lock_record,
};

/// Lock environments so that nobody else can deploy to them
///
/// A lock is a branch with a file that says whose it is and why, in the format of
/// github/branch-deploy; no server is needed. It stops deployments that respect
/// locks: those of github/branch-deploy, and those of deployctl with
/// --respect-locks. The token needs permission to write contents.
#[derive(Args, Debug)]
#[command(
    subcommand_negates_reqs = true,
    override_usage = "deployctl lock [OPTIONS] <ENV>...\n       deployctl lock [OPTIONS] --global\n       deployctl lock <COMMAND>",
    after_help = "\
An environment whose name is that of a command follows --: 'deployctl lock -- list'.

Examples:
  # Lock production while the database moves
  deployctl lock production -m 'moving the database'

  # Lock two environments for an hour, both or none
  deployctl lock staging live --for 1h

  # Stop all deployments of others, waiting for a lock that somebody else holds
  deployctl lock --global --wait --timeout 10m

  # Deploy while others cannot
  deployctl lock qa --for 30m && deployctl create --ref main -e qa --respect-locks"
)]
pub struct LockArgs {
    #[command(subcommand)]
    pub command: Option<LockCommand>,

    /// Environments to lock
    #[arg(
        value_name = "ENV",
        required_unless_present = "global",
        conflicts_with = "global"
    )]
    pub environments: Vec<String>,

    /// Lock all environments, even while some are locked by others
    #[arg(long)]
    pub global: bool,

    /// Reason, shown to everyone whom the lock stops
    #[arg(short, long, value_name = "WHY")]
    pub message: Option<String>,

    /// Time after which the lock expires (github/branch-deploy ignores this)
    #[arg(long = "for", value_name = "TIME", value_parser = parse_age)]
    pub length: Option<Duration>,

    /// Pull request that the lock is for; github/branch-deploy can remove the
    /// lock when it is merged
    #[arg(long, value_name = "N")]
    pub pr: Option<u64>,

    /// Wait for a lock that somebody else holds
    #[arg(long)]
    pub wait: bool,

    /// Maximum time to wait
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "wait")]
    pub timeout: Duration,
}

#[derive(Debug, Subcommand)]
pub enum LockCommand {
    List(list::ListArgs),
    Check(check::CheckArgs),
}

/// The fields of the JSON of `check`.
pub(super) const CHECK_FIELDS: &[&str] = check::FIELDS;

/// The pauses between two requests while a lock is waited for.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

pub(super) async fn run(session: &Session, args: &LockArgs) -> anyhow::Result<()> {
    match &args.command {
        Some(LockCommand::List(args)) => list::run(session, args).await,
        Some(LockCommand::Check(args)) => check::run(session, args).await,
        None => lock(session, args).await,
    }
}

async fn lock(session: &Session, args: &LockArgs) -> anyhow::Result<()> {
    let format = session.format::<LockRecord>()?;
    let targets = Target::from_args(&args.environments, args.global)
        .map_err(|message| Failure::new(Kind::Usage, message))?;
    let connection = session.connect(None).await?;
    let Connection { client, repo, .. } = &connection;
    let deadline = Instant::now() + args.timeout;
    let mut pause = FIRST_PAUSE;
    let (taken, owner, now) = loop {
        let known = connection.read_locks().await?;
        let (owner, now) = (lock_owner(session, &known)?, known.now);
        let terms = Terms {
            owner: &owner,
            reason: args.message.as_deref(),
            length: args.length.map(SignedDuration::try_from).transpose()?,
            pull_request: args.pr,
        };
        let write = take(client, repo, &targets, &terms, known);
        let held = match session
            .track_write(
                "the lock may have been taken; run 'deployctl lock list'",
                write,
            )
            .await
        {
            Ok(taken) => break (taken, owner, now),
            Err(Obstacle::Failed(error)) => {
                return Err(explain_lock_error(&connection, &error).await.into());
            }
            Err(Obstacle::Held(held)) => held,
        };
        let failure = held_failure(held);
        let left = deadline.saturating_duration_since(Instant::now());
        if !args.wait {
            let hint = "wait for it with --wait, or remove it with 'deployctl unlock --force'";
            return Err(failure.hint(hint).into());
        }
        if left.is_zero() {
            let message = format!("--timeout reached: {}", failure.message());
            return Err(Failure::new(Kind::TimedOut, message).into());
        }
        session
            .term
            .progress(format!("{}; waiting", failure.message()));
        sleep(pause.min(left)).await;
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    };
    session.update_cache(&connection, |cache| {
        for name in &args.environments {
            cache.add_environment(name);
        }
    });
    report(session, &taken, &targets);
    let records: Vec<LockRecord> = taken
        .locks
        .iter()
        .map(|lock| lock_record(lock, Some(&owner), now))
        .collect();
    format.print_many(&session.term, &records, LockRecord::columns(), |record| {
        record.row(now)
    })?;
    Ok(())
}

/// Says which locks were yours already.
fn report(session: &Session, taken: &Taken, targets: &[Target]) {
    for target in targets {
        let branch = target.branch();
        if !taken.new.iter().any(|lock| lock.branch == branch) {
            session
                .term
                .note(format!("the lock of {target} was yours already"));
        }
    }
}
