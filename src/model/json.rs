use std::fmt;

use memchr::memchr2;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

/// A JSON value kept as it was sent, except for white space between tokens:
/// numbers keep all digits, objects keep their order and duplicate keys.
#[derive(Clone, Debug)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Parses a text that is one JSON value.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// `null`.
    pub fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// Serializes `value`.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// The JSON text, without white space between tokens.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value as a string, if it is a JSON string.
    pub fn as_text(&self) -> Option<String> {
        serde_json::from_str(self.as_str()).ok()
    }

    /// How deeply arrays and objects are nested; 0 for other values.
    pub fn depth(&self) -> usize {
        let (mut depth, mut deepest) = (0_usize, 0);
        let (mut in_string, mut escaped) = (false, false);
        for byte in self.as_str().bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'[' | b'{' if !in_string => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        deepest
    }

    /// Whether the value is a JSON object.
    pub fn is_object(&self) -> bool {
        self.as_str().starts_with('{')
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawJson {}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get().as_bytes();
        if memchr2(b' ', b'\n', text).is_none() && memchr2(b'\t', b'\r', text).is_none() {
            return Ok(Self(raw));
        }
        RawValue::from_string(without_white_space(raw.get()))
            .map(Self)
            .map_err(de::Error::custom)
    }
}

/// Each line of output has one object, so line breaks between tokens must be
/// removed.
fn without_white_space(json: &str) -> String {
    let mut in_string = false;
    let mut escaped = false;
    json.chars()
        .filter(|&c| {
            if in_string {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => in_string = false,
                    _ => {}
                }
                return true;
            }
            in_string = c == '"';
            !c.is_ascii_whitespace()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn kept(text: &str) -> String {
        RawJson::parse(text).expect("valid JSON").to_string()
    }

    #[test]
    fn digits_order_and_repeated_keys_are_kept() {
        for text in [
            "12345678901234567890123456789",
            "1.10",
            "1E400",
            r#"{"b":1,"a":2,"b":3}"#,
            r#""a \" b""#,
        ] {
            assert_eq!(kept(text), text);
        }
    }

    #[test]
    fn depth_counts_what_is_open_outside_of_strings() {
        for (text, depth) in [
            ("1", 0),
            ("\"[[[\"", 0),
            ("{}", 1),
            (r#"{"a":[{"b\"}":[]}],"c":{}}"#, 4),
        ] {
            assert_eq!(
                RawJson::parse(text).expect("valid JSON").depth(),
                depth,
                "{text}"
            );
        }
    }

    #[test]
    fn white_space_goes_between_tokens_only() {
        assert_eq!(
            kept("{\n  \"a b\" : [ 1,\t2 ],\r\n \"c\\\\\" : \" \\\" \" }"),
            r#"{"a b":[1,2],"c\\":" \" "}"#
        );
    }

    proptest! {
        #[test]
        fn indented_json_is_the_same_value(text in "\\PC*", number in any::<i64>()) {
            let value = serde_json::json!({ &text: [number, text, { "x": null }] });
            let indented = serde_json::to_string_pretty(&value).expect("serializes");
            let raw = RawJson::parse(&indented).expect("valid JSON");
            prop_assert_eq!(raw.as_str(), value.to_string());
            prop_assert_eq!(serde_json::from_str::<Value>(raw.as_str()).expect("valid"), value);
        }
    }
}
