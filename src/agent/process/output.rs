use std::fmt;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::tail::Tail;

/// A pipe that brings nothing for so long, after the command's end, is held
/// open by somebody else.
const IDLE: Duration = Duration::from_millis(200);
/// How long the end of a command waits for what is in its pipes.
const SETTLE: Duration = Duration::from_secs(2);
/// The pause between two looks at the pipes.
const LOOK: Duration = Duration::from_millis(5);

/// What takes the output of a command. It is written to from a thread of its
/// own, so it may block.
///
/// When it fails with `BrokenPipe` the command's pipe is closed, as it would be
/// if the command wrote there itself; after any other error the rest is
/// dropped and the command goes on.
pub struct Sink(Box<dyn Write + Send>);

impl Sink {
    /// A sink that writes to `writer`, and flushes it after each piece.
    pub fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Box::new(writer))
    }

    /// A sink that forgets what it gets; the last words are kept all the same.
    pub fn nowhere() -> Self {
        Self::new(io::sink())
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

/// What may still come through the pipes of a command that has ended: a process
/// that it left behind may hold them open for ever.
#[derive(Debug, Default)]
pub struct Rest {
    pumps: Vec<Arc<Pump>>,
}

impl Rest {
    /// Waits until all that the command wrote has reached its sinks, as long as
    /// they take it. A pipe that is held open and brings nothing is not waited
    /// for.
    pub async fn wait(&self) {
        while !self.is_settled() {
            sleep(LOOK).await;
        }
    }

    /// Why a sink no longer took what came.
    pub fn error(&self) -> Option<io::Error> {
        self.pumps.iter().find_map(|pump| pump.lock().failed.take())
    }

    /// See [`Finished::last_words`](super::Finished::last_words).
    pub(super) fn last_words(&self) -> Option<String> {
        self.pumps
            .iter()
            .rev()
            .find_map(|pump| pump.lock().tail.last_line())
    }

    /// Reads `pipe` into `sink` from a thread of its own. Later ones have the
    /// last word.
    pub(super) fn pump(&mut self, pipe: impl Read + Send + 'static, sink: Sink) -> io::Result<()> {
        let pump = Arc::new(Pump::default());
        self.pumps.push(Arc::clone(&pump));
        thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || pump.run(pipe, sink))?;
        Ok(())
    }

    /// Waits as [`Rest::wait`] does, but not for a sink that takes its time.
    pub(super) async fn settle(&self) {
        // Whoever reads of it takes more than a moment, and loses nothing.
        let _ = tokio::time::timeout(SETTLE, self.wait()).await;
    }

    fn is_settled(&self) -> bool {
        self.pumps.iter().all(|pump| pump.is_settled())
    }
}

#[derive(Debug, Default)]
struct Pump(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    tail: Tail,
    /// Since when it waits for the pipe.
    waits: Option<Instant>,
    is_over: bool,
    failed: Option<io::Error>,
}

impl Pump {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_settled(&self) -> bool {
        let state = self.lock();
        state.is_over || state.waits.is_some_and(|since| since.elapsed() >= IDLE)
    }

    fn run(&self, mut pipe: impl Read, Sink(mut sink): Sink) {
        let mut buffer = [0; 16 * 1024];
        let mut takes = true;
        loop {
            self.lock().waits = Some(Instant::now());
            let read = pipe.read(&mut buffer);
            self.lock().waits = None;
            let bytes = match read {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            self.lock().tail.push(bytes);
            if !takes {
                continue;
            }
            if let Err(error) = sink.write_all(bytes).and_then(|()| sink.flush()) {
                let is_gone = error.kind() == io::ErrorKind::BrokenPipe;
                self.lock().failed = Some(error);
                if is_gone {
                    break;
                }
                takes = false;
            }
        }
        // Closed first, so that who waits for us finds them closed.
        drop((pipe, sink));
        self.lock().is_over = true;
    }
}
