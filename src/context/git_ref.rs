use super::git::TrackingRef;
use super::{Git, GitError};
use crate::env::{self, Env};
use crate::model::{RepoSlug, remote_repository};

/// The ref that `create` deploys when none is named, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultRef {
    /// The branch or SHA.
    pub name: String,
    /// The commit that it stands at here.
    pub sha: String,
}

/// There is no ref to deploy unless one is named.
#[derive(Debug, thiserror::Error)]
pub enum RefError {
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
    /// No git repository, or no git.
    #[error("no ref is given and the working directory tells none: {0}")]
    NoCheckout(GitError),
}

/// Finds the ref to deploy when none is named: in GitHub Actions the commit of
/// the run, else the current branch, if it is on the server as it is here.
///
/// The remote branch is looked up at the remotes that are `repo`, where there
/// are such; a fork is another repository. Without `repo` this checkout is what
/// the server reads, so every branch of it is there.
pub fn default_ref(
    env: &Env,
    git: Result<&Git, GitError>,
    repo: Option<&RepoSlug>,
) -> Result<DefaultRef, RefError> {
    if env.in_actions()
        && let Some(sha) = env.get(env::GITHUB_SHA)
    {
        return Ok(DefaultRef {
            name: sha.to_owned(),
            sha: sha.to_owned(),
        });
    }
    let git = git.map_err(RefError::NoCheckout)?;
    let branch = git
        .current_branch()
        .map_err(RefError::NoCheckout)?
        .ok_or(RefError::Detached)?;
    let sha = git
        .commit(&format!("refs/heads/{branch}"))
        .ok_or_else(|| RefError::Unborn(branch.clone()))?;
    let Some(repo) = repo else {
        return Ok(DefaultRef { name: branch, sha });
    };
    let remotes = git.remotes().map_err(RefError::NoCheckout)?;
    let own: Vec<&str> = remotes
        .iter()
        .filter(|remote| remote_repository(&remote.address).is_some_and(|one| one.slug == *repo))
        .map(|remote| remote.name.as_str())
        .collect();
    let tracking: Vec<TrackingRef> = git
        .tracking_refs(&branch)
        .into_iter()
        .filter(|tracking| own.is_empty() || own.contains(&tracking.remote.as_str()))
        .collect();
    let Some(first) = tracking.first() else {
        return Err(RefError::NotPushed(branch));
    };
    if git.commit(&first.full_name()) == Some(sha.clone()) {
        return Ok(DefaultRef {
            name: first.branch.clone(),
            sha,
        });
    }
    Err(RefError::Differs {
        branch,
        remote: format!("{}/{}", first.remote, first.branch),
    })
}

/// The commit that a ref stands at in this checkout, if it is a branch here.
pub fn local_commit(git: &Git, ref_name: &str) -> Option<String> {
    let name = ref_name.strip_prefix("refs/heads/").unwrap_or(ref_name);
    git.commit(&format!("refs/heads/{name}"))
}
