use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};

use super::branch_name::Target;
use super::error::LockError;
use super::held::{Lock, Locks};
use super::lock_file::{LockFile, NewLockFile, PATH};
use super::obstacle::Obstacle;
use super::release::release_unchanged;
use crate::api::{BranchUpdate, Client, in_order};
use crate::model::RepoSlug;

/// The message of the commit with a lock, as in github/branch-deploy.
const MESSAGE: &str = "lock [skip ci]";

/// How often locks are taken again if others change them at the same time.
const ATTEMPTS: usize = 5;

/// Whose a lock is to be, and why.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'a> {
    pub(crate) owner: &'a str,
    pub(crate) reason: Option<&'a str>,
    /// After which time the lock expires.
    pub(crate) length: Option<SignedDuration>,
    pub(crate) pull_request: Option<u64>,
}

/// Locks that are held now.
#[derive(Debug)]
pub(crate) struct Taken {
    /// One for each target, in their order.
    pub(crate) locks: Vec<Lock>,
    /// Those of them that were taken just now.
    pub(crate) new: Vec<Lock>,
    pub(super) repository_id: String,
}

impl Taken {
    /// Gives back what was taken just now, unless it has changed hands.
    pub(crate) async fn give_back(
        &self,
        client: &Client,
        repo: &RepoSlug,
    ) -> Result<(), LockError> {
        release_unchanged(client, repo, &self.repository_id, &self.new).await
    }
}

/// Takes the locks of all targets, or of none. `known` are the locks as they were
/// read last.
///
/// A single free lock is taken by creating its branch, which only one can do.
/// Several, and those in place of expired ones, are taken by one change of all
/// branches at once. The locks of environments do not exclude a global one that
/// is taken at the same time, so that is read again afterwards.
pub(crate) async fn take(
    client: &Client,
    repo: &RepoSlug,
    targets: &[Target],
    terms: &Terms<'_>,
    mut known: Locks,
) -> Result<Taken, Obstacle> {
    for _ in 0..ATTEMPTS {
        let free = match missing(&known, targets, terms.owner) {
            Ok(free) => free,
            Err(held) => return Err(Obstacle::Held(held)),
        };
        let at_once = client.concurrency();
        let wanted: Vec<(Lock, Option<String>)> = in_order(&free, at_once, |(target, expired)| {
            write_lock(client, repo, target, expired.as_ref(), terms, &known)
        })
        .try_collect()
        .await?;
        let refusal = publish(client, repo, &known.repository_id, &wanted).await?;
        let taken: Vec<Lock> = wanted.into_iter().map(|(lock, _)| lock).collect();
        if let Some(refusal) = refusal {
            let before = known;
            known = Locks::read(client, repo).await?;
            // A request whose response was lost may have taken effect.
            if !taken.iter().all(|lock| known.holds(lock)) {
                let is_unchanged = |target: &Target| {
                    let oid = |locks: &Locks| locks.of(target).map(|lock| lock.oid.clone());
                    oid(&before) == oid(&known)
                };
                if free.iter().all(|(target, _)| is_unchanged(target)) {
                    return Err(refusal.into());
                }
                continue;
            }
        }
        let taken = Taken {
            locks: targets
                .iter()
                .map(|target| find(target, &taken, &known))
                .collect::<Option<_>>()
                .ok_or(LockError::KeepChanging)?,
            new: taken,
            repository_id: known.repository_id.clone(),
        };
        return confirm(client, repo, targets, terms.owner, taken).await;
    }
    Err(LockError::KeepChanging.into())
}

/// The targets whose locks are to be taken, each with the expired lock in its
/// place; or the lock of somebody else.
fn missing<'a>(
    known: &Locks,
    targets: &'a [Target],
    owner: &str,
) -> Result<Vec<(&'a Target, Option<String>)>, Box<Lock>> {
    let mut free = Vec::new();
    for target in targets {
        if let Some(held) = known.blocking(target, owner) {
            return Err(Box::new(held.clone()));
        }
        match known.of(target) {
            None => free.push((target, None)),
            Some(lock) if lock.is_expired(known.now) => free.push((target, Some(lock.oid.clone()))),
            Some(_) => {}
        }
    }
    Ok(free)
}

/// Writes the commit of a lock, to which no branch points yet.
async fn write_lock(
    client: &Client,
    repo: &RepoSlug,
    target: &Target,
    expired: Option<&String>,
    terms: &Terms<'_>,
    known: &Locks,
) -> Result<(Lock, Option<String>), LockError> {
    let now = known.now;
    let page = client.endpoints().repository_page(repo, &[]);
    let file = LockFile::new(&NewLockFile {
        environment: target.environment(),
        owner: terms.owner,
        reason: terms.reason,
        now,
        expires_at: terms.length.map(|length| {
            let end = now.checked_add(length).unwrap_or(Timestamp::MAX);
            Timestamp::from_second(end.as_second()).unwrap_or(end)
        }),
        repository_url: page.as_str(),
        pull_request: terms.pull_request,
        nonce: std::array::from_fn(|_| fastrand::u64(..)),
    });
    let repo = client.repo(repo);
    let tree = repo.create_tree(PATH, &file.to_json()).await?;
    let oid = repo.create_commit(&tree, MESSAGE).await?;
    let lock = Lock {
        branch: target.branch(),
        oid,
        target: target.clone(),
        file: Ok(file),
    };
    Ok((lock, expired.cloned()))
}

