use serde::{Deserialize, Serialize};

use super::answer::{Answer, Misread};
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::transport::Request;
use super::{ApiError, Client, Paging, ReviewerRef};
use crate::model::{BranchPolicySettings, Environment, RepoSlug};

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

/// What of an environment a list of names needs.
#[derive(Deserialize)]
struct Named {
    id: u64,
    name: String,
}

impl Item for Named {
    fn number(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl Client {
    /// All environments of a repository, in the server's order. Needs the
    /// permission "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#list-environments>.
    pub async fn environments(&self, repo: &RepoSlug) -> Result<Vec<Environment>, ApiError> {
        let url = ApiPath::repo(repo)?.then("environments").below(self.rest());
        Walk::new(self, url, Paging::all(), self.budget(), listed)
            .all()
            .await
    }

    /// The names of all environments of a repository. Needs the permission
    /// "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#list-environments>.
    pub async fn environment_names(&self, repo: &RepoSlug) -> Result<Vec<String>, ApiError> {
        let url = ApiPath::repo(repo)?.then("environments").below(self.rest());
        let walk = Walk::new(self, url, Paging::all(), self.budget(), listed::<Named>);
        let all = walk.all().await?;
        Ok(all
            .into_iter()
            .map(|environment| environment.name)
            .collect())
    }

    /// One environment, by its exact name. Needs the permission "Actions:
    /// read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#get-an-environment>.
    pub async fn environment(&self, repo: &RepoSlug, name: &str) -> Result<Environment, ApiError> {
        let request = Request::get(environment_path(repo, name)?.below(self.rest()));
        let reply = self.call(&request, self.budget(), Answer::json).await?;
        Ok(reply.value)
    }

    /// Makes an environment, or replaces what one that is there asks for. Safe
    /// to repeat. Needs the permission "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#create-or-update-an-environment>.
    pub async fn put_environment(
        &self,
        repo: &RepoSlug,
        name: &str,
        settings: &EnvironmentSettings,
    ) -> Result<Environment, ApiError> {
        let url = environment_path(repo, name)?.below(self.rest());
        let request = Request::put(url, settings)?;
        let reply = self.call(&request, self.budget(), Answer::json).await?;
        Ok(reply.value)
    }

    /// Deletes an environment with its rules, secrets and variables; its
    /// deployments stay. Needs the permission "Administration: write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Refused`] if there is none, unless an earlier try of
    /// this call may have deleted it.
    ///
    /// See <https://docs.github.com/rest/deployments/environments#delete-an-environment>.
    pub async fn delete_environment(&self, repo: &RepoSlug, name: &str) -> Result<(), ApiError> {
        self.delete(environment_path(repo, name)?).await
    }

    /// Deletes what is at `path`.
    pub(super) async fn delete(&self, path: ApiPath) -> Result<(), ApiError> {
        let request = Request::delete(path.below(self.rest()));
        self.call(&request, self.budget(), |answer| answer.done(&[]))
            .await?;
        Ok(())
    }
}

/// `/repos/OWNER/NAME/environments/ENVIRONMENT`.
pub(super) fn environment_path(repo: &RepoSlug, name: &str) -> Result<ApiPath, ApiError> {
    ApiPath::repo(repo)?.then("environments").segment(name)
}

fn listed<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, Misread> {
    #[derive(Deserialize)]
    struct Page<T> {
        environments: Vec<T>,
    }
    answer.json().map(|page: Page<T>| page.environments)
}
