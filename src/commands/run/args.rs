use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use super::heartbeat::MIN_INTERVAL;
use crate::model::{DeploymentId, parse_duration, parse_url};
use crate::process::redact::Redactor;
use crate::process::report::Addresses;
use crate::request::CreateOptions;

/// Run a command that deploys, and report the result
///
/// The command requests a deployment, or takes an existing one, and reports
/// in_progress. It runs CMD, and reports success for exit code 0, failure for
/// any other, and error if CMD could not be run, was killed or timed out. The
/// report is never lost: if the server cannot be reached it is stored, and sent
/// by the next deployctl command for that server or by 'deployctl flush'.
#[derive(Args, Debug)]
#[command(after_help = "\
The command has standard input, output and terminal as if it were run alone,
and in its environment:
  DEPLOYCTL_DEPLOYMENT_ID, DEPLOYCTL_ENVIRONMENT, DEPLOYCTL_REF, DEPLOYCTL_SHA,
  DEPLOYCTL_TASK     what is deployed
  DEPLOYCTL_PAYLOAD  a file with the payload, as JSON
  DEPLOYCTL_OUTPUT   a file to which it may write lines for the final status:
                     environment_url=URL, log_url=URL, description=TEXT, or
                     NAME<<END, lines, END
Variables with tokens are those it would have anyway; none is added.

Standard output is the command's alone; with --json, --jq or --template the
deployment follows as the last line. Where standard output and standard error
are no terminals they go through deployctl, unchanged: the command's last words
are put into the status. A process that the command leaves behind goes on, and
what it writes there is lost. --no-capture leaves both alone.

A status is public. Tokens, secrets of the environment (variables such as
NPM_TOKEN, DB_PASSWORD or API_KEY), values that the command masks with
'::add-mask::VALUE', and user:password@ in a URL are replaced by *** in it.

What is requested is the commit that is checked out, also for --ref BRANCH if
that is the branch of the checkout. If the server does not have it, nothing is
run.

Where agents serve the same repository, who first says that it is in progress
carries a deployment out. If an agent was first, nothing is run (exit code 8).

If deployctl itself is killed, its command goes on. The next deployctl command
for that server, or 'deployctl flush', reports error, since nobody can know how
the command ended; on Linux not before it has ended. If it was killed while it
requested the deployment, that is looked for, and reported as well.

With --unique nothing is run if a deployment of the same commit, environment and
task is live (exit code 0) or under way (8).

Exit code: the command's own; 128+n if signal n ended it, 124 at --timeout, 126
if it can't be run, 127 if it is not there. SIGINT, SIGTERM, SIGHUP and SIGQUIT
are passed on to the command and its children; after --grace, or at a second
signal, they are killed, and the exit code is 130, 143, 129 or 131. A signal that
is ignored when deployctl starts, as under nohup, stays ignored on Linux; the
command starts with no signal ignored.

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

    /// Take this deployment instead of requesting a new one
    #[arg(long, value_name = "ID", conflicts_with = "CreateOptions")]
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

    /// Maximum time for the command; after that it is ended and reported as
    /// error
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,

    /// Time for the command to end after a signal before it is killed
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
    pub(super) fn urls(&self, redactor: &Redactor) -> Addresses {
        let redacted = |url: &Option<String>| {
            let url = url.as_deref()?;
            Some(redactor.redact(url).into_owned())
        };
        Addresses {
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
