use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Info,
    Warn,
    Error,
}

impl Level {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// One line of the log. Values may contain untrusted text, which the writer of the
/// log has to make harmless.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogLine {
    pub time: Timestamp,
    pub level: Level,
    /// What happened: a fixed text.
    pub event: &'static str,
    /// Details, in order.
    pub fields: Map<String, Value>,
}

impl LogLine {
    /// Says how many lines could not be written.
    pub(crate) fn for_dropped(count: u64) -> Self {
        Self {
            time: Timestamp::now(),
            level: Level::Warn,
            event: "log lines were dropped because nothing reads them",
            fields: Map::from_iter([("count".to_owned(), count.into())]),
        }
    }

    /// The line as one JSON object in ASCII, so that no character in it can affect a
    /// terminal.
    pub(crate) fn to_json(&self) -> String {
        let mut object = Map::new();
        object.insert("time".to_owned(), self.time.to_string().into());
        object.insert("level".to_owned(), self.level.as_str().into());
        object.insert("event".to_owned(), self.event.into());
        for (name, value) in &self.fields {
            object.insert(name.clone(), value.clone());
        }
        let mut ascii = String::new();
        for c in Value::Object(object).to_string().chars() {
            if c.is_ascii() && !c.is_ascii_control() {
                ascii.push(c);
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    ascii.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
        ascii
    }
}

/// The line for people: `2026-01-02T03:04:05Z info deployment received id=7`.
impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time.round(jiff::Unit::Second).unwrap_or(self.time);
        write!(f, "{time} {} {}", self.level.as_str(), self.event)?;
        for (name, value) in &self.fields {
            match value {
                Value::String(text) if is_plain(text) => write!(f, " {name}={text}")?,
                other => write!(f, " {name}={other}")?,
            }
        }
        Ok(())
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && c != '"' && c != '=')
}

/// Passes lines to a writer.
#[derive(Clone)]
pub(crate) struct Log(Arc<dyn Fn(&LogLine) + Send + Sync>);

impl Log {
    pub(crate) fn new(write: impl Fn(&LogLine) + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    pub(crate) fn info(&self, event: &'static str, fields: Value) {
        self.line(Level::Info, event, fields);
    }

    pub(crate) fn warn(&self, event: &'static str, fields: Value) {
        self.line(Level::Warn, event, fields);
    }

    pub(crate) fn error(&self, event: &'static str, fields: Value) {
        self.line(Level::Error, event, fields);
    }

    fn line(&self, level: Level, event: &'static str, fields: Value) {
        let fields = match fields {
            Value::Object(mut fields) => {
                fields.retain(|_, value| !value.is_null());
                fields
            }
            _ => Map::new(),
        };
        (self.0)(&LogLine {
            time: Timestamp::now(),
            level,
            event,
            fields,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn line(fields: Value) -> LogLine {
        let Value::Object(fields) = fields else {
            panic!("an object");
        };
        LogLine {
            time: Timestamp::from_second(1_767_323_045).expect("in range"),
            level: Level::Warn,
            event: "delivery refused",
            fields,
        }
    }

    #[test]
    fn a_line_is_for_people_or_for_programs() {
        let line = line(json!({"reason": "no signature", "size": 7, "peer": "127.0.0.1:1"}));
        assert_eq!(
            line.to_string(),
            "2026-01-02T03:04:05Z warn delivery refused reason=\"no signature\" size=7 peer=127.0.0.1:1"
        );
        assert_eq!(
            line.to_json(),
            r#"{"time":"2026-01-02T03:04:05Z","level":"warn","event":"delivery refused","reason":"no signature","size":7,"peer":"127.0.0.1:1"}"#
        );
    }

    proptest! {
        #[test]
        fn any_text_stays_one_line_of_ascii_json(text in any::<String>()) {
            let line = line(json!({"text": &text}));
            let json = line.to_json();
            prop_assert!(json.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
            let back: Value = serde_json::from_str(&json).expect("JSON");
            prop_assert_eq!(back["text"].as_str(), Some(text.as_str()));
            prop_assert!(!line.to_string().contains('\n'));
        }
    }
}
