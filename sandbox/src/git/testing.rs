//! Temporary repositories for tests.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Repo, Source};

/// A repository with a worktree and the default branch `main`.
pub(crate) struct Fixture {
    directory: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let fixture = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(fixture.path()).unwrap();
        fixture.git(&["init", "-q", "-b", "main"]);
        fixture
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    /// A path next to the worktree.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.path().join(name), content).unwrap();
    }

    /// Commits everything and returns the new head.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Creates a branch `topic` with one commit and then another commit on
    /// `main`. Returns the head of `topic`.
    pub(crate) fn behind(&self) -> String {
        self.commit("one");
        self.git(&["checkout", "-q", "-b", "topic"]);
        let topic = self.commit("topic");
        self.git(&["checkout", "-q", "main"]);
        self.commit("two");
        topic
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args([
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.com",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "tag.gpgsign=false",
            ])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("GIT_DIR")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn repo(&self) -> Repo {
        self.open(&self.path())
    }

    pub(crate) fn open(&self, path: &Path) -> Repo {
        let source = Source::find(path).unwrap().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        Repo::open(&source, &self.beside(&format!("{name}.overlay"))).unwrap()
    }
}
