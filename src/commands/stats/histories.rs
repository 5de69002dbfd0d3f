use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::TryStreamExt;
use jiff::{Timestamp, ToSpan as _};

use crate::api::{DeploymentFilter, Paging};
use crate::error::{Failure, Kind};
use crate::model::{Pattern, Timeline};
use crate::session::{Connection, suggest_environment};
use crate::stats::{EnvironmentHistory, Window};

/// GitHub fails a job that has waited at a gate for longer, so an older
/// deployment does not succeed any more.
const LONGEST_WAIT_HOURS: i64 = 30 * 24;
/// How many pages are read beyond that in search of what was live before.
const MAX_EARLIER_PAGES: usize = 10;
/// The environment that GitHub takes for production, which is not transient.
const PRODUCTION: &str = "production";

/// The environments that the user named.
pub(super) struct EnvironmentChoice<'a> {
    names: Vec<&'a str>,
    patterns: Vec<Pattern>,
}

impl<'a> EnvironmentChoice<'a> {
    pub(super) fn new(texts: &'a [String]) -> Self {
        let (patterns, names): (Vec<&String>, Vec<&String>) =
            texts.iter().partition(|text| Pattern::is_pattern(text));
        Self {
            names: names.into_iter().map(String::as_str).collect(),
            patterns: patterns.into_iter().map(Pattern::new).collect(),
        }
    }

    /// The environment, if exactly one is named.
    pub(super) fn one_name(&self) -> Option<&'a str> {
        match (&self.names[..], &self.patterns[..]) {
            ([name], []) => Some(name),
            _ => None,
        }
    }

    /// Whether this name is given as it is.
    pub(super) fn names(&self, environment: &str) -> bool {
        self.names.contains(&environment)
    }

    /// The first environment that the user named and that is not in `known`.
    pub(super) fn unknown_name(&self, known: &[&str]) -> Option<&'a str> {
        let mut names = self.names.iter();
        names.find(|name| !known.contains(name)).copied()
    }

    fn is_everything(&self) -> bool {
        self.names.is_empty() && self.patterns.is_empty()
    }

    fn fits(&self, environment: &str) -> bool {
        let mut patterns = self.patterns.iter();
        self.is_everything()
            || self.names(environment)
            || patterns.any(|pattern| pattern.fits(environment))
    }

    /// The names that the server can filter by; none if it cannot.
    fn for_server(&self) -> &[&'a str] {
        if self.patterns.is_empty() {
            &self.names
        } else {
            &[]
        }
    }
}

/// Reads the deployments of the chosen environments, by name. Without a choice
/// transient environments are left out. An environment that does not exist is
/// left out if there may be several repositories.
pub(super) async fn read_histories(
    connection: &Connection,
    choice: &EnvironmentChoice<'_>,
    window: Window,
    several: bool,
) -> anyhow::Result<BTreeMap<String, EnvironmentHistory>> {
    let oldest_of_interest = window
        .since
        .checked_sub(LONGEST_WAIT_HOURS.hours())
        .unwrap_or(Timestamp::MIN);
    let mut earlier_pages = 0;
    let found = connection
        .repo()
        .timelines(choice.for_server(), |found| {
            let is_inside = |one: &Timeline| one.created_at >= oldest_of_interest;
            if found.last().is_none_or(is_inside) {
                return true;
            }
            earlier_pages += 1;
            earlier_pages <= MAX_EARLIER_PAGES && !is_enough(found, choice, window)
        })
        .await
        .map_err(|error| connection.explain(&error))?;
    let mut histories: BTreeMap<String, EnvironmentHistory> = BTreeMap::new();
    for one in found.newest_first.into_iter().rev() {
        if choice.fits(&one.environment) {
            let history = histories.entry(one.environment.clone()).or_default();
            history.is_complete = found.is_complete;
            history.timelines.push(one);
        }
    }
    if choice.is_everything() {
        leave_out_transient(connection, &mut histories, window, oldest_of_interest).await?;
    }
    for name in &choice.names {
        if !histories.contains_key(*name) {
            match check_exists(connection, name).await {
                Ok(()) => {}
                Err(failure) if several && failure.kind() == Kind::NothingThere => continue,
                Err(failure) => return Err(failure.into()),
            }
            let nothing = EnvironmentHistory {
                is_complete: true,
                ..EnvironmentHistory::default()
            };
            histories.insert((*name).to_owned(), nothing);
        }
    }
    Ok(histories)
}

/// Whether it is known what was live before the window in each environment in
/// which something went live in it.
fn is_enough(found: &[Timeline], choice: &EnvironmentChoice<'_>, window: Window) -> bool {
    let mut within = HashSet::new();
    let mut settled = HashSet::new();
    for one in found.iter().filter(|one| choice.fits(&one.environment)) {
        let name = one.environment.as_str();
        match one.success() {
            Some(time) if time < window.since => {
                settled.insert(name);
            }
            Some(_) => {
                within.insert(name);
            }
            None => {}
        }
        if choice.is_everything() && one.is_transient == Some(true) {
            settled.insert(name);
        }
    }
    within.is_subset(&settled)
}

/// Removes transient environments. GraphQL tells only by the state of inactive
/// deployments which they are, so REST is asked about the others.
async fn leave_out_transient(
    connection: &Connection,
    histories: &mut BTreeMap<String, EnvironmentHistory>,
    window: Window,
    oldest_of_interest: Timestamp,
) -> anyhow::Result<()> {
    histories.retain(|_, history| {
        let mut timelines = history.timelines.iter();
        timelines.any(|one| one.last_change() >= window.since)
    });
    let mut is_transient: HashMap<String, bool> = HashMap::new();
    let mut unknown: HashSet<String> = HashSet::new();
    for (name, history) in &*histories {
        let mut newest_first = history.timelines.iter().rev();
        match newest_first.find_map(|one| one.is_transient) {
            Some(is) => is_transient.insert(name.clone(), is),
            None if name == PRODUCTION => None,
            None => {
                unknown.insert(name.clone());
                None
            }
        };
    }
    if !unknown.is_empty() {
        let filter = DeploymentFilter::new();
        let pages = connection
            .repo()
            .deployments(&filter, Paging::until_stopped());
        let mut pages = std::pin::pin!(pages);
        let explain = |error| connection.explain(&error);
        'pages: while let Some(page) = pages.try_next().await.map_err(explain)? {
            for one in page {
                if unknown.remove(&one.environment) {
                    is_transient.insert(one.environment.clone(), one.is_transient());
                }
                if unknown.is_empty() || one.created_at < oldest_of_interest {
                    break 'pages;
                }
            }
        }
    }
    histories.retain(|name, _| is_transient.get(name) != Some(&true));
    Ok(())
}

/// An environment without deployments may exist.
async fn check_exists(connection: &Connection, name: &str) -> Result<(), Failure> {
    let Err(error) = connection.repo().environment(name).get().await else {
        return Ok(());
    };
    let failure = connection.explain(&error);
    if failure.kind() != Kind::NothingThere {
        return Err(failure);
    }
    let repo = &connection.repo;
    let failure = Failure::new(
        Kind::NothingThere,
        format!("there is no environment {name:?} in {repo}, and no deployment to it"),
    )
    .detail("status", 404);
    Err(match suggest_environment(connection, name).await {
        Some(hint) => failure.hint(hint),
        None => failure.hint("run 'deployctl env list' to see the existing environments"),
    })
}