/// Lets the branches point to the locks. Returns why that was refused.
async fn publish(
    client: &Client,
    repo: &RepoSlug,
    repository_id: &str,
    wanted: &[(Lock, Option<String>)],
) -> Result<Option<LockError>, LockError> {
    let repo = client.repo(repo);
    match wanted {
        [] => Ok(None),
        [(lock, None)] => match repo.create_branch(&lock.branch, &lock.oid).await {
            Ok(()) => Ok(None),
            Err(error) if matches!(error.status(), Some(409 | 422)) => Ok(Some(error.into())),
            Err(error) => Err(error.into()),
        },
        several => {
            let updates: Vec<BranchUpdate> = several
                .iter()
                .map(|(lock, expired)| BranchUpdate {
                    branch: lock.branch.clone(),
                    before: expired.clone(),
                    after: Some(lock.oid.clone()),
                })
                .collect();
            let outcome = repo.update_branches(repository_id, &updates).await?;
            Ok(LockError::from_refusal(outcome))
        }
    }
}

fn find(target: &Target, taken: &[Lock], known: &Locks) -> Option<Lock> {
    let branch = target.branch();
    let own = taken.iter().find(|lock| lock.branch == branch);
    own.or_else(|| known.of(target)).cloned()
}

/// Reads the locks once more after some were taken for environments: a global
/// lock that came in between wins, and the others are given back.
async fn confirm(
    client: &Client,
    repo: &RepoSlug,
    targets: &[Target],
    owner: &str,
    taken: Taken,
) -> Result<Taken, Obstacle> {
    let is_global = |target: &Target| *target == Target::Global;
    if taken.new.is_empty() || targets.iter().all(is_global) {
        return Ok(taken);
    }
    let obstacle = match Locks::read(client, repo).await {
        Ok(now) => {
            let global = now.of(&Target::Global);
            let Some(global) = global.filter(|global| global.blocks(owner, now.now)) else {
                return match taken.new.iter().find(|lock| !now.holds(lock)) {
                    Some(lost) => Err(LockError::Lost(lost.target.to_string()).into()),
                    None => Ok(taken),
                };
            };
            Obstacle::Held(Box::new(global.clone()))
        }
        Err(error) => error.into(),
    };
    let Err(error) = taken.give_back(client, repo).await else {
        return Err(obstacle);
    };
    let names: Vec<String> = taken
        .new
        .iter()
        .map(|lock| lock.target.to_string())
        .collect();
    let kept = LockError::Kept {
        target: names.join(", "),
        cause: match &obstacle {
            Obstacle::Held(held) => format!("{} is locked by somebody else", held.target),
            Obstacle::Failed(cause) => cause.to_string(),
        },
        error: Box::new(error),
    };
    Err(kept.into())
}

#[cfg(test)]
mod tests {
    use super::super::held::testing::{lock, locks};
    use super::*;

    fn environment(name: &str) -> Target {
        Target::Environment(name.to_owned())
    }

    #[test]
    fn what_is_missing_is_taken_unless_somebody_holds_one() {
        let targets = [environment("a"), environment("b"), environment("c")];
        let own = lock(&targets[0], Some("mona"), None);
        let expired = lock(&targets[1], Some("hubot"), Some("2026-01-01T00:00:00Z"));
        let known = locks(vec![own.clone(), expired.clone()]);
        let free = missing(&known, &targets, "mona").expect("free");
        assert_eq!(
            free,
            [(&targets[1], Some(expired.oid)), (&targets[2], None)]
        );
        let known = locks(vec![own, lock(&targets[2], Some("hubot"), None)]);
        let held = missing(&known, &targets, "mona").expect_err("held");
        assert_eq!(held.target, targets[2]);
    }

    #[test]
    fn a_global_lock_is_free_while_environments_are_locked() {
        let known = locks(vec![lock(&environment("a"), Some("hubot"), None)]);
        let free = missing(&known, &[Target::Global], "mona").expect("free");
        assert_eq!(free, [(&Target::Global, None)]);
        let known = locks(vec![lock(&Target::Global, None, None)]);
        assert!(missing(&known, &[Target::Global], "mona").is_err());
        assert!(missing(&known, &[environment("a")], "mona").is_err());
    }
}
