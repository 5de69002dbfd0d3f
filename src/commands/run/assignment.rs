use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentId, StatusId};
use crate::outbox::RequestNote;

/// A deployment that this run carries out.
pub(super) struct Assignment {
    pub(super) deployment: Deployment,
    /// Its newest status before the run, if it had one.
    pub(super) last_status_before: Option<StatusId>,
    /// The record of the request in the outbox, if this run requested it.
    pub(super) request: Option<RequestNote>,
}

/// The failure for a deployment that an agent has claimed first.
pub(super) fn claimed_by_agent(id: DeploymentId, agent: &str) -> Failure {
    Failure::new(
        Kind::NotFinished,
        format!("the agent {agent} has claimed deployment {id}: nothing was run"),
    )
    .hint(format!(
        "run 'deployctl wait {id}' to follow it until it ends"
    ))
    .hint("to run a command here, use an environment or a --task that no rule of an agent matches")
    .detail("deployment", id)
    .detail("agent", agent)
}
