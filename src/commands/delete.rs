use clap::Args;

use crate::bulk::{Aim, Bulk, BulkArgs};
use crate::session::Session;

/// Delete deployments, one or thousands
///
/// Deployments are named by their ids or selected by filters. Active ones stay
/// unless --force, which deactivates them first; what is live in production
/// stays unless --include-production, too. What is gone already is skipped.
///
/// Piped, the command prints the ids of those that it deleted.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # One deployment
  deployctl delete 4400000004 --yes

  # See what is left if only the newest of each environment stays
  deployctl delete --keep 1 --force --dry-run

  # Everything of closed pull requests, and the environments that this empties
  deployctl delete --closed-pulls --force --with-environment --yes

  # Plan now, have it read by somebody, and do it later
  deployctl delete -e 'preview/*' --state failure --plan-out plan.json
  deployctl delete --apply plan.json --yes")]
pub struct DeleteArgs {
    /// Which deployments, and how.
    #[command(flatten)]
    pub bulk: BulkArgs,

    /// Delete active ones as well: they are deactivated first
    #[arg(long)]
    pub force: bool,

    /// Delete environments that are left empty, with their secrets, variables
    /// and rules; needs administration rights
    ///
    /// So are those that -e names and that have no deployments any more: what
    /// an interrupted run has left is deleted by the next one. With
    /// --closed-pulls, only environments that are named after closed pull
    /// requests are deleted.
    #[arg(long)]
    pub with_environment: bool,
}

/// Deletes.
pub(super) async fn run(session: &Session, args: &DeleteArgs) -> anyhow::Result<()> {
    let bulk = Bulk {
        aim: Aim::Delete,
        selector: &args.bulk.selector,
        plan: &args.bulk.plan,
        include_production: args.bulk.include_production,
        description: None,
        force: args.force,
        with_environment: args.with_environment,
        end: None,
    };
    bulk.run(session).await
}
