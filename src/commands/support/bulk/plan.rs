use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::survey::{Found, Name};
use crate::model::{DeploymentId, DeploymentState, Phase};
use crate::output::Record;

/// The version of the plan's form.
pub(super) const VERSION: u32 = 1;

/// What a command does to what is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Aim {
    /// Mark it inactive.
    Deactivate,
    /// Delete it.
    Delete,
}

/// What is done to one deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Mark it inactive.
    Deactivate,
    /// Delete it, since it is not active.
    Delete,
    /// Mark it inactive, so that it can be deleted, and delete it.
    DeactivateAndDelete,
    /// Delete the environment.
    DeleteEnvironment,
    /// Leave it as it is.
    Keep,
}

/// Why a deployment is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// It is inactive or destroyed already: nothing is left to do.
    AlreadyInactive,
    /// It is what a production environment serves.
    CurrentProduction,
    /// It is among the newest of its environment.
    Newest,
    /// It is active, and was not to be deleted by force.
    Active,
    /// It belongs to a pull request that is open.
    OpenPull,
}

/// A deployment that is touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) id: DeploymentId,
    #[serde(default)]
    pub(crate) node_id: Box<str>,
    pub(crate) action: Action,
    pub(crate) environment: Option<Name>,
    /// Its state when the plan was made.
    pub(crate) state: DeploymentState,
    pub(crate) updated_at: Option<Timestamp>,
    pub(crate) transient: bool,
    /// Whether it is what a production environment serves.
    pub(crate) current_production: bool,
    /// What newer and older go by.
    #[serde(skip)]
    pub(super) created_at: Timestamp,
    #[serde(skip)]
    pub(super) is_production: bool,
    /// Whether it belongs to an open pull request, beside a closed one.
    #[serde(skip)]
    pub(super) has_open_pull: bool,
}

/// A deployment that is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) id: DeploymentId,
    pub(crate) environment: Option<Name>,
    pub(crate) state: DeploymentState,
    pub(crate) reason: Reason,
}

/// What a command is going to do, and what it leaves as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) version: u32,
    pub(crate) command: Aim,
    /// `OWNER/NAME`.
    pub(crate) repository: String,
    /// The root of the API, or `sandbox`.
    pub(crate) server: String,
    /// The text of the statuses.
    pub(crate) description: Option<String>,
    /// Requests that it takes, as far as that is known before.
    pub(crate) requests: u64,
    /// What they cost of GitHub's points.
    pub(crate) points: u64,
    /// The least time that GitHub's limits allow, in seconds.
    pub(crate) seconds: u64,
    /// What is touched, oldest first.
    pub(crate) deployments: Vec<Step>,
    /// The environments that are deleted if they are left empty.
    pub(crate) environments: Vec<Name>,
    pub(crate) kept: Vec<Kept>,
    /// Ids that name no deployment.
    pub(crate) missing: Vec<DeploymentId>,
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
    ];
}

/// What may be touched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leave {
    pub(super) aim: Aim,
    pub(super) force: bool,
    pub(super) include_production: bool,
    pub(super) with_environment: bool,
}

/// Decides for each deployment. It is done in place: there may be very many.
pub(super) fn decide(found: Found, leave: Leave) -> (Vec<Step>, Vec<Kept>, Vec<Name>) {
    let Found {
        seen: mut steps,
        newest,
        current,
        mut occupied,
        ..
    } = found;
    let mut kept = Vec::new();
    let mut emptied: HashSet<Name> = HashSet::new();
    steps.retain_mut(|step| {
        step.current_production = step.is_production && current.contains(&step.id);
        if let Some(reason) = reason_to_keep(step, newest.contains(&step.id), leave) {
            occupied.extend(step.environment.clone());
            kept.push(Kept {
                id: step.id,
                environment: step.environment.take(),
                state: step.state.clone(),
                reason,
            });
            return false;
        }
        emptied.extend(step.environment.clone());
        step.action = match leave.aim {
            Aim::Deactivate => Action::Deactivate,
            Aim::Delete if step.state.phase() == Phase::Succeeded => Action::DeactivateAndDelete,
            Aim::Delete => Action::Delete,
        };
        true
    });
    let mut environments: Vec<Name> = if leave.with_environment {
        emptied.difference(&occupied).cloned().collect()
    } else {
        Vec::new()
    };
    environments.sort_unstable();
    (steps, kept, environments)
}

