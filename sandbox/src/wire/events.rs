//! The payloads of webhooks
//! (<https://docs.github.com/webhooks/webhook-events-and-payloads>).

use serde::Serialize;
use serde_json::{Map, Value};

use super::users::SimpleUser;
use super::{deployments, hooks, repositories, statuses};
use crate::failure::Failure;
use crate::http::Urls;
use crate::store::{
    Deployment, DeploymentStatus, Hook, Pull, Repository, User, Visibility, WorkflowRun,
};

/// The fields that all events of a repository share.
#[derive(Debug, Serialize)]
struct Common {
    repository: Map<String, Value>,
    sender: SimpleUser,
}

#[derive(Debug, Serialize)]
struct DeploymentCreated {
    action: &'static str,
    deployment: deployments::Wire,
    /// Only deployments that GitHub Actions makes have one.
    workflow: Option<Value>,
    workflow_run: Option<Value>,
    #[serde(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct StatusCreated {
    action: &'static str,
    deployment_status: statuses::Wire,
    deployment: deployments::Wire,
    #[serde(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Ping {
    zen: &'static str,
    hook_id: i64,
    hook: Map<String, Value>,
    #[serde(flatten)]
    common: Common,
}

/// Some of the sentences of `GET /zen`.
const ZEN: [&str; 6] = [
    "Anything added dilutes everything else.",
    "Approachable is better than simple.",
    "Design for failure.",
    "Keep it logically awesome.",
    "Practicality beats purity.",
    "Speak like a human.",
];

/// Where an event happened, and who did it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventContext<'a> {
    /// Where its addresses point to.
    pub(crate) urls: &'a Urls,
    pub(crate) repository: &'a Repository,
    pub(crate) visibility: Visibility,
    pub(crate) default_branch: &'a str,
    pub(crate) sender: &'a User,
}

impl EventContext<'_> {
    fn common(&self) -> Common {
        Common {
            repository: repositories::in_event(
                self.urls,
                self.repository,
                self.visibility,
                self.default_branch,
            ),
            sender: SimpleUser::new(self.urls, self.sender).in_event(),
        }
    }

    /// The fields that all events share.
    pub(super) fn common_fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self.common()) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }

    pub(super) fn deployment(&self, deployment: &Deployment) -> Result<deployments::Wire, Failure> {
        let wire = deployments::Wire::new(self.urls, self.repository, deployment.clone())?;
        Ok(wire.in_event())
    }

    /// The payload of `deployment`, action `created`.
    pub(crate) fn deployment_created(
        &self,
        made: &Deployment,
        run: Option<(&WorkflowRun, &[Pull])>,
    ) -> Result<String, Failure> {
        let runs = self.runs();
        text(&DeploymentCreated {
            action: "created",
            deployment: self.deployment(made)?,
            workflow: run.map(|(run, _)| runs.workflow(&run.workflow)),
            workflow_run: run.map(|(run, pulls)| runs.run_of_deployment(run, pulls)),
            common: self.common(),
        })
    }

    /// The payload of `deployment_status`, action `created`.
    pub(crate) fn status_created(
        &self,
        deployment: &Deployment,
        made: &DeploymentStatus,
    ) -> Result<String, Failure> {
        let status = statuses::Wire::new(self.urls, self.repository, made.clone());
        text(&StatusCreated {
            action: "created",
            deployment_status: status.in_event(),
            deployment: self.deployment(deployment)?,
            common: self.common(),
        })
    }

    /// The payload of `ping`.
    pub(crate) fn ping(&self, hook: &Hook) -> Result<String, Failure> {
        let at = usize::try_from(hook.id).unwrap_or_default() % ZEN.len();
        let mut wire = hooks::hook(self.urls, self.repository, hook, None);
        // The payload omits the last response.
        wire.remove("last_response");
        text(&Ping {
            zen: ZEN[at],
            hook_id: hook.id,
            hook: wire,
            common: self.common(),
        })
    }
}

fn text(payload: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(payload)
        .map_err(|error| Failure::Internal(format!("the payload of an event: {error}")))
}
