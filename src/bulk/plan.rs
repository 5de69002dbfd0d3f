mod cost;
mod decide;
mod file;
mod preview;

use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::operation::{Action, KeepReason, Operation};
use super::selection::EnvironmentName;
use crate::model::{DeploymentId, DeploymentState, StatusState};
use crate::output::{LongRecord, Record};

pub(super) use cost::{PlanCost, estimate_cost};
pub(super) use decide::{Decisions, Policy, make_decisions};
pub(super) use file::read_plan;
pub(super) use preview::{confirm, print_plan, print_summary};

/// The version of the file format.
const VERSION: u32 = 1;

/// What a command is going to do, and what it keeps. It is also the form of
/// `--dry-run --json` and of plan files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(expecting = "a plan")]
pub(super) struct Plan {
    #[serde(deserialize_with = "supported_version")]
    version: u32,
    pub(super) command: Operation,
    /// `OWNER/NAME`.
    pub(super) repository: String,
    /// The root of the API, or `sandbox`.
    pub(super) server: String,
    /// The description of new statuses.
    pub(super) description: Option<String>,
    /// The number of requests, as far as it can be known in advance.
    #[serde(skip_deserializing)]
    pub(super) requests: u64,
    /// The cost in points of GitHub's secondary rate limit.
    #[serde(skip_deserializing)]
    pub(super) points: u64,
    /// The least time that GitHub's limits allow.
    #[serde(skip_deserializing)]
    pub(super) seconds: u64,
    /// The steps, oldest deployment first.
    pub(super) deployments: Vec<PlanStep>,
    /// The environments to delete if they are empty after the steps.
    #[serde(default)]
    pub(super) environments: Vec<EnvironmentName>,
    #[serde(default)]
    pub(super) kept: Vec<KeptDeployment>,
    /// IDs that name no deployment.
    #[serde(default)]
    pub(super) missing: Vec<DeploymentId>,
    /// The state for deployments that are stuck.
    pub(super) end_as: Option<StatusState>,
    /// Whether the selection found any deployment, changed or not.
    #[serde(skip)]
    pub(super) found_any: bool,
}

/// A deployment to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlanStep {
    pub(super) id: DeploymentId,
    #[serde(default)]
    pub(super) node_id: Box<str>,
    pub(super) action: Action,
    pub(super) environment: Option<EnvironmentName>,
    /// The state when the plan was made.
    pub(super) state: DeploymentState,
    pub(super) updated_at: Option<Timestamp>,
    /// For a deployment that is stuck: its last update or status.
    #[serde(rename = "last_word", default, skip_serializing_if = "Option::is_none")]
    pub(super) last_activity: Option<Timestamp>,
    #[serde(rename = "transient")]
    pub(super) is_transient: bool,
    /// Whether a production environment serves it.
    #[serde(rename = "current_production")]
    pub(super) is_current_production: bool,
}

/// A selected deployment that is not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptDeployment {
    pub(super) id: DeploymentId,
    pub(super) environment: Option<EnvironmentName>,
    pub(super) state: DeploymentState,
    pub(super) reason: KeepReason,
}

impl Plan {
    pub(super) fn new(command: Operation, repository: String, server: String) -> Self {
        Self {
            version: VERSION,
            command,
            repository,
            server,
            description: None,
            requests: 0,
            points: 0,
            seconds: 0,
            deployments: Vec::new(),
            environments: Vec::new(),
            kept: Vec::new(),
            missing: Vec::new(),
            end_as: None,
            found_any: false,
        }
    }

    /// The number of deployments to change.
    pub(super) fn step_count(&self) -> u64 {
        self.deployments.len() as u64
    }

    /// The number of jobs: the steps, and then the environments.
    pub(super) fn job_count(&self) -> u64 {
        self.step_count() + self.environments.len() as u64
    }

    /// The number of deployments that are deactivated before they are deleted.
    pub(super) fn deactivated_first_count(&self) -> u64 {
        let is_both = |step: &&PlanStep| step.action == Action::DeactivateAndDelete;
        self.deployments.iter().filter(is_both).count() as u64
    }

    /// The number of environments of the deployments to change.
    pub(super) fn environment_count(&self) -> usize {
        let names = self
            .deployments
            .iter()
            .filter_map(|step| step.environment.as_ref());
        names.collect::<HashSet<_>>().len()
    }

    pub(super) fn touches_production(&self) -> bool {
        self.deployments
            .iter()
            .any(|step| step.is_current_production)
    }

    pub(super) fn kept_by_reason(&self) -> BTreeMap<KeepReason, u64> {
        let mut counts = BTreeMap::new();
        for kept in &self.kept {
            *counts.entry(kept.reason).or_default() += 1;
        }
        counts
    }

    /// The status that a step adds, with its description.
    pub(super) fn status(&self, step: &PlanStep) -> Option<(StatusState, Option<String>)> {
        let description = self.description.clone();
        match step.action {
            Action::Deactivate | Action::DeactivateAndDelete => {
                Some((StatusState::Inactive, description))
            }
            Action::End => {
                let state = self.end_as.clone().unwrap_or(StatusState::Error);
                Some((state, description.or_else(|| step.silence())))
            }
            Action::Delete | Action::DeleteEnvironment | Action::Keep => None,
        }
    }
}

impl PlanStep {
    /// Says since when a deployment that is stuck has had no update.
    fn silence(&self) -> Option<String> {
        self.last_activity
            .map(|last| format!("no update since {last}"))
    }
}

fn supported_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if version == VERSION {
        return Ok(version);
    }
    Err(de::Error::custom(format_args!(
        "it has version {version}, and this program supports {VERSION}"
    )))
}

impl Record for Plan {
    const FIELDS: &'static [&'static str] = &[
        "version",
        "command",
        "repository",
        "server",
        "description",
        "requests",
        "points",
        "seconds",
        "deployments",
        "environments",
        "kept",
        "missing",
        "end_as",
    ];
}

impl LongRecord for Plan {
    fn write_field(&self, field: &str, out: &mut dyn Write) -> serde_json::Result<()> {
        match field {
            "version" => serde_json::to_writer(out, &self.version),
            "command" => serde_json::to_writer(out, &self.command),
            "repository" => serde_json::to_writer(out, &self.repository),
            "server" => serde_json::to_writer(out, &self.server),
            "description" => serde_json::to_writer(out, &self.description),
            "requests" => serde_json::to_writer(out, &self.requests),
            "points" => serde_json::to_writer(out, &self.points),
            "seconds" => serde_json::to_writer(out, &self.seconds),
            "deployments" => serde_json::to_writer(out, &self.deployments),
            "environments" => serde_json::to_writer(out, &self.environments),
            "kept" => serde_json::to_writer(out, &self.kept),
            "missing" => serde_json::to_writer(out, &self.missing),
            "end_as" => serde_json::to_writer(out, &self.end_as),
            _ => serde_json::to_writer(out, &()),
        }
    }
}

#[cfg(test)]
mod tests;
