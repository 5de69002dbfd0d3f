mod set;

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use futures_util::TryStreamExt;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::api::{DeploymentFilter, Paging};
use crate::context::Git;
use crate::error::{Failure, Kind};
use crate::exit;
use crate::history::{Follow, Goal, Watched};
use crate::model::{
    DeploymentId, DeploymentWithState, Phase, Status, User, parse_duration, parse_interval,
};
use crate::output::time::rfc3339;
use crate::output::{
    Cell, Column, DeploymentHistoryRecord, DeploymentRecord, Details, Table, short_sha,
};
use crate::session::{Connection, Session, suggest_environment};
use crate::term::{Role, Term};

use set::SetArgs;

/// Show a deployment and its statuses, or add a status
///
/// Without an ID, shows the newest deployment to -e ENV, or of the commit that
/// is checked out. It only reads; use 'status set' to add a status.
#[derive(Args, Debug)]
#[command(
    override_usage = "deployctl status [OPTIONS] [ID]\n       deployctl status <COMMAND>",
    after_help = "\
Examples:
  # Show a deployment with its history
  deployctl status 4400000001

  # Show the newest deployment to staging as JSON
  deployctl status -e staging --json

  # Fail a script unless production is live
  deployctl status -e production --exit-status --quiet > /dev/null

  # Report the result of a deployment
  deployctl status set 4400000005 success --environment-url https://staging.example.com"
)]
pub struct StatusArgs {
    #[command(subcommand)]
    pub command: Option<StatusCommand>,

    /// ID of the deployment
    #[arg(value_name = "ID")]
    pub id: Option<DeploymentId>,

    /// Select the newest deployment to this environment
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "id")]
    pub environment: Option<String>,

    /// Exit 8 if the deployment is pending, 9 if it failed, 10 if it is
    /// inactive
    #[arg(long)]
    pub exit_status: bool,

    /// Follow the deployment until it ends
    #[arg(long)]
    pub watch: bool,

    /// Maximum time to follow it
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, requires = "watch")]
    pub timeout: Duration,

    /// Time between two requests while following
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval, requires = "watch")]
    pub interval: Duration,

    /// Exit 0 if no deployment matches
    #[arg(long)]
    pub ignore_missing: bool,

    /// Open the page of the deployment in a web browser
    #[arg(short, long, conflicts_with_all = ["watch", "exit_status"])]
    pub web: bool,
}

#[derive(Debug, Subcommand)]
pub enum StatusCommand {
    Set(SetArgs),
}

pub(super) async fn run(session: &Session, args: &StatusArgs) -> anyhow::Result<()> {
    match &args.command {
        Some(StatusCommand::Set(set)) => set::run(session, set).await,
        None => show(session, args).await,
    }
}

enum Selection {
    Id(DeploymentId),
    Newest(DeploymentFilter),
}

