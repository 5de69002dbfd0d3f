use std::sync::Arc;

use super::agent::{Agent, Setup};
use super::deploy::{FinalReport, ReportResult};
use super::error::ServiceError;
use super::journal::EntryState;
use super::leftover_processes;
use super::recover::report_killed;
use crate::model::DeploymentId;
use crate::outbox::StoredStatus;

/// What was done for an agent that is not running.
#[derive(Debug, Default)]
pub(crate) struct OfflineReport {
    /// The stored final statuses, and the results of sending them.
    pub results: Vec<(StoredStatus, ReportResult)>,
    /// The deployments whose commands are still running without the agent.
    pub still_running: Vec<DeploymentId>,
    /// How many deployments the agent has not started.
    pub waiting: usize,
}

/// Reports for an agent that is not running what its next start would report: the
/// stored final statuses of deployments that it still owns, and `error` for those
/// that were interrupted when it was killed. No command is started or ended.
pub(crate) async fn report_offline(setup: Setup) -> Result<OfflineReport, ServiceError> {
    let (agent, _stage) = Agent::new(setup)?;
    let agent = Arc::new(agent);
    let mut report = OfflineReport::default();
    let mut is_down = false;
    for mut entry in agent.journal.open_entries().await? {
        let id = entry.id();
        match entry.state {
            EntryState::Finishing => {}
            EntryState::Running => {
                let instance = agent.journal.instance();
                if leftover_processes::exist(instance, id, entry.session) == Some(true) {
                    report.still_running.push(id);
                    continue;
                }
                report_killed(&agent, &mut entry).await?;
            }
            EntryState::Received | EntryState::Claimed | EntryState::Watching => {
                report.waiting += 1;
                continue;
            }
            EntryState::Done => continue,
        }
        let stored = agent.stored_report(&entry).await?.map(|(_, stored)| stored);
        let result = if is_down {
            ReportResult::Waiting(None)
        } else {
            FinalReport::new(Arc::clone(&agent), entry).try_send().await
        };
        if let ReportResult::Waiting(Some(error)) = &result {
            is_down = error.is_temporary();
        }
        if let Some(stored) = stored {
            report.results.push((stored, result));
        }
    }
    Ok(report)
}
