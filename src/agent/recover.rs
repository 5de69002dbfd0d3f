use futures_util::future::join_all;
use serde_json::json;

use super::checkout;
use super::deploy::Agent;
use super::journal::{Entry, State};
use super::leftovers::{self, Left};
use super::service::ServiceError;
use crate::api::NewStatus;
use crate::model::StatusState;
use crate::process;

/// Brings in order what an agent left that was killed. What it had started is
/// not started again: it is reported. Gives back what is not done.
pub(super) async fn recover(agent: &Agent) -> Result<Vec<Entry>, ServiceError> {
    for (path, error) in checkout::remove_all(&agent.state) {
        agent.log.warn(
            "checkout is left behind",
            json!({ "path": path, "error": error.to_string() }),
        );
    }
    let mut entries = agent.journal.open_entries().await?;
    let started = entries
        .iter_mut()
        .filter(|entry| entry.state == State::Running);
    for done in join_all(started.map(|entry| report_killed(agent, entry))).await {
        done?;
    }
    Ok(entries)
}

pub(super) async fn report_killed(agent: &Agent, entry: &mut Entry) -> Result<(), ServiceError> {
    let id = entry.id();
    let config = agent.config();
    let rule = config.rule_for(&entry.request());
    let rule = rule.map(|(_, rule)| rule);
    let grace = rule.map_or(process::GRACE, |rule| rule.kill_after);
    let left = leftovers::end(agent.journal.instance(), id, entry.session, grace).await;
    agent.log.warn(
        "the agent was killed while a command ran",
        json!({ "id": id, "left_behind": format!("{left:?}") }),
    );
    if agent.kept(entry).await?.is_none() {
        let description = match left {
            Left::Ended(_) => "the agent was killed, and then its command was ended",
            Left::Remains(_) => "the agent was killed, and its command could not be ended",
            Left::Nothing => "the agent was killed; how its command ended is not known",
            Left::Unknown => "the agent was killed; its command may still run",
        };
        let log_url = rule
            .and_then(|rule| rule.log_url.as_ref())
            .and_then(|template| template.address(id.0, &entry.request(), &agent.name));
        let status = NewStatus {
            description: Some(description.to_owned()),
            log_url,
            ..NewStatus::new(StatusState::Error)
        };
        // Any final status that is there already is the end of it.
        agent.keep(entry, &status, None).await?;
    }
    entry.state = State::Finishing;
    Ok(())
}
