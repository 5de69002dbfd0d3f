use jiff::Timestamp;
use serde::Serialize;

use crate::model::DeploymentId;
use crate::output::{Record, counted, short_sha};

/// What `diff --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DiffRecord {
    pub(super) base: Side,
    pub(super) head: Side,
    /// `ahead`, `behind`, `diverged` or `identical`: where the head is, as seen
    /// from the base.
    pub(super) status: String,
    pub(super) ahead_by: u64,
    pub(super) behind_by: u64,
    /// The commits that only the head has, oldest first.
    pub(super) commits: Vec<CommitRecord>,
    /// The commits that only the base has, oldest first.
    pub(super) behind_commits: Vec<CommitRecord>,
    /// The pull requests of `commits`, in their order.
    pub(super) pulls: Vec<PullRecord>,
    /// The pull requests of `behind_commits`, in their order.
    pub(super) behind_pulls: Vec<PullRecord>,
    /// The authors of `commits`.
    pub(super) authors: Vec<AuthorRecord>,
    /// The files that differ from the common ancestor to the head.
    pub(super) files: Vec<FileRecord>,
    /// Whether GitHub left out commits or files.
    pub(super) truncated: bool,
    pub(super) compare_url: String,
}

impl Record for DiffRecord {
    const FIELDS: &'static [&'static str] = &[
        "base",
        "head",
        "status",
        "ahead_by",
        "behind_by",
        "commits",
        "behind_commits",
        "pulls",
        "behind_pulls",
        "authors",
        "files",
        "truncated",
        "compare_url",
    ];
}

/// The commits that are compared.
pub(super) struct Ends {
    pub(super) base: Side,
    pub(super) head: Side,
}

/// One of the two commits that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Side {
    pub(super) r#ref: Option<String>,
    /// The environment that it is live in, if one was named.
    pub(super) environment: Option<String>,
    pub(super) deployment: Option<DeploymentId>,
    pub(super) sha: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct CommitRecord {
    pub(super) sha: String,
    /// The first line of the message.
    pub(super) headline: String,
    /// The author's name.
    pub(super) author: String,
    /// The author's account, if GitHub knows one.
    pub(super) login: Option<String>,
    pub(super) committed_at: Option<Timestamp>,
    pub(super) url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct PullRecord {
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) url: String,
    /// The login of the user who opened it.
    pub(super) author: Option<String>,
    /// The authors of its commits in the comparison, by login or name.
    pub(super) authors: Vec<String>,
    pub(super) merged_at: Option<Timestamp>,
    pub(super) merge_commit_sha: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct AuthorRecord {
    pub(super) name: String,
    pub(super) login: Option<String>,
    /// How many of the commits are theirs.
    pub(super) commits: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct FileRecord {
    pub(super) filename: String,
    pub(super) status: String,
    pub(super) additions: u64,
    pub(super) deletions: u64,
    pub(super) previous_filename: Option<String>,
}

impl Side {
    /// The environment or ref, and the commit.
    fn text(&self) -> String {
        let name = self.environment.as_ref().or(self.r#ref.as_ref());
        let sha = short_sha(&self.sha);
        match name {
            Some(name) if !self.sha.starts_with(name.as_str()) => format!("{name} ({sha})"),
            _ => sha.to_owned(),
        }
    }
}

impl DiffRecord {
    /// The comparison of two ends of the same commit.
    pub(super) fn identical(ends: Ends, compare_url: String) -> Self {
        Self {
            base: ends.base,
            head: ends.head,
            status: "identical".to_owned(),
            ahead_by: 0,
            behind_by: 0,
            commits: Vec::new(),
            behind_commits: Vec::new(),
            pulls: Vec::new(),
            behind_pulls: Vec::new(),
            authors: Vec::new(),
            files: Vec::new(),
            truncated: false,
            compare_url,
        }
    }

    pub(super) fn differs(&self) -> bool {
        self.base.sha != self.head.sha
    }

    /// How the two relate, in a sentence.
    pub(super) fn summary(&self) -> String {
        let (base, head) = (self.base.text(), self.head.text());
        let count = |number| counted(number, "commit");
        match (self.ahead_by, self.behind_by) {
            (0, 0) => format!("{base} and {head} are the same"),
            (ahead, 0) => format!("{head} is {} ahead of {base}", count(ahead)),
            (0, behind) => format!("{base} is {} ahead of {head}", count(behind)),
            (ahead, behind) => format!(
                "{head} has {} that {base} lacks, and lacks {}",
                count(ahead),
                count(behind)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn side(environment: &str, sha: char) -> Side {
        Side {
            r#ref: Some("main".to_owned()),
            environment: Some(environment.to_owned()),
            deployment: Some(DeploymentId(1)),
            sha: sha.to_string().repeat(40),
        }
    }

    fn record(ahead_by: u64, behind_by: u64) -> DiffRecord {
        let ends = Ends {
            base: side("production", 'a'),
            head: side("staging", 'b'),
        };
        DiffRecord {
            status: "ahead".to_owned(),
            ahead_by,
            behind_by,
            ..DiffRecord::identical(ends, String::new())
        }
    }

    // Scripts rely on these names: a field may be added, never renamed or
    // removed.
    #[test]
    fn the_fields_are_pinned_and_all_are_printed() {
        let printed = serde_json::to_value(record(1, 0)).expect("JSON");
        let keys: Vec<&String> = printed.as_object().expect("an object").keys().collect();
        assert_eq!(keys, DiffRecord::FIELDS);
        let base: Vec<&String> = printed["base"]
            .as_object()
            .expect("an object")
            .keys()
            .collect();
        assert_eq!(base, ["ref", "environment", "deployment", "sha"]);
        assert_eq!(printed["truncated"], Value::Bool(false));
    }

    #[test]
    fn the_summary_says_which_one_is_ahead() {
        for (ahead, behind, text) in [
            (
                0,
                0,
                "production (aaaaaaa) and staging (bbbbbbb) are the same",
            ),
            (
                1,
                0,
                "staging (bbbbbbb) is 1 commit ahead of production (aaaaaaa)",
            ),
            (
                0,
                2,
                "production (aaaaaaa) is 2 commits ahead of staging (bbbbbbb)",
            ),
            (
                3,
                1,
                "staging (bbbbbbb) has 3 commits that production (aaaaaaa) lacks, and lacks 1 commit",
            ),
        ] {
            assert_eq!(record(ahead, behind).summary(), text);
        }
    }
}
