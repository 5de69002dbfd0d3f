//! Removes secrets from descriptions, URLs and logs.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

/// Replaces a secret.
const REPLACEMENT: &str = "***";
/// A shorter secret could be any word.
const MIN_SECRET_BYTES: usize = 6;
/// How much of an incomplete line is held back.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// Knows secrets and removes them from texts. Clones share secrets that are learned
/// later.
#[derive(Clone, Default)]
pub(crate) struct Redactor(Arc<RwLock<Vec<String>>>);

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor([redacted])")
    }
}

impl Redactor {
    /// Very short secrets are ignored.
    pub(crate) fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let redactor = Self::default();
        for secret in secrets {
            if secret.as_ref().trim().len() >= MIN_SECRET_BYTES {
                redactor.add(secret.as_ref());
            }
        }
        redactor
    }

    /// Adds a secret and each of its lines, as plain text and as encoded in a URL.
    fn add(&self, secret: &str) {
        let mut secrets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for secret in std::iter::once(secret).chain(secret.lines()) {
            let secret = secret.trim();
            let in_url = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            for form in [secret.to_owned(), in_url] {
                if !form.is_empty() && !secrets.contains(&form) {
                    secrets.push(form);
                }
            }
        }
        // A secret that is part of another must not split it.
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// Learns the secret that a line of output masks, as in GitHub Actions:
    /// `::add-mask::VALUE`.
    pub(super) fn learn(&self, line: &str) {
        let line = line.trim();
        let value = line
            .strip_prefix("::add-mask::")
            .or_else(|| line.split_once("##[add-mask]").map(|(_, value)| value));
        if let Some(value) = value {
            let value = value.replace("%0D", "\r").replace("%0A", "\n");
            self.add(&value.replace("%25", "%"));
        }
    }

    /// Removes the secrets, and the user and password of any URL.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for secret in self.0.read().unwrap_or_else(PoisonError::into_inner).iter() {
            if text.contains(secret.as_str()) {
                text = Cow::Owned(text.replace(secret.as_str(), REPLACEMENT));
            }
        }
        match without_credentials(&text) {
            Some(text) => Cow::Owned(text),
            None => text,
        }
    }

    /// Returns a writer that removes the secrets. It writes each line when that is
    /// complete.
    pub(crate) fn writer<W: Write>(&self, inner: W) -> RedactedLines<W> {
        RedactedLines {
            inner,
            redactor: self.clone(),
            line: Vec::new(),
        }
    }
}

