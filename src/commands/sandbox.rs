use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Subcommand};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::env;
use crate::error::{Failure, Kind};
use crate::model::RepoSlug;
use crate::output::Record;
use crate::session::{Session, sandbox_data_folder, sandbox_repository};
use crate::term::{Role, Text};
use deployctl_sandbox::{
    Config, FAULT_KINDS, FaultRule, RepositorySource, Sandbox, TokenRule, WebhookSource,
};

/// Run the embedded GitHub
///
/// The sandbox is what --sandbox works on: GitHub's API for deployments on this
/// machine, with the refs of a real git repository and persistent data. It is
/// not GitHub, and sends nothing to other machines except the webhooks that you
/// configure.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # Serve this repository to other programs
  deployctl sandbox serve --port 8080

  # Use the sandbox for one command
  deployctl --sandbox create --ref main -e staging

  # List its deployments
  deployctl --sandbox list"
)]
pub struct SandboxArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// What can be done with the sandbox.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    Serve(ServeArgs),
}

/// Serve the sandbox to other programs until interrupted
///
/// Prints its URL and the environment variables that point other programs to
/// it. Use --repo OWNER/REPO=PATH for each git repository to serve (here
/// without a host; without =PATH the name gets a sample repository). Without
/// --repo it serves the repository of the working directory, or a sample
/// repository outside of one.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = notes())]
pub struct ServeArgs {
    /// Port to listen on; 0 selects a free port
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,

    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub listen: IpAddr,

    /// Data folder (default: the folder that --sandbox uses)
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Token with limited permissions: scopes, permissions such as
    /// deployments:read, or 'revoked' (repeatable)
    #[arg(long, value_name = "NAME=SCOPES")]
    pub token: Vec<TokenRule>,

    /// Default of production_environment for the environment production
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    pub production_default: bool,

    /// Whether environments may have wait timers and reviewers; private
    /// repositories without GitHub Enterprise refuse them
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    pub environment_protection: bool,

    /// Enforce rate limits
    #[arg(long)]
    pub enforce_limits: bool,

    /// Refuse more than 80 deployments and statuses per minute, or 500 per hour
    #[arg(long)]
    pub enforce_content_limits: bool,

    /// Inject faults to test clients (repeatable)
    ///
    /// METHOD is optional; * stands for any method, and in PATH for any text.
    /// WHICH selects matching requests by number, such as 1, 2-4 or 2-
    /// (default: all). While the server is running, GET, PUT, POST and DELETE
    /// of /_sandbox/faults show and change the rules, as a JSON object with the
    /// list in 'faults'.
    #[arg(long, value_name = "[METHOD ]PATH[:WHICH]=FAULT")]
    pub fault: Vec<FaultRule>,

    /// Send webhooks to URL as JSON (repeatable)
    ///
    /// Each served repository gets the webhook; a new webhook receives a ping.
    /// Deliveries are signed with the secret in DEPLOYCTL_WEBHOOK_SECRET or
    /// --webhook-secret-file. Deliveries are listed and redelivered with
    /// GitHub's endpoints, below /repos/OWNER/REPO/hooks.
    #[arg(long, value_name = "URL")]
    pub webhook: Vec<String>,

    /// Events to send, separated by commas; * for all
    #[arg(
        long,
        value_name = "EVENT",
        value_delimiter = ',',
        default_value = "deployment,deployment_status",
        requires = "webhook"
    )]
    pub webhook_event: Vec<String>,

    /// File with the secret to sign deliveries with
    #[arg(long, value_name = "FILE", requires = "webhook")]
    pub webhook_secret_file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  # Serve this repository on a fixed port
  deployctl sandbox serve --port 8080

  # Serve two repositories with a new data folder
  deployctl sandbox serve --repo acme/shop=../shop --repo acme/api=../api --data sandbox-data

  # Define a read-only token and a revoked one
  deployctl sandbox serve --token reader=deployments:read --token old=revoked

  # Create the first deployment, but drop the connection before the response
  deployctl sandbox serve --fault 'POST */deployments:1=reset-after'

  # Send webhooks to a program
  deployctl sandbox serve --webhook http://127.0.0.1:9000/hook --webhook-secret-file secret.txt

  # A slow server whose quota is used up after nine requests
  deployctl sandbox serve --fault '*=latency:2s' --fault '*:10-=primary:429,reset=60'";

