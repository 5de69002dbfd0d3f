use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Misread};
use super::call::Budget;
use super::exactly_once::Since;
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::request::Request;
use super::{ApiError, EnvironmentHandle, Paging};
use crate::model::Variable;

/// The most variables on a page; other lists have up to 100 items.
const LARGEST_PAGE: u32 = 30;

#[derive(Serialize)]
struct NewVariable<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct NewValue<'a> {
    value: &'a str,
}

impl Item for Variable {
    fn number(&self) -> Option<u64> {
        None
    }
}

impl EnvironmentHandle<'_> {
    /// All variables of the environment. Needs the permission "Environments:
    /// read".
    ///
    /// See <https://docs.github.com/rest/actions/variables#list-environment-variables>.
    pub async fn variables(self) -> Result<Vec<Variable>, ApiError> {
        let paging = Paging::all().per_page(LARGEST_PAGE);
        let url = self.variables_path()?.below(self.client.rest());
        let walk = Walk::new(self.client, url, paging, self.client.budget(), read_page);
        walk.all().await
    }

    /// Creates a variable, exactly once. Needs the permission "Environments:
    /// write".
    ///
    /// # Errors
    /// 409 as [`ApiError::Refused`] if a variable with this name exists.
    ///
    /// See <https://docs.github.com/rest/actions/variables#create-an-environment-variable>.
    pub async fn create_variable(self, name: &str, value: &str) -> Result<(), ApiError> {
        let url = self.variables_path()?.below(self.client.rest());
        let request = Request::post(url, &NewVariable { name, value })?;
        let look = |since: Since| {
            async move {
                match self.variable_within(name, since.budget).await {
                    Ok(found) => Ok((found.value == value).then_some(())),
                    Err(error) if error.status() == Some(404) => Ok(None),
                    Err(error) => Err(error),
                }
            }
            .boxed()
        };
        let read = |answer: &Answer| answer.done(&[201]);
        self.client
            .write_once("create a variable", &request, read, look)
            .await
    }

    /// Changes the value of a variable. Safe to repeat. Needs the permission
    /// "Environments: write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Refused`] if no variable with this name exists.
    ///
    /// See <https://docs.github.com/rest/actions/variables#update-an-environment-variable>.
    pub async fn update_variable(self, name: &str, value: &str) -> Result<(), ApiError> {
        let path = self.variables_path()?.segment(name)?;
        let request = Request::patch(path.below(self.client.rest()), &NewValue { value })?;
        let read = |answer: &Answer| answer.done(&[]);
        self.client
            .call(&request, self.client.budget(), read)
            .await?;
        Ok(())
    }

    /// Deletes a variable. Needs the permission "Environments: write".
    ///
    /// See <https://docs.github.com/rest/actions/variables#delete-an-environment-variable>.
    pub async fn delete_variable(self, name: &str) -> Result<(), ApiError> {
        let path = self.variables_path()?.segment(name)?;
        self.client.delete(&path).await
    }

    async fn variable_within(self, name: &str, budget: Budget) -> Result<Variable, ApiError> {
        let path = self.variables_path()?.segment(name)?;
        let request = Request::get(path.below(self.client.rest()));
        let reply = self.client.call(&request, budget, Answer::json).await?;
        Ok(reply.value)
    }

    fn variables_path(self) -> Result<ApiPath, ApiError> {
        Ok(self.path()?.then("variables"))
    }
}

fn read_page(answer: &Answer) -> Result<Vec<Variable>, Misread> {
    #[derive(Deserialize)]
    struct Page {
        variables: Vec<Variable>,
    }
    answer.json().map(|page: Page| page.variables)
}
