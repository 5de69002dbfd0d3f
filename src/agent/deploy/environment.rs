use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use super::command::Prepared;
use super::ownership::{Hold, Kept};
use super::{Trouble, Turn, newer_one};
use crate::agent::config::{Concurrency, Request, Rule};
use crate::agent::journal::Verdict;
use crate::agent::service::Stage;
use crate::api::{DeploymentFilter, NewStatus, Paging};
use crate::model::{DeploymentId, DeploymentState, DeploymentWithState, Phase, StatusState};
use crate::outbox::claims::{Owner, Standing, release};
use crate::process::{End, Force};

/// The pause between the first looks at who is at work; it doubles up to the
/// longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// How long giving a claim back may take.
const GIVE_BACK: Duration = Duration::from_secs(10);

/// Whether the command may start.
pub(super) enum Entrance {
    /// It may, with this.
    Open(Box<Prepared>),
    /// The deployment is to end without its command.
    Judged(Verdict),
    /// The command cannot be run, as this says.
    Failed(NewStatus),
    /// It is no longer this agent's, but stands like this.
    Over(Standing),
    /// The agent stops; the claim was given back.
    Left,
}

/// What stands before a deployment.
enum Ahead {
    /// Another agent at work in its environment, with a claim that holds.
    Owner(DeploymentId, Owner),
    /// A newer one that took its place.
    Newer(DeploymentId),
}

/// What became of the preparation of a command.
enum Preparation {
    Done(Result<Box<Prepared>, String>),
    TimedOut,
    Superseded(DeploymentId),
    AgentStops,
}

impl Turn {
    /// Does what comes between the claim and the start of the command. Signs of
    /// life are given meanwhile, and what may end a command ends this, too.
    pub(super) async fn begin(&self, rule: &Rule, hold: &mut Hold) -> Result<Entrance, Trouble> {
        if let Some(entrance) = self.wait_for_turn(rule, hold).await? {
            return Ok(entrance);
        }
        let work = async {
            tokio::select! {
                prepared = timeout(rule.timeout, self.prepare(rule)) => match prepared {
                    Ok(prepared) => Preparation::Done(prepared.map(Box::new)),
                    Err(_) => Preparation::TimedOut,
                },
                newer = newer_one(self.superseded_by.clone()) => Preparation::Superseded(newer),
                () = Stage::is_left(self.agent.stage.clone()) => Preparation::AgentStops,
            }
        };
        let prepared = match self.keep_while(rule, hold, work).await {
            Kept::Lost(standing, done) => {
                if let Some(Preparation::Done(Ok(prepared))) = done {
                    self.discard(*prepared).await;
                }
                return Ok(Entrance::Over(standing));
            }
            Kept::Done(Preparation::Done(Ok(prepared))) => prepared,
            Kept::Done(Preparation::Done(Err(reason))) => {
                return Ok(Entrance::Failed(self.not_run(rule, &reason)));
            }
            Kept::Done(Preparation::TimedOut) => {
                let end = End::TimedOut {
                    after: rule.timeout,
                    force: Force::None,
                };
                let reason = format!("checkout failed: {end}");
                return Ok(Entrance::Failed(self.not_run(rule, &reason)));
            }
            Kept::Done(Preparation::Superseded(newer)) => {
                return Ok(Entrance::Judged(Verdict::SupersededBy(newer)));
            }
            Kept::Done(Preparation::AgentStops) => return self.give_back().await,
        };
        // Much may have happened since the claim.
        match self.confirm(rule, hold).await {
            Ok(None) => Ok(Entrance::Open(prepared)),
            Ok(Some(standing)) => {
                self.discard(*prepared).await;
                Ok(Entrance::Over(standing))
            }
            Err(trouble) => {
                self.discard(*prepared).await;
                Err(trouble)
            }
        }
    }

