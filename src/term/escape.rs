use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// Escapes every character that could move the cursor, colour, reorder or hide
/// text, or break a line: `\n`, `\t`, `\x1b`, `\u{202e}`.
///
/// The result is one line. A backslash is not escaped, so that paths stay
/// readable; the result is for people and cannot be parsed back.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escape(text, is_harmful)
}

/// Like [`visible`], but keeps line breaks and tabs, for text such as the
/// output of the user's own filter.
pub(crate) fn visible_text(text: &str) -> Cow<'_, str> {
    escape(text, |c| !matches!(c, '\n' | '\t') && is_harmful(c))
}

/// Joins `lines`; no line can contain another line break.
pub(crate) fn visible_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(&visible(line));
    }
    text
}

/// Whether `c` has an effect on a terminal, or is invisible.
///
/// The zero-width joiner and non-joiner are harmless: scripts and emoji need
/// them.
pub(crate) fn is_harmful(c: char) -> bool {
    if c < ' ' {
        return true;
    }
    if c.is_ascii() {
        return c == '\x7f';
    }
    HARMFUL_RANGES.iter().any(|range| range.contains(&c)) || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Harmful characters other than ASCII controls and the last two of each plane.
const HARMFUL_RANGES: &[RangeInclusive<char>] = &[
    // C1 controls.
    '\u{80}'..='\u{9f}',
    // The soft hyphen, and fillers that look like nothing.
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{115f}'..='\u{1160}',
    '\u{180e}'..='\u{180e}',
    '\u{3164}'..='\u{3164}',
    '\u{ffa0}'..='\u{ffa0}',
    // Bidirectional marks, embeddings, overrides and isolates.
    '\u{61c}'..='\u{61c}',
    '\u{200e}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2066}'..='\u{2069}',
    // Zero-width space, line and paragraph separators.
    '\u{200b}'..='\u{200b}',
    '\u{2028}'..='\u{2029}',
    // Word joiner, invisible operators, deprecated format characters.
    '\u{2060}'..='\u{2065}',
    '\u{206a}'..='\u{206f}',
    // The byte order mark, interlinear annotation, tags.
    '\u{feff}'..='\u{feff}',
    '\u{fff0}'..='\u{fffb}',
    '\u{e0000}'..='\u{e007f}',
    // Noncharacters.
    '\u{fdd0}'..='\u{fdef}',
];

fn escape(text: &str, harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&harmful) else {
        return Cow::Borrowed(text);
    };
    let mut shown = String::with_capacity(text.len() + 8);
    shown.push_str(&text[..first]);
    for c in text[first..].chars() {
        if harmful(c) {
            push_escaped(&mut shown, c);
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn push_escaped(shown: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = match c {
        '\n' => shown.write_str("\\n"),
        '\t' => shown.write_str("\\t"),
        '\r' => shown.write_str("\\r"),
        '\0'..='\x7f' => write!(shown, "\\x{:02x}", u32::from(c)),
        _ => write!(shown, "\\u{{{:x}}}", u32::from(c)),
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_is_shown_in_its_way() {
        for (raw, shown) in [
            ("a\nb\tc\rd", r"a\nb\tc\rd"),
            ("\x1b[2J\x07", r"\x1b[2J\x07"),
            ("\u{7f}\u{9b}31m\u{85}", r"\x7f\u{9b}31m\u{85}"),
            ("\u{202e}gpj.exe\u{2066}", r"\u{202e}gpj.exe\u{2066}"),
            ("a\u{2028}b\u{200b}c", r"a\u{2028}b\u{200b}c"),
            (
                "\u{feff}\u{ad}\u{e0041}\u{fff9}\u{1fffe}",
                r"\u{feff}\u{ad}\u{e0041}\u{fff9}\u{1fffe}",
            ),
            (r"C:\new\table", r"C:\new\table"),
        ] {
            assert_eq!(visible(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn what_scripts_need_is_borrowed_unchanged() {
        for text in [
            "",
            "main",
            "日本語",
            "👩\u{200d}🚀",
            "می\u{200c}خواهم",
            "e\u{301}",
            "❤\u{fe0f}",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn lines_break_only_where_we_put_a_break() {
        assert_eq!(visible_lines(["a\nb", "c"]), "a\\nb\nc");
        assert_eq!(visible_text("a\n\tb\x1b\r"), "a\n\tb\\x1b\\r");
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(is_harmful));
            prop_assert!(!visible(&text).chars().any(char::is_control));
            prop_assert!(!visible_text(&text).chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        }

        #[test]
        fn harmless_text_is_unchanged(text in any::<String>()) {
            let clean: String = text.chars().filter(|&c| !is_harmful(c)).collect();
            prop_assert!(matches!(visible(&clean), Cow::Borrowed(same) if same == clean));
        }

        #[test]
        fn every_control_and_bidi_character_is_caught(code in prop_oneof![0u32..0x20, 0x7fu32..0xa0, 0x200eu32..0x2010, 0x202au32..0x202f, 0x2066u32..0x206a, Just(0x61cu32)]) {
            let c = char::from_u32(code).expect("a character");
            prop_assert!(is_harmful(c));
        }
    }
}
