//! Behind, ahead and the auto-merge.

use super::refs::EMAIL;
use super::{GitError, Repo, Resolved, Signature};

/// The result of merging one branch into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merge {
    /// Merged; the new head of the branch.
    Done(String),
    /// Somebody else has merged it meanwhile; the head that it has now.
    UpToDate(String),
    /// The two cannot be merged without a person.
    Conflict,
}

/// How often a merge is retried if the branch moves meanwhile.
const ATTEMPTS: usize = 5;

impl Repo {
    /// The number of commits that `head` is behind and ahead of `base`, in this
    /// order.
    pub(crate) fn behind_ahead(&self, base: &str, head: &str) -> Result<(u64, u64), GitError> {
        if base == head {
            return Ok((0, 0));
        }
        let range = format!("{base}...{head}");
        let text = self
            .overlay()
            .run(&["rev-list", "--left-right", "--count", &range, "--"])?;
        let mut counts = text.split_whitespace().map(str::parse::<u64>);
        match (counts.next(), counts.next()) {
            (Some(Ok(behind)), Some(Ok(ahead))) => Ok((behind, ahead)),
            _ => Err(GitError::answer("rev-list", &text)),
        }
    }

    /// Merges `base` into `branch` in the sandbox's own refs. `seconds` is the
    /// time of the commit, since the epoch.
    pub(crate) fn merge(
        &self,
        base: &Resolved,
        branch: &Resolved,
        message: &str,
        seconds: i64,
    ) -> Result<Merge, GitError> {
        let mut head = branch.sha.clone();
        for _ in 0..ATTEMPTS {
            let output = self.overlay().output(&[
                "merge-tree",
                "--write-tree",
                "--no-messages",
                &head,
                &base.sha,
            ])?;
            let tree = match output.code() {
                Some(0) => output.text().trim().to_owned(),
                // 1 is a conflict; unrelated histories end the program early.
                Some(1) => return Ok(Merge::Conflict),
                _ if output.complaint().contains("unrelated histories") => {
                    return Ok(Merge::Conflict);
                }
                _ => return Err(output.into_error("merge-tree")),
            };
            let signature = Signature {
                name: "deployctl sandbox".to_owned(),
                email: EMAIL.to_owned(),
                seconds,
            };
            let parents = [head.clone(), base.sha.clone()];
            let message = format!("{message}\n");
            let commit = self.write_commit(&tree, &parents, &message, &signature, &signature)?;
            let refname = format!("refs/heads/{}", branch.name);
            let records = self.records(&format!("heads/{}", branch.name))?;
            let now = self.head(&records, self.users_branch(&branch.name)?)?;
            if now.is_none_or(|now| now == head) {
                // The old value guards against another process that merges the same
                // branch at the same time; an empty one means that the ref did not
                // exist.
                let own = records.merged.unwrap_or_default();
                let output = self
                    .overlay()
                    .output(&["update-ref", &refname, &commit, &own])?;
                if output.ok() {
                    return Ok(Merge::Done(commit));
                }
            }
            let Some(now) = self.branch(&branch.name)? else {
                return Err(GitError::answer("update-ref", &refname));
            };
            if self.behind_ahead(&base.sha, &now.sha)?.0 == 0 {
                return Ok(Merge::UpToDate(now.sha));
            }
            head = now.sha;
        }
        Err(GitError::answer("update-ref", "the branch keeps moving"))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::Fixture;
    use super::Merge;

    #[test]
    fn a_merge_lives_in_the_overlay_only() {
        let fixture = Fixture::new();
        let topic = fixture.behind();
        let repo = fixture.repo();
        let (main, branch) = (
            repo.branch("main").unwrap().unwrap(),
            repo.branch("topic").unwrap().unwrap(),
        );
        assert_eq!(repo.behind_ahead(&main.sha, &branch.sha).unwrap(), (1, 1));
        let Merge::Done(merged) = repo.merge(&main, &branch, "Merge", 0).unwrap() else {
            panic!("a conflict")
        };
        assert_eq!(repo.branch("topic").unwrap().unwrap().sha, merged);
        assert_eq!(repo.behind_ahead(&main.sha, &merged).unwrap(), (0, 2));
        assert_eq!(fixture.git(&["rev-parse", "topic"]).trim(), topic);
        // When the user moves the branch elsewhere, the user's head counts
        // again.
        fixture.git(&["checkout", "-q", "topic"]);
        let moved = fixture.commit("elsewhere");
        assert_eq!(repo.branch("topic").unwrap().unwrap().sha, moved);
    }

    #[test]
    fn merges_count_only_where_the_user_left_the_branch() {
        let fixture = Fixture::new();
        fixture.commit("one");
        fixture.git(&["checkout", "-q", "-b", "topic"]);
        let first = fixture.commit("first");
        let second = fixture.commit("second");
        fixture.git(&["checkout", "-q", "main"]);
        fixture.commit("two");
        let repo = fixture.repo();
        let of = |name: &str| repo.branch(name).unwrap().unwrap();
        let merge = || match repo.merge(&of("main"), &of("topic"), "Merge", 0).unwrap() {
            Merge::Done(sha) => sha,
            other => panic!("{other:?}"),
        };
        merge();
        let main = fixture.commit("three");
        let merged = merge();
        let point = |sha: &str| fixture.git(&["update-ref", "refs/heads/topic", sha]);
        // Back to the first commit, and to the commit that was merged in.
        for sha in [&first, &main] {
            point(sha);
            assert_eq!(of("topic").sha, *sha);
            point(&second);
            assert_eq!(of("topic").sha, merged);
        }
        point(&first);
        let again = merge();
        assert_ne!(again, merged);
        assert_eq!(of("topic").sha, again);
        let heads: Vec<String> = repo
            .branches()
            .unwrap()
            .into_iter()
            .map(|branch| branch.sha)
            .collect();
        assert_eq!(heads, [main, again]);
    }

    #[test]
    fn a_second_merge_finds_the_branch_up_to_date() {
        let fixture = Fixture::new();
        fixture.behind();
        let repo = fixture.repo();
        let of = |name: &str| repo.branch(name).unwrap().unwrap();
        let (main, before) = (of("main"), of("topic"));
        let Merge::Done(merged) = repo.merge(&main, &before, "Merge", 0).unwrap() else {
            panic!("not merged")
        };
        for seconds in [0, 1] {
            assert_eq!(
                repo.merge(&main, &before, "Merge", seconds).unwrap(),
                Merge::UpToDate(merged.clone())
            );
        }
    }

    #[test]
    fn a_conflict_and_unrelated_histories_are_reported() {
        let fixture = Fixture::new();
        fixture.write("file", "base\n");
        fixture.commit("one");
        fixture.git(&["checkout", "-q", "-b", "topic"]);
        fixture.write("file", "topic\n");
        fixture.commit("topic");
        fixture.git(&["checkout", "-q", "--orphan", "strange"]);
        fixture.commit("strange");
        fixture.git(&["checkout", "-q", "-f", "main"]);
        fixture.write("file", "main\n");
        fixture.commit("two");
        let repo = fixture.repo();
        let main = repo.branch("main").unwrap().unwrap();
        for name in ["topic", "strange"] {
            let branch = repo.branch(name).unwrap().unwrap();
            assert_eq!(
                repo.merge(&main, &branch, "Merge", 0).unwrap(),
                Merge::Conflict,
                "{name}"
            );
            assert_eq!(repo.branch(name).unwrap().unwrap(), branch);
        }
    }
}