    /// Waits until no other agent is at work in the environment before us.
    /// Gives back what comes instead, if the turn does not come.
    async fn wait_for_turn(
        &self,
        rule: &Rule,
        hold: &mut Hold,
    ) -> Result<Option<Entrance>, Trouble> {
        let mut pause = FIRST_PAUSE;
        let mut is_told = false;
        loop {
            let ahead = tokio::select! {
                ahead = self.what_is_ahead(rule, hold) => ahead?,
                () = Stage::is_left(self.agent.stage.clone()) => {
                    return self.give_back().await.map(Some);
                }
            };
            let (id, owner) = match ahead {
                None => return Ok(None),
                Some(Ahead::Newer(newer)) => {
                    return Ok(Some(Entrance::Judged(Verdict::SupersededBy(newer))));
                }
                Some(Ahead::Owner(..)) if rule.concurrency == Concurrency::Reject => {
                    return Ok(Some(Entrance::Judged(Verdict::Rejected)));
                }
                Some(Ahead::Owner(id, owner)) => (id, owner),
            };
            if !is_told {
                is_told = true;
                self.agent.log.info(
                    "another agent is at work in the environment",
                    json!({ "id": self.entry.id(), "other": id, "owner": owner.claim.name }),
                );
            }
            let until = Instant::now() + pause;
            pause = (pause * 2).min(LONGEST_PAUSE);
            while Instant::now() < until {
                let left = until.saturating_duration_since(Instant::now());
                tokio::select! {
                    () = sleep(left.min(hold.next_sign())) => {}
                    () = Stage::is_left(self.agent.stage.clone()) => {
                        return self.give_back().await.map(Some);
                    }
                    newer = newer_one(self.superseded_by.clone()) => {
                        return Ok(Some(Entrance::Judged(Verdict::SupersededBy(newer))));
                    }
                }
                if hold.next_sign().is_zero()
                    && let Some(standing) = self.keep_hold(rule, hold).await?
                {
                    return Ok(Some(Entrance::Over(standing)));
                }
            }
        }
    }

    /// Another agent whose claim in the environment holds, and came before
    /// ours; or, if the rule says that the newest counts, a newer deployment that
    /// somebody has begun with.
    async fn what_is_ahead(&self, rule: &Rule, hold: &Hold) -> Result<Option<Ahead>, Trouble> {
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
            let newer = observed.iter().filter(|one| self.is_superseded_by(one));
            if let Some(newer) = newer.map(|one| one.deployment.id).max() {
                return Ok(Some(Ahead::Newer(newer)));
            }
        }
        for one in observed {
            let id = one.deployment.id;
            if id == self.entry.id() || one.state != DeploymentState::InProgress {
                continue;
            }
            let (statuses, now) = client
                .repo(repository)
                .deployment(id)
                .status_history()
                .await?;
            if let Standing::Owned(owner) = Standing::of(&statuses)
                && self.is_before(&owner, hold, now)
            {
                return Ok(Some(Ahead::Owner(id, owner)));
            }
        }
        Ok(None)
    }

    /// Whether another deployment of the environment is newer, has been begun
    /// with, and supersedes older ones by its rule. One that only waits may wait
    /// for an agent that never hears of it.
    fn is_superseded_by(&self, other: &DeploymentWithState) -> bool {
        let is_begun =
            other.state.phase() != Phase::Underway || other.state == DeploymentState::InProgress;
        let deployment = &other.deployment;
        let request = Request {
            repository: &self.entry.repository,
            environment: &deployment.environment,
            ref_name: &deployment.ref_name,
            sha: &deployment.sha,
            task: &deployment.task,
            by_workflow: false,
        };
        let config = self.agent.config();
        let rule = config.rule_for(&request);
        deployment.id > self.entry.id()
            && is_begun
            && rule.is_some_and(|(_, rule)| rule.concurrency == Concurrency::Supersede)
    }

    fn is_before(&self, owner: &Owner, hold: &Hold, now: Timestamp) -> bool {
        // What is ours waits for its turn in this process.
        owner.claim.instance != self.agent.journal.instance()
            && now <= owner.until()
            && owner.since < hold.owner().since
    }

    /// Gives the claim back: the command was not started.
    async fn give_back(&self) -> Result<Entrance, Trouble> {
        let agent = &self.agent;
        let new = NewStatus {
            description: Some(release(&agent.name, agent.journal.instance())),
            ..NewStatus::new(StatusState::Queued)
        };
        let (repository, id) = (&self.entry.repository, self.entry.id());
        let sent = timeout(
            GIVE_BACK,
            agent
                .client
                .repo(repository)
                .deployment(id)
                .create_status(&new),
        )
        .await;
        let Ok(sent) = sent else {
            // The agent stops, and takes it up again at its next start.
            return Ok(Entrance::Left);
        };
        sent?;
        agent.log.info("claim given back", json!({ "id": id }));
        Ok(Entrance::Left)
    }
}
