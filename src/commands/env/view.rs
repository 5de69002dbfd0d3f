use clap::Args;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::details;
use super::diff::format_pattern;
use super::settings::parse_name;
use super::target::TargetEnvironment;
use crate::api::{ApiError, DeploymentFilter, Paging};
use crate::model::{Branches, DeploymentWithState, Phase};
use crate::output::{Cell, Column, DeploymentRecord, Details, EnvironmentDetailsRecord, Table};
use crate::session::{Connection, Permission, Session};
use crate::term::{Role, Term};

/// Show an environment: protection, variables, secrets, newest deployments
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show everything about production
  deployctl env view production

  # The reviewers and the branch patterns
  deployctl env view production --json=protection_rules,deployment_branch_policy

  # Its variables, for a script
  deployctl env view production --jq '.variables[] | \"\\(.name)=\\(.value)\"'")]
pub struct ViewArgs {
    /// Name of the environment
    #[arg(value_name = "ENV", value_parser = parse_name)]
    pub name: String,

    /// Number of deployments to show, newest first
    #[arg(short = 'L', long, value_name = "N", default_value = "5")]
    pub limit: usize,

    /// Open the page of the environment in a web browser
    #[arg(short, long)]
    pub web: bool,
}

pub(super) async fn run(session: &Session, args: &ViewArgs) -> anyhow::Result<()> {
    let format = session.format::<EnvironmentDetailsRecord>()?;
    if args.web {
        let page = session
            .open_repository_page(|endpoints, repo| endpoints.environment_page(repo, &args.name));
        return page.await;
    }
    let connection = session.connect(None).await?;
    let (client, repo) = (&connection.client, &connection.repo);
    let target = TargetEnvironment::new(&connection, &args.name);
    let filter = DeploymentFilter {
        environment: Some(args.name.clone()),
        ..DeploymentFilter::default()
    };
    let newest = client
        .repo(repo)
        .deployments_with_state(&filter, Paging::up_to(args.limit))
        .try_concat();
    let (environment, newest) = tokio::join!(target.handle().get(), newest);
    let environment = match environment {
        Ok(environment) => environment,
        Err(error) => {
            return Err(target
                .explain(&error, Permission::ReadEnvironments)
                .await
                .into());
        }
    };
    let explain = |error| connection.explain(&error);
    let newest = newest.map_err(explain)?;
    let live = match newest.iter().find(|one| is_live(one)) {
        Some(live) => Some(live.clone()),
        None if newest.len() < args.limit => None,
        None => find_live(&connection, &filter).await.map_err(explain)?,
    };
    let live = live.map(|observed| connection.record(observed));
    let deployments: Vec<DeploymentRecord> = newest
        .into_iter()
        .map(|observed| connection.record(observed))
        .collect();
    let all = details::load(&connection, environment)
        .await
        .map_err(explain)?;
    session.update_cache(&connection, |cache| cache.add_environment(&args.name));
    session.cache_deployments(&connection, &deployments);
    let record = EnvironmentDetailsRecord::new(all, live, deployments);
    let term = &session.term;
    format.print_one(term, &record, || print(term, &record, Timestamp::now()))?;
    Ok(())
}

/// Searches all deployments, newest first, for the one that is live.
async fn find_live(
    connection: &Connection,
    filter: &DeploymentFilter,
) -> Result<Option<DeploymentWithState>, ApiError> {
    let (client, repo) = (&connection.client, &connection.repo);
    let paging = Paging::until_stopped();
    let mut pages = std::pin::pin!(client.repo(repo).deployments_with_state(filter, paging));
    while let Some(page) = pages.try_next().await? {
        let mut page = page.into_iter();
        if let Some(live) = page.find(is_live) {
            return Ok(Some(live));
        }
    }
    Ok(None)
}

fn print(term: &Term, record: &EnvironmentDetailsRecord, now: Timestamp) -> std::io::Result<()> {
    let all = record.details();
    let environment = &all.environment;
    let some = |words: Vec<String>| (!words.is_empty()).then(|| Cell::new(words.join(", ")));
    let hidden = || Some(Cell::new("(the token may not see them)").piped(""));
    let reviewers = environment.reviewers().iter();
    let reviewers = some(reviewers.map(|reviewer| reviewer.name.clone()).collect());
    let patterns = all.branch_policies.iter();
    let patterns = some(
        patterns
            .map(|one| format_pattern(&one.kind, &one.name))
            .collect(),
    );
    let apps = all
        .custom_rules
        .as_ref()
        .and_then(|rules| some(rules.iter().map(|rule| rule.app.slug.clone()).collect()));
    let variables = match &all.variables {
        None => hidden(),
        Some(all) => some(
            all.iter()
                .map(|one| format!("{}={}", one.name, one.value))
                .collect(),
        ),
    };
    let secrets = match &all.secrets {
        None => hidden(),
        Some(all) => some(all.iter().map(|one| one.name.clone()).collect()),
    };
    let wait = environment.wait_timer();
    Details::new()
        .with("name", Cell::new(environment.name.as_str()).role(Role::Id))
        .with("id", Cell::new(environment.id.to_string()))
        .with("created", Cell::ago(environment.created_at, now))
        .with("updated", Cell::ago(environment.updated_at, now))
        .maybe(
            "wait_timer",
            (wait > 0).then(|| Cell::new(format!("{wait} min")).piped(wait.to_string())),
        )
        .maybe("reviewers", reviewers)
        .maybe(
            "prevent_self_review",
            environment
                .prevents_self_review()
                .then(|| Cell::new("true")),
        )
        .maybe(
            "branches",
            (environment.branches() != Branches::All)
                .then(|| Cell::new(environment.branches().as_str())),
        )
        .maybe("branch_policies", patterns)
        .maybe("apps", apps)
        .maybe("variables", variables)
        .maybe("secrets", secrets)
        .maybe("live", record.live().map(live_in_short))
        .with(
            "web_url",
            Cell::new(environment.html_url.as_str()).link(environment.html_url.as_str()),
        )
        .print(term)?;
    if record.deployments().is_empty() {
        return Ok(());
    }
    if term.stdout_is_tty() {
        term.line("")?;
    }
    // A program tells these lines from the properties by their first word.
    let mut columns = vec![
        Column::rigid("ID"),
        Column::rigid("STATE"),
        Column::flexible("REF", 12),
        Column::rigid("SHA"),
        Column::flexible("CREATOR", 8),
        Column::rigid("AGE"),
    ];
    if !term.stdout_is_tty() {
        columns.insert(0, Column::rigid(""));
    }
    let mut table = Table::new(columns);
    for one in record.deployments() {
        let deployment = one.deployment();
        let mut row = vec![
            Cell::new(deployment.id.to_string()).role(Role::Id),
            one.state().map(Cell::state).unwrap_or_default(),
            Cell::new(deployment.ref_name.as_str()),
            Cell::sha(&deployment.sha),
            Cell::new(deployment.creator_login().unwrap_or_default()),
            Cell::age(deployment.created_at, now),
        ];
        if !term.stdout_is_tty() {
            row.insert(0, Cell::new("deployment"));
        }
        table.push(term, row)?;
    }
    table.print(term)
}

fn is_live(observed: &DeploymentWithState) -> bool {
    observed.state.phase() == Phase::Succeeded
}

fn live_in_short(record: &DeploymentRecord) -> Cell {
    let deployment = record.deployment();
    let text = format!("{} of {}", deployment.id, deployment.ref_name);
    Cell::new(text)
        .piped(deployment.id.to_string())
        .link(record.web_url())
}
