use super::GitError;

/// The ref that is deployed without `--ref`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DefaultRef {
    pub name: String,
    /// The commit that the ref points to locally.
    pub sha: String,
    /// What the user should know about the choice.
    pub note: Option<String>,
}

/// There is no ref to deploy without `--ref`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RefError {
    #[error("HEAD is detached, so there is no current branch to deploy")]
    Detached,
    #[error("the branch {0} has no commit yet")]
    Unborn(String),
    #[error("the branch {0} has not been pushed")]
    NotPushed(String),
    #[error("the branch {branch} and {remote} are at different commits")]
    Differs {
        branch: String,
        /// The short name of the remote-tracking ref.
        remote: String,
    },
    #[error("the event {0} has no commit to deploy")]
    NoCommit(String),
    #[error("the commit of the event {0} can't be read from GITHUB_EVENT_PATH")]
    NoPayload(String),
    #[error("the commit {sha} is in {sha_repository}, but the repository is {repository}")]
    Elsewhere {
        sha: String,
        sha_repository: String,
        /// The repository to deploy.
        repository: String,
    },
    #[error("--ref is not given and cannot be taken from the working directory: {0}")]
    NoCheckout(GitError),
}
