//! The reasons for which a rule refuses an operation.

use crate::git::GitError;

/// The reason why an operation was not performed. REST and GraphQL each render
/// it in their own way.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The thing does not exist, or the caller may not see it.
    NotFound,
    /// The repository has no commits.
    EmptyRepository,
    /// The request does not match the operation's schema; the sentences say
    /// why.
    Schema(String),
    /// A field has a value that is not accepted.
    Invalid {
        /// GitHub's name for the kind of thing, such as `DeploymentStatus`.
        resource: &'static str,
        /// The field; empty if it is about the whole.
        field: &'static str,
        message: String,
    },
    /// The request is understood, and against the rules.
    Refused(&'static str),
    /// There is one of that name already.
    Exists(&'static str),
    /// The caller may not do it.
    Forbidden(&'static str),
    /// The ref to deploy does not exist.
    NoRef(String),
    /// The default branch cannot be merged into the ref.
    MergeConflict {
        base: String,
        /// The ref as the client sent it.
        head: String,
    },
    /// Not all required contexts are green.
    ContextsFailed {
        /// The ref as the client sent it.
        reference: String,
        /// All contexts of the commit, and the required ones that it lacks.
        contexts: Vec<ContextState>,
    },
    /// The sandbox itself failed.
    Internal(String),
}

/// A context and its state, as a refusal lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContextState {
    pub(crate) context: String,
    /// The state; `expected` where nothing was reported, which is how
    /// GraphQL's `StatusState` calls it.
    pub(crate) state: &'static str,
}

impl Failure {
    /// GitHub's message in one line, without the list of errors.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NotFound => "Not Found".to_owned(),
            Self::EmptyRepository => "Git Repository is empty.".to_owned(),
            Self::Schema(sentences) => format!("Invalid request.\n\n{sentences}"),
            Self::Invalid { .. } | Self::Refused(_) => "Validation Failed".to_owned(),
            Self::Exists(message) | Self::Forbidden(message) => (*message).to_owned(),
            Self::NoRef(reference) => format!("No ref found for: {reference}"),
            Self::MergeConflict { base, head } => format!("Conflict merging {base} into {head}."),
            Self::ContextsFailed { reference, .. } => {
                format!("Conflict: Commit status checks failed for {reference}.")
            }
            Self::Internal(_) => "Server Error".to_owned(),
        }
    }

    /// The most specific message in one line.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Invalid { message, .. } | Self::Internal(message) => message.clone(),
            Self::Refused(message) => (*message).to_owned(),
            _ => self.message(),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Internal(format!("database: {error}"))
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Internal(error.to_string())
    }
}
