//! What a sandbox is started with.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use jiff::Timestamp;

use super::access::TokenRule;
use super::faults::FaultRule;

/// How a sandbox is set up; [`Config::new`] has the documented defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// The directory of the database and of the sandbox's own git
    /// repositories; made if it is not there. Several processes may share it.
    pub data: PathBuf,
    /// The address to listen on; loopback by default.
    pub listen: IpAddr,
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The repositories to serve, beside those that `data` knows already.
    pub repositories: Vec<RepositorySource>,
    /// Tokens with limited rights. Any other token has all rights.
    pub tokens: Vec<TokenRule>,
    /// Whether an omitted `production_environment` is `true` for the
    /// environment `production`, as GitHub's docs have it. With `false` it is
    /// `false` for every environment, as recordings show.
    pub production_default: bool,
    /// Whether the repositories are private: then reading needs a token too.
    pub private: bool,
    /// Whether exceeding a rate limit is answered with an error. The headers
    /// count in either case.
    pub enforce_limits: bool,
    /// Whether deployments and statuses count as made content, of which GitHub
    /// takes 80 a minute and 500 an hour. Whether they do there is not known.
    pub enforce_content_limits: bool,
    /// What goes wrong, and with which requests.
    pub faults: Vec<FaultRule>,
    /// The clock that times are taken from.
    pub clock: fn() -> Timestamp,
}

impl Config {
    /// The default set-up with its data in `data`: any free loopback port, no
    /// repository, every token with all rights, limits counted only.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            repositories: Vec::new(),
            tokens: Vec::new(),
            production_default: true,
            private: false,
            enforce_limits: false,
            enforce_content_limits: false,
            faults: Vec::new(),
            clock: Timestamp::now,
        }
    }
}

/// A repository that a sandbox serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositorySource {
    /// The login of the owner.
    pub owner: String,
    /// The name of the repository.
    pub name: String,
    /// A directory inside a git repository, a worktree or a submodule, or a
    /// bare repository. It is only ever read. `None` takes the sample
    /// repository, which the sandbox makes itself.
    pub path: Option<PathBuf>,
}

/// Why a sandbox could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The data directory, or a file in it, could not be used.
    #[error("cannot use the data directory {}", path.display())]
    Data {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
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
        /// What the system said.
        source: std::io::Error,
    },
    /// An owner or repository name that GitHub would not have.
    #[error("{0:?} is not a repository: owner and name take letters, digits, '.', '-' and '_'")]
    RepositoryName(String),
    /// The server ended in a way that it should not have.
    #[error("the server broke off: {0}")]
    Broken(String),
}
