mod conclusion;
mod deployment;
mod heartbeat;
mod keeping;
mod left_behind;
mod order;
mod reporter;
mod signals;
mod streams;

use std::ffi::OsString;
use std::time::Duration;

use clap::Args;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::api::{NewStatus, Token};
use crate::model::parse_duration;
use crate::model::{DeploymentId, StatusState};
use crate::output::DeploymentRecord;
use crate::process;
use crate::process::output_file::Files;
use crate::process::redact::Redactor;
use crate::process::report::{Addresses, final_status};
use crate::process::{End, Finished, handle};
use crate::request::CreateOptions;
use crate::session::{Connection, Session, parse_url};

use deployment::Chosen;
use heartbeat::Heartbeat;
use keeping::Keeping;
use reporter::Reporter;
use signals::Signals;

/// How long a heartbeat that is under way may take after the command's end: it
/// must not arrive after the final status.
const LAST_BEAT: Duration = Duration::from_secs(10);

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
    /// What is requested.
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
    /// What the final status tells where the command does not.
    fn addresses(&self, redactor: &Redactor) -> Addresses {
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

/// Runs the command and reports.
pub(super) async fn run(session: &Session, args: &RunArgs) -> anyhow::Result<()> {
    let format = session.format::<DeploymentRecord>()?;
    let wish = match args.deployment {
        Some(_) => None,
        None => Some(args.options.wish_of_checkout(session)?),
    };
    let connection = session.connect(None).await?;
    let mut signals = Signals::listen(&session.env)?;
    let mut keeping = Keeping::open(session)?;
    let redactor = redactor(session, &connection);
    let addresses = args.addresses(&redactor);
    let chosen = deployment::choose(
        session,
        &connection,
        args,
        wish,
        &addresses,
        &mut keeping,
        &mut signals,
    )
    .await?;
    let (taken, told) = match chosen {
        Chosen::Taken { taken, told } => (taken, told),
        Chosen::Stands(observed) => {
            return conclusion::stands(session, &connection, &format, *observed);
        }
    };
    let term = &session.term;
    let files = Files::new(&taken.deployment.payload);
    let output = files.as_ref().ok().map(Files::output);
    let output = output.as_deref();
    let reporter = Reporter::open(session, &connection, keeping, &taken, &addresses, output)?;
    let progress = NewStatus {
        log_url: addresses.log_url.clone(),
        ..NewStatus::new(StatusState::InProgress)
    };
    let mut has_begun = false;
    let (finished, watched) = match (told, &files) {
        (Some(signal), _) => (conclusion::stopped_before(signal), None),
        (None, Err(error)) => (conclusion::not_started(&args.command, error), None),
        (None, Ok(files)) => {
            let begun = tokio::select! {
                is_sent = reporter.begin(&progress) => Ok(is_sent?),
                signal = signals.next() => Err(signal),
            };
            match begun {
                Err(signal) => (conclusion::stopped_before(signal), None),
                Ok(is_sent) => {
                    let deployment = &taken.deployment;
                    term.note(format!(
                        "deployment {} of {} to {} is in progress",
                        deployment.id, deployment.ref_name, deployment.environment
                    ));
                    let is_last = !format.is_human();
                    let (mut order, watched) =
                        order::order(session, args, deployment, files, is_last);
                    let (tell, started) = oneshot::channel();
                    order.started = Some(tell);
                    order.redactor = redactor.clone();
                    let heartbeat = Heartbeat::new(args.heartbeat, !is_sent);
                    let beat = || reporter.beat(&progress);
                    let note = async {
                        if let Ok(pid) = started.await {
                            reporter.started(pid);
                        }
                    };
                    let following = follow(order, &heartbeat, beat, &mut signals);
                    let (finished, ()) = tokio::join!(following, note);
                    has_begun = is_sent;
                    (finished, watched)
                }
            }
        }
    };
    let written = files.as_ref().map(Files::written).unwrap_or_default();
    for warning in &written.warnings {
        term.warn(redactor.redact(warning).as_ref());
    }
    let found = watched
        .as_ref()
        .filter(|_| args.environment_url_from_stdout)
        .and_then(streams::Found::take);
    let otherwise = Addresses {
        environment_url: found.or(addresses.environment_url),
        ..addresses
    };
    let mut status = final_status(&finished, &written, &otherwise, &redactor);
    status.auto_inactive = args.no_auto_inactive.then_some(false);
    let sent = reporter.end(&status, has_begun, &mut signals).await;
    drop(files);
    // What the command wrote is not lost to a slow reader; a signal ends that.
    tokio::select! {
        () = finished.rest.wait() => {}
        _ = signals.next() => {}
    }
    left_behind::keep_reading(session, &finished.rest);
    if !format.is_human() && watched.is_some_and(|watched| watched.is_line_open()) {
        term.bytes(b"\n")?;
    }
    conclusion::conclude(
        session,
        &connection,
        &format,
        taken,
        &finished,
        &status,
        sent,
    )
}

/// Knows what no status may show: the token, and all secrets of the environment.
fn redactor(session: &Session, connection: &Connection) -> Redactor {
    let token = connection.client.token();
    let token = token.as_ref().map(Token::expose);
    let secrets = session.env.secrets();
    Redactor::new(secrets.iter().map(String::as_str).chain(token))
}

/// Runs the command to its end, passes signals on, and keeps the deployment
/// from looking abandoned.
async fn follow<B: Future<Output = bool>>(
    order: process::Order,
    heartbeat: &Heartbeat,
    beat: impl Fn() -> B,
    signals: &mut Signals,
) -> Finished {
    let (handle, control) = handle();
    let mut command = std::pin::pin!(process::run(order, control));
    let mut beats = std::pin::pin!(heartbeat.run(beat));
    let mut is_beating = true;
    let mut is_told = false;
    let finished = loop {
        tokio::select! {
            biased;
            signal = signals.next() => {
                if std::mem::replace(&mut is_told, true) {
                    handle.kill();
                } else {
                    handle.end(signal);
                }
            }
            finished = &mut command => break finished,
            () = &mut beats, if is_beating => is_beating = false,
        }
    };
    heartbeat.stop();
    if is_beating && !matches!(finished.end, End::NotStarted { .. }) {
        // What can't be waited for is rather sent late than never.
        let _ = timeout(LAST_BEAT, beats).await;
    }
    finished
}

/// Statuses of a deployment are limited in number, and nobody knows to how
/// many.
fn parse_heartbeat(text: &str) -> Result<Duration, String> {
    match parse_duration(text)? {
        length if length < heartbeat::SHORTEST => Err("the shortest interval is 1m".to_owned()),
        length => Ok(length),
    }
}
