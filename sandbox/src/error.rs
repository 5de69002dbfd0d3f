//! Why a sandbox does not start, or ends.

use std::path::PathBuf;

use crate::git::GitError;

/// Why a sandbox could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The data directory, or a file in it, could not be used.
    #[error("cannot use the data directory {}", path.display())]
    Data {
        /// The directory or file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The database could not be opened or brought up to date.
    #[error("cannot open the database")]
    Database(#[from] rusqlite::Error),
    /// The database was written by a newer version of this program.
    #[error("the database has version {found}, and this program knows only {known}")]
    NewerDatabase {
        /// The version of the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// `git` could not be run, or refused.
    #[error("{0}")]
    Git(String),
    /// The address could not be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// Address and port.
        address: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// The webhooks could not be set up.
    #[error("cannot set up the webhooks: {0}")]
    Webhooks(String),
    /// An owner or repository name that GitHub would not have.
    #[error("{0:?} is not a repository: owner and name take letters, digits, '.', '-' and '_'")]
    RepositoryName(String),
    /// The server ended in a way that it should not have.
    #[error("the server broke off: {0}")]
    Broken(String),
}

impl From<GitError> for SandboxError {
    fn from(error: GitError) -> Self {
        Self::Git(error.to_string())
    }
}
