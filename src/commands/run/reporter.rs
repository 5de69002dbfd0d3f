use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::assignment::{Assignment, claimed_by_agent};
use super::context::RunContext;
use super::outbox::RunOutbox;
use super::signals::Signals;
use crate::api::{ApiError, Client, NewStatus};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, Status, StatusId, StatusState};
use crate::outbox::claims::OwnerBefore;
use crate::outbox::{DeliveryOutcome, DeploymentRef, Origin, OutboxError, RunNote};
use crate::process::ProcessIdentity;
use crate::session::{Connection, Permission, Session, warn_of_omitted};

/// How long `in_progress` is retried before the command starts anyway.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the final status is retried before it is left for later.
const END_TIMEOUT: Duration = Duration::from_secs(30);
/// The same after a signal.
const END_TIMEOUT_AFTER_SIGNAL: Duration = Duration::from_secs(3);
/// The pause before the check whether an agent was first, so that its latest
/// status is visible; it doubles with each check.
const FIRST_CHECK_DELAY: Duration = Duration::from_millis(250);
/// How often the statuses are read until they include our own.
const MAX_CHECKS: u32 = 4;
/// How long one call may take with its retries.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// Reports on one deployment, and never loses the final status.
pub(super) struct Reporter<'a> {
    session: &'a Session,
    connection: &'a Connection,
    client: Client,
    outbox: RunOutbox,
    deployment: DeploymentRef,
    note: RunNote,
    last_status_before: Option<StatusId>,
}

impl<'a> Reporter<'a> {
    /// Records the run, so that its end is reported even if this process is
    /// killed.
    pub(super) fn open(
        context: &RunContext<'a>,
        mut outbox: RunOutbox,
        assignment: &Assignment,
        output: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let (session, connection) = (context.session, context.connection);
        let Origin {
            root,
            host,
            host_is_named,
        } = connection.origin.clone();
        let id = assignment.deployment.id;
        let deployment =
            DeploymentRef::new(root, connection.repo.clone(), id).with_host(host, host_is_named);
        let note = outbox.write(session, |outbox| match assignment.request {
            Some(request) => outbox.note_created(request, &deployment, &context.urls, output),
            None => outbox.note_run(
                &deployment,
                assignment.last_status_before,
                &context.urls,
                output,
            ),
        })?;
        let client = connection.client.with_deadline(CALL_TIMEOUT)?;
        Ok(Self {
            session,
            connection,
            client,
            outbox,
            deployment,
            note,
            last_status_before: assignment.last_status_before,
        })
    }

    /// Reports `in_progress`. Returns whether the server has it; if it can't be
    /// reached, the report is sent later.
    ///
    /// # Errors
    /// If the server will never accept a report, or if an agent has claimed the
    /// deployment first: then the command must not run.
    pub(super) async fn begin(&self, progress: &NewStatus) -> anyhow::Result<bool> {
        let entry =
            self.outbox
                .outbox
                .store(&self.deployment, progress, self.last_status_before)?;
        let deadline = Instant::now() + BEGIN_TIMEOUT;
        let deliveries = self
            .outbox
            .outbox
            .deliver_to(&self.client, &self.deployment, deadline)
            .await?;
        let outcome = deliveries.into_iter().next_back().map(|last| last.outcome);
        let error = match outcome {
            // If another process delivers it, that process finds or sends it.
            None
            | Some(
                DeliveryOutcome::Sent(_)
                | DeliveryOutcome::AlreadyThere
                | DeliveryOutcome::TooLate(_),
            ) => {
                self.yield_to_agents().await?;
                return Ok(true);
            }
            Some(DeliveryOutcome::Waiting(None)) => None,
            Some(DeliveryOutcome::Waiting(Some(error))) if is_temporary(&error) => Some(error),
            Some(DeliveryOutcome::Waiting(Some(error)) | DeliveryOutcome::Refused(error)) => {
                self.outbox.outbox.remove(entry)?;
                self.outbox.outbox.forget_run(self.note)?;
                return Err(self.refused(&error).into());
            }
        };
        self.session.term.warn(format!(
            "in_progress could not be reported yet{}: the command is run anyway",
            because(error.as_ref())
        ));
        Ok(false)
    }

