use clap::Args;

use crate::api::{NewDeployment, NewStatus};
use crate::env;
use crate::error::Failure;
use crate::locks::{Blocked, Restrictions, SETTINGS_PATH};
use crate::model::{Deployment, StatusState};
use crate::session::{Connection, Session, explain_settings_error, lock_owner, locked_failure};

/// The options of commands that deploy, or let something be deployed.
#[derive(Args, Clone, Debug, Default)]
pub struct LockOptions {
    /// Deploy only if the environment is neither locked nor frozen
    ///
    /// This is the default in a checkout that has .github/deployctl.toml, and
    /// with DEPLOYCTL_LOCKS=1. It costs one request before and one after.
    #[arg(long, conflicts_with = "ignore_locks")]
    pub respect_locks: bool,

    /// Deploy even if the environment is locked or frozen
    ///
    /// The description of the deployment then says whose lock was ignored, by
    /// whom and why.
    #[arg(
        long, value_name = "WHY", num_args = 0..=1, require_equals = true,
        default_missing_value = "",
    )]
    pub ignore_locks: Option<String>,
}

/// Keeps a command from deploying to an environment that is locked or frozen.
///
/// ```text
/// let guard = args.locks.read(session, &connection).await?;   // one request, or none
/// guard.admit(&mut new)?;                                     // exit code 11, 1
/// let deployment = request_deployment(session, &connection, &new).await?;
/// guard.confirm(&deployment).await?;                          // ends it as `error`
/// ```
///
/// A command that creates no deployment calls [`check`](Self::check) for each
/// environment instead.
pub(crate) struct LockGuard<'a> {
    session: &'a Session,
    connection: &'a Connection,
    mode: Mode,
}

enum Mode {
    /// Locks do not matter, and were not read.
    Off,
    Respect(Box<Restrictions>),
    /// They were read to note whose lock is ignored; `None` if that failed.
    Ignore {
        restrictions: Option<Box<Restrictions>>,
        reason: Option<String>,
    },
}

/// A lock or a freeze came in after the deployment was created.
pub(crate) struct LockedMeanwhile {
    pub(crate) failure: Failure,
    /// Whether the deployment was ended.
    pub(crate) is_ended: bool,
}

impl From<LockedMeanwhile> for anyhow::Error {
    fn from(locked: LockedMeanwhile) -> Self {
        locked.failure.into()
    }
}

impl LockOptions {
    /// Reads the locks and freezes, if they matter here.
    pub(crate) async fn read<'a>(
        &self,
        session: &'a Session,
        connection: &'a Connection,
    ) -> Result<LockGuard<'a>, Failure> {
        let mode = if let Some(reason) = &self.ignore_locks {
            let restrictions = match connection.read_restrictions().await {
                Ok(restrictions) => Some(Box::new(restrictions)),
                Err(failure) => {
                    let message = failure.message();
                    session
                        .term
                        .warn(format!("the locks could not be read: {message}"));
                    None
                }
            };
            let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
            Mode::Ignore {
                restrictions,
                reason: reason.map(str::to_owned),
            }
        } else if self.respects_locks(session, connection) {
            Mode::Respect(Box::new(connection.read_restrictions().await?))
        } else {
            Mode::Off
        };
        Ok(LockGuard {
            session,
            connection,
            mode,
        })
    }

    fn respects_locks(&self, session: &Session, connection: &Connection) -> bool {
        if self.respect_locks {
            return true;
        }
        match session.env.get(env::DEPLOYCTL_LOCKS) {
            Some(_) => session.env.is_on(env::DEPLOYCTL_LOCKS),
            None => session.checkout_has_file(&connection.repo, SETTINGS_PATH),
        }
    }
}

