use std::pin::pin;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::attempt::Attempt;
use super::error::DeployError;
use crate::agent::agent::Agent;
use crate::agent::config::Rule;
use crate::api::NewStatus;
use crate::model::{DeploymentId, RepoSlug, Status, StatusId, StatusState};
use crate::outbox::claims::{
    Claim, Owner, Ownership, claim_duration, contains_status, heartbeat_interval,
};

/// How many times the statuses are read until they show the claim.
const MAX_READS: u32 = 6;
/// The pause after the first of these reads; it doubles with each.
const READ_PAUSE: Duration = Duration::from_millis(250);
/// The pause after a heartbeat that could not be sent.
const RETRY_PAUSE: Duration = Duration::from_secs(5);
/// How long a heartbeat may still take once the command has ended.
const LAST_HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(5);

/// Who owns the deployment after a claim.
pub(super) enum ClaimResult {
    Ours(HeldClaim),
    /// Another agent, with the server's time.
    Theirs(Owner, Timestamp),
    /// It has ended, or is deployed without a claim, as by `deployctl run`.
    NotClaimable(Ownership),
}

/// The result of work during which heartbeats were sent.
pub(super) enum WithClaim<T> {
    Done(T),
    /// The deployment is no longer this agent's. The work may have ended at the
    /// same moment.
    Lost(Ownership, Option<T>),
}

/// A moment by both clocks: the monotonic one may stand still while the machine
/// sleeps, and the wall clock can be set.
#[derive(Clone, Copy, Debug)]
struct Moment {
    monotonic: Instant,
    wall: Timestamp,
}

impl Moment {
    fn now() -> Self {
        Self {
            monotonic: Instant::now(),
            wall: Timestamp::now(),
        }
    }

    /// How long ago it was at most.
    fn age(&self) -> Duration {
        let wall = Timestamp::now().duration_since(self.wall);
        let wall = Duration::try_from(wall).unwrap_or_default();
        self.monotonic.elapsed().max(wall)
    }
}

/// The claim of this agent on a deployment.
pub(super) struct HeldClaim {
    owner: Owner,
    newest_status: StatusId,
    last_heartbeat: Moment,
    heartbeats: u32,
}

impl HeldClaim {
    pub(super) fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The newest status that this agent has set.
    pub(super) fn newest_status(&self) -> StatusId {
        self.newest_status
    }

    /// How long until the next heartbeat is due.
    pub(super) fn next_heartbeat(&self) -> Duration {
        heartbeat_interval(self.owner.claim.holds).saturating_sub(self.last_heartbeat.age())
    }
}

impl Agent {
    /// Sends heartbeat `number`, and reads from a list of statuses that contains
    /// it who owns the deployment. Heartbeat 0 is the claim itself, before which
    /// the caller has checked the statuses. Any other is not sent if the
    /// deployment has ended or is another agent's, whose status it would replace.
    pub(super) async fn send_heartbeat(
        &self,
        repository: &RepoSlug,
        id: DeploymentId,
        number: u32,
        log_url: Option<String>,
    ) -> Result<(Option<Status>, Ownership, Timestamp), DeployError> {
        let deployment = self.client.repo(repository).deployment(id);
        if number > 0 {
            let (statuses, now) = deployment.status_history().await?;
            let ownership = Ownership::from_statuses(&statuses);
            if !ownership.is_owned_by(self.journal.instance()) {
                return Ok((None, ownership, now));
            }
        }
        let claim = Claim {
            name: self.name.clone(),
            instance: self.journal.instance().to_owned(),
            holds: claim_duration(self.config().takeover_after, number),
        };
        let new = NewStatus {
            description: Some(claim.to_string()),
            log_url,
            ..NewStatus::new(StatusState::InProgress)
        };
        let sent = deployment.create_status(&new).await?;
        if number == 0 {
            sleep(self.config().settle).await;
        }
        let mut pause = READ_PAUSE;
        for read in 1..=MAX_READS {
            let (statuses, now) = deployment.status_history().await?;
            if sent.id.is_none_or(|id| contains_status(&statuses, id)) {
                return Ok((Some(sent), Ownership::from_statuses(&statuses), now));
            }
            if read < MAX_READS {
                sleep(pause).await;
                pause *= 2;
            }
        }
        Err(DeployError::ClaimNotListed)
    }
}

