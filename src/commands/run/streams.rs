use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::process::output_file::is_web_url;
use crate::process::text::to_plain_line;
use crate::term::Term;

/// A longer line is no URL.
const MAX_URL_BYTES: usize = 4096;

/// Writes the output of the command to standard output.
pub(super) struct Stdout(pub(super) Arc<Term>);

/// Writes the errors of the command to standard error.
pub(super) struct Stderr(pub(super) Arc<Term>);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.pass_on(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.pass_on_error(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Passes output on and remembers its last line that consists of a URL.
pub(super) struct UrlScanner<W> {
    inner: W,
    last_url: LastUrl,
}

/// The last URL that was found.
#[derive(Clone, Debug, Default)]
pub(super) struct LastUrl(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    line: Vec<u8>,
    is_open: bool,
    url: Option<String>,
}

impl<W: Write> UrlScanner<W> {
    pub(super) fn new(inner: W) -> (Self, LastUrl) {
        let last_url = LastUrl::default();
        let scanner = Self {
            inner,
            last_url: last_url.clone(),
        };
        (scanner, last_url)
    }
}

impl<W: Write> Write for UrlScanner<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let mut lines = self.last_url.lock();
        if let Some(last) = bytes[..written].last() {
            lines.is_open = *last != b'\n';
        }
        for byte in &bytes[..written] {
            if *byte == b'\n' {
                lines.end();
            } else if lines.line.len() <= MAX_URL_BYTES {
                lines.line.push(*byte);
            }
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl LastUrl {
    /// The URL, once the command has ended.
    pub(super) fn take(&self) -> Option<String> {
        let mut lines = self.lock();
        lines.end();
        lines.url.take()
    }

    /// Whether the last line is incomplete.
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
        if line.len() > MAX_URL_BYTES {
            return;
        }
        let text = to_plain_line(&String::from_utf8_lossy(&line));
        if is_web_url(&text) {
            self.url = Some(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_is_a_url_is_found_and_all_output_is_passed_on() {
        for (text, url) in [
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
            let (mut scanner, found) = UrlScanner::new(&mut out);
            for byte in text.as_bytes() {
                scanner.write_all(&[*byte]).expect("written");
            }
            assert_eq!(found.is_line_open(), !text.ends_with('\n'));
            assert_eq!(found.take().as_deref(), url, "{text:?}");
            assert_eq!(out, text.as_bytes());
        }
        let mut out = Vec::new();
        let (mut scanner, found) = UrlScanner::new(&mut out);
        let long = format!("https://x.example/{}\n", "a".repeat(2 * MAX_URL_BYTES));
        scanner.write_all(long.as_bytes()).expect("written");
        assert_eq!(found.take(), None);
    }
}
