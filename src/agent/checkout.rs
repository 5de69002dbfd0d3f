//! Checks out the deployed commit for a command, in a folder of its own that is
//! removed afterwards.
//!
//! A repository is fetched into a bare one in the agent's state, once for all
//! deployments. What is checked out is a commit by its full number, never a
//! name; nothing in the repository is run (no hooks, no helpers that ask).

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::process::Command;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use super::deploy::Agent;
use crate::model::DeploymentId;

/// How long one git command may take.
const GIT_TIMEOUT: Duration = Duration::from_secs(600);
/// Where branches and tags of the source go in the store, as in a clone.
const REFS: [&str; 2] = [
    "+refs/heads/*:refs/remotes/origin/*",
    "+refs/tags/*:refs/tags/*",
];
/// How many folders are tried for one deployment: an earlier checkout of it may
/// be one that can't be removed.
const FOLDERS: u32 = 100;

/// Why there is no checkout.
#[derive(Debug)]
pub(super) struct CheckoutError {
    reason: String,
    /// All that git said.
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

/// Words for a status.
impl fmt::Display for CheckoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checkout failed: {}", self.reason)
    }
}

/// Whose turn it is with each source: one that hangs holds up no other.
#[derive(Debug, Default)]
pub(super) struct Sources(Mutex<HashMap<PathBuf, Arc<Turns>>>);

type Turns = tokio::sync::Mutex<()>;

impl Sources {
    /// Waits for the turn with a store.
    async fn lock(&self, store: &Path) -> OwnedMutexGuard<()> {
        let turns = {
            let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(sources.entry(store.to_owned()).or_default())
        };
        turns.lock_owned().await
    }
}

/// A commit, checked out.
#[derive(Debug)]
pub(super) struct Checkout {
    path: PathBuf,
    store: PathBuf,
}

impl Checkout {
    /// Checks out the commit `sha` of the repository at `source`, with the
    /// branches and tags that the source has now.
    pub(super) async fn make(
        agent: &Agent,
        source: &str,
        sha: &str,
        id: DeploymentId,
    ) -> Result<Self, CheckoutError> {
        if !is_commit(sha) {
            return Err(CheckoutError::new("the deployment names no commit"));
        }
        let git = agent.git.as_deref();
        let git = git.ok_or_else(|| CheckoutError::new("git is not installed"))?;
        let store = agent.state.join("sources").join(key(source));
        let _turn = agent.sources.lock(&store).await;
        prepare(git, &store, source).await?;
        fetch(git, &store, sha).await?;
        let path = free_folder(git, &store, &folder(&agent.state), id)
            .await
            .map_err(|error| CheckoutError::new(error.to_string()))?;
        let add = ["worktree", "add", "--detach", "--force", "--quiet", "--"];
        let args = add.map(OsStr::new).into_iter();
        let args = args.chain([path.as_os_str(), OsStr::new(sha)]);
        run(git, &store, args).await?;
        Ok(Self { path, store })
    }

    /// Where the files are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it.
    pub(super) async fn remove(self, agent: &Agent) -> Result<(), String> {
        let git = agent.git.as_deref().ok_or("git is not installed")?;
        remove(git, &self.store, self.path)
            .await
            .map_err(|error| error.to_string())
    }
}

/// The folder of the checkouts.
fn folder(state: &Path) -> PathBuf {
    state.join("checkouts")
}

/// Removes what an agent that was killed left. Returns what can't be removed,
/// and why.
pub(super) fn remove_all(state: &Path) -> Vec<(PathBuf, io::Error)> {
    let folder = folder(state);
    let left = match fs::read_dir(&folder) {
        Ok(left) => left,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => return vec![(folder, error)],
    };
    left.flatten()
        .filter_map(|entry| {
            let error = remove_tree(&entry.path()).err()?;
            Some((entry.path(), error))
        })
        .collect()
}

/// A folder for the checkout of a deployment, in which nothing is.
async fn free_folder(
    git: &Path,
    store: &Path,
    checkouts: &Path,
    id: DeploymentId,
) -> io::Result<PathBuf> {
    let mut path = checkouts.join(id.to_string());
    for number in 2..FOLDERS {
        if remove(git, store, path.clone()).await.is_ok() {
            return Ok(path);
        }
        path = checkouts.join(format!("{id}-{number}"));
    }
    remove(git, store, path.clone()).await.map(|()| path)
}

