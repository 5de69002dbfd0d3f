//! Pull requests. GitHub makes them with an operation that deployments have
//! no use for, so here the sandbox's own administration does.

use super::{Core, Failure};
use crate::git::Repo;
use crate::store::{NewPull, Pull, PullFilter, PullState, Repository, Slice, User, Window};

/// The request for a pull request.
#[derive(Debug, Clone)]
pub(crate) struct PullRequest {
    /// The number; the next one if left out.
    pub(crate) number: Option<i64>,
    /// The title; made up if left out.
    pub(crate) title: Option<String>,
    pub(crate) head: String,
    /// Its commit, if the branch no longer exists.
    pub(crate) head_sha: Option<String>,
    /// The branch to merge into; the default branch if left out.
    pub(crate) base: Option<String>,
    pub(crate) state: PullState,
}

impl Core {
    /// Opens a pull request.
    pub(crate) fn open_pull(
        &self,
        repository: &Repository,
        user: &User,
        asked: &PullRequest,
    ) -> Result<Pull, Failure> {
        let git = self.history(repository)?;
        let base = match &asked.base {
            Some(base) => base.clone(),
            None => git.default_branch()?,
        };
        let commit = |name: &str| -> Result<String, Failure> {
            let found = git.branch(name)?;
            let found = found.ok_or_else(|| Failure::NoRef(name.to_owned()))?;
            Ok(found.sha)
        };
        let head_sha = match &asked.head_sha {
            Some(sha) => sha.clone(),
            None => commit(&asked.head)?,
        };
        let base_sha = commit(&base)?;
        let state = check_merge_commit(&git, &asked.state)?;
        let new = NewPull {
            number: asked.number,
            title: asked
                .title
                .clone()
                .unwrap_or_else(|| format!("Merge {}", asked.head)),
            head: asked.head.clone(),
            commits: commits_of(&git, &base_sha, &head_sha)?,
            head_sha,
            base_sha,
            base,
            user: user.id,
        };
        let now = self.now();
        self.store.write(|write| {
            if let Some(number) = new.number
                && Pull::by_number(write, repository.id, number)?.is_some()
            {
                return Err(Failure::Exists("The number is taken"));
            }
            let mut pull = Pull::insert(write, repository.id, &new, now)?;
            if state.is_closed || state.is_merged {
                pull.set_state(write, &state, now)?;
            }
            Ok(pull)
        })
    }

    /// Closes, merges or opens a pull request again.
    pub(crate) fn set_pull(
        &self,
        repository: &Repository,
        number: i64,
        state: &PullState,
    ) -> Result<Pull, Failure> {
        let state = check_merge_commit(&self.history(repository)?, state)?;
        let now = self.now();
        self.store.write(|write| {
            let found = Pull::by_number(write, repository.id, number)?;
            let mut pull = found.ok_or(Failure::NotFound)?;
            pull.set_state(write, &state, now)?;
            Ok(pull)
        })
    }

    /// A pull request by its number.
    pub(crate) fn pull(&self, repository: &Repository, number: i64) -> Result<Pull, Failure> {
        self.store
            .read(|read| Pull::by_number(read, repository.id, number))?
            .ok_or(Failure::NotFound)
    }

    /// A page of a repository's pull requests.
    pub(crate) fn pulls(
        &self,
        repository: &Repository,
        filter: &PullFilter,
        window: Window,
    ) -> Result<Slice<Pull>, Failure> {
        self.store
            .read(|read| Ok(Pull::list(read, repository.id, filter, window)?))
    }

    /// The pull requests that brought a commit to the repository: those that
    /// were merged, and open ones as long as the default branch lacks it.
    pub(crate) fn pulls_of_commit(
        &self,
        repository: &Repository,
        sha: &str,
        order: &PullFilter,
    ) -> Result<Vec<Pull>, Failure> {
        let filter = PullFilter {
            commit: Some(sha.to_owned()),
            ..order.clone()
        };
        let all = Window {
            skip: 0,
            take: u64::MAX,
        };
        let mut pulls = self.pulls(repository, &filter, all)?.items;
        let is_open = |pull: &Pull| pull.closed_at.is_none();
        let shows_open =
            pulls.iter().any(is_open) && !self.is_in_default_branch(repository, sha)?;
        pulls.retain(|pull| pull.merged_at.is_some() || (shows_open && is_open(pull)));
        Ok(pulls)
    }

    fn is_in_default_branch(&self, repository: &Repository, sha: &str) -> Result<bool, Failure> {
        let git = self.history(repository)?;
        let name = git.default_branch()?;
        match git.branch(&name)? {
            Some(branch) => Ok(git.behind_ahead(&branch.sha, sha)?.1 == 0),
            None => Ok(false),
        }
    }
}

/// The commits that the head has and the base lacks; the head at least, which
/// may no longer exist.
fn commits_of(git: &Repo, base: &str, head: &str) -> Result<Vec<String>, Failure> {
    let mut commits = vec![head.to_owned()];
    if let Some(found) = git.resolve(head)? {
        commits.extend(git.ids_between(base, &found.sha)?);
    }
    Ok(commits)
}

/// The state with the whole id of the commit of the merge.
fn check_merge_commit(git: &Repo, state: &PullState) -> Result<PullState, Failure> {
    let merge_commit_sha = match &state.merge_commit_sha {
        Some(named) => {
            let found = git.resolve(named)?;
            Some(found.ok_or_else(|| Failure::NoRef(named.clone()))?.sha)
        }
        None => None,
    };
    Ok(PullState {
        merge_commit_sha,
        ..state.clone()
    })
}
