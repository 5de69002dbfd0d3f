//! One deployment, from the claim to its final status.

mod agent;
mod announce;
mod command;
mod environment;
mod finish;
mod ownership;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::timeout;

pub(super) use self::agent::Agent;
pub(super) use self::announce::ANNOUNCE_AFTER;
use self::command::Executed;
use self::environment::Entrance;
pub(super) use self::finish::{Finish, Finished};
use self::ownership::{Claimed, Hold};
use super::config::{Rule, Takeover};
use super::journal::{Entry, JournalError, Outcome, State, Verdict};
use super::service::Stage;
use crate::api::{ApiError, NewStatus};
use crate::model::{Deployment, DeploymentId, StatusState};
use crate::outbox::OutboxError;
use crate::outbox::claims::{Owner, Standing};
use crate::process::Remains;
use crate::process::report::short;

/// The pause after a failure that somebody has to mend, such as a token that
/// lacks a right.
const MENDING: Duration = Duration::from_secs(30);

/// What comes after a turn.
pub(super) enum After {
    /// Nothing.
    Done,
    /// Its final status is kept and not yet sent.
    Finishing(Box<Finish>),
    /// Another agent has it: look again then.
    Watch(Timestamp),
    /// Something failed: try again, after this pause at least.
    Again(Duration),
    /// The server refuses it, which trying again soon does not mend.
    Refused(Duration),
    /// It belongs to another environment than was told.
    Moved,
    /// The agent stops: the journal keeps it for the next start.
    Left,
}

/// Why a turn went no further.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error("the server's list of statuses does not show the claim")]
    Stale,
}

impl Trouble {
    fn pause(&self) -> Duration {
        match self {
            Self::Api(ApiError::RateLimited(limited)) => limited.wait,
            Self::Api(error) if !error.is_temporary() => MENDING,
            Self::Journal(_) | Self::Outbox(_) => MENDING,
            _ => Duration::ZERO,
        }
    }

    /// Whether the server refuses this deployment for good. A token that is not
    /// taken at all says nothing about the deployment.
    fn is_refusal(&self) -> bool {
        let Self::Api(error @ ApiError::Response(_)) = self else {
            return false;
        };
        let is_client_error = error
            .status()
            .is_some_and(|status| (400..500).contains(&status));
        is_client_error && !matches!(error.status(), Some(401 | 408 | 429))
    }
}

/// The turn of one deployment.
pub(super) struct Turn {
    agent: Arc<Agent>,
    entry: Entry,
    superseded_by: watch::Receiver<Option<DeploymentId>>,
    tries: u32,
}

impl Turn {
    pub(super) fn new(
        agent: Arc<Agent>,
        entry: Entry,
        superseded_by: watch::Receiver<Option<DeploymentId>>,
        tries: u32,
    ) -> Self {
        Self {
            agent,
            entry,
            superseded_by,
            tries,
        }
    }

    /// Takes the deployment as far as it goes. Gives back what runs on of its
    /// command, too, if that could not be ended.
    pub(super) async fn run(mut self) -> (After, Option<Remains>) {
        let mut remains = None;
        let after = match self.go(&mut remains).await {
            Ok(after) => after,
            Err(trouble) => {
                self.agent.log.warn(
                    "deployment has to wait",
                    json!({
                        "id": self.entry.id(),
                        "error": trouble.to_string(),
                        "tries": self.tries + 1,
                    }),
                );
                if trouble.is_refusal() {
                    self.note_refusal(&trouble).await;
                    After::Refused(trouble.pause())
                } else {
                    After::Again(trouble.pause())
                }
            }
        };
        (after, remains)
    }

    async fn note_refusal(&self, trouble: &Trouble) {
        let id = self.entry.id();
        if let Err(error) = self.agent.journal.refuse(id, trouble.to_string()).await {
            self.agent.log.warn(
                "journal failed",
                json!({ "id": id, "error": error.to_string() }),
            );
        }
    }

