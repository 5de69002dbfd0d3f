use std::fs;
use std::path::{Path, PathBuf};

use super::run::{Git, GitError, Home};

/// A repository as the sandbox sees it: the user's one and its own overlay.
#[derive(Debug, Clone)]
pub(crate) struct Repo {
    /// The git directory of the user's checkout, where its `HEAD` is.
    pub(super) source: PathBuf,
    /// The sandbox's bare repository.
    pub(super) overlay: PathBuf,
    /// Where git notes that the user's clone is cut off at some depth.
    pub(super) shallow: PathBuf,
}

/// Where a directory's git data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The git directory of this checkout (of a worktree: its own).
    pub(crate) directory: PathBuf,
    /// The directory with objects and refs, shared by all worktrees.
    pub(super) common: PathBuf,
    /// `sha1` or `sha256`.
    pub(super) format: String,
}

impl Source {
    /// Finds the git repository that contains `path`; `None` outside of any.
    pub(crate) fn find(path: &Path) -> Result<Option<Self>, GitError> {
        if !path.is_dir() {
            return Ok(None);
        }
        let arguments = [
            "rev-parse",
            "--path-format=absolute",
            "--absolute-git-dir",
            "--git-common-dir",
            "--show-object-format",
        ];
        // The user's settings apply here, because they list the trusted
        // directories of other owners.
        let output = Git::within(path).output(&arguments)?;
        if !output.ok() {
            return if output.complaint().contains("not a git repository") {
                Ok(None)
            } else {
                Err(output.into_error("rev-parse"))
            };
        }
        let text = output.text();
        let mut lines = text.lines();
        match (lines.next(), lines.next(), lines.next()) {
            (Some(directory), Some(common), Some(format)) => Ok(Some(Self {
                directory: PathBuf::from(directory),
                common: PathBuf::from(common),
                format: format.to_owned(),
            })),
            _ => Err(GitError::answer("rev-parse", &text)),
        }
    }
}

impl Repo {
    /// Opens the overlay at `overlay` above `source`, making it if needed.
    /// Callers hold the data directory's lock.
    pub(crate) fn open(source: &Source, overlay: &Path) -> Result<Self, GitError> {
        let repo = Self {
            source: source.directory.clone(),
            overlay: overlay.to_owned(),
            shallow: source.common.join("shallow"),
        };
        if !overlay.join("HEAD").is_file() {
            let format = format!("--object-format={}", source.format);
            Git::bare().run_with_path(
                &["init", "--quiet", "--bare", "--template=", &format],
                overlay,
            )?;
        }
        // Git reads one path a line here, and a path that starts with a quote
        // in C style.
        let objects = source.common.join("objects");
        let line = format!(
            "\"{}\"\n",
            objects
                .display()
                .to_string()
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
        );
        let info = overlay.join("objects").join("info");
        let alternates = info.join("alternates");
        if fs::read_to_string(&alternates).ok().as_deref() != Some(line.as_str()) {
            fs::create_dir_all(&info).map_err(GitError::Start)?;
            fs::write(&alternates, line).map_err(GitError::Start)?;
        }
        Ok(repo)
    }

    /// Git on the user's repository.
    pub(super) fn source(&self) -> Git<'_> {
        Git::at(Home::Directory(&self.source))
    }

    /// Git on the sandbox's own repository, which sees all objects.
    pub(super) fn overlay(&self) -> Git<'_> {
        let git = Git::at(Home::Directory(&self.overlay));
        // A shallow clone, as continuous integration makes them, has commits
        // whose parents are missing; git must know where to stop here too.
        if self.shallow.is_file() {
            git.with("GIT_SHALLOW_FILE", self.shallow.as_os_str())
        } else {
            git
        }
    }
}