    /// An agent may have claimed the deployment before it was in progress: the
    /// order of the statuses shows which of the two was first.
    async fn yield_to_agents(&self) -> anyhow::Result<()> {
        let DeploymentRef {
            repo,
            id: deployment,
            ..
        } = &self.deployment;
        let mut pause = FIRST_CHECK_DELAY;
        let mut cause = None;
        for _ in 0..MAX_CHECKS {
            sleep(pause).await;
            pause *= 2;
            match self
                .client
                .repo(repo)
                .deployment(*deployment)
                .status_history()
                .await
            {
                Ok((statuses, _)) => {
                    match OwnerBefore::from_statuses(&statuses, self.last_status_before) {
                        OwnerBefore::Nobody => return Ok(()),
                        OwnerBefore::Agent(owner) => {
                            self.outbox.outbox.forget_run(self.note)?;
                            return Err(claimed_by_agent(*deployment, &owner.claim.name).into());
                        }
                        OwnerBefore::Ended(end) => {
                            self.restore_end(&end).await?;
                            return Err(already_ended(*deployment, &end.state).into());
                        }
                        OwnerBefore::NotListed => {}
                    }
                }
                Err(error) => {
                    cause = Some(error);
                    break;
                }
            }
        }
        self.session.term.warn(format!(
            "it is not known whether an agent has claimed the deployment first{}: the command is run anyway",
            because(cause.as_ref())
        ));
        Ok(())
    }

    /// Our `in_progress` came after the end of the deployment. The end is reported
    /// again, so that it is the last status.
    async fn restore_end(&self, end: &Status) -> Result<(), OutboxError> {
        let again = NewStatus {
            description: end.description().map(str::to_owned),
            log_url: end.log_url().map(str::to_owned),
            environment_url: end.environment_url().map(str::to_owned),
            ..NewStatus::new(end.state.clone())
        };
        self.outbox.outbox.end_run(self.note, &again, false)?;
        let deadline = Instant::now() + BEGIN_TIMEOUT;
        self.outbox
            .outbox
            .deliver_to(&self.client, &self.deployment, deadline)
            .await?;
        Ok(())
    }

    /// Records the process of the command.
    pub(super) fn note_process(&self, pid: u32) {
        if let Some(mark) = ProcessIdentity::of(pid) {
            // If it fails, a kill is reported before the command has ended.
            drop(self.outbox.outbox.note_command(self.note, &mark));
        }
    }

    /// Reports `in_progress` again. Returns whether the server has it.
    pub(super) async fn beat(&self, progress: &NewStatus) -> bool {
        let is_owed = self
            .outbox
            .outbox
            .stored_statuses(Some(&self.deployment.origin.root))
            .is_ok_and(|stored| {
                stored
                    .iter()
                    .any(|status| status.deployment == self.deployment)
            });
        let result = if is_owed {
            let deadline = Instant::now() + BEGIN_TIMEOUT;
            let sent = self
                .outbox
                .outbox
                .deliver_to(&self.client, &self.deployment, deadline)
                .await;
            sent.map(|all| all.iter().all(|one| one.outcome.is_done()))
                .map_err(|error| error.to_string())
        } else {
            let DeploymentRef {
                repo,
                id: deployment,
                ..
            } = &self.deployment;
            let sent = self
                .client
                .repo(repo)
                .deployment(*deployment)
                .create_status(progress)
                .await;
            sent.map(|_| true).map_err(|error| error.to_string())
        };
        result.unwrap_or_else(|error| {
            let term = &self.session.term;
            term.verbose(format!("in_progress could not be reported again: {error}"));
            false
        })
    }

