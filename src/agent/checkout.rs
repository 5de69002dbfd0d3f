//! Checks out the deployed commit for a command, in a folder of its own that is
//! removed afterwards.
//!
//! Each repository is fetched into a bare repository in the agent's state, which
//! all its deployments share. What is checked out is a commit by its full hash,
//! never a name, and nothing in the repository is run: no hooks, and no helpers
//! that ask for a password.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::OwnedMutexGuard;

use crate::model::DeploymentId;
use crate::process::{self, CommandEnd, CommandSpec, OutputSink, StreamTarget};

/// How long one git command may take.
const GIT_TIMEOUT: Duration = Duration::from_secs(600);
/// Where branches and tags of the source are stored, as in a clone.
const REFSPECS: [&str; 2] = [
    "+refs/heads/*:refs/remotes/origin/*",
    "+refs/tags/*:refs/tags/*",
];
/// How many folder names are tried for one deployment: an earlier checkout of
/// it may be impossible to remove.
const MAX_FOLDERS: u32 = 100;
/// Variables that a parent git may have left in the environment.
const GIT_VARIABLES: [&str; 6] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
];

#[derive(Debug)]
pub(super) struct CheckoutError {
    reason: String,
    /// Everything that git printed to stderr.
    pub(super) output: String,
}

impl CheckoutError {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            output: String::new(),
        }
    }
}

impl fmt::Display for CheckoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checkout failed: {}", self.reason)
    }
}

/// The checkouts of an agent.
#[derive(Debug)]
pub(super) struct Checkouts {
    git: Option<PathBuf>,
    sources: PathBuf,
    folder: PathBuf,
    /// One lock per source, so that a fetch that hangs delays no other source.
    locks: Mutex<HashMap<PathBuf, Arc<tokio::sync::Mutex<()>>>>,
}

impl Checkouts {
    pub(super) fn new(git: Option<PathBuf>, state_dir: &Path) -> Self {
        Self {
            git,
            sources: state_dir.join("sources"),
            folder: state_dir.join("checkouts"),
            locks: Mutex::default(),
        }
    }

    /// Checks out the commit `sha` of the repository at `source`, with the
    /// branches and tags that the source has now.
    pub(super) async fn create(
        &self,
        source: &str,
        sha: &str,
        id: DeploymentId,
    ) -> Result<Checkout, CheckoutError> {
        if !is_commit(sha) {
            return Err(CheckoutError::new("the deployment names no commit"));
        }
        let git = self.git.clone();
        let store = Store {
            git: git.ok_or_else(|| CheckoutError::new("git is not installed"))?,
            path: self.sources.join(folder_name(source)),
        };
        let _lock = self.lock(&store.path).await;
        store.prepare(source).await?;
        store.fetch(sha).await?;
        let path = self
            .free_folder(&store, id)
            .await
            .map_err(|error| CheckoutError::new(error.to_string()))?;
        let add = ["worktree", "add", "--detach", "--force", "--quiet", "--"];
        let args = add.map(OsStr::new).into_iter();
        let args = args.chain([path.as_os_str(), OsStr::new(sha)]);
        store.run_git(args).await?;
        Ok(Checkout { path, store })
    }

    /// Removes the checkouts of an agent that was killed. Returns those that
    /// cannot be removed, and why.
    pub(super) fn remove_all(&self) -> Vec<(PathBuf, io::Error)> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => return vec![(self.folder.clone(), error)],
        };
        entries
            .flatten()
            .filter_map(|entry| {
                let error = remove_tree(&entry.path()).err()?;
                Some((entry.path(), error))
            })
            .collect()
    }

    async fn lock(&self, store: &Path) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(store.to_owned()).or_default())
        };
        lock.lock_owned().await
    }

    /// Returns the path of a folder for the checkout, which does not exist.
    async fn free_folder(&self, store: &Store, id: DeploymentId) -> io::Result<PathBuf> {
        let mut path = self.folder.join(id.to_string());
        for number in 2..MAX_FOLDERS {
            if store.remove_worktree(path.clone()).await.is_ok() {
                return Ok(path);
            }
            path = self.folder.join(format!("{id}-{number}"));
        }
        store.remove_worktree(path.clone()).await.map(|()| path)
    }
}

#[derive(Debug)]
pub(super) struct Checkout {
    path: PathBuf,
    store: Store,
}

impl Checkout {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn remove(self) -> io::Result<()> {
        self.store.remove_worktree(self.path).await
    }
}

/// The bare repository into which a source is fetched.
#[derive(Debug)]
struct Store {
    git: PathBuf,
    path: PathBuf,
}

impl Store {
    /// Creates the repository if it does not exist. Its remote is named as in a
    /// clone, so that relative submodules and `git fetch origin` work in a
    /// checkout.
    async fn prepare(&self, source: &str) -> Result<(), CheckoutError> {
        let is_complete = ["config", "--get", "remote.origin.url"];
        if self.path.join("HEAD").is_file() && self.run_git(is_complete).await.is_ok() {
            return Ok(());
        }
        // It may be incomplete, or made by an earlier version.
        remove_tree(&self.path)
            .and_then(|()| fs::create_dir_all(&self.path))
            .map_err(|error| CheckoutError::new(error.to_string()))?;
        self.run_git(["init", "--bare", "--quiet"]).await?;
        self.run_git(["config", "remote.origin.fetch", REFSPECS[0]])
            .await?;
        self.run_git(["config", "remote.origin.url", source]).await
    }