/// Whether a text is the whole number of a commit.
fn is_commit(sha: &str) -> bool {
    matches!(sha.len(), 40 | 64) && sha.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of a source's folder.
fn key(source: &str) -> String {
    let digest = Sha256::digest(source.as_bytes());
    let mut key = String::from("git-");
    for byte in &digest[..12] {
        key.push_str(&format!("{byte:02x}"));
    }
    key
}

/// Makes the store of a source, if it is not there. Its remote is named as in a
/// clone, so that relative submodules and `git fetch origin` work in a checkout.
async fn prepare(git: &Path, store: &Path, source: &str) -> Result<(), CheckoutError> {
    let is_whole = ["config", "--get", "remote.origin.url"];
    if store.join("HEAD").is_file() && run(git, store, is_whole).await.is_ok() {
        return Ok(());
    }
    // One that was made only in part, or by an earlier version.
    remove_tree(store)
        .and_then(|()| fs::create_dir_all(store))
        .map_err(|error| CheckoutError::new(error.to_string()))?;
    run(git, store, ["init", "--bare", "--quiet"]).await?;
    run(git, store, ["config", "remote.origin.fetch", REFS[0]]).await?;
    run(git, store, ["config", "remote.origin.url", source]).await
}

/// Brings the source's branches and tags as they are now into the store, and
/// the commit.
async fn fetch(git: &Path, store: &Path, sha: &str) -> Result<(), CheckoutError> {
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
    let all = fetch.into_iter().chain(REFS);
    run(git, store, all).await?;
    let commit = format!("{sha}^{{commit}}");
    let is_there = ["cat-file", "-e", commit.as_str()];
    if run(git, store, is_there).await.is_ok() {
        return Ok(());
    }
    // A commit that no branch leads to, such as that of a pull request.
    let fetch = fetch.into_iter().filter(|arg| *arg != "--prune");
    run(git, store, fetch.chain([sha])).await?;
    run(git, store, is_there).await
}

async fn remove(git: &Path, store: &Path, path: PathBuf) -> io::Result<()> {
    // A checkout may be large: others go on meanwhile.
    tokio::task::spawn_blocking(move || remove_tree(&path)).await??;
    // Without it the store would only remember a folder that is gone.
    let _ = run(git, store, ["worktree", "prune"]).await;
    Ok(())
}

/// Removes a folder with all that is in it, also where a command has made
/// folders read-only, as package managers do with their caches.
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

/// Gives back the right to remove what is in the folders below `path`. What
/// belongs to somebody else stays as it is.
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
        // A link is not followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            make_writable(&entry.path());
        }
    }
}

async fn run<S: AsRef<OsStr>>(
    git: &Path,
    store: &Path,
    args: impl IntoIterator<Item = S>,
) -> Result<(), CheckoutError> {
    let mut command = Command::new(git);
    for name in LEFTOVERS {
        command.env_remove(name);
    }
    command
        .arg("--git-dir")
        .arg(store)
        // Nothing of the repository or of a template is run.
        .args([
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.fsmonitor=false",
        ])
        .args(["-c", "protocol.ext.allow=never", "-c", "gc.auto=0"])
        .args(["-c", "advice.detachedHead=false"])
        .args(args)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "true")
        .env("SSH_ASKPASS_REQUIRE", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    let output = match timeout(GIT_TIMEOUT, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => {
            let reason = format!("git could not be run: {error}");
            return Err(CheckoutError::new(reason));
        }
        Err(_) => return Err(CheckoutError::new("git took too long")),
    };
    if output.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(CheckoutError {
        reason: reason_in(&output),
        output,
    })
}

/// Why git failed, in its own words: advice follows the reason, and what a
/// server says may come before it.
fn reason_in(output: &str) -> String {
    let lines = || output.lines().map(str::trim);
    let of_kind = |kind| lines().find(|line| line.starts_with(kind));
    of_kind("fatal:")
        .or_else(|| of_kind("error:"))
        .or_else(|| lines().rfind(|line| !line.is_empty()))
        .unwrap_or("git failed")
        .to_owned()
}

/// What a parent git may have left in the environment.
const LEFTOVERS: [&str; 6] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_WORK_TREE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_number_of_a_commit_is_one() {
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
        assert_ne!(key("a"), key("b"));
        assert!(key("../../x").starts_with("git-"));
        assert_eq!(key("x").len(), 4 + 24);
    }
}
