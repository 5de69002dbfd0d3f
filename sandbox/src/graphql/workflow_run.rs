//! Workflow runs, and the reviews that they wait for
//! (<https://docs.github.com/graphql/reference/objects#workflowrun>).

use std::sync::Arc;

use super::check_suite::CheckSuite;
use super::deployment_request::{DeploymentRequest, DeploymentReview};
use super::object::{Field, Object, Output};
use super::page::{Connection, Cursor, PageArguments};
use super::problem::Result;
use super::repository::Repository;
use super::scalars::{capped, short, time};
use super::session::READ_RUNS;
use crate::ids::NodeId;
use crate::store;

/// A run of a workflow.
#[derive(Debug, Clone)]
pub(super) struct WorkflowRun {
    pub(super) repository: Repository,
    pub(super) row: Arc<store::WorkflowRun>,
}

impl WorkflowRun {
    pub(super) fn new(repository: &Repository, row: Arc<store::WorkflowRun>) -> Self {
        Self {
            repository: repository.clone(),
            row,
        }
    }

    /// A run by id; `None` if it does not exist.
    pub(super) fn find(repository: &Repository, id: i64) -> Result<Option<Self>> {
        let session = &repository.session;
        repository.demand(READ_RUNS)?;
        let owner = repository.row.id;
        let store = &session.core.store;
        let found = store.read(|read| store::WorkflowRun::by_id(read, owner, id))?;
        Ok(found.map(|row| Self::new(repository, Arc::new(row))))
    }
}

impl Object for WorkflowRun {
    fn kind(&self) -> &'static str {
        "WorkflowRun"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, row) = (&self.repository, &self.row);
        let path = || format!("/{}/actions/runs/{}", repository.row.full_name(), row.id);
        Ok(match field.name() {
            "checkSuite" => CheckSuite::new(repository, Arc::clone(row)).into(),
            "createdAt" => time(row.created_at).into(),
            "databaseId" => short(row.id).into(),
            "deploymentReviews" => self.deployment_reviews(&field.arguments()?)?.output(field),
            "event" => row.event.as_str().into(),
            "id" => NodeId::WorkflowRun(row.repository_id, row.id)
                .encode()
                .into(),
            "pendingDeploymentRequests" => {
                let page = self.pending_deployment_requests(&field.arguments()?)?;
                page.output(field)
            }
            "resourcePath" => path().into(),
            "runNumber" => capped(row.number).into(),
            "updatedAt" => time(row.updated_at).into(),
            "url" => repository.session.url(&path()).into(),
            "workflow" => Workflow {
                repository: repository.clone(),
                row: row.workflow.clone(),
            }
            .into(),
            _ => return Err(field.unknown()),
        })
    }
}

impl WorkflowRun {
    fn deployment_reviews(
        &self,
        arguments: &PageArguments,
    ) -> Result<Connection<DeploymentReview>> {
        let requested = arguments.check("deploymentReviews")?;
        let mut reviews = self.repository.session.core.run_reviews(&self.row)?;
        // The comments of apps are no reviews.
        reviews.retain(|review| review.state != "pending");
        let cut = requested.cut(
            reviews,
            |review| Cursor::new(review.id.to_string()),
            |review, key| key.parse().is_ok_and(|key: i64| review.id < key),
        );
        Ok(cut.map(|review| DeploymentReview::new(&self.repository, review)))
    }

    fn pending_deployment_requests(
        &self,
        arguments: &PageArguments,
    ) -> Result<Connection<DeploymentRequest>> {
        let requested = arguments.check("pendingDeploymentRequests")?;
        let session = &self.repository.session;
        let viewer = Some(&session.viewer.user);
        let pending = session.core.pending_deployments(&self.row, viewer)?;
        let page = requested.cut_by_position(pending);
        Ok(page.map(|pending| DeploymentRequest::new(&self.repository, pending)))
    }
}

/// A workflow file.
#[derive(Debug, Clone)]
pub(super) struct Workflow {
    repository: Repository,
    row: store::Workflow,
}

impl Workflow {
    /// A workflow by id; `None` if it does not exist.
    pub(super) fn find(repository: &Repository, id: i64) -> Result<Option<Self>> {
        let session = &repository.session;
        repository.demand(READ_RUNS)?;
        let owner = repository.row.id;
        let store = &session.core.store;
        let found = store.read(|read| store::Workflow::find(read, owner, &id.to_string()))?;
        Ok(found.map(|row| Self {
            repository: repository.clone(),
            row,
        }))
    }

    fn path(&self) -> String {
        let file = self.row.path.rsplit('/').next().unwrap_or_default();
        let file = crate::http::encode_segment(file);
        let name = self.repository.row.full_name();
        format!("/{name}/actions/workflows/{file}")
    }
}

impl Object for Workflow {
    fn kind(&self) -> &'static str {
        "Workflow"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, row) = (&self.repository, &self.row);
        Ok(match field.name() {
            "createdAt" | "updatedAt" => time(row.created_at).into(),
            "databaseId" => short(row.id).into(),
            "id" => NodeId::Workflow(repository.row.id, row.id).encode().into(),
            "name" => row.name.as_str().into(),
            "resourcePath" => self.path().into(),
            "state" => "ACTIVE".into(),
            "url" => repository.session.url(&self.path()).into(),
            _ => return Err(field.unknown()),
        })
    }
}

impl Workflow {}
