use serde::{Deserialize, Serialize};

/// A commit, as far as deployments need it.
///
/// See <https://docs.github.com/rest/commits/commits>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// The full SHA.
    pub sha: String,
}

/// A branch and its latest commit.
///
/// See <https://docs.github.com/rest/branches/branches>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The name, without `refs/heads/`.
    pub name: String,
    /// The latest commit.
    pub commit: Commit,
}

/// One commit status or check that a deployment may require.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextState {
    /// The name, such as `ci/build`.
    pub context: String,
    /// The state: `success`, `failure`, `error`, `pending`, or the conclusion
    /// of a check run; empty if the server does not say.
    #[serde(default)]
    pub state: String,
}

impl ContextState {
    /// Whether it succeeded, so that a deployment may proceed. A skipped check
    /// has not.
    pub fn is_green(&self) -> bool {
        self.state.eq_ignore_ascii_case("success")
    }
}

/// All commit statuses of a commit, and their combined state.
///
/// See <https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombinedStatus {
    /// `success`, `failure` or `pending`.
    pub state: String,
    /// The SHA of the commit.
    pub sha: String,
    /// The newest status of each context.
    #[serde(default)]
    pub statuses: Vec<ContextState>,
}
