use clap::Args;

use crate::error::{Failure, Kind};
use crate::locks::{Obstacle, Taken, Target, Terms, take};
use crate::session::{Connection, Session, explain_lock_error, held_failure, lock_owner};

/// The option of commands that lock an environment before they deploy to it.
#[derive(Args, Clone, Debug, Default)]
pub struct TakeLockOptions {
    /// Lock the environment, so that no other deployment follows
    ///
    /// It stays locked until 'deployctl unlock'. If nothing is deployed, it is
    /// unlocked again.
    #[arg(
        long, value_name = "WHY", num_args = 0..=1, require_equals = true,
        default_missing_value = "",
    )]
    pub lock: Option<String>,
}

/// The lock that `--lock` has taken; nothing without it.
///
/// ```text
/// guard.admit(&mut new)?;
/// let lock = args.lock.take(session, &connection, &new.environment).await?; // exit code 11
/// let created = deploy(session, &connection, &guard, &new).await;
/// if created.is_err() {
///     lock.give_back().await;
/// }
/// ```
///
/// It is taken right before the deployment is requested, after
/// [`LockGuard::admit`](super::LockGuard::admit). It passes
/// [`LockGuard::confirm`](super::LockGuard::confirm), as every own lock does.
pub(crate) struct DeployLock<'a> {
    session: &'a Session,
    connection: &'a Connection,
    taken: Option<Taken>,
}

impl TakeLockOptions {
    /// Takes the lock of an environment, if that is asked for.
    pub(crate) async fn take<'a>(
        &self,
        session: &'a Session,
        connection: &'a Connection,
        environment: &str,
    ) -> Result<DeployLock<'a>, Failure> {
        let taken = match &self.lock {
            Some(reason) => Some(take_one(session, connection, environment, reason).await?),
            None => None,
        };
        Ok(DeployLock {
            session,
            connection,
            taken,
        })
    }
}

async fn take_one(
    session: &Session,
    connection: &Connection,
    environment: &str,
    reason: &str,
) -> Result<Taken, Failure> {
    let targets = Target::from_args(&[environment.to_owned()], false)
        .map_err(|message| Failure::new(Kind::Usage, message))?;
    let Connection { client, repo, .. } = connection;
    let known = connection.read_locks().await?;
    let owner = lock_owner(session, &known)?;
    let terms = Terms {
        owner: &owner,
        reason: Some(reason.trim()).filter(|reason| !reason.is_empty()),
        length: None,
        pull_request: None,
    };
    let write = take(client, repo, &targets, &terms, known);
    let hint = "the lock may have been taken; run 'deployctl lock list'";
    match session.track_write(hint, write).await {
        Ok(taken) => Ok(taken),
        Err(Obstacle::Held(held)) => Err(held_failure(held)),
        Err(Obstacle::Failed(error)) => Err(explain_lock_error(connection, &error).await),
    }
}

impl DeployLock<'_> {
    /// Whether the command holds a lock.
    pub(crate) fn is_taken(&self) -> bool {
        self.taken.is_some()
    }

    /// Gives the lock back, unless it was there before or has changed hands. If
    /// that fails, a warning says so.
    pub(crate) async fn give_back(self) {
        let Some(taken) = self.taken else {
            return;
        };
        let Connection { client, repo, .. } = self.connection;
        if let Err(error) = taken.give_back(client, repo).await {
            let failure = explain_lock_error(self.connection, &error).await;
            let message = failure.message();
            self.session
                .term
                .warn(format!("the lock could not be given back: {message}"));
        }
    }
}
