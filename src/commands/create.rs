mod request;

use std::time::Duration;

use anyhow::Context;
use clap::{ArgAction, Args};
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::Instant;

use super::support::{
    Connection, Follow, Goal, Session, Watched, check_environment, fields_payload, parse_duration,
    parse_interval, read_payload, short_sha, verdict, web_url, write_github_output,
};
use crate::api::NewDeployment;
use crate::context::{DefaultRef, default_ref, local_commit};
use crate::error::{Failure, Kind};
use crate::model::{Observed, Phase};
use crate::output::{DeploymentRecord, Format, Record, write_json};
use crate::term::{Role, Term, Text};

/// Request a deployment of a ref
///
/// GitHub notes the request and tells everybody who listens; who deploys
/// reports how it goes. Piped, the command prints the id of the deployment
/// alone.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Deploy a branch to production
  deployctl create --ref main

  # Deploy the current branch to staging, and wait for the end
  deployctl create -e staging --wait --timeout 15m

  # Hand something on to those who deploy
  deployctl create --ref v1.2.0 -e staging --field region=eu --field canary=true

  # In a script
  id=$(deployctl create --ref \"$GITHUB_SHA\" -e preview/pr-7 --transient)

  # See what would be sent
  deployctl create --ref main --dry-run")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct CreateArgs {
    /// Branch, tag or SHA to deploy
    ///
    /// Without it: the current branch, if it is pushed; in GitHub Actions
    /// the commit of the run.
    #[arg(long = "ref", value_name = "REF")]
    pub ref_name: Option<String>,

    /// Environment to deploy to
    #[arg(short, long, value_name = "ENV", default_value = "production")]
    pub environment: String,

    /// Kind of work
    #[arg(long, default_value = "deploy")]
    pub task: String,

    /// Short text
    #[arg(long)]
    pub description: Option<String>,

    /// What those who deploy get: an object or a string, as JSON, @FILE or -
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub payload: Option<String>,

    /// A field of the payload; may be given several times
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "payload")]
    pub field: Vec<String>,

    /// Let GitHub merge the default branch into the ref if it is behind
    #[arg(long)]
    pub auto_merge: bool,

    /// Check that must be green; may be given several times (default: all)
    #[arg(long, value_name = "CONTEXT", conflicts_with = "no_required_contexts")]
    pub required_context: Vec<String>,

    /// Deploy whatever the checks say
    #[arg(long)]
    pub no_required_contexts: bool,

    /// The environment is to vanish one day
    #[arg(
        long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_value = "false", default_missing_value = "true", action = ArgAction::Set,
        hide_default_value = true, hide_possible_values = true,
    )]
    pub transient: bool,

    /// End users meet the environment (default: if it is named production)
    #[arg(
        long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", hide_possible_values = true,
    )]
    pub production: Option<bool>,

    /// Make no second deployment of the same commit, environment and task
    ///
    /// One that is there already, and neither failed nor is inactive, is
    /// printed instead.
    #[arg(long)]
    pub unique: bool,

    /// Print the request instead of sending it
    #[arg(long)]
    pub dry_run: bool,

    /// Wait until the deployment succeeds
    #[arg(long)]
    pub wait: bool,

    /// How long to wait
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "wait")]
    pub timeout: Duration,

    /// Pause between two looks while waiting
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval, requires = "wait")]
    pub interval: Duration,
}

/// What `--dry-run` prints.
#[derive(Debug, Serialize)]
struct Request<'a> {
    method: &'static str,
    url: String,
    body: &'a NewDeployment,
}

impl Record for Request<'_> {
    const FIELDS: &'static [&'static str] = &["method", "url", "body"];
}

/// Requests the deployment, and waits for it if asked.
pub(super) async fn run(session: &Session, args: &CreateArgs) -> anyhow::Result<()> {
    if args.dry_run {
        let (new, _) = new_deployment(session, args)?;
        return dry_run(session, &new);
    }
    let format = session.format::<DeploymentRecord>()?;
    let (connection, (mut new, local_sha)) = session
        .connect_beside(None, || new_deployment(session, args))
        .await?;
    if session.term.may_prompt() {
        new.environment = check_environment(session, &connection, &new.environment).await?;
        new.production_environment = is_production(args, &new.environment);
    }
    if args.unique
        && let Some(there) = request::find_twin(&connection, &new).await?
    {
        session.term.note(format!(
            "deployment {} is there already and {}",
            there.deployment.id, there.state
        ));
        return finish(session, args, &connection, &format, there).await;
    }
    let deployment = request::send(session, &connection, &new).await?;
    if let Some(local) = local_sha.filter(|local| !deployment.sha.eq_ignore_ascii_case(local)) {
        session.term.warn(format!(
            "the server deploys {} at {}, which is {} here: push or fetch",
            deployment.ref_name,
            short_sha(&deployment.sha),
            short_sha(&local)
        ));
    }
    let now = deployment.updated_at;
    let observed = Observed::from_latest(deployment, None, now);
    finish(session, args, &connection, &format, observed).await
}

