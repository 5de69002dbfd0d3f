use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::error::{Failure, Kind};
use crate::model::parse_duration;
use crate::select::SelectorArgs;

/// The options of the commands that act on many deployments.
#[derive(Args, Clone, Debug)]
pub struct BulkArgs {
    /// Which deployments.
    #[command(flatten)]
    pub selector: SelectorArgs,

    /// Also change what is live in production environments
    #[arg(long, conflicts_with = "apply")]
    pub include_production: bool,

    /// How the plan is made and carried out.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The options about the plan.
#[derive(Args, Clone, Debug)]
pub struct PlanArgs {
    /// Show the plan, and what is kept and why, without changing anything
    #[arg(long)]
    pub dry_run: bool,

    /// Write the plan to a file without changing anything
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub plan_out: Option<PathBuf>,

    /// Apply a saved plan; deployments that have changed since then are skipped
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan_out", "dry_run"])]
    pub apply: Option<PathBuf>,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub yes: bool,

    /// Stop after this time; run the command again to continue
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
}

impl PlanArgs {
    /// Refuses to write a plan to stdout.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.plan_out.as_deref() != Some(Path::new("-")) {
            return Ok(());
        }
        let failure = Failure::new(Kind::Usage, "--plan-out needs the name of a file");
        Err(failure.hint("'--dry-run --json' prints the plan"))
    }
}
