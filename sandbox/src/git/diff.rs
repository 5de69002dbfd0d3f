//! The files that a commit or a comparison touches.

use super::GitError;

/// How a file changed, in GitHub's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileStatus {
    /// It is new.
    Added,
    Removed,
    /// Its content changed.
    Modified,
    /// It has another name.
    Renamed,
    /// It is a copy.
    Copied,
    /// Its type changed.
    Changed,
}

impl FileStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
            Self::Renamed => "renamed",
            Self::Copied => "copied",
            Self::Changed => "changed",
        }
    }
}

/// One file of a diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileChange {
    /// The id of the content after it, or before it where it was removed.
    pub(crate) blob: String,
    /// The path after it, or before it where it was removed.
    pub(crate) path: String,
    /// The path before it, where it was another.
    pub(crate) previous: Option<String>,
    pub(crate) status: FileStatus,
    /// Lines added; 0 for binary files.
    pub(crate) additions: u64,
    /// Lines removed; 0 for binary files.
    pub(crate) deletions: u64,
}

/// Reads `git diff-tree -z --raw --numstat`: first all raw records, then all
/// counts, both in the same order.
pub(super) fn parse(text: &str) -> Result<Vec<FileChange>, GitError> {
    let broken = || GitError::answer("diff-tree", text);
    let mut fields = text
        .split('\0')
        .filter(|field| !field.is_empty())
        .peekable();
    let mut files = Vec::new();
    while let Some(meta) = fields.next_if(|field| field.starts_with(':')) {
        let words: Vec<&str> = meta.split(' ').collect();
        let [_, _, before, after, letter] = words[..] else {
            return Err(broken());
        };
        let status = match letter.as_bytes().first() {
            Some(b'A') => FileStatus::Added,
            Some(b'D') => FileStatus::Removed,
            Some(b'M') => FileStatus::Modified,
            Some(b'R') => FileStatus::Renamed,
            Some(b'C') => FileStatus::Copied,
            _ => FileStatus::Changed,
        };
        let first = fields.next().ok_or_else(broken)?.to_owned();
        let (previous, path) = if matches!(status, FileStatus::Renamed | FileStatus::Copied) {
            (Some(first), fields.next().ok_or_else(broken)?.to_owned())
        } else {
            (None, first)
        };
        let blob = if status == FileStatus::Removed {
            before
        } else {
            after
        };
        files.push(FileChange {
            blob: blob.to_owned(),
            path,
            previous,
            status,
            additions: 0,
            deletions: 0,
        });
    }
    for file in &mut files {
        let counts = fields.next().ok_or_else(broken)?;
        let mut words = counts.splitn(3, '\t');
        // A binary file has `-` instead of both counts.
        file.additions = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        file.deletions = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        if words.next() == Some("") {
            // Renames have their two paths in fields of their own.
            fields.next();
            fields.next();
        }
    }
    Ok(files)
}
