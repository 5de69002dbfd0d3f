use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::sleep;

use super::{Agent, Trouble, Turn};
use crate::agent::config::Rule;
use crate::api::NewStatus;
use crate::model::{DeploymentId, RepoSlug, Status, StatusId, StatusState};
use crate::outbox::claims::{Claim, Owner, Standing, holds_at, next_sign_after, shows};

/// So often a list is read that does not show the claim yet.
const LOOKS: u32 = 6;
/// The pause before the second of these looks; it doubles with each.
const LOOK_PAUSE: Duration = Duration::from_millis(250);

/// Who has the deployment after a claim.
pub(super) enum Claimed {
    /// This agent.
    Ours(Hold),
    /// Another one, with the server's time.
    Theirs(Owner, Timestamp),
    /// Nobody: it came to its end.
    Over(StatusState),
    /// Somebody who is no agent, such as `deployctl run`.
    Elsewhere,
}

/// A moment by both clocks: one of them stands still while the machine sleeps,
/// the other one can be set.
#[derive(Clone, Copy, Debug)]
struct Moment {
    steady: Instant,
    wall: Timestamp,
}

impl Moment {
    fn now() -> Self {
        Self {
            steady: Instant::now(),
            wall: Timestamp::now(),
        }
    }

    /// How long ago it was at the most.
    fn age(&self) -> Duration {
        let wall = Timestamp::now().duration_since(self.wall);
        let wall = Duration::try_from(wall).unwrap_or_default();
        self.steady.elapsed().max(wall)
    }
}

/// A deployment that this agent holds.
pub(super) struct Hold {
    owner: Owner,
    newest: StatusId,
    last_sign: Moment,
    signs: u32,
}

impl Hold {
    pub(super) fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The newest status that is ours.
    pub(super) fn newest(&self) -> StatusId {
        self.newest
    }

    /// Whether nobody can have taken it over, nor will within half of the time
    /// that the claim holds.
    pub(super) fn is_fresh(&self) -> bool {
        self.last_sign.age() < self.owner.claim.holds / 2
    }

    /// How long until the next sign of life is due.
    pub(super) fn next_sign(&self) -> Duration {
        next_sign_after(self.owner.claim.holds).saturating_sub(self.last_sign.age())
    }
}

impl Agent {
    /// Sends the sign of life number `number`, and reads who has the deployment
    /// in a list that shows it.
    pub(super) async fn sign(
        &self,
        repository: &RepoSlug,
        id: DeploymentId,
        number: u32,
        log_url: Option<String>,
    ) -> Result<(Status, Standing, Timestamp), Trouble> {
        let claim = Claim {
            name: self.name.clone(),
            instance: self.journal.instance().to_owned(),
            holds: holds_at(self.config.takeover_after, number),
        };
        let new = NewStatus {
            description: Some(claim.to_string()),
            log_url,
            ..NewStatus::new(StatusState::InProgress)
        };
        let sent = self.client.create_status(repository, id, &new).await?;
        if number == 0 {
            sleep(self.config.settle).await;
        }
        let mut pause = LOOK_PAUSE;
        for look in 1..=LOOKS {
            let (statuses, now) = self.client.status_history(repository, id).await?;
            if sent.id.is_none_or(|id| shows(&statuses, id)) {
                return Ok((sent, Standing::of(&statuses), now));
            }
            if look < LOOKS {
                sleep(pause).await;
                pause *= 2;
            }
        }
        Err(Trouble::Stale)
    }
}

impl Turn {
    /// Claims the deployment, and finds out whether it is ours.
    pub(super) async fn claim(&self, rule: &Rule) -> Result<Claimed, Trouble> {
        let agent = &self.agent;
        let id = self.entry.id();
        agent.journal.claim(id).await?;
        let last_sign = Moment::now();
        let log_url = self.log_url(rule);
        let (sent, standing, now) = agent.sign(&self.entry.repository, id, 0, log_url).await?;
        let ours = standing.is_of(agent.journal.instance());
        Ok(match standing {
            Standing::Owned(owner) if ours => {
                agent.log.info(
                    "deployment claimed",
                    json!({
                        "id": id,
                        "environment": self.entry.deployment.environment,
                        "took_over": owner.took_over.then_some(true),
                    }),
                );
                Claimed::Ours(Hold {
                    owner,
                    newest: sent.id.unwrap_or(StatusId(0)),
                    last_sign,
                    signs: 1,
                })
            }
            Standing::Owned(owner) => Claimed::Theirs(owner, now),
            Standing::Ended(state) => Claimed::Over(state),
            Standing::Elsewhere => Claimed::Elsewhere,
            // A list that shows our claim is not that; a server that lost it is
            // as good as one that knows no claim.
            Standing::Free => return Err(Trouble::Stale),
        })
    }

    /// Gives a sign of life. False once somebody else has the deployment.
    pub(super) async fn keep_hold(&self, rule: &Rule, hold: &mut Hold) -> Result<bool, Trouble> {
        let agent = &self.agent;
        let last_sign = Moment::now();
        let log_url = self.log_url(rule);
        let (sent, standing, _) = agent
            .sign(&self.entry.repository, self.entry.id(), hold.signs, log_url)
            .await?;
        let is_ours = standing.is_of(agent.journal.instance());
        if is_ours && let Standing::Owned(owner) = standing {
            hold.owner = owner;
            hold.last_sign = last_sign;
            hold.signs += 1;
            hold.newest = sent.id.unwrap_or(hold.newest);
        }
        Ok(is_ours)
    }
}

/// Whether a claim that gave its last sign at `last` may be relied on at `now`,
/// both by the server's clock: for as long as half of what it holds.
pub(super) fn is_reliable(owner: &Owner, now: Timestamp) -> bool {
    let half = SignedDuration::try_from(owner.claim.holds / 2).unwrap_or(SignedDuration::ZERO);
    now.duration_since(owner.last_sign) < half
}
