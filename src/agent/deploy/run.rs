use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::announce::ANNOUNCE_AFTER;
use super::attempt::Attempt;
use super::claim::{ClaimResult, HeldClaim};
use super::command::CommandResult;
use super::error::DeployError;
use super::prepare::StartDecision;
use super::report::{FinalReport, ReportResult};
use crate::agent::config::{Rule, Takeover};
use crate::agent::journal::{DeploymentOutcome, EntryState, JournalError, Verdict};
use crate::agent::stage::Stage;
use crate::api::NewStatus;
use crate::model::{Deployment, StatusState};
use crate::outbox::OutboxError;
use crate::outbox::claims::{Owner, Ownership};
use crate::process::RemainingProcesses;
use crate::process::text::to_description;

/// What follows an attempt.
pub(in crate::agent) enum NextStep {
    /// Nothing: the deployment is closed.
    Closed,
    /// Its final status is stored and has to be sent.
    SendReport(Box<FinalReport>),
    /// Another agent owns it: check again at this time.
    CheckAt(Timestamp),
    /// Something failed: try again, after this pause at least.
    Retry(Duration),
    /// The server refuses it, and an early retry would not help.
    Refused(Duration),
    /// It belongs to another environment than the event said.
    Moved,
    /// The agent stops: the journal keeps the deployment for the next start.
    AgentStops,
}

impl Attempt {
    /// Carries the deployment as far as possible. Also returns the processes of
    /// its command that could not be ended.
    pub(in crate::agent) async fn run(mut self) -> (NextStep, Option<RemainingProcesses>) {
        let next = match self.deploy().await {
            Ok(next) => next,
            Err(error) => {
                self.agent.log.warn(
                    "deployment has to wait",
                    json!({
                        "id": self.entry.id(),
                        "error": error.to_string(),
                        "tries": self.failures + 1,
                    }),
                );
                if error.is_refusal() {
                    self.note_refusal(&error).await;
                    NextStep::Refused(error.pause())
                } else {
                    NextStep::Retry(error.pause())
                }
            }
        };
        (next, self.remains)
    }

    async fn note_refusal(&self, refusal: &DeployError) {
        let id = self.entry.id();
        if let Err(error) = self
            .agent
            .journal
            .note_refusal(id, refusal.to_string())
            .await
        {
            self.agent.log.warn(
                "journal failed",
                json!({ "id": id, "error": error.to_string() }),
            );
        }
    }

    async fn deploy(&mut self) -> Result<NextStep, DeployError> {
        if !matches!(
            self.entry.state,
            EntryState::Received | EntryState::Claimed | EntryState::Watching
        ) {
            return Err(JournalError::Started.into());
        }
        // The slot is taken first, since the server's answer is acted on at once.
        let Some(_slot) = self.wait_for_slot().await? else {
            return Ok(NextStep::AgentStops);
        };
        if let Some(next) = self.check_server().await? {
            return Ok(next);
        }
        let config = self.agent.config();
        let Some((_, rule)) = config.rule_for(&self.entry.rule_input()) else {
            return self.close(DeploymentOutcome::NoRule, None).await;
        };
        match self.claim(rule).await? {
            ClaimResult::Ours(claim) => self.deploy_claimed(rule, claim).await,
            ClaimResult::Theirs(owner, server_now) => {
                self.agent.metrics.count_lost_claim();
                self.watch_owner(&owner, server_now).await
            }
            ClaimResult::NotClaimable(ownership) => self.close_as(ownership).await,
        }
    }

    /// Runs the command of a deployment that this agent owns, or reports why it
    /// is not run.
    async fn deploy_claimed(
        &mut self,
        rule: &Rule,
        mut claim: HeldClaim,
    ) -> Result<NextStep, DeployError> {
        let status = if let Some(verdict) = self.verdict() {
            status_of_verdict(verdict)
        } else if claim.owner().took_over && self.agent.config().takeover == Takeover::Report {
            status_of_takeover()
        } else {
            match self.prepare_start(rule, &mut claim).await? {
                StartDecision::Run(prepared) => {
                    let result = self.execute(rule, &mut claim, *prepared).await?;
                    return self.conclude(result, &claim).await;
                }
                StartDecision::Verdict(verdict) => status_of_verdict(verdict),
                StartDecision::CannotRun(status) => status,
                StartDecision::NotOurs(ownership) => return self.close_as(ownership).await,
                StartDecision::AgentStops => return Ok(NextStep::AgentStops),
            }
        };
        self.store_report(&status, &claim).await?;
        Ok(self.send_report().await)
    }

    /// Why the deployment ends without its command, if it does.
    fn verdict(&self) -> Option<Verdict> {
        let newer = *self.superseded_by.borrow();
        newer.map(Verdict::SupersededBy).or(self.entry.verdict)
    }

