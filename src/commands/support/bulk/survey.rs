use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::Connection;
use super::super::select::survey;
use super::super::selector::SelectorArgs;
use super::plan::{Action, Step};
use super::pulls::{Belonging, PullIndex};
use crate::api::{ApiError, Paging};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, DeploymentState, Observed, Phase, Status};

/// The name of an environment, kept once however many deployments it has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(Arc<str>);

/// What was found for a selection.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The deployments that are selected, oldest first. What is done to each
    /// is still to be decided.
    pub(super) seen: Vec<Step>,
    /// Ids that name no deployment.
    pub(super) missing: Vec<DeploymentId>,
    /// The newest of each environment that `--keep` keeps.
    pub(super) newest: HashSet<DeploymentId>,
    /// What is live in production: of each environment the newest that is
    /// active, and the one that became active last.
    pub(super) current: HashSet<DeploymentId>,
    /// Environments with deployments that are not selected.
    pub(super) occupied: HashSet<Name>,
}

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.into()))
    }
}

/// Of an environment: the newest deployments, and what is live.
#[derive(Debug, Default)]
struct Ledger {
    newest: BTreeSet<(Timestamp, DeploymentId)>,
    newest_active: Option<(Timestamp, DeploymentId)>,
    last_activated: Option<(Timestamp, DeploymentId)>,
}

/// Takes in deployments one by one, in any order, and keeps little of each.
#[derive(Debug, Default)]
pub(super) struct Survey {
    keep: usize,
    names: HashMap<Name, Ledger>,
    found: Found,
}

impl Survey {
    /// A survey that notes the newest `keep` of each environment.
    pub(super) fn new(keep: usize) -> Self {
        Self {
            keep,
            ..Self::default()
        }
    }

    /// Takes a deployment in. With `selected` it may be touched.
    pub(super) fn add(&mut self, one: Observed, selected: bool, has_open_pull: bool) {
        let Observed {
            deployment,
            state,
            latest_status,
        } = one;
        let name = Name::new(&deployment.environment);
        let name = match self.names.get_key_value(&name) {
            Some((known, _)) => known.clone(),
            None => name,
        };
        let ledger = self.names.entry(name.clone()).or_default();
        let made = (deployment.created_at, deployment.id);
        if self.keep > 0 {
            ledger.newest.insert(made);
            if ledger.newest.len() > self.keep {
                ledger.newest.pop_first();
            }
        }
        let is_production = is_production(deployment.is_production(), &deployment.environment);
        if is_production && state.phase() == Phase::Succeeded {
            let activated = latest_status
                .as_ref()
                .map_or(deployment.created_at, |status| status.created_at);
            ledger.newest_active = ledger.newest_active.max(Some(made));
            ledger.last_activated = ledger.last_activated.max(Some((activated, deployment.id)));
        }
        if !selected {
            self.found.occupied.insert(name);
            return;
        }
        let is_transient = deployment.is_transient();
        self.found.seen.push(Step {
            id: deployment.id,
            node_id: deployment.node_id.into(),
            action: Action::Keep,
            environment: Some(name),
            transient: is_transient,
            state,
            updated_at: Some(deployment.updated_at),
            current_production: false,
            created_at: deployment.created_at,
            is_production,
            has_open_pull,
        });
    }

    pub(super) fn finish(self) -> Found {
        let mut found = self.found;
        for ledger in self.names.into_values() {
            found
                .newest
                .extend(ledger.newest.into_iter().map(|(_, id)| id));
            let current = [ledger.newest_active, ledger.last_activated];
            found
                .current
                .extend(current.into_iter().flatten().map(|(_, id)| id));
        }
        // The oldest come first: should a run break off, the newest are left.
        found.seen.sort_by_key(|one| (one.created_at, one.id));
        found
    }
}

/// Whether a deployment is guarded as production. Servers differ in whether
/// they set the flag by themselves for an environment of that name.
fn is_production(flag: bool, environment: &str) -> bool {
    flag || environment.eq_ignore_ascii_case("production")
}

