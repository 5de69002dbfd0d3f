//! Refs that clients create, move and delete.
//!
//! The user's refs are never written. In the sandbox's own repository,
//! `refs/created/…` has the value that a client gave a ref, and `refs/hidden/…`
//! the user's value that it replaced: the user's ref counts again once the user
//! has moved it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread::sleep;
use std::time::Duration;

use super::names::is_ref_name;
use super::{GitError, ObjectKind, Repo};

/// How often an update is tried again if another process changes the same refs.
const ATTEMPTS: u32 = 40;
/// The pause before an update is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// What the sandbox itself notes about a ref.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Records {
    /// The head that merges led to; only of branches.
    pub(super) merged: Option<String>,
    created: Option<String>,
    hidden: Option<String>,
}

impl Records {
    /// The records of a ref, whose name is given without `refs/`, among the
    /// sandbox's own refs.
    fn new(own: &BTreeMap<String, String>, rest: &str) -> Self {
        let [merged, created, hidden] = record_names(rest).map(|name| own.get(&name).cloned());
        Self {
            merged,
            created,
            hidden,
        }
    }

    /// The value of a ref, without merges, that has the value `users` in the
    /// user's repository.
    pub(super) fn value(&self, users: Option<String>) -> Option<String> {
        users
            .filter(|users| self.hidden.as_ref() != Some(users))
            .or_else(|| self.created.clone())
    }
}

/// The value of a ref before or after an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefValue {
    /// The ref does not exist.
    Absent,
    /// It points to this object.
    Sha(String),
}

impl RefValue {
    fn new(value: Option<String>) -> Self {
        value.map_or(Self::Absent, Self::Sha)
    }

    fn sha(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Sha(sha) => Some(sha),
        }
    }
}

/// A change of one ref.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefUpdate {
    /// The full name, such as `refs/heads/main`.
    pub(crate) name: String,
    /// The value that it must have before; `None` for any.
    pub(crate) before: Option<RefValue>,
    pub(crate) after: RefValue,
    /// Whether it may move to a commit that does not follow the old one.
    pub(crate) force: bool,
}

/// The result of changing refs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Updated {
    Done,
    /// A ref has another value than it must have before; this one.
    Changed {
        name: String,
        now: RefValue,
    },
    /// A ref would move to a commit that does not follow the old one.
    NotForward {
        name: String,
    },
    /// Git does not accept the names: one is malformed, too long, or a folder of
    /// another.
    Refused {
        name: String,
    },
}

impl Repo {
    /// The value of a ref by its full name, merges included.
    pub(crate) fn ref_value(&self, name: &str) -> Result<RefValue, GitError> {
        let Some(rest) = name.strip_prefix("refs/") else {
            return Ok(RefValue::Absent);
        };
        if let Some(branch) = rest.strip_prefix("heads/") {
            return Ok(RefValue::new(self.branch(branch)?.map(|found| found.sha)));
        }
        if !is_ref_name(rest) {
            return Ok(RefValue::Absent);
        }
        let value = self.records(rest)?.value(self.users_ref(rest)?);
        Ok(RefValue::new(value))
    }

    /// The names and values of all refs whose full name starts with `prefix`.
    pub(crate) fn refs(&self, prefix: &str) -> Result<Vec<(String, String)>, GitError> {
        let branches = self.branches()?.into_iter();
        let branches = branches.map(|branch| (format!("refs/heads/{}", branch.name), branch.sha));
        let mut refs: BTreeMap<String, String> = branches.collect();
        let mut users = self.source().refs(&["refs/tags"])?;
        let own = self.overlay().refs(&["refs/created", "refs/hidden"])?;
        let created = own.keys().filter_map(|name| {
            let rest = name.strip_prefix("refs/created/")?;
            Some(format!("refs/{rest}"))
        });
        let names: Vec<String> = users.keys().cloned().chain(created).collect();
        for name in names {
            let rest = name.strip_prefix("refs/").unwrap_or(&name);
            if !rest.starts_with("heads/") && is_ref_name(rest) {
                let value = Records::new(&own, rest).value(users.remove(&name));
                refs.extend(value.map(|sha| (name, sha)));
            }
        }
        refs.retain(|name, _| name.starts_with(prefix));
        Ok(refs.into_iter().collect())
    }

    /// The sandbox's own records of a ref, whose name is given without `refs/`.
    pub(super) fn records(&self, rest: &str) -> Result<Records, GitError> {
        let names = record_names(rest);
        let found = self.overlay().refs(&names.each_ref().map(String::as_str))?;
        Ok(Records::new(&found, rest))
    }

