use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Misread};
use super::call::Budget;
use super::environments::environment_path;
use super::exactly_once::Since;
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::transport::Request;
use super::{ApiError, Client, Paging};
use crate::model::{CustomRule, Integration, RepoSlug};

#[derive(Serialize)]
struct New {
    integration_id: u64,
}

impl Item for Integration {
    fn number(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl Client {
    /// The apps that gate an environment. Needs the permission "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#get-all-deployment-protection-rules-for-an-environment>.
    pub async fn custom_rules(
        &self,
        repo: &RepoSlug,
        environment: &str,
    ) -> Result<Vec<CustomRule>, ApiError> {
        self.custom_rules_within(repo, environment, self.budget())
            .await
    }

    /// The apps that could gate an environment. Needs the permission
    /// "Administration: read".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#list-custom-deployment-rule-integrations-available-for-an-environment>.
    pub async fn available_integrations(
        &self,
        repo: &RepoSlug,
        environment: &str,
    ) -> Result<Vec<Integration>, ApiError> {
        let url = path(repo, environment)?.then("apps").below(self.rest());
        Walk::new(self, url, Paging::all(), self.budget(), available)
            .all()
            .await
    }

    /// Has an app gate an environment, exactly once. Needs the permission
    /// "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#create-a-custom-deployment-protection-rule-on-an-environment>.
    pub async fn enable_custom_rule(
        &self,
        repo: &RepoSlug,
        environment: &str,
        integration_id: u64,
    ) -> Result<CustomRule, ApiError> {
        let url = path(repo, environment)?.below(self.rest());
        let request = Request::post(url, &New { integration_id })?;
        let look = |since: Since| {
            async move {
                let all = self
                    .custom_rules_within(repo, environment, since.budget)
                    .await?;
                Ok(all.into_iter().find(|rule| rule.app.id == integration_id))
            }
            .boxed()
        };
        self.write_once("enable a protection rule", &request, Answer::json, look)
            .await
    }

    /// Has an app gate an environment no more. Needs the permission
    /// "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#disable-a-custom-protection-rule-for-an-environment>.
    pub async fn disable_custom_rule(
        &self,
        repo: &RepoSlug,
        environment: &str,
        id: u64,
    ) -> Result<(), ApiError> {
        self.delete(path(repo, environment)?.number(id)).await
    }

    async fn custom_rules_within(
        &self,
        repo: &RepoSlug,
        environment: &str,
        budget: Budget,
    ) -> Result<Vec<CustomRule>, ApiError> {
        #[derive(Deserialize)]
        struct All {
            custom_deployment_protection_rules: Vec<CustomRule>,
        }
        let request = Request::get(path(repo, environment)?.below(self.rest()));
        let reply = self.call(&request, budget, Answer::json::<All>).await?;
        Ok(reply.value.custom_deployment_protection_rules)
    }
}

fn path(repo: &RepoSlug, environment: &str) -> Result<ApiPath, ApiError> {
    Ok(environment_path(repo, environment)?.then("deployment_protection_rules"))
}

fn available(answer: &Answer) -> Result<Vec<Integration>, Misread> {
    #[derive(Deserialize)]
    struct Page {
        available_custom_deployment_protection_rule_integrations: Vec<Integration>,
    }
    answer
        .json()
        .map(|page: Page| page.available_custom_deployment_protection_rule_integrations)
}
