//! Why a rule said no.

use crate::git::GitError;

/// What kept an operation from being done. REST and GraphQL each have their
/// own way to say it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such thing (or none that the caller may see).
    NotFound,
    /// The repository has no commits.
    EmptyRepository,
    /// The request does not fit the operation's schema; the sentences say how.
    Schema(String),
    /// A field has a value that cannot be taken.
    Invalid {
        /// GitHub's name for the kind of thing, such as `DeploymentStatus`.
        resource: &'static str,
        /// The field; empty if it is about the whole.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The request is understood, and against the rules.
    Refused(&'static str),
    /// There is one of that name already.
    Exists(&'static str),
    /// The ref to deploy does not exist.
    NoRef(String),
    /// The default branch cannot be merged into the ref.
    MergeConflict {
        /// The default branch.
        base: String,
        /// The ref as it was sent.
        head: String,
    },
    /// Not all required contexts are green.
    ContextsFailed {
        /// The ref as it was sent.
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
    /// The name.
    pub(crate) context: String,
    /// The state; `expected` where nothing was reported, which is how
    /// GraphQL's `StatusState` calls it.
    pub(crate) state: &'static str,
}

impl Failure {
    /// What GitHub says, in one line, apart from lists of errors.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NotFound => "Not Found".to_owned(),
            Self::EmptyRepository => "Git Repository is empty.".to_owned(),
            Self::Schema(sentences) => format!("Invalid request.\n\n{sentences}"),
            Self::Invalid { .. } | Self::Refused(_) => "Validation Failed".to_owned(),
            Self::Exists(message) => (*message).to_owned(),
            Self::NoRef(reference) => format!("No ref found for: {reference}"),
            Self::MergeConflict { base, head } => format!("Conflict merging {base} into {head}."),
            Self::ContextsFailed { reference, .. } => {
                format!("Conflict: Commit status checks failed for {reference}.")
            }
            Self::Internal(_) => "Server Error".to_owned(),
        }
    }

    /// The most telling words there are about it, for where there is one line.
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
