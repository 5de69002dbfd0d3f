use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, ContentLineStyle, TableStyle};

use super::cell::Cell;
use crate::term::{Palette, Role, Term, truncate, visible, width};

#[derive(Clone, Debug)]
pub(crate) struct Column {
    title: &'static str,
    /// The smallest width it may be shortened to; `None` if it is never
    /// shortened.
    least: Option<usize>,
    right: bool,
    optional: bool,
}

impl Column {
    /// A column that is never shortened, such as IDs.
    pub(crate) fn rigid(title: &'static str) -> Self {
        Self {
            title,
            least: None,
            right: false,
            optional: false,
        }
    }

    /// A column that is shortened on a narrow terminal, to `least` characters
    /// or more.
    pub(crate) fn flexible(title: &'static str, least: usize) -> Self {
        Self {
            title,
            least: Some(least.max(width(title))),
            right: false,
            optional: false,
        }
    }

    /// Omits the column if the terminal is too narrow; the last optional column
    /// is omitted first.
    #[must_use]
    pub(crate) fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    #[must_use]
    pub(crate) fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

const COLUMN_GAP: &str = "  ";
/// The number of rows that are laid out together, so that memory use does not
/// depend on the number of rows.
const BLOCK_ROWS: usize = 100;
/// Separates cells while rows are laid out. No cell contains it, because
/// control characters are escaped before.
const CELL_SEPARATOR: char = '\u{1}';

/// Rows of cells. On a terminal they have a header and fit its width; otherwise
/// they are tab-separated lines without a header, with nothing shortened, and
/// coloured only if that is forced.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    waiting: Vec<Vec<Cell>>,
    /// The widths of the previous block, so that blocks line up.
    widths: Option<Vec<usize>>,
    /// The indices of the visible columns, once they are known.
    kept: Option<Vec<usize>>,
}

impl Table {
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            waiting: Vec::new(),
            widths: None,
            kept: None,
        }
    }

    /// Lays out all rows together, for a terminal.
    pub(crate) fn render(columns: Vec<Column>, rows: &[Vec<Cell>], term: &Term) -> String {
        if rows.is_empty() {
            return String::new();
        }
        Self::new(columns).render_block(rows, term)
    }

    /// Adds a row, and prints the pending rows when they fill a block.
    pub(crate) fn push(&mut self, term: &Term, row: Vec<Cell>) -> io::Result<()> {
        self.waiting.push(row);
        if self.waiting.len() >= BLOCK_ROWS {
            self.print(term)?;
        }
        Ok(())
    }

    /// Prints the pending rows. A table without rows prints nothing.
    pub(crate) fn print(&mut self, term: &Term) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.waiting);
        let text = if term.stdout_is_tty() {
            self.render_block(&rows, term)
        } else {
            render_tsv(&rows, term.palette())
        };
        let mut out = term.out();
        out.write_all(term.escape_commands(&text).as_bytes())?;
        out.finish()
    }

    fn render_block(&mut self, rows: &[Vec<Cell>], term: &Term) -> String {
        let shown = |rows: &[Vec<Cell>]| -> Vec<Vec<String>> {
            rows.iter()
                .map(|row| {
                    row.iter()
                        .map(|cell| visible(cell.for_people()).into_owned())
                        .collect()
                })
                .collect()
        };
        // Columns that do not fit into the first block are omitted in all
        // blocks.
        let kept = self.kept.take().unwrap_or_else(|| {
            let kept = visible_columns(&self.columns, &shown(rows), term.width());
            self.columns = select_columns(&self.columns, &kept);
            kept
        });
        let rows: Vec<Vec<Cell>> = rows.iter().map(|row| select_columns(row, &kept)).collect();
        self.kept = Some(kept);
        let shown = shown(&rows);
        let head = self.widths.is_none();
        let widths = fit_widths(&self.columns, &shown, self.widths.as_deref(), term.width());
        let mut table = comfy_table::Table::new();
        table
            .load_style(separator_style())
            .set_content_arrangement(ContentArrangement::Disabled);
        // The header also fixes the width of each column in every block.
        table.set_header(self.columns.iter().zip(&widths).map(|(column, &wide)| {
            if column.right {
                format!("{:>wide$}", column.title)
            } else {
                format!("{:wide$}", column.title)
            }
        }));
        for row in &shown {
            table.add_row(
                row.iter()
                    .zip(&widths)
                    .map(|(text, &wide)| truncate(text, wide).into_owned()),
            );
        }
        for (column, wanted) in table.column_iter_mut().zip(&self.columns) {
            column.set_padding((0, 0));
            if wanted.right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let palette = term.palette();
        let mut text = String::new();
        for (at, line) in table.lines().enumerate() {
            match at.checked_sub(1) {
                Some(row) => push_line(&mut text, &line, |column, cell| {
                    rows[row]
                        .get(column)
                        .map_or_else(String::new, |column| column.painted(palette, cell))
                }),
                None if head => push_line(&mut text, &line, |_, title| {
                    palette.paint(Role::Heading, title).to_string()
                }),
                None => {}
            }
        }
        self.widths = Some(widths);
        text
    }
}

