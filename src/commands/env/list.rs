use clap::Args;
use jiff::Timestamp;

use super::settings::describe_protection;
use crate::model::{DeploymentSummary, EnvironmentOverview};
use crate::output::{Cell, Column, EnvironmentRecord};
use crate::session::Session;
use crate::term::Role;

/// List environments: what is live in each, and what protects it
///
/// Prints a table on a terminal, and otherwise tab-separated lines: name, state,
/// ref, SHA, time, creator, URL, protection. The state is that of the live
/// deployment, otherwise that of the newest deployment that has ended; it is
/// 'unknown' if the search ended early because many deployments have failed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what is live
  deployctl env list

  # Environments where nothing is live
  deployctl env list --json=name,live --jq '.[] | select(.live == null) | .name'

  # The commit that production runs
  deployctl env list --jq '.[] | select(.name == \"production\") | .live.sha'")]
pub struct ListArgs {
    /// Open the page of the environments in a web browser
    #[arg(short, long)]
    pub web: bool,
}

/// The fields that need no look at deployments.
const ABOUT_DEPLOYMENTS: [&str; 3] = ["state", "live", "latest"];

/// Lists them.
pub(super) async fn run(session: &Session, args: &ListArgs) -> anyhow::Result<()> {
    let format = session.format::<EnvironmentRecord>()?;
    if args.web {
        let page = session.open_repository_page(|endpoints, repo| {
            endpoints.repository_page(repo, &["deployments"])
        });
        return page.await;
    }
    let connection = session.connect(None).await?;
    let spinner = session.term.spinner("asking for environments");
    let (client, repo) = (&connection.client, &connection.repo);
    let explain = |error| connection.explain(&error);
    let records: Vec<EnvironmentRecord> = if ABOUT_DEPLOYMENTS
        .into_iter()
        .any(|field| format.needs(field))
    {
        let all: Vec<EnvironmentOverview> = client.repo(repo).overview().await.map_err(explain)?;
        all.into_iter().map(EnvironmentRecord::new).collect()
    } else {
        let all = client.repo(repo).environments().await.map_err(explain)?;
        all.into_iter().map(EnvironmentRecord::unobserved).collect()
    };
    drop(spinner);
    session.term.page();
    if records.is_empty() {
        session
            .term
            .progress(format!("there is no environment in {repo}"));
    }
    session.update_cache(&connection, |cache| {
        let names = records
            .iter()
            .map(|record| record.environment().name.as_str());
        cache.replace_environments(names);
    });
    let now = Timestamp::now();
    format.print_many(&session.term, &records, columns(), |record| {
        row(record, now)
    })?;
    Ok(())
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("ENVIRONMENT", 12),
        Column::flexible("STATE", 20),
        Column::flexible("REF", 10),
        Column::rigid("SHA"),
        Column::rigid("SINCE"),
        Column::flexible("BY", 8),
        Column::flexible("URL", 12),
        Column::flexible("PROTECTION", 12),
    ]
}

fn row(record: &EnvironmentRecord, now: Timestamp) -> Vec<Cell> {
    let environment = record.environment();
    let name = Cell::new(environment.name.as_str()).link(environment.html_url.as_str());
    let protection = Cell::new(describe_protection(environment));
    let nothing = || Cell::new("");
    let Some(shown) = record
        .live()
        .or(record.latest())
        .filter(|_| record.is_live_known())
    else {
        let state = if record.is_live_known() {
            Cell::new("nothing live").piped("").role(Role::Dim)
        } else {
            Cell::new("unknown").role(Role::Pending)
        };
        return vec![
            name,
            state,
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            protection,
        ];
    };
    let url = shown.environment_url().unwrap_or_default();
    vec![
        name,
        state(shown, record.latest()),
        Cell::new(shown.ref_name.as_deref().unwrap_or_default()),
        Cell::sha(&shown.sha),
        Cell::age(shown.since(), now),
        Cell::new(shown.creator_login().unwrap_or_default()),
        Cell::new(url).link(url),
        protection,
    ]
}

/// The state of the shown deployment; on a terminal also that of a later one.
fn state(shown: &DeploymentSummary, latest: Option<&DeploymentSummary>) -> Cell {
    let word = shown.state.as_str();
    let role = Role::of_state(&shown.state);
    match latest {
        Some(latest) if latest.node_id != shown.node_id => {
            let text = format!("{word}, then {}", latest.state);
            Cell::new(text).piped(word).role(role)
        }
        _ => Cell::new(word).role(role),
    }
}