    /// Reports the end. A status that can't be sent now is stored, with a warning.
    /// Returns the status that the server has. If `has_begun` is false, an agent
    /// may have claimed the deployment.
    pub(super) async fn end(
        &self,
        status: &NewStatus,
        has_begun: bool,
        signals: &mut Signals,
    ) -> Option<Status> {
        let error = match self.try_end(status, has_begun, signals).await {
            Ok(sent) => return sent,
            Err(error) => error,
        };
        // The status cannot be stored, so this is the last attempt.
        let DeploymentRef {
            repo,
            id: deployment,
            ..
        } = &self.deployment;
        let term = &self.session.term;
        match self
            .client
            .repo(repo)
            .deployment(*deployment)
            .create_status(status)
            .await
        {
            Ok(sent) => Some(sent),
            Err(refusal) => {
                term.error(
                    format!(
                        "the end of deployment {deployment}, {}, could be neither reported ({refusal}) nor stored: {error}",
                        status.state
                    ),
                    &[format!(
                        "report it with 'deployctl status set {deployment} {}'",
                        status.state
                    )],
                );
                None
            }
        }
    }

    async fn try_end(
        &self,
        status: &NewStatus,
        has_begun: bool,
        signals: &mut Signals,
    ) -> Result<Option<Status>, OutboxError> {
        self.outbox.outbox.end_run(self.note, status, !has_begun)?;
        let deadline = Instant::now() + END_TIMEOUT;
        let deliveries = {
            let sending = self
                .outbox
                .outbox
                .deliver_to(&self.client, &self.deployment, deadline);
            let mut sending = std::pin::pin!(sending);
            tokio::select! {
                deliveries = &mut sending => deliveries?,
                _ = signals.next() => {
                    let Ok(deliveries) = timeout(END_TIMEOUT_AFTER_SIGNAL, sending).await else {
                        self.warn_of_stored_end(None);
                        return Ok(None);
                    };
                    deliveries?
                }
            }
        };
        let term = &self.session.term;
        let id = self.deployment.id;
        let own = deliveries
            .into_iter()
            .rev()
            .find(|one| one.stored.status == *status);
        if let Some(own) = &own {
            warn_of_omitted(term, own);
        }
        match own.map(|one| one.outcome) {
            Some(DeliveryOutcome::Sent(status)) => return Ok(Some(*status)),
            Some(DeliveryOutcome::TooLate(state)) => term.warn(format!(
                "deployment {id} is already {state}: {} was not reported",
                status.state
            )),
            Some(DeliveryOutcome::Refused(error)) => term.error(
                format!("the server refuses the end of deployment {id}: {error}"),
                &["run 'deployctl flush --list' to see it; --drop deletes it".to_owned()],
            ),
            Some(DeliveryOutcome::Waiting(error)) => self.warn_of_stored_end(error.as_ref()),
            // If another process delivers it, that process finds or sends it.
            Some(DeliveryOutcome::AlreadyThere) | None => {}
        }
        Ok(None)
    }

    /// Warns that the end is not reported yet.
    fn warn_of_stored_end(&self, error: Option<&ApiError>) {
        let id = self.deployment.id;
        let term = &self.session.term;
        if !self.outbox.is_persistent() {
            term.error(
                format!(
                    "the end of deployment {id} could not be reported{}",
                    because(error)
                ),
                &[format!("report it with 'deployctl status set {id} STATE'")],
            );
            return;
        }
        term.warn(format!(
            "the end of deployment {id} could not be reported{}: it is stored",
            because(error)
        ));
        term.hint("the next deployctl command for this server, or 'deployctl flush', sends it");
    }

    fn refused(&self, error: &ApiError) -> Failure {
        let id = self.deployment.id;
        self.connection
            .explain_for_deployment(id, error)
            .hint("nothing was run: the result could not be reported")
            .hint(Permission::WriteDeployments.hint())
    }
}

/// The failure for a deployment that ended before this run began.
fn already_ended(id: DeploymentId, state: &StatusState) -> Failure {
    Failure::new(
        Kind::Other,
        format!("deployment {id} had already ended in {state}: nothing was run"),
    )
    .detail("deployment", id)
    .detail("state", state)
}

fn is_temporary(error: &ApiError) -> bool {
    error.is_temporary() || matches!(error, ApiError::Ambiguous { .. } | ApiError::Unexpected(_))
}

fn because(error: Option<&ApiError>) -> String {
    error.map_or_else(String::new, |error| format!(" ({error})"))
}
