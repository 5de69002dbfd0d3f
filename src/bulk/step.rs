use super::outcome::{Ending, Outcome};
use super::plan::{Action, Plan, Step};
use super::recheck::look;
use super::selection::Name;
use crate::api::{ApiError, Changed, NewStatus};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, StatusState};
use crate::session::Connection;

/// Carries out one step of a plan by REST.
pub(super) struct Hand<'a> {
    pub(super) connection: &'a Connection,
    pub(super) plan: &'a Plan,
    /// Whether one that became active in the meantime is deactivated.
    pub(super) force: bool,
}

/// Why a step was not done.
enum Problem {
    /// The deployment is gone.
    Gone,
    /// The client was stopped before the request was sent.
    Stopped,
    Failed(Failure),
}

impl Hand<'_> {
    /// Does what the step says; `is_inactive` if its first half is done.
    pub(super) async fn apply(&self, step: Step, is_inactive: bool) -> Outcome {
        let step = match step.action {
            Action::End => match self.still_stuck(step).await {
                Ok(step) => step,
                Err(outcome) => return outcome,
            },
            _ => step,
        };
        let step = &step;
        let done = match step.action {
            Action::DeactivateAndDelete if is_inactive => self.delete(step.id, true).await,
            Action::Deactivate | Action::End => self.mark(step).await,
            Action::Delete => self.delete(step.id, self.force).await,
            Action::DeactivateAndDelete => match self.mark(step).await {
                Ok(()) => self.delete(step.id, true).await,
                Err(problem) => Err(problem),
            },
            Action::DeleteEnvironment | Action::Keep => Ok(()),
        };
        match done {
            Ok(()) => done_now(step, self.plan),
            Err(Problem::Gone) => {
                Outcome::of(step, Ending::Skipped, Some("gone already".to_owned()))
            }
            Err(Problem::Stopped) => Outcome::of(step, Ending::NotDone, None),
            Err(Problem::Failed(failure)) => failed(step, &failure),
        }
    }

    /// Looks at one that is stuck again, right before it is ended.
    async fn still_stuck(&self, step: Step) -> Result<Step, Outcome> {
        match look(self.connection, vec![step.clone()]).await {
            Ok(judged) => judged.into_iter().next().unwrap_or(Ok(step)),
            Err(ApiError::Stopped) => Err(Outcome::of(&step, Ending::NotDone, None)),
            Err(error) => Err(failed(&step, &self.connection.explain(&error))),
        }
    }

    /// Adds the status that the step asks for.
    async fn mark(&self, step: &Step) -> Result<(), Problem> {
        let (state, description) = self
            .plan
            .status(step)
            .unwrap_or((StatusState::Inactive, None));
        self.add_status(step.id, state, description).await
    }

    async fn add_status(
        &self,
        id: DeploymentId,
        state: StatusState,
        description: Option<String>,
    ) -> Result<(), Problem> {
        let mut new = NewStatus::new(state);
        new.description = description;
        let connection = self.connection;
        let made = connection
            .client
            .repo(&connection.repo)
            .deployment(id)
            .create_status(&new)
            .await;
        match made {
            Ok(_) => Ok(()),
            Err(error) => Err(self.problem(id, &error).await),
        }
    }

    async fn delete(&self, id: DeploymentId, force: bool) -> Result<(), Problem> {
        let Connection { client, repo, .. } = self.connection;
        let error = match client.repo(repo).deployment(id).delete().await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let is_active = error
            .refusal()
            .is_some_and(crate::api::Refusal::is_active_deployment);
        if !is_active {
            return Err(self.problem(id, &error).await);
        }
        if !force {
            return Err(Problem::Failed(active_meanwhile()));
        }
        let description = self.plan.description.clone();
        self.add_status(id, StatusState::Inactive, description)
            .await?;
        match client.repo(repo).deployment(id).delete().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.problem(id, &error).await),
        }
    }

    /// What an error means for a deployment. GitHub says 404 of what is gone,
    /// and of what the token may see and not change.
    async fn problem(&self, id: DeploymentId, error: &ApiError) -> Problem {
        let Connection { client, repo, .. } = self.connection;
        if matches!(error, ApiError::Stopped) {
            return Problem::Stopped;
        }
        let failure = self.connection.explain(error);
        if failure.kind() != Kind::NothingThere {
            return Problem::Failed(failure);
        }
        match client.repo(repo).deployment(id).get().await {
            Ok(_) => Problem::Failed(Failure::new(
                Kind::Forbidden,
                "not allowed: the token can see the deployment but can't change it",
            )),
            Err(error) if error.status() == Some(404) => Problem::Gone,
            Err(ApiError::Stopped) => Problem::Stopped,
            Err(error) => Problem::Failed(self.connection.explain(&error)),
        }
    }

    /// Deletes an environment, if it is empty by now.
    pub(super) async fn delete_environment(&self, name: &Name) -> Outcome {
        let Connection { client, repo, .. } = self.connection;
        let ended = |ending, reason: Option<&str>| {
            Outcome::of_environment(name, ending, reason.map(str::to_owned))
        };
        let error = match client
            .repo(repo)
            .environment(name.as_str())
            .has_deployments()
            .await
        {
            Ok(true) => return ended(Ending::Kept, Some("it has deployments")),
            Ok(false) => match client.repo(repo).environment(name.as_str()).delete().await {
                Ok(()) => return ended(Ending::Done, None),
                Err(error) => error,
            },
            Err(error) => error,
        };
        if matches!(error, ApiError::Stopped) {
            return ended(Ending::NotDone, None);
        }
        if error.status() == Some(404)
            && matches!(
                client.repo(repo).environment(name.as_str()).exists().await,
                Ok(false)
            )
        {
            return ended(Ending::Skipped, Some("gone already"));
        }
        let failure = self.connection.explain(&error);
        let is_forbidden = matches!(failure.kind(), Kind::Forbidden | Kind::NothingThere);
        if is_forbidden {
            let reason = format!(
                "not allowed: deleting an environment needs administration rights ({})",
                failure.message()
            );
            return ended(Ending::Failed, Some(&reason)).of_kind(Kind::Forbidden);
        }
        ended(Ending::Failed, Some(failure.message())).of_failure(&failure)
    }
}

