mod cost;
mod decide;
mod file;
mod lines;
mod preview;

use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use serde::{Deserialize, Deserializer, Serialize, de};

use self::decide::Decisions;
use super::name::Name;
use super::operation::{Action, KeepReason, Operation};
use crate::model::{DeploymentId, StatusState};
use crate::output::{LongRecord, Record, counted};

pub(super) use cost::{PlanCost, estimate_cost};
pub(super) use decide::{Policy, make_decisions};
pub(super) use file::read_plan;
pub(super) use lines::{KeptDeployment, PlanStep, PlannedEnvironment, UnreadableRepository};
pub(super) use preview::{confirm, print_plan, print_summary};

/// The version of the file format for a plan for one repository.
const VERSION: u32 = 1;
/// The version for a plan whose lines name their repositories.
const VERSION_OF_SEVERAL: u32 = 2;

/// What a command is going to do, and what it keeps. It is also the form of
/// `--dry-run --json` and of plan files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(expecting = "a plan")]
pub(super) struct Plan {
    #[serde(deserialize_with = "supported_version")]
    version: u32,
    pub(super) command: Operation,
    /// `OWNER/NAME`; `None` if each line names its repository.
    pub(super) repository: Option<Name>,
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
    /// The steps, oldest deployment of each repository first.
    pub(super) deployments: Vec<PlanStep>,
    /// The environments to delete if they are empty after the steps.
    #[serde(default)]
    pub(super) environments: Vec<PlannedEnvironment>,
    #[serde(default)]
    pub(super) kept: Vec<KeptDeployment>,
    /// IDs that name no deployment.
    #[serde(default)]
    pub(super) missing: Vec<DeploymentId>,
    /// Repositories that were named and could not be read.
    #[serde(default)]
    pub(super) unreadable: Vec<UnreadableRepository>,
    /// The state for deployments that are stuck.
    pub(super) end_as: Option<StatusState>,
    /// Whether the selection found any deployment, changed or not.
    #[serde(skip)]
    pub(super) found_any: bool,
}

impl Plan {
    /// An empty plan for `repository`, or for several.
    pub(super) fn new(command: Operation, repository: Option<Name>, server: String) -> Self {
        let version = match repository {
            Some(_) => VERSION,
            None => VERSION_OF_SEVERAL,
        };
        Self {
            version,
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
            unreadable: Vec::new(),
            end_as: None,
            found_any: false,
        }
    }

    /// Adds what was decided about a repository.
    pub(super) fn add(&mut self, decisions: Decisions) {
        let Decisions {
            found_any,
            mut missing,
            steps,
            kept,
            environments,
        } = decisions;
        self.found_any |= found_any;
        self.missing.append(&mut missing);
        extend(&mut self.deployments, steps);
        extend(&mut self.kept, kept);
        extend(&mut self.environments, environments);
    }

    /// Whether the lines name their repositories.
    pub(super) fn is_for_several(&self) -> bool {
        self.repository.is_none()
    }

    /// The repositories of the lines, in their order.
    pub(super) fn repositories(&self) -> Vec<&Name> {
        let steps = self.deployments.iter().map(|step| &step.repository);
        let environments = self.environments.iter().map(|one| &one.repository);
        let kept = self.kept.iter().map(|kept| &kept.repository);
        let named = steps.chain(environments).chain(kept).flatten();
        let mut known = HashSet::new();
        let named = named.filter(|name| known.insert(*name)).collect();
        match &self.repository {
            Some(repository) => vec![repository],
            None => named,
        }
    }

    /// `acme/shop`, or `3 repositories`. `named` are the repositories of lines.
    pub(super) fn place<'a>(&'a self, named: impl Iterator<Item = &'a Option<Name>>) -> String {
        let named: HashSet<&Name> = named.chain([&self.repository]).flatten().collect();
        match named.iter().next() {
            Some(only) if named.len() == 1 => only.as_str().to_owned(),
            _ => counted(named.len() as u64, "repository"),
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
            .filter_map(|step| Some((&step.repository, step.environment.as_ref()?)));
        names.collect::<HashSet<_>>().len()
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

/// Appends a list, or takes it as it is: a copy of a long one would take memory.
fn extend<T>(list: &mut Vec<T>, mut more: Vec<T>) {
    if list.is_empty() {
        *list = more;
    } else {
        list.append(&mut more);
    }
}

fn supported_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if [VERSION, VERSION_OF_SEVERAL].contains(&version) {
        return Ok(version);
    }
    Err(de::Error::custom(format_args!(
        "it has version {version}, and this program supports {VERSION} and {VERSION_OF_SEVERAL}"
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
        "unreadable",
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
            "unreadable" => serde_json::to_writer(out, &self.unreadable),
            "end_as" => serde_json::to_writer(out, &self.end_as),
            _ => serde_json::to_writer(out, &()),
        }
    }
}

#[cfg(test)]
mod tests;
