mod many;
mod rows;

use clap::Args;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use rows::{columns, row};

use crate::output::{DeploymentRecord, Format};
use crate::select::{Filter, FilterArgs, list_matching};
use crate::session::{Connection, DeploymentSummary, RepositoryArgs, Session};
use crate::watch::{WatchedList, WatchedRecord, check_format, is_new};

/// List deployments with their state, newest first
///
/// Prints a table on a terminal; otherwise tab-separated lines with ID, state,
/// environment, ref, SHA, description, creator and creation time; the repository
/// comes first if several are selected.
///
/// With --json the array is printed once it is complete; with --jsonl each
/// deployment is printed as it arrives. In a list, latest_status can lack id
/// and url, which GitHub's GraphQL does not provide; 'deployctl status ID' has
/// them.
///
/// With --watch the list is kept up to date on a terminal. Otherwise the
/// deployments are printed, and then a row for each new deployment and each new
/// state of one. With --jsonl each is an object.
///
/// Of several repositories, the newest deployments over all are listed. Payloads,
/// whether an environment is transient or a production environment, and refs that
/// were deleted are null, because GraphQL does not provide them; name the fields
/// to read them. With --jsonl --limit all, one repository follows the other.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what is live
  deployctl list --active

  # Deployments to preview environments that failed in the last week
  deployctl list -e 'preview/*' --state failure --state error --since 7d

  # The IDs of all deployments of a branch
  deployctl list --ref main --limit all --json=id --jq '.[].id'

  # All deployments, one JSON object per line
  deployctl list --limit all --jsonl

  # Follow the deployments to production until Ctrl-C
  deployctl list -e production --watch

  # The newest deployments of a whole organization
  deployctl list --org acme -e production

  # The page of an environment, in a web browser
  deployctl list -e production --web")]
pub struct ListArgs {
    /// Which deployments.
    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub repositories: RepositoryArgs,

    /// Maximum number of deployments, or 'all'
    #[arg(short = 'L', long, value_name = "N", default_value = "30", value_parser = parse_limit)]
    pub limit: Limit,

    /// Keep the list up to date until interrupted
    #[arg(long, conflicts_with_all = ["web", "repositories"])]
    pub watch: bool,

    /// Open the page of the deployments in a web browser
    #[arg(short, long, conflicts_with = "repositories")]
    pub web: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Count(usize),
    All,
}

impl Limit {
    /// `None` for all.
    fn count(self) -> Option<usize> {
        match self {
            Self::Count(count) => Some(count),
            Self::All => None,
        }
    }
}

pub(super) async fn run(session: &Session, args: &ListArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<DeploymentRecord>(several)?;
    let filter = args.filter.to_filter()?;
    if args.web {
        let page =
            session.open_repository_page(|endpoints, repo| match filter.exact_environment() {
                Some(name) => endpoints.environment_page(repo, name),
                None => endpoints.repository_page(repo, &["deployments"]),
            });
        return page.await;
    }
    let limit = args.limit.count();
    if args.watch {
        return watch(session, &format, &filter, limit).await;
    }
    if several {
        return many::run(session, &args.repositories, &format, &filter, limit).await;
    }
    let connection = session.connect(None).await?;
    let with_state = format.needs("state") || format.needs("latest_status");
    let now = Timestamp::now();
    // A spinner would draw over the pager.
    let mut spinner =
        (!session.term.page()).then(|| session.term.spinner("asking for deployments"));
    let mut pages = Box::pin(list_matching(&connection, &filter, limit, with_state));
    let mut list = format.list(&session.term, columns(), |record| row(record, now));
    let mut summary = DeploymentSummary::new(session, "Deployments");
    let explain = |error| connection.explain(&error);
    while let Some(page) = pages.try_next().await.map_err(explain)? {
        let records: Vec<DeploymentRecord> = page
            .into_iter()
            .map(|observed| {
                if with_state || filter.needs_state() {
                    connection.record(observed)
                } else {
                    let url = connection.web_url(&observed.deployment);
                    DeploymentRecord::unobserved(observed.deployment, url)
                }
            })
            .collect();
        if !format.is_human() {
            // A page of JSON may end within a line, where a spinner must not be drawn.
            spinner = None;
        }
        if list.is_empty() {
            session.cache_deployments(&connection, &records);
        }
        list.page(&records)?;
        summary.add(&records);
    }
    drop(spinner);
    if list.is_empty() {
        session.term.progress(empty(&connection));
        if !session.global.wants_json() {
            for name in &args.filter.environment {
                if let Some(hint) = connection.suggest_cached_environment(name) {
                    session.term.hint(hint);
                }
            }
        }
    }
    list.finish()?;
    summary.finish(session)
}

fn empty(connection: &Connection) -> String {
    format!("no deployment in {} matches", connection.repo)
}

async fn watch(
    session: &Session,
    format: &Format,
    filter: &Filter,
    limit: Option<usize>,
) -> anyhow::Result<()> {
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
    let mut etag = None;
    let has_changed = async || {
        let repo = connection.repo();
        let newest = repo.deployments_since(filter.query(), 100, etag.as_deref());
        let newest = newest.await.map_err(explain)?;
        Ok(is_new(&mut etag, newest))
    };
    let read = async || {
        let pages = list_matching(&connection, filter, limit, true);
        let found = pages.try_concat().await.map_err(explain)?;
        let found = found.into_iter();
        Ok(found.map(|observed| connection.record(observed)).collect())
    };
    list.run(has_changed, read).await
}

impl WatchedRecord for DeploymentRecord {
    fn key(&self) -> String {
        self.deployment().id.to_string()
    }

    fn has_changed(&self, before: &Self) -> bool {
        self.state() != before.state()
    }

    /// One that is pushed out by the limit, or no longer matches, has not ended.
    fn ended(&self) -> Option<Self> {
        None
    }
}

fn parse_limit(text: &str) -> Result<Limit, String> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(Limit::All);
    }
    match text.parse() {
        Ok(count) if count > 0 => Ok(Limit::Count(count)),
        _ => Err("use a number from 1, or 'all'".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_or_all() {
        assert_eq!(parse_limit("5"), Ok(Limit::Count(5)));
        assert_eq!(parse_limit("ALL"), Ok(Limit::All));
        for text in ["0", "-1", "", "many"] {
            assert!(parse_limit(text).is_err(), "{text:?}");
        }
    }
}
