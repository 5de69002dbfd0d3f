use crate::process::report::plain;

/// How much of the end of an output is kept.
const KEPT: usize = 8 * 1024;

/// The end of an output.
#[derive(Debug, Default)]
pub(super) struct Tail {
    kept: Vec<u8>,
    /// Whether something before it was dropped.
    is_cut: bool,
}

impl Tail {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let dropped = bytes.len().saturating_sub(KEPT);
        if dropped > 0 {
            self.kept.clear();
            self.is_cut = true;
        }
        self.kept.extend_from_slice(&bytes[dropped..]);
        // Not at every push, so that most pushes move nothing.
        if self.kept.len() > 2 * KEPT {
            self.kept.drain(..self.kept.len() - KEPT);
            self.is_cut = true;
        }
    }

    /// The last line that has something in it. What a carriage return has
    /// overwritten is a line, too. A word whose beginning was dropped is left
    /// out: half a secret would not be recognized.
    pub(super) fn last_line(&self) -> Option<String> {
        let kept = match self.kept.iter().position(u8::is_ascii_whitespace) {
            Some(blank) if self.is_cut => &self.kept[blank..],
            None if self.is_cut => &[],
            _ => &self.kept[..],
        };
        let text = String::from_utf8_lossy(kept);
        text.rsplit(['\n', '\r'])
            .map(plain)
            .find(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_with_something_in_it_is_told() {
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
            assert!(tail.kept.len() <= 2 * KEPT + 16);
        }
        tail.push(&vec![b'x'; 10 * KEPT]);
        assert_eq!(tail.last_line(), None, "half a word");
        tail.push(b"\nend");
        assert_eq!(tail.last_line().as_deref(), Some("end"));
        assert!(tail.kept.len() <= 2 * KEPT + 16);
    }
}
