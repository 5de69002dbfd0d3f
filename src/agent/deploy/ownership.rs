use std::pin::pin;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::{Agent, Trouble, Turn};
use crate::agent::config::Rule;
use crate::api::NewStatus;
use crate::model::{DeploymentId, RepoSlug, Status, StatusId, StatusState};
use crate::outbox::claims::{Claim, Owner, Standing, holds_at, next_sign_after, shows};

/// So often a list is read that does not show the claim yet.
const LOOKS: u32 = 6;
/// The pause before the second of these looks; it doubles with each.
const LOOK_PAUSE: Duration = Duration::from_millis(250);
/// The pause after a sign of life that could not be given.
const SIGN_PAUSE: Duration = Duration::from_secs(5);
/// How long a sign of life may still take once there is an end to report.
const LAST_SIGN: Duration = Duration::from_secs(5);

/// Who has the deployment after a claim.
pub(super) enum Claimed {
    /// This agent.
    Ours(Hold),
    /// Another one, with the server's time.
    Theirs(Owner, Timestamp),
    /// Nobody, since it came to its end; or somebody who is no agent, such as
    /// `deployctl run`.
    Over(Standing),
}

/// What became of work during which signs of life were given.
pub(super) enum Kept<T> {
    /// It is done, and the deployment is this agent's.
    Done(T),
    /// The deployment is no longer this agent's, but stands like this. The work
    /// may have been done just then.
    Lost(Standing, Option<T>),
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

    /// How long until the next sign of life is due.
    pub(super) fn next_sign(&self) -> Duration {
        next_sign_after(self.owner.claim.holds).saturating_sub(self.last_sign.age())
    }
}

impl Agent {
    /// Sends the sign of life number `number`, and reads who has the deployment
    /// in a list that shows it. One that has ended, or is another agent's, is
    /// not set back by a sign: then nothing is sent. The first sign is the
    /// claim, before which the caller has looked.
    pub(super) async fn sign(
        &self,
        repository: &RepoSlug,
        id: DeploymentId,
        number: u32,
        log_url: Option<String>,
    ) -> Result<(Option<Status>, Standing, Timestamp), Trouble> {
        if number > 0 {
            let (statuses, now) = self
                .client
                .repo(repository)
                .deployment(id)
                .status_history()
                .await?;
            let standing = Standing::of(&statuses);
            if !standing.is_of(self.journal.instance()) {
                return Ok((None, standing, now));
            }
        }
        let claim = Claim {
            name: self.name.clone(),
            instance: self.journal.instance().to_owned(),
            holds: holds_at(self.config().takeover_after, number),
        };
        let new = NewStatus {
            description: Some(claim.to_string()),
            log_url,
            ..NewStatus::new(StatusState::InProgress)
        };
        let sent = self
            .client
            .repo(repository)
            .deployment(id)
            .create_status(&new)
            .await?;
        if number == 0 {
            sleep(self.config().settle).await;
        }
        let mut pause = LOOK_PAUSE;
        for look in 1..=LOOKS {
            let (statuses, now) = self
                .client
                .repo(repository)
                .deployment(id)
                .status_history()
                .await?;
            if sent.id.is_none_or(|id| shows(&statuses, id)) {
                return Ok((Some(sent), Standing::of(&statuses), now));
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
                    newest: sent.and_then(|sent| sent.id).unwrap_or(StatusId(0)),
                    last_sign,
                    signs: 1,
                })
            }
            Standing::Owned(owner) => Claimed::Theirs(owner, now),
            over @ (Standing::Ended(_) | Standing::Elsewhere) => Claimed::Over(over),
            // A list that shows our claim is not that; a server that lost it is
            // as good as one that knows no claim.
            Standing::Free => return Err(Trouble::Stale),
        })
    }

    /// Gives a sign of life. Gives back how the deployment stands once it is no
    /// longer this agent's.
    pub(super) async fn keep_hold(
        &self,
        rule: &Rule,
        hold: &mut Hold,
    ) -> Result<Option<Standing>, Trouble> {
        let agent = &self.agent;
        let last_sign = Moment::now();
        let log_url = self.log_url(rule);
        let (sent, standing, _) = agent
            .sign(&self.entry.repository, self.entry.id(), hold.signs, log_url)
            .await?;
        match standing {
            Standing::Owned(owner) if owner.claim.instance == agent.journal.instance() => {
                hold.owner = owner;
                hold.last_sign = last_sign;
                hold.signs += 1;
                hold.newest = sent.and_then(|sent| sent.id).unwrap_or(hold.newest);
                Ok(None)
            }
            standing => Ok(Some(standing)),
        }
    }

    /// Gives signs of life until the work is done. One that is under way then is
    /// waited for a little, so that it does not arrive after the final status.
    pub(super) async fn keep_while<T>(
        &self,
        rule: &Rule,
        hold: &mut Hold,
        work: impl Future<Output = T>,
    ) -> Kept<T> {
        let mut work = pin!(work);
        let mut pause = hold.next_sign();
        loop {
            tokio::select! {
                done = &mut work => return Kept::Done(done),
                () = sleep(pause) => {}
            }
            let holds = hold.owner().claim.holds;
            let mut done = None;
            let kept = {
                let mut sign = pin!(self.keep_hold(rule, hold));
                tokio::select! {
                    kept = &mut sign => Some(kept),
                    early = &mut work => {
                        done = Some(early);
                        timeout(LAST_SIGN, sign).await.ok()
                    }
                }
            };
            pause = match kept {
                Some(Ok(None)) | None => hold.next_sign(),
                Some(Ok(Some(standing))) => return Kept::Lost(standing, done),
                Some(Err(trouble)) => {
                    self.agent.log.warn(
                        "sign of life failed",
                        json!({ "id": self.entry.id(), "error": trouble.to_string() }),
                    );
                    SIGN_PAUSE.min(holds / 6)
                }
            };
            if let Some(done) = done {
                return Kept::Done(done);
            }
        }
    }

    /// Looks once more whether the deployment is this agent's and not at its
    /// end. Gives back how it stands if not.
    pub(super) async fn confirm(
        &self,
        rule: &Rule,
        hold: &mut Hold,
    ) -> Result<Option<Standing>, Trouble> {
        let (client, id) = (&self.agent.client, self.entry.id());
        let (statuses, now) = client
            .repo(&self.entry.repository)
            .deployment(id)
            .status_history()
            .await?;
        match Standing::of(&statuses) {
            Standing::Owned(owner) if owner.claim.instance == self.agent.journal.instance() => {
                if is_reliable(&owner, now) {
                    Ok(None)
                } else {
                    self.keep_hold(rule, hold).await
                }
            }
            standing => Ok(Some(standing)),
        }
    }
}

/// Whether a claim that gave its last sign at `last` may be relied on at `now`,
/// both by the server's clock: for as long as half of what it holds.
pub(super) fn is_reliable(owner: &Owner, now: Timestamp) -> bool {
    let half = SignedDuration::try_from(owner.claim.holds / 2).unwrap_or(SignedDuration::ZERO);
    now.duration_since(owner.last_sign) < half
}
