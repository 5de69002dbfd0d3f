use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use crate::model::Payload;
use crate::request::{LockOptions, TakeLockOptions, WaitOptions};

/// The options of commands that move versions.
#[derive(Args, Debug)]
pub struct MoveOptions {
    /// Task of the deployments [default: that of the newest live one]
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub task: Option<String>,

    /// Go on even if a newer deployment is under way
    #[arg(long)]
    pub anyway: bool,

    /// Show what would be requested, and send nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask for confirmation
    #[arg(long)]
    pub yes: bool,

    /// Waiting.
    #[command(flatten)]
    pub wait: WaitOptions,

    /// Whether locks matter.
    #[command(flatten)]
    pub locks: LockOptions,

    /// Whether to lock the environment.
    #[command(flatten)]
    pub take_lock: TakeLockOptions,
}

/// What happens to the payload of the deployment whose commit is moved.
#[derive(Clone, Debug)]
pub(crate) enum PayloadChoice {
    /// It is copied.
    Copy,
    /// This one is sent in place of it, or none.
    Replace(Option<Payload>),
    /// A payload that is not empty is refused: it may name its environment.
    Undecided,
}

/// How a commit gets to its environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Via {
    /// Request a deployment, for a deployer that listens for it
    Deployment,
    /// Run the GitHub Actions job of the earlier deployment again
    Rerun,
}
