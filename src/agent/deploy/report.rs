use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::claim::is_reliable;
use super::error::DeployError;
use crate::agent::agent::Agent;
use crate::agent::journal::{DeploymentOutcome, JournalEntry};
use crate::agent::stage::Stage;
use crate::api::ApiError;
use crate::model::{DeploymentId, Status, StatusState};
use crate::outbox;
use crate::outbox::StoredStatus;
use crate::outbox::claims::Ownership;

/// How long one attempt to send may take.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);
/// The pause after the first attempt; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Sends the final status of a deployment, which the outbox stores.
pub(in crate::agent) struct FinalReport {
    agent: Arc<Agent>,
    entry: JournalEntry,
}

/// The result of an attempt to send.
#[derive(Debug)]
pub(crate) enum ReportResult {
    /// Nothing is left to do for the deployment.
    Closed(DeploymentOutcome),
    /// It has to be tried again.
    Waiting(Option<ApiError>),
}

/// What is to be done with the stored status, given those on the server.
enum SendDecision {
    Send,
    AlreadyThere,
    /// The deployment ended in another way, or is somebody else's.
    NotOurs(DeploymentOutcome),
}

impl FinalReport {
    pub(in crate::agent) fn new(agent: Arc<Agent>, entry: JournalEntry) -> Self {
        Self { agent, entry }
    }

    pub(in crate::agent) fn id(&self) -> DeploymentId {
        self.entry.id()
    }

    /// Tries until the deployment is closed or the agent ends.
    pub(in crate::agent) async fn send_until_closed(self) {
        let mut pause = FIRST_PAUSE;
        let stage = self.agent.stage.clone();
        loop {
            let is_done = matches!(self.try_send().await, ReportResult::Closed(_));
            if is_done || *stage.borrow() == Stage::Ending {
                return;
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                () = Stage::ending(stage.clone()) => {}
            }
        }
    }

    pub(in crate::agent) async fn try_send(&self) -> ReportResult {
        let log_wait = |error: Option<String>| {
            self.agent.log.warn(
                "final status has to wait",
                json!({ "id": self.entry.id(), "error": error }),
            );
        };
        match self.send().await {
            Ok(ReportResult::Waiting(error)) => {
                log_wait(error.as_ref().map(ToString::to_string));
                ReportResult::Waiting(error)
            }
            Ok(closed) => closed,
            Err(error) => {
                log_wait(Some(error.to_string()));
                ReportResult::Waiting(match error {
                    DeployError::Api(error) => Some(error),
                    _ => None,
                })
            }
        }
    }

