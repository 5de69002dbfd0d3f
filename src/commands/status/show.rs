use futures_util::TryStreamExt;
use jiff::Timestamp;
use tokio::time::Instant;

use super::StatusArgs;
use crate::api::{DeploymentFilter, Paging};
use crate::context::Git;
use crate::error::{Failure, Kind};
use crate::exit;
use crate::history::{Follow, Goal, Watched};
use crate::model::{DeploymentId, Observed, Phase, Status, User};
use crate::output::time::rfc3339;
use crate::output::{Cell, Column, DeploymentHistoryRecord, DeploymentRecord, Details, Table};
use crate::session::{
    Connection, Session, history_failure, short_sha, similar_environment, summarize_deployments,
    web_url, write_github_output,
};
use crate::term::{Role, Term};

enum Which {
    Id(DeploymentId),
    Newest(DeploymentFilter),
}

/// Shows the deployment.
pub(super) async fn run(session: &Session, args: &StatusArgs) -> anyhow::Result<()> {
    let format = session.format::<DeploymentHistoryRecord>()?;
    let which = match args.id {
        Some(id) => Which::Id(id),
        None => Which::Newest(filter(session, args)?),
    };
    let connection = session.connect(None).await?;
    let needs_state = args.watch
        || args.exit_status
        || ["state", "latest_status", "statuses"]
            .iter()
            .any(|field| format.needs(field));
    let read = match &which {
        Which::Id(id) if !needs_state => without_state(&connection, *id).await,
        Which::Id(id) => by_id(&connection, *id).await,
        Which::Newest(filter) => newest(&connection, filter).await,
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
                    similar_environment(&connection, name).await
                }
                _ => None,
            };
            return Err(failure.hints_more(similar).into());
        }
    };
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
        let [seen] = watched;
        (observed, statuses) = (seen.observed, seen.statuses);
    }
    let url = web_url(
        connection.client.endpoints(),
        &connection.repo,
        &observed.deployment,
    );
    let record = DeploymentRecord::new(observed.clone(), url).with_history(&statuses);
    session.note_records(&connection, needs_state.then_some(&record));
    write_github_output(session, &record)?;
    summarize_deployments(session, "Deployment", [&record])?;
    let record = DeploymentHistoryRecord::new(record, statuses);
    let term = &session.term;
    if !args.watch {
        term.page();
    }
    format.one(term, &record, || print(term, &record, Timestamp::now()))?;
    term.flush()?;
    followed?;
    if args.exit_status {
        let code = match observed.state.phase() {
            Phase::Succeeded => exit::DONE,
            Phase::Underway => exit::NOT_FINISHED,
            Phase::Failed => exit::DEPLOYMENT_FAILED,
            Phase::Retired => exit::SUPERSEDED,
        };
        session.exit_with(code);
    }
    Ok(())
}

/// The newest deployment of what, where no id is given.
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
            format!("no deployment is named, and no commit is checked out here{reason}"),
        )
        .hint("name one by its ID, or the newest of an environment with -e ENV")
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

/// Where no field is asked for that tells the state, one request does.
async fn without_state(
    connection: &Connection,
    id: DeploymentId,
) -> Result<(Observed, Vec<Status>), Failure> {
    let deployment = connection
        .client
        .repo(&connection.repo)
        .deployment(id)
        .get()
        .await
        .map_err(|error| history_failure(connection, id, &error))?;
    let now = deployment.last_change();
    Ok((Observed::from_latest(deployment, None, now), Vec::new()))
}

async fn by_id(
    connection: &Connection,
    id: DeploymentId,
) -> Result<(Observed, Vec<Status>), Failure> {
    let history = connection
        .client
        .repo(&connection.repo)
        .deployment(id)
        .history()
        .await
        .map_err(|error| history_failure(connection, id, &error))?;
    Ok((history.observed(), history.statuses))
}

async fn newest(
    connection: &Connection,
    filter: &DeploymentFilter,
) -> Result<(Observed, Vec<Status>), Failure> {
    let page = connection
        .client
        .repo(&connection.repo)
        .deployments(filter, Paging::up_to(1));
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
        .hint("'deployctl list' shows those there are"));
    };
    let statuses: Vec<Status> = connection
        .client
        .repo(&connection.repo)
        .deployment(deployment.id)
        .statuses(Paging::all())
        .try_concat()
        .await
        .map_err(|error| history_failure(connection, deployment.id, &error))?;
    let observed = Observed::from_latest(deployment, statuses.first().cloned(), Timestamp::now());
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

/// A program gets a line for each status, told from the properties by its
/// first word.
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
