use std::io::{self, Write};

use super::cell::Cell;
use crate::term::{Role, Term, visible, width};

/// The properties of one thing, one per line: aligned for people, label and
/// value separated by a tab for programs. Nothing is shortened.
#[derive(Debug, Default)]
pub(crate) struct Details {
    lines: Vec<(&'static str, Cell)>,
}

impl Details {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub(crate) fn with(mut self, label: &'static str, value: Cell) -> Self {
        self.lines.push((label, value));
        self
    }

    /// Adds a property if it has a value.
    #[must_use]
    pub(crate) fn maybe(self, label: &'static str, value: Option<Cell>) -> Self {
        match value {
            Some(value) => self.with(label, value),
            None => self,
        }
    }

    pub(crate) fn print(&self, term: &Term) -> io::Result<()> {
        let mut out = term.out();
        let palette = term.palette();
        if term.stdout_is_tty() {
            let widest = self.lines.iter().map(|(label, _)| width(label)).max();
            let widest = widest.unwrap_or_default();
            for (label, value) in &self.lines {
                let label = format!("{label}:");
                let blanks = " ".repeat(widest + 2 - width(&label));
                let shown = visible(value.for_people());
                let shown = value.painted(palette, &term.escape_commands(&shown));
                let label = palette.paint(Role::Dim, &label);
                writeln!(out, "{label}{blanks}{shown}")?;
            }
        } else {
            for (label, value) in &self.lines {
                let shown = visible(value.for_programs());
                let shown = value.painted(palette, &term.escape_commands(&shown));
                writeln!(out, "{label}\t{shown}")?;
            }
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::capture;

    fn details() -> Details {
        Details::new()
            .with("id", Cell::new("42").role(Role::Id))
            .with("sha", Cell::sha("a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d"))
            .maybe("log", None)
            .maybe("description", Some(Cell::new("a\n\tb\u{202e}")))
    }

    #[test]
    fn people_get_it_aligned_and_short() {
        let (term, out, _) = capture::tty(80, false);
        details().print(&term).expect("printed");
        assert_eq!(
            out.text(),
            "id:          42\nsha:         a84d88e\ndescription: a\\n\\tb\\u{202e}\n"
        );
    }

    #[test]
    fn programs_get_a_label_a_tab_and_the_whole_value() {
        let (term, out, _) = capture::piped();
        details().print(&term).expect("printed");
        assert_eq!(
            out.text(),
            "id\t42\nsha\ta84d88e7554fc1fa21bcbc4efae3c782a70d2b9d\ndescription\ta\\n\\tb\\u{202e}\n"
        );
    }
}
