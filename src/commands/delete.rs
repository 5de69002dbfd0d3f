use clap::Args;

use crate::bulk::{BulkArgs, BulkCommand, Operation};
use crate::session::{RepositoryArgs, Session};

/// Delete deployments, one or thousands
///
/// Select deployments by ID or with filters. Active deployments are kept unless
/// you add --force, which deactivates them first; what is live in production
/// also needs --include-production. Deployments that were deleted in the
/// meantime are skipped.
///
/// Without a terminal the command prints the IDs of the deployments that it
/// deleted; the repository comes first if several are selected. A saved plan names
/// its repositories, so --apply needs no --repo.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A single deployment
  deployctl delete 4400000004 --yes

  # Show the plan that keeps only the newest of each environment
  deployctl delete --keep 1 --force --dry-run

  # Deployments of closed pull requests, with environments that become empty
  deployctl delete --closed-pulls --force --with-environment --yes

  # Previews in all repositories of an organization, by one plan at one pace
  deployctl delete --org acme -e 'preview/*' --force --dry-run

  # Write a plan, have it reviewed, and apply it later
  deployctl delete -e 'preview/*' --state failure --plan-out plan.json
  deployctl delete --apply plan.json --yes")]
pub struct DeleteArgs {
    /// Which deployments, and how.
    #[command(flatten)]
    pub bulk: BulkArgs,

    /// Also delete active deployments, after deactivating them
    #[arg(long)]
    pub force: bool,

    /// Also delete environments that become empty, with their secrets,
    /// variables and rules (needs administration permission)
    ///
    /// Environments that -e names and that have no deployments are deleted as
    /// well, so the next run deletes what an interrupted run has left. With
    /// --closed-pulls, only environments that are named after closed pull
    /// requests are deleted.
    #[arg(long)]
    pub with_environment: bool,

    /// In which repositories.
    #[command(flatten)]
    pub(crate) repositories: RepositoryArgs,
}

pub(super) async fn run(session: &Session, args: &DeleteArgs) -> anyhow::Result<()> {
    let command = BulkCommand {
        operation: Operation::Delete,
        repositories: &args.repositories,
        selector: args.bulk.selector.to_selector()?,
        plan: &args.bulk.plan,
        include_production: args.bulk.include_production,
        description: None,
        force: args.force,
        with_environment: args.with_environment,
        stuck: None,
    };
    command.run(session).await
}