    async fn go(&mut self, remains: &mut Option<Remains>) -> Result<After, Trouble> {
        if !matches!(
            self.entry.state,
            State::Received | State::Claimed | State::Watching
        ) {
            return Err(JournalError::Started.into());
        }
        // First, since what is read now is claimed right afterwards.
        let Some(_place) = self.wait_for_place().await? else {
            return Ok(After::Left);
        };
        if let Some(after) = self.weigh().await? {
            return Ok(after);
        }
        let agent = Arc::clone(&self.agent);
        let (config, id) = (agent.config(), self.entry.id());
        let Some((_, rule)) = config.rule_for(&self.entry.request()) else {
            agent.close(id, Outcome::NoRule, None).await?;
            return Ok(After::Done);
        };
        let mut hold = match self.claim(rule).await? {
            Claimed::Ours(hold) => hold,
            Claimed::Theirs(owner, server_now) => {
                agent.metrics.stood_down();
                return self.stand_down(&owner, server_now).await;
            }
            Claimed::Over(standing) => return self.close_as(standing).await,
        };
        let newer = *self.superseded_by.borrow();
        let verdict = newer.map(Verdict::SupersededBy).or(self.entry.verdict);
        let is_reported = hold.owner().took_over && config.takeover == Takeover::Report;
        let status = if let Some(verdict) = verdict {
            of_verdict(verdict)
        } else if is_reported {
            NewStatus {
                description: Some(short(
                    "its agent gave no sign of life; how its command ended is not known",
                )),
                ..NewStatus::new(StatusState::Error)
            }
        } else {
            match self.begin(rule, &mut hold).await? {
                Entrance::Open(prepared) => {
                    let executed = self.execute(rule, &mut hold, *prepared).await?;
                    return self.conclude(executed, &hold, remains).await;
                }
                Entrance::Judged(verdict) => of_verdict(verdict),
                Entrance::Failed(status) => status,
                Entrance::Over(standing) => return self.close_as(standing).await,
                Entrance::Left => return Ok(After::Left),
            }
        };
        self.keep(&status, &hold).await?;
        Ok(self.send().await)
    }

