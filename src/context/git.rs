use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::env::{Env, TOKENS};

/// Runs `git` in one folder. Arguments are fixed, except for values that cannot
/// be taken for options.
pub(crate) struct Git {
    program: PathBuf,
    pub(super) ssh: Option<PathBuf>,
    folder: PathBuf,
    remotes: OnceLock<Vec<Remote>>,
    has_whole_history: OnceLock<bool>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("git is not installed, or not on the PATH")]
    Missing,
    #[error("'{}' could not be started: {error}", program.display())]
    Start {
        program: PathBuf,
        error: std::io::Error,
    },
    #[error("git: {reason}")]
    Refused {
        /// The first line of its message.
        reason: String,
        /// The other lines, such as advice.
        advice: Vec<String>,
    },
}

impl GitError {
    /// Whether the folder is not in a repository. Git may also refuse for
    /// another reason, such as a repository of another user.
    pub(super) fn is_no_repository(&self) -> bool {
        matches!(self, Self::Refused { reason, .. } if reason.contains("not a git repository"))
    }

    /// The lines below git's error message.
    pub(crate) fn advice(&self) -> &[String] {
        match self {
            Self::Refused { advice, .. } => advice,
            Self::Missing | Self::Start { .. } => &[],
        }
    }

    fn refused(said: &str) -> Self {
        let lines = said.lines().filter(|line| !line.trim().is_empty());
        let mut lines = lines.map(|line| line.replace('\t', "  "));
        Self::Refused {
            reason: lines.next().unwrap_or_default(),
            advice: lines.collect(),
        }
    }
}

/// A remote with its URL, after `insteadOf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remote {
    pub(super) name: String,
    pub(super) address: String,
}

impl Git {
    /// `folder` does not have to be in a repository.
    pub(crate) fn new(env: &Env, folder: &Path) -> Result<Self, GitError> {
        let program = env.find_program("git").ok_or(GitError::Missing)?;
        Ok(Self {
            program,
            ssh: env.find_program("ssh"),
            folder: folder.to_owned(),
            remotes: OnceLock::new(),
            has_whole_history: OnceLock::new(),
        })
    }

    pub(super) fn run(&self, args: &[&str]) -> Result<String, GitError> {
        self.run_reading(args, Stdio::null())
    }

    /// Runs git with a text as its input. It sees the commits as the server does,
    /// and fetches nothing; `None` if it fails.
    pub(super) fn run_with_input(&self, args: &[&str], input: &str) -> Option<String> {
        // Git may write much before it has read everything, so that a pipe could
        // block both.
        let mut file = tempfile::tempfile().ok()?;
        file.write_all(input.as_bytes()).ok()?;
        file.rewind().ok()?;
        self.run_reading(args, file.into()).ok()
    }

    /// Whether the checkout has all ancestors of its commits.
    pub(super) fn has_whole_history(&self) -> bool {
        *self.has_whole_history.get_or_init(|| {
            let is_shallow = self.run(&["rev-parse", "--is-shallow-repository"]);
            is_shallow.is_ok_and(|is_shallow| is_shallow == "false")
        })
    }

