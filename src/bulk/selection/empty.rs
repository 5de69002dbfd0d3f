//! Environments that a selector names and that have no deployments, for
//! instance those that an interrupted run has emptied.

use std::collections::BTreeSet;

use super::is_production;
use super::pulls::PullIndex;
use crate::bulk::name::Name;
use crate::error::Failure;
use crate::model::Environment;
use crate::select::{Filter, Selector};
use crate::session::Connection;

/// The environments that a selector names, as long as no deployment of them was
/// found.
#[derive(Debug, Default)]
pub(super) struct EmptyEnvironments {
    names: BTreeSet<Name>,
    /// Whether they are known to exist.
    are_listed: bool,
}

impl EmptyEnvironments {
    /// The environments that `-e` and `--closed-pulls` name. Options about
    /// deployments, such as `--state`, cannot apply to an empty environment, so
    /// a pattern that is combined with one names no environment.
    pub(super) async fn named(
        connection: &Connection,
        selector: &Selector,
        filter: &Filter,
        pulls: Option<&PullIndex>,
    ) -> Result<Self, Failure> {
        let keeps_some = selector.keep_newest.is_some_and(|count| count > 0);
        let names_any = pulls.is_some() || selector.filter.has_environments();
        if keeps_some || !names_any {
            return Ok(Self::default());
        }
        if let (Some(name), None) = (filter.exact_environment(), pulls) {
            return Ok(Self {
                names: BTreeSet::from([Name::new(name)]),
                are_listed: false,
            });
        }
        let is_named = |environment: &Environment| {
            let name = &environment.name;
            let is_selected = match pulls {
                Some(pulls) => pulls.names_closed(name),
                None => !selector.filter.is_about_deployments() || filter.names_exactly(name),
            };
            is_selected
                && filter.allows_environment(name)
                && filter.is_old_enough(environment.created_at)
        };
        let all = connection.repo().environments().await;
        let all = all.map_err(|error| connection.explain(&error))?;
        let named = all.iter().filter(|environment| is_named(environment));
        Ok(Self {
            names: named
                .map(|environment| Name::new(&environment.name))
                .collect(),
            are_listed: true,
        })
    }

    /// Removes an environment that has deployments.
    pub(super) fn remove(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// Those that exist. One named `production` is left out unless
    /// `include_production`: it may be set up before its first deployment.
    pub(super) async fn existing(
        self,
        connection: &Connection,
        include_production: bool,
    ) -> Result<BTreeSet<Name>, Failure> {
        let mut names = self.names;
        names.retain(|name| include_production || !is_production(false, name.as_str()));
        if self.are_listed {
            return Ok(names);
        }
        let mut existing = BTreeSet::new();
        for name in names {
            let exists = connection.repo().environment(name.as_str()).exists().await;
            if exists.map_err(|error| connection.explain(&error))? {
                existing.insert(name);
            }
        }
        Ok(existing)
    }
}
