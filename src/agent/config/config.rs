use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::rule::Rule;
use super::rule_input::RuleInput;
use crate::model::{Host, RepoSlug};

/// The largest payload that GitHub sends, in bytes.
pub(crate) const LARGEST_PAYLOAD_BYTES: usize = 25 * 1024 * 1024;

/// The contents of the file, checked, with defaults filled in.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name under which this agent claims deployments; `None` for the name
    /// of the machine.
    pub name: Option<String>,
    /// The server; `None` for the one that other commands would use.
    pub host: Option<Host>,
    /// Where the journal is kept; `None` for a folder of the user's state.
    pub state_dir: Option<PathBuf>,
    /// How long commands may continue after the agent was asked to stop: 30 s.
    pub grace: Duration,
    /// How long a claim lasts without a heartbeat: 10 min.
    pub takeover_after: Duration,
    /// What happens to a deployment whose agent has disappeared.
    pub takeover: Takeover,
    /// The pause between a claim and the check of who was first: 1 s.
    pub settle: Duration,
    /// How many commands run at a time, in all environments together: 10.
    pub parallel: usize,
    /// Whether deployments to environments that are locked or frozen end as
    /// `error`.
    pub respect_locks: bool,
    /// Where webhook deliveries are received.
    pub listen: Option<Listen>,
    /// Which repositories are polled.
    pub poll: Option<Poll>,
    /// Another address at which health and metrics are served.
    pub metrics: Option<SocketAddr>,
    /// The first rule that matches is used.
    pub rules: Vec<Rule>,
}

/// What happens to a deployment whose agent has sent no heartbeat for longer than
/// its claim lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Takeover {
    /// It is reported as `error`: its command may have run.
    #[default]
    Report,
    /// Its command is run again.
    Run,
}

#[derive(Clone, Debug)]
pub struct Listen {
    pub address: SocketAddr,
    /// The path that GitHub posts to.
    pub path: String,
    /// A signature by any of these is valid.
    pub secrets: Vec<SecretSource>,
    pub max_body_bytes: usize,
    /// Whether unsigned deliveries are accepted, on a loopback address only.
    pub insecure: bool,
}

/// Where a secret is found; it never stands in the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    Variable(String),
    /// A file; its last line break is not part of the secret.
    File(PathBuf),
}

#[derive(Clone, Debug)]
pub struct Poll {
    /// The pause between two polls of a repository.
    pub interval: Duration,
    pub repositories: Vec<RepoSlug>,
    pub start: PollStart,
}

/// Which deployments the first poll of a repository takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PollStart {
    /// Those created from now on.
    #[default]
    Now,
    /// Those that are no older than this.
    Ago(Duration),
    /// Every existing deployment.
    All,
}

impl Config {
    /// Finds the first rule that matches, and its index.
    pub fn rule_for(&self, input: &RuleInput<'_>) -> Option<(usize, &Rule)> {
        self.rules
            .iter()
            .enumerate()
            .find(|(_, rule)| rule.matches(input))
    }
}
