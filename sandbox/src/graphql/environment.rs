//! Environments
//! (<https://docs.github.com/graphql/reference/objects#environment>).

use std::sync::Arc;

use async_graphql::{Enum, ID, InputObject, Object};

use super::deployment::Deployment;
use super::page::{Connection, Cursor, OrderDirection, PageArguments, connection};
use super::problem::Result;
use super::protection::DeploymentProtectionRule;
use super::repository::Repository;
use super::session::READ_ENVIRONMENTS;
use crate::ids::NodeId;
use crate::store::{self, Window};

/// Properties by which environments connections can be ordered
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum EnvironmentOrderField {
    /// Order environments by name.
    Name,
}

/// Properties by which environments connections can be ordered
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum EnvironmentPinnedFilterField {
    /// All environments will be returned.
    All,
    /// Environments exclude pinned will be returned
    None,
    /// Only pinned environment will be returned
    Only,
}

/// Ordering options for environments
#[derive(Debug, Clone, InputObject)]
#[graphql(name = "Environments")]
pub(super) struct EnvironmentOrder {
    /// The direction in which to order environments by the specified field.
    pub(super) direction: OrderDirection,
    /// The field to order environments by.
    pub(super) field: EnvironmentOrderField,
}

impl EnvironmentOrder {
    /// The order without an argument.
    pub(super) fn usual() -> Self {
        Self {
            direction: OrderDirection::Asc,
            field: EnvironmentOrderField::Name,
        }
    }
}

/// An environment of a repository.
#[derive(Debug, Clone)]
pub(super) struct Environment {
    repository: Repository,
    row: Arc<store::Environment>,
}

connection!(Environment, "EnvironmentConnection", "EnvironmentEdge");

impl Environment {
    pub(super) fn new(repository: &Repository, row: store::Environment) -> Self {
        Self {
            repository: repository.clone(),
            row: Arc::new(row),
        }
    }

    /// The repository.
    pub(super) fn parent(&self) -> &Repository {
        &self.repository
    }

    pub(super) fn row(&self) -> &store::Environment {
        &self.row
    }

    /// A page of a repository's environments, by name; all of them if `names`
    /// is empty.
    pub(super) fn list(
        repository: &Repository,
        arguments: &PageArguments,
        names: Option<&[String]>,
        order: Option<EnvironmentOrder>,
        pinned: Option<EnvironmentPinnedFilterField>,
    ) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_ENVIRONMENTS)?;
        let requested = arguments.check("environments")?;
        let all = Window {
            skip: 0,
            take: u64::MAX,
        };
        let mut rows = session.core.environments(&repository.row, all)?.items;
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            rows.retain(|row| names.contains(&row.name));
        }
        if pinned == Some(EnvironmentPinnedFilterField::Only) {
            rows.clear();
        }
        let order = order.unwrap_or_else(EnvironmentOrder::usual);
        let ascending = order.direction == OrderDirection::Asc;
        rows.sort_by(|one, other| {
            let order = one.name.cmp(&other.name);
            if ascending { order } else { order.reverse() }
        });
        let cut = requested.cut(
            rows,
            |row| Cursor::new(&row.name),
            |row, place| {
                if ascending {
                    row.name.as_str() < place
                } else {
                    row.name.as_str() > place
                }
            },
        );
        Ok(cut.map(|row| Self::new(repository, row)))
    }
}

/// An environment.
#[Object]
impl Environment {
    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The Node ID of the Environment object
    pub(super) async fn id(&self) -> ID {
        NodeId::Environment(self.row.repository_id, self.row.id)
            .encode()
            .into()
    }

    /// Indicates whether or not this environment is currently pinned to the repository
    async fn is_pinned(&self) -> Option<bool> {
        Some(false)
    }

    /// The latest completed deployment with status success, failure, or error if it exists
    async fn latest_completed_deployment(&self) -> Result<Option<Deployment>> {
        let (id, name) = (self.row.repository_id, &self.row.name);
        let found = self
            .repository
            .session
            .core
            .store
            .read(|read| store::Deployment::latest_completed(read, id, name));
        Ok(found?.map(|row| Deployment::new(&self.repository, row)))
    }

    /// The name of the environment
    async fn name(&self) -> String {
        self.row.name.clone()
    }

    /// The position of the environment if it is pinned, null if it is not pinned
    async fn pinned_position(&self) -> Option<i32> {
        None
    }

    /// The protection rules defined for this environment
    async fn protection_rules(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<DeploymentProtectionRule>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        DeploymentProtectionRule::list(&self.repository.session, &self.row, &arguments)
    }
}
