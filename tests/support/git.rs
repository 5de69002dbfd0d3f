//! Real git repositories that do not depend on the machine: no user
//! configuration, a fixed identity, and dates that only increase.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// 2026-01-01T00:00:00Z, the date of the first commit.
const FIRST_COMMIT: u64 = 1_767_225_600;

/// A temporary repository, removed when it is dropped.
pub(crate) struct GitRepository {
    root: TempDir,
    path: PathBuf,
    clock: Cell<u64>,
}

/// Everything that a program that only reads a repository must not change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    refs: String,
    head: String,
    objects: String,
    changes: String,
}

impl GitRepository {
    /// A repository with the branch `main` and nothing in it.
    pub(crate) fn empty() -> Self {
        let repository = Self::unborn();
        repository.git(["init", "--quiet", "--initial-branch=main", "."]);
        repository
    }

    /// A repository with one commit on `main`.
    pub(crate) fn new() -> Self {
        let repository = Self::empty();
        repository.commit("README.md", "A repository of a test.\n", "First commit");
        repository
    }

    /// A bare repository, to push to.
    pub(crate) fn bare() -> Self {
        let repository = Self::unborn();
        repository.git(["init", "--quiet", "--bare", "--initial-branch=main", "."]);
        repository
    }

    fn unborn() -> Self {
        let root = TempDir::with_prefix("repository-").expect("a temporary directory");
        let path = root.path().join("tree");
        fs::create_dir(&path).expect("the directory of the repository");
        fs::create_dir(root.path().join("home")).expect("a home of its own");
        Self {
            root,
            path,
            clock: Cell::new(FIRST_COMMIT),
        }
    }

    /// The directory of the repository.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs git here and returns what it printed, without the last newline.
    pub(crate) fn git<I, S>(&self, args: I) -> String
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let args: Vec<_> = args.into_iter().map(|a| a.as_ref().to_owned()).collect();
        let output = self
            .command()
            .args(&args)
            .output()
            .expect("git runs on this machine");
        assert!(
            output.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    }

    fn command(&self) -> Command {
        let date = format!("{} +0000", self.clock.get());
        let mut command = Command::new("git");
        command.env_clear().current_dir(&self.path);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        for (name, value) in [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_AUTHOR_NAME", "Mona Lisa"),
            ("GIT_AUTHOR_EMAIL", "mona@example.com"),
            ("GIT_COMMITTER_NAME", "Mona Lisa"),
            ("GIT_COMMITTER_EMAIL", "mona@example.com"),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_DATE", &date),
            ("LC_ALL", "C"),
            ("TZ", "UTC"),
        ] {
            command.env(name, value);
        }
        command.env("HOME", self.root.path().join("home"));
        command
    }

    /// Writes a file and commits it, a minute after the commit before.
    /// Returns the SHA.
    pub(crate) fn commit(&self, file: &str, content: &str, message: &str) -> String {
        self.clock.set(self.clock.get() + 60);
        let path = self.path.join(file);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder");
        fs::write(path, content).expect("the file");
        self.git(["add", "--", file]);
        self.git(["commit", "--quiet", "--message", message]);
        self.head()
    }

    /// Adds this many empty commits to the branch that is checked out. Returns
    /// their SHAs, oldest first.
    pub(crate) fn commit_many(&self, count: u64) -> Vec<String> {
        let branch = self.git(["symbolic-ref", "HEAD"]);
        let before = self.head();
        let mut stream = String::new();
        for number in 1..=count {
            let message = format!("Commit {number}");
            let time = self.clock.get() + 60 * number;
            let from = if number == 1 {
                format!("from {before}\n")
            } else {
                String::new()
            };
            stream.push_str(&format!(
                "commit {branch}\ncommitter Mona Lisa <mona@example.com> {time} +0000\n\
                 data {}\n{message}\n{from}\n",
                message.len()
            ));
        }
        self.clock.set(self.clock.get() + 60 * count);
        let mut child = self
            .command()
            .args(["fast-import", "--quiet"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("git runs on this machine");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(stream.as_bytes()).expect("written");
        drop(stdin);
        assert!(child.wait().expect("an end").success());
        let range = format!("{before}..HEAD");
        let listed = self.git(["rev-list", "--reverse", &range]);
        listed.lines().map(str::to_owned).collect()
    }

    /// Creates a branch at `start` (a ref or SHA) and checks it out.
    pub(crate) fn branch(&self, name: &str, start: &str) {
        self.git(["checkout", "--quiet", "-b", name, start]);
    }

    /// Checks out a branch, a tag or a commit.
    pub(crate) fn checkout(&self, name: &str) {
        self.git(["checkout", "--quiet", name]);
    }

    /// Creates an annotated tag at the commit that is checked out.
    pub(crate) fn tag(&self, name: &str) {
        self.git(["tag", "--annotate", "--message", name, name]);
    }

    /// Adds a remote.
    pub(crate) fn remote(&self, name: &str, url: &str) {
        self.git(["remote", "add", name, url]);
    }

    /// Adds a remote that is another temporary repository and pushes a branch
    /// to it, so that the remote-tracking branch is there.
    pub(crate) fn push_to(&self, name: &str, other: &Self, branch: &str) {
        let url = other.path.to_string_lossy().into_owned();
        if !self.git(["remote"]).lines().any(|remote| remote == name) {
            self.remote(name, &url);
        }
        self.git(["push", "--quiet", "--set-upstream", name, branch]);
    }

    /// The SHA of the commit that is checked out.
    pub(crate) fn head(&self) -> String {
        self.sha("HEAD")
    }

    /// The SHA of the commit that a ref names.
    pub(crate) fn sha(&self, name: &str) -> String {
        self.git(["rev-parse", "--verify", &format!("{name}^{{commit}}")])
    }

    /// The state to compare after a program has read the repository.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            refs: self.git(["for-each-ref"]),
            head: fs::read_to_string(self.path.join(".git/HEAD")).unwrap_or_default(),
            objects: self.git(["count-objects", "--verbose"]),
            changes: self.git(["status", "--porcelain=v2", "--branch", "--ignored"]),
        }
    }
}

/// A repository with the cases that the rules of a deployment distinguish.
///
/// - `main`: the default branch, three commits;
/// - `topic`: ahead of main by one, not behind;
/// - `behind`: one commit of its own, behind by one, merges cleanly;
/// - `conflict`: one commit of its own, behind by one, conflicts;
/// - the tag `v1.0.0` on the first commit of main.
pub(crate) fn with_branches() -> GitRepository {
    let repository = GitRepository::new();
    repository.tag("v1.0.0");
    repository.commit("app.txt", "one\n", "Add the app");
    repository.branch("behind", "main");
    repository.commit(
        "behind.txt",
        "behind\n",
        "Work on a branch that falls behind",
    );
    repository.branch("conflict", "main");
    repository.commit("app.txt", "conflicting\n", "Change the app on a branch");
    repository.checkout("main");
    repository.commit("app.txt", "two\n", "Change the app");
    repository.branch("topic", "main");
    repository.commit("topic.txt", "topic\n", "Work on a topic");
    repository.checkout("main");
    repository
}
