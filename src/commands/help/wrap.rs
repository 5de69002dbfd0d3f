/// The longest line of a help text, in columns, on a wider terminal.
const MAX_COLUMNS: usize = 100;

/// The columns for a help text on a terminal with `width` columns.
pub(crate) fn columns(width: usize) -> usize {
    width.min(MAX_COLUMNS)
}

/// Wraps the lines of a help text that are too long for a terminal with `width`
/// columns. clap can do this too, but measures every letter of every line.
///
/// The rest of a line continues below its description, which follows an option
/// after two spaces, or else below its first word.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let columns = columns(width);
    let mut wrapped = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        // A letter has at least one byte.
        if line.len() <= columns {
            wrapped.push_str(line);
        } else {
            wrap_line(line.trim_end(), columns, &mut wrapped);
            wrapped.push_str(&line[line.trim_end().len()..]);
        }
    }
    wrapped
}

fn wrap_line(line: &str, columns: usize, wrapped: &mut String) {
    let indent = indent(line);
    let (mut rest, mut room) = (line, columns);
    // No line ends before this place.
    let mut first = fitting(line, indent);
    loop {
        let fits = fitting(rest, room);
        // The last space that can end the line, else the first one behind it.
        let end = rest.len().min(fits + 1);
        let space = rest.as_bytes()[..end]
            .iter()
            .rposition(|&byte| byte == b' ');
        let space = space
            .filter(|&at| at > first)
            .or_else(|| Some(fits + rest[fits..].find(' ')?));
        let Some(space) = space.filter(|_| fits < rest.len()) else {
            wrapped.push_str(rest);
            return;
        };
        wrapped.push_str(rest[..space].trim_end());
        wrapped.push('\n');
        wrapped.extend(std::iter::repeat_n(' ', indent));
        rest = rest[space..].trim_start();
        (room, first) = (columns.saturating_sub(indent), 0);
    }
}

/// How many bytes at the start of a text fit into `columns`.
fn fitting(text: &str, columns: usize) -> usize {
    if is_plain(text) {
        return columns.min(text.len());
    }
    let mut ends = letters(text).map(|(at, _)| at);
    ends.nth(columns).unwrap_or(text.len())
}

/// Whether each byte is a letter that is shown.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !text.contains('\u{1b}')
}

/// The column at which the rest of a line continues.
fn indent(line: &str) -> usize {
    if !is_plain(line) {
        let plain: String = letters(line).map(|(_, letter)| letter).collect();
        return plain_indent(&plain);
    }
    plain_indent(line)
}

fn plain_indent(text: &str) -> usize {
    let first = text.len() - text.trim_start().len();
    let gap = text[first..].find("  ").map(|at| first + at);
    gap.map_or(first, |gap| {
        text.len() - text[gap..].trim_start_matches(' ').len()
    })
}

/// The characters of a text and where they start, without the codes of its colours.
fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut is_code = false;
    text.char_indices().filter(move |&(_, letter)| {
        is_code |= letter == '\u{1b}';
        let is_shown = !is_code;
        is_code &= letter != 'm';
        is_shown
    })
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn a_paragraph_continues_below_its_first_word() {
        assert_eq!(
            wrap("    one two three\n\nfour\n", 12),
            "    one two\n    three\n\nfour\n"
        );
    }

    #[test]
    fn a_description_continues_below_itself() {
        assert_eq!(
            wrap("  -q, --jq <EXPR>  Filter the JSON", 30),
            "  -q, --jq <EXPR>  Filter the\n                   JSON"
        );
    }

    #[test]
    fn colours_take_no_columns() {
        assert_eq!(
            wrap("\u{1b}[1m-q\u{1b}[0m  one two three", 11),
            "\u{1b}[1m-q\u{1b}[0m  one two\n    three"
        );
    }

    #[test]
    fn letters_of_more_bytes_take_one_column() {
        assert_eq!(wrap("é é é é é é", 5), "é é é\né é é");
        assert_eq!(wrap("éééééé é", 3), "éééééé\né");
    }

    #[test]
    fn a_long_word_stays_whole() {
        assert_eq!(wrap("a much-longer b", 8), "a\nmuch-longer\nb");
    }
}
