//! The JSON body of a write, field by field, with GitHub's complaints.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::reply::{Reply, refusal};
use crate::failure::Failure;

/// The fields of a body, and the problems found in them so far.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    raw: BTreeMap<String, &'a RawValue>,
    complaints: Vec<String>,
}

impl<'a> Fields<'a> {
    /// Reads a body that is a JSON object; an empty body is an empty object.
    pub(crate) fn read(body: &'a [u8], docs: &str) -> Result<Self, Box<Reply>> {
        let mut raw = BTreeMap::new();
        if !body.trim_ascii().is_empty() {
            let bad = |message| Box::new(refusal(400, message, docs));
            // Parsing into values finds errors that raw text would hide: lone
            // surrogates, numbers out of range, endless nesting.
            match serde_json::from_slice::<Value>(body) {
                Ok(Value::Object(_)) => {}
                Ok(_) => return Err(bad("Body should be a JSON object")),
                Err(_) => return Err(bad("Problems parsing JSON")),
            }
            raw = serde_json::from_slice(body).map_err(|_| bad("Problems parsing JSON"))?;
        }
        Ok(Self {
            raw,
            complaints: Vec::new(),
        })
    }

    fn typed<T>(
        &mut self,
        name: &str,
        kind: &str,
        convert: impl FnOnce(Value) -> Option<T>,
    ) -> Option<T> {
        let raw = self.raw.get(name)?;
        let converted = serde_json::from_str(raw.get()).ok().and_then(convert);
        if converted.is_none() {
            let shown = if raw.get() == "null" {
                "nil"
            } else {
                raw.get()
            };
            self.complaints
                .push(format!("For 'properties/{name}', {shown} is not {kind}."));
        }
        converted
    }

    /// Whether the body has a field, `null` or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw.contains_key(name)
    }

    /// A string that may be left out.
    pub(crate) fn string(&mut self, name: &str) -> Option<String> {
        self.typed(name, "a string", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    /// A string that may be left out or `null`.
    pub(crate) fn nullable_string(&mut self, name: &str) -> Option<String> {
        if self.raw.get(name).is_some_and(|raw| raw.get() == "null") {
            return None;
        }
        self.string(name)
    }

    /// A string that must be there; empty after a complaint.
    pub(crate) fn required_string(&mut self, name: &str) -> String {
        if !self.raw.contains_key(name) {
            self.complaints.push(format!("\"{name}\" wasn't supplied."));
        }
        self.string(name).unwrap_or_default()
    }

    /// A truth value that may be left out.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.typed(name, "a boolean", |value| value.as_bool())
    }

    /// A whole number that may be left out.
    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        self.typed(name, "an integer", |value| value.as_i64())
    }

    /// An object or a list of some form that may be left out; `null` is the
    /// same as left out.
    pub(crate) fn nullable<T: DeserializeOwned>(&mut self, name: &str, kind: &str) -> Option<T> {
        if self.raw.get(name).is_some_and(|raw| raw.get() == "null") {
            return None;
        }
        self.typed(name, kind, |value| serde_json::from_value(value).ok())
    }

    /// Reports every field that is not in this list.
    pub(crate) fn only(&mut self, known: &[&str]) {
        let unknown = self
            .raw
            .keys()
            .filter(|name| !known.contains(&name.as_str()));
        let complaints = unknown.map(|name| format!("\"{name}\" is not a permitted key."));
        self.complaints.extend(complaints);
    }

    /// Reports a problem that concerns more than one field.
    pub(crate) fn complain(&mut self, sentence: &str) {
        self.complaints.push(sentence.to_owned());
    }

    /// A list of strings that may be left out.
    pub(crate) fn strings(&mut self, name: &str) -> Option<Vec<String>> {
        self.typed(name, "an array of strings", |value| {
            serde_json::from_value(value).ok()
        })
    }

    /// The original JSON text of an object or a string that may be left out.
    pub(crate) fn object_or_string(&mut self, name: &str) -> Option<String> {
        let text = self.raw.get(name)?.get();
        if text.starts_with(['{', '"']) {
            return Some(text.to_owned());
        }
        self.complaints
            .push("No subschema in \"oneOf\" matched.".to_owned());
        self.typed(name, "an object", |_| None)
    }

    /// Ends the reading: all complaints at once, if there are any.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.complaints.is_empty() {
            Ok(())
        } else {
            Err(Failure::Schema(self.complaints.join("\n")))
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Fields;

    #[test]
    fn values_are_taken_as_they_were_sent() {
        let body = br#"{"a":"x","b":true,"c":["y"],"d":{"n":1.10, "big":12345678901234567890123},"e":null}"#;
        let mut fields = Fields::read(body, "").unwrap();
        assert_eq!(fields.string("a").as_deref(), Some("x"));
        assert_eq!(fields.boolean("b"), Some(true));
        assert_eq!(fields.strings("c"), Some(vec!["y".to_owned()]));
        let payload = fields.object_or_string("d").unwrap();
        assert_eq!(payload, r#"{"n":1.10, "big":12345678901234567890123}"#);
        assert_eq!(fields.nullable_string("e"), None);
        assert_eq!(fields.string("f"), None);
        fields.finish().unwrap();
    }

    #[test]
    fn complaints_are_githubs() {
        let body = br#"{"a":1,"b":"yes","c":[1],"d":[2],"e":null}"#;
        let mut fields = Fields::read(body, "").unwrap();
        fields.required_string("ref");
        fields.string("a");
        fields.boolean("b");
        fields.strings("c");
        fields.object_or_string("d");
        fields.string("e");
        assert_eq!(
            fields.finish().unwrap_err().message(),
            "Invalid request.\n\n\"ref\" wasn't supplied.\n\
             For 'properties/a', 1 is not a string.\n\
             For 'properties/b', \"yes\" is not a boolean.\n\
             For 'properties/c', [1] is not an array of strings.\n\
             No subschema in \"oneOf\" matched.\n\
             For 'properties/d', [2] is not an object.\n\
             For 'properties/e', nil is not a string."
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let message = |body: &[u8]| {
            let reply = Fields::read(body, "").unwrap_err();
            let value: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
            (
                reply.status.as_u16(),
                value["message"].as_str().unwrap().to_owned(),
            )
        };
        let deep = [b"{\"a\":".to_vec(), b"[".repeat(100_000)].concat();
        for body in [&b"{"[..], b"{\"a\":\"\\ud800\"}", b"\xff", b"{}x", &deep] {
            assert_eq!(message(body), (400, "Problems parsing JSON".to_owned()));
        }
        assert_eq!(
            message(b"[]"),
            (400, "Body should be a JSON object".to_owned())
        );
        Fields::read(b" ", "").unwrap().finish().unwrap();
    }
}
