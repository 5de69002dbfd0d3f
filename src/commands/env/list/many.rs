use jiff::Timestamp;

use super::rows::{columns, row};
use crate::output::{EnvironmentRecord, Format, RepositoryRecord};
use crate::session::{Connection, Repositories, RepositoryArgs, Session};

/// The fields that only REST has.
const ONLY_IN_REST: [&str; 5] = [
    "protection_rules",
    "deployment_branch_policy",
    "can_admins_bypass",
    "created_at",
    "updated_at",
];
/// How many repositories are read before their environments are printed.
const ROUND: usize = 250;

type Record = RepositoryRecord<EnvironmentRecord>;

/// Lists the environments of several repositories.
pub(super) async fn run(
    session: &Session,
    args: &RepositoryArgs,
    format: &Format,
) -> anyhow::Result<()> {
    let mut repositories = session.connect_all(args, None).await?;
    let place = repositories.place();
    let with_settings = ONLY_IN_REST.iter().any(|field| format.names(field));
    let spinner = (!session.term.page()).then(|| session.term.spinner("asking for environments"));
    let now = Timestamp::now();
    let mut columns = columns();
    // GraphQL lacks what protects an environment.
    columns.pop();
    let columns = Record::columns(true, columns);
    let mut list = format.list(&session.term, columns, |record: &Record| {
        record.row(|record| {
            let mut cells = row(record, now);
            cells.pop();
            cells
        })
    });
    if with_settings {
        let read = async |connection: &Connection| {
            let found = connection.repo().overview().await;
            Ok(found.map_err(|error| connection.explain(&error))?)
        };
        for (connection, found) in repositories.read_each(read).await? {
            let found = found.into_iter().map(EnvironmentRecord::new);
            list.page(&records(connection, found))?;
        }
    } else {
        let Repositories {
            connections,
            unreadable,
            ..
        } = &mut repositories;
        for round in connections.chunks(ROUND) {
            let repos: Vec<_> = round.iter().map(|connection| &connection.repo).collect();
            let found = round[0].client.overviews(&repos).await;
            let found = found.map_err(|error| round[0].explain(&error))?;
            for (connection, found) in round.iter().zip(found) {
                match found {
                    Ok(Some(found)) => {
                        let found = found.into_iter().map(EnvironmentRecord::without_settings);
                        list.page(&records(connection, found))?;
                    }
                    Ok(None) => unreadable.add_hidden(connection)?,
                    Err(error) => unreadable.add(connection, connection.explain(&error))?,
                }
            }
        }
    }
    drop(spinner);
    if list.is_empty() {
        session
            .term
            .progress(format!("there is no environment in {place}"));
    }
    list.finish()?;
    repositories.unreadable.report(session);
    Ok(())
}

fn records(connection: &Connection, found: impl Iterator<Item = EnvironmentRecord>) -> Vec<Record> {
    found
        .map(|record| RepositoryRecord::new(Some(&connection.repo), record))
        .collect()
}
