//! Statuses that could not be sent yet, and runs that are under way, on disk.
//!
//! A final status is never lost: it is kept here before it is sent, and taken
//! away once it is known to be there. [`Outbox::note`] marks a run before its
//! command starts; if the process dies, whoever looks next reports that
//! deployment as `error` ([`Outbox::sweep`]). [`Outbox::request`] does the same
//! before there is a deployment ([`Outbox::seek`]). The statuses of one deployment
//! are sent in their order, by one process at a time, and only after a look
//! whether they are there already ([`Outbox::deliver`]).
//!
//! ```no_run
//! use deployctl::agent::outbox::{ApiRoot, Outbox, Place};
//! use deployctl::api::{Client, NewStatus};
//! use deployctl::model::{DeploymentId, StatusState};
//! use tokio::time::{Duration, Instant};
//!
//! # async fn example(client: Client, path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
//! let outbox = Outbox::open(path)?;
//! let root = ApiRoot::of(client.endpoints());
//! let place = Place::new(root, "acme/shop".parse()?, DeploymentId(1));
//! // `None`: all statuses that the deployment has were made by this run.
//! outbox.keep(&place, &NewStatus::new(StatusState::Success), None)?;
//! let soon = Instant::now() + Duration::from_secs(30);
//! for delivery in outbox.deliver_to(&client, &place, soon).await? {
//!     println!("{:?}", delivery.outcome);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Who owns a note, or sends at the moment, is told by a file that its process
//! holds locked: the lock ends with the process, whatever ends that, and no
//! reused process number and no clock can pass for it.

pub(crate) mod claims;
mod deliver;
mod entry;
mod judge;
mod note;
mod owner;
mod request;
mod schema;
mod seek;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

pub(crate) use deliver::{Delivery, Outcome};
pub use entry::{ApiRoot, Place};
pub(crate) use entry::{Entry, EntryId, Origin};
pub(crate) use note::Note;
use owner::Owner;
pub(crate) use request::{LostRequest, RequestNote};
pub(crate) use seek::Sought;

use crate::api::NewStatus;
use crate::env::Env;
use crate::model::{StatusId, StatusState};

/// How long an agent waits for another process' transaction. All of the agent
/// waits meanwhile, and what cannot be written now is kept in memory.
const AGENT_DATABASE_BUSY_TIMEOUT: Duration = Duration::from_millis(250);

/// The outbox of a user. It may be used from several threads and by several
/// processes at once; no call waits longer than for another one's transaction.
#[derive(Debug)]
pub struct Outbox {
    path: PathBuf,
    /// Whether an agent keeps its own statuses in it.
    is_agents: bool,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    connection: Connection,
    owner: Option<Owner>,
    /// The places that some task of this process is sending for.
    active: HashSet<i64>,
}

/// The outbox can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// A folder or file of it.
    #[error("{path} can't be used: {error}", path = path.display())]
    File {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The database.
    #[error("the outbox can't be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// What stands in it was not written by this program.
    #[error("the outbox can't be read: {0}")]
    Garbled(String),
    /// A newer version of this program wrote it.
    #[error("the outbox was written by a newer deployctl (its version is {0})")]
    Newer(i64),
}

impl OutboxError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }
}

impl Outbox {
    /// Where the outbox of the user is; `None` without a home.
    pub fn location(env: &Env) -> Option<PathBuf> {
        Some(env.state_home()?.join("deployctl").join("outbox.db"))
    }

    /// Opens the outbox in a file, and makes it and its folder (0700, the file
    /// 0600) if they are not there.
    pub fn open(path: &Path) -> Result<Self, OutboxError> {
        schema::prepare(path)?;
        Ok(Self {
            inner: Mutex::new(Inner {
                connection: schema::open(path)?,
                owner: None,
                active: HashSet::new(),
            }),
            path: path.to_owned(),
            is_agents: false,
        })
    }

    /// The same for the statuses of an agent alone, which makes sure itself that
    /// a deployment is still its own.
    ///
    /// # Errors
    /// If `SQLite` refuses the setting.
    pub fn of_agent(mut self) -> Result<Self, OutboxError> {
        self.lock()
            .connection
            .busy_timeout(AGENT_DATABASE_BUSY_TIMEOUT)?;
        self.is_agents = true;
        Ok(self)
    }

