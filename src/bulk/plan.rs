use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};

use super::selection::Name;
use super::sorter::{Sorted, Sorter};
pub(crate) use super::words::{Action, Aim, Reason};
use crate::model::{DeploymentId, DeploymentState, StatusState};
use crate::output::{LongRecord, Record};

/// The version of the plan's form.
pub(super) const VERSION: u32 = 1;

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
    /// When anything was last heard of one that is stuck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_word: Option<Timestamp>,
    pub(crate) transient: bool,
    /// Whether it is what a production environment serves.
    pub(crate) current_production: bool,
}

/// A deployment that is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) id: DeploymentId,
    pub(crate) environment: Option<Name>,
    pub(crate) state: DeploymentState,
    pub(crate) reason: Reason,
}

/// What older and newer go by: the time, and the number of the deployment.
/// GitHub lists by them, but a plan does not rely on the order of a list.
pub(super) type Order = (Timestamp, DeploymentId);

/// What a command is going to do, and what it leaves as it is. Of very many
/// deployments all but a few are on disk.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) command: Aim,
    /// `OWNER/NAME`.
    pub(crate) repository: String,
    /// The root of the API, or `sandbox`.
    pub(crate) server: String,
    /// The text of the statuses.
    pub(crate) description: Option<String>,
    /// The state that ends what is stuck.
    pub(crate) end_as: Option<StatusState>,
    /// Requests that it takes, as far as that is known before.
    pub(crate) requests: u64,
    /// What they cost of GitHub's points.
    pub(crate) points: u64,
    /// The least time that GitHub's limits allow, in seconds.
    pub(crate) seconds: u64,
    /// What is touched, oldest first.
    pub(super) deployments: Sorted<Order, Step>,
    /// The environments that are deleted if they are left empty.
    pub(super) environments: Sorted<u64, Name>,
    pub(super) kept: Sorted<Order, Kept>,
    /// Ids that name no deployment.
    pub(crate) missing: Vec<DeploymentId>,
    pub(super) totals: Totals,
}

/// What a plan comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    /// How many are deactivated first, and then deleted.
    pub(super) twice: u64,
    /// How many environments the deployments are in.
    pub(super) breadth: u64,
    /// How many deployments were looked at, those that are neither touched nor
    /// kept among them.
    pub(super) seen: u64,
    /// Whether it touches what a production environment serves.
    pub(super) touches_production: bool,
    /// Whether some have no node id.
    pub(super) lacks_nodes: bool,
    /// How many are kept for each reason.
    pub(super) kept: BTreeMap<Reason, u64>,
}

/// A plan that is being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    deployments: Sorter<Order, Step>,
    environments: Sorter<u64, Name>,
    kept: Sorter<Order, Kept>,
    totals: Totals,
    named: u64,
    pub(super) breadth: u64,
    pub(super) seen: u64,
}

impl Draft {
    /// Adds a deployment that is touched.
    pub(super) fn touch(&mut self, order: Order, step: Step) -> io::Result<()> {
        self.totals.twice += u64::from(step.action == Action::DeactivateAndDelete);
        self.totals.touches_production |= step.current_production;
        self.totals.lacks_nodes |= step.node_id.is_empty();
        self.deployments.push(order, step)
    }

    /// Adds a deployment that is left as it is.
    pub(super) fn keep(&mut self, order: Order, kept: Kept) -> io::Result<()> {
        *self.totals.kept.entry(kept.reason).or_default() += 1;
        self.kept.push(order, kept)
    }

    /// Adds an environment that is deleted; they come in their order.
    pub(super) fn empty(&mut self, name: Name) -> io::Result<()> {
        self.named += 1;
        self.environments.push(self.named, name)
    }

    /// The plan, without what is said of it.
    pub(super) fn finish(self, command: Aim, repository: String, server: String) -> Plan {
        Plan {
            command,
            repository,
            server,
            description: None,
            end_as: None,
            requests: 0,
            points: 0,
            seconds: 0,
            deployments: self.deployments.finish(),
            environments: self.environments.finish(),
            kept: self.kept.finish(),
            missing: Vec::new(),
            totals: Totals {
                breadth: self.breadth,
                seen: self.seen,
                ..self.totals
            },
        }
    }
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
        serde_json::to_writer(out, &Field(self, field))
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Self::FIELDS.len()))?;
        for field in Self::FIELDS {
            map.serialize_entry(field, &Field(self, field))?;
        }
        map.end()
    }
}

