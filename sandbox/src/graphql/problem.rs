//! The errors of GraphQL fields.

use async_graphql::Error;

use crate::http::SSO_MESSAGE;
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

/// The name, in an error's extensions, of the value that is moved to its top
/// level.
pub(super) const KIND: &str = "type";

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

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let is_sso = problem.message == SSO_MESSAGE;
        let mut error = Self::new(problem.message);
        let extensions = error.extensions.get_or_insert_default();
        if !problem.kind.is_empty() {
            extensions.set(KIND, problem.kind);
        }
        if problem.kind == "FORBIDDEN" {
            extensions.set("saml_failure", is_sso);
        }
        error
    }
}
