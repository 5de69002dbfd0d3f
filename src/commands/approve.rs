use std::time::Duration;

use clap::Args;

use crate::gates::{ReviewArgs, ReviewCommand};
use crate::model::{ReviewState, parse_duration};
use crate::request::LockOptions;
use crate::session::Session;

/// Approve environments that workflow runs wait for
///
/// Acts on runs that are named by ID, or on every waiting run of one commit or
/// of the head of one pull request. A branch cannot be selected, because it
/// moves. The plan is shown first; a terminal is asked for confirmation, and a
/// script needs --yes. Only environments in the plan are approved.
///
/// A run is left out if a newer run of the same workflow waits for the same
/// environment, or if the environment already has the commit or a later one.
/// Name the run by its ID to approve it anyway.
///
/// Only required reviewers can approve. An administrator who is not one can
/// bypass the rules on the run's web page only.
///
/// Without a terminal the command prints one line for each run and environment:
/// run, environment, result. Exits 0 if all are approved, 3 if nothing waits, 5
/// if you may not approve, 8 if a timer or an app still holds what was approved,
/// and 1 if something was approved and something was not. What is locked or frozen
/// is not approved (11) with --respect-locks.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what would be approved for the commit that is checked out
  deployctl approve --sha \"$(git rev-parse HEAD)\" --dry-run --ignore-missing

  # Approve production for that commit, in a script
  deployctl approve --sha \"$(git rev-parse HEAD)\" -e production --ignore-missing --yes

  # Approve staging, then production, as the runs of the commit reach them
  deployctl approve --sha \"$(git rev-parse HEAD)\" --follow --timeout 1h --ignore-missing --yes")]
pub struct ApproveArgs {
    /// What to review.
    #[command(flatten)]
    pub(crate) review: ReviewArgs,

    #[command(flatten)]
    pub(crate) locks: LockOptions,

    /// Keep approving later environments until all runs of the commit have completed
    #[arg(long)]
    pub follow: bool,

    /// Maximum time to follow
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "follow")]
    pub timeout: Duration,
}

pub(super) async fn run(session: &Session, args: &ApproveArgs) -> anyhow::Result<()> {
    let command = ReviewCommand {
        args: &args.review,
        locks: Some(&args.locks),
        state: ReviewState::Approved,
        superseded: false,
        older_than: None,
        follow: args.follow.then_some(args.timeout),
    };
    command.run(session).await
}
