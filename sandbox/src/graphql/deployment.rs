//! Deployments and their state
//! (<https://docs.github.com/graphql/reference/objects#deployment>).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::actor::actor;
use super::commit::Commit;
use super::object::{Field, Object, Output};
use super::page::{Connection, Cursor, Order, OrderDirection, PageArguments};
use super::problem::Result;
use super::reference::Ref;
use super::repository::Repository;
use super::scalars::{short, time};
use super::session::{READ_CONTENTS, READ_DEPLOYMENTS, Session};
use super::status::DeploymentStatus;
use crate::ids::NodeId;
use crate::store::{self, DeploymentFilter, Window};

/// When a pending deployment without an update counts as abandoned.
const ABANDONED_AFTER_SECONDS: i64 = 30 * 60;

/// The state of a deployment whose newest status has this state, at a time in
/// seconds since the epoch.
fn state(deployment: &store::Deployment, newest: Option<&str>, now: i64) -> &'static str {
    match newest {
        Some("success") => "ACTIVE",
        Some("inactive") if deployment.transient => "DESTROYED",
        Some("inactive") => "INACTIVE",
        Some("in_progress") => "IN_PROGRESS",
        Some("queued") => "QUEUED",
        Some("waiting") => "WAITING",
        Some("failure") => "FAILURE",
        Some("error") => "ERROR",
        _ if now - deployment.updated_at >= ABANDONED_AFTER_SECONDS => "ABANDONED",
        _ => "PENDING",
    }
}

/// A deployment of a repository.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    repository: Repository,
    row: Arc<store::Deployment>,
    group: Arc<Group>,
}

/// Deployments that were fetched together. The first request for the latest
/// status of one of them fetches those of all.
#[derive(Debug)]
struct Group {
    ids: Vec<i64>,
    newest: Mutex<Option<Newest>>,
}

/// The newest statuses by the ids of their deployments.
type Newest = HashMap<i64, Arc<store::DeploymentStatus>>;

impl Deployment {
    pub(super) fn new(repository: &Repository, row: store::Deployment) -> Self {
        let group = Group::new(vec![row.id]);
        Self::in_group(repository, row, &group)
    }

    /// Deployments that were found together.
    pub(super) fn all(
        repository: &Repository,
        rows: Vec<store::Deployment>,
    ) -> impl Iterator<Item = Self> {
        let group = Group::new(rows.iter().map(|row| row.id).collect());
        rows.into_iter()
            .map(move |row| Self::in_group(repository, row, &group))
    }

    fn in_group(repository: &Repository, row: store::Deployment, group: &Arc<Group>) -> Self {
        Self {
            repository: repository.clone(),
            row: Arc::new(row),
            group: Arc::clone(group),
        }
    }

    /// A page of a repository's deployments, oldest first without an argument,
    /// unlike REST's; of the commit `sha` if it is given.
    pub(super) fn list(
        repository: &Repository,
        field: Field<'_>,
        sha: Option<&str>,
    ) -> Result<Connection<Self>> {
        let arguments: PageArguments = field.arguments()?;
        let environments: Option<Vec<String>> = field.argument("environments")?;
        let order: Option<Order> = field.argument("orderBy")?;
        let session = &repository.session;
        repository.demand(READ_DEPLOYMENTS)?;
        let requested = arguments.check("deployments")?;
        let filter = DeploymentFilter {
            sha: sha.map(str::to_owned),
            environments: environments.filter(|names| !names.is_empty()),
            ascending: order.is_none_or(|order| order.direction == OrderDirection::Asc),
            ..DeploymentFilter::default()
        };
        let read_place = |cursor: &Cursor| -> Result<(i64, i64)> {
            let place = cursor.place().split_once(' ');
            let place = place.and_then(|(time, id)| Some((time.parse().ok()?, id.parse().ok()?)));
            place.ok_or_else(|| Cursor::refused(&cursor.encode()))
        };
        let after = requested.after.as_ref().map(read_place).transpose()?;
        let before = requested.before.as_ref().map(read_place).transpose()?;
        let id = repository.row.id;
        // One snapshot, so that the counts fit the page.
        let page_index = &session.core.store.page_index;
        session.core.store.read(|read| {
            let nothing = Window { skip: 0, take: 0 };
            let total = store::Deployment::list(read, page_index, id, &filter, nothing)?.total;
            let rank = |place: Option<(i64, i64)>, through: bool| {
                place
                    .map(|place| store::Deployment::rank(read, id, &filter, place, through))
                    .transpose()
            };
            let span = requested.span(total, rank(after, true)?, rank(before, false)?);
            let page = store::Deployment::list(read, page_index, id, &filter, span.window())?;
            let place = |deployment: Self| {
                let row = &deployment.row;
                let cursor = Cursor::new(format!("{} {}", row.created_at, row.id));
                (cursor, deployment)
            };
            let page = Self::all(repository, page.items).map(place).collect();
            Ok(Connection::new(span, page))
        })
    }

