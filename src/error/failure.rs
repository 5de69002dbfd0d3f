use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::kind::Kind;

/// Why a command failed: a message and hints for people, fields for scripts.
#[derive(Debug)]
pub struct Failure(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    exit_code: Option<u8>,
    message: String,
    lines: Vec<String>,
    hints: Vec<String>,
    details: Map<String, Value>,
}

impl Failure {
    /// The message has no full stop.
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            exit_code: None,
            message: message.into(),
            lines: Vec::new(),
            hints: Vec::new(),
            details: Map::new(),
        }))
    }

    /// Adds lines below the message, such as a table.
    #[must_use]
    pub(crate) fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.0.lines.extend(lines);
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    #[must_use]
    pub(crate) fn with_hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.0.hints.extend(hints);
        self
    }

    /// Adds a field for scripts. A value that cannot be serialized is omitted.
    #[must_use]
    pub(crate) fn detail(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.0.details.insert(name.to_owned(), value);
        }
        self
    }

    /// Replaces the exit code of the kind by that of a command that was run.
    #[must_use]
    pub(crate) fn exit(mut self, code: u8) -> Self {
        self.0.exit_code = Some(code);
        self
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.0.exit_code.unwrap_or(self.0.kind.exit_code())
    }

    /// The kind, which decides the exit code.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// The lines below the message. Each is one line and may contain text from
    /// the server.
    pub(crate) fn below(&self) -> &[String] {
        &self.0.lines
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.0.hints
    }

    /// The failure as `--json` prints it.
    pub fn to_json(&self) -> Value {
        let mut error = json!({
            "code": self.0.kind.code(),
            "message": self.0.message,
            "exit_code": self.exit_code(),
        });
        if let Some(object) = error.as_object_mut() {
            if !self.0.hints.is_empty() {
                object.insert("hint".to_owned(), self.0.hints.join("\n").into());
            }
            object.extend(self.0.details.clone());
        }
        json!({ "error": error })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_code_message_hint_and_details() {
        let failure = Failure::new(Kind::ChecksNotGreen, "not green")
            .hint("wait")
            .hint("or skip")
            .detail("status", 409);
        let json = failure.to_json();
        assert_eq!(
            json,
            json!({"error": {
                "code": "checks_not_green",
                "message": "not green",
                "exit_code": 6,
                "hint": "wait\nor skip",
                "status": 409,
            }})
        );
    }
}