fn reason_to_keep(step: &Step, is_newest: bool, leave: Leave) -> Option<Reason> {
    let phase = step.state.phase();
    if leave.aim == Aim::Deactivate && phase == Phase::Retired {
        return Some(Reason::AlreadyInactive);
    }
    if step.has_open_pull {
        return Some(Reason::OpenPull);
    }
    if is_newest {
        return Some(Reason::Newest);
    }
    if step.current_production && !leave.include_production {
        return Some(Reason::CurrentProduction);
    }
    if leave.aim == Aim::Delete && phase == Phase::Succeeded && !leave.force {
        return Some(Reason::Active);
    }
    None
}

/// How a plan is carried out, and what that costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effort {
    /// Whether changes are sent many together.
    pub(super) batches: bool,
    pub(super) requests: u64,
    pub(super) points: u64,
}

/// So many deployments a batch, when its size has found itself.
const USUAL_BATCH: u64 = 25;
/// A deletion or a status in a batch takes about so long.
const MUTATION: Duration = Duration::from_millis(100);
/// A request that is sent alone takes about so long.
const REQUEST: Duration = Duration::from_millis(250);

impl Plan {
    /// How many changes there are: statuses and deletions.
    pub(super) fn changes(&self) -> u64 {
        let of = |step: &Step| match step.action {
            Action::DeactivateAndDelete => 2,
            Action::Deactivate | Action::Delete | Action::DeleteEnvironment => 1,
            Action::Keep => 0,
        };
        self.deployments.iter().map(of).sum()
    }

    /// What it takes. Batches are used where they are to be had and single
    /// requests would have to wait for points: more than `free` of them.
    pub(super) fn effort(&self, has_batches: bool, free: u64) -> Effort {
        let changes = self.changes();
        let environments = self.environments.len() as u64;
        let batches = has_batches
            && changes * 5 > free
            && self.deployments.iter().all(|step| !step.node_id.is_empty());
        let requests = if batches {
            (self.deployments.len() as u64).div_ceil(USUAL_BATCH)
        } else {
            changes
        };
        Effort {
            batches,
            requests: requests + environments * 2,
            points: requests * 5 + environments * 6,
        }
    }

    /// About how long it takes: `least` is what the limits allow for its points.
    pub(super) fn time(&self, effort: Effort, least: Duration, at_once: usize) -> Duration {
        let at_once = u32::try_from(at_once.max(1)).unwrap_or(1);
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let singles = REQUEST.saturating_mul(count(self.environments.len() as u64 * 2)) / at_once;
        let work = if effort.batches {
            MUTATION.saturating_mul(count(self.changes()))
        } else {
            REQUEST.saturating_mul(count(self.changes())) / at_once
        };
        least.max(work.saturating_add(singles))
    }

    /// How many environments the deployments are in.
    pub(super) fn breadth(&self) -> usize {
        let names: HashSet<&Name> = self
            .deployments
            .iter()
            .filter_map(|step| step.environment.as_ref())
            .collect();
        names.len()
    }

    /// Whether it touches what a production environment serves.
    pub(super) fn touches_production(&self) -> bool {
        self.deployments.iter().any(|step| step.current_production)
    }

    /// How many are kept for each reason.
    pub(super) fn kept_by_reason(&self) -> Vec<(Reason, usize)> {
        let mut counts: HashMap<Reason, usize> = HashMap::new();
        for kept in &self.kept {
            *counts.entry(kept.reason).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(reason, _)| *reason as u8);
        counts
    }
}

impl Aim {
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
        }
    }

    pub(crate) fn participle(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivated",
            Self::Delete => "deleted",
        }
    }
}

impl Action {
    /// The words of the table.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::Delete => "delete",
            Self::DeactivateAndDelete => "deactivate, delete",
            Self::DeleteEnvironment => "delete environment",
            Self::Keep => "keep",
        }
    }
}

impl Reason {
    /// Whether the asked state is not reached, for want of an option.
    pub(super) fn option(self) -> Option<&'static str> {
        match self {
            Self::CurrentProduction => Some("--include-production"),
            Self::Active => Some("--force"),
            Self::AlreadyInactive | Self::Newest | Self::OpenPull => None,
        }
    }

    /// The word that JSON has, too.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::AlreadyInactive => "already_inactive",
            Self::CurrentProduction => "current_production",
            Self::Newest => "newest",
            Self::Active => "active",
            Self::OpenPull => "open_pull",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyInactive => "inactive already",
            Self::CurrentProduction => "current in production (--include-production)",
            Self::Newest => "among the newest of its environment",
            Self::Active => "active (--force)",
            Self::OpenPull => "of an open pull request",
        })
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
