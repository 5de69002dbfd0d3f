use std::fmt::Write as _;

use super::escape::visible;
use super::style::{Palette, Role};
use super::width::truncate;

/// One line of text made of pieces that have a meaning each.
///
/// Pieces are kept as they came and made visible when the line is rendered,
/// so that no server's bytes reach a terminal raw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    role: Role,
    text: String,
    url: Option<String>,
}

impl Text {
    /// An empty line.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds ordinary text.
    #[must_use]
    pub(crate) fn plain(self, text: impl Into<String>) -> Self {
        self.with(Role::Plain, text)
    }

    /// Adds text that looks as `role` does.
    #[must_use]
    pub(crate) fn with(mut self, role: Role, text: impl Into<String>) -> Self {
        self.pieces.push(Piece {
            role,
            text: text.into(),
            url: None,
        });
        self
    }

    #[cfg(test)]
    #[must_use]
    pub(crate) fn link(
        mut self,
        role: Role,
        text: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        self.pieces.push(Piece {
            role,
            text: text.into(),
            url: Some(url.into()),
        });
        self
    }

    /// The line as one terminal shows it.
    pub(crate) fn render(&self, palette: Palette) -> String {
        let mut line = String::new();
        for piece in &self.pieces {
            push(&mut line, palette, piece, &visible(&piece.text));
        }
        line
    }

    /// The line, cut to at most `max` columns.
    pub(super) fn render_within(&self, palette: Palette, max: usize) -> String {
        let mut line = String::new();
        let mut room = max;
        for piece in &self.pieces {
            let shown = visible(&piece.text);
            let wide = super::width::width(&shown);
            push(&mut line, palette, piece, &truncate(&shown, room));
            if wide > room {
                break;
            }
            room -= wide;
        }
        line
    }
}

fn push(line: &mut String, palette: Palette, piece: &Piece, shown: &str) {
    let painted = palette.paint_link(piece.role, shown, piece.url.as_deref());
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
            .link(Role::Dim, "\u{202e}x", "https://x");
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
