//! Checks out the deployed commit for a command, in a folder of its own that is
//! removed afterwards.
//!
//! A repository is fetched into a bare one in the agent's state, once for all
//! deployments. What is checked out is a commit by its full number, never a
//! name; nothing in the repository is run (no hooks, no helpers that ask).

use std::collections::HashMap;
use std::ffi::OsStr;
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

/// How long one step of git may take.
const PATIENCE: Duration = Duration::from_secs(600);

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
    /// Checks out the commit `sha` of the repository at `source`.
    ///
    /// # Errors
    /// In words for a status.
    pub(super) async fn make(
        agent: &Agent,
        source: &str,
        sha: &str,
        id: DeploymentId,
    ) -> Result<Self, String> {
        if !is_commit(sha) {
            return Err("checkout failed: the deployment names no commit".to_owned());
        }
        let git = agent
            .git
            .as_deref()
            .ok_or("checkout failed: git is not installed")?;
        let store = agent.state.join("sources").join(key(source));
        let _turn = agent.sources.lock(&store).await;
        let path = folder(&agent.state).join(id.to_string());
        let made = async {
            fetch(git, &store, source, sha).await?;
            remove(git, &store, &path)
                .await
                .map_err(|error| error.to_string())?;
            let place = path.as_os_str();
            let add = ["worktree", "add", "--detach", "--force", "--quiet", "--"];
            let args = add
                .map(OsStr::new)
                .into_iter()
                .chain([place, OsStr::new(sha)]);
            run(git, &store, args).await?;
            Ok(())
        };
        let made: Result<(), String> = made.await;
        made.map_err(|error| format!("checkout failed: {error}"))?;
        Ok(Self { path, store })
    }

    /// Where the files are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it.
    pub(super) async fn remove(self, agent: &Agent) -> Result<(), String> {
        let git = agent.git.as_deref().ok_or("git is gone")?;
        remove(git, &self.store, &self.path)
            .await
            .map_err(|error| error.to_string())
    }
}

/// The folder of the checkouts.
fn folder(state: &Path) -> PathBuf {
    state.join("checkouts")
}

/// Removes what an agent that was killed left.
pub(super) fn remove_all(state: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder(state)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
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

/// Brings the commit into the store, if it is not there yet.
async fn fetch(git: &Path, store: &Path, source: &str, sha: &str) -> Result<(), String> {
    if !store.join("HEAD").is_file() {
        fs::create_dir_all(store).map_err(|error| error.to_string())?;
        run(git, store, ["init", "--bare", "--quiet"]).await?;
    }
    let commit = format!("{sha}^{{commit}}");
    let is_there = || run(git, store, ["cat-file", "-e", commit.as_str()]);
    if is_there().await.is_ok() {
        return Ok(());
    }
    let fetch = [
        "fetch",
        "--quiet",
        "--no-tags",
        "--prune",
        "--force",
        "--no-write-fetch-head",
        "--",
    ];
    let branches = [
        source,
        "+refs/heads/*:refs/heads/*",
        "+refs/tags/*:refs/tags/*",
    ];
    let all = run(git, store, fetch.into_iter().chain(branches)).await;
    if all.is_ok() && is_there().await.is_ok() {
        return Ok(());
    }
    // A commit that no branch leads to, such as that of a pull request.
    let fetch = [
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--",
        source,
        sha,
    ];
    let one = run(git, store, fetch).await;
    all.and(one)?;
    is_there().await
}

async fn remove(git: &Path, store: &Path, path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Without it the store would only remember a folder that is gone.
    let _ = run(git, store, ["worktree", "prune"]).await;
    Ok(())
}

async fn run<S: AsRef<OsStr>>(
    git: &Path,
    store: &Path,
    args: impl IntoIterator<Item = S>,
) -> Result<(), String> {
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
    let output = match timeout(PATIENCE, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(format!("git could not be run: {error}")),
        Err(_) => return Err("git took too long".to_owned()),
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    Err(last.unwrap_or("git failed").trim().to_owned())
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
    fn a_source_has_a_folder_of_its_own() {
        assert_ne!(key("a"), key("b"));
        assert!(key("../../x").starts_with("git-"));
        assert_eq!(key("x").len(), 4 + 24);
    }
}