    /// The records of all branches that have some, by their short names.
    pub(super) fn branch_records(&self) -> Result<BTreeMap<String, Records>, GitError> {
        let folders = record_names("heads");
        let found = self
            .overlay()
            .refs(&folders.each_ref().map(String::as_str))?;
        let branch = |name: &String| {
            let branch = folders
                .iter()
                .find_map(|folder| name.strip_prefix(folder.as_str())?.strip_prefix('/'))?;
            let records = Records::new(&found, &format!("heads/{branch}"));
            Some((branch.to_owned(), records))
        };
        Ok(found.keys().filter_map(branch).collect())
    }

    /// The user's value of a ref, whose name is given without `refs/`.
    pub(super) fn users_ref(&self, rest: &str) -> Result<Option<String>, GitError> {
        if let Some(branch) = rest.strip_prefix("heads/") {
            return self.users_branch(branch);
        }
        if !rest.starts_with("tags/") {
            return Ok(None);
        }
        let name = format!("refs/{rest}");
        Ok(self.source().refs(&[&name])?.remove(&name))
    }

    /// The type of the object, if the ref with this full name may point to it: a
    /// branch only to a commit.
    pub(crate) fn target_kind(
        &self,
        name: &str,
        sha: &str,
    ) -> Result<Option<ObjectKind>, GitError> {
        // A ref cannot point to a name that was cut short.
        if ![40, 64].contains(&sha.len()) {
            return Ok(None);
        }
        let is_branch = name.starts_with("refs/heads/");
        let kind = self.object_kind(sha)?;
        Ok(kind.filter(|kind| !is_branch || *kind == ObjectKind::Commit))
    }

    /// Changes refs: all, or none if one of them cannot be changed.
    pub(crate) fn update_refs(&self, updates: &[RefUpdate]) -> Result<Updated, GitError> {
        let mut refused = None;
        for _ in 0..ATTEMPTS {
            let mut commands = String::from("start\n");
            for update in updates {
                let name = &update.name;
                let is_name = name
                    .strip_prefix("refs/")
                    .is_some_and(|rest| rest.contains('/') && is_ref_name(rest));
                if !is_name {
                    return Ok(Updated::Refused { name: name.clone() });
                }
                if let Some(found) = self.prepare(update, &mut commands)? {
                    return Ok(found);
                }
            }
            commands.push_str("prepare\ncommit\n");
            let output = self
                .overlay()
                .reading(commands.clone())
                .output(&["update-ref", "--stdin"])?;
            if output.ok() {
                return Ok(Updated::Done);
            }
            // The same commands fail again unless another process was at work.
            let is_busy = output.complaint().contains("File exists");
            if !is_busy && refused.as_ref() == Some(&commands) {
                break;
            }
            refused = Some(commands);
            sleep(PAUSE);
        }
        let name = updates.first().map(|update| update.name.clone());
        Ok(Updated::Refused {
            name: name.unwrap_or_default(),
        })
    }

    /// Whether a branch is a folder of another one, which git does not have. The
    /// two may be in different places here.
    fn is_in_the_way(&self, rest: &str) -> Result<bool, GitError> {
        let Some(branch) = rest.strip_prefix("heads/") else {
            return Ok(false);
        };
        let is_folder_of = |folder: &str, name: &str| {
            name.strip_prefix(folder)
                .is_some_and(|below| below.starts_with('/'))
        };
        let branches = self.branches()?;
        Ok(branches
            .iter()
            .any(|other| is_folder_of(&other.name, branch) || is_folder_of(branch, &other.name)))
    }

