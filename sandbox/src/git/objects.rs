//! Blobs, trees and commits that clients write, and files at commits.

use std::sync::atomic::{AtomicU64, Ordering};

use super::names::is_object_name;
use super::{GitError, Repo, Signature};

/// The types of git's objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Blob,
    Tree,
    Commit,
    Tag,
}

impl ObjectKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Tree => "tree",
            Self::Commit => "commit",
            Self::Tag => "tag",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Blob, Self::Tree, Self::Commit, Self::Tag]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// An entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectEntry {
    /// Six octal digits, such as `100644`.
    pub(crate) mode: String,
    pub(crate) kind: ObjectKind,
    pub(crate) sha: String,
    /// In bytes; only blobs have one.
    pub(crate) size: Option<u64>,
    /// From the root of the tree.
    pub(crate) path: String,
}

/// An entry of a tree to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEntry {
    pub(crate) path: String,
    /// Six octal digits, such as `100644`.
    pub(crate) mode: String,
    /// The object; `None` removes the path.
    pub(crate) sha: Option<String>,
}

/// Gives each tree that is built an index of its own.
static INDEXES: AtomicU64 = AtomicU64::new(0);

impl Repo {
    /// Writes a blob and returns its id.
    pub(crate) fn write_blob(&self, content: &[u8]) -> Result<String, GitError> {
        let git = self.overlay().reading(content);
        Ok(git
            .run(&["hash-object", "-w", "--stdin", "--no-filters"])?
            .trim()
            .to_owned())
    }

    /// The type of an object; `None` if it does not exist.
    pub(crate) fn object_kind(&self, sha: &str) -> Result<Option<ObjectKind>, GitError> {
        if !is_object_name(sha) {
            return Ok(None);
        }
        let output = self.overlay().output(&["cat-file", "-t", sha])?;
        Ok(ObjectKind::parse(output.text().trim()).filter(|_| output.ok()))
    }

    /// The content of a blob; `None` if it does not exist.
    pub(crate) fn blob(&self, sha: &str) -> Result<Option<Vec<u8>>, GitError> {
        if !is_object_name(sha) {
            return Ok(None);
        }
        let output = self.overlay().output(&["cat-file", "blob", sha])?;
        Ok(output.ok().then(|| output.into_bytes()))
    }

    /// Writes a tree: `base` with these changes. Returns `None` if git does not
    /// accept a path or a mode.
    pub(crate) fn write_tree(
        &self,
        base: Option<&str>,
        entries: &[NewEntry],
    ) -> Result<Option<String>, GitError> {
        // Git only warns of such a path, and leaves it out.
        if !entries.iter().all(|entry| is_path(&entry.path)) {
            return Ok(None);
        }
        let number = INDEXES.fetch_add(1, Ordering::Relaxed);
        let index = self
            .overlay
            .join(format!("index-{}-{number}", std::process::id()));
        let git = || self.overlay().with("GIT_INDEX_FILE", index.as_os_str());
        let build = || {
            if let Some(base) = base {
                git().run(&["read-tree", base])?;
            }
            let (trees, files): (Vec<_>, Vec<_>) = entries
                .iter()
                .partition(|entry| entry.mode == "040000" && entry.sha.is_some());
            let mut lines = Vec::new();
            for entry in files {
                let sha = entry.sha.clone().unwrap_or_else(|| "0".repeat(40));
                let mode = entry.sha.as_ref().map_or("0", |_| entry.mode.as_str());
                lines.extend(format!("{mode} {sha}\t{}\0", entry.path).into_bytes());
            }
            if !lines.is_empty() {
                let arguments = ["update-index", "--add", "--replace", "-z", "--index-info"];
                if !git().reading(lines).output(&arguments)?.ok() {
                    return Ok(None);
                }
            }
            for entry in trees {
                let prefix = format!("--prefix={}/", entry.path);
                let sha = entry.sha.as_deref().unwrap_or_default();
                if !git().output(&["read-tree", &prefix, sha])?.ok() {
                    return Ok(None);
                }
            }
            Ok(Some(git().run(&["write-tree"])?.trim().to_owned()))
        };
        let tree = build();
        // It only exists if there was something to write.
        let _ = std::fs::remove_file(&index);
        tree
    }

    /// Writes a commit with exactly this message, and returns its id.
    pub(crate) fn write_commit(
        &self,
        tree: &str,
        parents: &[String],
        message: &str,
        author: &Signature,
        committer: &Signature,
    ) -> Result<String, GitError> {
        let date = |signature: &Signature| format!("@{} +0000", signature.seconds);
        let mut arguments = vec!["commit-tree", tree];
        for parent in parents {
            arguments.extend(["-p", parent]);
        }
        // Without input, git would be given nothing to read at all.
        let message = if message.is_empty() { "\n" } else { message };
        let commit = self
            .overlay()
            .with("GIT_AUTHOR_NAME", &author.name)
            .with("GIT_AUTHOR_EMAIL", &author.email)
            .with("GIT_AUTHOR_DATE", date(author))
            .with("GIT_COMMITTER_NAME", &committer.name)
            .with("GIT_COMMITTER_EMAIL", &committer.email)
            .with("GIT_COMMITTER_DATE", date(committer))
            .reading(message)
            .run(&arguments)?;
        Ok(commit.trim().to_owned())
    }

