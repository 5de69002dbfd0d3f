use serde::de::IgnoredAny;

use super::answer::Answer;
use super::environments::environment_path;
use super::transport::Request;
use super::{ApiError, Client, DeploymentFilter, Paging};
use crate::model::RepoSlug;

impl Client {
    /// Whether there is an environment of that name. Needs the permission
    /// "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#get-an-environment>.
    pub async fn has_environment(&self, repo: &RepoSlug, name: &str) -> Result<bool, ApiError> {
        let request = Request::get(environment_path(repo, name)?.below(self.rest()));
        let is_one = |answer: &Answer| answer.json::<IgnoredAny>().map(drop);
        match self.call(&request, self.budget(), is_one).await {
            Ok(_) => Ok(true),
            Err(error) if error.status() == Some(404) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether any deployment counts for the environment.
    pub async fn has_deployments(&self, repo: &RepoSlug, name: &str) -> Result<bool, ApiError> {
        let filter = DeploymentFilter {
            environment: Some(name.to_owned()),
            ..DeploymentFilter::default()
        };
        let mut walk = self.deployment_walk(repo, &filter, Paging::up_to(1), self.budget())?;
        let page = walk.next_page().await.transpose()?;
        Ok(page.is_some_and(|page| !page.items.is_empty()))
    }
}
