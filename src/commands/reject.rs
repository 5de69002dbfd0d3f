use std::time::Duration;

use clap::Args;

use crate::gates::{ReviewArgs, ReviewCommand};
use crate::model::{ReviewState, parse_duration};
use crate::session::Session;

/// Reject environments that workflow runs wait for
///
/// Acts on runs that are named by ID, on every waiting run of one commit or of
/// the head of one pull request, or on runs that are superseded or old. The jobs
/// of a rejected environment fail, and the run gives up its concurrency group.
/// The plan is shown first; a terminal is asked for confirmation, and a script
/// needs --yes.
///
/// Only required reviewers can reject; 'deployctl reap --waiting' cancels runs.
///
/// Without a terminal the command prints one line for each run and environment:
/// run, environment, result. The exit codes are those of 'deployctl approve'.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show the runs that a newer run supersedes
  deployctl reject --superseded --dry-run --ignore-missing

  # Reject those for production, and say why
  deployctl reject --superseded -e production -m 'a newer run waits' --ignore-missing --yes

  # Reject what has waited for more than a week
  deployctl reject --older-than 7d --ignore-missing --yes")]
pub struct RejectArgs {
    /// What to review.
    #[command(flatten)]
    pub(crate) review: ReviewArgs,

    /// Only runs for which a newer run of the same workflow and environment waits
    #[arg(long)]
    pub superseded: bool,

    /// Only runs that have waited for longer than this: 2h, 7d
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub older_than: Option<Duration>,
}

pub(super) async fn run(session: &Session, args: &RejectArgs) -> anyhow::Result<()> {
    let command = ReviewCommand {
        args: &args.review,
        locks: None,
        state: ReviewState::Rejected,
        superseded: args.superseded,
        older_than: args.older_than,
        follow: None,
    };
    command.run(session).await
}
