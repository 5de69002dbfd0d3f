use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::deployment::Taken;
use super::keeping::Keeping;
use super::signals::Signals;
use crate::api::{ApiError, Client, NewStatus};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, Status, StatusId, StatusState};
use crate::outbox::claims::Before;
use crate::outbox::{Note, Origin, OutboxError, Outcome, Place};
use crate::process::Mark;
use crate::process::report::Addresses;
use crate::session::{Connection, Session, history_failure, warn_of_omitted};

/// How long the report of the beginning is tried before the command starts.
const BEGINNING: Duration = Duration::from_secs(10);
/// How long the final status is tried before it is left for later.
const ENDING: Duration = Duration::from_secs(30);
/// The same once the user has no more patience.
const ENDING_IN_A_HURRY: Duration = Duration::from_secs(3);
/// The pause before it is looked whether an agent was first, so that what the
/// server still wrote is seen; it doubles with each look.
const SETTLING: Duration = Duration::from_millis(250);
/// So often a list is read that does not show our own status yet.
const LOOKS: u32 = 4;
/// How long one call may take with its repeats.
const CALL: Duration = Duration::from_secs(10);

/// Reports on one deployment, and loses no final status.
pub(super) struct Reporter<'a> {
    session: &'a Session,
    connection: &'a Connection,
    client: Client,
    keeping: Keeping,
    place: Place,
    note: Note,
    after: Option<StatusId>,
}

impl<'a> Reporter<'a> {
    /// Notes the run, so that its end will be reported even if this process is
    /// killed.
    pub(super) fn open(
        session: &'a Session,
        connection: &'a Connection,
        mut keeping: Keeping,
        taken: &Taken,
        addresses: &Addresses,
        output: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let Origin {
            root,
            host,
            host_is_named,
        } = connection.origin.clone();
        let id = taken.deployment.id;
        let place = Place::new(root, connection.repo.clone(), id).on_host(host, host_is_named);
        let note = keeping.write(session, |outbox| match taken.request {
            Some(request) => outbox.created(request, &place, addresses, output),
            None => outbox.note(&place, taken.after, addresses, output),
        })?;
        let client = connection.client.with_patience(CALL)?;
        Ok(Self {
            session,
            connection,
            client,
            keeping,
            place,
            note,
            after: taken.after,
        })
    }

    /// Reports that it begins. Returns whether the server knows; if it can't be
    /// reached, it is told later.
    ///
    /// # Errors
    /// If the server will never take a report, or an agent has claimed the
    /// deployment first: then nothing is to be run.
    pub(super) async fn begin(&self, progress: &NewStatus) -> anyhow::Result<bool> {
        let entry = self
            .keeping
            .outbox
            .keep(&self.place, progress, self.after)?;
        let deadline = Instant::now() + BEGINNING;
        let deliveries = self
            .keeping
            .outbox
            .deliver_to(&self.client, &self.place, deadline)
            .await?;
        let outcome = deliveries.into_iter().next_back().map(|last| last.outcome);
        let error = match outcome {
            // Whoever else sent it has found it, or sent it.
            None | Some(Outcome::Sent(_) | Outcome::WasThere | Outcome::TooLate(_)) => {
                self.stand_down_for_agents().await?;
                return Ok(true);
            }
            Some(Outcome::Waits(None)) => None,
            Some(Outcome::Waits(Some(error))) if is_passing(&error) => Some(error),
            Some(Outcome::Waits(Some(error)) | Outcome::Refused(error)) => {
                self.keeping.outbox.remove(entry)?;
                self.keeping.outbox.forget(self.note)?;
                return Err(self.refused(&error).into());
            }
        };
        self.session.term.warn(format!(
            "in_progress could not be reported yet{}: the command is run all the same",
            because(error.as_ref())
        ));
        Ok(false)
    }

    /// An agent may have heard of the deployment and claimed it before it was
    /// said to be in progress: who was first is seen by the order of the
    /// statuses.
    async fn stand_down_for_agents(&self) -> anyhow::Result<()> {
        let Place {
            repo, deployment, ..
        } = &self.place;
        let mut pause = SETTLING;
        let mut why = None;
        for _ in 0..LOOKS {
            sleep(pause).await;
            pause *= 2;
            match self
                .client
                .repo(repo)
                .deployment(*deployment)
                .status_history()
                .await
            {
                Ok((statuses, _)) => match Before::of(&statuses, self.after) {
                    Before::Nobody => return Ok(()),
                    Before::Agent(owner) => {
                        self.keeping.outbox.forget(self.note)?;
                        return Err(claimed(*deployment, &owner.claim.name).into());
                    }
                    Before::Ended(end) => {
                        self.put_back(&end).await?;
                        return Err(had_its_end(*deployment, &end.state).into());
                    }
                    Before::Unseen => {}
                },
                Err(error) => {
                    why = Some(error);
                    break;
                }
            }
        }
        self.session.term.warn(format!(
            "it could not be told whether an agent claimed the deployment first{}: the command is run all the same",
            because(why.as_ref())
        ));
        Ok(())
    }

