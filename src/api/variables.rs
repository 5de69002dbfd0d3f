use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::call::Budget;
use super::exactly_once::WriteStart;
use super::page::{Item, PageReader};
use super::path::ApiPath;
use super::request::Request;
use super::response::{ReadError, Response};
use super::rest::none_if_missing;
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
    fn id(&self) -> Option<u64> {
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
        let pages = PageReader::new(self.client, url, paging, self.client.budget(), read_page);
        pages.all().await
    }

    /// Creates a variable, exactly once. Needs the permission "Environments:
    /// write".
    ///
    /// # Errors
    /// 409 as [`ApiError::Response`] if a variable with this name exists.
    ///
    /// See <https://docs.github.com/rest/actions/variables#create-an-environment-variable>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::EnvironmentSettings;
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let qa = client.repo(&slug).environment("qa");
    /// qa.put(&EnvironmentSettings::new()).await?;
    /// qa.create_variable("REGION", "eu").await?;
    /// qa.update_variable("REGION", "us").await?;
    /// assert_eq!(qa.variables().await?[0].value, "us");
    /// qa.delete_variable("REGION").await?;
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn create_variable(self, name: &str, value: &str) -> Result<(), ApiError> {
        let url = self.variables_path()?.below(self.client.rest());
        let request = Request::post(url, &NewVariable { name, value })?;
        let find_result = |start: WriteStart| {
            async move {
                let found = self.variable_within(name, start.budget).await;
                let found = none_if_missing(found)?.filter(|found| found.value == value);
                Ok(found.map(drop))
            }
            .boxed()
        };
        let read = |response: &Response| response.done(&[201]);
        self.client
            .write_once("create a variable", &request, read, find_result)
            .await
    }

    /// Changes the value of a variable. Safe to repeat. Needs the permission
    /// "Environments: write".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if no variable with this name exists.
    ///
    /// See <https://docs.github.com/rest/actions/variables#update-an-environment-variable>.
    pub async fn update_variable(self, name: &str, value: &str) -> Result<(), ApiError> {
        let path = self.variables_path()?.segment(name)?;
        let request = Request::patch(path.below(self.client.rest()), &NewValue { value })?;
        let read = |response: &Response| response.done(&[]);
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
        let url = path.below(self.client.rest());
        self.client.get_within(url, budget).await
    }

    fn variables_path(self) -> Result<ApiPath, ApiError> {
        Ok(self.path()?.then("variables"))
    }
}

fn read_page(response: &Response) -> Result<Vec<Variable>, ReadError> {
    #[derive(Deserialize)]
    struct Page {
        variables: Vec<Variable>,
    }
    response.json().map(|page: Page| page.variables)
}
