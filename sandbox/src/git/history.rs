//! Commits, lists of them, and comparisons.

use super::names::is_object_name;
use super::{FileChange, GitError, Repo};

/// An author or committer, and the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) name: String,
    /// The address.
    pub(crate) email: String,
    /// Seconds since the epoch.
    pub(crate) seconds: i64,
}

/// The data of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommitInfo {
    /// The full id.
    pub(crate) sha: String,
    /// The id of its tree.
    pub(crate) tree: String,
    /// The ids of its parents.
    pub(crate) parents: Vec<String>,
    pub(crate) author: Signature,
    pub(crate) committer: Signature,
    /// The whole message, without the line break at its end.
    pub(crate) message: String,
}

/// Which commits a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CommitFilter {
    /// Only commits that touch this path.
    pub(crate) path: Option<String>,
    /// Only commits whose author contains this text.
    pub(crate) author: Option<String>,
    /// Only commits whose committer contains this text.
    pub(crate) committer: Option<String>,
    /// Seconds since the epoch: not before.
    pub(crate) since: Option<i64>,
    /// Seconds since the epoch: not after.
    pub(crate) until: Option<i64>,
}

/// The relation between two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The best common ancestor.
    pub(crate) merge_base: String,
    /// Commits of the head that the base has not.
    pub(crate) ahead: u64,
    /// Commits of the base that the head has not.
    pub(crate) behind: u64,
}

const FORMAT: &str =
    "--format=tformat:%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B";
const FIELDS: usize = 10;

impl CommitFilter {
    /// Whether a commit can match at all. Git fails on an argument with a NUL,
    /// and on a path outside of the repository.
    fn can_match(&self) -> bool {
        let is_inside =
            |path: &str| !path.starts_with('/') && path.split('/').all(|part| part != "..");
        let texts = [&self.path, &self.author, &self.committer];
        !texts.into_iter().flatten().any(|text| text.contains('\0'))
            && self.path.as_deref().is_none_or(is_inside)
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        for (name, text) in [("author", &self.author), ("committer", &self.committer)] {
            if let Some(text) = text {
                arguments.push("--fixed-strings".to_owned());
                arguments.push("--regexp-ignore-case".to_owned());
                arguments.push(format!("--{name}={text}"));
            }
        }
        for (name, time) in [("since", self.since), ("until", self.until)] {
            if let Some(time) = time {
                arguments.push(format!("--{name}=@{time}"));
            }
        }
        arguments
    }
}

impl Repo {
    /// One commit by its full id; `None` if it is not there.
    pub(crate) fn commit_info(&self, sha: &str) -> Result<Option<CommitInfo>, GitError> {
        // It may come from a node id that a client made up, and git would take
        // it for an option.
        if !is_object_name(sha) {
            return Ok(None);
        }
        let output = self.overlay().output(&[
            "log",
            "-z",
            "-1",
            "--no-show-signature",
            FORMAT,
            sha,
            "--",
        ])?;
        if !output.ok() {
            return Ok(None);
        }
        Ok(parse(&output.text())?.into_iter().next())
    }

    /// The history of `sha`, newest first: `count` commits after `skip`.
    pub(crate) fn commits(
        &self,
        sha: &str,
        filter: &CommitFilter,
        skip: u64,
        count: u64,
    ) -> Result<Vec<CommitInfo>, GitError> {
        if !filter.can_match() {
            return Ok(Vec::new());
        }
        // Git reads no larger number here, and no history is that long.
        let skip = format!("--skip={}", skip.min(u64::from(i32::MAX.unsigned_abs())));
        let count = format!("--max-count={count}");
        self.log(&["log", "-z", FORMAT, &skip, &count], filter, sha)
    }

    /// The number of commits in the history of `sha`.
    pub(crate) fn count_commits(&self, sha: &str, filter: &CommitFilter) -> Result<u64, GitError> {
        if !filter.can_match() {
            return Ok(0);
        }
        let text = self.history(&["rev-list", "--count"], filter, sha)?;
        text.trim()
            .parse()
            .map_err(|_| GitError::answer("rev-list", &text))
    }

    /// The ids of the commits of `head` that `base` has not, oldest first: in the
    /// order of `git log`, reversed, as GitHub documents it.
    pub(crate) fn ids_between(&self, base: &str, head: &str) -> Result<Vec<String>, GitError> {
        let range = format!("{base}..{head}");
        let listing = self
            .overlay()
            .run(&["rev-list", "--reverse", &range, "--"])?;
        Ok(listing.lines().map(str::to_owned).collect())
    }

    /// The commits of `head` that `base` has not, oldest first.
    pub(crate) fn commits_between(
        &self,
        base: &str,
        head: &str,
        skip: u64,
        count: u64,
    ) -> Result<Vec<CommitInfo>, GitError> {
        // `--skip` and `--max-count` count before `--reverse` turns the order,
        // so the page is cut here.
        let ids = self.ids_between(base, head)?;
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let wanted: Vec<&String> = ids.iter().skip(skip).take(count).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut arguments = vec!["log", "-z", "--no-walk=unsorted", FORMAT];
        arguments.extend(wanted.into_iter().map(String::as_str));
        arguments.push("--");
        parse(&self.overlay().run(&arguments)?)
    }

