//! Finding things.

use super::{Core, Failure};
use crate::git::{Repo, Resolved};
use crate::store::{
    Deployment, DeploymentFilter, DeploymentStatus, Environment, Integration, Repository, Slice,
    Team, User, Window,
};

impl Core {
    /// A repository by owner and name, of any case.
    pub(crate) fn repository(
        &self,
        owner: &str,
        name: &str,
    ) -> Result<Option<Repository>, Failure> {
        self.store
            .read(|read| Ok(Repository::by_name(read, owner, name)?))
    }

    /// A repository by id.
    pub(crate) fn repository_by_id(&self, id: i64) -> Result<Option<Repository>, Failure> {
        self.store.read(|read| Ok(Repository::by_id(read, id)?))
    }

    /// The user with this login, made if needed.
    pub(crate) fn user(&self, login: &str) -> Result<User, Failure> {
        if let Some(user) = self.store.read(|read| User::by_login(read, login))? {
            return Ok(user);
        }
        let now = self.now();
        self.store
            .write(|write| Ok(User::ensure(write, login, now)?))
    }

    /// A team of an organization, created if needed; `None` if the organization
    /// owns no repository, or the name is not valid for a team.
    pub(crate) fn team(&self, organization: &str, slug: &str) -> Result<Option<Team>, Failure> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if slug.is_empty() || slug.starts_with('-') || !slug.bytes().all(fits) {
            return Ok(None);
        }
        self.store.write(
            |write| match Repository::owner_named(write, organization)? {
                Some(owner) => Ok(Some(Team::ensure(write, &owner, slug)?)),
                None => Ok(None),
            },
        )
    }

    /// The app of this name, made if needed.
    pub(crate) fn integration(&self, slug: &str) -> Result<Integration, Failure> {
        self.store
            .write(|write| Ok(Integration::ensure(write, slug)?))
    }

    /// A user by id.
    pub(crate) fn user_by_id(&self, id: i64) -> Result<Option<User>, Failure> {
        self.store.read(|read| Ok(User::by_id(read, id)?))
    }

    /// A deployment of a repository.
    pub(crate) fn deployment(
        &self,
        repository: &Repository,
        id: i64,
    ) -> Result<Deployment, Failure> {
        self.store
            .read(|read| Deployment::by_id(read, repository.id, id))?
            .ok_or(Failure::NotFound)
    }

    /// A page of a repository's deployments.
    pub(crate) fn deployments(
        &self,
        repository: &Repository,
        filter: &DeploymentFilter,
        window: Window,
    ) -> Result<Slice<Deployment>, Failure> {
        let page_index = &self.store.page_index;
        self.store.read(|read| {
            Ok(Deployment::list(
                read,
                page_index,
                repository.id,
                filter,
                window,
            )?)
        })
    }

    /// A status of a deployment of a repository.
    pub(crate) fn status(
        &self,
        repository: &Repository,
        deployment: i64,
        id: i64,
    ) -> Result<DeploymentStatus, Failure> {
        self.store.read(|read| {
            if Deployment::by_id(read, repository.id, deployment)?.is_none() {
                return Err(Failure::NotFound);
            }
            DeploymentStatus::by_id(read, deployment, id)?.ok_or(Failure::NotFound)
        })
    }

    /// A page of the statuses of a deployment, newest first.
    pub(crate) fn statuses(
        &self,
        repository: &Repository,
        deployment: i64,
        window: Window,
    ) -> Result<Slice<DeploymentStatus>, Failure> {
        self.store.read(|read| {
            if Deployment::by_id(read, repository.id, deployment)?.is_none() {
                return Err(Failure::NotFound);
            }
            Ok(DeploymentStatus::list(read, deployment, window)?)
        })
    }

    /// Those of these deployments of a repository that there are.
    pub(crate) fn deployments_by_ids(
        &self,
        repository: &Repository,
        ids: &[i64],
    ) -> Result<Vec<Deployment>, Failure> {
        self.store
            .read(|read| Ok(Deployment::by_ids(read, repository.id, ids)?))
    }

    /// The newest status of each of these deployments that has one.
    pub(crate) fn latest_statuses(
        &self,
        deployments: &[i64],
    ) -> Result<Vec<DeploymentStatus>, Failure> {
        self.store
            .read(|read| Ok(DeploymentStatus::latest_of(read, deployments)?))
    }

    /// A page of a repository's environments.
    pub(crate) fn environments(
        &self,
        repository: &Repository,
        window: Window,
    ) -> Result<Slice<Environment>, Failure> {
        self.store
            .read(|read| Ok(Environment::list(read, repository.id, window)?))
    }

    /// An environment by its exact name.
    pub(crate) fn environment(
        &self,
        repository: &Repository,
        name: &str,
    ) -> Result<Option<Environment>, Failure> {
        self.store
            .read(|read| Ok(Environment::by_name(read, repository.id, name)?))
    }

    /// Resolves a ref; `None` if it or the git data does not exist.
    pub(crate) fn resolve(
        &self,
        repository: &Repository,
        reference: &str,
    ) -> Result<Option<Resolved>, Failure> {
        match self.git(repository)? {
            Some(git) => Ok(git.resolve(reference)?),
            None => Ok(None),
        }
    }

    /// The name of a repository's default branch.
    pub(crate) fn default_branch(&self, repository: &Repository) -> Result<String, Failure> {
        match self.git(repository)? {
            Some(git) => Ok(git.default_branch()?),
            None => Ok("main".to_owned()),
        }
    }

    /// The git data of a repository that has commits.
    pub(crate) fn history(&self, repository: &Repository) -> Result<Repo, Failure> {
        match self.git(repository)? {
            Some(git) if !git.is_empty()? => Ok(git),
            _ => Err(Failure::EmptyRepository),
        }
    }
}
