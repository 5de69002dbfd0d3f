use std::sync::Arc;

use super::deploy::{Agent, Finish, Finished};
use super::journal::{Outcome, State};
use super::leftovers;
use super::recover::report_killed;
use super::service::{ServiceError, Setup};
use crate::api::ApiError;
use crate::model::DeploymentId;
use crate::outbox::Entry as Kept;

/// What was done for an agent that does not work.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// The final statuses that it had kept, and what became of them.
    pub reports: Vec<(Kept, Report)>,
    /// The deployments whose commands go on without it.
    pub going_on: Vec<DeploymentId>,
    /// How many deployments it has still to begin with.
    pub waiting: usize,
}

/// What became of a final status.
#[derive(Debug)]
pub(crate) enum Report {
    /// The deployment is closed.
    Closed(Outcome),
    /// It is still kept.
    Waits(Option<ApiError>),
}

/// Reports for an agent that does not work what it had left to report, as its
/// next start would: kept final statuses of deployments that are still its own,
/// and `error` for those in the middle of which it was killed. Nothing is
/// started and nothing is ended: a command that goes on is left to the agent.
pub(crate) async fn settle(setup: Setup) -> Result<Settled, ServiceError> {
    let (agent, _stage) = Agent::assemble(setup)?;
    let agent = Arc::new(agent);
    let mut settled = Settled::default();
    let mut is_down = false;
    for mut entry in agent.journal.open_entries().await? {
        let id = entry.id();
        match entry.state {
            State::Finishing => {}
            State::Running => {
                let instance = agent.journal.instance();
                if leftovers::is_left(instance, id, entry.session) == Some(true) {
                    settled.going_on.push(id);
                    continue;
                }
                report_killed(&agent, &mut entry).await?;
            }
            State::Received | State::Claimed | State::Watching => {
                settled.waiting += 1;
                continue;
            }
            State::Done => continue,
        }
        let kept = agent.kept(&entry).await?.map(|(_, kept)| kept);
        let report = if is_down {
            Report::Waits(None)
        } else {
            match Finish::new(Arc::clone(&agent), entry).once().await {
                Finished::Closed(outcome) => Report::Closed(outcome),
                Finished::Waits(error) => {
                    is_down = error.as_ref().is_some_and(ApiError::is_temporary);
                    Report::Waits(error)
                }
            }
        };
        if let Some(kept) = kept {
            settled.reports.push((kept, report));
        }
    }
    Ok(settled)
}
