//! The environments that a workflow run waits for, and its review log
//! (<https://docs.github.com/graphql/reference/objects#deploymentrequest>).

use std::sync::Arc;

use super::environment::Environment;
use super::object::{Field, Object, Output};
use super::owner::Owner;
use super::page::{Cursor, PageArguments};
use super::problem::Result;
use super::protection::reviewers;
use super::repository::Repository;
use super::scalars::{capped, short, time};
use crate::ids::NodeId;
use crate::rules::PendingDeployment;
use crate::store::RunReview;

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

impl Object for DeploymentRequest {
    fn kind(&self) -> &'static str {
        "DeploymentRequest"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, pending) = (&self.repository, &self.pending);
        Ok(match field.name() {
            "currentUserCanApprove" => pending.can_approve.into(),
            "environment" => Environment::new(repository, pending.environment.clone()).into(),
            "reviewers" => {
                let requested = field.arguments::<PageArguments>()?.check("reviewers")?;
                reviewers(&repository.session, &pending.reviewers, &requested).output(field)
            }
            "waitTimer" => capped(pending.wait_timer).into(),
            "waitTimerStartedAt" => pending.wait_timer_started_at.map(time).into(),
            _ => return Err(field.unknown()),
        })
    }
}

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

impl Object for DeploymentReview {
    fn kind(&self) -> &'static str {
        "DeploymentReview"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, row) = (&self.repository, &self.row);
        Ok(match field.name() {
            "comment" => row.comment.as_str().into(),
            "databaseId" => short(row.id).into(),
            "environments" => {
                let requested = field.arguments::<PageArguments>()?.check("environments")?;
                let cut = requested.cut(
                    row.environments.clone(),
                    |row| Cursor::new(row.id.to_string()),
                    |row, key| key.parse().is_ok_and(|key: i64| row.id < key),
                );
                cut.map(|row| Environment::new(repository, row))
                    .output(field)
            }
            "id" => NodeId::DeploymentReview(repository.row.id, row.id)
                .encode()
                .into(),
            "state" if row.state == "approved" => "APPROVED".into(),
            "state" => "REJECTED".into(),
            "user" => Owner::user(&repository.session, row.user.clone()).into(),
            _ => return Err(field.unknown()),
        })
    }
}
