use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::call::Budget;
use super::exactly_once::WriteStart;
use super::page::Item;
use super::path::ApiPath;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, EnvironmentHandle};
use crate::model::{CustomRule, Integration};

#[derive(Serialize)]
struct NewRule {
    integration_id: u64,
}

impl Item for Integration {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl EnvironmentHandle<'_> {
    /// The custom deployment protection rules of the environment: the apps
    /// that decide whether a deployment may proceed. Needs the permission
    /// "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#get-all-deployment-protection-rules-for-an-environment>.
    pub async fn custom_rules(self) -> Result<Vec<CustomRule>, ApiError> {
        self.custom_rules_within(self.client.budget()).await
    }

    /// The apps that can be enabled as protection rules of the environment.
    /// Needs the permission "Administration: read".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#list-custom-deployment-rule-integrations-available-for-an-environment>.
    pub async fn available_integrations(self) -> Result<Vec<Integration>, ApiError> {
        let path = self.rules_path()?.then("apps");
        self.client.list(&path, read_integrations).await
    }

    /// Enables an app as a protection rule of the environment, exactly once.
    /// Needs the permission "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#create-a-custom-deployment-protection-rule-on-an-environment>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::EnvironmentSettings;
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let qa = client.repo(&slug).environment("qa");
    /// qa.put(&EnvironmentSettings::new()).await?;
    /// if let Some(app) = qa.available_integrations().await?.first() {
    ///     let rule = qa.enable_custom_rule(app.id).await?;
    ///     assert_eq!(qa.custom_rules().await?, [rule.clone()]);
    ///     qa.disable_custom_rule(rule.id).await?;
    /// }
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn enable_custom_rule(self, integration_id: u64) -> Result<CustomRule, ApiError> {
        let url = self.rules_path()?.below(self.client.rest());
        let request = Request::post(url, &NewRule { integration_id })?;
        let find_result = |start: WriteStart| {
            async move {
                let all = self.custom_rules_within(start.budget).await?;
                Ok(all.into_iter().find(|rule| rule.app.id == integration_id))
            }
            .boxed()
        };
        self.client
            .write_once(
                "enable a protection rule",
                &request,
                Response::json,
                find_result,
            )
            .await
    }

    /// Disables a protection rule of the environment, by the ID of the rule
    /// (not of the app). Needs the permission "Administration: write".
    ///
    /// See <https://docs.github.com/rest/deployments/protection-rules#disable-a-custom-protection-rule-for-an-environment>.
    pub async fn disable_custom_rule(self, id: u64) -> Result<(), ApiError> {
        self.client.delete(&self.rules_path()?.number(id)).await
    }

    async fn custom_rules_within(self, budget: Budget) -> Result<Vec<CustomRule>, ApiError> {
        #[derive(Deserialize)]
        struct All {
            custom_deployment_protection_rules: Vec<CustomRule>,
        }
        let request = Request::get(self.rules_path()?.below(self.client.rest()));
        let read = Response::json::<All>;
        let reply = self.client.call(&request, budget, read).await?;
        Ok(reply.value.custom_deployment_protection_rules)
    }

    fn rules_path(self) -> Result<ApiPath, ApiError> {
        Ok(self.path()?.then("deployment_protection_rules"))
    }
}

fn read_integrations(response: &Response) -> Result<Vec<Integration>, ReadError> {
    #[derive(Deserialize)]
    struct Page {
        available_custom_deployment_protection_rule_integrations: Vec<Integration>,
    }
    response
        .json()
        .map(|page: Page| page.available_custom_deployment_protection_rule_integrations)
}