impl Attempt {
    /// Claims the deployment, and finds out who owns it.
    pub(super) async fn claim(&self, rule: &Rule) -> Result<ClaimResult, DeployError> {
        let agent = &self.agent;
        let id = self.entry.id();
        agent.journal.set_claimed(id).await?;
        let last_heartbeat = Moment::now();
        let log_url = self.log_url(rule);
        let (sent, ownership, now) = agent
            .send_heartbeat(&self.entry.repository, id, 0, log_url)
            .await?;
        let is_ours = ownership.is_owned_by(agent.journal.instance());
        Ok(match ownership {
            Ownership::Owned(owner) if is_ours => {
                agent.log.info(
                    "deployment claimed",
                    json!({
                        "id": id,
                        "environment": self.entry.deployment.environment,
                        "took_over": owner.took_over.then_some(true),
                    }),
                );
                ClaimResult::Ours(HeldClaim {
                    owner,
                    newest_status: sent.and_then(|sent| sent.id).unwrap_or(StatusId(0)),
                    last_heartbeat,
                    heartbeats: 1,
                })
            }
            Ownership::Owned(owner) => ClaimResult::Theirs(owner, now),
            other @ (Ownership::Ended(_) | Ownership::WithoutClaim) => {
                ClaimResult::NotClaimable(other)
            }
            // Impossible in a list that contains the claim. A server that lost it
            // is treated like one that does not list it yet.
            Ownership::Unclaimed => return Err(DeployError::ClaimNotListed),
        })
    }

    /// Sends a heartbeat. Returns the state of the deployment if it is no longer
    /// this agent's.
    pub(super) async fn renew_claim(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
    ) -> Result<Option<Ownership>, DeployError> {
        let agent = &self.agent;
        let last_heartbeat = Moment::now();
        let log_url = self.log_url(rule);
        let (sent, ownership, _) = agent
            .send_heartbeat(
                &self.entry.repository,
                self.entry.id(),
                held.heartbeats,
                log_url,
            )
            .await?;
        match ownership {
            Ownership::Owned(owner) if owner.claim.instance == agent.journal.instance() => {
                held.owner = owner;
                held.last_heartbeat = last_heartbeat;
                held.heartbeats += 1;
                held.newest_status = sent.and_then(|sent| sent.id).unwrap_or(held.newest_status);
                Ok(None)
            }
            ownership => Ok(Some(ownership)),
        }
    }

    /// Sends heartbeats until the work is done. It then waits a little for one in
    /// flight, so that it does not arrive after the final status.
    pub(super) async fn renew_while<T>(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
        work: impl Future<Output = T>,
    ) -> WithClaim<T> {
        let mut work = pin!(work);
        let mut pause = held.next_heartbeat();
        loop {
            tokio::select! {
                done = &mut work => return WithClaim::Done(done),
                () = sleep(pause) => {}
            }
            let holds = held.owner().claim.holds;
            let mut done = None;
            let renewed = {
                let mut renewal = pin!(self.renew_claim(rule, held));
                tokio::select! {
                    renewed = &mut renewal => Some(renewed),
                    early = &mut work => {
                        done = Some(early);
                        timeout(LAST_HEARTBEAT_TIMEOUT, renewal).await.ok()
                    }
                }
            };
            pause = match renewed {
                Some(Ok(None)) | None => held.next_heartbeat(),
                Some(Ok(Some(ownership))) => return WithClaim::Lost(ownership, done),
                Some(Err(error)) => {
                    self.agent.log.warn(
                        "heartbeat failed",
                        json!({ "id": self.entry.id(), "error": error.to_string() }),
                    );
                    RETRY_PAUSE.min(holds / 6)
                }
            };
            if let Some(done) = done {
                return WithClaim::Done(done);
            }
        }
    }

    /// Checks that the deployment still is this agent's and has not ended. Returns
    /// its state if not.
    pub(super) async fn confirm_claim(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
    ) -> Result<Option<Ownership>, DeployError> {
        let (client, id) = (&self.agent.client, self.entry.id());
        let (statuses, now) = client
            .repo(&self.entry.repository)
            .deployment(id)
            .status_history()
            .await?;
        match Ownership::from_statuses(&statuses) {
            Ownership::Owned(owner) if owner.claim.instance == self.agent.journal.instance() => {
                if is_reliable(&owner, now) {
                    Ok(None)
                } else {
                    self.renew_claim(rule, held).await
                }
            }
            ownership => Ok(Some(ownership)),
        }
    }
}

/// Whether a claim may be relied on at `now`, by the server's clock: during the
/// first half of its duration after the last heartbeat.
pub(super) fn is_reliable(owner: &Owner, now: Timestamp) -> bool {
    let half = SignedDuration::try_from(owner.claim.holds / 2).unwrap_or(SignedDuration::ZERO);
    now.duration_since(owner.last_heartbeat) < half
}