    /// The outbox of an agent for as long as its process lives, for what cannot
    /// be written to a disk now.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, OutboxError> {
        Ok(Self {
            path: PathBuf::new(),
            is_agents: true,
            inner: Mutex::new(Inner {
                connection: schema::open_in_memory()?,
                owner: Some(Owner::in_memory()),
                active: HashSet::new(),
            }),
        })
    }

    /// Opens the outbox if there is one. Nothing is made.
    pub fn open_if_there(path: &Path) -> Result<Option<Self>, OutboxError> {
        if path.is_file() {
            Self::open(path).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Keeps a status to be sent, behind those of the same deployment. `after`
    /// is as in [`Outbox::note`].
    pub fn keep(
        &self,
        place: &Place,
        status: &NewStatus,
        after: Option<StatusId>,
    ) -> Result<EntryId, OutboxError> {
        let after = after.map(|id| id.0.to_string());
        self.write(|write, owner| {
            let place = entry::place_id(write, place)?;
            entry::insert(write, place, status, after.as_deref(), Some(owner))
        })
    }

    /// Takes over a status that another outbox of this process kept, with what
    /// is known of earlier tries to send it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn adopt(&self, kept: &Entry) -> Result<EntryId, OutboxError> {
        let after = kept.after.map(|id| id.0.to_string());
        self.write(|write, owner| {
            let place = entry::place_id(write, &kept.place)?;
            let id = entry::insert(write, place, &kept.status, after.as_deref(), Some(owner))?;
            write.execute(
                "UPDATE entry SET was_tried = ?2, sent_at = ?3 WHERE id = ?1",
                params![
                    id.0,
                    kept.was_tried,
                    kept.sent_at.map(|sent_at| sent_at.to_string())
                ],
            )?;
            Ok(id)
        })
    }

    /// Every status that is kept, in the order of keeping; of one server, or of
    /// all.
    pub fn entries(&self, root: Option<&ApiRoot>) -> Result<Vec<Entry>, OutboxError> {
        entry::all(&self.lock().connection, root)
    }

    /// The servers for which statuses are kept, or that have to be asked for a
    /// deployment.
    pub fn origins(&self) -> Result<Vec<Origin>, OutboxError> {
        let entries = self.entries(None)?;
        let requests = self.lost_requests(None)?;
        let all = entries
            .into_iter()
            .map(|entry| entry.place.origin)
            .chain(requests.into_iter().map(|request| request.origin));
        let mut origins: Vec<Origin> = Vec::new();
        for origin in all {
            if !origins.iter().any(|one| one.root == origin.root) {
                origins.push(origin);
            }
        }
        Ok(origins)
    }

    /// Removes a kept status without sending it. Returns whether it was there.
    pub fn remove(&self, id: EntryId) -> Result<bool, OutboxError> {
        self.write(|write, _| entry::remove(write, id))
    }

    /// Whether the process that owns something still lives.
    fn is_alive(&self, owner: &str) -> bool {
        let inner = self.lock();
        let is_us = inner.owner.as_ref().is_some_and(|us| us.name() == owner);
        is_us || owner::is_alive(&self.owners(), owner)
    }

    /// Begins to send for a place, unless somebody else does.
    fn claim(&self, place: i64) -> Result<Option<Claim<'_>>, OutboxError> {
        if self.lock().active.contains(&place) {
            return Ok(None);
        }
        let holder: Option<Option<String>> = self
            .lock()
            .connection
            .query_row(
                "SELECT claimed_by FROM place WHERE id = ?1",
                [place],
                |row| row.get(0),
            )
            .optional()?;
        let Some(holder) = holder else {
            return Ok(None);
        };
        if holder
            .as_deref()
            .is_some_and(|holder| self.is_alive(holder) && !self.is_us(holder))
        {
            return Ok(None);
        }
        let claimed = self.write(|write, owner| {
            let changed = write.execute(
                "UPDATE place SET claimed_by = ?2 WHERE id = ?1 AND claimed_by IS ?3",
                params![place, owner, holder],
            )?;
            Ok(changed == 1)
        })?;
        let is_ours = claimed && self.lock().active.insert(place);
        Ok(is_ours.then(|| Claim {
            outbox: self,
            place,
        }))
    }

    fn release(&self, place: i64) -> Result<(), OutboxError> {
        let released = self.write(|write, _| {
            write.execute("UPDATE place SET claimed_by = NULL WHERE id = ?1", [place])?;
            entry::tidy(write)
        });
        self.lock().active.remove(&place);
        released
    }

    fn is_us(&self, owner: &str) -> bool {
        self.lock()
            .owner
            .as_ref()
            .is_some_and(|us| us.name() == owner)
    }

    /// Writes in one transaction, in the name of this process.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &str) -> Result<T, OutboxError>,
    ) -> Result<T, OutboxError> {
        let mut inner = self.lock();
        let Inner {
            connection, owner, ..
        } = &mut *inner;
        let owner = match owner {
            Some(owner) => owner,
            None => owner.insert(Owner::new(&self.owners())?),
        };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction, owner.name())?;
        transaction.commit()?;
        Ok(done)
    }

    fn owners(&self) -> PathBuf {
        self.path.with_extension("owners")
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to send for a place, as long as this value lives.
#[derive(Debug)]
struct Claim<'a> {
    outbox: &'a Outbox,
    place: i64,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        // If this fails the claim ends with the process.
        let _ = self.outbox.release(self.place);
    }
}

/// Whether a status is the end of a deployment, for those who report on it.
fn is_final(state: &StatusState) -> bool {
    matches!(
        state,
        StatusState::Success | StatusState::Failure | StatusState::Error | StatusState::Inactive
    )
}