    /// The relation of `head` to `base`; `None` if they have no common history.
    pub(crate) fn compare(&self, base: &str, head: &str) -> Result<Option<Comparison>, GitError> {
        let output = self.overlay().output(&["merge-base", base, head])?;
        if !output.ok() {
            return Ok(None);
        }
        let (behind, ahead) = self.behind_ahead(base, head)?;
        Ok(Some(Comparison {
            merge_base: output.text().trim().to_owned(),
            ahead,
            behind,
        }))
    }

    /// The files that differ from `base` (its first parent, or nothing, when
    /// `None`) to `head`.
    pub(crate) fn files(
        &self,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<FileChange>, GitError> {
        let mut arguments = vec![
            "diff-tree",
            "-r",
            "-z",
            "-M",
            "--raw",
            "--numstat",
            "--no-commit-id",
            "--root",
        ];
        arguments.extend(base);
        arguments.push(head);
        arguments.push("--");
        super::diff::parse(&self.overlay().run(&arguments)?)
    }

    fn log(
        &self,
        start: &[&str],
        filter: &CommitFilter,
        sha: &str,
    ) -> Result<Vec<CommitInfo>, GitError> {
        parse(&self.history(start, filter, sha)?)
    }

    fn history(
        &self,
        start: &[&str],
        filter: &CommitFilter,
        sha: &str,
    ) -> Result<String, GitError> {
        let filters = filter.arguments();
        let mut arguments: Vec<&str> = start.to_vec();
        arguments.extend(filters.iter().map(String::as_str));
        arguments.push(sha);
        arguments.push("--");
        let literal = filter.path.as_ref().map(|path| format!(":(literal){path}"));
        arguments.extend(literal.as_deref());
        self.overlay().run(&arguments)
    }
}

fn parse(text: &str) -> Result<Vec<CommitInfo>, GitError> {
    let broken = || GitError::answer("log", text);
    let fields: Vec<&str> = text.split('\0').collect();
    let mut commits = Vec::with_capacity(fields.len() / FIELDS);
    for record in fields.chunks_exact(FIELDS) {
        let signature = |start: usize| -> Result<Signature, GitError> {
            Ok(Signature {
                name: record[start].to_owned(),
                email: record[start + 1].to_owned(),
                seconds: record[start + 2].parse().map_err(|_| broken())?,
            })
        };
        commits.push(CommitInfo {
            sha: record[0].to_owned(),
            tree: record[1].to_owned(),
            parents: record[2].split_whitespace().map(str::to_owned).collect(),
            author: signature(3)?,
            committer: signature(6)?,
            message: record[9].trim_end_matches('\n').to_owned(),
        });
    }
    Ok(commits)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::CommitFilter;
    use super::super::diff::FileStatus;
    use super::super::testing::Fixture;

    #[test]
    fn commits_are_listed_and_counted() {
        let fixture = Fixture::new();
        fixture.write("a", "1\n");
        let one = fixture.commit("one\n\nwith a body");
        fixture.write("b", "2\n");
        let two = fixture.commit("two");
        let repo = fixture.repo();
        let all = repo.commits(&two, &CommitFilter::default(), 0, 10).unwrap();
        assert_eq!(
            all.iter().map(|commit| &commit.sha).collect::<Vec<_>>(),
            [&two, &one]
        );
        assert_eq!(all[1].message, "one\n\nwith a body");
        assert_eq!(all[0].parents, std::slice::from_ref(&one));
        assert_eq!(
            repo.count_commits(&two, &CommitFilter::default()).unwrap(),
            2
        );
        let only = CommitFilter {
            path: Some("a".to_owned()),
            ..CommitFilter::default()
        };
        assert_eq!(repo.count_commits(&two, &only).unwrap(), 1);
        assert_eq!(
            repo.commit_info(&one).unwrap().unwrap().author.email,
            "test@example.com"
        );
        assert_eq!(repo.commit_info(&"0".repeat(40)).unwrap(), None);
    }

    #[test]
    fn a_comparison_has_counts_commits_and_files() {
        let fixture = Fixture::new();
        fixture.write("old name", "1\n2\n3\n4\n");
        fixture.write("gone", "x\n");
        let base = fixture.commit("one");
        fixture.git(&["checkout", "-q", "-b", "topic"]);
        fixture.git(&["mv", "old name", "new name"]);
        fixture.git(&["rm", "-q", "gone"]);
        fixture.write("added", "1\n2\n");
        let middle = fixture.commit("two");
        let head = fixture.commit("three");
        let repo = fixture.repo();
        let found = repo.compare(&base, &head).unwrap().unwrap();
        assert_eq!(
            (found.merge_base.as_str(), found.ahead, found.behind),
            (base.as_str(), 2, 0)
        );
        let between = repo.commits_between(&base, &head, 0, 10).unwrap();
        assert_eq!(
            between.iter().map(|commit| &commit.sha).collect::<Vec<_>>(),
            [&middle, &head]
        );
        let files = repo.files(Some(&base), &head).unwrap();
        let changes: Vec<_> = files
            .iter()
            .map(|file| {
                (
                    file.path.as_str(),
                    file.status,
                    file.additions,
                    file.deletions,
                )
            })
            .collect();
        assert_eq!(
            changes,
            [
                ("added", FileStatus::Added, 2, 0),
                ("gone", FileStatus::Removed, 0, 1),
                ("new name", FileStatus::Renamed, 0, 0),
            ]
        );
        assert_eq!(files[2].previous.as_deref(), Some("old name"));
        assert_eq!(repo.files(None, &base).unwrap().len(), 2);
    }
}
