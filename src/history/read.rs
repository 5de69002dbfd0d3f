use super::live::{choose_task, find_live};
use super::rollback::{RollbackTarget, find_candidates};
use crate::api::{DeploymentFilter, EnvironmentHistory, Paging};
use crate::error::{Failure, Kind};
use crate::model::PastDeployment;
use crate::session::{Connection, suggest_environment};
use futures_util::TryStreamExt;

/// How many deployments are searched for the live one.
const MAX_SEARCHED: usize = 1000;

/// Reads a history until its live deployment is known. In most environments it
/// is among the newest deployments, which are there already.
pub(crate) async fn read_until_live(
    connection: &Connection,
    history: &mut EnvironmentHistory,
    task: Option<&str>,
) -> Result<(), Failure> {
    let is_known = |history: &EnvironmentHistory| match task {
        Some(task) => find_live(&history.deployments, task).is_some(),
        None => history.deployments.iter().any(PastDeployment::is_live),
    };
    while !is_known(history) && !history.is_complete() && history.deployments.len() < MAX_SEARCHED {
        read_more(connection, history).await?;
    }
    Ok(())
}

/// Reads a history until the target of a rollback is known: as far as the first
/// success of the live commit, and then until the target is found.
pub(crate) async fn read_until_target(
    connection: &Connection,
    history: &mut EnvironmentHistory,
    task: Option<&str>,
    target: &RollbackTarget,
) -> Result<(), Failure> {
    read_until_live(connection, history, task).await?;
    let Some(task) = choose_task(&history.deployments, task).map(str::to_owned) else {
        return Ok(());
    };
    let live = find_live(&history.deployments, &task);
    if let (Some(live), false) = (live, history.is_complete()) {
        let filter = DeploymentFilter::new()
            .environment(&history.environment)
            .sha(&live.sha)
            .task(&task);
        let pages = connection.repo().deployments(&filter, Paging::all());
        let same: Vec<_> = pages
            .try_concat()
            .await
            .map_err(|error| connection.explain(&error))?;
        let first = same.iter().map(|one| one.created_at).min();
        let reaches = |history: &EnvironmentHistory| {
            let oldest = history.deployments.last().map(|one| one.created_at);
            first.is_none_or(|first| oldest.is_some_and(|oldest| oldest < first))
        };
        while !reaches(history) && !history.is_complete() {
            read_more(connection, history).await?;
        }
    }
    while !history.is_complete() {
        let candidates = find_candidates(&history.deployments, &task);
        if candidates.choose(target).is_ok() {
            break;
        }
        read_more(connection, history).await?;
    }
    Ok(())
}

async fn read_more(
    connection: &Connection,
    history: &mut EnvironmentHistory,
) -> Result<(), Failure> {
    let read = connection.repo().read_more(history).await;
    read.map_err(|error| connection.explain(&error))
}

/// The failure for an environment without deployments, with a similar name.
pub(crate) async fn require_deployments(
    connection: &Connection,
    history: &EnvironmentHistory,
) -> Result<(), Failure> {
    if !history.deployments.is_empty() {
        return Ok(());
    }
    let name = &history.environment;
    let message = format!("there is no deployment to {name} in {}", connection.repo);
    let hint = suggest_environment(connection, name).await;
    Err(Failure::new(Kind::NothingThere, message).with_hints(hint))
}

/// The live deployment of a history that was read for it.
///
/// # Errors
/// `NothingThere` if nothing is live.
pub(crate) fn require_live<'a>(
    history: &'a EnvironmentHistory,
    task: Option<&'a str>,
) -> Result<&'a PastDeployment, Failure> {
    let deployments = &history.deployments;
    let chosen = choose_task(deployments, task);
    if let Some(live) = chosen.and_then(|task| find_live(deployments, task)) {
        return Ok(live);
    }
    let name = &history.environment;
    let of_task = task.map_or_else(String::new, |task| format!(" of the task {task}"));
    let message = format!("no deployment{of_task} to {name} is live");
    Err(Failure::new(Kind::NothingThere, message).hint(format!(
        "run 'deployctl list -e {name}' to see its deployments"
    )))
}