    /// Adds git's commands for one change; or returns why it cannot be made.
    fn prepare(
        &self,
        update: &RefUpdate,
        commands: &mut String,
    ) -> Result<Option<Updated>, GitError> {
        let name = &update.name;
        let rest = name.strip_prefix("refs/").unwrap_or(name);
        let records = self.records(rest)?;
        let users = self.users_ref(rest)?;
        let now = RefValue::new(if rest.starts_with("heads/") {
            self.head(&records, users.clone())?
        } else {
            records.value(users.clone())
        });
        if update.before.as_ref().is_some_and(|before| *before != now) {
            let name = name.clone();
            return Ok(Some(Updated::Changed { name, now }));
        }
        let is_new = now == RefValue::Absent && update.after != RefValue::Absent;
        if is_new && self.is_in_the_way(rest)? {
            return Ok(Some(Updated::Refused { name: name.clone() }));
        }
        if let (Some(old), Some(new)) = (now.sha(), update.after.sha())
            && !update.force
            && !self
                .overlay()
                .output(&["merge-base", "--is-ancestor", old, new])?
                .ok()
        {
            return Ok(Some(Updated::NotForward { name: name.clone() }));
        }
        let [merged, created, hidden] = record_names(rest);
        let is_same = now == update.after;
        let wanted = if is_same {
            records.clone()
        } else {
            Records {
                merged: None,
                created: update.after.sha().map(str::to_owned),
                hidden: users,
            }
        };
        for (record, old, new) in [
            (merged, &records.merged, &wanted.merged),
            (created, &records.created, &wanted.created),
            (hidden, &records.hidden, &wanted.hidden),
        ] {
            // Writing to a string cannot fail.
            let _ = match (old, new) {
                (None, None) => writeln!(commands, "verify {record}"),
                (Some(old), Some(new)) if old == new => {
                    writeln!(commands, "verify {record} {old}")
                }
                (None, Some(new)) => writeln!(commands, "create {record} {new}"),
                (Some(old), Some(new)) => writeln!(commands, "update {record} {new} {old}"),
                (Some(old), None) => writeln!(commands, "delete {record} {old}"),
            };
        }
        Ok(None)
    }
}

