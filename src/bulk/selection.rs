mod empty;
mod find;
mod pulls;

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;

use super::name::Name;
use super::operation::KeepReason;
use crate::model::{
    Claim, DeploymentId, DeploymentState, DeploymentWithState, Phase, Status, StatusState,
};

pub(super) use find::Search;

/// What a selector found in a repository.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// The repository's name for the lines of the plan, if they need it.
    pub(super) repository: Option<Name>,
    pub(super) candidates: Vec<Candidate>,
    /// IDs that name no deployment.
    pub(super) missing: Vec<DeploymentId>,
    /// This many of the newest deployments of each environment are kept.
    pub(super) keep_newest: usize,
    /// The selected environments that have no deployments.
    pub(super) empty_environments: BTreeSet<Name>,
    names: HashSet<Name>,
}

/// A deployment that was found, with what is needed to decide about it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: DeploymentId,
    pub(super) node_id: Box<str>,
    pub(super) environment: Option<Name>,
    pub(super) state: DeploymentState,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Option<Timestamp>,
    /// Its last update or status.
    pub(super) last_activity: Timestamp,
    /// When an agent's claim to it expires.
    pub(super) claimed_until: Option<Timestamp>,
    /// When it became active, if it is.
    pub(super) activated_at: Option<Timestamp>,
    pub(super) is_transient: bool,
    pub(super) is_production: bool,
    pub(super) matched: Match,
}

/// Whether a selector matches a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// It is here only because the rest of its environment has to be known.
    No,
    /// It matches, and is kept whatever the options say.
    Protected(KeepReason),
    /// It matches, but its environment must not be deleted.
    DeploymentOnly,
    /// It matches, and its environment may be deleted once it is empty.
    WithEnvironment,
}

impl Selection {
    pub(super) fn new(keep_newest: usize) -> Self {
        Self {
            keep_newest,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, observed: DeploymentWithState, matched: Match) {
        let DeploymentWithState {
            deployment,
            state,
            latest_status,
        } = observed;
        let is_active = state.phase() == Phase::Succeeded;
        let reported_at = latest_status.as_ref().map(|status| status.created_at);
        let updated_at = deployment.last_change();
        let environment = self.shared_name(&deployment.environment);
        self.candidates.push(Candidate {
            id: deployment.id,
            environment: Some(environment),
            created_at: deployment.created_at,
            updated_at: Some(updated_at),
            last_activity: reported_at.map_or(updated_at, |at| at.max(updated_at)),
            claimed_until: latest_status.as_ref().and_then(claimed_until),
            activated_at: is_active.then(|| reported_at.unwrap_or(deployment.created_at)),
            is_transient: deployment.is_transient(),
            is_production: is_production(deployment.is_production(), &deployment.environment),
            node_id: deployment.node_id.into(),
            state,
            matched,
        });
    }

    fn shared_name(&mut self, text: &str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name = Name::new(text);
        self.names.insert(name.clone());
        name
    }
}

fn claimed_until(status: &Status) -> Option<Timestamp> {
    let claim = status.description().and_then(Claim::parse)?;
    (status.state == StatusState::InProgress).then(|| claim.until(status.created_at))
}

/// Whether a deployment is protected as one in production. Servers differ in
/// whether they set the flag automatically for an environment of that name.
fn is_production(flag: bool, environment: &str) -> bool {
    flag || environment.eq_ignore_ascii_case("production")
}
