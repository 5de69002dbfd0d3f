use super::recheck::compare;
use crate::api::{ApiError, Changed, DeploymentHandle, ErrorResponse, NewStatus};
use crate::bulk::connections::Connections;
use crate::bulk::operation::Action;
use crate::bulk::plan::{Plan, PlanStep, PlannedEnvironment};
use crate::bulk::result::{ItemOutcome, ItemResult};
use crate::error::{Failure, Kind};
use crate::model::StatusState;
use crate::session::Connection;

/// Carries out single steps of a plan by REST.
pub(in crate::bulk) struct StepRunner<'a> {
    pub(in crate::bulk) connections: &'a Connections,
    pub(in crate::bulk) plan: &'a Plan,
    /// Whether a deployment that became active in the meantime is deactivated
    /// before it is deleted.
    pub(in crate::bulk) force: bool,
}

/// Why a step was not done.
enum StepError {
    /// The deployment was deleted by someone else.
    AlreadyDeleted,
    /// The client was stopped before it sent the request.
    Stopped,
    Failed(Failure),
}

impl StepRunner<'_> {
    /// Carries out a step; of one that `is_inactive`, only the second half.
    pub(super) async fn run(&self, step: &PlanStep, is_inactive: bool) -> ItemOutcome {
        if step.action == Action::End
            && let Some(outcome) = self.recheck(step).await
        {
            return outcome;
        }
        let done = match step.action {
            Action::DeactivateAndDelete if is_inactive => self.delete(step, true).await,
            Action::Deactivate | Action::End => self.add_planned_status(step).await,
            Action::Delete => self.delete(step, self.force).await,
            Action::DeactivateAndDelete => match self.add_planned_status(step).await {
                Ok(()) => self.delete(step, true).await,
                Err(error) => Err(error),
            },
            Action::DeleteEnvironment | Action::Keep => Ok(()),
        };
        match done {
            Ok(()) => done_outcome(step, self.plan),
            Err(StepError::AlreadyDeleted) => {
                let reason = Some("already deleted".to_owned());
                ItemOutcome::for_step(step, ItemResult::Skipped, reason)
            }
            Err(StepError::Stopped) => ItemOutcome::for_step(step, ItemResult::NotDone, None),
            Err(StepError::Failed(failure)) => failed_outcome(step, &failure),
        }
    }

    fn connection(&self, step: &PlanStep) -> &Connection {
        self.connections.of(step.repository.as_ref())
    }

    fn deployment(&self, step: &PlanStep) -> DeploymentHandle<'_> {
        self.connection(step).repo().deployment(step.id)
    }

    /// Checks that a deployment is still stuck, right before it is ended.
    /// Returns the outcome if it is not.
    async fn recheck(&self, step: &PlanStep) -> Option<ItemOutcome> {
        match compare(self.connections, &[step]).await {
            Ok(comparisons) => comparisons.into_iter().next()?.outcome(step),
            Err(ApiError::Stopped) => Some(ItemOutcome::for_step(step, ItemResult::NotDone, None)),
            Err(error) => Some(failed_outcome(step, &self.connection(step).explain(&error))),
        }
    }

    async fn add_planned_status(&self, step: &PlanStep) -> Result<(), StepError> {
        let (state, description) = self
            .plan
            .status(step)
            .unwrap_or((StatusState::Inactive, None));
        self.add_status(step, state, description).await
    }

    async fn add_status(
        &self,
        step: &PlanStep,
        state: StatusState,
        description: Option<String>,
    ) -> Result<(), StepError> {
        let mut new = NewStatus::new(state);
        new.description = description;
        match self.deployment(step).create_status(&new).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.step_error(step, &error).await),
        }
    }

    async fn delete(&self, step: &PlanStep, force: bool) -> Result<(), StepError> {
        let deployment = self.deployment(step);
        let error = match deployment.delete().await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let is_active = error
            .error_response()
            .is_some_and(ErrorResponse::is_active_deployment);
        if !is_active {
            return Err(self.step_error(step, &error).await);
        }
        if !force {
            return Err(StepError::Failed(became_active()));
        }
        let description = self.plan.description.clone();
        self.add_status(step, StatusState::Inactive, description)
            .await?;
        match deployment.delete().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.step_error(step, &error).await),
        }
    }

    /// What an error means. GitHub answers 404 for a deployment that does not
    /// exist, and for one that the token may read but not change.
    async fn step_error(&self, step: &PlanStep, error: &ApiError) -> StepError {
        let connection = self.connection(step);
        if matches!(error, ApiError::Stopped) {
            return StepError::Stopped;
        }
        let failure = connection.explain(error);
        if failure.kind() != Kind::NothingThere {
            return StepError::Failed(failure);
        }
        match self.deployment(step).get().await {
            Ok(_) => StepError::Failed(Failure::new(
                Kind::Forbidden,
                "not allowed: the token can see the deployment but can't change it",
            )),
            Err(error) if error.status() == Some(404) => StepError::AlreadyDeleted,
            Err(ApiError::Stopped) => StepError::Stopped,
            Err(error) => StepError::Failed(connection.explain(&error)),
        }
    }

    /// Deletes an environment if it is empty.
    pub(super) async fn delete_environment(&self, planned: &PlannedEnvironment) -> ItemOutcome {
        let connection = self.connections.of(planned.repository.as_ref());
        let environment = connection.repo().environment(planned.name.as_str());
        let outcome = |result, reason: Option<&str>| {
            ItemOutcome::for_environment(planned, result, reason.map(str::to_owned))
        };
        let error = match environment.has_deployments().await {
            Ok(true) => return outcome(ItemResult::Kept, Some("it has deployments")),
            Ok(false) => match environment.delete().await {
                Ok(()) => return outcome(ItemResult::Done, None),
                Err(error) => error,
            },
            Err(error) => error,
        };
        if matches!(error, ApiError::Stopped) {
            return outcome(ItemResult::NotDone, None);
        }
        if error.status() == Some(404) && matches!(environment.exists().await, Ok(false)) {
            return outcome(ItemResult::Skipped, Some("already deleted"));
        }
        let failure = connection.explain(&error);
        let is_forbidden = matches!(failure.kind(), Kind::Forbidden | Kind::NothingThere);
        if is_forbidden {
            let reason = format!(
                "not allowed: deleting an environment needs administration rights ({})",
                failure.message()
            );
            return outcome(ItemResult::Failed, Some(&reason)).with_kind(Kind::Forbidden);
        }
        outcome(ItemResult::Failed, Some(failure.message())).with_failure(&failure)
    }
}