/// The names of the records of a ref: merged, created and hidden.
fn record_names(rest: &str) -> [String; 3] {
    [
        format!("refs/{rest}"),
        format!("refs/created/{rest}"),
        format!("refs/hidden/{rest}"),
    ]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Barrier;
    use std::thread;

    use super::super::testing::Fixture;
    use super::super::{Merge, RefKind};
    use super::{RefUpdate, RefValue, Updated};

    const LOCK: &str = "refs/heads/qa-branch-deploy-lock";

    fn update(name: &str, before: Option<RefValue>, after: RefValue) -> RefUpdate {
        RefUpdate {
            name: name.to_owned(),
            before,
            after,
            force: false,
        }
    }

    fn sha(sha: &str) -> RefValue {
        RefValue::Sha(sha.to_owned())
    }

    #[test]
    fn a_ref_is_created_once_and_deleted_only_unchanged() {
        let fixture = Fixture::new();
        let (one, two) = (fixture.commit("one"), fixture.commit("two"));
        let repo = fixture.repo();
        let create = [update(LOCK, Some(RefValue::Absent), sha(&one))];
        assert_eq!(repo.update_refs(&create).unwrap(), Updated::Done);
        let branch = repo.resolve("qa-branch-deploy-lock").unwrap().unwrap();
        assert_eq!((branch.kind, &branch.sha), (RefKind::Branch, &one));
        let names = |refs: Vec<super::super::Resolved>| -> Vec<String> {
            refs.into_iter().map(|one| one.name).collect()
        };
        assert_eq!(
            names(repo.branches().unwrap()),
            ["main", "qa-branch-deploy-lock"]
        );
        let changed = |now| Updated::Changed {
            name: LOCK.to_owned(),
            now,
        };
        assert_eq!(repo.update_refs(&create).unwrap(), changed(sha(&one)));
        let delete = |before: &str| [update(LOCK, Some(sha(before)), RefValue::Absent)];
        assert_eq!(repo.update_refs(&delete(&two)).unwrap(), changed(sha(&one)));
        assert_eq!(repo.update_refs(&delete(&one)).unwrap(), Updated::Done);
        assert_eq!(
            repo.update_refs(&delete(&one)).unwrap(),
            changed(RefValue::Absent)
        );
        assert_eq!(names(repo.branches().unwrap()), ["main"]);
        let users = fixture.git(&["for-each-ref", "--format=%(refname)"]);
        assert_eq!(users.trim(), "refs/heads/main");
    }

    #[test]
    fn all_refs_change_or_none() {
        let fixture = Fixture::new();
        let one = fixture.commit("one");
        let repo = fixture.repo();
        let absent = || Some(RefValue::Absent);
        let free = update(LOCK, absent(), sha(&one));
        let taken = update("refs/heads/main", absent(), sha(&one));
        let both = [free.clone(), taken];
        assert!(matches!(
            repo.update_refs(&both).unwrap(),
            Updated::Changed { .. }
        ));
        assert_eq!(repo.ref_value(LOCK).unwrap(), RefValue::Absent);
        let guarded = [free, update("refs/heads/other", absent(), RefValue::Absent)];
        assert_eq!(repo.update_refs(&guarded).unwrap(), Updated::Done);
        assert_eq!(repo.ref_value(LOCK).unwrap(), sha(&one));
    }

    #[test]
    fn the_users_ref_counts_again_once_it_moves() {
        let fixture = Fixture::new();
        let topic = fixture.behind();
        fixture.git(&["tag", "v1"]);
        let repo = fixture.repo();
        for name in ["refs/heads/topic", "refs/tags/v1"] {
            let delete = [update(name, None, RefValue::Absent)];
            assert_eq!(repo.update_refs(&delete).unwrap(), Updated::Done);
            assert_eq!(repo.ref_value(name).unwrap(), RefValue::Absent);
        }
        assert_eq!(repo.resolve("v1").unwrap(), None);
        assert_eq!(repo.branches().unwrap().len(), 1);
        let create = [update("refs/heads/topic", None, sha(&topic))];
        assert_eq!(repo.update_refs(&create).unwrap(), Updated::Done);
        assert_eq!(repo.branch("topic").unwrap().unwrap().sha, topic);
        fixture.git(&["checkout", "-q", "topic"]);
        let moved = fixture.commit("moved");
        assert_eq!(repo.branch("topic").unwrap().unwrap().sha, moved);
    }

    #[test]
    fn a_created_branch_can_be_merged_into() {
        let fixture = Fixture::new();
        let topic = fixture.behind();
        let repo = fixture.repo();
        let create = [update("refs/heads/copy", None, sha(&topic))];
        assert_eq!(repo.update_refs(&create).unwrap(), Updated::Done);
        let of = |name: &str| repo.branch(name).unwrap().unwrap();
        let Merge::Done(merged) = repo.merge(&of("main"), &of("copy"), "Merge", 0).unwrap() else {
            panic!("not merged")
        };
        assert_eq!(of("copy").sha, merged);
        assert_eq!(of("topic").sha, topic);
    }

    #[test]
    fn names_and_moves_that_git_would_not_have_are_refused() {
        let fixture = Fixture::new();
        let one = fixture.commit("one");
        fixture.git(&["checkout", "-q", "--orphan", "other"]);
        let other = fixture.commit("other");
        fixture.git(&["checkout", "-q", "main"]);
        let repo = fixture.repo();
        let long = format!("refs/heads/{}", "a".repeat(252));
        for name in [
            "refs/heads/a b",
            "heads/x",
            "refs/x",
            "refs/heads/../x",
            "refs/heads/x\nabort",
            &long,
        ] {
            let made = repo.update_refs(&[update(name, None, sha(&one))]).unwrap();
            assert!(
                matches!(made, Updated::Refused { .. }),
                "{name:?}: {made:?}"
            );
        }
        let aside = |force| RefUpdate {
            force,
            ..update("refs/heads/main", None, sha(&other))
        };
        assert!(matches!(
            repo.update_refs(&[aside(false)]).unwrap(),
            Updated::NotForward { .. }
        ));
        assert_eq!(repo.update_refs(&[aside(true)]).unwrap(), Updated::Done);
        assert_eq!(fixture.git(&["rev-parse", "main"]).trim(), one);
    }

    #[test]
    fn one_of_many_creates_a_ref() {
        let fixture = Fixture::new();
        let shas: Vec<String> = (0..4).map(|at| fixture.commit(&at.to_string())).collect();
        let repo = fixture.repo();
        for round in 0..5 {
            let name = format!("refs/heads/{round}");
            let start = Barrier::new(shas.len());
            let results: Vec<Updated> = thread::scope(|scope| {
                let racers: Vec<_> = shas
                    .iter()
                    .map(|own| {
                        let (repo, name, start) = (&repo, &name, &start);
                        scope.spawn(move || {
                            start.wait();
                            let create = update(name, Some(RefValue::Absent), sha(own));
                            repo.update_refs(&[create]).unwrap()
                        })
                    })
                    .collect();
                racers
                    .into_iter()
                    .map(|racer| racer.join().unwrap())
                    .collect()
            });
            let won = results
                .iter()
                .position(|one| *one == Updated::Done)
                .unwrap();
            assert_eq!(repo.ref_value(&name).unwrap(), sha(&shas[won]));
            let lost = |one: &&Updated| matches!(one, Updated::Changed { .. });
            assert_eq!(results.iter().filter(lost).count(), 3, "{results:?}");
        }
    }
}
