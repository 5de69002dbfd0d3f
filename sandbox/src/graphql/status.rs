//! Statuses of deployments
//! (<https://docs.github.com/graphql/reference/objects#deploymentstatus>).

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};

use super::actor::Actor;
use super::deployment::Deployment;
use super::page::{Connection, Cursor, PageArguments, connection};
use super::problem::{Problem, Result};
use super::scalars::{DateTime, Uri};
use crate::ids::NodeId;
use crate::store::{self, Window};

/// The possible states for a deployment status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum DeploymentStatusState {
    /// The deployment experienced an error.
    Error,
    /// The deployment has failed.
    Failure,
    /// The deployment is inactive.
    Inactive,
    /// The deployment is in progress.
    InProgress,
    /// The deployment is pending.
    Pending,
    /// The deployment is queued
    Queued,
    /// The deployment was successful.
    Success,
    /// The deployment is waiting.
    Waiting,
}

impl DeploymentStatusState {
    const ALL: [Self; 8] = [
        Self::Error,
        Self::Failure,
        Self::Inactive,
        Self::InProgress,
        Self::Pending,
        Self::Queued,
        Self::Success,
        Self::Waiting,
    ];

    /// The state's name in REST.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Failure => "failure",
            Self::Inactive => "inactive",
            Self::InProgress => "in_progress",
            Self::Pending => "pending",
            Self::Queued => "queued",
            Self::Success => "success",
            Self::Waiting => "waiting",
        }
    }
}

/// A status of a deployment.
#[derive(Debug, Clone)]
pub(super) struct DeploymentStatus {
    deployment: Deployment,
    row: Arc<store::DeploymentStatus>,
}

connection!(
    DeploymentStatus,
    "DeploymentStatusConnection",
    "DeploymentStatusEdge"
);

impl DeploymentStatus {
    pub(super) fn new(
        deployment: &Deployment,
        row: impl Into<Arc<store::DeploymentStatus>>,
    ) -> Self {
        Self {
            deployment: deployment.clone(),
            row: row.into(),
        }
    }

    /// A page of a deployment's statuses, newest first.
    pub(super) fn list(
        deployment: &Deployment,
        arguments: &PageArguments,
    ) -> Result<Connection<Self>> {
        let requested = arguments.check("statuses")?;
        let repository = deployment.parent();
        let all = Window {
            skip: 0,
            take: u64::MAX,
        };
        let core = &repository.session.core;
        let statuses = core.statuses(&repository.row, deployment.row().id, all)?;
        let cut = requested.cut(
            statuses.items,
            |row| Cursor::new(row.id.to_string()),
            |row, place| place.parse().is_ok_and(|place: i64| row.id > place),
        );
        Ok(cut.map(|row| Self::new(deployment, row)))
    }
}

/// Describes the status of a given deployment attempt.
#[Object]
impl DeploymentStatus {
    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// Identifies the actor who triggered the deployment.
    async fn creator(&self) -> Actor {
        Actor::new(&self.deployment.parent().session, self.row.creator.clone())
    }

    /// Identifies the deployment associated with status.
    async fn deployment(&self) -> Deployment {
        self.deployment.clone()
    }

    /// Identifies the description of the deployment.
    async fn description(&self) -> Option<String> {
        Some(self.row.description.clone())
    }

    /// Identifies the environment of the deployment at the time of this deployment status
    async fn environment(&self) -> Option<String> {
        Some(self.row.environment.clone())
    }

    /// Identifies the environment URL of the deployment.
    async fn environment_url(&self) -> Option<Uri> {
        address(&self.row.environment_url)
    }

    /// The Node ID of the DeploymentStatus object
    pub(super) async fn id(&self) -> ID {
        NodeId::DeploymentStatus(self.deployment.row().repository_id, self.row.id)
            .encode()
            .into()
    }

    /// Identifies the log URL of the deployment.
    async fn log_url(&self) -> Option<Uri> {
        let repository = self.deployment.parent();
        let urls = &repository.session.viewer.urls;
        address(&urls.log(&repository.row, &self.row.log_url))
    }

    /// Identifies the current state of the deployment.
    async fn state(&self) -> Result<DeploymentStatusState> {
        let word = &self.row.state;
        let state = DeploymentStatusState::ALL
            .into_iter()
            .find(|state| state.as_str() == word);
        state.ok_or_else(|| Problem::internal(&format!("{word:?} is no state of a status")))
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }
}

/// A URL that was left out is empty in REST and null here.
fn address(url: &str) -> Option<Uri> {
    (!url.is_empty()).then(|| Uri(url.to_owned()))
}
