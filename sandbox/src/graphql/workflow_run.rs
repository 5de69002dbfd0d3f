//! Workflow runs, and the reviews that they wait for
//! (<https://docs.github.com/graphql/reference/objects#workflowrun>).

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};

use super::check_suite::CheckSuite;
use super::deployment_request::{DeploymentRequest, DeploymentReview};
use super::page::{Connection, Cursor, PageArguments};
use super::problem::Result;
use super::repository::Repository;
use super::scalars::{DateTime, Uri};
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

    fn path(&self) -> String {
        let name = self.repository.row.full_name();
        format!("/{name}/actions/runs/{}", self.row.id)
    }
}

/// A workflow run.
#[Object]
impl WorkflowRun {
    /// The check suite this workflow run belongs to.
    async fn check_suite(&self) -> CheckSuite {
        CheckSuite::new(&self.repository, Arc::clone(&self.row))
    }

    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The log of deployment reviews
    async fn deployment_reviews(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<DeploymentReview>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
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

    /// The event that triggered the workflow run
    async fn event(&self) -> String {
        self.row.event.clone()
    }

    /// The Node ID of the WorkflowRun object
    pub(super) async fn id(&self) -> ID {
        NodeId::WorkflowRun(self.row.repository_id, self.row.id)
            .encode()
            .into()
    }

    /// The pending deployment requests of all check runs in this workflow run
    async fn pending_deployment_requests(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<DeploymentRequest>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let requested = arguments.check("pendingDeploymentRequests")?;
        let session = &self.repository.session;
        let viewer = Some(&session.viewer.user);
        let pending = session.core.pending_deployments(&self.row, viewer)?;
        let page = requested.cut_by_position(pending);
        Ok(page.map(|pending| DeploymentRequest::new(&self.repository, pending)))
    }

    /// The HTTP path for this workflow run
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// A number that uniquely identifies this workflow run in its parent workflow.
    async fn run_number(&self) -> i32 {
        i32::try_from(self.row.number).unwrap_or(i32::MAX)
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.updated_at)
    }

    /// The HTTP URL for this workflow run
    pub(super) async fn url(&self) -> Uri {
        let web = &self.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
    }

    /// The workflow executed in this workflow run.
    async fn workflow(&self) -> Workflow {
        Workflow {
            repository: self.repository.clone(),
            row: self.row.workflow.clone(),
        }
    }
}

/// The possible states for a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum WorkflowState {
    /// The workflow is active.
    Active,
    /// The workflow was deleted from the git repository.
    Deleted,
    /// The workflow was disabled by default on a fork.
    DisabledFork,
    /// The workflow was disabled for inactivity in the repository.
    DisabledInactivity,
    /// The workflow was disabled manually.
    DisabledManually,
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

/// A workflow contains meta information about an Actions workflow file.
#[Object]
impl Workflow {
    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The Node ID of the Workflow object
    pub(super) async fn id(&self) -> ID {
        NodeId::Workflow(self.repository.row.id, self.row.id)
            .encode()
            .into()
    }

    /// The name of the workflow.
    async fn name(&self) -> String {
        self.row.name.clone()
    }

    /// The HTTP path for this workflow
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// The state of the workflow.
    async fn state(&self) -> WorkflowState {
        WorkflowState::Active
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// The HTTP URL for this workflow
    pub(super) async fn url(&self) -> Uri {
        let web = &self.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
    }
}