/// The requests that the sandbox accepts in addition to those of GitHub.
const OWN_REQUESTS: &str = "\
Requests to the sandbox itself, with their bodies:
  POST /_sandbox/repos
          make repositories of an owner, or change them: {\"owner\": \"acme\",
          \"names\": [\"api\"]}; \"count\" and \"prefix\" make many; also takes
          owner_type, archived, topics, visibility, readers, pushed_at, path, and
          deployments, each with environment, ref, task, state and environment_url
  PATCH /_sandbox/repos/OWNER/REPO
          change or rename one: {\"archived\": true, \"name\": \"store\"}
  POST /_sandbox/orgs
          make an owner an organization: {\"login\": \"acme\"}; \"sso\": true demands
          single sign-on
  POST /_sandbox/repos/OWNER/REPO/pulls
          open a pull request: {\"head\": \"topic\", \"base\": \"main\", \"title\": \"Log in\"}
  PATCH /_sandbox/repos/OWNER/REPO/pulls/NUMBER
          close or merge it: {\"state\": \"closed\", \"merged\": true}
  POST /_sandbox/repos/OWNER/REPO/runs
          start a workflow run: {\"jobs\": [{\"name\": \"deploy\", \"environment\": \"qa\"}]};
          also takes workflow, path, event, ref, sha, actor and concurrency, and
          for each job needs, concurrency and succeeds_after_seconds; concurrency
          has group, and cancel_in_progress or \"queue\": \"max\"
  PATCH /_sandbox/repos/OWNER/REPO/jobs/ID
          finish a job that is in progress: {\"conclusion\": \"success\"}
  PUT /_sandbox/runs
          delay answers about runs: {\"stale_list_seconds\": 60,
          \"late_pending_deployments_seconds\": 20}
  POST /_sandbox/apps
          create an app that can gate environments: {\"slug\": \"change-control\"};
          a token with the name of an app acts as the app
  POST /_sandbox/teams
          add members to a team: {\"organization\": \"OWNER\", \"slug\": \"ops\",
          \"members\": [\"alice\"]}
  POST /_sandbox/clock
          advance the clock: {\"advance_seconds\": 3600}; PUT with {\"now\": TIME}
          sets it, GET shows it, DELETE resets it
  PUT /_sandbox/faults
          replace the fault rules: {\"faults\": [\"POST */deployments:1=reset-after\"]};
          POST adds rules, GET shows them, DELETE removes them";

/// The sandbox's own requests, the kinds of faults, and the examples.
fn notes() -> String {
    let mut text = format!("{OWN_REQUESTS}\n\nFaults:\n");
    for (form, meaning) in FAULT_KINDS {
        text.push_str(&format!("  {form}\n          {meaning}\n"));
    }
    text.extend(["\n", EXAMPLES]);
    text
}

/// The fields of the JSON of `sandbox serve`.
pub(super) const FIELDS: &[&str] = ServedSandbox::FIELDS;

/// What `sandbox serve` prints.
#[derive(Debug, Serialize)]
struct ServedSandbox {
    url: String,
    graphql_url: String,
    data: String,
    repositories: Vec<String>,
    /// The URLs to which webhooks are sent.
    webhooks: Vec<String>,
    /// The variables that point other programs to the sandbox.
    environment: Map<String, Value>,
}

impl Record for ServedSandbox {
    const FIELDS: &'static [&'static str] = &[
        "url",
        "graphql_url",
        "data",
        "repositories",
        "webhooks",
        "environment",
    ];
}

pub(super) async fn run(session: &Session, args: &SandboxArgs) -> anyhow::Result<()> {
    match &args.command {
        SandboxCommand::Serve(args) => serve(session, args).await,
    }
}

async fn serve(session: &Session, args: &ServeArgs) -> anyhow::Result<()> {
    let format = session.format::<ServedSandbox>()?;
    let data = sandbox_data_folder(session, args.data.clone())?;
    let mut config = Config::new(&data);
    config.port = args.port;
    config.listen = args.listen;
    config.tokens.clone_from(&args.token);
    config.production_default = args.production_default;
    config.environment_protection = args.environment_protection;
    config.enforce_limits = args.enforce_limits;
    config.enforce_content_limits = args.enforce_content_limits;
    config.faults.clone_from(&args.fault);
    config.repositories = repositories(session)?;
    let webhooks = webhooks(session, args)?;
    config.webhooks = Some(webhooks.clone());
    let repositories: Vec<String> = config
        .repositories
        .iter()
        .map(|source| format!("{}/{}", source.owner, source.name))
        .collect();
    // A signal must not interrupt deliveries in progress.
    let signals = session.signals().subscribe();
    let sandbox = Sandbox::start(config).await?;
    let url = sandbox.url().to_owned();
    let mut environment = Map::new();
    environment.insert(env::DEPLOYCTL_API_URL.to_owned(), url.as_str().into());
    environment.insert(env::DEPLOYCTL_TOKEN.to_owned(), "sandbox".into());
    if let Some(repository) = repositories.first() {
        environment.insert(env::DEPLOYCTL_REPO.to_owned(), repository.as_str().into());
    }
    let served = ServedSandbox {
        graphql_url: format!("{url}/graphql"),
        data: data.display().to_string(),
        environment,
        repositories,
        webhooks: webhooks.iter().map(|hook| hook.url().to_owned()).collect(),
        url,
    };
    let term = &session.term;
    let announced = format.print_one(term, &served, || {
        term.line(
            Text::new()
                .with(Role::Dim, "# deployctl sandbox (this is not GitHub) on ")
                .with(Role::Heading, served.url.as_str()),
        )?;
        for repository in &served.repositories {
            term.line(Text::new().with(Role::Dim, format!("# serves {repository}")))?;
        }
        for webhook in &served.webhooks {
            term.line(Text::new().with(Role::Dim, format!("# sends webhooks to {webhook}")))?;
        }
        for (name, value) in &served.environment {
            term.line(format!(
                "export {name}={}",
                value.as_str().unwrap_or_default()
            ))?;
        }
        Ok(())
    });
    match announced.and_then(|()| Ok(term.flush()?)) {
        // A reader may close the pipe once it has the URL.
        Err(error) if error.is_broken_pipe() => {}
        announced => announced?,
    }
    if !args.listen.is_loopback() {
        term.warn("the sandbox is reachable from other machines, and accepts any token");
    }
    term.note(format!(
        "its data is in {}; press Ctrl-C to stop it",
        data.display()
    ));
    let kind = signals.wait().await;
    sandbox.stop().await;
    // A signal is the normal way to stop it: no failure, but the exit code shows it.
    session.exit_with(kind.exit_code());
    term.note("the sandbox has stopped");
    Ok(())
}

/// The webhooks that the options describe.
fn webhooks(session: &Session, args: &ServeArgs) -> Result<Vec<WebhookSource>, Failure> {
    let usage = |message: String| Failure::new(Kind::Usage, message);
    if args.webhook.is_empty() {
        return Ok(Vec::new());
    }
    let secret = match &args.webhook_secret_file {
        Some(path) => Some(read_secret(path)?),
        None => session
            .env
            .get(env::DEPLOYCTL_WEBHOOK_SECRET)
            .map(SecretString::from),
    };
    let mut webhooks: Vec<WebhookSource> = Vec::new();
    for url in &args.webhook {
        if webhooks.iter().any(|known| known.url() == url) {
            continue;
        }
        let webhook = WebhookSource::new(url, args.webhook_event.clone(), secret.clone())
            .map_err(|error| usage(format!("--webhook {url:?}: {error}")))?;
        webhooks.push(webhook);
    }
    Ok(webhooks)
}

/// Reads the secret from a file, without a line break at its end.
fn read_secret(path: &Path) -> Result<SecretString, Failure> {
    let fail = |what: &str| {
        let message = format!("--webhook-secret-file {}: {what}", path.display());
        Failure::new(Kind::Usage, message).hint("the file must contain the secret only")
    };
    let text = fs::read(path).map_err(|error| fail(&error.to_string()))?;
    let text = String::from_utf8(text).map_err(|_| fail("the secret is not UTF-8 text"))?;
    let secret = text.strip_suffix('\n').unwrap_or(&text);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.is_empty() {
        return Err(fail("the file is empty"));
    }
    Ok(SecretString::from(secret))
}

/// The repositories of `--repo`, otherwise that of the working directory.
fn repositories(session: &Session) -> anyhow::Result<Vec<RepositorySource>> {
    if session.global.repo.is_empty() {
        return Ok(vec![sandbox_repository(session)?]);
    }
    session
        .global
        .repo
        .iter()
        .map(|text| Ok(parse_source(text)?))
        .collect()
}

/// Parses `OWNER/REPO=PATH`; without a path the repository is the sample.
fn parse_source(text: &str) -> Result<RepositorySource, Failure> {
    let (name, path) = match text.split_once('=') {
        Some((name, path)) => (name, Some(path)),
        None => (text, None),
    };
    let slug: RepoSlug = name.parse().map_err(|_| {
        Failure::new(
            Kind::Usage,
            format!("--repo {text:?}: write OWNER/REPO=PATH"),
        )
    })?;
    let path = path
        .map(|path| {
            std::path::absolute(path)
                .ok()
                .filter(|path| path.is_dir())
                .ok_or_else(|| {
                    Failure::new(Kind::Usage, format!("--repo {text:?}: no such folder"))
                })
        })
        .transpose()?;
    Ok(RepositorySource {
        owner: slug.owner().to_owned(),
        name: slug.name().to_owned(),
        path,
    })
}
