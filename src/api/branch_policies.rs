use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::call::Budget;
use super::exactly_once::WriteStart;
use super::page::{Item, PageReader};
use super::path::ApiPath;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, EnvironmentHandle, Paging};
use crate::model::{BranchPolicy, PatternKind};

#[derive(Serialize)]
struct NewPolicy<'a> {
    name: &'a str,
    /// Left out for branches: servers before 3.12 do not know it.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'a PatternKind>,
}

impl Item for BranchPolicy {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl EnvironmentHandle<'_> {
    /// All branch policies of the environment: the name patterns of branches
    /// and tags that may be deployed to it. Needs the permission "Actions:
    /// read".
    ///
    /// See <https://docs.github.com/rest/deployments/branch-policies#list-deployment-branch-policies>.
    pub async fn branch_policies(self) -> Result<Vec<BranchPolicy>, ApiError> {
        self.branch_policies_within(self.client.budget()).await
    }

    /// Adds a branch policy, exactly once. Returns false if it exists already.
    /// Needs the permission "Administration: write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if the environment does not exist, or has
    /// no custom branch policies.
    ///
    /// See <https://docs.github.com/rest/deployments/branch-policies#create-a-deployment-branch-policy>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::EnvironmentSettings;
    /// use deployctl::model::{Branches, PatternKind};
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let qa = client.repo(&slug).environment("qa");
    /// qa.put(&EnvironmentSettings::new().branches(Branches::Custom)).await?;
    /// qa.add_branch_policy(&PatternKind::Branch, "release/*").await?;
    ///
    /// for policy in qa.branch_policies().await? {
    ///     assert_eq!(policy.name, "release/*");
    ///     qa.delete_branch_policy(policy.id).await?;
    /// }
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn add_branch_policy(self, kind: &PatternKind, name: &str) -> Result<bool, ApiError> {
        let new = NewPolicy {
            name,
            kind: Some(kind).filter(|kind| **kind != PatternKind::Branch),
        };
        let request = Request::post(self.policies_path()?.below(self.client.rest()), &new)?;
        let is_same = |policy: &BranchPolicy| policy.name == name && policy.kind == *kind;
        let find_result = |start: WriteStart| {
            async move {
                let all = self.branch_policies_within(start.budget).await?;
                Ok(all.iter().any(is_same).then_some(()))
            }
            .boxed()
        };
        let read = |response: &Response| response.json::<BranchPolicy>().map(drop);
        let made = self
            .client
            .write_once("add a branch policy", &request, read, find_result)
            .await;
        match made {
            Ok(()) => Ok(true),
            // GitHub redirects to the existing policy; other servers may
            // redirect anywhere.
            Err(error) if error.status() == Some(303) => {
                let all = self.branch_policies().await?;
                all.iter().any(is_same).then_some(false).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes a branch policy, by its ID. Needs the permission
    /// "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/branch-policies#delete-a-deployment-branch-policy>.
    pub async fn delete_branch_policy(self, id: u64) -> Result<(), ApiError> {
        self.client.delete(&self.policies_path()?.number(id)).await
    }

    async fn branch_policies_within(self, budget: Budget) -> Result<Vec<BranchPolicy>, ApiError> {
        let url = self.policies_path()?.below(self.client.rest());
        let pages = PageReader::new(self.client, url, Paging::all(), budget, read_page);
        pages.all().await
    }

    fn policies_path(self) -> Result<ApiPath, ApiError> {
        Ok(self.path()?.then("deployment-branch-policies"))
    }
}

fn read_page(response: &Response) -> Result<Vec<BranchPolicy>, ReadError> {
    #[derive(Deserialize)]
    struct Page {
        branch_policies: Vec<BranchPolicy>,
    }
    response.json().map(|page: Page| page.branch_policies)
}
