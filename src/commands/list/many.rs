use jiff::Timestamp;

use super::rows::{columns, row};
use crate::model::DeploymentWithState;
use crate::output::{DeploymentRecord, Format, RepositoryRecord};
use crate::select::{Filter, ManyDeployments};
use crate::session::{Connection, DeploymentSummary, RepositoryArgs, Session};

/// The fields that only REST has.
const ONLY_IN_REST: [&str; 4] = [
    "payload",
    "transient_environment",
    "production_environment",
    "performed_via_github_app",
];

/// Lists the deployments of several repositories.
pub(super) async fn run(
    session: &Session,
    args: &RepositoryArgs,
    format: &Format,
    filter: &Filter,
    limit: Option<usize>,
) -> anyhow::Result<()> {
    let mut repositories = session.connect_all(args, None).await?;
    let place = repositories.place();
    let spinner = (!session.term.page()).then(|| session.term.spinner("asking for deployments"));
    let now = Timestamp::now();
    let columns = RepositoryRecord::<DeploymentRecord>::columns(true, columns());
    let mut list = format.list(
        &session.term,
        columns,
        |record: &RepositoryRecord<DeploymentRecord>| record.row(|record| row(record, now)),
    );
    let mut summary = DeploymentSummary::new(session, "Deployments");
    let mut many = ManyDeployments {
        repositories: &mut repositories,
        filter,
        with_state: format.needs("state") || format.needs("latest_status"),
        needs_rest: filter.needs_rest() || ONLY_IN_REST.iter().any(|field| format.names(field)),
    };
    if limit.is_none() && session.global.jsonl.is_some() {
        drop(spinner);
        many.for_each_page(|connection, page| {
            let page: Vec<_> = page
                .into_iter()
                .map(|observed| record(connection, observed))
                .collect();
            summary.add(page.iter().map(RepositoryRecord::record));
            Ok(list.page(&page)?)
        })
        .await?;
    } else {
        let found = many.newest(limit).await?;
        drop(spinner);
        let connections = &repositories.connections;
        // The records take more memory than the deployments.
        let mut found = found.into_iter().peekable();
        while found.peek().is_some() {
            let page: Vec<_> = found
                .by_ref()
                .take(PAGE)
                .map(|(index, observed)| record(&connections[index], observed))
                .collect();
            summary.add(page.iter().map(RepositoryRecord::record));
            list.page(&page)?;
        }
    }
    if list.is_empty() {
        session
            .term
            .progress(format!("no deployment in {place} matches"));
    }
    list.finish()?;
    summary.finish(session)?;
    repositories.unreadable.report(session);
    Ok(())
}

/// How many records are made at once.
const PAGE: usize = 100;

fn record(
    connection: &Connection,
    observed: DeploymentWithState,
) -> RepositoryRecord<DeploymentRecord> {
    RepositoryRecord::new(Some(&connection.repo), connection.record(observed))
}