async fn show(session: &Session, args: &StatusArgs) -> anyhow::Result<()> {
    let format = session.format::<DeploymentHistoryRecord>()?;
    let selection = match args.id {
        Some(id) => Selection::Id(id),
        None => Selection::Newest(filter(session, args)?),
    };
    let connection = session.connect(None).await?;
    let needs_state = !args.web
        && (args.watch
            || args.exit_status
            || session.global.github_output
            || session.global.github_summary
            || ["state", "latest_status", "statuses"]
                .iter()
                .any(|field| format.needs(field)));
    let read = match &selection {
        Selection::Id(id) if !needs_state => without_state(&connection, *id).await,
        Selection::Id(id) => by_id(&connection, *id).await,
        Selection::Newest(filter) => newest(&connection, filter).await,
    };
    let (mut observed, mut statuses) = match read {
        Ok(read) => read,
        Err(failure) if args.ignore_missing && failure.kind() == Kind::NothingThere => {
            session.term.note(failure.message());
            return Ok(());
        }
        Err(failure) => {
            let similar = match &args.environment {
                Some(name) if failure.kind() == Kind::NothingThere => {
                    suggest_environment(&connection, name).await
                }
                _ => None,
            };
            return Err(failure.with_hints(similar).into());
        }
    };
    if args.web {
        let endpoints = connection.client.endpoints();
        let environment = &observed.deployment.environment;
        return session.open_page(&endpoints.environment_page(&connection.repo, environment));
    }
    let mut followed = Ok(());
    if args.watch {
        let mut watched = [Watched::new(
            observed.deployment,
            statuses,
            Timestamp::now(),
        )];
        let follow = Follow {
            term: &session.term,
            connection: &connection,
            goal: Goal::End,
            deadline: Instant::now().checked_add(args.timeout),
            interval: args.interval,
        };
        followed = follow.run(&mut watched).await;
        let [watched] = watched;
        (observed, statuses) = (watched.observed, watched.statuses);
    }
    let state = observed.state.clone();
    let record = if needs_state {
        connection.record(observed).with_history(&statuses)
    } else {
        let url = connection.web_url(&observed.deployment);
        DeploymentRecord::unobserved(observed.deployment, url)
    };
    let history = DeploymentHistoryRecord::new(record.clone(), statuses);
    let term = &session.term;
    session.report(&connection, "Deployment", &[record], || {
        if !args.watch {
            term.page();
        }
        Ok(format.print_one(term, &history, || print(term, &history, Timestamp::now()))?)
    })?;
    followed?;
    if args.exit_status {
        let code = match state.phase() {
            Phase::Succeeded => exit::DONE,
            Phase::Underway => exit::NOT_FINISHED,
            Phase::Failed => exit::DEPLOYMENT_FAILED,
            Phase::Retired => exit::SUPERSEDED,
        };
        session.exit_with(code);
    }
    Ok(())
}

/// Selects the newest deployment if no ID is given.
fn filter(session: &Session, args: &StatusArgs) -> anyhow::Result<DeploymentFilter> {
    if let Some(environment) = &args.environment {
        return Ok(DeploymentFilter {
            environment: Some(environment.clone()),
            ..DeploymentFilter::default()
        });
    }
    let unnamed = |reason: String| {
        Failure::new(
            Kind::Usage,
            format!("no deployment is given, and no commit is checked out here{reason}"),
        )
        .hint("give its ID, or select the newest deployment to an environment with -e ENV")
    };
    let head = session
        .git()
        .and_then(Git::head)
        .map_err(|error| unnamed(format!(": {error}")).lines(error.advice().iter().cloned()))?;
    let sha = head.ok_or_else(|| unnamed(String::new()))?;
    Ok(DeploymentFilter {
        sha: Some(sha),
        ..DeploymentFilter::default()
    })
}

/// If no requested field depends on the state, one request is enough.
async fn without_state(
    connection: &Connection,
    id: DeploymentId,
) -> Result<(DeploymentWithState, Vec<Status>), Failure> {
    let deployment = connection
        .repo()
        .deployment(id)
        .get()
        .await
        .map_err(|error| connection.explain_for_deployment(id, &error))?;
    let now = deployment.last_change();
    Ok((
        DeploymentWithState::from_latest_status(deployment, None, now),
        Vec::new(),
    ))
}

async fn by_id(
    connection: &Connection,
    id: DeploymentId,
) -> Result<(DeploymentWithState, Vec<Status>), Failure> {
    let history = connection
        .repo()
        .deployment(id)
        .history()
        .await
        .map_err(|error| connection.explain_for_deployment(id, &error))?;
    Ok((history.deployment_with_state(), history.statuses))
}

async fn newest(
    connection: &Connection,
    filter: &DeploymentFilter,
) -> Result<(DeploymentWithState, Vec<Status>), Failure> {
    let page = connection.repo().deployments(filter, Paging::up_to(1));
    let found: Vec<_> = page
        .try_concat()
        .await
        .map_err(|error| connection.explain(&error))?;
    let Some(deployment) = found.into_iter().next() else {
        let of = match (&filter.environment, &filter.sha) {
            (Some(environment), _) => format!("to {environment}"),
            (None, Some(sha)) => format!("of commit {}", short_sha(sha)),
            (None, None) => String::new(),
        };
        return Err(Failure::new(
            Kind::NothingThere,
            format!("there is no deployment {of} in {}", connection.repo),
        )
        .hint("run 'deployctl list' to see the existing deployments"));
    };
    let statuses: Vec<Status> = connection
        .repo()
        .deployment(deployment.id)
        .statuses(Paging::all())
        .try_concat()
        .await
        .map_err(|error| connection.explain_for_deployment(deployment.id, &error))?;
    let observed = DeploymentWithState::from_latest_status(
        deployment,
        statuses.first().cloned(),
        Timestamp::now(),
    );
    Ok((observed, statuses))
}

