use super::text::to_plain_line;

/// How much of the end is kept.
const KEPT_BYTES: usize = 8 * 1024;

/// The end of an output.
#[derive(Debug, Default)]
pub(super) struct Tail {
    kept: Vec<u8>,
    /// Whether earlier output was dropped.
    is_cut: bool,
}

impl Tail {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let dropped = bytes.len().saturating_sub(KEPT_BYTES);
        if dropped > 0 {
            self.kept.clear();
            self.is_cut = true;
        }
        self.kept.extend_from_slice(&bytes[dropped..]);
        // Only now and then, so that most calls move nothing.
        if self.kept.len() > 2 * KEPT_BYTES {
            self.kept.drain(..self.kept.len() - KEPT_BYTES);
            self.is_cut = true;
        }
    }

    /// The last line that is not blank. Text before a carriage return is a line, too. A
    /// word whose beginning was dropped is left out, since half a secret would not be
    /// recognized.
    pub(super) fn last_line(&self) -> Option<String> {
        let kept = match self.kept.iter().position(u8::is_ascii_whitespace) {
            Some(blank) if self.is_cut => &self.kept[blank..],
            None if self.is_cut => &[],
            _ => &self.kept[..],
        };
        let text = String::from_utf8_lossy(kept);
        text.rsplit(['\n', '\r'])
            .map(to_plain_line)
            .find(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_is_not_blank_is_found() {
        for (text, line) in [
            ("", None),
            ("\n \n\t\n", None),
            ("first\nlast\n\n", Some("last")),
            ("10%\r90%\r", Some("90%")),
            ("a\n\u{1b}[31mred\u{1b}[0m\n\u{1b}[0m\n", Some("red")),
        ] {
            let mut tail = Tail::default();
            tail.push(text.as_bytes());
            assert_eq!(tail.last_line().as_deref(), line, "{text:?}");
        }
    }

    #[test]
    fn it_stays_small_and_keeps_the_end() {
        let mut tail = Tail::default();
        for number in 0..100_000 {
            tail.push(format!("line {number}\n").as_bytes());
            assert!(tail.kept.len() <= 2 * KEPT_BYTES + 16);
        }
        tail.push(&vec![b'x'; 10 * KEPT_BYTES]);
        assert_eq!(tail.last_line(), None, "half a word");
        tail.push(b"\nend");
        assert_eq!(tail.last_line().as_deref(), Some("end"));
        assert!(tail.kept.len() <= 2 * KEPT_BYTES + 16);
    }
}