fn became_active() -> Failure {
    Failure::new(
        Kind::Invalid,
        "it is active, and not the only deployment of its environment; --force deactivates it first",
    )
}

pub(super) fn done_outcome(step: &PlanStep, plan: &Plan) -> ItemOutcome {
    let mut outcome = ItemOutcome::for_step(step, ItemResult::Done, None);
    if step.action == Action::End {
        outcome.state = plan.status(step).map(|(state, _)| match state {
            StatusState::Inactive if step.is_transient => "destroyed".to_owned(),
            state => state.to_string(),
        });
    }
    outcome
}

fn failed_outcome(step: &PlanStep, failure: &Failure) -> ItemOutcome {
    let reason = Some(failure.message().to_owned());
    ItemOutcome::for_step(step, ItemResult::Failed, reason).with_failure(failure)
}

/// The outcome of a step that was sent in a batch; `None` if the deployment was
/// not found.
pub(super) fn batch_outcome(
    step: &PlanStep,
    plan: &Plan,
    changed: &Changed,
) -> Option<ItemOutcome> {
    Some(match changed {
        Changed::Done => done_outcome(step, plan),
        Changed::NotFound => return None,
        Changed::Refused { message, .. } if message.contains("active deployment") => {
            failed_outcome(step, &became_active())
        }
        Changed::Refused { kind, message } => {
            let is_forbidden = matches!(kind.as_str(), "FORBIDDEN" | "INSUFFICIENT_SCOPES");
            let kind = if is_forbidden {
                Kind::Forbidden
            } else {
                Kind::Other
            };
            ItemOutcome::for_step(step, ItemResult::Failed, Some(message.clone())).with_kind(kind)
        }
    })
}
