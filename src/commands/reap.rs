use std::time::Duration;

use clap::Args;

use crate::bulk::{Aim, Bulk, End, PlanArgs};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentState, Phase, StatusState};
use crate::model::{parse_description, parse_duration};
use crate::select::{FilterArgs, Named, SelectorArgs, parse_named};
use crate::session::Session;

/// End deployments that are stuck
///
/// Stuck is what is pending, abandoned, queued or in progress, and of which
/// nothing was heard for longer than --older-than: whoever deployed it is gone.
/// It is ended as error, with the time of the last word. What waits for an
/// approval or a timer is not stuck, unless --state waiting asks for it; nor is
/// what an agent has a claim to that still holds.
///
/// Each deployment is checked again right before it is ended, and skipped if it
/// has moved on. What is live is never changed, so production needs no extra
/// flag.
///
/// Exits 0 if nothing is stuck, and 3 if no deployment matches at all. Without
/// a terminal the command prints the IDs of the deployments that it ended.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Deployments without an update for two hours
  deployctl reap --dry-run

  # A nightly job: previews without an update for a day
  deployctl reap -e 'preview/*' --older-than 1d --as inactive --yes

  # Only deployments that never started
  deployctl reap --state pending --state abandoned --older-than 12h --yes

  # Write a plan, have it reviewed, and apply it later
  deployctl reap --plan-out plan.json
  deployctl reap --apply plan.json --yes")]
pub struct ReapArgs {
    /// Deployments, by ID or API URL (default: all that are stuck)
    #[arg(value_name = "ID|URL", value_parser = parse_named)]
    pub named: Vec<Named>,

    /// Filters.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Only deployments without an update for longer than this: 2h, 1d
    #[arg(
        long,
        value_name = "TIME",
        default_value = "2h",
        value_parser = parse_duration,
        help_heading = "Filters"
    )]
    pub older_than: Duration,

    /// Final state to set
    #[arg(long = "as", value_name = "STATE", value_enum, default_value_t)]
    pub end_as: EndState,

    /// Description of the status (default: the time of the last update)
    #[arg(long, value_parser = parse_description)]
    pub description: Option<String>,

    /// Exit 0 if there is nothing to act on
    #[arg(long)]
    pub ignore_missing: bool,

    /// Plan, ask and do.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The state that ends what is stuck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EndState {
    /// The deployment could not be carried out.
    #[default]
    Error,
    /// The deployment is no longer in use.
    Inactive,
}

/// What is taken for stuck unless states are named.
const STUCK: [DeploymentState; 4] = [
    DeploymentState::Pending,
    DeploymentState::Abandoned,
    DeploymentState::Queued,
    DeploymentState::InProgress,
];

/// Reaps.
pub(super) async fn run(session: &Session, args: &ReapArgs) -> anyhow::Result<()> {
    let is_ended = |state: &&DeploymentState| state.phase() != Phase::Underway;
    if let Some(state) = args.filter.state.iter().find(is_ended) {
        let what =
            format!("--state {state}: a deployment in this state has ended and is never stuck");
        return Err(Failure::new(Kind::Usage, what).into());
    }
    if args.filter.active {
        let what = "--active: a live deployment is never stuck";
        return Err(Failure::new(Kind::Usage, what).into());
    }
    let mut selector = SelectorArgs {
        named: args.named.clone(),
        filter: args.filter.clone(),
        ignore_missing: args.ignore_missing,
        ..SelectorArgs::default()
    };
    let selects = selector.is_by_name() || args.plan.apply.is_some();
    if !selects && selector.filter.state.is_empty() {
        selector.filter.state = STUCK.to_vec();
    }
    let bulk = Bulk {
        aim: Aim::Reap,
        selector: &selector,
        plan: &args.plan,
        include_production: true,
        description: args.description.as_deref(),
        force: false,
        with_environment: false,
        end: Some(End {
            state: match args.end_as {
                EndState::Error => StatusState::Error,
                EndState::Inactive => StatusState::Inactive,
            },
            after: args.older_than,
        }),
    };
    bulk.run(session).await
}
