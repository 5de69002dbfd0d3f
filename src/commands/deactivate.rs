use clap::Args;

use crate::bulk::{Aim, Bulk, BulkArgs};
use crate::session::{Session, parse_description};

/// Mark deployments inactive, one or thousands
///
/// Deployments are named by their ids or selected by filters. What is
/// inactive already is skipped; a transient deployment is destroyed from then
/// on. What is live in production stays, unless --include-production.
///
/// Piped, the command prints the ids of those that it deactivated.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # One deployment
  deployctl deactivate 4400000002 --yes

  # Everything of previews whose pull requests are closed
  deployctl deactivate --closed-pulls --pull-pattern 'preview/pr-{number}' --dry-run

  # All but the newest of each environment
  deployctl deactivate --keep 1 --state active --yes

  # Plan now, have it read by somebody, and do it later
  deployctl deactivate -e 'preview/*' --plan-out plan.json
  deployctl deactivate --apply plan.json --yes")]
pub struct DeactivateArgs {
    /// Which deployments, and how.
    #[command(flatten)]
    pub bulk: BulkArgs,

    /// Short text for the status
    #[arg(long, value_parser = parse_description)]
    pub description: Option<String>,
}

/// Deactivates.
pub(super) async fn run(session: &Session, args: &DeactivateArgs) -> anyhow::Result<()> {
    let bulk = Bulk {
        aim: Aim::Deactivate,
        selector: &args.bulk.selector,
        plan: &args.bulk.plan,
        include_production: args.bulk.include_production,
        description: args.description.as_deref(),
        force: false,
        with_environment: false,
        end: None,
    };
    bulk.run(session).await
}
