use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;

use crate::exit;
use crate::locks::{Blocked, LockFile, Restrictions, Target};
use crate::output::{Cell, Column, Record, record};
use crate::session::{Session, explain_lock_error, explain_settings_error, lock_owner};
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
    #[arg(value_name = "ENV", required = true)]
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
    let restrictions = match Restrictions::read(&connection.client, &connection.repo).await {
        Ok(restrictions) => restrictions,
        Err(error) => return Err(explain_lock_error(&connection, &error).await.into()),
    };
    let owner = lock_owner(session, &restrictions.locks)?;
    let mut records = Vec::new();
    for environment in &args.environments {
        let blocked = restrictions
            .blocked(environment, &args.task, &owner)
            .map_err(explain_settings_error)?;
        records.push(CheckRecord::new(
            environment,
            blocked,
            &restrictions,
            &owner,
        ));
    }
    if records.iter().any(|record| record.message.is_some()) {
        session.exit_with(exit::LOCKED);
    }
    let now = restrictions.locks.now;
    format.print_many(&session.term, &records, columns(), |record| {
        row(record, now)
    })?;
    Ok(())
}

impl CheckRecord {
    fn new(
        environment: &str,
        blocked: Option<Blocked>,
        restrictions: &Restrictions,
        owner: &str,
    ) -> Self {
        let free = Self {
            environment: environment.to_owned(),
            state: "free",
            created_by: None,
            since: None,
            until: None,
            reason: None,
            message: None,
        };
        let Some(blocked) = blocked else {
            let target = Target::Environment(environment.to_owned());
            let own = restrictions.locks.of(&target);
            let own = own
                .filter(|lock| lock.is_owned_by(owner) && !lock.is_expired(restrictions.locks.now));
            let file = own.and_then(|lock| lock.file.as_ref().ok());
            return Self {
                state: if own.is_some() { "yours" } else { "free" },
                created_by: file.map(|file| file.created_by.clone()),
                since: file.and_then(LockFile::created_at),
                until: file.and_then(|file| file.expires_at),
                reason: file.and_then(LockFile::reason),
                ..free
            };
        };
        let message = Some(blocked.describe(environment));
        let reason = blocked.reason();
        match blocked {
            Blocked::Locked(lock) => {
                let file = lock.file.as_ref().ok();
                Self {
                    state: "locked",
                    created_by: lock.owner().map(str::to_owned),
                    since: file.and_then(LockFile::created_at),
                    until: file.and_then(|file| file.expires_at),
                    reason,
                    message,
                    ..free
                }
            }
            Blocked::Frozen { until, .. } => Self {
                state: "frozen",
                until,
                reason,
                message,
                ..free
            },
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("ENVIRONMENT", 12),
        Column::rigid("STATE"),
        Column::flexible("BY", 8),
        Column::rigid("SINCE"),
        Column::rigid("UNTIL"),
        Column::flexible("REASON", 12),
    ]
}

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
