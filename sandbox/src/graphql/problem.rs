//! The errors of GraphQL fields.

use crate::rules::Failure;

/// An error of a field. Its kind is at the top level of the error in the answer
/// (<https://docs.github.com/graphql/guides/using-graphql-clients>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// GitHub's error type; empty if it has none.
    pub(super) kind: &'static str,
    pub(super) message: String,
}

/// The result of resolving a field.
pub(super) type Result<T> = std::result::Result<T, Problem>;

/// What the library says before the text of a field's error.
const RESOLVER_ERROR: &str = "resolver error: ";

impl Problem {
    /// A problem of a kind.
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// No node has this id.
    pub(super) fn no_node(id: &str) -> Self {
        let message = format!("Could not resolve to a node with the global id of '{id}'.");
        Self::new("NOT_FOUND", message)
    }

    /// No node of this type has this id.
    pub(super) fn no_node_of(kind: &str, id: &str) -> Self {
        let message = format!("Could not resolve to {kind} node with the global id of '{id}'.");
        Self::new("NOT_FOUND", message)
    }

    /// The problem in one text, since that is all of an error that the library
    /// hands on.
    pub(super) fn encode(&self) -> String {
        format!("{}: {}", self.kind, self.message)
    }

    /// The message of an answer's error about this problem.
    pub(super) fn error_message(&self) -> String {
        format!("{RESOLVER_ERROR}{}", self.encode())
    }

    /// The kind and the message of an answer's error; an error of the library
    /// itself has no kind.
    pub(super) fn decode(message: &str) -> (&str, &str) {
        let own = message.strip_prefix(RESOLVER_ERROR);
        own.and_then(|text| text.split_once(": "))
            .unwrap_or(("", message))
    }

    /// The sandbox itself failed.
    pub(super) fn internal(why: &str) -> Self {
        // GitHub does not show the cause, but the user of a sandbox needs it.
        let message = format!("Something went wrong while executing your query: {why}");
        Self::new("", message)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match &failure {
            Failure::NotFound => Self::new("NOT_FOUND", "Could not resolve to a node."),
            Failure::Forbidden(message) => Self::new("FORBIDDEN", *message),
            Failure::Internal(why) => Self::internal(why),
            _ => Self::new("UNPROCESSABLE", failure.detail()),
        }
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Failure::from(error).into()
    }
}
