use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::process::output_file::is_address;
use crate::process::report::plain;
use crate::term::Term;

/// A longer line is no address.
const LONGEST: usize = 4096;

/// Our standard output, for what a command writes.
pub(super) struct PassOn(pub(super) Arc<Term>);

/// Our standard error, for the same.
pub(super) struct PassOnError(pub(super) Arc<Term>);

impl Write for PassOn {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.pass_on(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Write for PassOnError {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.pass_on_error(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Passes an output on and remembers the last line of it that is an address
/// and nothing else.
pub(super) struct Watching<W> {
    inner: W,
    found: Found,
}

/// The address that was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    line: Vec<u8>,
    is_open: bool,
    address: Option<String>,
}

impl<W: Write> Watching<W> {
    pub(super) fn new(inner: W) -> (Self, Found) {
        let found = Found::default();
        let watching = Self {
            inner,
            found: found.clone(),
        };
        (watching, found)
    }
}

impl<W: Write> Write for Watching<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let mut lines = self.found.lock();
        if let Some(last) = bytes[..written].last() {
            lines.is_open = *last != b'\n';
        }
        for byte in &bytes[..written] {
            if *byte == b'\n' {
                lines.end();
            } else if lines.line.len() <= LONGEST {
                lines.line.push(*byte);
            }
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Found {
    /// The address, now that the command has ended.
    pub(super) fn take(&self) -> Option<String> {
        let mut lines = self.lock();
        lines.end();
        lines.address.take()
    }

    /// Whether the last line has no end.
    pub(super) fn is_line_open(&self) -> bool {
        self.lock().is_open
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.len() > LONGEST {
            return;
        }
        let text = plain(&String::from_utf8_lossy(&line));
        if is_address(&text) {
            self.address = Some(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_is_an_address_is_found_and_all_passes_through() {
        for (text, address) in [
            ("see https://no.example\n", None),
            (
                "https://a.example\nhttps://b.example/x?y\r\ndone\n",
                Some("https://b.example/x?y"),
            ),
            (
                "\u{1b}[4mhttps://c.example\u{1b}[0m",
                Some("https://c.example"),
            ),
            ("ftp://d.example\njavascript:1\n", None),
        ] {
            let mut out = Vec::new();
            let (mut watching, found) = Watching::new(&mut out);
            for byte in text.as_bytes() {
                watching.write_all(&[*byte]).expect("written");
            }
            assert_eq!(found.is_line_open(), !text.ends_with('\n'));
            assert_eq!(found.take().as_deref(), address, "{text:?}");
            assert_eq!(out, text.as_bytes());
        }
        let mut out = Vec::new();
        let (mut watching, found) = Watching::new(&mut out);
        let long = format!("https://x.example/{}\n", "a".repeat(2 * LONGEST));
        watching.write_all(long.as_bytes()).expect("written");
        assert_eq!(found.take(), None);
    }
}