/// What is to be sent, and the commit that the ref stands at here, if it is a
/// branch here.
fn new_deployment(
    session: &Session,
    args: &CreateArgs,
) -> anyhow::Result<(NewDeployment, Option<String>)> {
    if args.environment.trim().is_empty() {
        return Err(Failure::new(Kind::Usage, "--environment is empty").into());
    }
    let payload = match &args.payload {
        Some(argument) => Some(read_payload(argument)?),
        None => fields_payload(&args.field)?,
    };
    let (ref_name, local_sha) = match &args.ref_name {
        Some(name) if name.trim().is_empty() => {
            return Err(Failure::new(Kind::Usage, "--ref is empty").into());
        }
        Some(name) => {
            let local = session.git().ok().and_then(|git| local_commit(git, name));
            (name.clone(), local)
        }
        None => {
            let target = if session.is_sandbox() {
                None
            } else {
                Some(session.target()?)
            };
            let repo = target.as_ref().map(|target| &target.slug);
            let DefaultRef { name, sha } = default_ref(&session.env, session.git(), repo)?;
            (name, Some(sha))
        }
    };
    let required_contexts = if args.no_required_contexts {
        Some(Vec::new())
    } else if args.required_context.is_empty() {
        None
    } else {
        Some(args.required_context.clone())
    };
    let new = NewDeployment {
        ref_name,
        task: args.task.clone(),
        auto_merge: args.auto_merge,
        required_contexts,
        payload,
        environment: args.environment.clone(),
        description: args.description.clone(),
        transient_environment: args.transient,
        production_environment: is_production(args, &args.environment),
    };
    Ok((new, local_sha))
}

/// Whether end users meet the environment, unless it is said otherwise: servers
/// differ in what they take for granted.
fn is_production(args: &CreateArgs, environment: &str) -> bool {
    args.production.unwrap_or(environment == "production")
}

fn dry_run(session: &Session, new: &NewDeployment) -> anyhow::Result<()> {
    let format = session.format::<Request<'_>>()?;
    let (url, slug) = if session.is_sandbox() {
        ("(sandbox)".to_owned(), None)
    } else {
        let target = session.target()?;
        (
            target
                .endpoints
                .rest
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
            Some(target.slug),
        )
    };
    let slug = slug.map_or_else(|| "{owner}/{repo}".to_owned(), |slug| slug.to_string());
    let request = Request {
        method: "POST",
        url: format!("{url}/repos/{slug}/deployments"),
        body: new,
    };
    let term = &session.term;
    format.one(term, &request, || {
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
    observed: Observed,
) -> anyhow::Result<()> {
    let record = |observed: &Observed| {
        let url = web_url(
            connection.client.endpoints(),
            &connection.repo,
            &observed.deployment,
        );
        DeploymentRecord::new(observed.clone(), url)
    };
    let term = &session.term;
    if !args.wait {
        let record = record(&observed);
        let id = observed.deployment.id;
        return format
            .one(term, &record, || {
                summary(term, &observed, record.web_url(), session.is_sandbox())
            })
            .map_err(anyhow::Error::from)
            .and_then(|()| Ok(term.flush()?))
            .and_then(|()| write_github_output(session, &record))
            .with_context(|| {
                format!("deployment {id} is there, but its id could not be handed on")
            });
    }
    if format.is_human() {
        let url = web_url(
            connection.client.endpoints(),
            &connection.repo,
            &observed.deployment,
        );
        summary(term, &observed, &url, session.is_sandbox())?;
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
        deadline: Instant::now().checked_add(args.timeout),
        interval: args.interval,
    };
    let followed = follow.run(&mut watched).await;
    let [watched] = watched;
    let record = record(&watched.observed);
    format.one(term, &record, || match watched.environment_url() {
        Some(url) if watched.observed.state.phase() == Phase::Succeeded => term.line(url),
        _ => Ok(()),
    })?;
    write_github_output(session, &record)?;
    followed?;
    match verdict(&[watched], Goal::Success) {
        Some(failure) => Err(failure.into()),
        None => Ok(()),
    }
}

/// What a person reads of a new deployment; a pipe gets the id alone.
fn summary(term: &Term, observed: &Observed, url: &str, is_sandbox: bool) -> std::io::Result<()> {
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
        term.hint("nothing deploys in the sandbox by itself: 'deployctl --sandbox status set ID success' reports that it is done");
        return Ok(());
    }
    term.line(Text::new().with(Role::Dim, url))
}
