//! From the text of a ref to a commit, as GitHub resolves it.

use std::collections::BTreeMap;

use super::names::{is_object_name, is_ref_name};
use super::ref_updates::Records;
use super::{GitError, Repo};

/// The kind of name that a text resolved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefKind {
    /// A branch; it can be merged into.
    Branch,
    /// A tag.
    Tag,
    /// A commit's own name, full or short.
    Commit,
}

/// A ref and the commit that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) kind: RefKind,
    /// The short name of the branch or tag, or the commit's full id.
    pub(crate) name: String,
    /// The full id of the commit.
    pub(crate) sha: String,
}

impl Resolved {
    /// `refs/heads/…` or `refs/tags/…`; `None` for a bare commit.
    pub(crate) fn full_name(&self) -> Option<String> {
        match self.kind {
            RefKind::Branch => Some(format!("refs/heads/{}", self.name)),
            RefKind::Tag => Some(format!("refs/tags/{}", self.name)),
            RefKind::Commit => None,
        }
    }
}

/// The email address of the author of merges, which distinguishes them from the
/// user's commits.
pub(super) const EMAIL: &str = "sandbox@localhost";

impl Repo {
    /// Resolves a branch, a tag, a full or short commit id, or one of these
    /// with `heads/`, `tags/`, `refs/heads/` or `refs/tags/` before it.
    pub(crate) fn resolve(&self, text: &str) -> Result<Option<Resolved>, GitError> {
        if text == "HEAD" {
            return self.branch(&self.default_branch()?);
        }
        let is_full = text.len() >= 40 && is_object_name(text);
        if is_full && let Some(found) = self.commit(text)? {
            return Ok(Some(found));
        }
        let (branch, tag) = match text.strip_prefix("refs/").unwrap_or(text) {
            short if short.starts_with("heads/") => (Some(&short["heads/".len()..]), None),
            short if short.starts_with("tags/") => (None, Some(&short["tags/".len()..])),
            _ => (None, None),
        };
        let qualified = branch.is_some() || tag.is_some();
        // A branch may itself be called `heads/x`; the qualified reading wins.
        let mut found = None;
        if let Some(name) = branch {
            found = self.branch(name)?;
        }
        if let Some(name) = tag {
            found = self.tag(name)?;
        }
        if found.is_none() && !(qualified && text.starts_with("refs/")) {
            found = match self.branch(text)? {
                Some(branch) => Some(branch),
                None => self.tag(text)?,
            };
        }
        if found.is_none() && !is_full && is_object_name(text) {
            found = self.commit(text)?;
        }
        Ok(found)
    }

    /// Resolves a branch by its short name. Its head is the one that clients
    /// gave it, else the user's, or where auto-merges led from there.
    pub(crate) fn branch(&self, name: &str) -> Result<Option<Resolved>, GitError> {
        if !is_ref_name(name) {
            return Ok(None);
        }
        let records = self.records(&format!("heads/{name}"))?;
        let head = self.head(&records, self.users_branch(name)?)?;
        Ok(head.map(|sha| Resolved {
            kind: RefKind::Branch,
            name: name.to_owned(),
            sha,
        }))
    }

    /// The head of a branch with these records, which is at `users` in the
    /// user's repository.
    pub(super) fn head(
        &self,
        records: &Records,
        users: Option<String>,
    ) -> Result<Option<String>, GitError> {
        let Some(start) = records.value(users) else {
            return Ok(None);
        };
        Ok(Some(match &records.merged {
            Some(merged) if *merged == start || self.merges_lead(&start, merged)? => merged.clone(),
            _ => start,
        }))
    }

    /// The head that the user's repository has for a branch: the local one,
    /// else that of `origin`.
    pub(super) fn users_branch(&self, name: &str) -> Result<Option<String>, GitError> {
        if !is_ref_name(name) {
            return Ok(None);
        }
        let local = format!("refs/heads/{name}");
        let remote = format!("refs/remotes/origin/{name}");
        let mut refs = self.source().refs(&[&local, &remote])?;
        // `origin/HEAD` is a pointer, not a branch.
        let remote = refs.remove(&remote).filter(|_| name != "HEAD");
        Ok(refs.remove(&local).or(remote))
    }

    /// Resolves a tag by its short name to the commit that it points to.
    fn tag(&self, name: &str) -> Result<Option<Resolved>, GitError> {
        if !is_ref_name(name) {
            return Ok(None);
        }
        let rest = format!("tags/{name}");
        let Some(object) = self.records(&rest)?.value(self.users_ref(&rest)?) else {
            return Ok(None);
        };
        let commit = self.commit(&object)?;
        Ok(commit.map(|commit| Resolved {
            kind: RefKind::Tag,
            name: name.to_owned(),
            sha: commit.sha,
        }))
    }

