use serde::{Deserialize, Serialize};

/// A commit, as far as deployments need it.
///
/// See <https://docs.github.com/rest/commits/commits>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its full SHA.
    pub sha: String,
}

/// A branch and the commit it stands at.
///
/// See <https://docs.github.com/rest/branches/branches>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Its name, without `refs/heads/`.
    pub name: String,
    /// Its head.
    pub commit: Commit,
}

/// One commit status or check that a deployment may require.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextState {
    /// Its name, such as `ci/build`.
    pub context: String,
    /// Its state: `success`, `failure`, `error`, `pending`, or what a check
    /// run says; empty where the server says nothing.
    #[serde(default)]
    pub state: String,
}

impl ContextState {
    /// Whether it lets a deployment pass. A skipped check does not.
    pub fn is_green(&self) -> bool {
        self.state.eq_ignore_ascii_case("success")
    }
}

/// All commit statuses of a commit, and what they amount to.
///
/// See <https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombinedStatus {
    /// `success`, `failure` or `pending`.
    pub state: String,
    /// The commit.
    pub sha: String,
    /// The newest status of each context.
    #[serde(default)]
    pub statuses: Vec<ContextState>,
}