    async fn send(&self) -> Result<ReportResult, DeployError> {
        let agent = &self.agent;
        let id = self.entry.id();
        let place = agent.deployment_ref(&self.entry.repository, id);
        let kept = agent.stored_report(&self.entry).await?;
        let Some((outbox, kept)) = kept.filter(|(_, kept)| !kept.is_refused) else {
            // It was sent before the journal failed, or by somebody else, such as
            // `deployctl flush`.
            let ownership = self.ownership().await?;
            let outcome = match ownership {
                Ownership::Ended(state) => DeploymentOutcome::Reported(state),
                _ => DeploymentOutcome::Other,
            };
            return self.close(outcome, None).await;
        };
        let state = kept.status.state.clone();
        match self.check_server(&kept).await? {
            SendDecision::Send => {}
            SendDecision::AlreadyThere => {
                outbox.remove(kept.id)?;
                return self.close(DeploymentOutcome::Reported(state), None).await;
            }
            SendDecision::NotOurs(outcome) => {
                agent.log.warn(
                    "final status is not sent: the deployment is no longer ours",
                    json!({ "id": id, "state": state.as_str() }),
                );
                outbox.remove(kept.id)?;
                return self.close(outcome, None).await;
            }
        }
        let deadline = Instant::now() + SEND_TIMEOUT.min(agent.config().takeover_after / 2);
        let deliveries = outbox.deliver_to(&agent.client, &place, deadline).await?;
        let Some(delivery) = deliveries
            .into_iter()
            .find(|delivery| delivery.stored.id == kept.id)
        else {
            return Ok(ReportResult::Waiting(None));
        };
        if let Some(omitted) = &delivery.omitted {
            agent.log.warn(
                "final status was refused and sent with fewer fields",
                json!({ "id": id, "state": state.as_str(), "error": omitted.to_string() }),
            );
        }
        let outcome = match delivery.outcome {
            outbox::DeliveryOutcome::Sent(_) | outbox::DeliveryOutcome::AlreadyThere => {
                DeploymentOutcome::Reported(state)
            }
            outbox::DeliveryOutcome::TooLate(word) => {
                DeploymentOutcome::Ended(StatusState::from_word(&word))
            }
            outbox::DeliveryOutcome::Refused(error) => {
                agent.log.error(
                    "final status was refused",
                    json!({ "id": id, "state": state.as_str(), "error": error.to_string() }),
                );
                let detail = Some(format!("{state} was refused: {error}"));
                return self.close(DeploymentOutcome::Refused, detail).await;
            }
            outbox::DeliveryOutcome::Waiting(error) => return Ok(ReportResult::Waiting(error)),
        };
        let omitted = delivery.omitted.map(|omitted| omitted.to_string());
        self.close(outcome, omitted.or(kept.status.description))
            .await
    }

    async fn close(
        &self,
        outcome: DeploymentOutcome,
        detail: Option<String>,
    ) -> Result<ReportResult, DeployError> {
        self.agent
            .close(self.entry.id(), outcome.clone(), detail)
            .await?;
        Ok(ReportResult::Closed(outcome))
    }

    async fn ownership(&self) -> Result<Ownership, DeployError> {
        let (statuses, _) = self.statuses().await?;
        Ok(Ownership::from_statuses(&statuses))
    }

    async fn statuses(&self) -> Result<(Vec<Status>, jiff::Timestamp), DeployError> {
        let (client, id) = (&self.agent.client, self.entry.id());
        Ok(client
            .repo(&self.entry.repository)
            .deployment(id)
            .status_history()
            .await?)
    }

    /// Checks whether the deployment still is this agent's. If the last heartbeat
    /// is old, another one is sent to make sure.
    async fn check_server(&self, kept: &StoredStatus) -> Result<SendDecision, DeployError> {
        let agent = &self.agent;
        let (statuses, now) = self.statuses().await?;
        match Ownership::from_statuses(&statuses) {
            Ownership::Ended(state) => {
                let is_ours = statuses.iter().any(|status| {
                    status.state == kept.status.state
                        && status.description() == kept.status.description.as_deref()
                });
                Ok(if is_ours {
                    SendDecision::AlreadyThere
                } else {
                    SendDecision::NotOurs(DeploymentOutcome::Ended(state))
                })
            }
            Ownership::Owned(owner) if owner.claim.instance != agent.journal.instance() => {
                Ok(SendDecision::NotOurs(DeploymentOutcome::Other))
            }
            Ownership::Owned(owner) if is_reliable(&owner, now) => Ok(SendDecision::Send),
            Ownership::Owned(_) => {
                let (repository, id) = (&self.entry.repository, self.entry.id());
                let (_, ownership, _) = agent.send_heartbeat(repository, id, 1, None).await?;
                Ok(match ownership {
                    Ownership::Ended(state) => {
                        SendDecision::NotOurs(DeploymentOutcome::Ended(state))
                    }
                    ownership if ownership.is_owned_by(agent.journal.instance()) => {
                        SendDecision::Send
                    }
                    _ => SendDecision::NotOurs(DeploymentOutcome::Other),
                })
            }
            Ownership::Unclaimed | Ownership::WithoutClaim => Ok(SendDecision::Send),
        }
    }
}
