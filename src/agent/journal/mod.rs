//! What the agent knows of deliveries and deployments, in `SQLite`, so that
//! nothing is forgotten and nothing done twice after the process was killed.
//!
//! A thread of its own writes: what is asked for while it commits goes into
//! the next transaction together, so that a storm of deliveries costs few
//! flushes of the disk. An answer comes only after the commit.

mod cursors;
mod deliveries;
mod entries;
mod known;
mod look;
mod schema;
#[cfg(test)]
mod tests;

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use crate::private_file;

pub(crate) use cursors::Cursor;
pub(crate) use deliveries::Taken;
pub(crate) use entries::{Entry, Outcome, Started, State, Verdict};
pub(crate) use known::Known;
pub(crate) use look::{Counts, Look, Seen, agent_at_work};

/// The name of the file in the state folder.
const FILE: &str = "agent.sqlite3";
/// The file that a running agent holds locked.
const LOCK: &str = "agent.lock";
/// How long another process' read may hold up a write.
const DATABASE_BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// How much is written in one transaction.
const BATCH: usize = 500;

/// The journal is out of use.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum JournalError {
    /// The folder can't be used.
    #[error("{}: {source}", path.display())]
    Folder {
        /// The folder or a file in it.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// Another agent uses it.
    #[error("another agent works with {}{}", path.display(), pid.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The process, if it is told.
        pid: Option<String>,
    },
    /// It was made for another server, whose deployments have other numbers.
    #[error("{} is the journal of {theirs}, not of {ours}", path.display())]
    OtherServer {
        /// The folder.
        path: PathBuf,
        /// The server that it is for.
        theirs: String,
        /// The server that is wanted.
        ours: String,
    },
    /// It was made by a newer deployctl.
    #[error("{} was made by a newer deployctl", .0.display())]
    Newer(PathBuf),
    /// There is none.
    #[error("there is no journal in {}", .0.display())]
    Missing(PathBuf),
    /// `SQLite` failed.
    #[error("the journal can't be used: {0}")]
    Database(Arc<rusqlite::Error>),
    /// The thread that writes is gone.
    #[error("the journal is closed")]
    Closed,
    /// The deployment's command was started, or is over: it is never started
    /// again.
    #[error("the command was started before")]
    Started,
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

type Finish = Box<dyn FnOnce(Result<(), JournalError>) + Send>;
type Job = Box<dyn FnOnce(Result<&Connection, JournalError>) -> Finish + Send>;

/// The journal of a running agent. Clones write to the same.
#[derive(Clone)]
pub(crate) struct Journal {
    jobs: Sender<Job>,
    instance: Arc<str>,
    _lock: Arc<File>,
}

impl Journal {
    /// Opens the journal in `folder`, which is made if needed, for the server
    /// whose API is at `server`. No other process may work with it meanwhile.
    pub(crate) fn open(folder: &Path, server: &str) -> Result<Self, JournalError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| JournalError::Folder {
                path,
                source: Arc::new(source),
            }
        };
        private_file::create_folder(folder).map_err(failed(folder))?;
        let lock = lock(folder)?;
        let path = folder.join(FILE);
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(DATABASE_BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A delivery that was acknowledged survives a loss of power, too.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.set_prepared_statement_cache_capacity(64);
        let instance = schema::prepare(&mut connection, folder, server)?;
        let (jobs, queue) = channel();
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || write_all(&mut connection, &queue))
            .map_err(failed(&path))?;
        Ok(Self {
            jobs,
            instance: instance.into(),
            _lock: Arc::new(lock),
        })
    }

    /// What tells this journal from all others, in 12 hexadecimal digits. Whoever
    /// works with it later is the same agent.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// Does `work` in a transaction, and answers once it is committed.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = connection.and_then(|connection| Ok(in_savepoint(connection, work)?));
            Box::new(move |committed| {
                let answer = committed.and(done);
                // Who asked may be gone.
                let _ = tell.send(answer);
            })
        });
        self.jobs.send(job).map_err(|_| JournalError::Closed)?;
        told.await.map_err(|_| JournalError::Closed)?
    }
}

/// What fails is undone alone, without what was written beside it.
fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.execute_batch("SAVEPOINT job")?;
    let done = work(connection);
    if done.is_err() {
        connection.execute_batch("ROLLBACK TO job")?;
    }
    connection.execute_batch("RELEASE job")?;
    done
}

fn write_all(connection: &mut Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut finishes = Vec::new();
        let committed = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(transaction) => {
                finishes.push(first(Ok(&transaction)));
                while finishes.len() < BATCH
                    && let Ok(job) = queue.try_recv()
                {
                    finishes.push(job(Ok(&transaction)));
                }
                transaction.commit().map_err(JournalError::from)
            }
            Err(error) => {
                // What else waits would wait as long, one after the other.
                let error = JournalError::from(error);
                finishes.push(first(Err(error.clone())));
                while let Ok(job) = queue.try_recv() {
                    finishes.push(job(Err(error.clone())));
                }
                Err(error)
            }
        };
        for finish in finishes {
            finish(committed.clone());
        }
    }
}

/// Takes the folder for this process. The system gives it free when the
/// process ends, however it does.
fn lock(folder: &Path) -> Result<File, JournalError> {
    let path = folder.join(LOCK);
    let failed = |source| JournalError::Folder {
        path: path.clone(),
        source: Arc::new(source),
    };
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let pid = fs::read_to_string(&path).ok();
            let pid = pid.filter(|pid| !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit()));
            return Err(JournalError::InUse {
                path: folder.to_owned(),
                pid,
            });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    file.set_len(0).map_err(failed)?;
    file.write_all(std::process::id().to_string().as_bytes())
        .map_err(failed)?;
    Ok(file)
}
