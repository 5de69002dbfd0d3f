use jiff::Timestamp;

use super::branch_name::{SUFFIX, Target};
use super::error::LockError;
use super::lock_file::{LockFile, PATH, Unreadable};
use crate::api::{BranchFile, BranchFilesQuery, Client, FileText};
use crate::model::RepoSlug;

/// The file with the freezes of a repository.
pub(crate) const SETTINGS_PATH: &str = ".github/deployctl.toml";

/// The branch of a lock, and what its file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lock {
    /// The short name of the branch.
    pub(crate) branch: String,
    /// The commit with the file, which changes if the lock changes hands.
    pub(crate) oid: String,
    pub(crate) target: Target,
    pub(crate) file: Result<LockFile, Unreadable>,
}

impl Lock {
    fn new(found: BranchFile) -> Option<Self> {
        let file = match found.file {
            FileText::Text(text) => LockFile::parse(&text),
            FileText::Missing => Err(Unreadable(format!("the branch has no file {PATH}"))),
            FileText::Unreadable => Err(Unreadable(format!("{PATH} is no text"))),
        };
        let mut target = Target::of_branch(&found.branch)?;
        // The branch does not tell a space from a hyphen, and the file does.
        if let Ok(file) = &file
            && let Some(name) = &file.environment
        {
            let named = Target::Environment(name.clone());
            if named.branch() == found.branch {
                target = named;
            }
        }
        Some(Self {
            branch: found.branch,
            oid: found.oid,
            target,
            file,
        })
    }

    /// The owner's login; `None` if the file cannot be read.
    pub(crate) fn owner(&self) -> Option<&str> {
        self.file.as_ref().ok().map(|file| file.created_by.as_str())
    }

    pub(crate) fn is_owned_by(&self, login: &str) -> bool {
        self.owner()
            .is_some_and(|owner| owner.eq_ignore_ascii_case(login))
    }

    /// Whether it no longer counts. A file that cannot be read never expires.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        let file = self.file.as_ref().ok();
        file.and_then(|file| file.expires_at)
            .is_some_and(|end| end <= now)
    }

    /// Whether it keeps a user from deploying.
    pub(crate) fn blocks(&self, login: &str, now: Timestamp) -> bool {
        !self.is_owned_by(login) && !self.is_expired(now)
    }
}

/// All locks of a repository at one moment, and its settings.
#[derive(Clone, Debug)]
pub(crate) struct Locks {
    /// The node ID of the repository.
    pub(super) repository_id: String,
    /// The login of the token's user, if the server names it.
    pub(crate) viewer: Option<String>,
    pub(crate) all: Vec<Lock>,
    /// The text of [`SETTINGS_PATH`] on the default branch.
    pub(crate) settings: FileText,
    /// The time by the server's clock.
    pub(crate) now: Timestamp,
}

impl Locks {
    /// Reads them with one request, unless there are more than 100.
    pub(crate) async fn read(client: &Client, repo: &RepoSlug) -> Result<Self, LockError> {
        let query = BranchFilesQuery {
            branches: SUFFIX,
            path: PATH,
            settings: SETTINGS_PATH,
        };
        let found = client.repo(repo).branch_files(query).await?;
        let found = found.ok_or(LockError::NoRepository)?;
        Ok(Self {
            repository_id: found.repository_id,
            viewer: found.viewer,
            all: found.branches.into_iter().filter_map(Lock::new).collect(),
            settings: found.settings,
            now: client.server_now(),
        })
    }

    /// The lock of a target, expired or not.
    pub(crate) fn of(&self, target: &Target) -> Option<&Lock> {
        let branch = target.branch();
        self.all.iter().find(|lock| lock.branch == branch)
    }

    /// Whether a lock exists and has not changed since it was read or taken.
    pub(super) fn holds(&self, lock: &Lock) -> bool {
        let mut all = self.all.iter();
        all.any(|found| found.branch == lock.branch && found.oid == lock.oid)
    }

