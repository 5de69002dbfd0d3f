mod set;
mod show;

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use crate::model::DeploymentId;
use crate::model::{parse_duration, parse_interval};
use crate::session::Session;

use set::SetArgs;

/// Show a deployment and its statuses, or add a status
///
/// Without an ID, shows the newest deployment to -e ENV, or of the commit that
/// is checked out. It only reads; use 'status set' to add a status.
#[derive(Args, Debug)]
#[command(
    override_usage = "deployctl status [OPTIONS] [ID]\n       deployctl status <COMMAND>",
    after_help = "\
Examples:
  # Show a deployment with its history
  deployctl status 4400000001

  # Show the newest deployment to staging as JSON
  deployctl status -e staging --json

  # Fail a script unless production is live
  deployctl status -e production --exit-status --quiet > /dev/null

  # Report the result of a deployment
  deployctl status set 4400000005 success --environment-url https://staging.example.com"
)]
pub struct StatusArgs {
    /// Add a status.
    #[command(subcommand)]
    pub command: Option<StatusCommand>,

    /// ID of the deployment
    #[arg(value_name = "ID")]
    pub id: Option<DeploymentId>,

    /// Select the newest deployment to this environment
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "id")]
    pub environment: Option<String>,

    /// Exit 8 if the deployment is pending, 9 if it failed, 10 if it is
    /// inactive
    #[arg(long)]
    pub exit_status: bool,

    /// Follow the deployment until it ends
    #[arg(long)]
    pub watch: bool,

    /// Maximum time to follow it
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "watch")]
    pub timeout: Duration,

    /// Time between two requests while following
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval, requires = "watch")]
    pub interval: Duration,

    /// Exit 0 if no deployment matches
    #[arg(long)]
    pub ignore_missing: bool,
}

/// What `status` does beside showing.
#[derive(Debug, Subcommand)]
pub enum StatusCommand {
    Set(SetArgs),
}

/// Shows, or adds.
pub(super) async fn run(session: &Session, args: &StatusArgs) -> anyhow::Result<()> {
    match &args.command {
        Some(StatusCommand::Set(set)) => set::run(session, set).await,
        None => show::run(session, args).await,
    }
}
