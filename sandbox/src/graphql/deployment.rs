//! Deployments and their state
//! (<https://docs.github.com/graphql/reference/objects#deployment>).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Enum, ID, InputObject, Object};
use serde_json::Value;

use super::actor::Actor;
use super::commit::Commit;
use super::page::{Connection, Cursor, OrderDirection, PageArguments, connection};
use super::problem::Result;
use super::reference::Ref;
use super::repository::Repository;
use super::scalars::DateTime;
use super::session::{READ_CONTENTS, READ_DEPLOYMENTS, Session};
use super::status::DeploymentStatus;
use crate::ids::NodeId;
use crate::store::{self, DeploymentFilter, Window};

/// When a pending deployment without an update counts as abandoned.
const ABANDONED_AFTER_SECONDS: i64 = 30 * 60;

/// The possible states in which a deployment can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum DeploymentState {
    /// The pending deployment was not updated after 30 minutes.
    Abandoned,
    /// The deployment is currently active.
    Active,
    /// An inactive transient deployment.
    Destroyed,
    /// The deployment experienced an error.
    Error,
    /// The deployment has failed.
    Failure,
    /// The deployment is inactive.
    Inactive,
    /// The deployment is in progress.
    InProgress,
    /// The deployment is pending.
    Pending,
    /// The deployment has queued
    Queued,
    /// The deployment was successful.
    Success,
    /// The deployment is waiting.
    Waiting,
}

impl DeploymentState {
    /// The state of a deployment whose newest status has this state, at a
    /// time in seconds since the epoch.
    fn derive(deployment: &store::Deployment, newest: Option<&str>, now: i64) -> Self {
        match newest {
            Some("success") => Self::Active,
            Some("inactive") if deployment.transient => Self::Destroyed,
            Some("inactive") => Self::Inactive,
            Some("in_progress") => Self::InProgress,
            Some("queued") => Self::Queued,
            Some("waiting") => Self::Waiting,
            Some("failure") => Self::Failure,
            Some("error") => Self::Error,
            _ if now - deployment.updated_at >= ABANDONED_AFTER_SECONDS => Self::Abandoned,
            _ => Self::Pending,
        }
    }
}

/// Properties by which deployment connections can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum DeploymentOrderField {
    /// Order collection by creation time
    CreatedAt,
}

/// Ordering options for deployment connections
#[derive(Debug, Clone, InputObject)]
pub(super) struct DeploymentOrder {
    /// The ordering direction.
    pub(super) direction: OrderDirection,
    /// The field to order deployments by.
    pub(super) field: DeploymentOrderField,
}

impl DeploymentOrder {
    /// The order without an argument: oldest first, unlike REST's.
    pub(super) fn usual() -> Self {
        Self {
            direction: OrderDirection::Asc,
            field: DeploymentOrderField::CreatedAt,
        }
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

connection!(Deployment, "DeploymentConnection", "DeploymentEdge");

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

    /// A page of a repository's deployments in any of the `environments`, and
    /// of the commit `sha` if it is given.
    pub(super) fn list(
        repository: &Repository,
        arguments: &PageArguments,
        environments: Option<Vec<String>>,
        order: Option<DeploymentOrder>,
        sha: Option<String>,
    ) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_DEPLOYMENTS)?;
        let requested = arguments.check("deployments")?;
        let direction = order.unwrap_or_else(DeploymentOrder::usual).direction;
        let filter = DeploymentFilter {
            sha,
            environments: environments.filter(|names| !names.is_empty()),
            ascending: direction == OrderDirection::Asc,
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

/// Represents triggered deployment instance.
#[Object]
impl Deployment {
    /// Identifies the commit sha of the deployment.
    async fn commit(&self) -> Result<Option<Commit>> {
        self.repository.demand(READ_CONTENTS)?;
        Commit::find(&self.repository, &self.row.sha)
    }

    /// Identifies the oid of the deployment commit, even if the commit has been deleted.
    async fn commit_oid(&self) -> String {
        self.row.sha.clone()
    }

    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.created_at)
    }

    /// Identifies the actor who triggered the deployment.
    async fn creator(&self) -> Actor {
        Actor::new(&self.repository.session, self.row.creator.clone())
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        // GitHub's ids have long outgrown the type that its schema gives them.
        i32::try_from(self.row.id).ok()
    }

    /// The deployment description.
    async fn description(&self) -> Option<String> {
        self.row.description.clone()
    }

    /// The latest environment to which this deployment was made.
    async fn environment(&self) -> Option<String> {
        Some(self.row.environment.clone())
    }

    /// The Node ID of the Deployment object
    pub(super) async fn id(&self) -> ID {
        NodeId::Deployment(self.row.repository_id, self.row.id)
            .encode()
            .into()
    }

    /// The latest environment to which this deployment was made.
    async fn latest_environment(&self) -> Option<String> {
        Some(self.row.environment.clone())
    }

    /// The latest status of this deployment.
    async fn latest_status(&self) -> Result<Option<DeploymentStatus>> {
        let newest = self.newest_status()?;
        Ok(newest.map(|row| DeploymentStatus::new(self, row)))
    }

    /// The original environment to which this deployment was made.
    async fn original_environment(&self) -> Option<String> {
        Some(self.row.original_environment.clone())
    }

    /// Extra information that a deployment system might need.
    async fn payload(&self) -> Option<String> {
        shown_payload(&self.row.payload)
    }

    /// Identifies the Ref of the deployment, if the deployment was created by ref.
    #[graphql(name = "ref")]
    async fn reference(&self) -> Result<Option<Ref>> {
        self.repository.demand(READ_CONTENTS)?;
        Ref::find(&self.repository, &self.row.reference)
    }

    /// Identifies the repository associated with the deployment.
    async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// The current state of the deployment.
    async fn state(&self) -> Result<Option<DeploymentState>> {
        let newest = self.newest_status()?;
        let newest = newest.as_ref().map(|status| status.state.as_str());
        let now = self.session().now;
        Ok(Some(DeploymentState::derive(&self.row, newest, now)))
    }

    /// A list of statuses associated with the deployment.
    async fn statuses(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Option<Connection<DeploymentStatus>>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        DeploymentStatus::list(self, &arguments).map(Some)
    }

    /// The deployment task.
    async fn task(&self) -> Option<String> {
        Some(self.row.task.clone())
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.row.updated_at)
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
