use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use super::heartbeat::MIN_INTERVAL;
use crate::model::{DeploymentId, parse_duration, parse_url};
use crate::process::redact::Redactor;
use crate::process::report::StatusUrls;
use crate::request::{CreateOptions, LockOptions};

/// The options of a request for a deployment. The group that clap makes of their
/// struct is empty, because it has a struct of its own for the checks.
const OF_A_REQUEST: [&str; 12] = [
    "ref_name",
    "environment",
    "task",
    "description",
    "payload",
    "field",
    "raw_field",
    "auto_merge",
    "RequiredContexts",
    "transient",
    "production",
    "unique",
];

/// Run a command that deploys, and report the result
///
/// Requests a deployment, or uses an existing one, and reports in_progress. Then
/// runs CMD, and reports success for exit code 0, failure for any other exit code,
/// and error if CMD could not be run, was killed or timed out. The result is never
/// lost: if the server cannot be reached, it is stored, and sent by the next
/// deployctl command for that server or by 'deployctl flush'.
#[derive(Args, Debug)]
#[command(after_help = "\
CMD has the standard input, output and terminal of deployctl, and these
variables in its environment:
  DEPLOYCTL_DEPLOYMENT_ID, DEPLOYCTL_ENVIRONMENT, DEPLOYCTL_REF, DEPLOYCTL_SHA,
  DEPLOYCTL_TASK     the deployment
  DEPLOYCTL_PAYLOAD  a file with the payload, as JSON
  DEPLOYCTL_OUTPUT   a file to which CMD may write lines for the final status:
                     environment_url=URL, log_url=URL, description=TEXT, or
                     NAME<<END, lines, END
deployctl adds no variables with tokens.

Only CMD writes to standard output; with --json, --jq or --template the
deployment follows as the last line. If standard output and standard error are
not terminals, they pass through deployctl unchanged, and the last line of CMD
is quoted in the status. A process that CMD leaves running continues, but its
output is lost. With --no-capture nothing passes through deployctl.

Everyone who can read the repository can read statuses. In them, *** replaces
tokens, secrets in the environment (variables such as NPM_TOKEN, DB_PASSWORD or
API_KEY), values that CMD masks with '::add-mask::VALUE', and user:password@ in
URLs.

The deployment is of the commit that is checked out, also for --ref BRANCH if
BRANCH is checked out. If the server does not have this commit, nothing is run.

If agents serve the same repository, the first deployer to report in_progress
carries the deployment out. If an agent was first, nothing is run (exit code 8).

If deployctl itself is killed, CMD continues. The next deployctl command for
that server, or 'deployctl flush', reports error, since the result of CMD is
unknown; on Linux it does so after CMD has ended. If deployctl was killed while
it requested the deployment, that command searches for the deployment and
reports error as well.

With --unique nothing is run if a deployment of the same commit, environment and
task is live (exit code 0) or under way (8).

The exit code is that of CMD; 128+n if signal n ended it, 124 after --timeout,
126 if it cannot be run, 127 if it does not exist. deployctl passes SIGINT,
SIGTERM, SIGHUP and SIGQUIT on to CMD and its children; after --grace, or at a
second signal, it kills them, and the exit code is 130, 143, 129 or 131. A signal
that is ignored when deployctl starts, as under nohup, stays ignored on Linux;
CMD starts with no signal ignored.

Examples:
  # Deploy the current commit to staging
  deployctl run -e staging -- ./deploy.sh

  # Set a time limit and a link to the log
  deployctl run -e production --ref v1.2.0 --timeout 15m --log-url \"$LOG\" -- make deploy

  # Take the environment URL from the command's output
  deployctl run -e preview/pr-7 --transient --environment-url-from-stdout -- ./preview.sh

  # Carry out a deployment that was requested elsewhere
  deployctl run --deployment \"$ID\" -- ./deploy.sh")]
pub struct RunArgs {
    #[command(flatten)]
    pub options: CreateOptions,

    #[command(flatten)]
    pub locks: LockOptions,

    /// Carry out this deployment instead of requesting a new one
    #[arg(long, value_name = "ID", conflicts_with_all = OF_A_REQUEST)]
    pub deployment: Option<DeploymentId>,

    /// URL of the deployed environment
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub environment_url: Option<String>,

    /// Use the last line of the command's output that is a URL as the
    /// environment URL
    #[arg(long, conflicts_with_all = ["environment_url", "no_capture"])]
    pub environment_url_from_stdout: bool,

    /// URL of the deployment's output
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub log_url: Option<String>,

    /// Maximum time for the command; after that it is stopped, and error is
    /// reported
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,

    /// Time that the command has to end after a signal, before it is killed
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = parse_duration, visible_alias = "kill-after")]
    pub grace: Duration,

    /// Report in_progress again at this interval (at least 1m); the interval
    /// grows over time
    #[arg(long, value_name = "TIME", value_parser = parse_heartbeat)]
    pub heartbeat: Option<Duration>,

    /// Do not capture stderr of the command; the status does not quote its last
    /// line
    #[arg(long)]
    pub no_capture: bool,

    /// Do not mark earlier deployments to the environment as inactive on
    /// success
    #[arg(long)]
    pub no_auto_inactive: bool,

    /// Command to run, with its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    pub command: Vec<OsString>,
}

impl RunArgs {
    /// The URLs of the final status, unless the command sets them.
    pub(super) fn urls(&self, redactor: &Redactor) -> StatusUrls {
        let redacted = |url: &Option<String>| {
            let url = url.as_deref()?;
            Some(redactor.redact(url).into_owned())
        };
        StatusUrls {
            log_url: redacted(&self.log_url),
            environment_url: redacted(&self.environment_url),
        }
    }
}

/// The number of statuses of a deployment is limited, and the limit is unknown.
fn parse_heartbeat(text: &str) -> Result<Duration, String> {
    match parse_duration(text)? {
        interval if interval < MIN_INTERVAL => Err("the shortest interval is 1m".to_owned()),
        interval => Ok(interval),
    }
}