    /// Asks the server whether there is anything to do. Returns the next step
    /// unless the deployment is to be claimed.
    async fn check_server(&mut self) -> Result<Option<NextStep>, DeployError> {
        let agent = Arc::clone(&self.agent);
        let (repository, id) = (self.entry.repository.clone(), self.entry.id());
        // The event only says that there is a deployment. What is deployed, and
        // whether it still has to be, is GitHub's to say.
        let history = match agent
            .client
            .repo(&repository)
            .deployment(id)
            .history()
            .await
        {
            Ok(history) => history,
            Err(error) if matches!(error.status(), Some(404 | 410)) => {
                // GitHub also hides what the token may not see.
                if agent.client.repo(&repository).is_visible().await? {
                    return self.close(DeploymentOutcome::Gone, None).await.map(Some);
                }
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        if !is_unchanged(&self.entry.deployment, &history.deployment) {
            agent.journal.update_deployment(&history.deployment).await?;
            let has_moved = self.entry.deployment.environment != history.deployment.environment;
            self.entry.deployment = history.deployment;
            if has_moved {
                return Ok(Some(NextStep::Moved));
            }
        }
        match Ownership::from_statuses(&history.statuses) {
            Ownership::Ended(state) => {
                let detail = Some(format!("it was {state}"));
                self.close(DeploymentOutcome::Ended(state), detail)
                    .await
                    .map(Some)
            }
            Ownership::WithoutClaim => self.close_as(Ownership::WithoutClaim).await.map(Some),
            Ownership::Owned(owner)
                if owner.claim.instance != agent.journal.instance()
                    && history.server_now <= owner.until() =>
            {
                self.watch_owner(&owner, history.server_now).await.map(Some)
            }
            Ownership::Owned(_) | Ownership::Unclaimed => Ok(None),
        }
    }

    /// Closes a deployment that this agent does not own, or no longer does.
    async fn close_as(&self, ownership: Ownership) -> Result<NextStep, DeployError> {
        let outcome = match ownership {
            Ownership::Ended(state) => DeploymentOutcome::Ended(state),
            Ownership::WithoutClaim => DeploymentOutcome::Elsewhere,
            Ownership::Owned(_) | Ownership::Unclaimed => DeploymentOutcome::Other,
        };
        self.close(outcome, None).await
    }

    async fn close(
        &self,
        outcome: DeploymentOutcome,
        detail: Option<String>,
    ) -> Result<NextStep, DeployError> {
        self.agent.close(self.entry.id(), outcome, detail).await?;
        Ok(NextStep::Closed)
    }

    /// Reports how a command ended, and cleans up after it.
    async fn conclude(
        &mut self,
        result: CommandResult,
        claim: &HeldClaim,
    ) -> Result<NextStep, DeployError> {
        self.remains = result.remains;
        match result.status {
            Ok(status) => {
                let stored = self.store_report(&status, claim).await;
                self.remove_checkout(result.checkout).await;
                stored?;
                Ok(self.send_report().await)
            }
            Err(ownership) => {
                self.remove_checkout(result.checkout).await;
                self.close_as(ownership).await
            }
        }
    }

    async fn store_report(&self, status: &NewStatus, claim: &HeldClaim) -> Result<(), OutboxError> {
        let after = Some(claim.newest_status());
        self.agent.store_report(&self.entry, status, after).await
    }

    async fn send_report(&self) -> NextStep {
        let report = FinalReport::new(Arc::clone(&self.agent), self.entry.clone());
        match report.try_send().await {
            ReportResult::Closed(_) => NextStep::Closed,
            ReportResult::Waiting(_) => NextStep::SendReport(Box::new(report)),
        }
    }

    /// Leaves the deployment to its owner, to check again once the claim has
    /// expired.
    async fn watch_owner(
        &self,
        owner: &Owner,
        server_now: Timestamp,
    ) -> Result<NextStep, DeployError> {
        let id = self.entry.id();
        let left = owner.until().duration_since(server_now);
        let until = Timestamp::now()
            .checked_add(left)
            .and_then(|until| until.checked_add(Duration::from_secs(1)))
            .unwrap_or(Timestamp::MAX);
        self.agent.log.info(
            "another agent has the deployment",
            json!({ "id": id, "owner": owner.claim.name }),
        );
        self.agent.journal.set_watching(id, until).await?;
        Ok(NextStep::CheckAt(until))
    }

    /// Waits until another command may run; `None` once the agent stops. A
    /// deployment that ends without its command needs no slot.
    async fn wait_for_slot(&mut self) -> Result<Option<Option<OwnedSemaphorePermit>>, DeployError> {
        let stage = self.agent.stage.clone();
        if *stage.borrow() != Stage::Working {
            return Ok(None);
        }
        if self.entry.verdict.is_some() {
            return Ok(Some(None));
        }
        let slot = Arc::clone(&self.agent.slots).acquire_owned();
        let mut slot = pin!(slot);
        if let Ok(slot) = timeout(ANNOUNCE_AFTER, &mut slot).await {
            return Ok(Some(slot.ok()));
        }
        self.agent.announce(&self.entry).await;
        let newer = tokio::select! {
            // The semaphore is never closed.
            slot = slot => return Ok(Some(slot.ok())),
            () = Stage::draining(stage) => return Ok(None),
            newer = self.superseding() => newer,
        };
        let verdict = Verdict::SupersededBy(newer);
        self.entry.verdict = Some(verdict);
        self.agent
            .journal
            .set_verdict(self.entry.id(), verdict)
            .await?;
        Ok(Some(None))
    }
}

/// Whether the event described the deployment as it is, as far as it matters.
fn is_unchanged(received: &Deployment, current: &Deployment) -> bool {
    received.sha == current.sha
        && received.ref_name == current.ref_name
        && received.task == current.task
        && received.environment == current.environment
        && received.payload == current.payload
}

fn status_of_verdict(verdict: Verdict) -> NewStatus {
    let (state, description) = match verdict {
        Verdict::SupersededBy(newer) => (StatusState::Inactive, format!("superseded by {newer}")),
        Verdict::Rejected => (
            StatusState::Failure,
            "rejected: another deployment of the environment is running".to_owned(),
        ),
    };
    NewStatus {
        description: Some(description),
        ..NewStatus::new(state)
    }
}

fn status_of_takeover() -> NewStatus {
    let description = "its agent sent no heartbeat; how its command ended is not known";
    NewStatus {
        description: Some(to_description(description)),
        ..NewStatus::new(StatusState::Error)
    }
}
