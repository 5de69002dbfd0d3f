//! The background task that sends what is to be sent.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep, sleep_until};

use super::carrier::Carrier;
use super::letter::Letter;
use crate::rules::{Core, Failure};
use crate::store::Parcel;

/// How many deliveries are under way to one webhook at once. A receiver that
/// hangs holds up its own deliveries only.
const TO_ONE_HOOK: u64 = 8;

/// How often it is looked for what other processes have noted, and whether one
/// that sent is gone.
const LOOK: Duration = Duration::from_secs(1);

/// How long deliveries are kept, in seconds: three days, as on github.com.
const KEPT: i64 = 3 * 24 * 60 * 60;

/// How often what is older is thrown away.
const CLEANING: Duration = Duration::from_secs(60 * 60);

/// The sending of deliveries. Dropping it ends it at once.
#[derive(Debug)]
pub(crate) struct Office {
    stop: oneshot::Sender<Duration>,
    task: JoinHandle<()>,
}

impl Office {
    /// Begins to send, on the current tokio runtime.
    pub(crate) fn open(core: Arc<Core>, patience: Duration) -> Self {
        let (stop, stopped) = oneshot::channel();
        let desk = Desk {
            core,
            carrier: Arc::new(Carrier::new(patience)),
            state: Arc::default(),
        };
        Self {
            stop,
            task: tokio::spawn(desk.work(stopped)),
        }
    }

    /// Begins nothing more, and waits for what is under way, at most so long.
    /// What is cut off is sent again by the next server.
    pub(crate) async fn close(self, grace: Duration) {
        let _ = self.stop.send(grace);
        // It ends by itself within the grace.
        let _ = self.task.await;
    }
}

/// What the sending knows.
#[derive(Debug, Default)]
struct State {
    /// Held by the one process that sends what is in this data directory.
    lock: Option<File>,
    /// By webhook: how many are under way, and the last one taken. Within a
    /// webhook deliveries are taken in the order of their ids.
    taken: HashMap<i64, (u64, i64)>,
}

#[derive(Debug, Clone)]
struct Desk {
    core: Arc<Core>,
    carrier: Arc<Carrier>,
    state: Arc<Mutex<State>>,
}

impl Desk {
    async fn work(self, mut stopped: oneshot::Receiver<Duration>) {
        // Dropped with this future, and everything under way with it.
        let mut sending = JoinSet::new();
        let mut next_cleaning = Instant::now();
        let mut end = None;
        loop {
            if end.is_none() {
                if Instant::now() >= next_cleaning {
                    self.clean().await;
                    next_cleaning = Instant::now() + CLEANING;
                }
                for (hook, id) in self.take().await {
                    let desk = self.clone();
                    sending.spawn(async move {
                        desk.send(id).await;
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
                () = sleep(LOOK) => {}
            }
        }
    }

    /// Takes what can be sent now. It comes back empty when another process
    /// sends, or the database cannot be read; then it is tried again.
    async fn take(&self) -> Vec<(i64, i64)> {
        let desk = self.clone();
        let taken = spawn_blocking(move || desk.take_now()).await;
        taken.ok().and_then(Result::ok).unwrap_or_default()
    }

    fn take_now(&self) -> Result<Vec<(i64, i64)>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.lock.is_none() {
            if !self.core.store.read(|read| Parcel::any(read))? {
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
            .read(|read| Parcel::due(read, &state.taken, TO_ONE_HOOK))?;
        for &(hook, id) in &due {
            let (under_way, last) = state.taken.entry(hook).or_default();
            *under_way += 1;
            *last = id;
        }
        Ok(due)
    }

    fn give_back(&self, hook: i64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((under_way, _)) = state.taken.get_mut(&hook) {
            *under_way = under_way.saturating_sub(1);
        }
    }

    /// Sends a delivery once and notes what came of it. A delivery that is not
    /// there any more, since its webhook is gone, is passed over.
    async fn send(&self, id: i64) {
        let core = Arc::clone(&self.core);
        let found = spawn_blocking(move || core.store.read(|read| Parcel::by_id(read, id))).await;
        let Ok(Ok(Some(parcel))) = found else {
            return;
        };
        let letter = Letter::of(&parcel);
        let attempt = self.carrier.send(&parcel, &letter, self.core.now()).await;
        let core = Arc::clone(&self.core);
        let record = move || core.store.write(|write| attempt.record(write, id));
        // What cannot be noted is sent again by the next server.
        let _ = spawn_blocking(record).await;
    }

    /// Throws away what is too old.
    async fn clean(&self) {
        let core = Arc::clone(&self.core);
        let oldest = core.now() - KEPT;
        let work = move || -> Result<(), rusqlite::Error> {
            if core.store.read(|read| Parcel::any_before(read, oldest))? {
                core.store
                    .write(|write| Parcel::forget_before(write, oldest))?;
            }
            Ok(())
        };
        // What stays for another hour does no harm.
        let _ = spawn_blocking(work).await;
    }
}

/// Waits for a time; for ever, if there is none.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
