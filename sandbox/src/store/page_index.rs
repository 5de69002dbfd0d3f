//! Positions of pages in long lists.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Result};

use super::deployment_filter::DeploymentFilter;

/// The sort key of deployments: the time and the id.
pub(super) type SortKey = (i64, i64);

/// So many lists are known at a time.
const MAX_LISTS: usize = 32;

/// The minimum number of records between two remembered positions.
const MIN_DISTANCE: u64 = 50;

/// The positions of records in lists of deployments that were read before.
/// `SQLite` can only count a list by scanning it, and only reach a page by
/// skipping all records before it. The position that one page ends at serves
/// the next one, as long as no deployment is created, deleted or moved.
///
/// Only committed state may be remembered: a version that is rolled back is
/// used again by another change.
#[derive(Debug, Default)]
pub(crate) struct PageIndex(Mutex<HashMap<(i64, DeploymentFilter), List>>);

#[derive(Debug)]
struct List {
    /// The version of the repository's deployments that all of this is true of.
    version: i64,
    total: u64,
    /// After how many records which one came last.
    ends: BTreeMap<u64, SortKey>,
}

/// The position from which to read a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageStart {
    /// The number of records on all pages.
    pub(super) total: u64,
    /// The number of records up to and including `after`.
    pub(super) passed: u64,
    /// The last of them; `None` at the beginning.
    pub(super) after: Option<SortKey>,
}