    fn session(&self) -> &Session {
        &self.repository.session
    }

    fn newest_status(&self) -> Result<Option<Arc<store::DeploymentStatus>>> {
        let mut known = self
            .group
            .newest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            let found = self.session().core.latest_statuses(&self.group.ids)?;
            let newest = found
                .into_iter()
                .map(|status| (status.deployment_id, Arc::new(status)));
            *known = Some(newest.collect());
        }
        let newest = known.as_ref().and_then(|newest| newest.get(&self.row.id));
        Ok(newest.cloned())
    }
}

impl Object for Deployment {
    fn kind(&self) -> &'static str {
        "Deployment"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, row) = (&self.repository, &self.row);
        Ok(match field.name() {
            "commit" => {
                repository.demand(READ_CONTENTS)?;
                Commit::find(repository, &row.sha)?.into()
            }
            "commitOid" => row.sha.as_str().into(),
            "createdAt" => time(row.created_at).into(),
            "creator" => actor(&repository.session, row.creator.clone()),
            "databaseId" => short(row.id).into(),
            "description" => row.description.clone().into(),
            "environment" | "latestEnvironment" => row.environment.as_str().into(),
            "id" => NodeId::Deployment(row.repository_id, row.id)
                .encode()
                .into(),
            "latestStatus" => {
                let newest = self.newest_status()?;
                newest.map(|row| DeploymentStatus::new(self, row)).into()
            }
            "originalEnvironment" => row.original_environment.as_str().into(),
            "payload" => shown_payload(&row.payload).into(),
            "ref" => {
                repository.demand(READ_CONTENTS)?;
                Ref::find(repository, &row.reference)?.into()
            }
            "repository" => repository.clone().into(),
            "state" => {
                let newest = self.newest_status()?;
                let newest = newest.as_ref().map(|status| status.state.as_str());
                state(row, newest, self.session().now).into()
            }
            "statuses" => DeploymentStatus::list(self, &field.arguments()?)?.output(field),
            "task" => row.task.as_str().into(),
            "updatedAt" => time(row.updated_at).into(),
            _ => return Err(field.unknown()),
        })
    }
}

impl Group {
    fn new(ids: Vec<i64>) -> Arc<Self> {
        Arc::new(Self {
            ids,
            newest: Mutex::new(None),
        })
    }
}

impl Deployment {
    pub(super) fn row(&self) -> &store::Deployment {
        &self.row
    }

    /// The repository that it belongs to.
    pub(super) fn parent(&self) -> &Repository {
        &self.repository
    }
}

/// A payload in GraphQL is always a string, and null when it is empty. An
/// object is shown as its JSON text.
fn shown_payload(kept: &str) -> Option<String> {
    match serde_json::from_str(kept) {
        Ok(Value::Object(fields)) if fields.is_empty() => None,
        Ok(Value::String(text)) if text.is_empty() => None,
        Ok(Value::String(text)) => Some(text),
        _ => Some(kept.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::shown_payload;

    #[test]
    fn payloads_are_strings_and_null_when_empty() {
        for empty in ["{}", "{ }", r#""""#] {
            assert_eq!(shown_payload(empty), None, "{empty}");
        }
        assert_eq!(shown_payload(r#""a b""#).as_deref(), Some("a b"));
        let object = r#"{"n":1.10, "big":12345678901234567890123}"#;
        assert_eq!(shown_payload(object).as_deref(), Some(object));
    }
}