/// Finds what the filters select.
pub(super) async fn by_filter(
    connection: &Connection,
    selector: &SelectorArgs,
    whole: bool,
    mut progress: impl FnMut(usize),
) -> Result<Found, Failure> {
    let now = selector.filter.now();
    let filter = selector.filter(&now, whole)?;
    let pulls = if selector.closed_pulls {
        Some(PullIndex::fetch(connection, &selector.pull_patterns()).await?)
    } else {
        None
    };
    let mut found = Survey::new(selector.keep.unwrap_or(0));
    let mut count = 0;
    let mut pages = Box::pin(survey(connection, &filter));
    while let Some(page) = pages
        .try_next()
        .await
        .map_err(|error| connection.explain(&error))?
    {
        count += page.len();
        for (one, selected) in page {
            let belonging = match &pulls {
                Some(pulls) if selected => pulls.belonging(&one.deployment)?,
                _ => Belonging::Closed,
            };
            let has_open_pull = belonging == Belonging::Reused;
            found.add(one, selected && belonging != Belonging::None, has_open_pull);
        }
        progress(count);
    }
    Ok(found.finish())
}

/// Finds the named deployments.
///
/// One alone takes one request for its state, and a second one only if it is
/// active and so may be what production serves (unless `guarded` is false), or
/// if `whole` asks for all of it. Several take a request each and one for all
/// their states.
pub(super) async fn by_id(
    connection: &Connection,
    ids: &[DeploymentId],
    whole: bool,
    guarded: bool,
) -> Result<Found, Failure> {
    if let ([id], false) = (ids, whole) {
        return one_by_id(connection, *id, guarded).await;
    }
    let client = &connection.client;
    let answers: Vec<_> = stream::iter(ids.iter().copied())
        .map(|id| async move { (id, client.deployment(&connection.repo, id).await) })
        .buffered(client.concurrency())
        .collect()
        .await;
    let mut missing = Vec::new();
    let mut deployments = Vec::new();
    for (id, answer) in answers {
        match answer {
            Ok(deployment) => deployments.push(deployment),
            Err(error) => missing.push(not_there(connection, id, &error)?),
        }
    }
    let present: Vec<DeploymentId> = deployments.iter().map(|one| one.id).collect();
    let observed = client.observe(&connection.repo, deployments).await;
    let observed = observed.map_err(|error| connection.explain(&error))?;
    let mut found = Survey::new(0);
    for one in observed {
        found.add(one, true, false);
    }
    let mut found = found.finish();
    let seen: HashSet<DeploymentId> = found.seen.iter().map(|one| one.id).collect();
    missing.extend(present.into_iter().filter(|id| !seen.contains(id)));
    found.missing = missing;
    Ok(found)
}

async fn one_by_id(
    connection: &Connection,
    id: DeploymentId,
    guarded: bool,
) -> Result<Found, Failure> {
    let client = &connection.client;
    let statuses: Result<Vec<Vec<Status>>, ApiError> = client
        .statuses(&connection.repo, id, Paging::up_to(1))
        .try_collect()
        .await;
    let latest = match statuses {
        Ok(pages) => pages.into_iter().flatten().next(),
        Err(error) => {
            return Ok(Found {
                missing: vec![not_there(connection, id, &error)?],
                ..Found::default()
            });
        }
    };
    let is_active = latest
        .as_ref()
        .is_some_and(|status| status.state == crate::model::StatusState::Success);
    if is_active && guarded {
        let deployment = match client.deployment(&connection.repo, id).await {
            Ok(deployment) => deployment,
            Err(error) => {
                return Ok(Found {
                    missing: vec![not_there(connection, id, &error)?],
                    ..Found::default()
                });
            }
        };
        let now = deployment.updated_at;
        let mut found = Survey::new(0);
        found.add(Observed::from_latest(deployment, latest, now), true, false);
        return Ok(found.finish());
    }
    let then = latest
        .as_ref()
        .map_or(Timestamp::UNIX_EPOCH, |status| status.created_at);
    let state = DeploymentState::compute(
        latest.as_ref().map(|status| &status.state),
        false,
        then,
        then,
    );
    let environment = latest
        .and_then(|status| status.environment)
        .filter(|name| !name.is_empty());
    Ok(Found {
        seen: vec![Step {
            id,
            node_id: Box::default(),
            action: Action::Keep,
            environment: environment.as_deref().map(Name::new),
            state,
            updated_at: None,
            transient: false,
            current_production: false,
            created_at: then,
            is_production: false,
            has_open_pull: false,
        }],
        ..Found::default()
    })
}

/// The id of a deployment that is not there, or why that is not known.
fn not_there(
    connection: &Connection,
    id: DeploymentId,
    error: &ApiError,
) -> Result<DeploymentId, Failure> {
    let failure = connection.explain(error);
    if failure.kind() == Kind::NothingThere {
        Ok(id)
    } else {
        Err(failure)
    }
}
