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
/// Without an ID: the newest deployment of -e ENV, or of the commit that is
/// checked out. It only reads; 'status set' writes.
#[derive(Args, Debug)]
#[command(
    override_usage = "deployctl status [OPTIONS] [ID]\n       deployctl status <COMMAND>",
    after_help = "\
Examples:
  # One deployment with its history
  deployctl status 4400000001

  # The newest deployment to staging, as JSON
  deployctl status -e staging --json

  # Fail a script unless production is live
  deployctl status -e production --exit-status --quiet > /dev/null

  # Report how a deployment went
  deployctl status set 4400000005 success --environment-url https://staging.example.com"
)]
pub struct StatusArgs {
    /// Add a status.
    #[command(subcommand)]
    pub command: Option<StatusCommand>,

    /// Id of the deployment
    #[arg(value_name = "ID")]
    pub id: Option<DeploymentId>,

    /// The newest deployment of this environment
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "id")]
    pub environment: Option<String>,

    /// Exit with 8 while it is pending, 9 if it failed, 10 if it is inactive
    #[arg(long)]
    pub exit_status: bool,

    /// Follow it to its end
    #[arg(long)]
    pub watch: bool,

    /// How long to follow it
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "watch")]
    pub timeout: Duration,

    /// Pause between two looks while following
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval, requires = "watch")]
    pub interval: Duration,

    /// Exit with 0 if there is no such deployment
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
