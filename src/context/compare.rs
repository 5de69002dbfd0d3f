use jiff::Timestamp;

use super::Git;
use super::commits::is_sha;

/// How two commits of a checkout relate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitComparison {
    /// How many commits only the head has.
    pub(crate) ahead_by: u64,
    /// How many commits only the base has.
    pub(crate) behind_by: u64,
    /// The best common ancestor; `None` if there are several.
    merge_base: Option<String>,
}

/// A commit, as GitHub lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitCommit {
    pub(crate) sha: String,
    /// The author's name.
    pub(crate) author: String,
    pub(crate) committed_at: Option<Timestamp>,
    /// The first line of the message.
    pub(crate) headline: String,
}

/// A file that differs, as GitHub lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitFile {
    pub(crate) path: String,
    /// The path before a renaming.
    pub(crate) previous: Option<String>,
    /// GitHub's word for the change.
    pub(crate) status: &'static str,
    /// 0 for binary files, as is `deletions`.
    pub(crate) additions: u64,
    pub(crate) deletions: u64,
}

/// The SHA, the author, the committer's date and the message.
const FORMAT: &str = "--format=tformat:%H%x00%an%x00%ct%x00%B";
const FIELDS: usize = 4;

impl Git {
    /// Compares two commits. `None` unless this checkout has both with all their
    /// ancestors, and they share one.
    pub(crate) fn compare(&self, base: &str, head: &str) -> Option<GitComparison> {
        // They come from the server, and git reads other words as options.
        if !is_sha(base) || !is_sha(head) || !self.has_whole_history() {
            return None;
        }
        let ancestors = self.run(&["merge-base", "--all", base, head]).ok()?;
        let range = format!("{base}...{head}");
        let counts = self.run(&["rev-list", "--left-right", "--count", &range, "--"]);
        let counts = counts.ok()?;
        let (behind_by, ahead_by) = counts.split_once('\t')?;
        Some(GitComparison {
            ahead_by: ahead_by.parse().ok()?,
            behind_by: behind_by.parse().ok()?,
            merge_base: is_sha(&ancestors).then_some(ancestors),
        })
    }

    /// The commits that `head` contains and `base` does not, in GitHub's order:
    /// that of `git log`, reversed. Both are commits that [`Git::compare`] has
    /// found.
    pub(crate) fn log_between(&self, base: &str, head: &str) -> Option<Vec<GitCommit>> {
        let range = format!("{base}..{head}");
        let log = self.run(&[
            "log",
            "-z",
            "--reverse",
            "--no-show-signature",
            "--encoding=UTF-8",
            FORMAT,
            &range,
            "--",
        ]);
        let log = log.ok()?;
        let fields: Vec<&str> = log.split('\0').collect();
        fields.chunks_exact(FIELDS).map(commit).collect()
    }

    /// The files that differ from the common ancestor to the head. `None` where
    /// GitHub's list may be another one: with several common ancestors, of which
    /// it chooses one, and with changes of only a type or mode, whose status it
    /// does not document.
    pub(crate) fn changed_files(
        &self,
        comparison: &GitComparison,
        head: &str,
    ) -> Option<Vec<GitFile>> {
        let base = comparison.merge_base.as_deref()?;
        let listed = self.run(&[
            "diff-tree",
            "-r",
            "-z",
            "-M",
            // Git's default, whatever is configured here.
            "-l1000",
            "--ignore-submodules=none",
            "--raw",
            "--numstat",
            base,
            head,
            "--",
        ]);
        files(&listed.ok()?)
    }
}

fn commit(fields: &[&str]) -> Option<GitCommit> {
    let [sha, author, second, message] = fields else {
        return None;
    };
    Some(GitCommit {
        sha: (*sha).to_owned(),
        author: (*author).to_owned(),
        committed_at: Timestamp::from_second(second.parse().ok()?).ok(),
        headline: message.lines().next().unwrap_or_default().to_owned(),
    })
}

/// Reads the output of `git diff-tree -z --raw --numstat`: first what happened to
/// each file, then the numbers of lines in the same order.
fn files(listed: &str) -> Option<Vec<GitFile>> {
    if listed.contains(char::REPLACEMENT_CHARACTER) {
        // The name of a file is not UTF-8.
        return None;
    }
    let fields = listed.split('\0').filter(|field| !field.is_empty());
    let mut fields = fields.peekable();
    let mut files = Vec::new();
    while let Some(change) = fields.next_if(|field| field.starts_with(':')) {
        let words: Vec<&str> = change.split(' ').collect();
        let [_, _, before, after, kind] = words[..] else {
            return None;
        };
        let status = match kind.as_bytes().first()? {
            b'A' => "added",
            b'D' => "removed",
            b'M' if before != after => "modified",
            b'R' => "renamed",
            _ => return None,
        };
        let path = fields.next()?.to_owned();
        let (previous, path) = match status {
            "renamed" => (Some(path), fields.next()?.to_owned()),
            _ => (None, path),
        };
        files.push(GitFile {
            path,
            previous,
            status,
            additions: 0,
            deletions: 0,
        });
    }
    for file in &mut files {
        let mut counts = fields.next()?.splitn(3, '\t');
        // A binary file has '-' in place of numbers.
        let mut count = || Some(counts.next()?.parse().unwrap_or(0));
        (file.additions, file.deletions) = (count()?, count()?);
        if counts.next()?.is_empty() {
            // The two paths of a renamed file are fields of their own.
            fields.next()?;
            fields.next()?;
        }
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(status: &'static str, path: &str, additions: u64, deletions: u64) -> GitFile {
        GitFile {
            path: path.to_owned(),
            previous: None,
            status,
            additions,
            deletions,
        }
    }

    #[test]
    fn files_are_read_with_their_changes_and_numbers() {
        let listed = ":000000 100644 0000 aaaa A\0new\tname\0\
            :100644 000000 aaaa 0000 D\0gone\0\
            :100644 100755 aaaa bbbb M\0both\0\
            :100644 100644 aaaa aaaa R100\0old\0new\0\
            2\t0\tnew\tname\0\
            0\t3\tgone\0\
            -\t-\tboth\0\
            1\t1\t\0old\0new\0";
        let renamed = GitFile {
            previous: Some("old".to_owned()),
            ..file("renamed", "new", 1, 1)
        };
        assert_eq!(
            files(listed),
            Some(vec![
                file("added", "new\tname", 2, 0),
                file("removed", "gone", 0, 3),
                file("modified", "both", 0, 0),
                renamed,
            ])
        );
        assert_eq!(files(""), Some(Vec::new()));
        for unclear in [
            ":100644 100755 aaaa aaaa M\0mode\0-\t-\tmode\0",
            ":100644 120000 aaaa bbbb T\0type\0-\t-\ttype\0",
            ":100644 100644 aaaa bbbb M\0\u{fffd}\0-\t-\t\u{fffd}\0",
            ":100644 100644 aaaa bbbb M\0cut",
        ] {
            assert_eq!(files(unclear), None, "{unclear:?}");
        }
    }
}
