use futures_util::{Stream, TryStreamExt, future, stream};
use url::Url;

use super::call::{Budget, Reply};
use super::page::{Item, PageReader, array};
use super::request::Request;
use super::response::Response;
use super::{ApiError, DeploymentHandle, Paging, RepoHandle};
use crate::model::Deployment;

/// A filter of deployments. The server returns the deployments that match all
/// given fields exactly.
///
/// See <https://docs.github.com/rest/deployments/deployments#list-deployments>.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeploymentFilter {
    /// The SHA that was recorded when the deployment was created.
    pub sha: Option<String>,
    /// The ref, exactly as it was requested.
    pub ref_name: Option<String>,
    /// The task.
    pub task: Option<String>,
    /// The environment.
    pub environment: Option<String>,
}

impl DeploymentFilter {
    /// The filter that all deployments match.
    pub fn new() -> Self {
        Self::default()
    }

    /// Filters by the SHA that was recorded when the deployment was created.
    #[must_use]
    pub fn sha(mut self, sha: impl Into<String>) -> Self {
        self.sha = Some(sha.into());
        self
    }

    /// Filters by the ref, exactly as it was requested.
    #[must_use]
    pub fn ref_name(mut self, ref_name: impl Into<String>) -> Self {
        self.ref_name = Some(ref_name.into());
        self
    }

    /// Filters by the task.
    #[must_use]
    pub fn task(mut self, task: impl Into<String>) -> Self {
        self.task = Some(task.into());
        self
    }

    /// Filters by the environment.
    #[must_use]
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = Some(name.into());
        self
    }
}

impl Item for Deployment {
    fn id(&self) -> Option<u64> {
        Some(self.id.0)
    }
}

impl RepoHandle<'_> {
    /// Lists deployments without their states, newest first, a page at a time.
    /// Pages after the first are requested in parallel if the server says how
    /// many there are. Needs the permission "Deployments: read".
    ///
    /// See <https://docs.github.com/rest/deployments/deployments#list-deployments>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::{DeploymentFilter, NewDeployment, Paging};
    /// use futures_util::TryStreamExt;
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let repo = client.repo(&slug);
    /// repo.create_deployment(&NewDeployment::new("main")).await?;
    ///
    /// let filter = DeploymentFilter::new().environment("production");
    /// let mut pages = std::pin::pin!(repo.deployments(&filter, Paging::up_to(50)));
    /// while let Some(page) = pages.try_next().await? {
    ///     for deployment in page {
    ///         println!("{} {}", deployment.id, deployment.ref_name);
    ///     }
    /// }
    /// # Ok(())
    /// # }); }
    /// ```
    pub fn deployments(
        self,
        filter: &DeploymentFilter,
        paging: Paging,
    ) -> impl Stream<Item = Result<Vec<Deployment>, ApiError>> + use<> {
        let pages = self.deployment_pages(filter, paging, self.client.budget());
        stream::once(future::ready(pages))
            .map_ok(PageReader::into_stream)
            .try_flatten()
            .map_ok(|page| page.items)
    }

    pub(super) fn deployment_pages(
        self,
        filter: &DeploymentFilter,
        paging: Paging,
        budget: Budget,
    ) -> Result<PageReader<Deployment>, ApiError> {
        let url = filter.url(self)?;
        Ok(PageReader::new(self.client, url, paging, budget, array))
    }
}

impl DeploymentHandle<'_> {
    /// Gets the deployment.
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if it does not exist.
    ///
    /// See <https://docs.github.com/rest/deployments/deployments#get-a-deployment>.
    pub async fn get(self) -> Result<Deployment, ApiError> {
        Ok(self.get_with_reply().await?.value)
    }

    pub(super) async fn get_with_reply(self) -> Result<Reply<Deployment>, ApiError> {
        let request = Request::get(self.path()?.below(self.client.rest()));
        let budget = self.client.budget();
        self.client.call(&request, budget, Response::json).await
    }

    /// Deletes the deployment. If the response is lost and a repeat finds
    /// nothing, the deployment counts as deleted.
    ///
    /// # Errors
    /// 422 as [`ApiError::Response`] while the deployment is active.
    ///
    /// See <https://docs.github.com/rest/deployments/deployments#delete-a-deployment>.
    pub async fn delete(self) -> Result<(), ApiError> {
        self.client.delete(&self.path()?).await
    }
}

impl DeploymentFilter {
    /// The address of the list. What is not filtered by is left out: the
    /// documented default, `none`, would be looked for by some servers.
    pub(super) fn url(&self, repo: RepoHandle<'_>) -> Result<Url, ApiError> {
        let path = repo.path()?.then("deployments");
        let mut url = path.below(repo.client.rest());
        for (name, value) in [
            ("sha", &self.sha),
            ("ref", &self.ref_name),
            ("task", &self.task),
            ("environment", &self.environment),
        ] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url)
    }
}
