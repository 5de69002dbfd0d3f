use crate::model::DESCRIPTION_LIMIT;

/// Makes the description of a status of a text: one line without control characters, cut
/// to [`DESCRIPTION_LIMIT`] characters with `…`.
pub(crate) fn to_description(text: &str) -> String {
    let text = to_plain_line(text);
    if text.chars().count() <= DESCRIPTION_LIMIT {
        return text;
    }
    let kept: String = text.chars().take(DESCRIPTION_LIMIT - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Removes escape sequences, control characters and invisible marks, such as those that
/// change the direction of writing. Each run of blanks becomes one space, and blanks at
/// the ends are removed.
pub(crate) fn to_plain_line(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            // The one-character form of ESC [.
            '\u{9b}' => skip_parameters(&mut chars),
            c if is_invisible_mark(c) => {}
            c if c.is_whitespace() || c.is_control() => {
                if !plain.is_empty() && !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            c => plain.push(c),
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Skips an escape sequence after its ESC.
fn skip_escape(chars: &mut Chars<'_>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_parameters(chars);
        }
        // Strings, such as titles and links, end with BEL or ESC \.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' {
                    return;
                }
                if c == '\u{1b}' {
                    chars.next_if_eq(&'\\');
                    return;
                }
            }
        }
        Some(' '..='/') => {
            while chars.next_if(|c| (' '..='/').contains(c)).is_some() {}
            chars.next();
        }
        Some('0'..='~') => {
            chars.next();
        }
        _ => {}
    }
}

/// Skips the parameters and the final character of a control sequence.
fn skip_parameters(chars: &mut Chars<'_>) {
    while chars.next_if(|c| (' '..='?').contains(c)).is_some() {}
    chars.next_if(|c| ('@'..='~').contains(c));
}

/// Whether it is an invisible character that changes how others are shown.
fn is_invisible_mark(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_taken_out() {
        for (text, expected) in [
            ("\u{1b}[1;31merror:\u{1b}[0m  no\tway ", "error: no way"),
            ("\u{1b}]8;;https://x\u{1b}\\link\u{1b}]8;;\u{7}!", "link!"),
            ("\u{1b}(Ba\u{1b}=b\u{9b}2Kc", "abc"),
            ("a\u{202e}b\u{200b}c", "abc"),
            ("a\r\nb\u{7}c", "a b c"),
            ("\u{1b}", ""),
            ("\u{1b}[", ""),
        ] {
            assert_eq!(to_plain_line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_in_characters() {
        assert_eq!(to_description(&"é".repeat(140)), "é".repeat(140));
        let cut = to_description(&"é".repeat(141));
        assert_eq!(cut.chars().count(), 140);
        assert!(cut.ends_with('…'));
    }

    proptest! {
        #[test]
        fn a_description_is_always_one_that_a_server_takes(text in any::<String>()) {
            let description = to_description(&text);
            prop_assert!(description.chars().count() <= DESCRIPTION_LIMIT);
            prop_assert!(!description.chars().any(char::is_control));
        }
    }
}
