use super::GitError;

/// The ref that is deployed when none is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DefaultRef {
    /// The branch or SHA.
    pub name: String,
    /// The commit that it stands at here.
    pub sha: String,
    /// What a person should know of the choice.
    pub note: Option<String>,
}

/// There is no ref to deploy unless one is named.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RefError {
    /// HEAD is no branch.
    #[error("HEAD is detached, so there is no current branch to deploy")]
    Detached,
    /// The branch has no commit.
    #[error("the branch {0} has no commit yet")]
    Unborn(String),
    /// The branch is only here.
    #[error("the branch {0} has not been pushed")]
    NotPushed(String),
    /// The branch differs from its remote branch.
    #[error("the branch {branch} and {remote} stand at different commits")]
    Differs {
        /// The current branch.
        branch: String,
        /// Its remote-tracking ref, in short form.
        remote: String,
    },
    /// The event of the run is about no commit.
    #[error("the event {0} is about no commit, so there is none to deploy")]
    NoCommit(String),
    /// The payload of the event can't be read.
    #[error("the commit of the event {0} can't be read from GITHUB_EVENT_PATH")]
    NoPayload(String),
    /// The commit of the run is of another repository.
    #[error("the commit {sha} is in {sha_repository}, but the repository is {repository}")]
    Elsewhere {
        /// The commit that the event means.
        sha: String,
        /// The repository that it is in.
        sha_repository: String,
        /// The repository that is to be deployed.
        repository: String,
    },
    /// No git repository, or no git.
    #[error("--ref is not given and cannot be taken from the working directory: {0}")]
    NoCheckout(GitError),
}
