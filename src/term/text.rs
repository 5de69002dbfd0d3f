use std::fmt::Write as _;

use super::escape::visible;
use super::style::{Painted, Palette, Role};
use super::width::truncate;

/// One line of text made of pieces with different roles.
///
/// Pieces are escaped when the line is rendered, so that text from a server
/// cannot control the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pieces: Vec<(Role, String)>,
}

impl Text {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub(crate) fn plain(self, text: impl Into<String>) -> Self {
        self.with(Role::Plain, text)
    }

    #[must_use]
    pub(crate) fn with(mut self, role: Role, text: impl Into<String>) -> Self {
        self.pieces.push((role, text.into()));
        self
    }

    /// The escaped and styled line.
    pub(crate) fn render(&self, palette: Palette) -> String {
        let mut line = String::new();
        for (role, text) in &self.pieces {
            push(&mut line, palette.paint(*role, &visible(text)));
        }
        line
    }

    /// The line, truncated to `max` columns.
    pub(super) fn render_within(&self, palette: Palette, max: usize) -> String {
        let mut line = String::new();
        let mut room = max;
        for (role, text) in &self.pieces {
            let shown = visible(text);
            let wide = super::width::width(&shown);
            push(&mut line, palette.paint(*role, &truncate(&shown, room)));
            if wide > room {
                break;
            }
            room -= wide;
        }
        line
    }
}

fn push(line: &mut String, painted: Painted<'_>) {
    // Writing to a String cannot fail.
    let _ = write!(line, "{painted}");
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::new().plain(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_made_visible() {
        let text = Text::new()
            .with(Role::Id, "4\x1b[31m2")
            .plain(" a\nb ")
            .with(Role::Dim, "\u{202e}x");
        assert_eq!(text.render(Palette::PLAIN), r"4\x1b[31m2 a\nb \u{202e}x");
    }

    #[test]
    fn cutting_counts_columns_over_all_pieces() {
        let text = Text::new()
            .plain("abc")
            .with(Role::Failure, "def")
            .plain("ghi");
        assert_eq!(text.render_within(Palette::PLAIN, 9), "abcdefghi");
        assert_eq!(text.render_within(Palette::PLAIN, 5), "abcd…");
        assert_eq!(text.render_within(Palette::PLAIN, 2), "a…");
        assert_eq!(
            text.render_within(Palette::new(true, false), 5),
            "abc\x1b[31md…\x1b[0m"
        );
    }
}
