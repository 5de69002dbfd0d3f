use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{PageIndex, schema};
use crate::error::SandboxError;

/// How long one process waits for another one's transaction.
const DATABASE_BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// One page of a list and the length of the whole.
#[derive(Debug, Clone)]
pub(crate) struct Slice<T> {
    /// The records of the page.
    pub(crate) items: Vec<T>,
    /// The number of records on all pages.
    pub(crate) total: u64,
}

/// Where a page begins and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Records before it.
    pub(crate) skip: u64,
    /// Records on it, at most.
    pub(crate) take: u64,
}

impl Window {
    /// The page out of a whole list.
    pub(crate) fn cut<T>(self, list: Vec<T>) -> Slice<T> {
        let total = u64::try_from(list.len()).unwrap_or(u64::MAX);
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(self.take).unwrap_or(usize::MAX);
        let items = list.into_iter().skip(skip).take(take).collect();
        Slice { items, total }
    }

    /// `SQLite` counts with signed numbers.
    pub(super) fn bounds(self) -> (i64, i64) {
        (
            i64::try_from(self.skip).unwrap_or(i64::MAX),
            i64::try_from(self.take).unwrap_or(i64::MAX),
        )
    }
}

/// The database; cheap to read from many threads at once.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) path: PathBuf,
    pub(super) idle: Mutex<Vec<Connection>>,
    /// Threads of this process queue here, since `SQLite`'s own waiting is by
    /// sleeping and is not fair.
    pub(super) writer: Mutex<()>,
    /// Known positions in the lists of deployments.
    pub(crate) page_index: PageIndex,
}

/// The lock of a data directory, held while the directory is set up.
#[derive(Debug)]
pub(crate) struct SetupLock {
    _file: File,
}

impl SetupLock {
    /// Makes the directory if needed and waits for its lock.
    pub(crate) fn take(data: &Path) -> Result<Self, SandboxError> {
        let error = |source| SandboxError::Data {
            path: data.to_owned(),
            source,
        };
        fs::create_dir_all(data).map_err(error)?;
        let file = File::create(data.join("setup.lock")).map_err(error)?;
        file.lock().map_err(error)?;
        Ok(Self { _file: file })
    }
}

impl Store {
    /// Opens the database in `data` and brings its schema up to date.
    pub(crate) fn open(data: &Path, _lock: &SetupLock) -> Result<Self, SandboxError> {
        let store = Self {
            path: data.join("sandbox.sqlite3"),
            idle: Mutex::new(Vec::new()),
            writer: Mutex::new(()),
            page_index: PageIndex::default(),
        };
        let mut connection = store.connect()?;
        schema::migrate(&mut connection)?;
        store.give_back(connection);
        Ok(store)
    }

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(DATABASE_BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // With a write-ahead log this survives the death of the process at any
        // point; only a loss of power may take the last transactions.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Otherwise a statement is prepared again for each set of values, in
        // case another plan suits them better.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(connection)
    }

    fn take(&self) -> Result<Connection, rusqlite::Error> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    fn give_back(&self, connection: Connection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }

    /// Reads within one snapshot.
    pub(crate) fn read<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take()?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let result = work(&transaction);
        transaction.finish()?;
        self.give_back(connection);
        result
    }

    /// Writes in one transaction, which is undone when `work` fails.
    pub(crate) fn write<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _turn = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut connection = self.take()?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction);
        if result.is_ok() {
            transaction.commit()?;
        } else {
            transaction.rollback()?;
        }
        self.give_back(connection);
        result
    }
}

#[cfg(test)]
pub(crate) mod testing {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::path::Path;

    use super::{SetupLock, Store};

    pub(crate) fn open(data: &Path) -> Store {
        let lock = SetupLock::take(data).unwrap();
        Store::open(data, &lock).unwrap()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::thread;

    use super::super::{Deployment, DeploymentFilter, NewDeploymentRow, Repository, User};
    use super::{Store, Window, testing};

    fn insert(store: &Store, repository: i64, user: i64) -> i64 {
        store
            .write(|write| {
                NewDeploymentRow {
                    repository,
                    sha: "a".repeat(40),
                    reference: "main".to_owned(),
                    task: "deploy".to_owned(),
                    payload: "{}".to_owned(),
                    environment: "production".to_owned(),
                    description: None,
                    creator: user,
                    transient: false,
                    production: true,
                }
                .insert(write, 1)
            })
            .map(|deployment| deployment.id)
            .map_err(|error: rusqlite::Error| error)
            .unwrap()
    }

    #[test]
    fn many_openers_and_writers_lose_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path();
        // Each thread has a separate store, as separate processes would.
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let data = data.to_owned();
                thread::spawn(move || {
                    let store = testing::open(&data);
                    let (repository, user) = store
                        .write(|write| {
                            let repository = Repository::ensure(write, "o", "r", None, 1)?;
                            let user = User::ensure(write, "sandbox", 1)?;
                            Ok::<_, rusqlite::Error>((repository.id, user.id))
                        })
                        .unwrap();
                    (0..25)
                        .map(|_| insert(&store, repository, user))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut ids: Vec<i64> = workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 200);
        assert!(ids[0] > i64::from(u32::MAX));
        let store = testing::open(data);
        let slice = store
            .read(|read| {
                let repository = Repository::by_name(read, "O", "R")?.unwrap();
                let window = Window {
                    skip: 190,
                    take: 100,
                };
                let filter = DeploymentFilter::default();
                Deployment::list(read, &store.page_index, repository.id, &filter, window)
            })
            .map_err(|error: rusqlite::Error| error)
            .unwrap();
        assert_eq!((slice.total, slice.items.len()), (200, 10));
        assert_eq!(slice.items.last().unwrap().id, ids[0]);
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let store = testing::open(directory.path());
        let failed = store.write(|write| {
            User::ensure(write, "somebody", 1)?;
            Err::<(), _>(rusqlite::Error::InvalidQuery)
        });
        assert!(failed.is_err());
        let found = store.read(|read| User::by_login(read, "somebody")).unwrap();
        assert_eq!(found, None);
    }

    #[test]
    fn a_newer_database_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let store = testing::open(directory.path());
        store
            .connect()
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        let lock = super::SetupLock::take(directory.path()).unwrap();
        let error = Store::open(directory.path(), &lock).unwrap_err();
        assert!(error.to_string().contains("version 99"));
    }
}
