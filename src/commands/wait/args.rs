use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::history::Goal;
use crate::model::{DeploymentId, parse_duration, parse_interval};
use crate::select::parse_sha;

/// Wait until deployments succeed or end
///
/// Waits for the deployments with the given IDs, or for the newest one that
/// matches the filters, which need not exist yet. Changes are shown on stderr,
/// and the environment URL on stdout when a deployment has succeeded.
///
/// The history of a deployment decides: one that has succeeded and was superseded
/// later counts as a success, which a note explains.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Wait for a deployment and request its URL
  url=$(deployctl wait 4400000001) && curl -fsS \"$url\"

  # Wait for the preview of a commit, even if it has not been requested yet
  deployctl wait -e preview/pr-7 --sha \"$(git rev-parse HEAD)\" --timeout 10m

  # Ignore the deployments of an earlier attempt
  deployctl wait -e preview/pr-7 --since 10m

  # Wait for a preview of a commit in any environment
  deployctl wait -e 'preview/*' --sha \"$(git rev-parse HEAD)\"

  # Wait until a preview is taken down
  deployctl wait -e preview/pr-7 --for inactive")]
pub struct WaitArgs {
    /// IDs of deployments
    #[arg(value_name = "ID", conflicts_with_all = ["environment", "ref_name", "sha", "task", "since", "newer_than"])]
    pub ids: Vec<DeploymentId>,

    /// Select the newest deployment to this environment, or to any environment
    /// that matches a pattern with *, ? and [abc]
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Option<String>,

    /// Select the newest deployment of this ref, exactly as it was requested
    #[arg(long = "ref", value_name = "REF")]
    pub ref_name: Option<String>,

    /// Select the newest deployment of this commit
    #[arg(long, value_parser = parse_sha)]
    pub sha: Option<String>,

    /// Select the newest deployment of this task
    #[arg(long)]
    pub task: Option<String>,

    /// Select only deployments requested since then: 10m, 2026-01-31,
    /// 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,

    /// Select only deployments that are newer than the one with this ID
    #[arg(long, value_name = "ID")]
    pub newer_than: Option<DeploymentId>,

    /// What to wait for
    #[arg(long = "for", value_name = "END", value_enum, default_value_t)]
    pub goal: Goal,

    /// Maximum time to wait in total
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration)]
    pub timeout: Duration,

    /// Maximum time to wait for a deployment to be requested
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = parse_duration)]
    pub appear_timeout: Duration,

    /// Time between two requests; it grows while nothing changes
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval)]
    pub interval: Duration,

    /// Exit 0 if no deployment matches
    #[arg(long)]
    pub ignore_missing: bool,
}
