//! Pull requests. GitHub makes them with an operation that deployments have
//! no use for, so here the sandbox's own administration does.

use super::{Core, Failure};
use crate::store::{NewPull, Pull, PullFilter, Repository, Slice, User, Window};

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
    pub(crate) closed: bool,
    pub(crate) merged: bool,
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
        let new = NewPull {
            number: asked.number,
            title: asked
                .title
                .clone()
                .unwrap_or_else(|| format!("Merge {}", asked.head)),
            head: asked.head.clone(),
            head_sha: match &asked.head_sha {
                Some(sha) => sha.clone(),
                None => commit(&asked.head)?,
            },
            base_sha: commit(&base)?,
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
            if asked.closed || asked.merged {
                pull.set_state(write, (asked.closed, asked.merged), now)?;
            }
            Ok(pull)
        })
    }

    /// Closes, merges or opens a pull request again.
    pub(crate) fn set_pull(
        &self,
        repository: &Repository,
        number: i64,
        closed_and_merged: (bool, bool),
    ) -> Result<Pull, Failure> {
        let now = self.now();
        self.store.write(|write| {
            let found = Pull::by_number(write, repository.id, number)?;
            let mut pull = found.ok_or(Failure::NotFound)?;
            pull.set_state(write, closed_and_merged, now)?;
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
}
