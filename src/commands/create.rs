use std::time::Duration;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::Instant;

use crate::api::NewDeployment;
use crate::env;
use crate::history::{Follow, Goal, Watched, goal_failure};
use crate::model::{Deployment, DeploymentWithState, parse_duration, parse_interval};
use crate::output::{FollowedRecord, Format, Record, short_sha, write_json};
use crate::request::{CreateOptions, LockOptions, find_existing, request_deployment};
use crate::session::{Connection, Session, confirm_environment};
use crate::term::{Role, Term, Text};

/// Request a deployment of a ref
///
/// GitHub records the request and notifies every listener; the deployer reports
/// its progress. Without a terminal the command prints the ID of the deployment
/// only.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Deploy a branch to production
  deployctl create --ref main

  # Deploy the current branch to staging and wait until it ends
  deployctl create -e staging --wait --timeout 15m

  # Pass a payload to the deployer
  deployctl create --ref v1.2.0 -e staging --field region=eu --field canary=true

  # In a script
  id=$(deployctl create --ref \"$(git rev-parse HEAD)\" -e preview/pr-7 --transient)

  # Show the request without sending it
  deployctl create --ref main --dry-run")]
pub struct CreateArgs {
    #[command(flatten)]
    pub options: CreateOptions,

    #[command(flatten)]
    pub locks: LockOptions,

    /// Print the request instead of sending it
    #[arg(long)]
    pub dry_run: bool,

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

/// How long one request is retried at most, even if `--timeout` is longer.
const MAX_CALL_TIMEOUT: Duration = Duration::from_secs(100);

/// The heading of the table in the summary of a run.
const SUMMARY_TITLE: &str = "Requested deployment";

/// What `--dry-run` prints.
#[derive(Debug, Serialize)]
struct DryRun<'a> {
    method: &'static str,
    url: String,
    body: &'a NewDeployment,
}

impl Record for DryRun<'_> {
    const FIELDS: &'static [&'static str] = &["method", "url", "body"];
}

pub(super) async fn run(session: &Session, args: &CreateArgs) -> anyhow::Result<()> {
    if args.dry_run {
        return dry_run(session, &args.options.to_request(session)?.new);
    }
    let format = session.format::<FollowedRecord>()?;
    let began = Instant::now();
    // With --wait, the time limit includes the request.
    let call_timeout = args.wait.then(|| args.timeout.min(MAX_CALL_TIMEOUT));
    let (connection, mut request) = session
        .connect_while(call_timeout, || args.options.to_request(session))
        .await?;
    if session.term.may_prompt() {
        let new = &mut request.new;
        new.environment = confirm_environment(session, &connection, &new.environment).await?;
        new.production_environment = args.options.is_production(&new.environment);
    }
    if args.options.unique
        && let Some(existing) = find_existing(session, &connection, &request.new).await?
    {
        session.term.note(format!(
            "deployment {} already exists and is {}",
            existing.deployment.id, existing.state
        ));
        return finish(session, args, &connection, &format, existing, began).await;
    }
    let guard = args.locks.read(session, &connection).await?;
    guard.admit(&mut request.new)?;
    let deployment = request_deployment(session, &connection, &request.new).await?;
    guard.confirm(&deployment).await?;
    request.warn_if_other_commit(session, &deployment);
    let now = deployment.last_change();
    let observed = DeploymentWithState::from_latest_status(deployment, None, now);
    finish(session, args, &connection, &format, observed, began).await
}

fn dry_run(session: &Session, new: &NewDeployment) -> anyhow::Result<()> {
    let format = session.format::<DryRun<'_>>()?;
    let (url, slug) = if session.is_sandbox() {
        ("(sandbox)".to_owned(), None)
    } else {
        let target = session.target()?;
        let root = target.server.endpoints.rest;
        let root = root.as_str().trim_end_matches('/').to_owned();
        (root, Some(target.slug))
    };
    let slug = slug.map_or_else(|| "{owner}/{repo}".to_owned(), |slug| slug.to_string());
    let request = DryRun {
        method: "POST",
        url: format!("{url}/repos/{slug}/deployments"),
        body: new,
    };
    let term = &session.term;
    format.print_one(term, &request, || {
        term.line(format!("{} {}", request.method, request.url))?;
        write_json(term, new)
    })?;
    session.term.note("dry run: nothing was sent");
    Ok(())
}

async fn finish(
    session: &Session,
    args: &CreateArgs,
    connection: &Connection,
    format: &Format,
    observed: DeploymentWithState,
    began: Instant,
) -> anyhow::Result<()> {
    let term = &session.term;
    let is_sandbox = session.is_sandbox();
    if !args.wait {
        let id = observed.deployment.id;
        let record = connection.record(observed.clone());
        let followed = FollowedRecord::new(record.clone());
        return session
            .report(connection, SUMMARY_TITLE, &[record], || {
                Ok(format.print_one(term, &followed, || {
                    print_summary(term, connection, &observed, is_sandbox)
                })?)
            })
            .with_context(|| {
                format!("deployment {id} was created, but its ID could not be passed on")
            });
    }
    if format.is_human() {
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
        deadline: began.checked_add(args.timeout),
        interval: args.interval,
    };
    let followed = follow.run(&mut watched).await;
    let [watched] = watched;
    let record = connection.record(watched.observed.clone());
    let record = record.with_history(&watched.statuses);
    let followed_record = FollowedRecord::new(record.clone());
    session.report(connection, SUMMARY_TITLE, &[record], || {
        Ok(
            format.print_one(term, &followed_record, || match watched.environment_url() {
                Some(url) if watched.has_succeeded() => term.line(url),
                _ => Ok(()),
            })?,
        )
    })?;
    followed.map_err(|failure| {
        let has_no_status = watched.statuses.is_empty();
        let deployment = &watched.observed.deployment;
        if has_no_status && starts_no_workflow(connection, deployment) {
            failure.hint("a deployment that is requested with the GITHUB_TOKEN of a job starts no workflow: use the token of a GitHub App, or a personal access token")
        } else {
            failure
        }
    })?;
    match goal_failure(&[watched], Goal::Success) {
        Some(failure) => Err(failure.into()),
        None => Ok(()),
    }
}

/// Whether GitHub starts no workflow for a deployment, since it was requested with
/// the `GITHUB_TOKEN` of a job. See
/// <https://docs.github.com/actions/concepts/security/github_token>.
fn starts_no_workflow(connection: &Connection, deployment: &Deployment) -> bool {
    deployment.creator_login() == Some("github-actions[bot]")
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
    term.line(
        Text::new()
            .plain("Deployment ")
            .with(Role::Id, deployment.id.to_string())
            .plain(" of ")
            .with(Role::Heading, deployment.ref_name.as_str())
            .plain(format!(" ({}) to ", short_sha(&deployment.sha)))
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
