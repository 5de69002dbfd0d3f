//! Approving and rejecting the deployments that a run waits for
//! (<https://docs.github.com/graphql/reference/mutations#approvedeployments>).

use std::sync::Arc;

use serde::Deserialize;

use super::deployment::Deployment;
use super::node::Node;
use super::object::Values;
use super::problem::{Problem, Result};
use super::scalars::Id;
use super::session::{Session, WRITE_DEPLOYMENTS};
use crate::ids::NodeId;
use crate::rules::{ReviewRequest, Witness};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReviewInput {
    comment: Option<String>,
    environment_ids: Vec<Id>,
    workflow_run_id: Id,
}

/// Approves or rejects.
pub(super) fn review(
    session: &Arc<Session>,
    mutation: &str,
    approves: bool,
    input: ReviewInput,
) -> Result<Values> {
    let run = &input.workflow_run_id;
    let Some(Node::WorkflowRun(found)) = Node::find(session, run)? else {
        return Err(Problem::no_node_of("WorkflowRun", run));
    };
    found.repository.demand_write(WRITE_DEPLOYMENTS, mutation)?;
    let repository = &found.repository;
    let environment = |id: &Id| match NodeId::decode(id) {
        Some(NodeId::Environment(owner, id)) if owner == repository.row.id => Ok(id),
        _ => Err(Problem::no_node_of("Environment", id)),
    };
    let review = ReviewRequest {
        environments: input
            .environment_ids
            .iter()
            .map(environment)
            .collect::<Result<_>>()?,
        approves,
        comment: input.comment.unwrap_or_default(),
    };
    let recorder = session.recorder(&repository.row)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let (user, run) = (&session.viewer.user, found.row.id);
    let core = &session.core;
    let rows = core.review_run(&repository.row, user, run, &review, witness)?;
    let deployments: Vec<Deployment> = Deployment::all(repository, rows).collect();
    Ok(vec![("deployments", deployments.into())])
}
