//! The background task that sends pending deliveries.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep, sleep_until};

use super::sender::Sender;
use super::signed_request::SignedRequest;
use crate::rules::{Core, Failure};
use crate::store::PendingDelivery;

/// How many deliveries to one webhook are in flight at once. A receiver that
/// hangs delays only its own deliveries.
const MAX_CONCURRENT_PER_HOOK: u64 = 8;

/// How often the task checks for deliveries that other processes have recorded,
/// and whether the process that sent them has ended.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long deliveries are kept, in seconds: three days, as on github.com.
const RETENTION_SECONDS: i64 = 3 * 24 * 60 * 60;

/// How often older deliveries are deleted.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The sending of deliveries. Dropping it ends it at once.
#[derive(Debug)]
pub(crate) struct Dispatcher {
    stop: oneshot::Sender<Duration>,
    task: JoinHandle<()>,
}

impl Dispatcher {
    /// Begins to send, on the current tokio runtime.
    pub(crate) fn open(core: Arc<Core>, timeout: Duration) -> Self {
        let (stop, stopped) = oneshot::channel();
        let worker = Worker {
            core,
            sender: Arc::new(Sender::new(timeout)),
            state: Arc::default(),
        };
        Self {
            stop,
            task: tokio::spawn(worker.work(stopped)),
        }
    }

    /// Starts no more deliveries, and waits for those in flight until the grace
    /// period ends. Interrupted deliveries are sent again by the next server.
    pub(crate) async fn close(self, grace: Duration) {
        let _ = self.stop.send(grace);
        // The task ends within the grace period.
        let _ = self.task.await;
    }
}

/// The state of the task.
#[derive(Debug, Default)]
struct State {
    /// The lock of the one process that sends the deliveries of this data
    /// directory.
    lock: Option<File>,
    /// By webhook: the number of deliveries in flight, and the last one that
    /// was started. The deliveries of a webhook are started in the order of
    /// their ids.
    taken: HashMap<i64, (u64, i64)>,
}

#[derive(Debug, Clone)]
struct Worker {
    core: Arc<Core>,
    sender: Arc<Sender>,
    state: Arc<Mutex<State>>,
}

impl Worker {
    async fn work(self, mut stopped: oneshot::Receiver<Duration>) {
        // Dropped with this future, which cancels all deliveries in flight.
        let mut sending = JoinSet::new();
        let mut next_cleaning = Instant::now();
        let mut end = None;
        loop {
            if end.is_none() {
                if Instant::now() >= next_cleaning {
                    self.clean().await;
                    next_cleaning = Instant::now() + CLEANUP_INTERVAL;
                }
                for (hook, id) in self.take().await {
                    let worker = self.clone();
                    sending.spawn(async move {
                        worker.send(id).await;
                        hook
                    });
                }
            } else if sending.is_empty() {
                return;
            }
            tokio::select! {
                stop = &mut stopped, if end.is_none() => match stop {
                    Ok(grace) => end = Some(Instant::now() + grace),
                    Err(_) => return,
                },
                () = until(end) => return,
                Some(done) = sending.join_next() => {
                    if let Ok(hook) = done {
                        self.give_back(hook);
                    }
                }
                () = self.core.outgoing.notified() => {}
                () = sleep(POLL_INTERVAL) => {}
            }
        }
    }

    /// Takes the deliveries that can be sent now. The result is empty if
    /// another process sends, or if the database cannot be read; the task then
    /// tries again.
    async fn take(&self) -> Vec<(i64, i64)> {
        let worker = self.clone();
        let taken = spawn_blocking(move || worker.take_now()).await;
        taken.ok().and_then(Result::ok).unwrap_or_default()
    }

    fn take_now(&self) -> Result<Vec<(i64, i64)>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.lock.is_none() {
            if !self.core.store.read(|read| PendingDelivery::any(read))? {
                return Ok(Vec::new());
            }
            let path = self.core.data.join("hooks.lock");
            let file = File::create(path).map_err(|error| Failure::Internal(error.to_string()))?;
            match file.try_lock() {
                Ok(()) => state.lock = Some(file),
                Err(TryLockError::WouldBlock) => return Ok(Vec::new()),
                Err(TryLockError::Error(error)) => {
                    return Err(Failure::Internal(error.to_string()));
                }
            }
        }
        let due = self
            .core
            .store
            .read(|read| PendingDelivery::due(read, &state.taken, MAX_CONCURRENT_PER_HOOK))?;
        for &(hook, id) in &due {
            let (in_flight, last) = state.taken.entry(hook).or_default();
            *in_flight += 1;
            *last = id;
        }
        Ok(due)
    }

    fn give_back(&self, hook: i64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((in_flight, _)) = state.taken.get_mut(&hook) {
            *in_flight = in_flight.saturating_sub(1);
        }
    }

    /// Sends a delivery once and records the result. A delivery whose webhook
    /// was deleted is skipped.
    async fn send(&self, id: i64) {
        let core = Arc::clone(&self.core);
        let found =
            spawn_blocking(move || core.store.read(|read| PendingDelivery::by_id(read, id))).await;
        let Ok(Ok(Some(pending))) = found else {
            return;
        };
        let signed_request = SignedRequest::new(&pending);
        let attempt = self
            .sender
            .send(&pending, &signed_request, self.core.now())
            .await;
        let core = Arc::clone(&self.core);
        let record = move || core.store.write(|write| attempt.record(write, id));
        // A result that cannot be recorded is sent again by the next server.
        let _ = spawn_blocking(record).await;
    }

    /// Deletes deliveries that are too old.
    async fn clean(&self) {
        let core = Arc::clone(&self.core);
        let oldest = core.now() - RETENTION_SECONDS;
        let work = move || -> Result<(), rusqlite::Error> {
            if core
                .store
                .read(|read| PendingDelivery::any_before(read, oldest))?
            {
                core.store
                    .write(|write| PendingDelivery::forget_before(write, oldest))?;
            }
            Ok(())
        };
        // They can stay for another hour.
        let _ = spawn_blocking(work).await;
    }
}

/// Waits until a time, or forever without one.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