    /// Resolves a full or short commit id.
    fn commit(&self, text: &str) -> Result<Option<Resolved>, GitError> {
        let peeled = format!("{text}^{{commit}}");
        let output = self
            .overlay()
            .output(&["rev-parse", "--verify", "--quiet", &peeled])?;
        let sha = output.text().trim().to_owned();
        Ok((output.ok() && is_object_name(&sha)).then(|| Resolved {
            kind: RefKind::Commit,
            name: sha.clone(),
            sha,
        }))
    }

    /// The name of the default branch: that of `origin/HEAD` if it is set, else
    /// that of `HEAD`, else `main`, `master` or the first branch.
    pub(crate) fn default_branch(&self) -> Result<String, GitError> {
        for (pointer, prefix) in [
            ("refs/remotes/origin/HEAD", "refs/remotes/origin/"),
            ("HEAD", "refs/heads/"),
        ] {
            let output = self
                .source()
                .output(&["symbolic-ref", "--quiet", pointer])?;
            if output.ok()
                && let Some(name) = output.text().trim().strip_prefix(prefix)
            {
                return Ok(name.to_owned());
            }
        }
        let names: Vec<String> = self
            .branches()?
            .into_iter()
            .map(|branch| branch.name)
            .collect();
        for usual in ["main", "master"] {
            if names.iter().any(|name| name == usual) {
                return Ok(usual.to_owned());
            }
        }
        Ok(names
            .into_iter()
            .next()
            .unwrap_or_else(|| "main".to_owned()))
    }

    /// All branches by name, with the heads that [`Repo::branch`] gives them.
    pub(crate) fn branches(&self) -> Result<Vec<Resolved>, GitError> {
        let listed = self.source().refs(&["refs/heads", "refs/remotes/origin"])?;
        let mut heads = BTreeMap::new();
        for (refname, sha) in listed {
            if let Some(name) = refname.strip_prefix("refs/heads/") {
                heads.insert(name.to_owned(), sha);
            } else if let Some(name) = refname.strip_prefix("refs/remotes/origin/")
                && name != "HEAD"
            {
                heads.entry(name.to_owned()).or_insert(sha);
            }
        }
        for (name, records) in self.branch_records()? {
            let users = heads.remove(&name);
            heads.extend(self.head(&records, users)?.map(|head| (name, head)));
        }
        let branch = |(name, sha)| Resolved {
            kind: RefKind::Branch,
            name,
            sha,
        };
        Ok(heads.into_iter().map(branch).collect())
    }

    /// Whether the repository has no commits.
    pub(crate) fn is_empty(&self) -> Result<bool, GitError> {
        Ok(self
            .source()
            .run(&["for-each-ref", "--count=1", "--format=%(refname)"])?
            .is_empty())
    }

