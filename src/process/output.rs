use std::fmt;
use std::io::{self, PipeReader, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use super::redact::Redactor;
use super::tail::Tail;

/// How long the end of a command waits for the output in its pipes.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(2);
/// The pause between two checks of the pipes.
const CHECK_PAUSE: Duration = Duration::from_millis(5);
/// On systems that cannot tell how much is in a pipe: a pipe that has been silent for
/// this time after the command's end is kept open by another process.
const IDLE_TIME: Duration = Duration::from_millis(200);
/// A longer line masks nothing.
const MAX_MASK_BYTES: usize = 64 * 1024;

/// Receives the output of a command. It is written to from a thread of its own, so it
/// may block.
///
/// If it fails with `BrokenPipe`, the command's pipe is closed, as if the command
/// wrote there itself; after any other error the rest of the output is discarded.
pub(crate) struct OutputSink(Box<dyn Write + Send>);

impl OutputSink {
    /// Writes to `writer`, and flushes it after each piece.
    pub(crate) fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Box::new(writer))
    }
}

impl fmt::Debug for OutputSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputSink").finish_non_exhaustive()
    }
}

/// The output that may still arrive through the pipes of a command that has ended: a
/// process that it left behind may keep them open and write to them forever.
#[derive(Debug, Default)]
pub(crate) struct RemainingOutput {
    copiers: Vec<Arc<OutputCopier>>,
    redactor: Redactor,
}

impl RemainingOutput {
    /// `redactor` learns what the output masks.
    pub(super) fn new(redactor: Redactor) -> Self {
        Self {
            copiers: Vec::new(),
            redactor,
        }
    }

    /// Waits until everything that was written before the command's end has reached
    /// its sink, unless the sink failed.
    pub(crate) async fn wait(&self) {
        while !self.copiers.iter().all(|copier| copier.is_settled()) {
            sleep(CHECK_PAUSE).await;
        }
    }

    /// The pipes that processes of the command still keep open, on systems that can
    /// tell.
    pub(crate) fn held_pipes(&self) -> Vec<PipeReader> {
        let held = |copier: &Arc<OutputCopier>| {
            let state = copier.lock();
            let pipe = state.pipe.as_ref().filter(|pipe| is_held(pipe))?;
            pipe.try_clone().ok()
        };
        self.copiers.iter().filter_map(held).collect()
    }

    /// The error of a sink that failed.
    pub(crate) fn take_error(&self) -> Option<io::Error> {
        self.copiers
            .iter()
            .find_map(|copier| copier.lock().error.take())
    }

    /// See [`FinishedCommand::last_line`](super::FinishedCommand::last_line).
    pub(super) fn last_line(&self) -> Option<String> {
        for copier in &self.copiers {
            copier.lock().masks.end_line();
        }
        let last = |copier: &Arc<OutputCopier>| copier.lock().tail.last_line();
        let line = self.copiers.iter().rev().find_map(last)?;
        Some(self.redactor.redact(&line).into_owned())
    }

    /// Copies `pipe` to `sink` in a thread of its own. The last line is that of the pipe
    /// added last.
    pub(super) fn copy(&mut self, pipe: PipeReader, sink: OutputSink) -> io::Result<()> {
        let copier = Arc::new(OutputCopier::default());
        {
            let mut state = copier.lock();
            state.pipe = Some(pipe.try_clone()?);
            state.masks.redactor = self.redactor.clone();
        }
        self.copiers.push(Arc::clone(&copier));
        thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || copier.run(pipe, sink))?;
        Ok(())
    }

    /// Marks the command's end, after which output is not its own. Waits like
    /// [`RemainingOutput::wait`], but only for a limited time.
    pub(super) async fn settle(&self) {
        for copier in &self.copiers {
            copier.mark_end();
        }
        // Other output arrives later.
        let _ = timeout(SETTLE_TIMEOUT, self.wait()).await;
    }
}

#[derive(Debug, Default)]
struct OutputCopier(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// `None` once it is closed.
    pipe: Option<PipeReader>,
    tail: Tail,
    masks: MaskScanner,
    /// How many bytes were read, and how many of them have reached the sink.
    read: u64,
    passed: u64,
    /// How many bytes were written before the command's end, if the system can tell.
    total: Option<u64>,
    /// When the pipe became silent.
    idle_since: Option<Instant>,
    is_over: bool,
    error: Option<io::Error>,
}

impl OutputCopier {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_settled(&self) -> bool {
        let state = self.lock();
        state.is_over
            || match state.total {
                Some(total) => state.passed >= total,
                None => state
                    .idle_since
                    .is_some_and(|since| since.elapsed() >= IDLE_TIME),
            }
    }

    /// Notes how much was written so far.
    fn mark_end(&self) {
        let mut state = self.lock();
        state.total = match &state.pipe {
            Some(pipe) => waiting(pipe).map(|waiting| state.read + waiting),
            None => Some(state.read),
        };
    }

    fn run(&self, pipe: PipeReader, OutputSink(mut sink): OutputSink) {
        let mut buffer = [0; 16 * 1024];
        let mut is_accepted = true;
        loop {
            let bytes = match self.read(&pipe, &mut buffer) {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            if is_accepted && let Err(error) = sink.write_all(bytes).and_then(|()| sink.flush()) {
                let is_closed = error.kind() == io::ErrorKind::BrokenPipe;
                self.lock().error = Some(error);
                if is_closed {
                    break;
                }
                is_accepted = false;
            }
            self.lock().passed += bytes.len() as u64;
        }
        // Closed before `is_over`, so that nobody who waits finds them open.
        drop((pipe, sink));
        let mut state = self.lock();
        state.pipe = None;
        state.is_over = true;
    }

    /// Reads when there is output. It is removed from the pipe and counted under one
    /// lock, so that pipe and count together are always what was written.
    #[cfg(unix)]
    fn read(&self, mut pipe: &PipeReader, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, poll};
        poll(&mut [PollFd::new(pipe, PollFlags::IN)], None)?;
        let mut state = self.lock();
        let read = pipe.read(buffer)?;
        state.add(&buffer[..read]);
        Ok(read)
    }

    #[cfg(not(unix))]
    fn read(&self, mut pipe: &PipeReader, buffer: &mut [u8]) -> io::Result<usize> {
        self.lock().idle_since = Some(Instant::now());
        let read = pipe.read(buffer)?;
        let mut state = self.lock();
        state.idle_since = None;
        state.add(&buffer[..read]);
        Ok(read)
    }
}

impl State {
    fn add(&mut self, bytes: &[u8]) {
        self.tail.push(bytes);
        self.masks.push(bytes);
        self.read += bytes.len() as u64;
    }
}

/// Finds the lines of an output that mask a secret.
#[derive(Debug, Default)]
struct MaskScanner {
    line: Vec<u8>,
    redactor: Redactor,
}

impl MaskScanner {
    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = MAX_MASK_BYTES.saturating_sub(self.line.len());
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

/// Whether any process can still write to a pipe.
#[cfg(unix)]
fn is_held(pipe: &PipeReader) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut events = [PollFd::new(pipe, PollFlags::IN)];
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    poll(&mut events, Some(&now)).is_ok() && !events[0].revents().contains(PollFlags::HUP)
}

#[cfg(not(unix))]
fn is_held(_pipe: &PipeReader) -> bool {
    false
}

/// How many bytes are in a pipe, if the system can tell.
#[cfg(unix)]
fn waiting(pipe: &PipeReader) -> Option<u64> {
    rustix::io::ioctl_fionread(pipe).ok()
}

#[cfg(not(unix))]
fn waiting(_pipe: &PipeReader) -> Option<u64> {
    None
}
