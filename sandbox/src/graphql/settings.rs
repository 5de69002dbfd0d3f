//! Making, changing and removing environments
//! (<https://docs.github.com/graphql/reference/mutations#createenvironment>).

use std::sync::Arc;

use serde::Deserialize;

use super::environment::Environment;
use super::node::Node;
use super::object::Values;
use super::problem::{Problem, Result};
use super::scalars::Id;
use super::session::{Session, WRITE_ENVIRONMENTS};
use crate::ids::NodeId;
use crate::rules::ReviewerId;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateEnvironmentInput {
    name: String,
    repository_id: Id,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpdateEnvironmentInput {
    environment_id: Id,
    prevent_self_review: Option<bool>,
    reviewers: Option<Vec<Id>>,
    wait_timer: Option<i32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DeleteEnvironmentInput {
    id: Id,
}

/// Makes an environment, or finds it.
pub(super) fn create_environment(
    session: &Arc<Session>,
    input: &CreateEnvironmentInput,
) -> Result<Values> {
    let repository = Node::repository(session, &input.repository_id)?;
    repository.demand_write(WRITE_ENVIRONMENTS, "CreateEnvironment")?;
    let made = session
        .core
        .ensure_environment(&repository.row, &input.name)?;
    let made = Environment::new(&repository, made);
    Ok(vec![("environment", made.into())])
}

/// Applies the fields of the input.
pub(super) fn update_environment(
    session: &Arc<Session>,
    input: UpdateEnvironmentInput,
) -> Result<Values> {
    let environment = find(session, &input.environment_id)?;
    environment
        .parent()
        .demand_write(WRITE_ENVIRONMENTS, "UpdateEnvironment")?;
    let reviewer = |id: Id| match NodeId::decode(&id) {
        Some(NodeId::User(id)) => Ok(ReviewerId::User(id)),
        Some(NodeId::Team(id)) => Ok(ReviewerId::Team(id)),
        _ => Err(Problem::no_node_of("DeploymentReviewer", &id)),
    };
    let reviewers: Option<Vec<ReviewerId>> = input
        .reviewers
        .map(|ids| ids.into_iter().map(reviewer).collect::<Result<_>>())
        .transpose()?;
    let repository = environment.parent();
    let changed = session.core.update_environment(
        &repository.row,
        &environment.row().name,
        |protection| {
            if let Some(minutes) = input.wait_timer {
                protection.wait_timer = minutes.into();
            }
            if let Some(prevented) = input.prevent_self_review {
                protection.prevent_self_review = prevented;
            }
            if let Some(reviewers) = reviewers {
                protection.reviewers = reviewers;
            }
        },
    )?;
    let changed = Environment::new(repository, changed);
    Ok(vec![("environment", changed.into())])
}

/// Removes an environment.
pub(super) fn delete_environment(
    session: &Arc<Session>,
    input: &DeleteEnvironmentInput,
) -> Result<Values> {
    let environment = find(session, &input.id)?;
    environment
        .parent()
        .demand_write(WRITE_ENVIRONMENTS, "DeleteEnvironment")?;
    let (row, name) = (&environment.parent().row, &environment.row().name);
    session.core.delete_environment(row, name)?;
    Ok(Vec::new())
}

fn find(session: &Arc<Session>, id: &str) -> Result<Environment> {
    match Node::find(session, id)? {
        Some(Node::Environment(environment)) => Ok(environment),
        _ => Err(Problem::no_node_of("Environment", id)),
    }
}
