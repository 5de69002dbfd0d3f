//! The environments that a workflow run waits for, and its review log
//! (<https://docs.github.com/graphql/reference/objects#deploymentrequest>).

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};

use super::environment::Environment;
use super::owner::User;
use super::page::{Connection, Cursor, PageArguments, connection};
use super::problem::Result;
use super::protection::DeploymentReviewer;
use super::repository::Repository;
use super::scalars::DateTime;
use crate::ids::NodeId;
use crate::rules::PendingDeployment;
use crate::store::RunReview;

connection!(
    DeploymentRequest,
    "DeploymentRequestConnection",
    "DeploymentRequestEdge"
);

/// An environment that a run waits for.
#[derive(Debug, Clone)]
pub(super) struct DeploymentRequest {
    repository: Repository,
    pending: PendingDeployment,
}

impl DeploymentRequest {
    pub(super) fn new(repository: &Repository, pending: PendingDeployment) -> Self {
        Self {
            repository: repository.clone(),
            pending,
        }
    }
}

/// A request to deploy a workflow run to an environment.
#[Object]
impl DeploymentRequest {
    /// Whether or not the current user can approve the deployment
    async fn current_user_can_approve(&self) -> bool {
        self.pending.can_approve
    }

    /// The target environment of the deployment
    async fn environment(&self) -> Environment {
        Environment::new(&self.repository, self.pending.environment.clone())
    }

    /// The teams or users that can review the deployment
    async fn reviewers(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<DeploymentReviewer>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let requested = arguments.check("reviewers")?;
        let reviewers = &self.pending.reviewers;
        let session = &self.repository.session;
        Ok(DeploymentReviewer::page(session, reviewers, &requested))
    }

    /// The wait timer in minutes configured in the environment
    async fn wait_timer(&self) -> i32 {
        i32::try_from(self.pending.wait_timer).unwrap_or(i32::MAX)
    }

    /// The wait timer in minutes configured in the environment
    async fn wait_timer_started_at(&self) -> Option<DateTime> {
        self.pending
            .wait_timer_started_at
            .map(DateTime::from_seconds)
    }
}

/// The possible states for a deployment review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum DeploymentReviewState {
    /// The deployment was approved.
    Approved,
    /// The deployment was rejected.
    Rejected,
}

connection!(
    DeploymentReview,
    "DeploymentReviewConnection",
    "DeploymentReviewEdge"
);

/// An entry of the review log.
#[derive(Debug, Clone)]
pub(super) struct DeploymentReview {
    repository: Repository,
    row: Arc<RunReview>,
}

impl DeploymentReview {
    pub(super) fn new(repository: &Repository, row: RunReview) -> Self {
        Self {
            repository: repository.clone(),
            row: Arc::new(row),
        }
    }
}

/// A deployment review.
#[Object]
impl DeploymentReview {
    /// The comment the user left.
    async fn comment(&self) -> String {
        self.row.comment.clone()
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The environments approved or rejected
    async fn environments(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<Environment>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let requested = arguments.check("environments")?;
        let cut = requested.cut(
            self.row.environments.clone(),
            |row| Cursor::new(row.id.to_string()),
            |row, key| key.parse().is_ok_and(|key: i64| row.id < key),
        );
        Ok(cut.map(|row| Environment::new(&self.repository, row)))
    }

    /// The Node ID of the DeploymentReview object
    pub(super) async fn id(&self) -> ID {
        NodeId::DeploymentReview(self.repository.row.id, self.row.id)
            .encode()
            .into()
    }

    /// The decision of the user.
    async fn state(&self) -> DeploymentReviewState {
        if self.row.state == "approved" {
            DeploymentReviewState::Approved
        } else {
            DeploymentReviewState::Rejected
        }
    }

    /// The user that reviewed the deployment.
    async fn user(&self) -> User {
        User::new(&self.repository.session, self.row.user.clone())
    }
}
