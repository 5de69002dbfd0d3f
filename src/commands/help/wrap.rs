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
            wrap_line(line, columns, &mut wrapped);
        }
    }
    wrapped
}

fn wrap_line(line: &str, columns: usize, wrapped: &mut String) {
    let indent = indent(line);
    let mut column = 0;
    for word in line.split_inclusive(' ') {
        if column > indent && column + letters(word.trim_end()).count() > columns {
            wrapped.truncate(wrapped.trim_end_matches(' ').len());
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        }
        wrapped.push_str(word);
        column += letters(word).count();
    }
}

/// The column at which the rest of a line continues.
fn indent(line: &str) -> usize {
    let text: String = letters(line).collect();
    let first = text.len() - text.trim_start().len();
    let gap = text[first..].find("  ").map(|at| first + at);
    gap.map_or(first, |gap| {
        text.len() - text[gap..].trim_start_matches(' ').len()
    })
}

/// The characters of a text without the codes of its colours.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let mut is_code = false;
    text.chars().filter(move |&letter| {
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
    fn a_long_word_stays_whole() {
        assert_eq!(wrap("a much-longer b", 8), "a\nmuch-longer\nb");
    }
}
