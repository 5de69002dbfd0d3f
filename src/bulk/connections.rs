use std::collections::HashMap;

use super::name::Name;
use crate::api::Client;
use crate::output::counted;
use crate::session::Connection;

/// The connections to the repositories of a plan. They share one client, so
/// there is one pace for all.
pub(super) struct Connections {
    all: Vec<Connection>,
    /// The names of the repositories in the plan; empty if the plan is for one
    /// repository, and its lines do not name it.
    names: Vec<Name>,
    positions: HashMap<Name, usize>,
}

impl Connections {
    /// At least one connection. `names` are those of the repositories in the
    /// lines of the plan.
    pub(super) fn new(all: Vec<Connection>, names: Option<Vec<Name>>) -> Self {
        let names = names.unwrap_or_default();
        Self {
            all,
            positions: names.iter().cloned().zip(0..).collect(),
            names,
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

    /// Each connection, with the name of its repository in the lines of the plan.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<&Name>, &Connection)> {
        let names = self.names.iter().map(Some);
        names.chain(std::iter::repeat(None)).zip(&self.all)
    }

    /// The connection of a plan for one repository.
    pub(super) fn only(&self) -> Option<&Connection> {
        self.all.first().filter(|_| self.names.is_empty())
    }

    /// Whether the lines of the plan name their repositories.
    pub(super) fn are_several(&self) -> bool {
        !self.names.is_empty()
    }

    /// `acme/shop`, or `3 repositories`.
    pub(super) fn place(&self) -> String {
        match self.only() {
            Some(connection) => connection.repo.to_string(),
            None => counted(self.all.len() as u64, "repository"),
        }
    }
}
