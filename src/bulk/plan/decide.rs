use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{KeptDeployment, PlanStep, PlannedEnvironment};
use crate::bulk::name::Name;
use crate::bulk::operation::{Action, KeepReason, Operation};
use crate::bulk::selection::{Candidate, Match, Selection};
use crate::model::{DeploymentId, Phase};

/// Candidates give their memory back while their steps take some: this many at a
/// time.
const FREED_AT_A_TIME: usize = 4096;

/// Which of the selected deployments may be changed.
#[derive(Clone, Copy, Debug)]
pub(in crate::bulk) struct Policy {
    pub(in crate::bulk) operation: Operation,
    pub(in crate::bulk) force: bool,
    pub(in crate::bulk) include_production: bool,
    pub(in crate::bulk) with_environment: bool,
    /// A deployment with an update since then is not stuck.
    pub(in crate::bulk) stuck_before: Option<Timestamp>,
    /// By the server's clock.
    pub(in crate::bulk) now: Timestamp,
}

/// The steps and the kept deployments, oldest first, and the environments that
/// the steps leave empty or that are empty already.
#[derive(Debug, Default, PartialEq)]
pub(in crate::bulk) struct Decisions {
    /// Whether there is any deployment, changed or not.
    pub(in crate::bulk) found_any: bool,
    pub(in crate::bulk) missing: Vec<DeploymentId>,
    pub(in crate::bulk) steps: Vec<PlanStep>,
    pub(in crate::bulk) kept: Vec<KeptDeployment>,
    pub(in crate::bulk) environments: Vec<PlannedEnvironment>,
}

/// What has to be known about all deployments of an environment before one of
/// them can be judged, and the counts while they are judged.
#[derive(Debug, Default)]
struct EnvironmentFacts {
    newest_active: Option<DeploymentId>,
    last_activated: Option<(Timestamp, DeploymentId)>,
    judged: usize,
    changed: usize,
    /// Whether one of its deployments speaks against deleting the environment.
    is_protected: bool,
}

/// Decides about each selected deployment.
pub(in crate::bulk) fn make_decisions(selection: Selection, policy: Policy) -> Decisions {
    let mut candidates = selection.candidates;
    candidates.sort_unstable_by_key(|candidate| (candidate.created_at, candidate.id));
    // A list that shifts while it is read may contain a deployment twice.
    candidates.dedup_by_key(|candidate| candidate.id);
    let mut environments = BTreeMap::<Option<Name>, EnvironmentFacts>::new();
    for candidate in candidates.iter().rev() {
        let facts = environments.entry(candidate.environment.clone());
        facts.or_default().note(candidate);
    }
    let mut decisions = Decisions {
        found_any: !candidates.is_empty(),
        missing: selection.missing,
        ..Decisions::default()
    };
    while let Some(candidate) = candidates.pop() {
        if candidates.len().is_multiple_of(FREED_AT_A_TIME) {
            candidates.shrink_to_fit();
        }
        let facts = environments.entry(candidate.environment.clone());
        let facts = facts.or_default();
        let is_newest = facts.judged < selection.keep_newest;
        facts.judged += 1;
        facts.is_protected |= candidate.matched != Match::WithEnvironment;
        if candidate.matched == Match::No {
            continue;
        }
        let is_current = candidate.is_production && facts.is_current(candidate.id);
        if let Some(reason) = reason_to_keep(&candidate, is_newest, is_current, policy) {
            decisions.kept.push(KeptDeployment {
                repository: selection.repository.clone(),
                id: candidate.id,
                environment: candidate.environment,
                state: candidate.state,
                reason,
            });
            continue;
        }
        facts.changed += 1;
        let is_reap = policy.operation == Operation::Reap;
        decisions.steps.push(PlanStep {
            repository: selection.repository.clone(),
            id: candidate.id,
            node_id: candidate.node_id,
            action: action(policy.operation, candidate.state.phase()),
            environment: candidate.environment,
            state: candidate.state,
            updated_at: candidate.updated_at,
            last_activity: is_reap.then_some(candidate.last_activity),
            is_transient: candidate.is_transient,
            is_current_production: is_current,
        });
    }
    decisions.steps.reverse();
    decisions.kept.reverse();
    if policy.with_environment {
        let emptied = environments
            .into_iter()
            .filter(|(_, facts)| !facts.is_protected && facts.changed == facts.judged);
        let emptied = emptied.filter_map(|(name, _)| name);
        let names = emptied.chain(selection.empty_environments);
        decisions.environments = names
            .map(|name| PlannedEnvironment {
                repository: selection.repository.clone(),
                name,
            })
            .collect();
    }
    decisions
}

impl EnvironmentFacts {
    /// Candidates have to come newest first.
    fn note(&mut self, candidate: &Candidate) {
        if let (true, Some(activated)) = (candidate.is_production, candidate.activated_at) {
            self.newest_active = self.newest_active.or(Some(candidate.id));
            self.last_activated = self.last_activated.max(Some((activated, candidate.id)));
        }
    }

    /// Whether a deployment may be what the environment serves: the newest that
    /// is active, or the one that became active last.
    fn is_current(&self, id: DeploymentId) -> bool {
        self.newest_active == Some(id)
            || self
                .last_activated
                .is_some_and(|(_, activated)| activated == id)
    }
}

fn action(operation: Operation, phase: Phase) -> Action {
    if operation == Operation::Delete && phase == Phase::Succeeded {
        return Action::DeactivateAndDelete;
    }
    operation.action()
}

fn reason_to_keep(
    candidate: &Candidate,
    is_newest: bool,
    is_current: bool,
    policy: Policy,
) -> Option<KeepReason> {
    let phase = candidate.state.phase();
    let operation = policy.operation;
    if operation == Operation::Reap {
        // Ending a stuck deployment never changes what is live.
        let is_recent = policy
            .stuck_before
            .is_none_or(|then| candidate.last_activity >= then);
        let is_claimed = candidate
            .claimed_until
            .is_some_and(|until| until >= policy.now);
        return match phase {
            Phase::Underway if is_claimed => Some(KeepReason::Claimed),
            Phase::Underway => is_recent.then_some(KeepReason::Recent),
            _ => Some(KeepReason::Ended),
        };
    }
    if operation == Operation::Deactivate && phase == Phase::Retired {
        return Some(KeepReason::AlreadyInactive);
    }
    if let Match::Protected(reason) = candidate.matched {
        return Some(reason);
    }
    if is_newest {
        return Some(KeepReason::Newest);
    }
    if is_current && !policy.include_production {
        return Some(KeepReason::CurrentProduction);
    }
    if operation == Operation::Delete && phase == Phase::Succeeded && !policy.force {
        return Some(KeepReason::Active);
    }
    None
}
