mod many;
mod rows;

use clap::Args;
use jiff::Timestamp;

use rows::{columns, row};

use crate::api::{ApiError, DeploymentFilter};
use crate::model::EnvironmentOverview;
use crate::output::{EnvironmentRecord, Format};
use crate::session::{Connection, RepositoryArgs, Session};
use crate::watch::{WatchedList, WatchedRecord, check_format, is_new};

/// List environments: what is live in each, and what protects it
///
/// Prints a table on a terminal, and otherwise tab-separated lines: name, state,
/// ref, SHA, time, creator, URL, protection. The state is that of the live
/// deployment, otherwise that of the newest deployment that has ended; it is
/// 'unknown' if the search ended early because many deployments have failed.
///
/// With --watch the list is kept up to date on a terminal. Otherwise the rows are
/// printed, and then a row whenever another deployment is live, its state changes,
/// or an environment appears or is deleted (its state is then 'deleted').
///
/// With several repositories, the repository comes first, and what protects an
/// environment is read only if --json names it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what is live
  deployctl env list

  # What is live in all repositories of an organization
  deployctl env list --org acme

  # Environments where nothing is live
  deployctl env list --json=name,live --jq '.[] | select(.live == null) | .name'

  # The commit that production runs
  deployctl env list --jq '.[] | select(.name == \"production\") | .live.sha'

  # Follow what is live until Ctrl-C, as JSON
  deployctl env list --watch --jsonl=name,state,live")]
pub struct ListArgs {
    #[command(flatten)]
    pub repositories: RepositoryArgs,

    /// Keep the list up to date until interrupted
    #[arg(long, conflicts_with_all = ["web", "repositories"])]
    pub watch: bool,

    /// Open the page of the environments in a web browser
    #[arg(short, long, conflicts_with = "repositories")]
    pub web: bool,
}

/// The fields that need no look at deployments.
const ABOUT_DEPLOYMENTS: [&str; 3] = ["state", "live", "latest"];

/// Lists them.
pub(super) async fn run(session: &Session, args: &ListArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<EnvironmentRecord>(several)?;
    if args.web {
        let page = session.open_repository_page(|endpoints, repo| {
            endpoints.repository_page(repo, &["deployments"])
        });
        return page.await;
    }
    if args.watch {
        return watch(session, &format).await;
    }
    if several {
        return many::run(session, &args.repositories, &format).await;
    }
    let connection = session.connect(None).await?;
    let spinner = session.term.spinner("asking for environments");
    let records = read(&connection, &format).await;
    let records = records.map_err(|error| connection.explain(&error))?;
    drop(spinner);
    session.term.page();
    if records.is_empty() {
        session.term.progress(empty(&connection));
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

async fn read(
    connection: &Connection,
    format: &Format,
) -> Result<Vec<EnvironmentRecord>, ApiError> {
    let repo = connection.repo();
    let needs_deployments = ABOUT_DEPLOYMENTS
        .into_iter()
        .any(|field| format.needs(field));
    if needs_deployments {
        let all: Vec<EnvironmentOverview> = repo.overview().await?;
        return Ok(all.into_iter().map(EnvironmentRecord::new).collect());
    }
    let all = repo.environments().await?;
    Ok(all.into_iter().map(EnvironmentRecord::unobserved).collect())
}

fn empty(connection: &Connection) -> String {
    format!("there is no environment in {}", connection.repo)
}

async fn watch(session: &Session, format: &Format) -> anyhow::Result<()> {
    check_format(session, format)?;
    let connection = session.connect(None).await?;
    let list = WatchedList {
        session,
        connection: &connection,
        format,
        columns,
        row,
        empty: empty(&connection),
    };
    let explain = |error| connection.explain(&error);
    let (mut deployments, mut environments) = (None, None);
    let newest = DeploymentFilter::default();
    let has_changed = async || {
        let repo = connection.repo();
        let (newest, all) = tokio::try_join!(
            repo.deployments_since(&newest, 100, deployments.as_deref()),
            repo.environments_since(environments.as_deref()),
        )
        .map_err(explain)?;
        let is_new = [
            is_new(&mut deployments, newest),
            is_new(&mut environments, all),
        ];
        Ok(is_new.contains(&true))
    };
    let read = async || Ok(read(&connection, format).await.map_err(explain)?);
    list.run(has_changed, read).await
}

impl WatchedRecord for EnvironmentRecord {
    fn key(&self) -> String {
        self.environment().name.clone()
    }

    fn has_changed(&self, before: &Self) -> bool {
        let live = |record: &Self| record.live().map(|live| live.node_id.clone());
        self.state() != before.state() || live(self) != live(before)
    }

    fn ended(&self) -> Option<Self> {
        Some(self.deleted())
    }
}
