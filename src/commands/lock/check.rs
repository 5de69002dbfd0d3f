use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;

use crate::exit;
use crate::locks::{Blocked, Lock, LockFile, Locks, Target};
use crate::output::{Cell, LockRecord, Record, record};
use crate::session::{Session, explain_settings_error, lock_owner};
use crate::term::Role;

/// Check whether you may deploy to environments
///
/// Exits 0 if all of them are free or locked by you, and 11 if one is locked by
/// somebody else or frozen. Prints a table on a terminal, and otherwise
/// tab-separated lines: environment, state (free, yours, locked, frozen), owner,
/// since, until, reason. It only reads.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Check whether you may deploy to production
  deployctl lock check production

  # Deploy with another tool if nothing is locked or frozen
  deployctl lock check staging && ./deploy.sh

  # Check whether a hotfix may be deployed during a freeze
  deployctl lock check production --task hotfix

  # The states of several environments
  deployctl lock check qa live --json=environment,state")]
pub struct CheckArgs {
    /// Environments to check
    #[arg(value_name = "ENV", required = true, value_parser = NonEmptyStringValueParser::new())]
    pub environments: Vec<String>,

    /// Task to deploy, which a freeze may allow
    #[arg(long, default_value = "deploy", value_parser = NonEmptyStringValueParser::new())]
    pub task: String,
}

/// Whether one may deploy to an environment, as `--json` prints it.
#[derive(Debug)]
struct CheckRecord {
    environment: String,
    state: &'static str,
    /// Who holds the lock, even if it is the caller.
    created_by: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    reason: Option<String>,
    /// The sentence that explains why one may not.
    message: Option<String>,
}

record!(CheckRecord, |record| {
    "environment": record.environment,
    "state": record.state,
    "created_by": record.created_by,
    "since": record.since,
    "until": record.until,
    "reason": record.reason,
    "message": record.message,
});

pub(super) const FIELDS: &[&str] = CheckRecord::FIELDS;

pub(super) async fn run(session: &Session, args: &CheckArgs) -> anyhow::Result<()> {
    let format = session.format::<CheckRecord>()?;
    let connection = session.connect(None).await?;
    let restrictions = connection.read_restrictions().await?;
    let locks = &restrictions.locks;
    let owner = lock_owner(session, locks)?;
    let mut records = Vec::new();
    for environment in &args.environments {
        let blocked = restrictions
            .blocked(environment, &args.task, &owner)
            .map_err(explain_settings_error)?;
        let record = CheckRecord::new(environment, blocked.as_ref(), locks, &owner);
        records.push(record);
    }
    if records.iter().any(|record| record.message.is_some()) {
        session.exit_with(exit::LOCKED);
    }
    let now = locks.now;
    format.print_many(&session.term, &records, LockRecord::columns(), |record| {
        row(record, now)
    })?;
    Ok(())
}

impl CheckRecord {
    fn new(environment: &str, blocked: Option<&Blocked>, locks: &Locks, owner: &str) -> Self {
        let target = Target::Environment(environment.to_owned());
        let is_own = |lock: &&Lock| lock.is_owned_by(owner) && !lock.is_expired(locks.now);
        let (state, lock) = match blocked {
            Some(Blocked::Locked(lock)) => ("locked", Some(&**lock)),
            Some(Blocked::Frozen { .. }) => ("frozen", None),
            None => match locks.of(&target).filter(is_own) {
                Some(own) => ("yours", Some(own)),
                None => ("free", None),
            },
        };
        let file = lock.and_then(|lock| lock.file.as_ref().ok());
        Self {
            environment: environment.to_owned(),
            state,
            created_by: file.map(|file| file.created_by.clone()),
            since: file.and_then(LockFile::created_at),
            until: match blocked {
                Some(Blocked::Frozen { until, .. }) => *until,
                _ => file.and_then(|file| file.expires_at),
            },
            reason: match blocked {
                Some(blocked) => blocked.reason(),
                None => file.and_then(LockFile::reason),
            },
            message: blocked.map(|blocked| blocked.describe(environment)),
        }
    }
}

/// The row of a table with the columns of the list of locks.
fn row(record: &CheckRecord, now: Timestamp) -> Vec<Cell> {
    let role = if record.message.is_some() {
        Role::Failure
    } else {
        Role::Success
    };
    vec![
        Cell::new(record.environment.as_str()).role(Role::Id),
        Cell::new(record.state).role(role),
        Cell::new(record.created_by.as_deref().unwrap_or_default()),
        Cell::ago(record.since, now),
        Cell::ago(record.until, now),
        Cell::new(record.reason.as_deref().unwrap_or_default()),
    ]
}
