//! Standard error that never makes a service wait: a thread writes, and where its
//! reader doesn't keep up lines are dropped and counted.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use super::{Term, lock};

/// So many lines may wait to be written.
const WAITING: usize = 1000;
/// How long the end of the program waits for them.
const SETTLE: Duration = Duration::from_secs(1);

/// What became of the lines.
#[derive(Debug, Default)]
pub(super) struct Fate {
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
    /// What was written since the last flush.
    line: Vec<u8>,
    fate: Arc<Fate>,
}

impl Term {
    /// Leaves what goes to standard error to a thread from now on, so that
    /// nothing waits for its reader.
    ///
    /// # Errors
    /// If there can be no thread.
    pub(crate) fn write_errors_behind(&self) -> io::Result<()> {
        let (lines, queue) = sync_channel(WAITING);
        let fate = Arc::clone(self.behind.get_or_init(Arc::default));
        let mut stderr = lock(&self.stderr);
        let background = Background {
            lines,
            line: Vec::new(),
            fate: Arc::clone(&fate),
        };
        let writer = std::mem::replace(&mut *stderr, Box::new(background));
        thread::Builder::new()
            .name("stderr".to_owned())
            .spawn(move || write_all(writer, &queue, &fate))?;
        Ok(())
    }

    /// How many lines were dropped since the last time that it was asked.
    pub(crate) fn take_dropped(&self) -> u64 {
        self.behind
            .get()
            .map_or(0, |fate| std::mem::take(&mut lock(&fate.counts).dropped))
    }

    /// Waits for what is left to be written, and not for long: to be called right
    /// before the end.
    pub(crate) fn settle(&self) {
        if let Some(fate) = self.behind.get() {
            let counts = lock(&fate.counts);
            // What is not written by then nobody reads.
            let _ = fate
                .written
                .wait_timeout_while(counts, SETTLE, |counts| counts.waiting > 0);
        }
    }
}

fn write_all(mut writer: Box<dyn Write + Send>, queue: &Receiver<Vec<u8>>, fate: &Fate) {
    while let Ok(line) = queue.recv() {
        // Where even standard error is gone there is nobody left to tell.
        let _ = writer.write_all(&line).and_then(|()| writer.flush());
        lock(&fate.counts).waiting -= 1;
        fate.written.notify_all();
    }
}

impl Write for Background {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let mut counts = lock(&self.fate.counts);
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

    /// A reader that takes a line when it is told to.
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
        for number in 0..WAITING + 100 {
            term.must_say(format!("line {number}"));
        }
        term.settle();
        // The thread holds one, or will.
        assert!((99..=100).contains(&term.take_dropped()));
        assert_eq!(term.take_dropped(), 0);
        drop(go);
        term.settle();
        assert_eq!(read.recv().expect("a line"), b"line 0\n");
    }
}
