use futures_util::future::join_all;
use serde_json::json;

use super::agent::Agent;
use super::error::ServiceError;
use super::journal::{EntryState, JournalEntry};
use super::leftover_processes::{self, Leftovers};
use crate::api::NewStatus;
use crate::model::StatusState;
use crate::process;

/// Cleans up after an agent that was killed. Commands that it had started are
/// reported and not started again. Returns the open entries.
pub(super) async fn recover(agent: &Agent) -> Result<Vec<JournalEntry>, ServiceError> {
    for (path, error) in agent.checkouts.remove_all() {
        agent.log.warn(
            "checkout is left behind",
            json!({ "path": path, "error": error.to_string() }),
        );
    }
    let mut entries = agent.journal.open_entries().await?;
    let started = entries
        .iter_mut()
        .filter(|entry| entry.state == EntryState::Running);
    for result in join_all(started.map(|entry| report_killed(agent, entry))).await {
        result?;
    }
    Ok(entries)
}

pub(super) async fn report_killed(
    agent: &Agent,
    entry: &mut JournalEntry,
) -> Result<(), ServiceError> {
    let id = entry.id();
    let config = agent.config();
    let rule = config.rule_for(&entry.rule_input());
    let rule = rule.map(|(_, rule)| rule);
    let grace = rule.map_or(process::DEFAULT_GRACE, |rule| rule.kill_after);
    let leftovers =
        leftover_processes::end(agent.journal.instance(), id, entry.session, grace).await;
    agent.log.warn(
        "the agent was killed while a command ran",
        json!({ "id": id, "left_behind": format!("{leftovers:?}") }),
    );
    if agent.stored_report(entry).await?.is_none() {
        let description = match leftovers {
            Leftovers::Ended(_) => "the agent was killed, and then its command was ended",
            Leftovers::Remains(_) => "the agent was killed, and its command could not be ended",
            Leftovers::Nothing => "the agent was killed; how its command ended is not known",
            Leftovers::Unknown => "the agent was killed; its command may still run",
        };
        let log_url = rule
            .and_then(|rule| rule.log_url.as_ref())
            .and_then(|template| template.url(id.0, &entry.rule_input(), &agent.name));
        let status = NewStatus {
            description: Some(description.to_owned()),
            log_url,
            ..NewStatus::new(StatusState::Error)
        };
        // Nothing is sent if the deployment already has a final status.
        agent.store_report(entry, &status, None).await?;
    }
    entry.state = EntryState::Finishing;
    Ok(())
}
