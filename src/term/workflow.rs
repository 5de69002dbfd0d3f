use std::borrow::Cow;

/// The level of a GitHub Actions annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Error,
    Warning,
}

/// The workflow command that adds an annotation with `message` to the run.
/// Nothing in the message can end the command or start another.
///
/// See <https://docs.github.com/actions/reference/workflow-commands>.
pub(super) fn annotation(level: Level, title: &str, message: &str) -> String {
    let word = match level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let title = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{word} title={title}::{}", data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes workflow commands in a text of one or more lines with a backslash:
/// `::` at the start of a line, after any spaces, and the older `##[` anywhere.
pub(super) fn escape_commands(text: &str) -> Cow<'_, str> {
    let begins = |line: &str| line.trim_start().starts_with("::");
    if !text.contains("##[") && !text.lines().any(begins) {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.replace("##[", r"##\[");
        if begins(&line) {
            line.replacen("::", r"\::", 1)
        } else {
            line
        }
    });
    Cow::Owned(lines.collect())
}

/// Escapes workflow commands in JSON without changing its value. Outside
/// strings, JSON has no `#` and no line that starts with a colon.
pub(crate) fn escape_commands_in_json(json: &str) -> Cow<'_, str> {
    if json.contains("##[") {
        Cow::Owned(json.replace("##[", r"##\u005b"))
    } else {
        Cow::Borrowed(json)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the runner treats the line as a command.
    fn is_command(line: &str) -> bool {
        line.trim().starts_with("::") || line.contains("##[")
    }

    #[test]
    fn a_message_stays_one_command() {
        assert_eq!(
            annotation(Level::Error, "deployctl: a, b", "100%\n::warning::x\r"),
            "::error title=deployctl%3A a%2C b::100%25%0A::warning::x%0D"
        );
    }

    #[test]
    fn commands_are_broken_and_nothing_else() {
        for (text, shown) in [
            ("::error::x", r"\::error::x"),
            ("  ::add-mask::x\nb", "  \\::add-mask::x\nb"),
            ("a ##[stop-commands]x", r"a ##\[stop-commands]x"),
            ("a::b ## [x] ##", "a::b ## [x] ##"),
        ] {
            assert_eq!(escape_commands(text), shown);
        }
        assert_eq!(
            escape_commands_in_json(r###"{"a":"##[x]"}"###),
            r###"{"a":"##\u005bx]"}"###
        );
    }

    proptest! {
        #[test]
        fn no_line_is_a_command(text in r"([ \t:#\[\\a\n]|::|##\[){0,20}") {
            let safe = escape_commands(&text);
            prop_assert!(!safe.lines().any(is_command), "{safe:?}");
        }

        #[test]
        fn json_says_the_same(text in r"[#\[\\a:]{0,20}") {
            let json = serde_json::to_string(&text).expect("JSON");
            let safe = escape_commands_in_json(&json);
            prop_assert!(!is_command(&safe));
            prop_assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), text);
        }
    }
}
