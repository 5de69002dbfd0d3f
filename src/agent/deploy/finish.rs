use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::ownership::is_reliable;
use super::{Agent, Trouble};
use crate::agent::journal::{Entry, Outcome};
use crate::agent::service::Stage;
use crate::api::ApiError;
use crate::model::{DeploymentId, Status, StatusState};
use crate::outbox;
use crate::outbox::Entry as Kept;
use crate::outbox::claims::Standing;

/// How long one attempt to send may take.
const ATTEMPT: Duration = Duration::from_secs(20);
/// The pause after the first attempt; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Sends the final status of a deployment, which the outbox keeps.
pub(in crate::agent) struct Finish {
    agent: Arc<Agent>,
    entry: Entry,
}

/// How far an attempt came.
#[derive(Debug)]
pub(in crate::agent) enum Finished {
    /// Nothing is left to do for the deployment.
    Closed(Outcome),
    /// It has to be tried again.
    Waits(Option<ApiError>),
}

/// What is to be done with the kept status, after a look at those there are.
enum Look {
    /// It is to be sent.
    Send,
    /// It is there.
    IsThere,
    /// The deployment ended in another way, or is somebody else's.
    Overtaken(Outcome),
}

impl Finish {
    pub(in crate::agent) fn new(agent: Arc<Agent>, entry: Entry) -> Self {
        Self { agent, entry }
    }

    /// The deployment.
    pub(in crate::agent) fn id(&self) -> DeploymentId {
        self.entry.id()
    }

    /// Tries until it is done, or the agent ends: then the outbox keeps it.
    pub(in crate::agent) async fn until_done(self) {
        let mut pause = FIRST_PAUSE;
        let stage = self.agent.stage.clone();
        loop {
            let is_done = matches!(self.once().await, Finished::Closed(_));
            if is_done || *stage.borrow() == Stage::Ending {
                return;
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                () = Stage::is_ending(stage.clone()) => {}
            }
        }
    }

    /// Tries once.
    pub(in crate::agent) async fn once(&self) -> Finished {
        let wait = |error: Option<String>| {
            self.agent.log.warn(
                "final status has to wait",
                json!({ "id": self.entry.id(), "error": error }),
            );
        };
        match self.send().await {
            Ok(Finished::Waits(error)) => {
                wait(error.as_ref().map(ToString::to_string));
                Finished::Waits(error)
            }
            Ok(closed) => closed,
            Err(trouble) => {
                wait(Some(trouble.to_string()));
                Finished::Waits(match trouble {
                    Trouble::Api(error) => Some(error),
                    _ => None,
                })
            }
        }
    }

    async fn send(&self) -> Result<Finished, Trouble> {
        let agent = &self.agent;
        let id = self.entry.id();
        let place = agent.place(&self.entry.repository, id);
        let kept = agent.kept(&self.entry).await?;
        let Some((outbox, kept)) = kept.filter(|(_, kept)| !kept.is_refused) else {
            // It was sent, and then the journal failed; or somebody else sent
            // it, such as `deployctl flush`.
            let standing = self.standing().await?;
            let outcome = match standing {
                Standing::Ended(state) => Outcome::Reported(state),
                _ => Outcome::Other,
            };
            return self.close(outcome, None).await;
        };
        let state = kept.status.state.clone();
        match self.look(&kept).await? {
            Look::Send => {}
            Look::IsThere => {
                outbox.remove(kept.id)?;
                return self.close(Outcome::Reported(state), None).await;
            }
            Look::Overtaken(outcome) => {
                agent.log.warn(
                    "final status is not sent: the deployment is no longer ours",
                    json!({ "id": id, "state": state.as_str() }),
                );
                outbox.remove(kept.id)?;
                return self.close(outcome, None).await;
            }
        }
        let soon = Instant::now() + ATTEMPT.min(agent.config().takeover_after / 2);
        let deliveries = outbox.deliver_to(&agent.client, &place, soon).await?;
        let Some(delivery) = deliveries.into_iter().find(|one| one.entry.id == kept.id) else {
            return Ok(Finished::Waits(None));
        };
        if let Some(omitted) = &delivery.omitted {
            agent.log.warn(
                "final status was refused as it was",
                json!({ "id": id, "state": state.as_str(), "error": omitted.to_string() }),
            );
        }
        let outcome = match delivery.outcome {
            outbox::Outcome::Sent(_) | outbox::Outcome::WasThere => Outcome::Reported(state),
            outbox::Outcome::TooLate(word) => Outcome::Ended(StatusState::from_word(&word)),
            outbox::Outcome::Refused(error) => {
                agent.log.error(
                    "final status was refused",
                    json!({ "id": id, "state": state.as_str(), "error": error.to_string() }),
                );
                let detail = Some(format!("{state} was refused: {error}"));
                return self.close(Outcome::Refused, detail).await;
            }
            outbox::Outcome::Waits(error) => return Ok(Finished::Waits(error)),
        };
        let omitted = delivery.omitted.map(|omitted| omitted.to_string());
        self.close(outcome, omitted.or(kept.status.description))
            .await
    }

    async fn close(&self, outcome: Outcome, detail: Option<String>) -> Result<Finished, Trouble> {
        self.agent
            .close(self.entry.id(), outcome.clone(), detail)
            .await?;
        Ok(Finished::Closed(outcome))
    }

    async fn standing(&self) -> Result<Standing, Trouble> {
        let (statuses, _) = self.statuses().await?;
        Ok(Standing::of(&statuses))
    }

    async fn statuses(&self) -> Result<(Vec<Status>, jiff::Timestamp), Trouble> {
        let (client, id) = (&self.agent.client, self.entry.id());
        Ok(client
            .repo(&self.entry.repository)
            .deployment(id)
            .status_history()
            .await?)
    }

    /// Whether the deployment is still this agent's, which a sign of life makes
    /// sure of where the last one is old.
    async fn look(&self, kept: &Kept) -> Result<Look, Trouble> {
        let agent = &self.agent;
        let (statuses, now) = self.statuses().await?;
        match Standing::of(&statuses) {
            Standing::Ended(state) => {
                let is_ours = statuses.iter().any(|status| {
                    status.state == kept.status.state
                        && status.description() == kept.status.description.as_deref()
                });
                Ok(if is_ours {
                    Look::IsThere
                } else {
                    Look::Overtaken(Outcome::Ended(state))
                })
            }
            Standing::Owned(owner) if owner.claim.instance != agent.journal.instance() => {
                Ok(Look::Overtaken(Outcome::Other))
            }
            Standing::Owned(owner) if is_reliable(&owner, now) => Ok(Look::Send),
            Standing::Owned(_) => {
                let (repository, id) = (&self.entry.repository, self.entry.id());
                let (_, standing, _) = agent.sign(repository, id, 1, None).await?;
                Ok(match standing {
                    Standing::Ended(state) => Look::Overtaken(Outcome::Ended(state)),
                    standing if standing.is_of(agent.journal.instance()) => Look::Send,
                    _ => Look::Overtaken(Outcome::Other),
                })
            }
            Standing::Free | Standing::Elsewhere => Ok(Look::Send),
        }
    }
}
