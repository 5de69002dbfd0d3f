mod check;
#[cfg(unix)]
mod init;
mod options;
mod run;
mod status;

use clap::{Args, Subcommand};

use crate::session::Session;

use check::CheckArgs;
use run::RunArgs;
use status::StatusArgs;

/// Receive deployments, run the configured commands and report the results
///
/// Depending on its configuration, the agent listens for webhooks, polls, or
/// does both. It writes each delivery to a journal before it acknowledges it,
/// claims the deployment on GitHub with an in_progress status, runs the command
/// once, and reports the result. Several agents can serve the same
/// repositories: the first claim owns a deployment.
///
/// SIGTERM and SIGINT end it: it starts nothing more, gives running commands
/// the grace time, and exits with 0, or with 143 or 130 if it had to end some.
/// SIGHUP makes it read its configuration, its secrets and its token again;
/// addresses, the name, the host, the state folder and the number of parallel
/// commands change only at the next start.
#[derive(Args, Debug)]
#[command(
    override_usage = "deployctl agent [OPTIONS]\n       deployctl agent <COMMAND>",
    after_help = "\
Examples:
  # Check the configuration and show its rules
  deployctl agent check

  # Run the agent
  deployctl agent --config staging.toml --log-format json

  # Show running, waiting and finished deployments
  deployctl agent status

A small configuration:
  [listen]
  address = \"127.0.0.1:8090\"
  secrets = [{ env = \"WEBHOOK_SECRET\" }]

  [[rule]]
  environment = \"staging\"
  command = [\"./deploy.sh\"]
  timeout = \"10m\"

The command gets DEPLOYCTL_DEPLOYMENT_ID, DEPLOYCTL_REPO,
DEPLOYCTL_ENVIRONMENT, DEPLOYCTL_REF, DEPLOYCTL_SHA, DEPLOYCTL_TASK,
DEPLOYCTL_PAYLOAD (a file with the payload) and DEPLOYCTL_OUTPUT (a file that
takes lines of environment_url=, log_url= and description=). It
does not get variables that hold tokens or the webhook's secrets."
)]
pub struct AgentArgs {
    #[command(subcommand)]
    pub command: Option<AgentCommand>,

    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Subcommand)]
pub enum AgentCommand {
    Run(RunArgs),
    Check(CheckArgs),
    Status(StatusArgs),
}

/// The JSON fields of `agent check`.
pub(super) const CHECK_FIELDS: &[&str] = check::FIELDS;

/// The JSON fields of `agent status`.
pub(super) const STATUS_FIELDS: &[&str] = status::FIELDS;

pub(super) async fn run(session: &Session, args: &AgentArgs) -> anyhow::Result<()> {
    match &args.command {
        None => run::run(session, &args.run).await,
        Some(AgentCommand::Run(args)) => run::run(session, args).await,
        Some(AgentCommand::Check(args)) => check::run(session, args),
        Some(AgentCommand::Status(args)) => status::run(session, args),
    }
}
