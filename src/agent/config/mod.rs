//! `deployctl.toml`: what the agent listens to, and what it runs.
//!
//! Every value is checked where it stands: a problem is told with its line and
//! column, and all problems of a file are told at once.

mod check;
mod check_rule;
mod error;
mod one_or_many;
mod raw;
mod rule;
mod size;
mod template;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use error::{ConfigError, Problem};
pub(crate) use rule::{Concurrency, Program, Request, Rule};
pub(crate) use size::parse_size;
pub(crate) use template::Template;

use crate::model::{Host, RepoSlug};

/// The largest payload that GitHub sends, in bytes.
pub(crate) const LARGEST_PAYLOAD: usize = 25 * 1024 * 1024;

/// What the file says, checked, with its defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name under which this agent claims deployments; `None` for that of
    /// the machine.
    pub name: Option<String>,
    /// The server; `None` for the one that every command would take.
    pub host: Option<Host>,
    /// Where the journal is kept; `None` for a folder of the user's state.
    pub state_dir: Option<PathBuf>,
    /// How long running commands may go on once the agent is to stop: 30 s.
    pub grace: Duration,
    /// How long a claim holds without a sign of life: 10 min.
    pub takeover_after: Duration,
    /// What is done with a deployment whose agent is gone.
    pub takeover: Takeover,
    /// The pause between a claim and the look at who was first: 1 s.
    pub settle: Duration,
    /// How many commands run at a time, over all environments: 10.
    pub parallel: usize,
    /// Where deliveries are taken.
    pub listen: Option<Listen>,
    /// What is polled.
    pub poll: Option<Poll>,
    /// Where health and metrics are served beside the listener.
    pub metrics: Option<SocketAddr>,
    /// The rules; the first that fits is taken.
    pub rules: Vec<Rule>,
}

/// What is done with a deployment whose agent gave no sign of life for
/// longer than its claim holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Takeover {
    /// It is reported as `error`: its command may have run.
    #[default]
    Report,
    /// Its command is run again.
    Run,
}

/// Where deliveries are taken.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address.
    pub address: SocketAddr,
    /// The path that GitHub posts to.
    pub path: String,
    /// Where the secrets are; any of them will do.
    pub secrets: Vec<SecretSource>,
    /// The largest body, in bytes.
    pub max_body: usize,
    /// Whether deliveries need no signature. On loopback only.
    pub insecure: bool,
}

/// Where a secret is: never in the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// In an environment variable.
    Variable(String),
    /// In a file, whose last line break does not count.
    File(PathBuf),
}

/// What is polled.
#[derive(Clone, Debug)]
pub struct Poll {
    /// The pause between two looks at a repository.
    pub interval: Duration,
    /// The repositories.
    pub repositories: Vec<RepoSlug>,
    /// From where on, when a repository is polled for the first time.
    pub start: PollStart,
}

/// Where polling begins in a repository that was never polled before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PollStart {
    /// With the deployments that are made from now on.
    #[default]
    Now,
    /// With those that were made so long ago at the most.
    Ago(Duration),
    /// With the first one there is.
    All,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// If it can't be read, or with all that is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = absolute.parent().unwrap_or(Path::new("/"));
        Self::parse(&text, folder).map_err(|problems| ConfigError::Wrong {
            path: path.to_owned(),
            problems,
        })
    }

    /// Reads the text of a file that lies in `folder`, which relative paths
    /// start from.
    ///
    /// # Errors
    /// With all that is wrong in it, in the order of its lines.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        check::config(text, folder)
    }

    /// The first rule that fits, with its place in the file.
    pub fn rule_for(&self, request: &Request<'_>) -> Option<(usize, &Rule)> {
        self.rules
            .iter()
            .enumerate()
            .find(|(_, rule)| rule.fits(request))
    }
}

#[cfg(test)]
mod tests;