    fn run_reading(&self, args: &[&str], input: Stdio) -> Result<String, GitError> {
        let mut command = Command::new(&self.program);
        for name in TOKENS {
            // None of these git commands uses the network.
            command.env_remove(name);
        }
        let output = command
            .current_dir(&self.folder)
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .stdin(input)
            .args(args)
            .output()
            .map_err(|error| GitError::Start {
                program: self.program.clone(),
                error,
            })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(GitError::refused(&text(&output.stderr)))
        }
    }

    /// The remotes in git's order, with their fetch URLs.
    pub(super) fn remotes(&self) -> Result<&[Remote], GitError> {
        if let Some(remotes) = self.remotes.get() {
            return Ok(remotes);
        }
        let remotes = self
            .run(&["remote", "-v"])?
            .lines()
            .filter_map(|line| {
                let (name, rest) = line.split_once('\t')?;
                // The filter of a partial clone follows in brackets.
                let (address, _) = rest.split_once(" (fetch)")?;
                Some(Remote {
                    name: name.to_owned(),
                    address: address.to_owned(),
                })
            })
            .collect();
        Ok(self.remotes.get_or_init(|| remotes))
    }

    /// The base repository that gh has stored for this checkout: the name of a
    /// remote, and either `base` or `OWNER/REPO`.
    pub(super) fn gh_resolved(&self) -> Vec<(String, String)> {
        let listed = self.run(&["config", "--get-regexp", r"^remote\..*\.gh-resolved$"]);
        listed
            .unwrap_or_default()
            .lines()
            .filter_map(|line| {
                let (key, value) = line.split_once(' ')?;
                let name = key.strip_prefix("remote.")?.strip_suffix(".gh-resolved")?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()
    }

    /// The top folder of the checkout or of the bare repository; `None` outside
    /// a repository.
    pub(crate) fn top_folder(&self) -> Result<Option<PathBuf>, GitError> {
        let top = self
            .run(&["rev-parse", "--show-toplevel"])
            .or_else(|_| self.run(&["rev-parse", "--absolute-git-dir"]));
        match top {
            Ok(top) => Ok(Some(PathBuf::from(top))),
            Err(error) if error.is_no_repository() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The checked-out branch; `None` if HEAD is detached.
    pub(crate) fn current_branch(&self) -> Result<Option<String>, GitError> {
        self.run(&["rev-parse", "--git-dir"])?;
        Ok(self
            .run(&["symbolic-ref", "--quiet", "--short", "HEAD"])
            .ok())
    }

    /// The checked-out commit; `None` before the first one.
    pub(crate) fn head(&self) -> Result<Option<String>, GitError> {
        self.run(&["rev-parse", "--git-dir"])?;
        Ok(self.commit("HEAD"))
    }

    /// The names of branches, tags and remote branches that start with `start`.
    /// Remote branches have their names on the server. At most a few hundred
    /// are returned.
    pub(crate) fn refs_like(&self, start: &str) -> Vec<String> {
        // Ref names cannot contain git's pattern characters.
        if start.contains(['*', '?', '[', '\\']) {
            return Vec::new();
        }
        let folders = ["refs/heads/", "refs/tags/", "refs/remotes/*/"];
        let patterns = folders
            .iter()
            .flat_map(|folder| [format!("{folder}{start}*"), format!("{folder}{start}*/**")]);
        let mut args = vec![
            "for-each-ref".to_owned(),
            "--count=300".to_owned(),
            "--format=%(refname)".to_owned(),
        ];
        args.extend(patterns);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.run(&args)
            .unwrap_or_default()
            .lines()
            .filter_map(|name| {
                if let Some(tracking) = TrackingRef::parse(name) {
                    return (tracking.branch != "HEAD").then_some(tracking.branch);
                }
                let local = name.strip_prefix("refs/heads/");
                Some(
                    local
                        .or_else(|| name.strip_prefix("refs/tags/"))?
                        .to_owned(),
                )
            })
            .collect()
    }

    /// The full SHA of the commit that `name` refers to in this checkout.
    pub(crate) fn commit(&self, name: &str) -> Option<String> {
        let commit = format!("{name}^{{commit}}");
        self.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ])
        .ok()
        .filter(|sha| !sha.is_empty())
    }

    /// Whether the commit `whole` contains the commit `part`; `None` unless both
    /// are here with their history.
    pub(crate) fn contains(&self, whole: &str, part: &str) -> Option<bool> {
        if !self.has_whole_history() {
            return None;
        }
        let (whole, part) = (self.commit(whole)?, self.commit(part)?);
        let base = self.run(&["merge-base", "--end-of-options", &whole, &part]);
        // Without a common ancestor git fails.
        Some(base.is_ok_and(|base| base == part))
    }

    /// The remote-tracking refs of a branch: those that are configured for it,
    /// then those with its name on any remote.
    pub(super) fn tracking_refs(&self, branch: &str) -> Vec<TrackingRef> {
        let local = format!("refs/heads/{branch}");
        let configured = self.run(&["for-each-ref", "--format=%(push)%0a%(upstream)", &local]);
        let by_name = self.run(&["for-each-ref", "--format=%(refname)", "refs/remotes"]);
        let (configured, by_name) = (configured.unwrap_or_default(), by_name.unwrap_or_default());
        let same_name = by_name
            .lines()
            .filter_map(TrackingRef::parse)
            .filter(|tracking| tracking.branch == branch);
        let configured = configured.lines().filter_map(TrackingRef::parse);
        configured.chain(same_name).collect()
    }
}

/// A branch of a remote, as of the last fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TrackingRef {
    pub(super) remote: String,
    pub(super) branch: String,
}

impl TrackingRef {
    fn parse(full_name: &str) -> Option<Self> {
        let (remote, branch) = full_name.strip_prefix("refs/remotes/")?.split_once('/')?;
        Some(Self {
            remote: remote.to_owned(),
            branch: branch.to_owned(),
        })
    }

    pub(super) fn full_name(&self) -> String {
        format!("refs/remotes/{}/{}", self.remote, self.branch)
    }
}