impl LockGuard<'_> {
    /// Refuses a request for a deployment, or notes in its description whose lock
    /// is ignored.
    pub(crate) fn admit(&self, new: &mut NewDeployment) -> Result<(), Failure> {
        self.check(&new.environment, &new.task)?;
        if let Some(note) =
            self.ignored_note(&new.environment, &new.task, new.description.as_deref())?
        {
            new.description = Some(note);
        }
        Ok(())
    }

    /// Fails if the environment is locked by somebody else or frozen, or if the
    /// freezes are not valid.
    pub(crate) fn check(&self, environment: &str, task: &str) -> Result<(), Failure> {
        let Mode::Respect(restrictions) = &self.mode else {
            return Ok(());
        };
        match self.blocked(restrictions, environment, task)? {
            None => Ok(()),
            Some(blocked) => Err(locked_failure(&blocked, environment)
                .hint("run 'deployctl lock list' or 'deployctl freeze list' to see more, or use --ignore-locks=WHY")),
        }
    }

    /// With `--ignore-locks`: a description that says whose lock is ignored, by
    /// whom and why; `None` if none is.
    pub(crate) fn ignored_note(
        &self,
        environment: &str,
        task: &str,
        description: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let Mode::Ignore {
            restrictions: Some(restrictions),
            reason,
        } = &self.mode
        else {
            return Ok(None);
        };
        let owner = lock_owner(self.session, &restrictions.locks)?;
        // Settings that are not valid freeze nothing that could be ignored.
        let blocked = restrictions
            .blocked(environment, task, &owner)
            .ok()
            .flatten();
        let Some(blocked) = blocked else {
            return Ok(None);
        };
        self.session
            .term
            .warn(format!("{}; ignored", blocked.describe(environment)));
        Ok(Some(blocked.note_ignored(
            description,
            &owner,
            reason.as_deref(),
        )))
    }

    /// Reads the locks once more: one that came in between wins, and the new
    /// deployment ends as `error`. So it does if that cannot be found out.
    pub(crate) async fn confirm(&self, deployment: &Deployment) -> Result<(), LockedMeanwhile> {
        if !matches!(self.mode, Mode::Respect(_)) {
            return Ok(());
        }
        let (failure, description) = match self.connection.read_restrictions().await {
            Ok(restrictions) => {
                let (environment, task) = (&deployment.environment, &deployment.task);
                match self.blocked(&restrictions, environment, task) {
                    Ok(None) => return Ok(()),
                    Ok(Some(blocked)) => {
                        (locked_failure(&blocked, environment), blocked.in_short())
                    }
                    Err(failure) => (failure, "the freezes are not valid".to_owned()),
                }
            }
            Err(failure) => (failure, "the locks could not be read".to_owned()),
        };
        Err(self.end(deployment, failure, description).await)
    }

    /// Ends a deployment as `error`, and adds to the failure whether that worked.
    async fn end(
        &self,
        deployment: &Deployment,
        failure: Failure,
        description: String,
    ) -> LockedMeanwhile {
        let id = deployment.id;
        let status = NewStatus::new(StatusState::Error).description(description);
        let repo = self.connection.repo();
        let handle = repo.deployment(id);
        let ended = self.session.track_write(
            "the deployment may have been ended",
            handle.create_status(&status),
        );
        let failure = failure.detail("deployment", id);
        let (is_ended, hint) = match ended.await {
            Ok(_) => (
                true,
                format!("deployment {id} had been created already and was ended as error"),
            ),
            Err(error) => {
                let message = self.connection.explain(&error);
                let hint = format!(
                    "deployment {id} had been created already and could not be ended: {message}; run 'deployctl status set {id} error'"
                );
                (false, hint)
            }
        };
        LockedMeanwhile {
            failure: failure.hint(hint),
            is_ended,
        }
    }

    fn blocked(
        &self,
        restrictions: &Restrictions,
        environment: &str,
        task: &str,
    ) -> Result<Option<Blocked>, Failure> {
        let owner = lock_owner(self.session, &restrictions.locks)?;
        restrictions
            .blocked(environment, task, &owner)
            .map_err(explain_settings_error)
    }
}
