use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Misread};
use super::call::Budget;
use super::environments::environment_path;
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::transport::Request;
use super::{ApiError, Client, Paging};
use crate::model::{BranchPolicy, PatternKind, RepoSlug};

#[derive(Serialize)]
struct New<'a> {
    name: &'a str,
    /// Left out for branches: servers before 3.12 do not know it.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'a PatternKind>,
}

impl Item for BranchPolicy {
    fn number(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl Client {
    /// All name patterns of an environment. Needs the permission "Actions:
    /// read".
    ///
    /// See <https://docs.github.com/rest/deployments/branch-policies#list-deployment-branch-policies>.
    pub async fn branch_policies(
        &self,
        repo: &RepoSlug,
        environment: &str,
    ) -> Result<Vec<BranchPolicy>, ApiError> {
        self.branch_policies_within(repo, environment, self.budget())
            .await
    }

    /// Adds a name pattern, exactly once; whether it was not there yet. Needs
    /// the permission "Administration: write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Refused`] if there is no such environment, or one
    /// without custom branch policies.
    ///
    /// See <https://docs.github.com/rest/deployments/branch-policies#create-a-deployment-branch-policy>.
    pub async fn add_branch_policy(
        &self,
        repo: &RepoSlug,
        environment: &str,
        kind: &PatternKind,
        name: &str,
    ) -> Result<bool, ApiError> {
        let new = New {
            name,
            kind: Some(kind).filter(|kind| **kind != PatternKind::Branch),
        };
        let url = path(repo, environment)?.below(self.rest());
        let request = Request::post(url, &new)?;
        let look = |since: super::exactly_once::Since| {
            async move {
                let all = self
                    .branch_policies_within(repo, environment, since.budget)
                    .await?;
                let found = all.iter().any(|one| one.name == name && one.kind == *kind);
                Ok(found.then_some(()))
            }
            .boxed()
        };
        let read = |answer: &Answer| answer.json::<BranchPolicy>().map(drop);
        let made = self
            .write_once("add a branch policy", &request, read, look)
            .await;
        match made {
            Ok(()) => Ok(true),
            // GitHub points to the one that is there; others may point anywhere.
            Err(error) if error.status() == Some(303) => {
                let all = self.branch_policies(repo, environment).await?;
                let is_there = all.iter().any(|one| one.name == name && one.kind == *kind);
                is_there.then_some(false).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Removes a name pattern. Needs the permission "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/branch-policies#delete-a-deployment-branch-policy>.
    pub async fn delete_branch_policy(
        &self,
        repo: &RepoSlug,
        environment: &str,
        id: u64,
    ) -> Result<(), ApiError> {
        self.delete(path(repo, environment)?.number(id)).await
    }

    async fn branch_policies_within(
        &self,
        repo: &RepoSlug,
        environment: &str,
        budget: Budget,
    ) -> Result<Vec<BranchPolicy>, ApiError> {
        let url = path(repo, environment)?.below(self.rest());
        Walk::new(self, url, Paging::all(), budget, listed)
            .all()
            .await
    }
}

fn path(repo: &RepoSlug, environment: &str) -> Result<ApiPath, ApiError> {
    Ok(environment_path(repo, environment)?.then("deployment-branch-policies"))
}

fn listed(answer: &Answer) -> Result<Vec<BranchPolicy>, Misread> {
    #[derive(Deserialize)]
    struct Page {
        branch_policies: Vec<BranchPolicy>,
    }
    answer.json().map(|page: Page| page.branch_policies)
}