    /// Whether the sandbox's own merges, and nothing else, lead from `users`
    /// to `own`. They do not where the user has moved the branch since, be it
    /// on, back or elsewhere.
    fn merges_lead(&self, users: &str, own: &str) -> Result<bool, GitError> {
        let range = format!("{users}..{own}");
        let output =
            self.overlay()
                .output(&["log", "--first-parent", "--format=%ce %P", &range, "--"])?;
        // A merge for an earlier repository of this name may point to commits
        // that no longer exist.
        if !output.ok() {
            return Ok(false);
        }
        let mut start = None;
        for line in output.text().lines() {
            let Some(("", parents)) = line
                .strip_prefix(EMAIL)
                .and_then(|rest| rest.split_once(' '))
            else {
                return Ok(false);
            };
            start = parents.split(' ').next().map(|first| first == users);
        }
        Ok(start == Some(true))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::Fixture;
    use super::super::{CommitFilter, Source};
    use super::{RefKind, Repo, is_ref_name};

    #[test]
    fn names_that_git_would_not_have_are_refused() {
        for bad in [
            "",
            "-x",
            "a b",
            "a..b",
            "a~1",
            "a^",
            "a:b",
            "a@{1}",
            "x.lock",
            "/a",
            "a/",
            "a//b",
            ".a",
            "a*",
            "a\nb",
            "a\0b",
            "@",
            &"a".repeat(256),
        ] {
            assert!(!is_ref_name(bad), "{bad:?}");
        }
        for good in [
            "main",
            "feature/login",
            "v1.0.0",
            "é",
            "a-b",
            "x@y",
            &"a".repeat(255),
        ] {
            assert!(is_ref_name(good), "{good:?}");
        }
    }

    #[test]
    fn every_form_of_a_ref_resolves() {
        let fixture = Fixture::new();
        let head = fixture.commit("one");
        fixture.git(&["tag", "-a", "v1", "-m", "one"]);
        fixture.git(&["branch", "feature/x"]);
        let repo = fixture.repo();
        for (text, kind, name) in [
            ("main", RefKind::Branch, "main"),
            ("heads/main", RefKind::Branch, "main"),
            ("refs/heads/main", RefKind::Branch, "main"),
            ("feature/x", RefKind::Branch, "feature/x"),
            ("HEAD", RefKind::Branch, "main"),
            ("v1", RefKind::Tag, "v1"),
            ("tags/v1", RefKind::Tag, "v1"),
            ("refs/tags/v1", RefKind::Tag, "v1"),
            (&head, RefKind::Commit, &head),
            (&head[..7], RefKind::Commit, &head),
        ] {
            let found = repo
                .resolve(text)
                .unwrap()
                .unwrap_or_else(|| panic!("{text} is unknown"));
            assert_eq!(
                (found.kind, found.name.as_str(), &found.sha),
                (kind, name, &head),
                "{text}"
            );
        }
        for text in [
            "nothing",
            "feature",
            "refs/heads/v1",
            "main^",
            "--all",
            "",
            "0".repeat(40).as_str(),
            "refs/remotes/origin/main",
        ] {
            assert_eq!(repo.resolve(text).unwrap(), None, "{text}");
        }
    }

    #[test]
    fn origin_fills_in_for_a_missing_local_branch() {
        let fixture = Fixture::new();
        let head = fixture.commit("one");
        fixture.git(&["update-ref", "refs/remotes/origin/release/1", &head]);
        fixture.git(&[
            "symbolic-ref",
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/release/1",
        ]);
        let repo = fixture.repo();
        assert_eq!(repo.default_branch().unwrap(), "release/1");
        assert_eq!(repo.resolve("release/1").unwrap().unwrap().sha, head);
        let names: Vec<_> = repo
            .branches()
            .unwrap()
            .into_iter()
            .map(|branch| branch.name)
            .collect();
        assert_eq!(names, ["main", "release/1"]);
    }

    #[test]
    fn worktrees_bare_and_detached_repositories_work() {
        let fixture = Fixture::new();
        let head = fixture.commit("one");
        let tree = fixture.beside("tree");
        fixture.git(&[
            "worktree",
            "add",
            "-q",
            "-b",
            "side",
            tree.to_str().unwrap(),
        ]);
        let repo = fixture.open(&tree);
        assert_eq!(repo.default_branch().unwrap(), "side");
        assert_eq!(repo.resolve("main").unwrap().unwrap().sha, head);
        let bare = fixture.beside("bare");
        fixture.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
        assert_eq!(
            fixture.open(&bare).resolve("main").unwrap().unwrap().sha,
            head
        );
        fixture.git(&["checkout", "-q", "--detach"]);
        assert_eq!(fixture.repo().default_branch().unwrap(), "main");
    }

    #[test]
    fn a_shallow_clone_has_the_history_that_it_has() {
        let fixture = Fixture::new();
        fixture.commit("one");
        fixture.commit("two");
        let head = fixture.commit("three");
        let clone = fixture.beside("clone");
        let origin = format!("file://{}", fixture.path().display());
        fixture.git(&[
            "clone",
            "-q",
            "--depth",
            "2",
            &origin,
            clone.to_str().unwrap(),
        ]);
        let repo = fixture.open(&clone);
        let all = CommitFilter::default();
        assert_eq!(repo.count_commits(&head, &all).unwrap(), 2);
        assert_eq!(repo.resolve("main").unwrap().unwrap().sha, head);
        let oldest = repo.commits(&head, &all, 1, 1).unwrap().remove(0);
        assert_eq!(repo.behind_ahead(&head, &oldest.sha).unwrap(), (1, 0));
    }

    #[test]
    fn merges_of_another_repository_of_the_same_name_do_not_count() {
        let fixture = Fixture::new();
        fixture.behind();
        let repo = fixture.repo();
        let of = |name| repo.branch(name).unwrap().unwrap();
        repo.merge(&of("main"), &of("topic"), "Merge", 0).unwrap();

        let other = Fixture::new();
        let head = other.commit("elsewhere");
        other.git(&["branch", "topic"]);
        let source = Source::find(&other.path()).unwrap().unwrap();
        let repo = Repo::open(&source, &fixture.beside("work.overlay")).unwrap();
        assert_eq!(repo.branch("topic").unwrap().unwrap().sha, head);
        assert_eq!(repo.branches().unwrap().len(), 2);
    }

    #[test]
    fn a_repository_without_commits_is_empty() {
        let fixture = Fixture::new();
        let repo = fixture.repo();
        assert!(repo.is_empty().unwrap());
        assert_eq!(repo.default_branch().unwrap(), "main");
        assert_eq!(repo.resolve("main").unwrap(), None);
    }
}
