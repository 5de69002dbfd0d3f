use clap::Args;

use crate::output::LockRecord;
use crate::session::{Session, lock_owner, lock_record};

/// List the locks of a repository
///
/// Prints a table on a terminal, and otherwise tab-separated lines: environment
/// (global for all), state, owner, since, until, reason. An expired lock counts as
/// free; one that is unreadable counts as locked by somebody unknown.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what is locked, by whom and why
  deployctl lock list

  # The environments that are locked by others
  deployctl lock list --jq '.[] | select(.yours == false) | .environment'

  # Who holds the lock of production
  deployctl lock list --jq '.[] | select(.environment == \"production\") | .created_by'")]
pub struct ListArgs {}

pub(super) async fn run(session: &Session, _args: &ListArgs) -> anyhow::Result<()> {
    let format = session.format::<LockRecord>()?;
    let connection = session.connect(None).await?;
    let locks = connection.read_locks().await?;
    // Without an owner, no lock is yours.
    let owner = lock_owner(session, &locks).ok();
    let records: Vec<LockRecord> = locks
        .all
        .iter()
        .map(|lock| lock_record(lock, owner.as_deref(), locks.now))
        .collect();
    if records.is_empty() {
        session
            .term
            .progress(format!("nothing is locked in {}", connection.repo));
    }
    session.term.page();
    format.print_many(&session.term, &records, LockRecord::columns(), |record| {
        record.row(locks.now)
    })?;
    Ok(())
}
