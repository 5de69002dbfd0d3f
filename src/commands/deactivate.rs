use clap::Args;

use crate::bulk::{BulkArgs, BulkCommand, Operation};
use crate::model::parse_description;
use crate::session::{RepositoryArgs, Session};

/// Mark deployments as inactive, one or thousands
///
/// Select deployments by ID or with filters. Deployments that are already
/// inactive are skipped; the state of a transient deployment becomes destroyed.
/// What is live in production is kept unless you add --include-production.
///
/// Without a terminal the command prints the IDs of the deployments that it
/// deactivated; the repository comes first if several are selected. A saved plan
/// names its repositories, so --apply needs no --repo.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A single deployment
  deployctl deactivate 4400000002 --yes

  # Deployments to previews of closed pull requests
  deployctl deactivate --closed-pulls --pull-pattern 'preview/pr-{number}' --dry-run

  # All active deployments but the newest of each environment
  deployctl deactivate --keep 1 --state active --yes

  # Previews in all repositories of an organization, by one plan at one pace
  deployctl deactivate --org acme -e 'preview/*' --dry-run

  # Write a plan, have it reviewed, and apply it later
  deployctl deactivate -e 'preview/*' --plan-out plan.json
  deployctl deactivate --apply plan.json --yes")]
pub struct DeactivateArgs {
    /// Which deployments, and how.
    #[command(flatten)]
    pub bulk: BulkArgs,

    /// Description of the status
    #[arg(long, value_parser = parse_description)]
    pub description: Option<String>,

    /// In which repositories.
    #[command(flatten)]
    pub(crate) repositories: RepositoryArgs,
}

pub(super) async fn run(session: &Session, args: &DeactivateArgs) -> anyhow::Result<()> {
    let command = BulkCommand {
        operation: Operation::Deactivate,
        repositories: &args.repositories,
        selector: args.bulk.selector.to_selector()?,
        plan: &args.bulk.plan,
        include_production: args.bulk.include_production,
        description: args.description.as_deref(),
        force: false,
        with_environment: false,
        stuck: None,
    };
    command.run(session).await
}
