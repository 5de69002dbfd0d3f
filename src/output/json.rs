use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::iter::Peekable;

use serde::Serialize;

use crate::term::{Palette, Role, Term, escape_commands_in_json, is_harmful};

/// The layout of JSON on standard output: in a pipe compact, exactly as serde
/// wrote it; on a terminal indented, coloured and without control characters.
/// Without colour it is always valid JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    indented: bool,
    /// Whether the GitHub Actions runner reads it and must not find a workflow
    /// command.
    for_log: bool,
    palette: Palette,
}

/// The deepest indentation. Without a limit, the output for a deeply nested
/// payload would grow with the square of its depth.
const DEEPEST_INDENT: usize = 40;

impl Look {
    pub(super) fn of(term: &Term) -> Self {
        Self {
            indented: term.stdout_is_tty(),
            for_log: term.in_actions(),
            palette: Palette::new(term.palette().color(), false),
        }
    }

    /// One line, also on a terminal.
    pub(super) fn on_one_line(self) -> Self {
        Self {
            indented: false,
            ..self
        }
    }

    pub(super) fn is_plain(self) -> bool {
        !self.indented && !self.palette.color()
    }

    /// Lays out valid JSON, indented by `depth` levels.
    pub(super) fn apply(self, json: &str, depth: usize) -> Cow<'_, str> {
        let json = if self.for_log {
            escape_commands_in_json(json)
        } else {
            json.into()
        };
        if self.is_plain() {
            return json;
        }
        let mut pretty = String::with_capacity(json.len() * 2);
        self.write(&json, depth, &mut pretty);
        pretty.into()
    }

    /// Adds a line break and the indentation, if JSON is indented.
    pub(super) fn push_break(self, depth: usize, text: &mut String) {
        if self.indented {
            text.push('\n');
            for _ in 0..depth.min(DEEPEST_INDENT) {
                text.push_str("  ");
            }
        }
    }

    fn write(self, json: &str, depth: usize, text: &mut String) {
        let mut depth = depth;
        let mut tokens = Tokens { rest: json }.peekable();
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(bracket) => {
                    self.push(Role::JsonDim, bracket, text);
                    if let Some(Token::Close(bracket)) = tokens.peek() {
                        self.push(Role::JsonDim, bracket, text);
                        tokens.next();
                    } else {
                        depth += 1;
                        self.push_break(depth, text);
                    }
                }
                Token::Close(bracket) => {
                    depth = depth.saturating_sub(1);
                    self.push_break(depth, text);
                    self.push(Role::JsonDim, bracket, text);
                }
                Token::Comma => {
                    self.push(Role::JsonDim, ",", text);
                    self.push_break(depth, text);
                }
                Token::Colon => {
                    self.push(Role::JsonDim, ":", text);
                    if self.indented {
                        text.push(' ');
                    }
                }
                Token::String(string) => {
                    let role = string_role(&mut tokens);
                    self.push(role, &harmless(string), text);
                }
                Token::Scalar("null") => self.push(Role::JsonDim, "null", text),
                Token::Scalar(scalar) => self.push(Role::JsonValue, scalar, text),
            }
        }
    }

    fn push(self, role: Role, token: &str, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{}", self.palette.paint(role, token));
    }
}

fn string_role(tokens: &mut Peekable<Tokens<'_>>) -> Role {
    if matches!(tokens.peek(), Some(Token::Colon)) {
        Role::JsonKey
    } else {
        Role::JsonString
    }
}

/// Writes the JSON of `value` and a line break to standard output.
pub(crate) fn write_json<T: Serialize + ?Sized>(term: &Term, value: &T) -> io::Result<()> {
    let json = serde_json::to_string(value)?;
    let mut out = term.out();
    writeln!(out, "{}", Look::of(term).apply(&json, 0))?;
    out.finish()
}

/// Writes the JSON of an error as one line to standard error. Control
/// characters are escaped; the value stays the same.
pub(crate) fn write_json_error<T: Serialize + ?Sized>(
    term: &Term,
    value: &T,
) -> serde_json::Result<()> {
    let json = serde_json::to_string(value)?;
    let line = harmless(&json);
    let line = if term.in_actions() {
        escape_commands_in_json(&line)
    } else {
        line
    };
    term.error_lines([line.as_ref()]);
    Ok(())
}

