mod empty;
mod find;
mod pulls;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::operation::KeepReason;
use crate::model::{
    Claim, DeploymentId, DeploymentState, DeploymentWithState, Phase, Status, StatusState,
};

pub(super) use find::Search;

/// The name of an environment, shared by its deployments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct EnvironmentName(Arc<str>);

impl EnvironmentName {
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for EnvironmentName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for EnvironmentName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EnvironmentName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.into()))
    }
}

/// What a selector found.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) candidates: Vec<Candidate>,
    /// IDs that name no deployment.
    pub(super) missing: Vec<DeploymentId>,
    /// This many of the newest deployments of each environment are kept.
    pub(super) keep_newest: usize,
    /// The selected environments that have no deployments.
    pub(super) empty_environments: BTreeSet<EnvironmentName>,
    names: HashSet<EnvironmentName>,
}

/// A deployment that was found, with what is needed to decide about it.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: DeploymentId,
    pub(super) node_id: Box<str>,
    pub(super) environment: Option<EnvironmentName>,
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

    fn shared_name(&mut self, text: &str) -> EnvironmentName {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name = EnvironmentName::new(text);
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
