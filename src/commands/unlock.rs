use clap::Args;

use crate::error::{Failure, Kind};
use crate::locks::{Obstacle, Target, release};
use crate::output::LockRecord;
use crate::session::{
    Connection, Session, explain_lock_error, held_failure, lock_owner, lock_record,
};

/// Remove your locks of environments
///
/// A lock that changes hands in the meantime is kept. Anyone can remove a lock that
/// has expired; other locks of somebody else need --force.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Remove your lock of production
  deployctl unlock production

  # Remove the global lock, even if somebody else holds it
  deployctl unlock --global --force

  # In a script, even if nothing is locked
  deployctl unlock staging live --ignore-missing")]
pub struct UnlockArgs {
    /// Environments to unlock
    #[arg(
        value_name = "ENV",
        required_unless_present = "global",
        conflicts_with = "global"
    )]
    pub environments: Vec<String>,

    /// Remove the lock of all environments
    #[arg(long)]
    pub global: bool,

    /// Also remove locks of others
    #[arg(long)]
    pub force: bool,

    /// Exit 0 if an environment is not locked
    #[arg(long)]
    pub ignore_missing: bool,
}

pub(super) async fn run(session: &Session, args: &UnlockArgs) -> anyhow::Result<()> {
    let format = session.format::<LockRecord>()?;
    let targets = Target::from_args(&args.environments, args.global)
        .map_err(|message| Failure::new(Kind::Usage, message))?;
    let connection = session.connect(None).await?;
    let Connection { client, repo, .. } = &connection;
    let known = connection.read_locks().await?;
    let (owner, now) = (lock_owner(session, &known)?, known.now);
    let write = release(client, repo, &targets, &owner, args.force, known);
    let released = match session
        .track_write(
            "the lock may have been removed; run 'deployctl lock list'",
            write,
        )
        .await
    {
        Ok(released) => released,
        Err(Obstacle::Held(held)) => {
            return Err(held_failure(held)
                .hint("nothing was unlocked; use --force to remove the lock of somebody else")
                .into());
        }
        Err(Obstacle::Failed(error)) => {
            return Err(explain_lock_error(&connection, &error).await.into());
        }
    };
    let records: Vec<LockRecord> = released
        .removed
        .iter()
        .map(|lock| lock_record(lock, Some(&owner), now))
        .collect();
    for lock in &released.removed {
        session.term.note(format!("Unlocked {}", lock.target));
    }
    // On a terminal the notes say it all.
    if !(format.is_human() && session.term.stdout_is_tty()) {
        format.print_many(&session.term, &records, LockRecord::columns(), |record| {
            record.row(now)
        })?;
    }
    if released.missing.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = released.missing.iter().map(ToString::to_string).collect();
    let message = match &released.missing[..] {
        [Target::Global] => "there is no global lock".to_owned(),
        _ => format!("not locked: {}", names.join(", ")),
    };
    if args.ignore_missing {
        session.term.note(message);
        return Ok(());
    }
    Err(Failure::new(Kind::NothingThere, message)
        .hint("run 'deployctl lock list' to see the locks; use --ignore-missing to exit 0 in this case")
        .into())
}