fn print(term: &Term, record: &DeploymentHistoryRecord, now: Timestamp) -> std::io::Result<()> {
    let deployment_record = record.record();
    let deployment = deployment_record.deployment();
    let latest_url = |url: fn(&Status) -> Option<&str>| {
        record
            .statuses()
            .find_map(|status| url(status).map(|url| Cell::new(url).link(url)))
    };
    let text = |text: &Option<String>| {
        text.as_deref()
            .filter(|text| !text.is_empty())
            .map(Cell::new)
    };
    let payload = deployment.payload.as_json().as_str();
    let switch = |is: bool| Cell::new(if is { "true" } else { "false" });
    Details::new()
        .with("id", Cell::new(deployment.id.to_string()).role(Role::Id))
        .with(
            "state",
            deployment_record
                .state()
                .map(Cell::state)
                .unwrap_or_default(),
        )
        .with("environment", Cell::new(deployment.environment.as_str()))
        .with("ref", Cell::new(deployment.ref_name.as_str()))
        .with("sha", Cell::new(deployment.sha.as_str()))
        .with("task", Cell::new(deployment.task.as_str()))
        .maybe("description", text(&deployment.description))
        .with(
            "creator",
            Cell::new(deployment.creator_login().unwrap_or_default()),
        )
        .with("created", Cell::ago(deployment.created_at, now))
        .with("updated", Cell::ago(deployment.last_change(), now))
        .with("transient", switch(deployment.is_transient()))
        .with("production", switch(deployment.is_production()))
        .maybe(
            "payload",
            (!deployment.payload.is_empty()).then(|| Cell::new(payload)),
        )
        .maybe("environment_url", latest_url(Status::environment_url))
        .maybe("log_url", latest_url(Status::log_url))
        .with(
            "web_url",
            Cell::new(deployment_record.web_url()).link(deployment_record.web_url()),
        )
        .print(term)?;
    if record.statuses().next().is_none() {
        return Ok(());
    }
    if !term.stdout_is_tty() {
        return print_lines(term, record);
    }
    term.line("")?;
    let mut table = Table::new(vec![
        Column::rigid("STATUS"),
        Column::flexible("ENVIRONMENT", 12),
        Column::flexible("DESCRIPTION", 16),
        Column::flexible("CREATOR", 8),
        Column::rigid("WHEN"),
    ]);
    for status in record.statuses() {
        let row = vec![
            Cell::status(&status.state),
            Cell::new(status.environment.as_deref().unwrap_or_default()),
            Cell::new(status.description.as_deref().unwrap_or_default()),
            Cell::new(login(status)),
            Cell::ago(status.created_at, now),
        ];
        table.push(term, row)?;
    }
    table.print(term)
}

/// Prints a line for each status, for programs; the first word distinguishes it
/// from a property.
fn print_lines(term: &Term, record: &DeploymentHistoryRecord) -> std::io::Result<()> {
    const COLUMNS: [&str; 8] = [
        "",
        "time",
        "state",
        "environment",
        "description",
        "creator",
        "url",
        "log",
    ];
    let mut table = Table::new(COLUMNS.map(Column::rigid).to_vec());
    for status in record.statuses() {
        let row = [
            "status",
            &rfc3339(status.created_at),
            status.state.as_str(),
            status.environment.as_deref().unwrap_or_default(),
            status.description.as_deref().unwrap_or_default(),
            login(status),
            status.environment_url().unwrap_or_default(),
            status.log_url().unwrap_or_default(),
        ];
        table.push(term, row.map(Cell::new).to_vec())?;
    }
    table.print(term)
}

fn login(status: &Status) -> &str {
    status.creator.as_ref().map(User::login).unwrap_or_default()
}
