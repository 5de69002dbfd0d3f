use serde::{Deserialize, Serialize};

use super::page::Item;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, DeploymentFilter, EnvironmentHandle, Paging, RepoHandle, ReviewerRef};
use crate::model::{BranchPolicySettings, Branches, Environment};

/// The settings of an environment, except for its custom protection rules and
/// branch policies. [`EnvironmentHandle::put`] replaces all settings: fields
/// that are `None` are not sent, and the server resets them. On private
/// repositories of some plans the server rejects every request that has a
/// field for a feature outside the plan, even with its default value.
///
/// See <https://docs.github.com/rest/deployments/environments#create-or-update-an-environment>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EnvironmentSettings {
    /// The wait timer in minutes, 0 (none) to 43,200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_timer: Option<u32>,
    /// Whether users cannot approve deployments that they requested. Unknown to
    /// GitHub Enterprise Server before 3.11.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prevent_self_review: Option<bool>,
    /// The required reviewers, at most six; none if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewers: Option<Vec<ReviewerRef>>,
    /// Which branches can be deployed; all if it is `Some(None)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment_branch_policy: Option<Option<BranchPolicySettings>>,
}

impl EnvironmentSettings {
    /// The server's defaults: no protection at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the wait timer in minutes, 0 (none) to 43,200.
    #[must_use]
    pub fn wait_timer(mut self, minutes: u32) -> Self {
        self.wait_timer = Some(minutes);
        self
    }

    /// Sets whether users cannot approve deployments that they requested.
    #[must_use]
    pub fn prevent_self_review(mut self, prevent: bool) -> Self {
        self.prevent_self_review = Some(prevent);
        self
    }

    /// Sets the required reviewers, at most six.
    #[must_use]
    pub fn reviewers<T: Into<ReviewerRef>>(
        mut self,
        reviewers: impl IntoIterator<Item = T>,
    ) -> Self {
        self.reviewers = Some(reviewers.into_iter().map(Into::into).collect());
        self
    }

    /// Sets which branches can be deployed.
    #[must_use]
    pub fn branches(mut self, branches: Branches) -> Self {
        self.deployment_branch_policy = Some(branches.settings());
        self
    }
}

impl Item for Environment {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

/// What a list of names reads of an environment.
#[derive(Deserialize)]
struct EnvironmentName {
    id: u64,
    name: String,
}

impl Item for EnvironmentName {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl RepoHandle<'_> {
    /// All environments of the repository, in the server's order. Needs the
    /// permission "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#list-environments>.
    pub async fn environments(self) -> Result<Vec<Environment>, ApiError> {
        let path = self.path()?.then("environments");
        self.client.list(&path, read_page).await
    }

    /// The names of all environments of the repository. Needs the permission
    /// "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#list-environments>.
    pub async fn environment_names(self) -> Result<Vec<String>, ApiError> {
        let path = self.path()?.then("environments");
        let all = self
            .client
            .list(&path, read_page::<EnvironmentName>)
            .await?;
        Ok(all
            .into_iter()
            .map(|environment| environment.name)
            .collect())
    }
}

impl EnvironmentHandle<'_> {
    /// Gets the environment. Needs the permission "Actions: read".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if it does not exist.
    ///
    /// See <https://docs.github.com/rest/deployments/environments#get-an-environment>.
    pub async fn get(self) -> Result<Environment, ApiError> {
        self.client.get(&self.path()?).await
    }

    /// Whether the environment exists. Needs the permission "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#get-an-environment>.
    pub async fn exists(self) -> Result<bool, ApiError> {
        self.client.exists(&self.path()?).await
    }

    /// Creates the environment, or replaces its settings. Safe to repeat.
    /// Needs the permission "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#create-or-update-an-environment>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::EnvironmentSettings;
    /// use deployctl::model::Branches;
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let qa = client.repo(&slug).environment("qa");
    /// let settings = EnvironmentSettings::new()
    ///     .wait_timer(30) // minutes
    ///     .branches(Branches::Protected);
    /// qa.put(&settings).await?;
    /// assert_eq!(qa.get().await?.wait_timer(), 30);
    ///
    /// qa.delete().await?;
    /// assert!(!qa.exists().await?);
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn put(self, settings: &EnvironmentSettings) -> Result<Environment, ApiError> {
        let request = Request::put(self.path()?.below(self.client.rest()), settings)?;
        let reply = self
            .client
            .call(&request, self.client.budget(), Response::json)
            .await?;
        Ok(reply.value)
    }

    /// Deletes the environment with its protection rules, secrets and
    /// variables; its deployments stay. Needs the permission "Administration:
    /// write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if it does not exist, unless an earlier
    /// attempt of this call may have deleted it.
    ///
    /// See <https://docs.github.com/rest/deployments/environments#delete-an-environment>.
    pub async fn delete(self) -> Result<(), ApiError> {
        self.client.delete(&self.path()?).await
    }

    /// Whether the environment has any deployments. An environment can have
    /// deployments although it does not exist (any longer).
    pub async fn has_deployments(self) -> Result<bool, ApiError> {
        let filter = DeploymentFilter::new().environment(self.name);
        let budget = self.client.budget();
        let mut pages = self
            .repo
            .deployment_pages(&filter, Paging::up_to(1), budget)?;
        let page = pages.next_page().await.transpose()?;
        Ok(page.is_some_and(|page| !page.items.is_empty()))
    }
}

fn read_page<T: serde::de::DeserializeOwned>(response: &Response) -> Result<Vec<T>, ReadError> {
    #[derive(Deserialize)]
    struct Page<T> {
        environments: Vec<T>,
    }
    response.json().map(|page: Page<T>| page.environments)
}