/// The version of a repository's deployments: it grows with each change of
/// which there are, and of where they count.
pub(super) fn version(read: &Connection, repository: i64) -> Result<i64> {
    let found = read
        .prepare_cached("SELECT version FROM deployment_versions WHERE repository_id = ?1")?
        .query_row([repository], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

impl PageIndex {
    /// The last known place of a list before its record number `skip`, which
    /// counts from 0; `None` if nothing is known of this version.
    pub(super) fn before(
        &self,
        repository: i64,
        filter: &DeploymentFilter,
        version: i64,
        skip: u64,
    ) -> Option<PageStart> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let list = lists.get(&(repository, filter.clone()))?;
        if list.version != version {
            return None;
        }
        let end = list.ends.range(..=skip).next_back();
        Some(PageStart {
            total: list.total,
            passed: end.map_or(0, |(passed, _)| *passed),
            after: end.map(|(_, key)| *key),
        })
    }

    /// Notes a place, unless one is known that is as good.
    pub(super) fn remember(
        &self,
        repository: i64,
        filter: &DeploymentFilter,
        version: i64,
        start: PageStart,
    ) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (repository, filter.clone());
        if lists.len() >= MAX_LISTS && !lists.contains_key(&key) {
            lists.clear();
        }
        let list = lists.entry(key).or_insert_with(|| List {
            version,
            total: start.total,
            ends: BTreeMap::new(),
        });
        if list.version > version {
            // A reader that began before the last change.
            return;
        }
        if list.version < version {
            *list = List {
                version,
                total: start.total,
                ends: BTreeMap::new(),
            };
        }
        let Some(after) = start.after else {
            return;
        };
        let near = start.passed.saturating_sub(MIN_DISTANCE)..start.passed + MIN_DISTANCE;
        let is_far = list.ends.range(near).next().is_none();
        if is_far && start.passed >= MIN_DISTANCE {
            list.ends.insert(start.passed, after);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::open;
    use super::super::{Deployment, NewDeploymentRow, Repository, Store, User, Window};
    use super::*;

    fn made(repository: i64, creator: i64, number: u64) -> NewDeploymentRow {
        let environment = if number.is_multiple_of(3) {
            "qa"
        } else {
            "staging"
        };
        NewDeploymentRow {
            repository,
            sha: "a".repeat(40),
            reference: "main".to_owned(),
            task: "deploy".to_owned(),
            payload: "{}".to_owned(),
            environment: environment.to_owned(),
            description: None,
            creator,
            transient: false,
            production: false,
        }
    }

    /// Creates deployments with these numbers. A few hundred share a second, as
    /// if a script had created them, and some are older than earlier ones.
    fn fill(store: &Store, numbers: std::ops::Range<u64>) -> i64 {
        store
            .write(|write| {
                let repository = Repository::ensure(write, "o", "r", None, 1)?.id;
                let creator = User::ensure(write, "somebody", 1)?.id;
                for number in numbers {
                    let now = i64::try_from(number / 250 * 7 % 5).unwrap();
                    made(repository, creator, number).insert(write, now)?;
                }
                Ok::<_, rusqlite::Error>(repository)
            })
            .unwrap()
    }

    fn page(
        store: &Store,
        repository: i64,
        filter: &DeploymentFilter,
        skip: u64,
    ) -> (Vec<i64>, u64) {
        let window = Window { skip, take: 100 };
        let slice = store
            .read(|read| Deployment::list(read, &store.page_index, repository, filter, window))
            .map_err(|error: rusqlite::Error| error)
            .unwrap();
        (slice.items.iter().map(|one| one.id).collect(), slice.total)
    }

    /// Compares every page with the whole list as the database sorts it, in an
    /// order like that of many readers.
    fn check(store: &Store, repository: i64, filter: &DeploymentFilter) {
        let order = if filter.ascending { "ASC" } else { "DESC" };
        let name = filter.environments.as_ref().map_or("%", |names| &names[0]);
        let query = format!(
            "SELECT id FROM deployments WHERE environment LIKE ?1
             ORDER BY created_at {order}, id {order}"
        );
        let whole: Vec<i64> = store
            .read(|read| {
                let mut statement = read.prepare(&query)?;
                let rows = statement.query_map([name], |row| row.get(0))?;
                rows.collect::<Result<_>>()
            })
            .unwrap();
        let total = u64::try_from(whole.len()).unwrap();
        let skips: Vec<u64> = (0..=total.div_ceil(100)).map(|page| page * 100).collect();
        let late_first = skips.iter().rev().step_by(3);
        let odd = [1, 49, 50, 51, 333, total - 1, total, total + 7];
        for skip in late_first.chain(&skips).chain(&odd) {
            let (ids, found) = page(store, repository, filter, *skip);
            let expected = whole.iter().skip(usize::try_from(*skip).unwrap()).take(100);
            assert_eq!(found, total);
            assert_eq!(
                ids,
                expected.copied().collect::<Vec<_>>(),
                "{filter:?} {skip}"
            );
        }
    }

    #[test]
    fn every_page_is_the_same_as_without_the_index() {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        let repository = fill(&store, 0..1_730);
        for ascending in [false, true] {
            for environments in [None, Some(vec!["qa".to_owned()])] {
                let filter = DeploymentFilter {
                    environments,
                    ascending,
                    ..DeploymentFilter::default()
                };
                check(&store, repository, &filter);
                check(&store, repository, &filter);
            }
        }
    }

    #[test]
    fn every_change_is_visible_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        let repository = fill(&store, 0..700);
        let staging = DeploymentFilter {
            environments: Some(vec!["staging".to_owned()]),
            ..DeploymentFilter::default()
        };
        let all = DeploymentFilter::default();
        let check_both = |store: &Store| {
            check(store, repository, &all);
            check(store, repository, &staging);
        };
        check_both(&store);
        let (ids, _) = page(&store, repository, &staging, 200);
        // Another process makes the change and does not notify this one.
        let other = open(directory.path());
        let one = |id: i64| {
            let found = other.read(|read| Deployment::by_id(read, repository, id));
            found
                .map_err(|error: rusqlite::Error| error)
                .unwrap()
                .unwrap()
        };
        other
            .write(|write| one(ids[7]).touch(write, "elsewhere", 9))
            .unwrap();
        check_both(&store);
        other.write(|write| one(ids[8]).delete(write)).unwrap();
        check_both(&store);
        fill(&other, 0..60);
        check_both(&store);
        // A rollback changes nothing.
        let undone = other.write(|write| {
            one(ids[9]).delete(write)?;
            Err::<(), _>(rusqlite::Error::InvalidQuery)
        });
        assert!(undone.is_err());
        check_both(&store);
    }

    #[test]
    fn a_reader_of_an_older_state_spoils_nothing() {
        let page_index = PageIndex::default();
        let filter = DeploymentFilter::default();
        let start = |total, passed| PageStart {
            total,
            passed,
            after: Some((1, i64::try_from(passed).unwrap())),
        };
        page_index.remember(1, &filter, 5, start(500, 100));
        page_index.remember(1, &filter, 4, start(400, 200));
        assert_eq!(page_index.before(1, &filter, 4, 300), None);
        assert_eq!(page_index.before(1, &filter, 5, 300), Some(start(500, 100)));
        page_index.remember(1, &filter, 6, start(600, 300));
        assert_eq!(page_index.before(1, &filter, 5, 300), None);
        assert_eq!(page_index.before(1, &filter, 6, 299).unwrap().after, None);
        for repository in 0..100 {
            page_index.remember(repository, &filter, 6, start(1, 100));
        }
        assert!(page_index.0.lock().unwrap().len() <= MAX_LISTS);
    }
}
