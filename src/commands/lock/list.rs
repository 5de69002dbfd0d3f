use clap::Args;
use jiff::Timestamp;

use crate::output::{LockRecord, RepositoryRecord};
use crate::session::{Connection, RepositoryArgs, Session, lock_owner, lock_record};

/// List the locks of a repository, or of several
///
/// Prints a table on a terminal, and otherwise tab-separated lines: environment
/// (global for all), state, owner, since, until, reason; the repository comes first
/// if several are selected. An expired lock counts as free; one that is unreadable
/// counts as locked by somebody unknown.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what is locked, by whom and why
  deployctl lock list

  # Everything that is locked in the repositories of an organization
  deployctl lock list --org acme

  # The environments that are locked by others
  deployctl lock list --jq '.[] | select(.yours == false) | .environment'

  # Who holds the lock of production
  deployctl lock list --jq '.[] | select(.environment == \"production\") | .created_by'")]
pub struct ListArgs {
    #[command(flatten)]
    pub repositories: RepositoryArgs,
}

pub(super) async fn run(session: &Session, args: &ListArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<LockRecord>(several)?;
    let mut repositories = session.connect_all(&args.repositories, None).await?;
    let place = repositories.place();
    let read = async |connection: &Connection| Ok(connection.read_locks().await?);
    let found = repositories.read_each(read).await?;
    let mut now = Timestamp::now();
    let mut records = Vec::new();
    for (connection, locks) in &found {
        now = locks.now;
        // Without an owner, no lock is yours.
        let owner = lock_owner(session, locks).ok();
        records.extend(locks.all.iter().map(|lock| {
            let record = lock_record(lock, owner.as_deref(), locks.now);
            RepositoryRecord::new(several.then_some(&connection.repo), record)
        }));
    }
    if records.is_empty() {
        session
            .term
            .progress(format!("nothing is locked in {place}"));
    }
    session.term.page();
    let columns = RepositoryRecord::<LockRecord>::columns(several, LockRecord::columns());
    format.print_many(&session.term, &records, columns, |record| {
        record.row(|lock| lock.row(now))
    })?;
    repositories.unreadable.report(session);
    Ok(())
}
