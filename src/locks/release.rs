use super::branch_name::Target;
use super::error::LockError;
use super::held::{Lock, Locks};
use super::obstacle::Obstacle;
use crate::api::{BranchUpdate, Client};
use crate::model::RepoSlug;

/// How often locks are removed again if others change them at the same time.
const ATTEMPTS: usize = 5;

/// What was removed.
#[derive(Debug)]
pub(crate) struct Released {
    pub(crate) removed: Vec<Lock>,
    /// The targets that were not locked.
    pub(crate) missing: Vec<Target>,
}

/// Removes locks, each only if it has not changed since it was read. Those of
/// others are only removed if they have expired, or with `force`; if one is in
/// the way, nothing is removed.
pub(crate) async fn release(
    client: &Client,
    repo: &RepoSlug,
    targets: &[Target],
    owner: &str,
    force: bool,
    mut known: Locks,
) -> Result<Released, Obstacle> {
    let first = known.clone();
    for _ in 0..ATTEMPTS {
        let mut removed = Vec::new();
        let mut missing = Vec::new();
        for target in targets {
            let Some(lock) = known.of(target) else {
                missing.push(target.clone());
                continue;
            };
            // What is removed by force is what was there at the beginning, and
            // not the lock of the next owner.
            let is_forced = force && first.holds(lock);
            if lock.blocks(owner, known.now) && !is_forced {
                return Err(Obstacle::Held(Box::new(lock.clone())));
            }
            removed.push(lock.clone());
        }
        if removed.is_empty() {
            return Ok(Released { removed, missing });
        }
        let Some(refusal) = delete(client, repo, &known.repository_id, &removed).await? else {
            return Ok(Released { removed, missing });
        };
        let now = Locks::read(client, repo).await?;
        match removed.iter().filter(|lock| now.holds(lock)).count() {
            // A request whose response was lost may have taken effect.
            0 if removed.iter().all(|lock| now.of(&lock.target).is_none()) => {
                return Ok(Released { removed, missing });
            }
            unchanged if unchanged == removed.len() => return Err(refusal.into()),
            _ => known = now,
        }
    }
    Err(LockError::KeepChanging.into())
}

/// Removes locks unless they have changed.
pub(crate) async fn release_unchanged(
    client: &Client,
    repo: &RepoSlug,
    repository_id: &str,
    locks: &[Lock],
) -> Result<(), LockError> {
    let mut left = locks.to_vec();
    for _ in 0..ATTEMPTS {
        if left.is_empty() {
            return Ok(());
        }
        let Some(refusal) = delete(client, repo, repository_id, &left).await? else {
            return Ok(());
        };
        let now = Locks::read(client, repo).await?;
        let before = left.len();
        left.retain(|lock| now.holds(lock));
        if left.len() == before {
            return Err(refusal);
        }
    }
    Err(LockError::KeepChanging)
}

/// Deletes the branches of locks, all or none. Returns why that was refused.
async fn delete(
    client: &Client,
    repo: &RepoSlug,
    repository_id: &str,
    locks: &[Lock],
) -> Result<Option<LockError>, LockError> {
    let updates: Vec<BranchUpdate> = locks
        .iter()
        .map(|lock| BranchUpdate {
            branch: lock.branch.clone(),
            before: Some(lock.oid.clone()),
            after: None,
        })
        .collect();
    let repo = client.repo(repo);
    let outcome = repo.update_branches(repository_id, &updates).await?;
    Ok(LockError::from_refusal(outcome))
}
