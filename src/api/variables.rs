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
use crate::model::{RepoSlug, Variable};

/// The most variables on a page, which is fewer than of anything else.
const LARGEST_PAGE: u32 = 30;

#[derive(Serialize)]
struct New<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Changed<'a> {
    value: &'a str,
}

impl Item for Variable {
    fn number(&self) -> Option<u64> {
        None
    }
}

impl Client {
    /// All variables of an environment. Needs the permission "Environments:
    /// read".
    ///
    /// See <https://docs.github.com/rest/actions/variables#list-environment-variables>.
    pub async fn variables(
        &self,
        repo: &RepoSlug,
        environment: &str,
    ) -> Result<Vec<Variable>, ApiError> {
        let paging = Paging {
            per_page: LARGEST_PAGE,
            ..Paging::all()
        };
        let url = path(repo, environment)?.below(self.rest());
        Walk::new(self, url, paging, self.budget(), listed)
            .all()
            .await
    }

    /// Makes a variable, exactly once. Needs the permission "Environments:
    /// write".
    ///
    /// # Errors
    /// 409 as [`ApiError::Refused`] if there is one of that name.
    ///
    /// See <https://docs.github.com/rest/actions/variables#create-an-environment-variable>.
    pub async fn create_variable(
        &self,
        repo: &RepoSlug,
        environment: &str,
        name: &str,
        value: &str,
    ) -> Result<(), ApiError> {
        let url = path(repo, environment)?.below(self.rest());
        let request = Request::post(url, &New { name, value })?;
        let look = |since: Since| {
            async move {
                match self
                    .variable_within(repo, environment, name, since.budget)
                    .await
                {
                    Ok(found) => Ok((found.value == value).then_some(())),
                    Err(error) if error.status() == Some(404) => Ok(None),
                    Err(error) => Err(error),
                }
            }
            .boxed()
        };
        self.write_once(
            "create a variable",
            &request,
            |answer| answer.done(&[201]),
            look,
        )
        .await
    }

    /// Gives a variable another value. Safe to repeat. Needs the permission
    /// "Environments: write".
    ///
    /// See <https://docs.github.com/rest/actions/variables#update-an-environment-variable>.
    pub async fn update_variable(
        &self,
        repo: &RepoSlug,
        environment: &str,
        name: &str,
        value: &str,
    ) -> Result<(), ApiError> {
        let url = path(repo, environment)?.segment(name)?.below(self.rest());
        let request = Request::patch(url, &Changed { value })?;
        self.call(&request, self.budget(), |answer| answer.done(&[]))
            .await?;
        Ok(())
    }

    /// Deletes a variable. Needs the permission "Environments: write".
    ///
    /// See <https://docs.github.com/rest/actions/variables#delete-an-environment-variable>.
    pub async fn delete_variable(
        &self,
        repo: &RepoSlug,
        environment: &str,
        name: &str,
    ) -> Result<(), ApiError> {
        self.delete(path(repo, environment)?.segment(name)?).await
    }

    async fn variable_within(
        &self,
        repo: &RepoSlug,
        environment: &str,
        name: &str,
        budget: Budget,
    ) -> Result<Variable, ApiError> {
        let url = path(repo, environment)?.segment(name)?.below(self.rest());
        let reply = self
            .call(&Request::get(url), budget, Answer::json::<Variable>)
            .await?;
        Ok(reply.value)
    }
}

fn path(repo: &RepoSlug, environment: &str) -> Result<ApiPath, ApiError> {
    Ok(environment_path(repo, environment)?.then("variables"))
}

fn listed(answer: &Answer) -> Result<Vec<Variable>, Misread> {
    #[derive(Deserialize)]
    struct Page {
        variables: Vec<Variable>,
    }
    answer.json().map(|page: Page| page.variables)
}