    /// Fetches the source's branches and tags as they are now, and the commit.
    async fn fetch(&self, sha: &str) -> Result<(), CheckoutError> {
        let fetch = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--prune",
            "--force",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            "--",
            "origin",
        ];
        self.run_git(fetch.into_iter().chain(REFSPECS)).await?;
        let commit = format!("{sha}^{{commit}}");
        let exists = ["cat-file", "-e", commit.as_str()];
        if self.run_git(exists).await.is_ok() {
            return Ok(());
        }
        // A commit that is on no branch, such as that of a pull request.
        let fetch = fetch.into_iter().filter(|arg| *arg != "--prune");
        self.run_git(fetch.chain([sha])).await?;
        self.run_git(exists).await
    }

    async fn remove_worktree(&self, path: PathBuf) -> io::Result<()> {
        // A checkout may be large: other tasks go on meanwhile.
        tokio::task::spawn_blocking(move || remove_tree(&path)).await??;
        // If this fails, git only remembers a folder that no longer exists.
        let _ = self.run_git(["worktree", "prune"]).await;
        Ok(())
    }

    /// Runs git in a process group of its own, which is killed if the future is
    /// dropped: git starts helpers, such as ssh.
    async fn run_git<S: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Result<(), CheckoutError> {
        let mut command_line: Vec<OsString> = vec![self.git.clone().into()];
        command_line.push("--git-dir".into());
        command_line.push(self.path.clone().into());
        // Nothing of the repository or of a template is run.
        for setting in [
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "protocol.ext.allow=never",
            "gc.auto=0",
            "advice.detachedHead=false",
        ] {
            command_line.extend(["-c".into(), setting.into()]);
        }
        command_line.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        let mut spec = CommandSpec::new(command_line);
        spec.unset_variables = GIT_VARIABLES.map(OsString::from).into();
        spec.set_variables = [
            ("LC_ALL", "C"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_ASKPASS", "true"),
            ("SSH_ASKPASS_REQUIRE", "never"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .into();
        let stderr = SharedBuffer::default();
        spec.stdout = StreamTarget::Read(OutputSink::new(io::sink()));
        spec.stderr = StreamTarget::Read(OutputSink::new(stderr.clone()));
        spec.timeout = Some(GIT_TIMEOUT);
        let (_handle, control) = process::control_channel();
        match process::run(spec, control).await.end {
            CommandEnd::Exited(0) => Ok(()),
            CommandEnd::NotStarted { error, .. } => {
                let reason = format!("git could not be run: {error}");
                Err(CheckoutError::new(reason))
            }
            CommandEnd::TimedOut { .. } => Err(CheckoutError::new("git took too long")),
            CommandEnd::Exited(_) | CommandEnd::Killed(_) | CommandEnd::Stopped { .. } => {
                let output = stderr.text();
                Err(CheckoutError {
                    reason: reason_in(&output),
                    output,
                })
            }
        }
    }
}

#[derive(Clone, Default)]
struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

impl SharedBuffer {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether a text is the full hash of a commit.
fn is_commit(sha: &str) -> bool {
    matches!(sha.len(), 40 | 64) && sha.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn folder_name(source: &str) -> String {
    let digest = Sha256::digest(source.as_bytes());
    let mut name = String::from("git-");
    for byte in &digest[..12] {
        name.push_str(&format!("{byte:02x}"));
    }
    name
}

/// Removes a folder and everything in it, even if a command has made folders
/// read-only, as package managers do with their caches.
fn remove_tree(path: &Path) -> io::Result<()> {
    let removed = match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            make_writable(path);
            fs::remove_dir_all(path)
        }
        removed => removed,
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Makes the folders at and below `path` writable, except those of other users.
fn make_writable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    }
    let Ok(entries) = fs::read_dir(path) else {
        return;
    };
    for entry in entries.flatten() {
        // Links are not followed.
        if entry.file_type().is_ok_and(|file_type| file_type.is_dir()) {
            make_writable(&entry.path());
        }
    }
}

/// Finds the line of git's output that says why it failed: advice follows the
/// reason, and messages of the server may precede it.
fn reason_in(output: &str) -> String {
    let lines = || output.lines().map(str::trim);
    let starting_with = |prefix| lines().find(|line| line.starts_with(prefix));
    starting_with("fatal:")
        .or_else(|| starting_with("error:"))
        .or_else(|| lines().rfind(|line| !line.is_empty()))
        .unwrap_or("git failed")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_hash_names_a_commit() {
        assert!(is_commit(&"a".repeat(40)) && is_commit(&"0".repeat(64)));
        for sha in ["", "main", "HEAD", "--upload-pack=x", "abc123"] {
            assert!(!is_commit(sha), "{sha}");
        }
        assert!(!is_commit(&"A".repeat(40)));
        assert!(!is_commit(&format!("{}\n", "a".repeat(40))));
    }

    #[test]
    fn the_reason_is_the_first_fatal_line() {
        for (output, reason) in [
            (
                "remote: Repository not found.\nfatal: repository 'x' not found\nfatal: later\n\nPlease make sure\n",
                "fatal: repository 'x' not found",
            ),
            (
                "error: no such ref\nhint: try again\n",
                "error: no such ref",
            ),
            ("something\nelse\n\n", "else"),
            ("", "git failed"),
        ] {
            assert_eq!(reason_in(output), reason);
        }
    }

    #[test]
    fn a_source_has_a_folder_of_its_own() {
        assert_ne!(folder_name("a"), folder_name("b"));
        assert!(folder_name("../../x").starts_with("git-"));
        assert_eq!(folder_name("x").len(), 4 + 24);
    }
}
