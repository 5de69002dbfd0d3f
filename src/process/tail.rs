use crate::process::report::plain;

/// How much of the end of an output is kept.
const KEPT: usize = 8 * 1024;

/// The end of an output.
#[derive(Debug, Default)]
pub(super) struct Tail(Vec<u8>);

impl Tail {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(KEPT)..];
        self.0.extend_from_slice(bytes);
        // Not at every push, so that most pushes move nothing.
        if self.0.len() > 2 * KEPT {
            self.0.drain(..self.0.len() - KEPT);
        }
    }

    /// The last line that has something in it. What a carriage return has
    /// overwritten is a line, too.
    pub(super) fn last_line(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.0);
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
            assert!(tail.0.len() <= 2 * KEPT + 16);
        }
        tail.push(&vec![b'x'; 10 * KEPT]);
        tail.push(b"\nend");
        assert_eq!(tail.last_line().as_deref(), Some("end"));
        assert!(tail.0.len() <= 2 * KEPT + 16);
    }
}
