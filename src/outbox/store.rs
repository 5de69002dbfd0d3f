use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::deployment_ref::{ApiRoot, DeploymentRef, Origin};
use super::error::OutboxError;
use super::process_lock::{self, ProcessLock};
use super::schema;
use super::stored_status::{self, StoredStatus, StoredStatusId};
use crate::api::NewStatus;
use crate::env::Env;
use crate::model::StatusId;

/// How long an agent waits for another process' transaction. The whole agent waits
/// meanwhile, and can store a status in memory instead.
const AGENT_BUSY_TIMEOUT: Duration = Duration::from_millis(250);

/// Stores statuses in a file that several threads and processes can use at once.
/// Calls wait only for the transactions of others.
#[derive(Debug)]
pub struct Outbox {
    path: PathBuf,
    /// Whether it belongs to an agent.
    belongs_to_agent: bool,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    connection: Connection,
    process_lock: Option<ProcessLock>,
    /// The keys of the deployments for which this process is sending.
    sending: HashSet<i64>,
}

impl Outbox {
    /// The path of the user's outbox; `None` without a home directory.
    pub fn location(env: &Env) -> Option<PathBuf> {
        Some(env.state_home()?.join("deployctl").join("outbox.db"))
    }

    /// Opens the outbox in a file, which is created if needed, for the user alone.
    pub fn open(path: &Path) -> Result<Self, OutboxError> {
        schema::prepare(path)?;
        Ok(Self {
            inner: Mutex::new(Inner {
                connection: schema::open(path)?,
                process_lock: None,
                sending: HashSet::new(),
            }),
            path: path.to_owned(),
            belongs_to_agent: false,
        })
    }

    /// Makes it the outbox of an agent, which checks itself that it still owns a
    /// deployment.
    pub fn for_agent(mut self) -> Result<Self, OutboxError> {
        self.lock().connection.busy_timeout(AGENT_BUSY_TIMEOUT)?;
        self.belongs_to_agent = true;
        Ok(self)
    }

    /// An outbox of an agent that ends with the process, for statuses that cannot be
    /// written to the disk.
    pub fn in_memory() -> Result<Self, OutboxError> {
        Ok(Self {
            path: PathBuf::new(),
            belongs_to_agent: true,
            inner: Mutex::new(Inner {
                connection: schema::open_in_memory()?,
                process_lock: Some(ProcessLock::in_memory()),
                sending: HashSet::new(),
            }),
        })
    }