    /// Our word that it is in progress came after the end, and must not be the
    /// last one.
    async fn put_back(&self, end: &Status) -> Result<(), OutboxError> {
        let again = NewStatus {
            description: end.description().map(str::to_owned),
            log_url: end.log_url().map(str::to_owned),
            environment_url: end.environment_url().map(str::to_owned),
            ..NewStatus::new(end.state.clone())
        };
        self.keeping.outbox.end(self.note, &again, false)?;
        let deadline = Instant::now() + BEGINNING;
        self.keeping
            .outbox
            .deliver_to(&self.client, &self.place, deadline)
            .await?;
        Ok(())
    }

    /// Notes the process of the command that was started.
    pub(super) fn started(&self, pid: u32) {
        if let Some(mark) = Mark::of(pid) {
            // Without it a kill is reported at once.
            drop(self.keeping.outbox.note_command(self.note, &mark));
        }
    }

    /// Says once more that it is in progress. Returns whether the server knows.
    pub(super) async fn beat(&self, progress: &NewStatus) -> bool {
        let is_owed = self
            .keeping
            .outbox
            .entries(Some(&self.place.origin.root))
            .is_ok_and(|entries| entries.iter().any(|entry| entry.place == self.place));
        let result = if is_owed {
            let deadline = Instant::now() + BEGINNING;
            let sent = self
                .keeping
                .outbox
                .deliver_to(&self.client, &self.place, deadline)
                .await;
            sent.map(|all| all.iter().all(|one| one.outcome.is_done()))
                .map_err(|error| error.to_string())
        } else {
            let Place {
                repo, deployment, ..
            } = &self.place;
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

    /// Reports the end. What can't be sent now is kept, and the user is told.
    /// Returns the status that the server has. What was not seen to begin may be
    /// in the hands of an agent.
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
        // Nothing can be kept, so it is now or never.
        let Place {
            repo, deployment, ..
        } = &self.place;
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
                        "the end of deployment {deployment}, {}, could be neither reported ({refusal}) nor kept: {error}",
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
        self.keeping.outbox.end(self.note, status, !has_begun)?;
        let deadline = Instant::now() + ENDING;
        let deliveries = {
            let sending = self
                .keeping
                .outbox
                .deliver_to(&self.client, &self.place, deadline);
            let mut sending = std::pin::pin!(sending);
            tokio::select! {
                deliveries = &mut sending => deliveries?,
                _ = signals.next() => {
                    let Ok(deliveries) = timeout(ENDING_IN_A_HURRY, sending).await else {
                        self.kept(None);
                        return Ok(None);
                    };
                    deliveries?
                }
            }
        };
        let term = &self.session.term;
        let id = self.place.deployment;
        let mine = deliveries
            .into_iter()
            .rev()
            .find(|one| one.entry.status == *status);
        if let Some(mine) = &mine {
            warn_of_omitted(term, mine);
        }
        match mine.map(|one| one.outcome) {
            Some(Outcome::Sent(status)) => return Ok(Some(*status)),
            Some(Outcome::TooLate(state)) => term.warn(format!(
                "deployment {id} is {state} already: {} was not reported",
                status.state
            )),
            Some(Outcome::Refused(error)) => term.error(
                format!("the server refuses the end of deployment {id}: {error}"),
                &["'deployctl flush --list' shows it, and --drop forgets it".to_owned()],
            ),
            Some(Outcome::Waits(error)) => self.kept(error.as_ref()),
            // Whoever else sent it has found it, or sent it.
            Some(Outcome::WasThere) | None => {}
        }
        Ok(None)
    }

    /// Tells that the end is not reported yet.
    fn kept(&self, error: Option<&ApiError>) {
        let id = self.place.deployment;
        let term = &self.session.term;
        if !self.keeping.is_kept() {
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
            "the end of deployment {id} could not be reported{}: it is kept",
            because(error)
        ));
        term.hint("the next deployctl command for this server sends it, or 'deployctl flush'");
    }

    fn refused(&self, error: &ApiError) -> Failure {
        let id = self.place.deployment;
        history_failure(self.connection, id, error)
            .hint("nothing was run: who can't report on a deployment should not carry it out")
            .hint("a classic token needs the scope repo_deployment, a fine-grained one 'Deployments: write'")
    }
}

/// An agent was first.
pub(super) fn claimed(id: DeploymentId, name: &str) -> Failure {
    Failure::new(
        Kind::NotFinished,
        format!("the agent {name} has claimed deployment {id}: nothing was run"),
    )
    .hint(format!("'deployctl wait {id}' follows it to its end"))
    .hint("what is to be run here needs an environment or a --task that no rule of an agent takes")
    .detail("deployment", id)
    .detail("agent", name)
}

/// Somebody else carried it out meanwhile.
fn had_its_end(id: DeploymentId, state: &StatusState) -> Failure {
    Failure::new(
        Kind::Other,
        format!("deployment {id} has had its end, {state}, before it was begun: nothing was run"),
    )
    .detail("deployment", id)
    .detail("state", state)
}

fn is_passing(error: &ApiError) -> bool {
    error.is_temporary() || matches!(error, ApiError::Ambiguous { .. } | ApiError::Unexpected(_))
}

fn because(error: Option<&ApiError>) -> String {
    error.map_or_else(String::new, |error| format!(" ({error})"))
}