fn active_meanwhile() -> Failure {
    Failure::new(
        Kind::Invalid,
        "it is active, and not the only deployment of its environment; --force deactivates it first",
    )
}

/// The outcome of a step that was done.
pub(super) fn done_now(step: &Step, plan: &Plan) -> Outcome {
    let mut outcome = Outcome::of(step, Ending::Done, None);
    if step.action == Action::End {
        outcome.state = plan.status(step).map(|(state, _)| match state {
            StatusState::Inactive if step.transient => "destroyed".to_owned(),
            state => state.to_string(),
        });
    }
    outcome
}

pub(super) fn failed(step: &Step, failure: &Failure) -> Outcome {
    Outcome::of(step, Ending::Failed, Some(failure.message().to_owned())).of_failure(failure)
}

/// The outcome of a step that was sent in a batch; `None` where the deployment
/// was not found.
pub(super) fn of_batch(step: &Step, plan: &Plan, changed: &Changed) -> Option<Outcome> {
    Some(match changed {
        Changed::Done => done_now(step, plan),
        Changed::NotFound => return None,
        Changed::Refused { message, .. } if message.contains("active deployment") => {
            failed(step, &active_meanwhile())
        }
        Changed::Refused { kind, message } => {
            let is_forbidden = matches!(kind.as_str(), "FORBIDDEN" | "INSUFFICIENT_SCOPES");
            let kind = if is_forbidden {
                Kind::Forbidden
            } else {
                Kind::Other
            };
            Outcome::of(step, Ending::Failed, Some(message.clone())).of_kind(kind)
        }
    })
}
