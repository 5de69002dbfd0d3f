//! Environments
//! (<https://docs.github.com/graphql/reference/objects#environment>).

use std::sync::Arc;

use super::deployment::Deployment;
use super::object::{Field, Object, Output};
use super::page::{Connection, Cursor, Order, OrderDirection, PageArguments};
use super::problem::Result;
use super::protection::DeploymentProtectionRule;
use super::repository::Repository;
use super::scalars::short;
use super::session::READ_ENVIRONMENTS;
use crate::ids::NodeId;
use crate::store::{self, Window};

/// An environment of a repository.
#[derive(Debug, Clone)]
pub(super) struct Environment {
    repository: Repository,
    row: Arc<store::Environment>,
}

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

    /// A page of a repository's environments, by name.
    pub(super) fn list(repository: &Repository, field: Field<'_>) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_ENVIRONMENTS)?;
        let arguments: PageArguments = field.arguments()?;
        let names: Option<Vec<String>> = field.argument("names")?;
        let order: Option<Order> = field.argument("orderBy")?;
        let pinned: Option<String> = field.argument("pinnedEnvironmentFilter")?;
        let requested = arguments.check("environments")?;
        let all = Window {
            skip: 0,
            take: u64::MAX,
        };
        let mut rows = session.core.environments(&repository.row, all)?.items;
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            rows.retain(|row| names.contains(&row.name));
        }
        if pinned.as_deref() == Some("ONLY") {
            rows.clear();
        }
        let ascending = order.is_none_or(|order| order.direction == OrderDirection::Asc);
        rows.sort_unstable_by(|one, other| {
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

impl Object for Environment {
    fn kind(&self) -> &'static str {
        "Environment"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (session, row) = (&self.repository.session, &self.row);
        Ok(match field.name() {
            "databaseId" => short(row.id).into(),
            "id" => NodeId::Environment(row.repository_id, row.id)
                .encode()
                .into(),
            "isPinned" => false.into(),
            "latestCompletedDeployment" => {
                let (id, name) = (row.repository_id, &row.name);
                let store = &session.core.store;
                let found = store.read(|read| store::Deployment::latest_completed(read, id, name));
                found?
                    .map(|row| Deployment::new(&self.repository, row))
                    .into()
            }
            "name" => row.name.as_str().into(),
            "pinnedPosition" => Output::NULL,
            "protectionRules" => {
                DeploymentProtectionRule::list(session, row, &field.arguments()?)?.output(field)
            }
            _ => return Err(field.unknown()),
        })
    }
}
