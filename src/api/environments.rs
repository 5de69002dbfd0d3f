use serde::{Deserialize, Serialize};

use super::answer::{Answer, Misread};
use super::page::Item;
use super::transport::Request;
use super::{ApiError, DeploymentFilter, EnvironmentHandle, Paging, RepoHandle, ReviewerRef};
use crate::model::{BranchPolicySettings, Environment};

/// What an environment asks for, apart from what apps do. The request replaces
/// what was there, so what is to be kept has to be sent; what is `None` is not
/// sent. Private repositories of plans without a protection refuse a request
/// that has it at all, even with its default.
///
/// See <https://docs.github.com/rest/deployments/environments#create-or-update-an-environment>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnvironmentSettings {
    /// Minutes that a job waits, at most 43,200; 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_timer: Option<u32>,
    /// Whether users may not approve deployments that they requested. Servers
    /// before 3.11 do not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prevent_self_review: Option<bool>,
    /// Who may approve, six at most; nobody has to if it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewers: Option<Vec<ReviewerRef>>,
    /// Which branches may deploy; all if it is `Some(None)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment_branch_policy: Option<Option<BranchPolicySettings>>,
}

impl Item for Environment {
    fn number(&self) -> Option<u64> {
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
    fn number(&self) -> Option<u64> {
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
    /// 404 as [`ApiError::Refused`] if it does not exist.
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
    pub async fn put(self, settings: &EnvironmentSettings) -> Result<Environment, ApiError> {
        let request = Request::put(self.path()?.below(self.client.rest()), settings)?;
        let reply = self
            .client
            .call(&request, self.client.budget(), Answer::json)
            .await?;
        Ok(reply.value)
    }

    /// Deletes the environment with its protection rules, secrets and
    /// variables; its deployments stay. Needs the permission "Administration:
    /// write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Refused`] if it does not exist, unless an earlier
    /// attempt of this call may have deleted it.
    ///
    /// See <https://docs.github.com/rest/deployments/environments#delete-an-environment>.
    pub async fn delete(self) -> Result<(), ApiError> {
        self.client.delete(&self.path()?).await
    }

    /// Whether the environment has any deployments. An environment can have
    /// deployments although it does not exist (any longer).
    pub async fn has_deployments(self) -> Result<bool, ApiError> {
        let filter = DeploymentFilter {
            environment: Some(self.name.to_owned()),
            ..DeploymentFilter::default()
        };
        let budget = self.client.budget();
        let mut walk = self
            .repo
            .deployment_walk(&filter, Paging::up_to(1), budget)?;
        let page = walk.next_page().await.transpose()?;
        Ok(page.is_some_and(|page| !page.items.is_empty()))
    }
}

fn read_page<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, Misread> {
    #[derive(Deserialize)]
    struct Page<T> {
        environments: Vec<T>,
    }
    answer.json().map(|page: Page<T>| page.environments)
}
