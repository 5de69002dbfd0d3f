//! One deployment, from the claim to its final status.

mod command;
mod environment;
mod finish;
mod ownership;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch};

use self::environment::Entrance;
pub(super) use self::finish::{Finish, Finished};
use self::ownership::{Claimed, Hold};
use super::config::{Config, Rule, Takeover};
use super::journal::{Entry, Journal, JournalError, Outcome, Verdict};
use super::log::Log;
use super::metrics::Metrics;
use super::service::Stage;
use crate::api::{ApiError, Client, NewStatus};
use crate::model::{Deployment, DeploymentId, RepoSlug, StatusState};
use crate::outbox::claims::{Owner, Standing};
use crate::outbox::{Origin, Outbox, OutboxError, Place};
use crate::process::report::short;

/// The pause after a failure that somebody has to mend, such as a token that
/// lacks a right.
const MENDING: Duration = Duration::from_secs(30);

/// What every part of a running agent needs.
pub(super) struct Agent {
    pub(super) config: Arc<Config>,
    pub(super) name: String,
    pub(super) client: Client,
    pub(super) origin: Origin,
    pub(super) journal: Journal,
    pub(super) outbox: Arc<Outbox>,
    /// Where others keep what they could not send.
    pub(super) shared_outbox: Option<PathBuf>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    /// The folder of the agent's files.
    pub(super) state: PathBuf,
    /// Variables that no command gets.
    pub(super) hidden: Vec<String>,
    /// What no status and no log may show.
    pub(super) secrets: Vec<String>,
    pub(super) stage: watch::Receiver<Stage>,
    /// One for each command that may run at a time.
    pub(super) places: Arc<Semaphore>,
    /// Held by whoever works with the repositories that are checked out.
    pub(super) sources: Mutex<()>,
    /// Where git is.
    pub(super) git: Option<PathBuf>,
}

impl Agent {
    pub(super) fn place(&self, repository: &RepoSlug, id: DeploymentId) -> Place {
        Place {
            origin: self.origin.clone(),
            repo: repository.clone(),
            deployment: id,
        }
    }

    /// Closes a deployment in the journal.
    async fn close(
        &self,
        id: DeploymentId,
        outcome: Outcome,
        detail: Option<String>,
    ) -> Result<(), JournalError> {
        self.log.info(
            "deployment closed",
            json!({ "id": id, "outcome": outcome.as_str(), "detail": detail }),
        );
        if let Outcome::Reported(state) = &outcome {
            self.metrics.finished(state.as_str());
        }
        self.journal
            .done(id, outcome, detail, Timestamp::now())
            .await
    }
}

/// What comes after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing.
    Done,
    /// Its final status is kept and not yet sent.
    Finishing,
    /// Another agent has it: look again then.
    Watch(Timestamp),
    /// Something failed: try again, after this pause at least.
    Again(Duration),
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

    /// Takes the deployment as far as it goes.
    pub(super) async fn run(mut self) -> After {
        match self.go().await {
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
                After::Again(trouble.pause())
            }
        }
    }

    async fn go(&mut self) -> Result<After, Trouble> {
        let agent = Arc::clone(&self.agent);
        let (repository, id) = (self.entry.repository.clone(), self.entry.id());
        // What the event told only says that there is something: what is
        // deployed, and whether it still is to be, GitHub has to say itself.
        let history = match agent.client.observed(&repository, id).await {
            Ok(history) => history,
            Err(error) if matches!(error.status(), Some(404 | 410)) => {
                // GitHub also hides what the token may not see.
                if agent.client.repository_is_visible(&repository).await? {
                    agent.close(id, Outcome::Gone, None).await?;
                    return Ok(After::Done);
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
                return Ok(After::Moved);
            }
        }
        match Standing::of(&history.statuses) {
            Standing::Ended(state) => {
                let detail = Some(format!("it was {state}"));
                agent.close(id, Outcome::Ended(state), detail).await?;
                return Ok(After::Done);
            }
            Standing::Elsewhere => {
                agent.close(id, Outcome::Elsewhere, None).await?;
                return Ok(After::Done);
            }
            Standing::Owned(owner)
                if owner.claim.instance != agent.journal.instance()
                    && history.server_now <= owner.until() =>
            {
                return self.stand_down(&owner, history.server_now).await;
            }
            Standing::Owned(_) | Standing::Free => {}
        }
        let config = Arc::clone(&agent.config);
        let Some((_, rule)) = config.rule_for(&self.entry.request()) else {
            agent.close(id, Outcome::NoRule, None).await?;
            return Ok(After::Done);
        };
        let Some(_place) = self.wait_for_place().await? else {
            return Ok(After::Left);
        };
        let mut hold = match self.claim(rule).await? {
            Claimed::Ours(hold) => hold,
            Claimed::Theirs(owner, server_now) => {
                agent.metrics.stood_down();
                return self.stand_down(&owner, server_now).await;
            }
            Claimed::Over(state) => {
                agent.close(id, Outcome::Ended(state), None).await?;
                return Ok(After::Done);
            }
            Claimed::Elsewhere => {
                agent.close(id, Outcome::Elsewhere, None).await?;
                return Ok(After::Done);
            }
        };
        let newer = *self.superseded_by.borrow();
        let mut verdict = newer.map(Verdict::SupersededBy).or(self.entry.verdict);
        let is_reported = hold.owner().took_over && agent.config.takeover == Takeover::Report;
        if verdict.is_none() && !is_reported {
            match self.enter(rule, &mut hold).await? {
                Entrance::Open => {}
                Entrance::Judged(judged) => verdict = Some(judged),
                Entrance::Lost => {
                    agent.close(id, Outcome::Other, None).await?;
                    return Ok(After::Done);
                }
                Entrance::Left => return Ok(After::Left),
            }
        }
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
            let Some(status) = self.execute(rule, &mut hold).await? else {
                agent.close(id, Outcome::Other, None).await?;
                return Ok(After::Done);
            };
            status
        };
        self.report(status, &hold).await
    }

    /// Keeps the final status, and sends it.
    async fn report(&self, status: NewStatus, hold: &Hold) -> Result<After, Trouble> {
        let agent = &self.agent;
        let id = self.entry.id();
        let place = agent.place(&self.entry.repository, id);
        agent.outbox.keep(&place, &status, Some(hold.newest()))?;
        agent.journal.finish(id).await?;
        let finish = Finish::new(Arc::clone(agent), self.entry.clone());
        Ok(match finish.once(hold.is_fresh()).await {
            Finished::Closed(_) => After::Done,
            Finished::Waits(_) => After::Finishing,
        })
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
        let places = Arc::clone(&self.agent.places);
        let newer = tokio::select! {
            // The semaphore is never closed.
            place = places.acquire_owned() => return Ok(Some(place.ok())),
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