/// One field of a plan.
struct Field<'a>(&'a Plan, &'a str);

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(plan, name) = self;
        match *name {
            "version" => VERSION.serialize(serializer),
            "command" => plan.command.serialize(serializer),
            "repository" => plan.repository.serialize(serializer),
            "server" => plan.server.serialize(serializer),
            "description" => plan.description.serialize(serializer),
            "requests" => plan.requests.serialize(serializer),
            "points" => plan.points.serialize(serializer),
            "seconds" => plan.seconds.serialize(serializer),
            "deployments" => sequence(plan.deployments.records(), serializer),
            "environments" => sequence(plan.environments.records(), serializer),
            "kept" => sequence(plan.kept.records(), serializer),
            "missing" => plan.missing.serialize(serializer),
            "end_as" => plan.end_as.serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

fn sequence<T: Serialize, S: Serializer>(
    records: impl Iterator<Item = io::Result<T>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(None)?;
    for record in records {
        sequence.serialize_element(&record.map_err(S::Error::custom)?)?;
    }
    sequence.end()
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
        self.deployments.len() + self.totals.twice
    }

    /// What it takes. Batches are used where they are to be had and single
    /// requests would have to wait for points: more than `free` of them.
    ///
    /// Before one that is stuck is ended, it is looked at again.
    pub(super) fn effort(&self, has_batches: bool, free: u64) -> Effort {
        let changes = self.changes();
        let environments = self.environments.len();
        let batches = has_batches && changes * 5 > free && !self.totals.lacks_nodes;
        let requests = if batches {
            self.deployments.len().div_ceil(USUAL_BATCH)
        } else {
            changes
        };
        let looks = if self.command == Aim::Reap {
            requests
        } else {
            0
        };
        Effort {
            batches,
            requests: requests + looks + environments * 2,
            points: requests * 5 + looks + environments * 6,
        }
    }

    /// About how long it takes: `least` is what the limits allow for its points.
    pub(super) fn time(&self, effort: Effort, least: Duration, at_once: usize) -> Duration {
        let at_once = u32::try_from(at_once.max(1)).unwrap_or(1);
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let singles = REQUEST.saturating_mul(count(self.environments.len() * 2)) / at_once;
        let work = if effort.batches {
            MUTATION.saturating_mul(count(self.changes()))
        } else {
            REQUEST.saturating_mul(count(effort.requests)) / at_once
        };
        least.max(work.saturating_add(singles))
    }

    /// The same plan with the steps of another.
    pub(super) fn with_steps_of(self, other: Self) -> Self {
        Self {
            deployments: other.deployments,
            totals: Totals {
                kept: self.totals.kept,
                seen: self.totals.seen,
                ..other.totals
            },
            ..self
        }
    }

    /// How many jobs it is: steps, and environments after them.
    pub(super) fn jobs(&self) -> u64 {
        self.deployments.len() + self.environments.len()
    }

    /// The status that a step adds, and the text of it.
    pub(super) fn status(&self, step: &Step) -> Option<(StatusState, Option<String>)> {
        let own = || self.description.clone();
        match step.action {
            Action::Deactivate | Action::DeactivateAndDelete => {
                Some((StatusState::Inactive, own()))
            }
            Action::End => {
                let state = self.end_as.clone().unwrap_or(StatusState::Error);
                let silence = step.last_word.map(|last| format!("no update since {last}"));
                Some((state, own().or(silence)))
            }
            Action::Delete | Action::DeleteEnvironment | Action::Keep => None,
        }
    }

    /// A few of the first steps.
    pub(super) fn first(&self, count: usize) -> io::Result<Vec<Step>> {
        self.deployments.records().take(count).collect()
    }
}

impl Sorted<u64, Name> {
    /// A few of the first names.
    pub(super) fn first(&self, count: usize) -> io::Result<Vec<Name>> {
        self.records().take(count).collect()
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