    /// The entries of a tree or of a commit's tree, with those of trees below it
    /// if `recursive`; `None` if it does not exist.
    pub(crate) fn tree(
        &self,
        sha: &str,
        recursive: bool,
    ) -> Result<Option<Vec<ObjectEntry>>, GitError> {
        if !is_object_name(sha) {
            return Ok(None);
        }
        let mut arguments = vec!["ls-tree", "-z", "-l", "--full-tree"];
        if recursive {
            arguments.extend(["-r", "-t"]);
        }
        arguments.push(sha);
        let output = self.overlay().output(&arguments)?;
        if !output.ok() {
            return Ok(None);
        }
        parse(&output.text()).map(Some)
    }

    /// The entry at a path of a commit; `None` if it has none.
    pub(crate) fn entry(&self, commit: &str, path: &str) -> Result<Option<ObjectEntry>, GitError> {
        if !is_path(path) || !is_object_name(commit) {
            return Ok(None);
        }
        let output = self.overlay().with("GIT_LITERAL_PATHSPECS", "1").output(&[
            "ls-tree",
            "-z",
            "-l",
            "--full-tree",
            commit,
            "--",
            path,
        ])?;
        if !output.ok() {
            return Ok(None);
        }
        Ok(parse(&output.text())?.into_iter().next())
    }
}

/// Whether a path can be one of a file in a repository.
fn is_path(path: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.eq_ignore_ascii_case(".git")
    };
    !path.contains('\0') && path.split('/').all(is_part)
}

/// Reads the records of `git ls-tree -z -l`.
fn parse(text: &str) -> Result<Vec<ObjectEntry>, GitError> {
    let records = text.split('\0').filter(|record| !record.is_empty());
    let read = |record: &str| {
        let (meta, path) = record.split_once('\t')?;
        let mut words = meta.split_whitespace();
        Some(ObjectEntry {
            mode: words.next()?.to_owned(),
            kind: ObjectKind::parse(words.next()?)?,
            sha: words.next()?.to_owned(),
            size: words.next()?.parse().ok(),
            path: path.to_owned(),
        })
    };
    records
        .map(|record| read(record).ok_or_else(|| GitError::answer("ls-tree", record)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::Signature;
    use super::super::testing::Fixture;
    use super::{NewEntry, ObjectKind};

    fn entry(path: &str, sha: Option<&str>) -> NewEntry {
        NewEntry {
            path: path.to_owned(),
            mode: "100644".to_owned(),
            sha: sha.map(str::to_owned),
        }
    }

    #[test]
    fn what_is_written_is_read_back_and_the_users_repository_lacks_it() {
        let fixture = Fixture::new();
        fixture.write("kept", "kept\n");
        let head = fixture.commit("one");
        let repo = fixture.repo();
        let blob = repo.write_blob(b"{}\n").unwrap();
        let alone = repo
            .write_tree(None, &[entry("lock.json", Some(&blob))])
            .unwrap()
            .unwrap();
        let signature = Signature {
            name: "mona".to_owned(),
            email: "mona@example.com".to_owned(),
            seconds: 1_767_225_600,
        };
        let commit = repo
            .write_commit(&alone, &[], "lock [skip ci]", &signature, &signature)
            .unwrap();
        let info = repo.commit_info(&commit).unwrap().unwrap();
        assert_eq!(info.message, "lock [skip ci]");
        assert_eq!((info.tree.as_str(), info.parents.len()), (&*alone, 0));
        let found = repo.entry(&commit, "lock.json").unwrap().unwrap();
        assert_eq!((found.sha.as_str(), found.size), (&*blob, Some(3)));
        assert_eq!(repo.blob(&blob).unwrap().unwrap(), b"{}\n");
        assert_eq!(repo.object_kind(&commit).unwrap(), Some(ObjectKind::Commit));

        let above = [entry("a/b", Some(&blob)), entry("kept", None)];
        let tree = repo.write_tree(Some(&head), &above).unwrap().unwrap();
        let paths: Vec<String> = repo
            .tree(&tree, true)
            .unwrap()
            .unwrap()
            .into_iter()
            .map(|entry| entry.path)
            .collect();
        assert_eq!(paths, ["a", "a/b"]);
        let unknown = std::process::Command::new("git")
            .arg("-C")
            .arg(fixture.path())
            .args(["cat-file", "-e", &commit])
            .output()
            .unwrap();
        assert!(!unknown.status.success());
        assert!(
            std::fs::read_dir(fixture.beside("work.overlay"))
                .unwrap()
                .all(|file| !file
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .starts_with("index-"))
        );
    }

    #[test]
    fn paths_that_git_would_not_have_are_refused() {
        let fixture = Fixture::new();
        let head = fixture.commit("one");
        let repo = fixture.repo();
        let blob = repo.write_blob(b"x").unwrap();
        for path in ["", "/a", "../a", ".git/config", "a//b"] {
            let made = repo.write_tree(None, &[entry(path, Some(&blob))]).unwrap();
            assert_eq!(made, None, "{path:?}");
        }
        for path in ["", "/a", "..", "a\0b", "missing"] {
            assert_eq!(repo.entry(&head, path).unwrap(), None, "{path:?}");
        }
        assert_eq!(repo.object_kind("--all").unwrap(), None);
        assert_eq!(repo.tree(&"0".repeat(40), false).unwrap(), None);
    }
}
