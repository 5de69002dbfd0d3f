use clap::Args;
use serde::Serialize;
use tokio::time::Instant;

use crate::api::NewDeployment;
use crate::model::DeploymentWithState;
use crate::output::{FollowedRecord, Record, write_json};
use crate::request::{
    CreateOptions, Ending, LockOptions, WaitOptions, find_existing, request_deployment,
};
use crate::session::{Session, confirm_environment};

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

    /// Waiting.
    #[command(flatten)]
    pub wait: WaitOptions,
}

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
    let (connection, mut request) = session
        .connect_while(args.wait.call_timeout(), || {
            args.options.to_request(session)
        })
        .await?;
    let ending = Ending {
        session,
        connection: &connection,
        format: &format,
        title: SUMMARY_TITLE,
        wait: args.wait,
        began,
    };
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
        return ending.finish(existing, |record| record).await;
    }
    let guard = args.locks.read(session, &connection).await?;
    guard.admit(&mut request.new)?;
    let deployment = request_deployment(session, &connection, &request.new).await?;
    guard.confirm(&deployment).await?;
    request.warn_if_other_commit(session, &deployment);
    let now = deployment.last_change();
    let observed = DeploymentWithState::from_latest_status(deployment, None, now);
    ending.finish(observed, |record| record).await
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
