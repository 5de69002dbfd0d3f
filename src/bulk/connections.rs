use std::collections::HashMap;

use super::name::Name;
use crate::api::Client;
use crate::output::counted;
use crate::session::{Connection, Repositories};

impl From<Repositories> for Connections {
    fn from(repositories: Repositories) -> Self {
        let all = repositories.connections;
        let names = || all.iter().map(Name::of_repository).collect();
        let names = repositories.is_several.then(names);
        Self::new(all, names)
    }
}

/// The connections to the repositories of a plan. They share one client, so
/// there is one pace for all.
pub(super) struct Connections {
    all: Vec<Connection>,
    /// The positions of the repositories, by their names in the plan; empty if
    /// the plan is for one repository, and its lines do not name it.
    positions: HashMap<Name, usize>,
}

impl Connections {
    /// At least one connection. `names` are those of the repositories in the
    /// lines of the plan.
    pub(super) fn new(all: Vec<Connection>, names: Option<Vec<Name>>) -> Self {
        let names = names.unwrap_or_default();
        Self {
            all,
            positions: names.into_iter().zip(0..).collect(),
        }
    }

    /// The client of all of them.
    pub(super) fn client(&self) -> &Client {
        &self.all[0].client
    }

    pub(super) fn allow_quota_wait(&self) {
        self.all[0].allow_quota_wait();
    }

    /// The connection to the repository of a line of the plan.
    pub(super) fn of(&self, repository: Option<&Name>) -> &Connection {
        match repository {
            Some(name) => &self.all[self.positions[name]],
            None => &self.all[0],
        }
    }

    /// The connection of a plan for one repository.
    pub(super) fn only(&self) -> Option<&Connection> {
        self.all.first().filter(|_| self.positions.is_empty())
    }

    /// Whether the lines of the plan name their repositories.
    pub(super) fn are_several(&self) -> bool {
        !self.positions.is_empty()
    }

    /// `acme/shop`, or `3 repositories`.
    pub(super) fn place(&self) -> String {
        match self.only() {
            Some(connection) => connection.repo.to_string(),
            None => counted(self.all.len() as u64, "repository"),
        }
    }
}
