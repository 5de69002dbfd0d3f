use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::ownership::Hold;
use super::{Trouble, Turn, newer_one};
use crate::agent::config::{Concurrency, Rule};
use crate::agent::journal::Verdict;
use crate::agent::service::Stage;
use crate::api::{DeploymentFilter, NewStatus, Paging};
use crate::model::{DeploymentId, DeploymentState, StatusState};
use crate::outbox::claims::{Owner, Standing, release};

/// The pause between the first looks at who is at work; it doubles up to the
/// longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Whether the command may start.
pub(super) enum Entrance {
    /// No other agent is at work in the environment.
    Open,
    /// The deployment is to end without its command.
    Judged(Verdict),
    /// It is another agent's by now.
    Lost,
    /// The agent stops; the claim was given back.
    Left,
}

impl Turn {
    /// Waits until no other agent is at work in the environment before us.
    pub(super) async fn enter(&self, rule: &Rule, hold: &mut Hold) -> Result<Entrance, Trouble> {
        let mut pause = FIRST_PAUSE;
        let mut is_told = false;
        while let Some((id, owner)) = self.who_is_before(hold).await? {
            if rule.concurrency == Concurrency::Reject {
                return Ok(Entrance::Judged(Verdict::Rejected));
            }
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
                        self.give_back().await?;
                        return Ok(Entrance::Left);
                    }
                    newer = newer_one(self.superseded_by.clone()) => {
                        return Ok(Entrance::Judged(Verdict::SupersededBy(newer)));
                    }
                }
                if hold.next_sign().is_zero() && !self.keep_hold(rule, hold).await? {
                    return Ok(Entrance::Lost);
                }
            }
        }
        Ok(Entrance::Open)
    }

    /// Another agent whose claim in the environment holds, and came before
    /// ours.
    async fn who_is_before(&self, hold: &Hold) -> Result<Option<(DeploymentId, Owner)>, Trouble> {
        let (client, repository) = (&self.agent.client, &self.entry.repository);
        let filter = DeploymentFilter {
            environment: Some(self.entry.deployment.environment.clone()),
            ..DeploymentFilter::default()
        };
        let newest = Paging::up_to(Paging::LARGEST_PAGE as usize);
        let observed = client.observed_deployments(repository, &filter, newest);
        let observed: Vec<_> = observed.try_concat().await?;
        for one in observed {
            let id = one.deployment.id;
            if id == self.entry.id() || one.state != DeploymentState::InProgress {
                continue;
            }
            let (statuses, now) = client.status_history(repository, id).await?;
            if let Standing::Owned(owner) = Standing::of(&statuses)
                && self.is_before(&owner, hold, now)
            {
                return Ok(Some((id, owner)));
            }
        }
        Ok(None)
    }

    fn is_before(&self, owner: &Owner, hold: &Hold, now: Timestamp) -> bool {
        // What is ours waits for its turn in this process.
        owner.claim.instance != self.agent.journal.instance()
            && now <= owner.until()
            && owner.since < hold.owner().since
    }

    /// Gives the claim back: the command was not started.
    async fn give_back(&self) -> Result<(), Trouble> {
        let agent = &self.agent;
        let new = NewStatus {
            description: Some(release(&agent.name, agent.journal.instance())),
            ..NewStatus::new(StatusState::Queued)
        };
        let (repository, id) = (&self.entry.repository, self.entry.id());
        agent.client.create_status(repository, id, &new).await?;
        agent.log.info("claim given back", json!({ "id": id }));
        Ok(())
    }
}