    /// Opens the outbox if it exists.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, OutboxError> {
        if path.is_file() {
            Self::open(path).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Stores a status behind the others of the same deployment. `after` is as in
    /// [`Outbox::note_run`].
    pub fn store(
        &self,
        deployment: &DeploymentRef,
        status: &NewStatus,
        after: Option<StatusId>,
    ) -> Result<StoredStatusId, OutboxError> {
        let after = after.map(|id| id.0.to_string());
        self.write(|transaction, owner| {
            let key = stored_status::deployment_key(transaction, deployment)?;
            stored_status::insert(transaction, key, status, after.as_deref(), Some(owner))
        })
    }

    /// Stores a status of another outbox of this process, and whether it was tried to
    /// send it.
    pub fn copy_from(&self, stored: &StoredStatus) -> Result<StoredStatusId, OutboxError> {
        let after = stored.after.map(|id| id.0.to_string());
        self.write(|transaction, owner| {
            let key = stored_status::deployment_key(transaction, &stored.deployment)?;
            let id = stored_status::insert(
                transaction,
                key,
                &stored.status,
                after.as_deref(),
                Some(owner),
            )?;
            transaction.execute(
                "UPDATE entry SET was_tried = ?2, sent_at = ?3 WHERE id = ?1",
                params![
                    id.0,
                    stored.was_tried,
                    stored.sent_at.map(|sent_at| sent_at.to_string())
                ],
            )?;
            Ok(id)
        })
    }

    /// Returns all stored statuses, the oldest first, of one server or of all.
    pub fn stored_statuses(
        &self,
        root: Option<&ApiRoot>,
    ) -> Result<Vec<StoredStatus>, OutboxError> {
        self.read(|connection| stored_status::all(connection, root))
    }

    /// The servers for which statuses are stored, or that have to be asked about a
    /// requested deployment.
    pub fn origins(&self) -> Result<Vec<Origin>, OutboxError> {
        let stored = self.stored_statuses(None)?;
        let requests = self.lost_requests(None)?;
        let all = stored
            .into_iter()
            .map(|stored| stored.deployment.origin)
            .chain(requests.into_iter().map(|request| request.origin));
        let mut origins: Vec<Origin> = Vec::new();
        for origin in all {
            if !origins.iter().any(|known| known.root == origin.root) {
                origins.push(origin);
            }
        }
        Ok(origins)
    }

    /// Removes a status without sending it. Returns whether it existed.
    pub fn remove(&self, id: StoredStatusId) -> Result<bool, OutboxError> {
        self.write(|transaction, _| stored_status::remove(transaction, id))
    }

    /// Whether the process with this lock is still running.
    pub(super) fn is_alive(&self, owner: &str) -> bool {
        self.is_this_process(owner) || process_lock::is_held(&self.lock_folder(), owner)
    }

    /// Takes the right to send for a deployment; `None` if another process or task has
    /// it.
    pub(super) fn start_sending(&self, key: i64) -> Result<Option<SendingGuard<'_>>, OutboxError> {
        if self.lock().sending.contains(&key) {
            return Ok(None);
        }
        let holder: Option<Option<String>> = self
            .lock()
            .connection
            .query_row("SELECT claimed_by FROM place WHERE id = ?1", [key], |row| {
                row.get("claimed_by")
            })
            .optional()?;
        let Some(holder) = holder else {
            return Ok(None);
        };
        if holder
            .as_deref()
            .is_some_and(|holder| self.is_alive(holder) && !self.is_this_process(holder))
        {
            return Ok(None);
        }
        let claimed = self.write(|transaction, owner| {
            let changed = transaction.execute(
                "UPDATE place SET claimed_by = ?2 WHERE id = ?1 AND claimed_by IS ?3",
                params![key, owner, holder],
            )?;
            Ok(changed == 1)
        })?;
        let is_ours = claimed && self.lock().sending.insert(key);
        Ok(is_ours.then(|| SendingGuard { outbox: self, key }))
    }

    fn stop_sending(&self, key: i64) -> Result<(), OutboxError> {
        let released = self.write(|transaction, _| {
            transaction.execute("UPDATE place SET claimed_by = NULL WHERE id = ?1", [key])?;
            stored_status::remove_unused_deployments(transaction)
        });
        self.lock().sending.remove(&key);
        released
    }

    pub(super) fn belongs_to_agent(&self) -> bool {
        self.belongs_to_agent
    }

    pub(super) fn is_this_process(&self, owner: &str) -> bool {
        let inner = self.lock();
        let own = inner.process_lock.as_ref();
        own.is_some_and(|own| own.name() == owner)
    }

    /// Writes in one transaction; `work` also gets the name of this process' lock.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &str) -> Result<T, OutboxError>,
    ) -> Result<T, OutboxError> {
        let mut inner = self.lock();
        let Inner {
            connection,
            process_lock,
            ..
        } = &mut *inner;
        let lock = match process_lock {
            Some(lock) => lock,
            None => process_lock.insert(ProcessLock::new(&self.lock_folder())?),
        };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction, lock.name())?;
        transaction.commit()?;
        Ok(done)
    }

    fn lock_folder(&self) -> PathBuf {
        self.path.with_extension("owners")
    }

    /// Runs `read` with the connection to the database.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> T) -> T {
        read(&self.lock().connection)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to send for a deployment, as long as this value lives.
#[derive(Debug)]
pub(super) struct SendingGuard<'a> {
    outbox: &'a Outbox,
    key: i64,
}

impl Drop for SendingGuard<'_> {
    fn drop(&mut self) {
        // If this fails, the right ends with the process.
        let _ = self.outbox.stop_sending(self.key);
    }
}