/// Writes characters that have an effect on a terminal as `\uXXXX`.
pub(super) fn harmless(json: &str) -> Cow<'_, str> {
    let Some(first) = json.find(is_harmful) else {
        return json.into();
    };
    let mut safe = String::with_capacity(json.len() + 16);
    safe.push_str(&json[..first]);
    for c in json[first..].chars() {
        if is_harmful(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe.into()
}

/// The deepest nesting of arrays and objects in `json`.
pub(super) fn depth(json: &str) -> usize {
    let mut depth: usize = 0;
    let mut deepest = 0;
    for token in (Tokens { rest: json }) {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Applies `change` to the content of each string in `json`, keys included.
pub(super) fn map_strings(
    json: &str,
    change: impl Fn(&str) -> String,
) -> serde_json::Result<String> {
    let mut mapped = String::with_capacity(json.len());
    for token in (Tokens { rest: json }) {
        match token {
            Token::String(string) => {
                let text: String = serde_json::from_str(string)?;
                mapped.push_str(&serde_json::to_string(&change(&text))?);
            }
            Token::Open(text) | Token::Close(text) | Token::Scalar(text) => mapped.push_str(text),
            Token::Comma => mapped.push(','),
            Token::Colon => mapped.push(':'),
        }
    }
    Ok(mapped)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Open(&'a str),
    Close(&'a str),
    Comma,
    Colon,
    /// With quotes and escapes as in the source.
    String(&'a str),
    Scalar(&'a str),
}

/// The tokens of valid JSON, exactly as written.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let first = self.rest.bytes().next()?;
        let length = match first {
            b'"' => string_length(self.rest),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => self
                .rest
                .find([',', ':', ']', '}', ' ', '\t', '\n', '\r'])
                .unwrap_or(self.rest.len()),
        };
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(match first {
            b'"' => Token::String(text),
            b'{' | b'[' => Token::Open(text),
            b'}' | b']' => Token::Close(text),
            b',' => Token::Comma,
            b':' => Token::Colon,
            _ => Token::Scalar(text),
        })
    }
}

/// The length of the string at the start of `rest`, in bytes, including the
/// quotes.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::term::capture;

    const INDENTED: Look = Look {
        indented: true,
        for_log: false,
        palette: Palette::PLAIN,
    };
    const COMPACT: Look = Look {
        indented: false,
        for_log: false,
        palette: Palette::PLAIN,
    };

    #[test]
    fn it_is_indented_and_numbers_are_left_alone() {
        let json =
            r#"{"id":5584461344,"n":[1.10,1E400,-0.0],"none":[],"nothing":{},"a":{"b":null}}"#;
        let pretty = r#"{
  "id": 5584461344,
  "n": [
    1.10,
    1E400,
    -0.0
  ],
  "none": [],
  "nothing": {},
  "a": {
    "b": null
  }
}"#;
        assert_eq!(INDENTED.apply(json, 0), pretty);
        assert_eq!(COMPACT.apply(json, 0), json);
    }

    #[test]
    fn keys_and_values_are_distinguished_by_colour() {
        let look = Look {
            indented: false,
            for_log: false,
            palette: Palette::new(true, false),
        };
        let painted = look.apply(r#"{"k":"v","n":null}"#, 0);
        assert_eq!(
            painted,
            "\x1b[2m{\x1b[0m\x1b[1m\x1b[34m\"k\"\x1b[0m\x1b[2m:\x1b[0m\x1b[32m\"v\"\x1b[0m\x1b[2m,\x1b[0m\
             \x1b[1m\x1b[34m\"n\"\x1b[0m\x1b[2m:\x1b[0m\x1b[2mnull\x1b[0m\x1b[2m}\x1b[0m"
        );
    }

    #[test]
    fn a_pipe_gets_every_byte_and_a_terminal_none_that_harms() {
        let value = json!({ "a": "x\u{202e}y\u{9b}31m\u{7f}\u{e0041}\u{1b}" });
        let (term, out, _) = capture::piped();
        write_json(&term, &value).expect("written");
        assert_eq!(out.text(), format!("{value}\n"));

        let (term, out, _) = capture::tty(80, false);
        write_json(&term, &value).expect("written");
        assert_eq!(
            out.text(),
            "{\n  \"a\": \"x\\u202ey\\u009b31m\\u007f\\udb40\\udc41\\u001b\"\n}\n"
        );
        assert_eq!(
            serde_json::from_str::<Value>(&out.text()).expect("valid"),
            value
        );
    }

    #[test]
    fn an_error_is_one_line_of_json_on_standard_error() {
        let (term, out, err) = capture::tty(80, true);
        let value = json!({ "error": { "message": "a\n\u{202e}b" } });
        write_json_error(&term, &value).expect("serializes");
        assert_eq!(err.text(), "{\"error\":{\"message\":\"a\\n\\u202eb\"}}\n");
        assert_eq!(out.text(), "");
    }

    #[test]
    fn endless_nesting_stays_small() {
        let levels = 20_000;
        let json = format!(
            "{}{}",
            "[1,".repeat(levels),
            "0".to_owned() + &"]".repeat(levels)
        );
        assert!(INDENTED.apply(&json, 0).len() < levels * 4 * 2 * DEEPEST_INDENT);
        assert_eq!(depth(&json), levels);
        assert_eq!(depth(r#"{"a":"[[[[","b":[1]}"#), 2);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn pretty_json_is_the_same_value(value in any_json()) {
            let json = value.to_string();
            let pretty = INDENTED.apply(&json, 0);
            prop_assert_eq!(serde_json::from_str::<Value>(&pretty).expect("valid"), value.clone());
            prop_assert!(!pretty.chars().any(|c| c != '\n' && is_harmful(c)));
            // Indented JSON stays the same.
            let twice = INDENTED.apply(&pretty, 0);
            prop_assert_eq!(&twice, &pretty);
            let plain = serde_json::to_string_pretty(&value).expect("serializes");
            prop_assert_eq!(pretty, harmless_lines(&plain));
        }

        #[test]
        fn harmless_json_is_the_same_value(value in any_json()) {
            let safe = harmless(&value.to_string()).into_owned();
            prop_assert!(!safe.chars().any(is_harmful));
            prop_assert_eq!(serde_json::from_str::<Value>(&safe).expect("valid"), value);
        }

        #[test]
        fn strings_left_as_they_are_change_nothing(value in any_json()) {
            let json = value.to_string();
            prop_assert_eq!(map_strings(&json, str::to_owned).expect("valid"), json);
        }
    }

    fn harmless_lines(text: &str) -> String {
        text.split('\n')
            .map(harmless)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
