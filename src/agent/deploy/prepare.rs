use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use super::attempt::Attempt;
use super::claim::{HeldClaim, WithClaim};
use super::command::PreparedCommand;
use super::error::DeployError;
use crate::agent::config::{Concurrency, Rule, RuleInput};
use crate::agent::journal::Verdict;
use crate::agent::stage::Stage;
use crate::api::{DeploymentFilter, NewStatus, Paging};
use crate::model::{DeploymentId, DeploymentState, DeploymentWithState, Phase, StatusState};
use crate::outbox::claims::{Owner, Ownership, release_description};
use crate::process::{CommandEnd, Force};

/// The pause after the first check of the environment; it doubles with each, up
/// to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// How long releasing a claim may take.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether the command may start.
pub(super) enum StartDecision {
    Run(Box<PreparedCommand>),
    /// The deployment ends without its command.
    Verdict(Verdict),
    /// The command cannot be run; this status reports it.
    CannotRun(NewStatus),
    /// The deployment is no longer this agent's.
    NotOurs(Ownership),
    /// The agent stops; the claim was released.
    AgentStops,
}

/// What keeps a deployment from starting.
enum Blocker {
    /// Another deployment of the environment, which an agent has claimed earlier.
    Owner(DeploymentId, Owner),
    /// A newer deployment that supersedes it.
    Newer(DeploymentId),
}

enum Preparation {
    Done(Result<Box<PreparedCommand>, String>),
    TimedOut,
    Superseded(DeploymentId),
    AgentStops,
}

impl Attempt {
    /// Waits for the environment and prepares the command, while heartbeats are
    /// sent. What may end a command ends this, too.
    pub(super) async fn prepare_start(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
    ) -> Result<StartDecision, DeployError> {
        if let Some(decision) = self.wait_for_environment(rule, held).await? {
            return Ok(decision);
        }
        let work = async {
            tokio::select! {
                prepared = timeout(rule.timeout, self.prepare(rule)) => match prepared {
                    Ok(prepared) => Preparation::Done(prepared.map(Box::new)),
                    Err(_) => Preparation::TimedOut,
                },
                newer = self.superseding() => Preparation::Superseded(newer),
                () = Stage::draining(self.agent.stage.clone()) => Preparation::AgentStops,
            }
        };
        let prepared = match self.renew_while(rule, held, work).await {
            WithClaim::Lost(ownership, done) => {
                if let Some(Preparation::Done(Ok(prepared))) = done {
                    self.discard(*prepared).await;
                }
                return Ok(StartDecision::NotOurs(ownership));
            }
            WithClaim::Done(Preparation::Done(Ok(prepared))) => prepared,
            WithClaim::Done(Preparation::Done(Err(reason))) => {
                return Ok(StartDecision::CannotRun(
                    self.status_of_failed_start(rule, &reason),
                ));
            }
            WithClaim::Done(Preparation::TimedOut) => {
                let end = CommandEnd::TimedOut {
                    after: rule.timeout,
                    force: Force::None,
                };
                let reason = format!("checkout failed: {end}");
                return Ok(StartDecision::CannotRun(
                    self.status_of_failed_start(rule, &reason),
                ));
            }
            WithClaim::Done(Preparation::Superseded(newer)) => {
                return Ok(StartDecision::Verdict(Verdict::SupersededBy(newer)));
            }
            WithClaim::Done(Preparation::AgentStops) => return self.release_claim().await,
        };
        match self.check_again(rule, held).await {
            Ok(None) => Ok(StartDecision::Run(prepared)),
            Ok(Some(decision)) => {
                self.discard(*prepared).await;
                Ok(decision)
            }
            Err(error) => {
                self.discard(*prepared).await;
                Err(error)
            }
        }
    }

    /// Checks the locks and the claim after the preparation, which may have taken
    /// long. Returns a decision if the command will not run.
    async fn check_again(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
    ) -> Result<Option<StartDecision>, DeployError> {
        if let Some(status) = self.status_if_locked().await? {
            return Ok(Some(StartDecision::CannotRun(status)));
        }
        let ownership = self.confirm_claim(rule, held).await?;
        Ok(ownership.map(StartDecision::NotOurs))
    }

