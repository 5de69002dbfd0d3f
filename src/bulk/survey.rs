use std::cmp::Reverse;
use std::io;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::empty::EmptyEnvironments;
use super::pulls::PullIndex;
use super::selection::{Name, Selection, is_production};
use super::sorter::{Sorted, Sorter, disk_failure};
use crate::api::{ApiError, Paging};
use crate::error::{Failure, Kind};
use crate::model::{Claim, DeploymentId, DeploymentState, Observed, Phase, Status, StatusState};
use crate::select::{ListFilter, SelectorArgs, survey};
use crate::session::Connection;

/// By environment, and the newest first.
pub(super) type Place = (Option<Name>, Reverse<(Timestamp, DeploymentId)>);

/// What was found for a selection, and what is beside it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) seen: Sorted<Place, Seen>,
    /// Ids that name no deployment.
    pub(super) missing: Vec<DeploymentId>,
    /// So many of the newest of each environment are kept.
    pub(super) keep: usize,
    /// Environments that the selection names and that have no deployments.
    pub(super) empty: EmptyEnvironments,
}

/// What is needed of a deployment to decide on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) node_id: Box<str>,
    pub(super) state: DeploymentState,
    pub(super) updated_at: Option<Timestamp>,
    /// When anything was last heard of it.
    pub(super) last_word: Timestamp,
    /// Until when an agent's claim to it holds.
    pub(super) claimed_until: Option<Timestamp>,
    /// When it became active, if it is.
    pub(super) activated: Option<Timestamp>,
    pub(super) transient: bool,
    pub(super) is_production: bool,
    pub(super) selection: Selection,
}

/// Takes in deployments one by one, in any order, and holds few of them.
#[derive(Debug, Default)]
pub(super) struct Survey {
    keep: usize,
    seen: Sorter<Place, Seen>,
}

impl Survey {
    /// A survey of which the newest `keep` of each environment are kept.
    pub(super) fn new(keep: usize) -> Self {
        Self {
            keep,
            ..Self::default()
        }
    }

    /// Takes a deployment in.
    pub(super) fn add(&mut self, one: Observed, selection: Selection) -> io::Result<()> {
        let Observed {
            deployment,
            state,
            latest_status,
        } = one;
        let is_active = state.phase() == Phase::Succeeded;
        let told = latest_status.as_ref().map(|status| status.created_at);
        let last_word = deployment.last_change();
        let seen = Seen {
            updated_at: Some(deployment.last_change()),
            last_word: told.map_or(last_word, |told| told.max(last_word)),
            claimed_until: latest_status.as_ref().and_then(claimed_until),
            activated: is_active.then(|| told.unwrap_or(deployment.created_at)),
            transient: deployment.is_transient(),
            is_production: is_production(deployment.is_production(), &deployment.environment),
            node_id: deployment.node_id.into(),
            state,
            selection,
        };
        let made = Reverse((deployment.created_at, deployment.id));
        let name = Some(Name::new(&deployment.environment));
        self.seen.push((name, made), seen)
    }

    pub(super) fn finish(self) -> Found {
        Found {
            seen: self.seen.finish(),
            keep: self.keep,
            ..Found::default()
        }
    }
}

fn claimed_until(status: &Status) -> Option<Timestamp> {
    let claim = status.description().and_then(Claim::parse)?;
    (status.state == StatusState::InProgress).then(|| claim.until(status.created_at))
}

/// Finds what the filters select.
pub(super) async fn by_filter(
    connection: &Connection,
    selector: &SelectorArgs,
    whole: bool,
    mut progress: impl FnMut(usize),
) -> Result<Found, Failure> {
    let now = selector.filter.now();
    let mut filter = selector.filter(&now, whole)?;
    take_names_for_names(connection, &mut filter).await?;
    let pulls = if selector.closed_pulls {
        Some(PullIndex::fetch(connection, &selector.pull_patterns()).await?)
    } else {
        None
    };
    let mut empty = if whole {
        EmptyEnvironments::named(connection, selector, &filter, pulls.as_ref()).await?
    } else {
        EmptyEnvironments::default()
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
            empty.has_deployments(&one.deployment.environment);
            let selection = match &pulls {
                _ if !selected => Selection::NONE,
                Some(pulls) => pulls.select(&one.deployment),
                None => Selection::CHOSEN,
            };
            found
                .add(one, selection)
                .map_err(|error| disk_failure(&error))?;
        }
        progress(count);
    }
    Ok(Found {
        empty,
        ..found.finish()
    })
}

/// Has an environment that is named `feat[1]` mean itself alone: as a pattern
/// the text would select `feat1`, too.
async fn take_names_for_names(
    connection: &Connection,
    filter: &mut ListFilter,
) -> Result<(), Failure> {
    let Connection { client, repo, .. } = connection;
    for text in filter.ambiguous_environments() {
        let is_name = match client.repo(repo).environment(&text).has_deployments().await {
            Ok(false) => client.repo(repo).environment(&text).exists().await,
            found => found,
        };
        if is_name.map_err(|error| connection.explain(&error))? {
            filter.take_for_name(&text);
        }
    }
    Ok(())
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
        .map(|id| async move { (id, client.repo(&connection.repo).deployment(id).get().await) })
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
    let mut vanished: Vec<DeploymentId> = deployments.iter().map(|one| one.id).collect();
    let observed = client.repo(&connection.repo).observe(deployments).await;
    let observed = observed.map_err(|error| connection.explain(&error))?;
    let mut found = Survey::new(0);
    for one in observed {
        vanished.retain(|id| *id != one.deployment.id);
        found
            .add(one, Selection::CHOSEN)
            .map_err(|error| disk_failure(&error))?;
    }
    missing.extend(vanished);
    Ok(Found {
        missing,
        ..found.finish()
    })
}

async fn one_by_id(
    connection: &Connection,
    id: DeploymentId,
    guarded: bool,
) -> Result<Found, Failure> {
    let client = &connection.client;
    let statuses: Result<Vec<Vec<Status>>, ApiError> = client
        .repo(&connection.repo)
        .deployment(id)
        .statuses(Paging::up_to(1))
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
        .is_some_and(|status| status.state == StatusState::Success);
    let mut found = Survey::new(0);
    if is_active && guarded {
        let deployment = match client.repo(&connection.repo).deployment(id).get().await {
            Ok(deployment) => deployment,
            Err(error) => {
                return Ok(Found {
                    missing: vec![not_there(connection, id, &error)?],
                    ..Found::default()
                });
            }
        };
        let now = deployment.last_change();
        let observed = Observed::from_latest(deployment, latest, now);
        found
            .add(observed, Selection::CHOSEN)
            .map_err(|error| disk_failure(&error))?;
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
    let seen = Seen {
        node_id: Box::default(),
        state,
        updated_at: None,
        last_word: then,
        claimed_until: None,
        activated: None,
        transient: false,
        is_production: false,
        selection: Selection::CHOSEN,
    };
    let place = (environment.as_deref().map(Name::new), Reverse((then, id)));
    found
        .seen
        .push(place, seen)
        .map_err(|error| disk_failure(&error))?;
    Ok(found.finish())
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
