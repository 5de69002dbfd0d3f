use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The variables of a GraphQL query that is made of parts.
#[derive(Default)]
pub(super) struct QueryVariables {
    declared: String,
    values: Map<String, Value>,
}

impl QueryVariables {
    /// Declares a variable and sets its value.
    pub(super) fn declare(&mut self, name: &str, kind: &str, value: impl Into<Value>) {
        let separator = if self.declared.is_empty() { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(self.declared, "{separator}${name}:{kind}");
        self.values.insert(name.to_owned(), value.into());
    }

    /// The declarations, as in `$owner:String!,$name:String!`.
    pub(super) fn declared(&self) -> &str {
        &self.declared
    }

    pub(super) fn into_values(self) -> Value {
        Value::Object(self.values)
    }
}