fn separator_style() -> TableStyle {
    let seam = ContentLineStyle::none().junction(CELL_SEPARATOR);
    TableStyle::new().header_lines(seam).content_lines(seam)
}

/// Paints the cells of a line without their padding.
fn push_line(text: &mut String, line: &str, paint: impl Fn(usize, &str) -> String) {
    let mut gathered = String::new();
    for (column, cell) in line.split(CELL_SEPARATOR).enumerate() {
        if column > 0 {
            gathered.push_str(COLUMN_GAP);
        }
        let start = cell.len() - cell.trim_start_matches(' ').len();
        let (before, cell) = cell.split_at(start);
        let bare = cell.trim_end_matches(' ');
        gathered.push_str(before);
        gathered.push_str(&paint(column, bare));
        gathered.push_str(&cell[bare.len()..]);
    }
    text.push_str(gathered.trim_end_matches(' '));
    text.push('\n');
}

/// The indices of the columns that fit into the terminal.
fn visible_columns(columns: &[Column], shown: &[Vec<String>], room: usize) -> Vec<usize> {
    let least: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            column.least.unwrap_or_else(|| {
                let cells = shown.iter().filter_map(|row| row.get(at));
                cells
                    .map(|text| width(text))
                    .fold(width(column.title), usize::max)
            })
        })
        .collect();
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let taken = |kept: &[usize]| {
        let gaps = COLUMN_GAP.len() * kept.len().saturating_sub(1);
        kept.iter().map(|&at| least[at]).sum::<usize>() + gaps
    };
    while taken(&kept) > room {
        match kept.iter().rposition(|&at| columns[at].optional) {
            Some(place) => kept.remove(place),
            None => break,
        };
    }
    kept
}

fn select_columns<T: Clone>(all: &[T], places: &[usize]) -> Vec<T> {
    places
        .iter()
        .filter_map(|&at| all.get(at).cloned())
        .collect()
}

/// The width of each column: that of its text, unless the terminal is too
/// narrow; then the widest flexible columns are shortened.
fn fit_widths(
    columns: &[Column],
    shown: &[Vec<String>],
    before: Option<&[usize]>,
    room: usize,
) -> Vec<usize> {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let widest = shown
                .iter()
                .filter_map(|row| row.get(at))
                .map(|text| width(text))
                .fold(width(column.title), usize::max);
            match (column.least, before.and_then(|widths| widths.get(at))) {
                (Some(least), before) => widest
                    .min(room.max(least))
                    .max(before.copied().unwrap_or(0)),
                (None, before) => widest.max(before.copied().unwrap_or(0)),
            }
        })
        .collect();
    let gaps = COLUMN_GAP.len() * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let widest = (0..columns.len())
            .filter(|&at| columns[at].least.is_some_and(|least| widths[at] > least))
            .max_by_key(|&at| widths[at]);
        match widest {
            Some(at) => widths[at] -= 1,
            None => break,
        }
    }
    widths
}

