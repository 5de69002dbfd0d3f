use std::time::Duration;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::env;
use crate::history::{Follow, Goal, Watched, goal_failure};
use crate::model::{Deployment, DeploymentWithState, User, parse_duration, parse_interval};
use crate::output::{FollowedRecord, Format, Record, short_sha};
use crate::session::{Connection, Session};
use crate::term::{Role, Term, Text};

/// The longest time for which one request is retried, even if `--timeout` is
/// longer.
const MAX_CALL_TIMEOUT: Duration = Duration::from_secs(100);

/// The options to wait for a new deployment.
#[derive(Args, Clone, Copy, Debug)]
pub struct WaitOptions {
    /// Wait until the deployment succeeds
    #[arg(long)]
    pub wait: bool,

    /// Maximum time to wait
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "wait")]
    pub timeout: Duration,

    /// Time between two requests while waiting
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval, requires = "wait")]
    pub interval: Duration,
}

impl WaitOptions {
    /// How long one call may take: with `--wait`, the time limit includes it.
    pub(crate) fn call_timeout(self) -> Option<Duration> {
        self.wait.then(|| self.timeout.min(MAX_CALL_TIMEOUT))
    }
}

/// The end of a command that has requested a deployment.
pub(crate) struct Ending<'a> {
    pub(crate) session: &'a Session,
    pub(crate) connection: &'a Connection,
    pub(crate) format: &'a Format,
    /// The heading of the table in the summary of a run.
    pub(crate) title: &'static str,
    pub(crate) wait: WaitOptions,
    /// When the command began.
    pub(crate) began: Instant,
}

impl Ending<'_> {
    /// Prints a deployment, after waiting for its end with `--wait`. `to_record`
    /// makes the JSON of it.
    pub(crate) async fn finish<R: Record>(
        &self,
        observed: DeploymentWithState,
        to_record: impl FnOnce(FollowedRecord) -> R,
    ) -> anyhow::Result<()> {
        let (session, connection) = (self.session, self.connection);
        let term = &session.term;
        let is_sandbox = session.is_sandbox();
        if !self.wait.wait {
            let id = observed.deployment.id;
            let record = connection.record(observed.clone());
            let printed = to_record(FollowedRecord::new(record.clone()));
            return session
                .report(connection, self.title, &[record], || {
                    Ok(self.format.print_one(term, &printed, || {
                        print_summary(term, connection, &observed, is_sandbox)
                    })?)
                })
                .with_context(|| {
                    format!("deployment {id} was created, but its ID could not be passed on")
                });
        }
        if self.format.is_human() {
            print_summary(term, connection, &observed, is_sandbox)?;
            term.flush()?;
        }
        let statuses = observed.latest_status.into_iter().collect();
        let mut watched = [Watched::new(
            observed.deployment,
            statuses,
            Timestamp::now(),
        )];
        let follow = Follow {
            term,
            connection,
            goal: Goal::Success,
            deadline: self.began.checked_add(self.wait.timeout),
            interval: self.wait.interval,
        };
        let followed = follow.run(&mut watched).await;
        let [watched] = watched;
        let record = connection.record(watched.observed.clone());
        let record = record.with_history(&watched.statuses);
        let printed = to_record(FollowedRecord::new(record.clone()));
        session.report(connection, self.title, &[record], || {
            Ok(self
                .format
                .print_one(term, &printed, || match watched.environment_url() {
                    Some(url) if watched.has_succeeded() => term.line(url),
                    _ => Ok(()),
                })?)
        })?;
        followed.map_err(|failure| {
            let deployment = &watched.observed.deployment;
            if !watched.statuses.is_empty() {
                failure
            } else if starts_no_workflow(connection, deployment) {
                failure.hint("a deployment that is requested with the GITHUB_TOKEN of a job starts no workflow: use the token of a GitHub App, or a personal access token")
            } else {
                failure.hint("no deployer has reported: does anything listen for GitHub's 'deployment' event?")
            }
        })?;
        match goal_failure(&[watched], Goal::Success) {
            Some(failure) => Err(failure.into()),
            None => Ok(()),
        }
    }
}

/// Whether GitHub starts no workflow for a deployment, since it was requested with
/// the `GITHUB_TOKEN` of a job. See
/// <https://docs.github.com/actions/concepts/security/github_token>.
fn starts_no_workflow(connection: &Connection, deployment: &Deployment) -> bool {
    deployment
        .creator
        .as_ref()
        .is_some_and(User::is_actions_bot)
        || (connection.in_actions && connection.token_origin == env::GITHUB_TOKEN)
}

/// Describes a new deployment at a terminal; otherwise prints the ID alone.
fn print_summary(
    term: &Term,
    connection: &Connection,
    observed: &DeploymentWithState,
    is_sandbox: bool,
) -> std::io::Result<()> {
    let deployment = &observed.deployment;
    if !term.stdout_is_tty() {
        return term.line(deployment.id.to_string());
    }
    let sha = short_sha(&deployment.sha);
    let text = Text::new()
        .plain("Deployment ")
        .with(Role::Id, deployment.id.to_string())
        .plain(" of ");
    let text = if deployment.ref_name == deployment.sha {
        text.with(Role::Heading, sha)
    } else {
        text.with(Role::Heading, deployment.ref_name.as_str())
            .plain(format!(" ({sha})"))
    };
    term.line(
        text.plain(" to ")
            .with(Role::Heading, deployment.environment.as_str())
            .plain(" is ")
            .with(Role::of_state(&observed.state), observed.state.as_str()),
    )?;
    if is_sandbox {
        term.hint("nothing deploys automatically in the sandbox; run 'deployctl --sandbox status set ID success' to report success");
        return Ok(());
    }
    term.line(Text::new().with(Role::Dim, connection.web_url(deployment)))
}