/// Replaces what stands before the `@` of a URL by `***`; `None` if there is nothing to
/// replace. A user name without a password may be a token only in an http URL.
fn without_credentials(text: &str) -> Option<String> {
    let mut redacted = String::new();
    let mut rest = text;
    let mut is_found = false;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        redacted.push_str(before);
        rest = after;
        let is_end = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`".contains(c);
        let word = &after[..after.find(is_end).unwrap_or(after.len())];
        let authority = &word[..word.find(['/', '?', '#', '\\']).unwrap_or(word.len())];
        let is_http = before.ends_with("http://") || before.ends_with("https://");
        let end = match authority.rfind('@') {
            Some(end) if is_http || authority[..end].contains(':') => Some(end),
            Some(_) => None,
            // A password may contain a character that should have been escaped.
            None => authority
                .split_once(':')
                .filter(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|_| word.find('@')),
        };
        if let Some(end) = end {
            is_found = true;
            redacted.push_str(REPLACEMENT);
            rest = &after[end..];
        }
    }
    redacted.push_str(rest);
    is_found.then_some(redacted)
}

/// See [`Redactor::writer`].
#[derive(Debug)]
pub(crate) struct RedactedLines<W: Write> {
    inner: W,
    redactor: Redactor,
    line: Vec<u8>,
}

impl<W: Write> RedactedLines<W> {
    /// Writes the first `end` bytes of the line.
    fn write_line(&mut self, end: usize) -> io::Result<()> {
        let mut redacted = Vec::with_capacity(end);
        for chunk in self.line[..end].utf8_chunks() {
            redacted.extend_from_slice(self.redactor.redact(chunk.valid()).as_bytes());
            redacted.extend_from_slice(chunk.invalid());
        }
        self.line.drain(..end);
        self.inner.write_all(&redacted)
    }
}

impl<W: Write> Write for RedactedLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") || piece.ends_with(b"\r") {
                self.write_line(self.line.len())?;
            } else if self.line.len() > MAX_LINE_BYTES {
                let blank = self.line.iter().rposition(u8::is_ascii_whitespace);
                self.write_line(blank.map_or(self.line.len(), |blank| blank + 1))?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Drop for RedactedLines<W> {
    fn drop(&mut self) {
        // An error cannot be reported here.
        let _ = self.write_line(self.line.len());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_and_credentials_in_urls_are_hidden() {
        let redactor = Redactor::new(["ghp_secret", "ghp_secret-longer", "p&ss word", "eu-1"]);
        for (text, expected) in [
            ("nothing to hide in eu-1", "nothing to hide in eu-1"),
            ("Bearer ghp_secret.", "Bearer ***."),
            ("ghp_secret-longer", "***"),
            ("q=p%26ss+word and p&ss word", "q=*** and ***"),
            (
                "fatal: unable to access 'https://x-access-token:abc@github.com/o/r/': 403",
                "fatal: unable to access 'https://***@github.com/o/r/': 403",
            ),
            ("https://abc@github.com", "https://***@github.com"),
            ("postgres://u:p/w#@db/x?a@b", "postgres://***@db/x?a@b"),
            (
                "redis://:pw@one amqp://a:b@c@two",
                "redis://***@one amqp://***@two",
            ),
            ("ssh://git@github.com/o/r", "ssh://git@github.com/o/r"),
            ("http://host:80/@scope/pkg", "http://host:80/@scope/pkg"),
            ("https://x.example/a@b ://", "https://x.example/a@b ://"),
        ] {
            assert_eq!(redactor.redact(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_command_masks_is_learned() {
        let redactor = Redactor::default();
        for line in [
            "::add-mask::abc",
            "  ::add-mask::100%25%0Asecond line\r",
            "##[add-mask]old",
            "::add-mask::",
            "say ::add-mask::no",
        ] {
            redactor.learn(line);
        }
        let text = "abc old 100% / second line / no";
        assert_eq!(redactor.redact(text), "*** *** *** / *** / no");
    }

    #[test]
    fn a_log_is_redacted_wherever_a_write_ends() {
        let redactor = Redactor::new(["ghp_secret"]);
        let text = b"a ghp_secret\r\nb\xff ghp_secret https://u:p@h\n10%\rghp_secret";
        for size in 1..text.len() {
            let mut log = Vec::new();
            let mut writer = redactor.writer(&mut log);
            for piece in text.chunks(size) {
                writer.write_all(piece).expect("written");
            }
            drop(writer);
            let expected: &[u8] = b"a ***\r\nb\xff *** https://***@h\n10%\r***";
            assert_eq!(log, expected, "{size}");
        }
        let mut log = Vec::new();
        let mut writer = redactor.writer(&mut log);
        let text = "ghp_secret ".repeat(MAX_LINE_BYTES);
        writer.write_all(text.as_bytes()).expect("written");
        assert!(writer.line.len() <= MAX_LINE_BYTES);
        drop(writer);
        assert_eq!(String::from_utf8_lossy(&log), "*** ".repeat(MAX_LINE_BYTES));
    }

    proptest! {
        #[test]
        fn no_secret_survives(before in any::<String>(), after in any::<String>()) {
            let redactor = Redactor::new(["ghp_secret"]);
            let text = format!("{before}ghp_secret{after} https://u:ghp_hidden@h");
            let redacted = redactor.redact(&text);
            prop_assert!(!redacted.contains("ghp_secret"));
            prop_assert!(!redacted.contains("ghp_hidden"));
        }
    }
}
