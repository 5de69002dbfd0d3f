//! Standard error that never blocks a service: a thread writes the lines, and
//! if the reader is too slow, lines are dropped and counted.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use super::{Term, lock};

const MAX_WAITING_LINES: usize = 1000;
/// How long the program waits for pending lines before it exits.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct WriterState {
    counts: Mutex<Counts>,
    written: Condvar,
}

#[derive(Debug, Default)]
struct Counts {
    waiting: usize,
    dropped: u64,
}

struct Background {
    lines: SyncSender<Vec<u8>>,
    /// The bytes since the last flush.
    line: Vec<u8>,
    writer_state: Arc<WriterState>,
}

impl Term {
    /// Writes standard error in a background thread from now on, so that a slow
    /// reader does not block the program.
    ///
    /// # Errors
    /// If the thread cannot be created.
    pub(crate) fn write_errors_behind(&self) -> io::Result<()> {
        let (lines, queue) = sync_channel(MAX_WAITING_LINES);
        let writer_state = Arc::clone(self.behind.get_or_init(Arc::default));
        let mut stderr = lock(&self.stderr);
        let background = Background {
            lines,
            line: Vec::new(),
            writer_state: Arc::clone(&writer_state),
        };
        let writer = std::mem::replace(&mut *stderr, Box::new(background));
        thread::Builder::new()
            .name("stderr".to_owned())
            .spawn(move || write_all(writer, &queue, &writer_state))?;
        Ok(())
    }

    /// The number of lines that were dropped since the last call.
    pub(crate) fn take_dropped(&self) -> u64 {
        self.behind.get().map_or(0, |writer_state| {
            std::mem::take(&mut lock(&writer_state.counts).dropped)
        })
    }

    /// Waits a short time for pending lines. Call it right before the program
    /// exits.
    pub(crate) fn settle(&self) {
        if let Some(writer_state) = self.behind.get() {
            let counts = lock(&writer_state.counts);
            // Lines that are still pending then are lost.
            let _ = writer_state
                .written
                .wait_timeout_while(counts, SETTLE_TIMEOUT, |counts| counts.waiting > 0);
        }
    }
}

fn write_all(
    mut writer: Box<dyn Write + Send>,
    queue: &Receiver<Vec<u8>>,
    writer_state: &WriterState,
) {
    while let Ok(line) = queue.recv() {
        // If standard error fails, the failure cannot be reported anywhere.
        let _ = writer.write_all(&line).and_then(|()| writer.flush());
        lock(&writer_state.counts).waiting -= 1;
        writer_state.written.notify_all();
    }
}

impl Write for Background {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let mut counts = lock(&self.writer_state.counts);
        match self.lines.try_send(line) {
            Ok(()) => counts.waiting += 1,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => counts.dropped += 1,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::super::super::capture;
    use super::*;

    /// A writer that accepts one line per message.
    struct Slow(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_does_not_read_costs_lines_and_no_time() {
        let (go, may_go) = channel();
        let (sink, read) = channel();
        let (term, _, _) = capture::piped();
        *lock(&term.stderr) = Box::new(Slow(may_go, sink));
        term.write_errors_behind().expect("a thread");
        for number in 0..MAX_WAITING_LINES + 100 {
            term.always_note(format!("line {number}"));
        }
        term.settle();
        // The thread may still hold one line.
        assert!((99..=100).contains(&term.take_dropped()));
        assert_eq!(term.take_dropped(), 0);
        drop(go);
        term.settle();
        assert_eq!(read.recv().expect("a line"), b"line 0\n");
    }
}
