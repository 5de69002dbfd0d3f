use serde::{Deserialize, Serialize};

use super::RawJson;

/// The payload of a deployment: a JSON object or string, which GitHub returns
/// as it was sent.
///
/// JSON inside a string remains a string. See
/// <https://docs.github.com/rest/deployments/deployments#create-a-deployment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload(RawJson);

impl Payload {
    /// A payload from JSON.
    pub fn new(json: RawJson) -> Self {
        Self(json)
    }

    /// The payload's JSON, as it was sent.
    pub fn as_json(&self) -> &RawJson {
        &self.0
    }

    /// Whether the payload is `{}`, `""` or `null`.
    pub fn is_empty(&self) -> bool {
        matches!(self.0.as_str(), "{}" | "\"\"" | "null")
    }
}

impl Default for Payload {
    fn default() -> Self {
        Self(RawJson::null())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(text: &str) -> Payload {
        serde_json::from_str(text).expect("valid JSON")
    }

    #[test]
    fn a_string_stays_a_string_and_an_object_an_object() {
        for text in [r#"{"a":1}"#, r#""{\"a\":1}""#, "\"plain\"", "{}"] {
            let back = serde_json::to_string(&payload(text)).expect("serializes");
            assert_eq!(back, text);
        }
        assert!(payload("{}").as_json().is_object());
        assert_eq!(
            payload(r#""{\"a\":1}""#).as_json().as_text().as_deref(),
            Some(r#"{"a":1}"#)
        );
    }

    #[test]
    fn nothing_in_it_is_empty() {
        assert!(Payload::default().is_empty());
        assert!(payload("\"\"").is_empty());
        assert!(!payload("[]").is_empty());
    }
}