    /// Asks the server what there is to do. Gives back what comes next if that
    /// is not a claim.
    async fn weigh(&mut self) -> Result<Option<After>, Trouble> {
        let agent = Arc::clone(&self.agent);
        let (repository, id) = (self.entry.repository.clone(), self.entry.id());
        // What the event told only says that there is something: what is
        // deployed, and whether it still is to be, GitHub has to say itself.
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
                    agent.close(id, Outcome::Gone, None).await?;
                    return Ok(Some(After::Done));
                }
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        };
        if !is_same(&self.entry.deployment, &history.deployment) {
            agent.journal.correct(&history.deployment).await?;
            let has_moved = self.entry.deployment.environment != history.deployment.environment;
            self.entry.deployment = history.deployment;
            if has_moved {
                return Ok(Some(After::Moved));
            }
        }
        match Standing::of(&history.statuses) {
            Standing::Ended(state) => {
                let detail = Some(format!("it was {state}"));
                agent.close(id, Outcome::Ended(state), detail).await?;
                Ok(Some(After::Done))
            }
            Standing::Elsewhere => self.close_as(Standing::Elsewhere).await.map(Some),
            Standing::Owned(owner)
                if owner.claim.instance != agent.journal.instance()
                    && history.server_now <= owner.until() =>
            {
                let after = self.stand_down(&owner, history.server_now).await?;
                Ok(Some(after))
            }
            Standing::Owned(_) | Standing::Free => Ok(None),
        }
    }

    /// Closes a deployment that is not, or no longer, this agent's.
    async fn close_as(&self, standing: Standing) -> Result<After, Trouble> {
        let outcome = match standing {
            Standing::Ended(state) => Outcome::Ended(state),
            Standing::Elsewhere => Outcome::Elsewhere,
            Standing::Owned(_) | Standing::Free => Outcome::Other,
        };
        self.agent.close(self.entry.id(), outcome, None).await?;
        Ok(After::Done)
    }

    /// Reports how a command ended, and cleans up after it.
    async fn conclude(
        &self,
        executed: Executed,
        hold: &Hold,
        remains: &mut Option<Remains>,
    ) -> Result<After, Trouble> {
        *remains = executed.remains;
        match executed.status {
            Ok(status) => {
                let kept = self.keep(&status, hold).await;
                self.remove(executed.checkout).await;
                kept?;
                Ok(self.send().await)
            }
            Err(standing) => {
                self.remove(executed.checkout).await;
                self.close_as(standing).await
            }
        }
    }

    async fn keep(&self, status: &NewStatus, hold: &Hold) -> Result<(), OutboxError> {
        let after = Some(hold.newest());
        self.agent.keep(&self.entry, status, after).await
    }

    /// Sends the final status that is kept.
    async fn send(&self) -> After {
        let agent = &self.agent;
        let finish = Finish::new(Arc::clone(agent), self.entry.clone());
        match finish.once().await {
            Finished::Closed(_) => After::Done,
            Finished::Waits(_) => After::Finishing(Box::new(finish)),
        }
    }

    /// Leaves it to its owner, and looks again once the claim has run out.
    async fn stand_down(&self, owner: &Owner, server_now: Timestamp) -> Result<After, Trouble> {
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
        self.agent.journal.watch(id, until).await?;
        Ok(After::Watch(until))
    }

    /// Waits until a command may run. One that has been judged needs no place.
    /// `None` once the agent stops.
    async fn wait_for_place(&mut self) -> Result<Option<Option<OwnedSemaphorePermit>>, Trouble> {
        let stage = self.agent.stage.clone();
        if *stage.borrow() != Stage::Working {
            return Ok(None);
        }
        if self.entry.verdict.is_some() {
            return Ok(Some(None));
        }
        let place = Arc::clone(&self.agent.places).acquire_owned();
        let mut place = pin!(place);
        // What has to wait for longer is said to wait, before anything else is.
        if let Ok(place) = timeout(ANNOUNCE_AFTER, &mut place).await {
            return Ok(Some(place.ok()));
        }
        self.agent.announce(&self.entry).await;
        let newer = tokio::select! {
            // The semaphore is never closed.
            place = place => return Ok(Some(place.ok())),
            () = Stage::is_left(stage) => return Ok(None),
            newer = newer_one(self.superseded_by.clone()) => newer,
        };
        let verdict = Verdict::SupersededBy(newer);
        self.entry.verdict = Some(verdict);
        self.agent.journal.judge(self.entry.id(), verdict).await?;
        Ok(Some(None))
    }

    fn log_url(&self, rule: &Rule) -> Option<String> {
        let template = rule.log_url.as_ref()?;
        template.address(self.entry.id().0, &self.entry.request(), &self.agent.name)
    }

    fn environment_url(&self, rule: &Rule) -> Option<String> {
        let template = rule.environment_url.as_ref()?;
        template.address(self.entry.id().0, &self.entry.request(), &self.agent.name)
    }
}

/// Waits for a deployment that takes the place of this one.
async fn newer_one(mut receiver: watch::Receiver<Option<DeploymentId>>) -> DeploymentId {
    let newer = match receiver.wait_for(Option::is_some).await {
        Ok(newer) => *newer,
        Err(_) => None,
    };
    match newer {
        Some(newer) => newer,
        None => std::future::pending().await,
    }
}

/// Whether what was told is what there is, as far as it matters.
fn is_same(told: &Deployment, there: &Deployment) -> bool {
    told.sha == there.sha
        && told.ref_name == there.ref_name
        && told.task == there.task
        && told.environment == there.environment
        && told.payload == there.payload
}

fn of_verdict(verdict: Verdict) -> NewStatus {
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
