use super::path::ApiPath;
use super::{ApiError, Client};
use crate::model::{DeploymentId, RepoSlug};

/// A repository on the server of a [`Client`]; made by [`Client::repo`],
/// without a request.
#[derive(Clone, Copy, Debug)]
pub struct RepoHandle<'a> {
    pub(super) client: &'a Client,
    pub(super) slug: &'a RepoSlug,
}

/// An environment of a repository; made by [`RepoHandle::environment`], without
/// a request.
#[derive(Clone, Copy, Debug)]
pub struct EnvironmentHandle<'a> {
    pub(super) repo: RepoHandle<'a>,
    pub(super) client: &'a Client,
    pub(super) name: &'a str,
}

/// A deployment of a repository; made by [`RepoHandle::deployment`], without a
/// request.
#[derive(Clone, Copy, Debug)]
pub struct DeploymentHandle<'a> {
    pub(super) repo: RepoHandle<'a>,
    pub(super) client: &'a Client,
    pub(super) id: DeploymentId,
}

impl Client {
    /// The repository with this owner and name.
    pub fn repo<'a>(&'a self, slug: &'a RepoSlug) -> RepoHandle<'a> {
        RepoHandle { client: self, slug }
    }
}

impl<'a> RepoHandle<'a> {
    /// The environment with exactly this name, whether it exists or not.
    pub fn environment(self, name: &'a str) -> EnvironmentHandle<'a> {
        EnvironmentHandle {
            repo: self,
            client: self.client,
            name,
        }
    }

    /// The deployment with this ID, whether it exists or not.
    pub fn deployment(self, id: DeploymentId) -> DeploymentHandle<'a> {
        DeploymentHandle {
            repo: self,
            client: self.client,
            id,
        }
    }

    /// Whether the token can see the repository. GitHub answers 404 for a
    /// repository that it hides from the token.
    ///
    /// See <https://docs.github.com/rest/repos/repos#get-a-repository>.
    pub async fn is_visible(self) -> Result<bool, ApiError> {
        self.client.exists(&self.path()?).await
    }

    /// `/repos/OWNER/NAME`.
    pub(super) fn path(self) -> Result<ApiPath, ApiError> {
        ApiPath::repo(self.slug)
    }
}

impl EnvironmentHandle<'_> {
    /// `/repos/OWNER/NAME/environments/ENVIRONMENT`.
    pub(super) fn path(self) -> Result<ApiPath, ApiError> {
        self.repo.path()?.then("environments").segment(self.name)
    }
}

impl DeploymentHandle<'_> {
    /// `/repos/OWNER/NAME/deployments/ID`.
    pub(super) fn path(self) -> Result<ApiPath, ApiError> {
        Ok(self.repo.path()?.then("deployments").number(self.id.0))
    }
}
