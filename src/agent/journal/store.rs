use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::entry::EntryState;
use super::error::JournalError;
use super::schema;
use crate::private_file;

/// The database in the state folder.
pub(super) const FILE_NAME: &str = "agent.sqlite3";
/// The file that a running agent keeps locked.
pub(super) const LOCK_NAME: &str = "agent.lock";
/// How long a statement waits for another process that uses the database.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// How many requests share one transaction at most.
const MAX_BATCH: usize = 500;

/// Answers a request once the result of the commit is known.
type Answer = Box<dyn FnOnce(Result<(), JournalError>) + Send>;
type Job = Box<dyn FnOnce(Result<&Connection, JournalError>) -> Answer + Send>;

/// The number of deployments that are not closed, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Waiting for their turn.
    pub queued: u64,
    /// Claimed, running or finishing.
    pub running: u64,
    /// Owned by another agent.
    pub watching: u64,
}

/// The journal of a running agent. Clones share it.
#[derive(Clone)]
pub(crate) struct Journal {
    jobs: Sender<Job>,
    instance: Arc<str>,
    _lock: Arc<File>,
}

impl Journal {
    /// Opens the journal in `folder`, which is created if needed, for the server
    /// whose API is at `server`. No other process can open it meanwhile.
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
        let path = folder.join(FILE_NAME);
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
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

    /// Identifies this journal, in 12 hexadecimal digits. Every process that opens
    /// it counts as the same agent.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    pub(crate) async fn counts(&self) -> Result<Counts, JournalError> {
        self.write(|connection| {
            let mut counts = Counts::default();
            let mut statement = connection.prepare_cached(
                "SELECT state, count(*) FROM deployments WHERE state <> 'done' GROUP BY state",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            for row in rows {
                let (state, count): (EntryState, i64) = row?;
                let count = u64::try_from(count).unwrap_or(0);
                match state {
                    EntryState::Received => counts.queued += count,
                    EntryState::Claimed | EntryState::Running | EntryState::Finishing => {
                        counts.running += count;
                    }
                    EntryState::Watching => counts.watching += count,
                    EntryState::Done => {}
                }
            }
            Ok(counts)
        })
        .await
    }

    /// Runs `work` in a transaction, and returns once it is committed.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = connection.and_then(|connection| Ok(in_savepoint(connection, work)?));
            Box::new(move |committed| {
                // The caller may no longer wait.
                let _ = answer.send(committed.and(done));
            })
        });
        self.jobs.send(job).map_err(|_| JournalError::Closed)?;
        answered.await.map_err(|_| JournalError::Closed)?
    }
}

/// Undoes work that fails, without the other work in the same transaction.
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
        let mut answers = Vec::new();
        let committed = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(transaction) => {
                answers.push(first(Ok(&transaction)));
                while answers.len() < MAX_BATCH
                    && let Ok(job) = queue.try_recv()
                {
                    answers.push(job(Ok(&transaction)));
                }
                transaction.commit().map_err(JournalError::from)
            }
            Err(error) => {
                // Everything in the queue fails, since each would wait as long.
                let error = JournalError::from(error);
                answers.push(first(Err(error.clone())));
                while let Ok(job) = queue.try_recv() {
                    answers.push(job(Err(error.clone())));
                }
                Err(error)
            }
        };
        for answer in answers {
            answer(committed.clone());
        }
    }
}

/// Locks the folder for this process. The system releases the lock when the
/// process ends in any way.
fn lock(folder: &Path) -> Result<File, JournalError> {
    let path = folder.join(LOCK_NAME);
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
