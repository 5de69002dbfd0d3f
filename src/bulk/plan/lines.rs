use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bulk::name::Name;
use crate::bulk::operation::{Action, KeepReason};
use crate::model::{DeploymentId, DeploymentState};

/// A deployment to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::bulk) struct PlanStep {
    /// `OWNER/NAME`; `None` in a plan for one repository. That also holds for the
    /// other lines of a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::bulk) repository: Option<Name>,
    pub(in crate::bulk) id: DeploymentId,
    #[serde(default)]
    pub(in crate::bulk) node_id: Box<str>,
    pub(in crate::bulk) action: Action,
    pub(in crate::bulk) environment: Option<Name>,
    /// The state when the plan was made.
    pub(in crate::bulk) state: DeploymentState,
    pub(in crate::bulk) updated_at: Option<Timestamp>,
    /// For a deployment that is stuck: its last update or status.
    #[serde(rename = "last_word", default, skip_serializing_if = "Option::is_none")]
    pub(in crate::bulk) last_activity: Option<Timestamp>,
    #[serde(rename = "transient")]
    pub(in crate::bulk) is_transient: bool,
    /// Whether a production environment serves it.
    #[serde(rename = "current_production")]
    pub(in crate::bulk) is_current_production: bool,
}

/// A selected deployment that is not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::bulk) struct KeptDeployment {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::bulk) repository: Option<Name>,
    pub(in crate::bulk) id: DeploymentId,
    pub(in crate::bulk) environment: Option<Name>,
    pub(in crate::bulk) state: DeploymentState,
    pub(in crate::bulk) reason: KeepReason,
}

/// An environment to delete if it is empty after the steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "EnvironmentLine", into = "EnvironmentLine")]
pub(in crate::bulk) struct PlannedEnvironment {
    pub(in crate::bulk) repository: Option<Name>,
    pub(in crate::bulk) name: Name,
}

/// A repository that was named and that the plan lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::bulk) struct UnreadableRepository {
    pub(in crate::bulk) repository: Name,
    pub(in crate::bulk) reason: String,
}

/// In a plan for one repository, an environment is its name.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum EnvironmentLine {
    Name(Name),
    InRepository { repository: Name, environment: Name },
}

impl PlanStep {
    /// Says since when a deployment that is stuck has had no update.
    pub(super) fn silence(&self) -> Option<String> {
        self.last_activity
            .map(|last| format!("no update since {last}"))
    }
}

impl From<EnvironmentLine> for PlannedEnvironment {
    fn from(line: EnvironmentLine) -> Self {
        match line {
            EnvironmentLine::Name(name) => Self {
                repository: None,
                name,
            },
            EnvironmentLine::InRepository {
                repository,
                environment,
            } => Self {
                repository: Some(repository),
                name: environment,
            },
        }
    }
}

impl From<PlannedEnvironment> for EnvironmentLine {
    fn from(planned: PlannedEnvironment) -> Self {
        let PlannedEnvironment { repository, name } = planned;
        match repository {
            None => Self::Name(name),
            Some(repository) => Self::InRepository {
                repository,
                environment: name,
            },
        }
    }
}