/// Tab-separated lines. A tab or a line break inside a field is escaped, so
/// that it never starts another field or row.
fn render_tsv(rows: &[Vec<Cell>], palette: Palette) -> String {
    let mut text = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            text.push_str(&cell.painted(palette, &visible(cell.for_programs())));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::model::DeploymentState;
    use crate::term::{ColorChoice, Options, Streams, TermEnv, capture};

    fn columns() -> Vec<Column> {
        vec![
            Column::rigid("ID").right(),
            Column::rigid("STATE"),
            Column::flexible("REF", 6),
            Column::flexible("DESCRIPTION", 6),
            Column::rigid("AGE"),
        ]
    }

    fn row(id: &str, description: &str) -> Vec<Cell> {
        let then: Timestamp = "2026-01-31T12:00:00Z".parse().expect("a time");
        let now: Timestamp = "2026-01-31T12:05:00Z".parse().expect("a time");
        vec![
            Cell::new(id).role(Role::Id).link("https://x/1"),
            Cell::state(&DeploymentState::Active),
            Cell::new("feature/日本"),
            Cell::new(description),
            Cell::age(then, now),
        ]
    }

    fn printed(term: &Term, rows: Vec<Vec<Cell>>) {
        let mut table = Table::new(columns());
        for row in rows {
            table.push(term, row).expect("printed");
        }
        table.print(term).expect("printed");
    }

    #[test]
    fn a_wide_terminal_shows_everything() {
        let (term, out, _) = capture::tty(80, false);
        printed(&term, vec![row("5584461344", "the first"), row("42", "")]);
        assert_eq!(
            out.text(),
            "        ID  STATE   REF           DESCRIPTION  AGE\n\
             5584461344  active  feature/日本  the first    5m\n        42  active  feature/日本               5m\n"
        );
    }

    #[test]
    fn a_narrow_terminal_shortens_what_may_be_and_never_ids() {
        let (term, out, _) = capture::tty(50, false);
        printed(&term, vec![row("5584461344", "a long description")]);
        assert_eq!(
            out.text().lines().last(),
            Some("5584461344  active  feature/日本  a long des…  5m")
        );
        let (term, out, _) = capture::tty(10, false);
        printed(&term, vec![row("5584461344", "a long description")]);
        assert_eq!(
            out.text().lines().last(),
            Some("5584461344  active  featu…  a long des…  5m")
        );
    }

    #[test]
    fn colour_and_links_cover_the_text_and_not_the_blanks() {
        let env = TermEnv {
            force_hyperlink: Some("1".into()),
            ..TermEnv::default()
        };
        let streams = Streams {
            stdout_tty: true,
            ..Streams::default()
        };
        let (term, out, _) = capture::term(&env, Options::default(), streams);
        printed(&term, vec![row("1", "d")]);
        let text = out.text();
        let (head, line) = text.split_once('\n').expect("two lines");
        assert!(
            head.starts_with("\x1b[1mID\x1b[0m  \x1b[1mSTATE\x1b[0m   "),
            "{head:?}"
        );
        assert_eq!(
            line,
            " \x1b]8;;https://x/1\x1b\\\x1b[36m1\x1b[0m\x1b]8;;\x1b\\  \x1b[32mactive\x1b[0m  feature/日本  d            \x1b[2m5m\x1b[0m\n"
        );
    }

    #[test]
    fn a_pipe_gets_bare_fields() {
        let (term, out, _) = capture::piped();
        printed(
            &term,
            vec![row("1", "tab\there\nline \x1b[31m"), row("2", "")],
        );
        assert_eq!(
            out.text(),
            "1\tactive\tfeature/日本\ttab\\there\\nline \\x1b[31m\t2026-01-31T12:00:00Z\n\
             2\tactive\tfeature/日本\t\t2026-01-31T12:00:00Z\n"
        );
    }

    #[test]
    fn fields_of_a_pipe_are_coloured_where_that_is_forced() {
        let forced = Options {
            color: ColorChoice::Always,
            ..Options::default()
        };
        let (term, out, _) = capture::term(&TermEnv::default(), forced, Streams::default());
        printed(&term, vec![row("1", "d")]);
        assert_eq!(
            out.text(),
            "\x1b[36m1\x1b[0m\t\x1b[32mactive\x1b[0m\tfeature/日本\td\t\x1b[2m2026-01-31T12:00:00Z\x1b[0m\n"
        );
    }

    #[test]
    fn an_empty_table_prints_nothing() {
        for (term, out, _) in [capture::piped(), capture::tty(80, true)] {
            printed(&term, Vec::new());
            assert_eq!(out.text(), "");
        }
    }

    #[test]
    fn many_rows_come_in_blocks_with_one_head() {
        let (term, out, _) = capture::tty(80, false);
        let mut table = Table::new(columns());
        for id in 0..BLOCK_ROWS {
            table
                .push(&term, row(&id.to_string(), ""))
                .expect("printed");
        }
        assert_eq!(
            out.text().lines().count(),
            BLOCK_ROWS + 1,
            "a full block is printed"
        );
        table.push(&term, row("12345", "")).expect("printed");
        assert_eq!(out.text().lines().count(), BLOCK_ROWS + 1, "a row waits");
        table.print(&term).expect("printed");
        let text = out.text();
        assert_eq!(text.lines().count(), BLOCK_ROWS + 2);
        assert_eq!(text.matches("STATE").count(), 1);
        assert!(text.ends_with("12345  active  feature/日本               5m\n"));
    }

    proptest! {
        #[test]
        fn a_row_is_a_line_and_a_field_a_field(fields in prop::collection::vec(prop::collection::vec(any::<String>(), 3), 1..8)) {
            let (term, out, _) = capture::piped();
            let mut table = Table::new(vec![Column::rigid("A"), Column::rigid("B"), Column::rigid("C")]);
            for row in &fields {
                table.push(&term, row.iter().map(Cell::new).collect()).expect("printed");
            }
            table.print(&term).expect("printed");
            let text = out.text();
            prop_assert_eq!(text.lines().count(), fields.len());
            for (line, row) in text.lines().zip(&fields) {
                let shown: Vec<_> = row.iter().map(|field| visible(field)).collect();
                prop_assert_eq!(line.split('\t').collect::<Vec<_>>(), shown);
            }
        }

        #[test]
        fn a_terminal_row_is_one_line_within_the_width(
            fields in prop::collection::vec(prop::collection::vec("\\PC{0,30}|[\\x00-\\x1f\u{202e}]{0,3}", 2), 1..8),
            wide in 30u16..80,
        ) {
            let (term, out, _) = capture::tty(wide, false);
            let mut table = Table::new(vec![Column::flexible("A", 5), Column::flexible("B", 5)]);
            for row in &fields {
                table.push(&term, row.iter().map(Cell::new).collect()).expect("printed");
            }
            table.print(&term).expect("printed");
            let text = out.text();
            prop_assert_eq!(text.split('\n').count(), fields.len() + 2);
            for line in text.lines() {
                prop_assert!(width(line) <= usize::from(wide), "{line:?}");
                prop_assert!(!line.chars().any(crate::term::is_harmful));
            }
        }
    }
}