    /// Waits until no deployment of the environment that was claimed earlier is
    /// in progress. Returns a decision if the command will not run.
    async fn wait_for_environment(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
    ) -> Result<Option<StartDecision>, DeployError> {
        let mut pause = FIRST_PAUSE;
        let mut is_logged = false;
        loop {
            let blocker = tokio::select! {
                blocker = self.find_blocker(rule, held) => blocker?,
                () = Stage::draining(self.agent.stage.clone()) => {
                    return self.release_claim().await.map(Some);
                }
            };
            let (id, owner) = match blocker {
                None => return Ok(None),
                Some(Blocker::Newer(newer)) => {
                    return Ok(Some(StartDecision::Verdict(Verdict::SupersededBy(newer))));
                }
                Some(Blocker::Owner(..)) if rule.concurrency == Concurrency::Reject => {
                    return Ok(Some(StartDecision::Verdict(Verdict::Rejected)));
                }
                Some(Blocker::Owner(id, owner)) => (id, owner),
            };
            if !is_logged {
                is_logged = true;
                self.agent.log.info(
                    "another agent is deploying to the environment",
                    json!({ "id": self.entry.id(), "other": id, "owner": owner.claim.name }),
                );
            }
            let until = Instant::now() + pause;
            pause = (pause * 2).min(LONGEST_PAUSE);
            while Instant::now() < until {
                let left = until.saturating_duration_since(Instant::now());
                tokio::select! {
                    () = sleep(left.min(held.next_heartbeat())) => {}
                    () = Stage::draining(self.agent.stage.clone()) => {
                        return self.release_claim().await.map(Some);
                    }
                    newer = self.superseding() => {
                        return Ok(Some(StartDecision::Verdict(Verdict::SupersededBy(newer))));
                    }
                }
                if held.next_heartbeat().is_zero()
                    && let Some(ownership) = self.renew_claim(rule, held).await?
                {
                    return Ok(Some(StartDecision::NotOurs(ownership)));
                }
            }
        }
    }

    /// Finds a deployment of the environment with a valid claim that is earlier
    /// than ours; or, if the rule says that the newest counts, a newer deployment
    /// that has been started.
    async fn find_blocker(
        &self,
        rule: &Rule,
        held: &HeldClaim,
    ) -> Result<Option<Blocker>, DeployError> {
        let (client, repository) = (&self.agent.client, &self.entry.repository);
        let filter = DeploymentFilter {
            environment: Some(self.entry.deployment.environment.clone()),
            ..DeploymentFilter::default()
        };
        let newest = Paging::up_to(Paging::LARGEST_PAGE as usize);
        let observed = client
            .repo(repository)
            .deployments_with_state(&filter, newest);
        let observed: Vec<_> = observed.try_concat().await?;
        if rule.concurrency == Concurrency::Supersede {
            let newer = observed.iter().filter(|other| self.is_superseded_by(other));
            if let Some(newer) = newer.map(|other| other.deployment.id).max() {
                return Ok(Some(Blocker::Newer(newer)));
            }
        }
        for other in observed {
            let id = other.deployment.id;
            if id == self.entry.id() || other.state != DeploymentState::InProgress {
                continue;
            }
            let (statuses, now) = client
                .repo(repository)
                .deployment(id)
                .status_history()
                .await?;
            if let Ownership::Owned(owner) = Ownership::from_statuses(&statuses)
                && self.is_earlier(&owner, held, now)
            {
                return Ok(Some(Blocker::Owner(id, owner)));
            }
        }
        Ok(None)
    }

    /// Whether another deployment of the environment is newer, has been started,
    /// and supersedes older ones by its rule. One that only waits may wait for an
    /// agent that never learns of it.
    fn is_superseded_by(&self, other: &DeploymentWithState) -> bool {
        let is_started =
            other.state.phase() != Phase::Underway || other.state == DeploymentState::InProgress;
        let input = RuleInput::new(&self.entry.repository, &other.deployment, false);
        let config = self.agent.config();
        let rule = config.rule_for(&input);
        other.deployment.id > self.entry.id()
            && is_started
            && rule.is_some_and(|(_, rule)| rule.concurrency == Concurrency::Supersede)
    }

    fn is_earlier(&self, owner: &Owner, held: &HeldClaim, now: Timestamp) -> bool {
        // The dispatcher orders the deployments of this agent.
        owner.claim.instance != self.agent.journal.instance()
            && now <= owner.until()
            && owner.since < held.owner().since
    }

    /// Releases the claim, since the command was not started.
    async fn release_claim(&self) -> Result<StartDecision, DeployError> {
        let agent = &self.agent;
        let new = NewStatus {
            description: Some(release_description(&agent.name, agent.journal.instance())),
            ..NewStatus::new(StatusState::Queued)
        };
        let (repository, id) = (&self.entry.repository, self.entry.id());
        let sent = timeout(
            RELEASE_TIMEOUT,
            agent
                .client
                .repo(repository)
                .deployment(id)
                .create_status(&new),
        )
        .await;
        let Ok(sent) = sent else {
            // The agent deploys it after its next start.
            return Ok(StartDecision::AgentStops);
        };
        sent?;
        agent.log.info("claim released", json!({ "id": id }));
        Ok(StartDecision::AgentStops)
    }
}
