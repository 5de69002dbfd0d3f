use std::io::{self, Write};

use super::Term;

impl Term {
    /// The lines of the terminal; it may have been resized.
    pub(crate) fn height(&self) -> usize {
        let real = (self.size)().map(|(_, height)| height);
        usize::from(real.unwrap_or(self.settings.height))
    }

    /// Draws lines from the top of the terminal in place of what it shows. A line
    /// that is too long is cut off by the terminal.
    pub(crate) fn draw(&self, lines: &str) -> io::Result<()> {
        const START: &str = "\x1b[?7l\x1b[H";
        const END: &str = "\x1b[J\x1b[?7h";
        let mut out = self.out();
        write!(out, "{START}")?;
        for line in lines.lines() {
            // Cleared first: after a full line, that would erase its last column.
            writeln!(out, "\x1b[K{line}")?;
        }
        write!(out, "{END}")?;
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::term::capture;

    #[test]
    fn lines_replace_what_the_terminal_shows() {
        let (term, out, _) = capture::tty(20, false);
        let mut screen = vt100::Parser::new(5, 20, 0);
        for (lines, shown) in [
            ("one\ntwo\nthree\n", "one\ntwo\nthree"),
            ("1\n", "1"),
            ("exactly twenty wide!\n", "exactly twenty wide!"),
            ("a line that is too long for it\nb\n", "a line that is..\nb"),
            ("", ""),
        ] {
            let before = out.text().len();
            term.draw(lines).expect("written");
            screen.process(out.text()[before..].replace('\n', "\r\n").as_bytes());
            let text = screen.screen().contents();
            assert_eq!(text.lines().count(), shown.lines().count(), "{text}");
            assert!(
                text.starts_with(shown.split("..").next().unwrap_or_default()),
                "{text}"
            );
        }
    }
}
