//! Statuses of deployments
//! (<https://docs.github.com/graphql/reference/objects#deploymentstatus>).

use std::sync::Arc;

use super::actor::actor;
use super::deployment::Deployment;
use super::object::{Field, Object, Output};
use super::page::{Connection, Cursor, PageArguments};
use super::problem::Result;
use super::scalars::time;
use crate::ids::NodeId;
use crate::store::{self, Window};

/// A status of a deployment.
#[derive(Debug, Clone)]
pub(super) struct DeploymentStatus {
    deployment: Deployment,
    row: Arc<store::DeploymentStatus>,
}

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

impl Object for DeploymentStatus {
    fn kind(&self) -> &'static str {
        "DeploymentStatus"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, row) = (self.deployment.parent(), &self.row);
        Ok(match field.name() {
            "createdAt" | "updatedAt" => time(row.created_at).into(),
            "creator" => actor(&repository.session, row.creator.clone()),
            "deployment" => self.deployment.clone().into(),
            "description" => row.description.as_str().into(),
            "environment" => row.environment.clone().into(),
            "environmentUrl" => address(&row.environment_url).into(),
            "id" => {
                let repository = self.deployment.row().repository_id;
                NodeId::DeploymentStatus(repository, row.id).encode().into()
            }
            "logUrl" => {
                let urls = &repository.session.viewer.urls;
                address(&urls.log(&repository.row, &row.log_url)).into()
            }
            "state" => row.state.to_ascii_uppercase().into(),
            _ => return Err(field.unknown()),
        })
    }
}

/// A URL that was left out is empty in REST and null here.
fn address(url: &str) -> Option<&str> {
    (!url.is_empty()).then_some(url)
}
