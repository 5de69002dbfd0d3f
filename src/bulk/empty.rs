//! Environments that a selection names and that have no deployments: those
//! that an interrupted run has emptied already, for instance.

use std::collections::BTreeSet;

use super::pulls::PullIndex;
use super::selection::{Name, is_production};
use crate::error::Failure;
use crate::model::Environment;
use crate::select::{ListFilter, SelectorArgs};
use crate::session::Connection;

/// The environments that a selection names, until deployments of them turn up.
#[derive(Debug, Default)]
pub(super) struct EmptyEnvironments {
    names: BTreeSet<Name>,
    /// Whether the server has them all; else that is still to be asked.
    is_checked: bool,
}

impl EmptyEnvironments {
    /// The environments that `-e` and `--closed-pulls` name. Options that are
    /// about deployments, such as `--state`, say nothing of an empty
    /// environment, so with these a pattern alone names none.
    pub(super) async fn named(
        connection: &Connection,
        selector: &SelectorArgs,
        filter: &ListFilter,
        pulls: Option<&PullIndex>,
    ) -> Result<Self, Failure> {
        let keeps_some = selector.keep.is_some_and(|count| count > 0);
        let names_any = pulls.is_some() || !selector.filter.environment.is_empty();
        if keeps_some || !names_any {
            return Ok(Self::default());
        }
        if let (Some(name), None) = (filter.only_environment(), pulls) {
            return Ok(Self {
                names: BTreeSet::from([Name::new(name)]),
                is_checked: false,
            });
        }
        let is_named = |environment: &Environment| {
            let name = &environment.name;
            let is_of_pull = pulls.map(|pulls| pulls.names_closed(name));
            let by_itself = !selector.filter.is_about_deployments() || filter.names_exactly(name);
            filter.fits_environment(name)
                && filter.is_old_enough(environment.created_at)
                && is_of_pull.unwrap_or(by_itself)
        };
        let all = connection
            .client
            .repo(&connection.repo)
            .environments()
            .await;
        let all = all.map_err(|error| connection.explain(&error))?;
        let named = all.iter().filter(|one| is_named(one));
        Ok(Self {
            names: named.map(|one| Name::new(&one.name)).collect(),
            is_checked: true,
        })
    }

    /// Takes out an environment that has deployments.
    pub(super) fn has_deployments(&mut self, name: &str) {
        if !self.names.is_empty() {
            self.names.remove(&Name::new(name));
        }
    }

    /// Those that exist. One named `production` is not among them unless
    /// `include_production`: it may be set up and not deployed to yet.
    pub(super) async fn existing(
        self,
        connection: &Connection,
        include_production: bool,
    ) -> Result<BTreeSet<Name>, Failure> {
        let mut names = self.names;
        names.retain(|name| include_production || !is_production(false, name.as_str()));
        if self.is_checked {
            return Ok(names);
        }
        let mut existing = BTreeSet::new();
        for name in names {
            let found = connection
                .client
                .repo(&connection.repo)
                .environment(name.as_str())
                .exists()
                .await;
            if found.map_err(|error| connection.explain(&error))? {
                existing.insert(name);
            }
        }
        Ok(existing)
    }
}
