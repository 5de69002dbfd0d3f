use std::time::Duration;

use clap::Args;

use crate::bulk::{BulkCommand, Operation, PlanArgs, StuckRule};
use crate::error::{Failure, Kind};
use crate::gates::CancelCommand;
use crate::model::{DeploymentState, Phase, StatusState};
use crate::model::{parse_description, parse_duration};
use crate::select::{FilterArgs, NamedDeployment, Selector, parse_named};
use crate::session::{RepositoryArgs, Session};

/// End deployments that are stuck
///
/// A deployment is stuck if it is pending, abandoned, queued or in progress and
/// has had no update for longer than --older-than. It ends as error, with the
/// time of the last update as the description. A deployment that waits for an
/// approval or a timer is not stuck unless you add --state waiting, and one that
/// an agent has claimed is not stuck until the claim expires.
///
/// Each deployment is checked again right before it is ended, and kept if it has
/// had an update. What is live is never changed, so production needs no extra
/// flag.
///
/// A workflow run that waits at a gate keeps its concurrency group, so that later
/// runs never start. A status on its deployment does not end it; --waiting cancels
/// the run.
///
/// Exits 0 if nothing is stuck, and 3 if no deployment matches at all. Without
/// a terminal the command prints the IDs of the deployments that it ended; the
/// repository comes first if several are selected. A saved plan names its
/// repositories, so --apply needs no --repo.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Deployments without an update for two hours
  deployctl reap --dry-run

  # A nightly job: previews without an update for a day
  deployctl reap -e 'preview/*' --older-than 1d --as inactive --yes

  # Only deployments that never started
  deployctl reap --state pending --state abandoned --older-than 12h --yes

  # Cancel workflow runs that have waited at a gate for more than a week
  deployctl reap --waiting --older-than 7d --yes

  # In all repositories of an organization, by one plan at one pace
  deployctl reap --org acme --older-than 1d --dry-run

  # Write a plan, have it reviewed, and apply it later
  deployctl reap --plan-out plan.json
  deployctl reap --apply plan.json --yes")]
pub struct ReapArgs {
    /// Deployments, by ID or API URL (default: all that are stuck)
    #[arg(value_name = "ID|URL", value_parser = parse_named)]
    pub named: Vec<NamedDeployment>,

    /// Filters.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Only deployments without an update for longer than this: 2h, 1d
    ///
    /// The default is 2h; with --waiting it is 2d, and counts from the start of the
    /// run.
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse_duration,
        help_heading = "Filters"
    )]
    pub older_than: Option<Duration>,

    /// End workflow runs that have waited at a gate for too long, instead of deployments
    ///
    /// The runs are cancelled, each after a check that it still waits. Apart from
    /// --environment and --older-than there are no filters.
    #[arg(long, conflicts_with_all = [
        "named", "ref_name", "sha", "task", "state", "active", "creator", "transient",
        "production", "since", "until", "end_as", "description", "timeout",
    ])]
    pub waiting: bool,

    /// Final state to set
    #[arg(long = "as", value_name = "STATE", value_enum, default_value_t)]
    pub end_as: EndState,

    /// Description of the status (default: the time of the last update)
    #[arg(long, value_parser = parse_description)]
    pub description: Option<String>,

    /// Exit 0 if there is nothing to act on
    #[arg(long)]
    pub ignore_missing: bool,

    /// How the plan is made and carried out.
    #[command(flatten)]
    pub plan: PlanArgs,

    /// In which repositories.
    #[command(flatten)]
    pub(crate) repositories: RepositoryArgs,
}

/// The state that a stuck deployment ends in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EndState {
    /// The deployment could not be carried out.
    #[default]
    Error,
    /// The deployment is no longer in use.
    Inactive,
}

/// For how long a deployment may have no update.
const STUCK_AFTER: Duration = Duration::from_secs(2 * 60 * 60);
/// For how long a workflow run may wait at a gate.
const WAITING_TOO_LONG: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// The states in which a deployment can be stuck, unless `--state` names others.
const STUCK_STATES: [DeploymentState; 4] = [
    DeploymentState::Pending,
    DeploymentState::Abandoned,
    DeploymentState::Queued,
    DeploymentState::InProgress,
];

pub(super) async fn run(session: &Session, args: &ReapArgs) -> anyhow::Result<()> {
    if args.waiting {
        args.plan.check()?;
        let selects = !args.filter.environment.is_empty()
            || args.older_than.is_some()
            || args.repositories.is_given();
        if selects && args.plan.apply.is_some() {
            let text =
                "--apply and a selection cannot be used together: the plan contains everything";
            return Err(Failure::new(Kind::Usage, text).into());
        }
        let command = CancelCommand {
            repositories: &args.repositories,
            environments: &args.filter.environment,
            older_than: args.older_than.unwrap_or(WAITING_TOO_LONG),
            dry_run: args.plan.dry_run,
            plan_out: args.plan.plan_out.as_deref(),
            apply: args.plan.apply.as_deref(),
            yes: args.plan.yes,
        };
        return command.run(session).await;
    }
    let has_ended = |state: &&DeploymentState| state.phase() != Phase::Underway;
    if let Some(state) = args.filter.state.iter().find(has_ended) {
        let text =
            format!("--state {state}: a deployment in this state has ended and is never stuck");
        return Err(Failure::new(Kind::Usage, text).into());
    }
    if args.filter.active {
        let text = "--active: a live deployment is never stuck";
        return Err(Failure::new(Kind::Usage, text).into());
    }
    let mut selector = Selector {
        named: args.named.clone(),
        filter: args.filter.to_filter()?,
        ignore_missing: args.ignore_missing,
        ..Selector::default()
    };
    let is_chosen = selector.is_by_name() || args.plan.apply.is_some();
    if !is_chosen && selector.filter.states.is_empty() {
        selector.filter.states = STUCK_STATES.to_vec();
    }
    let command = BulkCommand {
        operation: Operation::Reap,
        repositories: &args.repositories,
        selector,
        plan: &args.plan,
        include_production: true,
        description: args.description.as_deref(),
        force: false,
        with_environment: false,
        stuck: Some(StuckRule {
            older_than: args.older_than.unwrap_or(STUCK_AFTER),
            end_as: match args.end_as {
                EndState::Error => StatusState::Error,
                EndState::Inactive => StatusState::Inactive,
            },
        }),
    };
    command.run(session).await
}