    /// The lock that keeps a user from deploying to, or locking, a target: the
    /// global one first.
    pub(crate) fn blocking(&self, target: &Target, login: &str) -> Option<&Lock> {
        [&Target::Global, target]
            .into_iter()
            .filter_map(|target| self.of(target))
            .find(|lock| lock.blocks(login, self.now))
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// A lock of a target; an owner of `None` makes its file unreadable.
    pub(in crate::locks) fn lock(
        target: &Target,
        owner: Option<&str>,
        expires_at: Option<&str>,
    ) -> Lock {
        let text = owner.map_or("{}".to_owned(), |owner| {
            serde_json::json!({
                "reason": "why", "branch": null, "created_at": "2026-06-14T21:12:14.041Z",
                "created_by": owner, "sticky": true, "environment": target.environment(),
                "global": target.environment().is_none(), "unlock_command": "x",
                "link": "https://github.com/a/b/pull/1", "expires_at": expires_at,
            })
            .to_string()
        });
        let found = BranchFile {
            branch: target.branch(),
            oid: format!("{owner:?}{expires_at:?}"),
            file: FileText::Text(text),
        };
        Lock::new(found).expect("a lock")
    }

    pub(in crate::locks) fn locks(all: Vec<Lock>) -> Locks {
        Locks {
            repository_id: "R".to_owned(),
            viewer: Some("mona".to_owned()),
            all,
            settings: FileText::Missing,
            now: "2026-07-01T00:00:00Z".parse().expect("a time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{lock, locks};
    use super::*;

    fn environment(name: &str) -> Target {
        Target::Environment(name.to_owned())
    }

    #[test]
    fn others_block_and_the_global_lock_comes_first() {
        let qa = environment("qa");
        let blocked = |all: Vec<Lock>, login: &str| -> Option<Target> {
            let locks = locks(all);
            locks.blocking(&qa, login).map(|lock| lock.target.clone())
        };
        let own = || lock(&qa, Some("mona"), None);
        let global = || lock(&Target::Global, Some("hubot"), None);
        assert_eq!(blocked(vec![], "mona"), None);
        assert_eq!(blocked(vec![own()], "Mona"), None);
        assert_eq!(blocked(vec![own()], "hubot"), Some(qa.clone()));
        assert_eq!(blocked(vec![own(), global()], "mona"), Some(Target::Global));
        assert_eq!(blocked(vec![own(), global()], "hubot"), Some(qa.clone()));
        let other = lock(&environment("live"), Some("hubot"), None);
        assert_eq!(blocked(vec![other], "mona"), None);
    }

    #[test]
    fn an_unreadable_lock_blocks_everybody_and_an_expired_one_nobody() {
        let qa = environment("qa");
        let unreadable = locks(vec![lock(&qa, None, Some("2000-01-01T00:00:00Z"))]);
        assert!(unreadable.blocking(&qa, "mona").is_some());
        for (end, blocks) in [
            ("2026-06-30T23:59:59Z", false),
            ("2026-07-01T00:00:00Z", false),
            ("2026-07-01T00:00:01Z", true),
            ("2026-07-01T02:00:01+02:00", true),
            ("tomorrow", true),
        ] {
            let locks = locks(vec![lock(&qa, Some("hubot"), Some(end))]);
            assert_eq!(locks.blocking(&qa, "mona").is_some(), blocks, "{end}");
        }
    }

    #[test]
    fn the_file_tells_which_of_two_names_is_meant() {
        let spaced = environment("my env");
        let held = lock(&spaced, Some("mona"), None);
        assert_eq!(held.target, spaced);
        let both = locks(vec![held]);
        assert!(both.of(&environment("my-env")).is_some());
        let mut strange = lock(&environment("qa"), Some("mona"), None);
        strange.branch = "live-branch-deploy-lock".to_owned();
        let found = BranchFile {
            branch: strange.branch,
            oid: String::new(),
            file: FileText::Text(strange.file.expect("readable").to_json()),
        };
        let found = Lock::new(found).map(|lock| lock.target);
        assert_eq!(found, Some(environment("live")));
    }
}
