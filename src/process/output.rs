use std::fmt;
use std::io::{self, PipeReader, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use super::redact::Redactor;
use super::tail::Tail;

/// How long the end of a command waits for what is in its pipes.
const SETTLE: Duration = Duration::from_secs(2);
/// The pause between two looks at the pipes.
const LOOK: Duration = Duration::from_millis(5);
/// Where a pipe can't be asked what is in it: one that brings nothing for so
/// long, after the command's end, is held open by somebody else.
const IDLE: Duration = Duration::from_millis(200);
/// A longer line masks nothing.
const LONGEST_MASK: usize = 64 * 1024;

/// What takes the output of a command. It is written to from a thread of its
/// own, so it may block.
///
/// When it fails with `BrokenPipe` the command's pipe is closed, as it would be
/// if the command wrote there itself; after any other error the rest is
/// dropped and the command goes on.
pub(crate) struct Sink(Box<dyn Write + Send>);

impl Sink {
    /// A sink that writes to `writer`, and flushes it after each piece.
    pub(crate) fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Box::new(writer))
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

/// What may still come through the pipes of a command that has ended: a process
/// that it left behind may hold them open, and write to them, for ever.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    pumps: Vec<Arc<Pump>>,
    redactor: Redactor,
}

impl Rest {
    /// What the output masks is learned by `redactor`.
    pub(super) fn new(redactor: Redactor) -> Self {
        Self {
            pumps: Vec::new(),
            redactor,
        }
    }

    /// Waits until all that was written up to the command's end has reached its
    /// sinks, as long as they take it.
    pub(crate) async fn wait(&self) {
        while !self.pumps.iter().all(|pump| pump.is_settled()) {
            sleep(LOOK).await;
        }
    }

    /// The pipes that something which the command left behind still holds open,
    /// where that can be told.
    pub(crate) fn held_pipes(&self) -> Vec<PipeReader> {
        let held = |pump: &Arc<Pump>| {
            let state = pump.lock();
            let pipe = state.pipe.as_ref().filter(|pipe| is_held(pipe))?;
            pipe.try_clone().ok()
        };
        self.pumps.iter().filter_map(held).collect()
    }

    /// Why a sink no longer took what came.
    pub(crate) fn error(&self) -> Option<io::Error> {
        self.pumps.iter().find_map(|pump| pump.lock().failed.take())
    }

    /// See [`Finished::last_words`](super::Finished::last_words).
    pub(super) fn last_words(&self) -> Option<String> {
        for pump in &self.pumps {
            pump.lock().masks.end_line();
        }
        let last = |pump: &Arc<Pump>| pump.lock().tail.last_line();
        let words = self.pumps.iter().rev().find_map(last)?;
        Some(self.redactor.redact(&words).into_owned())
    }

    /// Reads `pipe` into `sink` from a thread of its own. Later ones have the
    /// last word.
    pub(super) fn pump(&mut self, pipe: PipeReader, sink: Sink) -> io::Result<()> {
        let pump = Arc::new(Pump::default());
        {
            let mut state = pump.lock();
            state.pipe = Some(pipe.try_clone()?);
            state.masks.redactor = self.redactor.clone();
        }
        self.pumps.push(Arc::clone(&pump));
        thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || pump.run(pipe, sink))?;
        Ok(())
    }

    /// Called at the command's end: what comes later is not its own. Waits as
    /// [`Rest::wait`] does, but not long for a sink that takes its time.
    pub(super) async fn settle(&self) {
        for pump in &self.pumps {
            pump.mark();
        }
        // What does not arrive within this time arrives later.
        let _ = timeout(SETTLE, self.wait()).await;
    }
}

#[derive(Debug, Default)]
struct Pump(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The end that is read from, until it is closed.
    pipe: Option<PipeReader>,
    tail: Tail,
    masks: Masks,
    /// How many bytes were read, and how many of them have reached the sink.
    taken: u64,
    passed: u64,
    /// How many bytes there were at the command's end, if that can be told.
    whole: Option<u64>,
    /// Since when nothing came.
    idle: Option<Instant>,
    is_over: bool,
    failed: Option<io::Error>,
}

impl Pump {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_settled(&self) -> bool {
        let state = self.lock();
        state.is_over
            || match state.whole {
                Some(whole) => state.passed >= whole,
                None => state.idle.is_some_and(|since| since.elapsed() >= IDLE),
            }
    }

    /// Notes how much there is now.
    fn mark(&self) {
        let mut state = self.lock();
        state.whole = match &state.pipe {
            Some(pipe) => waiting(pipe).map(|waiting| state.taken + waiting),
            None => Some(state.taken),
        };
    }

    fn run(&self, pipe: PipeReader, Sink(mut sink): Sink) {
        let mut buffer = [0; 16 * 1024];
        let mut takes = true;
        loop {
            let bytes = match self.read(&pipe, &mut buffer) {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            if takes && let Err(error) = sink.write_all(bytes).and_then(|()| sink.flush()) {
                let is_gone = error.kind() == io::ErrorKind::BrokenPipe;
                self.lock().failed = Some(error);
                if is_gone {
                    break;
                }
                takes = false;
            }
            self.lock().passed += bytes.len() as u64;
        }
        // Closed first, so that who waits for us finds them closed.
        drop((pipe, sink));
        let mut state = self.lock();
        state.pipe = None;
        state.is_over = true;
    }

    /// Reads once something is there. It is taken out of the pipe and counted
    /// in one step, so that both together are always what was written.
    #[cfg(unix)]
    fn read(&self, mut pipe: &PipeReader, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, poll};
        poll(&mut [PollFd::new(pipe, PollFlags::IN)], None)?;
        let mut state = self.lock();
        let read = pipe.read(buffer)?;
        state.took(&buffer[..read]);
        Ok(read)
    }

    #[cfg(not(unix))]
    fn read(&self, mut pipe: &PipeReader, buffer: &mut [u8]) -> io::Result<usize> {
        self.lock().idle = Some(Instant::now());
        let read = pipe.read(buffer)?;
        let mut state = self.lock();
        state.idle = None;
        state.took(&buffer[..read]);
        Ok(read)
    }
}

impl State {
    fn took(&mut self, bytes: &[u8]) {
        self.tail.push(bytes);
        self.masks.push(bytes);
        self.taken += bytes.len() as u64;
    }
}

/// Finds the lines of an output that mask a secret.
#[derive(Debug, Default)]
struct Masks {
    line: Vec<u8>,
    redactor: Redactor,
}

impl Masks {
    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LONGEST_MASK.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        self.redactor.learn(&String::from_utf8_lossy(&self.line));
        self.line.clear();
    }
}

/// Whether somebody can still write to a pipe.
#[cfg(unix)]
fn is_held(pipe: &PipeReader) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut asked = [PollFd::new(pipe, PollFlags::IN)];
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    poll(&mut asked, Some(&now)).is_ok() && !asked[0].revents().contains(PollFlags::HUP)
}

#[cfg(not(unix))]
fn is_held(_pipe: &PipeReader) -> bool {
    false
}

/// How many bytes wait in a pipe, where that can be told.
#[cfg(unix)]
fn waiting(pipe: &PipeReader) -> Option<u64> {
    rustix::io::ioctl_fionread(pipe).ok()
}

#[cfg(not(unix))]
fn waiting(_pipe: &PipeReader) -> Option<u64> {
    None
}
