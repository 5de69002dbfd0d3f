//! The mutations (<https://docs.github.com/graphql/reference/mutations>). The
//! library runs the fields of one mutation one after the other.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::deployment::Deployment;
use super::node::Node;
use super::object::{Field, Object, Output, Values};
use super::problem::{Problem, Result};
use super::ref_updates::update_refs;
use super::reviews::review;
use super::scalars::Id;
use super::session::{Session, WRITE_DEPLOYMENTS};
use super::settings::{create_environment, delete_environment, update_environment};
use super::status::DeploymentStatus;
use crate::rules::{Created, NewDeployment, NewStatus, RequiredContexts, Witness};

/// The mutation root.
#[derive(Debug)]
pub(super) struct Mutation(Arc<Session>);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateDeploymentInput {
    auto_merge: Option<bool>,
    description: Option<String>,
    environment: Option<String>,
    payload: Option<String>,
    ref_id: Id,
    repository_id: Id,
    required_contexts: Option<Vec<String>>,
    task: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateDeploymentStatusInput {
    auto_inactive: Option<bool>,
    deployment_id: Id,
    description: Option<String>,
    environment: Option<String>,
    environment_url: Option<String>,
    log_url: Option<String>,
    state: String,
}

#[derive(Debug, Deserialize)]
struct DeleteDeploymentInput {
    id: Id,
}

/// What every input has.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnyInput {
    client_mutation_id: Option<String>,
}

fn input<T: DeserializeOwned>(field: Field<'_>) -> Result<T> {
    field.argument("input")
}

impl Object for Mutation {
    fn kind(&self) -> &'static str {
        "Mutation"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let session = &self.0;
        let mut values = match field.name() {
            "approveDeployments" => review(session, "ApproveDeployments", true, input(field)?)?,
            "createDeployment" => create_deployment(session, input(field)?)?,
            "createDeploymentStatus" => create_deployment_status(session, input(field)?)?,
            "createEnvironment" => create_environment(session, &input(field)?)?,
            "deleteDeployment" => delete_deployment(session, &input(field)?)?,
            "deleteEnvironment" => delete_environment(session, &input(field)?)?,
            "rejectDeployments" => review(session, "RejectDeployments", false, input(field)?)?,
            "updateEnvironment" => update_environment(session, input(field)?)?,
            "updateRefs" => update_refs(session, input(field)?)?,
            _ => return Err(field.unknown()),
        };
        let AnyInput { client_mutation_id } = input(field)?;
        values.push(("clientMutationId", client_mutation_id.into()));
        Ok(field.record(values))
    }
}

impl Mutation {
    pub(super) fn new(session: &Arc<Session>) -> Self {
        Self(Arc::clone(session))
    }
}

fn create_deployment(session: &Arc<Session>, input: CreateDeploymentInput) -> Result<Values> {
    let repository = Node::repository(session, &input.repository_id)?;
    repository.demand_write(WRITE_DEPLOYMENTS, "CreateDeployment")?;
    let reference = match Node::find(session, &input.ref_id)? {
        Some(Node::Ref(reference)) if reference.is_of(&repository) => reference.deployable()?,
        _ => return Err(Problem::no_node_of("Ref", &input.ref_id)),
    };
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    let new = NewDeployment {
        task: input.task,
        auto_merge: input.auto_merge.unwrap_or(true),
        required_contexts: input
            .required_contexts
            .map_or(RequiredContexts::All, RequiredContexts::Only),
        payload: filled(input.payload).map(kept_payload),
        environment: input.environment,
        description: filled(input.description),
        ..NewDeployment::with_ref(reference)
    };
    let user = &session.viewer.user;
    let recorder = session.recorder(&repository.row)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let created = session
        .core
        .create_deployment(&repository.row, user, &new, witness);
    session.forget_refs();
    let deployment = match created? {
        Created::Deployment(row) => Some(Deployment::new(&repository, *row)),
        Created::AutoMerged { .. } => None,
    };
    Ok(vec![
        ("autoMerged", deployment.is_none().into()),
        ("deployment", deployment.into()),
    ])
}

fn create_deployment_status(
    session: &Arc<Session>,
    input: CreateDeploymentStatusInput,
) -> Result<Values> {
    let deployment = deployment(session, &input.deployment_id)?;
    deployment
        .parent()
        .demand_write(WRITE_DEPLOYMENTS, "CreateDeploymentStatus")?;
    let new = NewStatus {
        description: input.description,
        log_url: input.log_url,
        environment_url: input.environment_url,
        environment: input.environment,
        auto_inactive: input.auto_inactive,
        ..NewStatus::with_state(input.state.to_ascii_lowercase())
    };
    let (repository, id) = (deployment.parent(), deployment.row().id);
    let user = &session.viewer.user;
    let recorder = session.recorder(&repository.row)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let made = session
        .core
        .create_status(&repository.row, user, id, &new, witness)?;
    // The status moved the deployment's time, and perhaps its environment.
    let moved = Deployment::new(repository, session.core.deployment(&repository.row, id)?);
    let status = DeploymentStatus::new(&moved, made);
    Ok(vec![("deploymentStatus", status.into())])
}

fn delete_deployment(session: &Arc<Session>, input: &DeleteDeploymentInput) -> Result<Values> {
    let deployment = deployment(session, &input.id)?;
    let repository = deployment.parent();
    repository.demand_write(WRITE_DEPLOYMENTS, "DeleteDeployment")?;
    let id = deployment.row().id;
    session.core.delete_deployment(&repository.row, id)?;
    Ok(Vec::new())
}

fn deployment(session: &Arc<Session>, id: &str) -> Result<Deployment> {
    match Node::find(session, id)? {
        Some(Node::Deployment(deployment)) => Ok(deployment),
        _ => Err(Problem::no_node_of("Deployment", id)),
    }
}

/// A payload as the store keeps it: an object as its original text, any other
/// text as a JSON string.
fn kept_payload(text: String) -> String {
    match serde_json::from_str(&text) {
        Ok(Value::Object(_)) => text,
        _ => Value::String(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::kept_payload;

    #[test]
    fn payloads_keep_their_text() {
        let object = r#"{"n":1.10, "big":12345678901234567890123}"#;
        assert_eq!(kept_payload(object.to_owned()), object);
        assert_eq!(kept_payload("a \"b\"".to_owned()), r#""a \"b\"""#);
        assert_eq!(kept_payload("[1]".to_owned()), r#""[1]""#);
    }
}
