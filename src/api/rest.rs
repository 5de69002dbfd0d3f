use serde::de::{DeserializeOwned, IgnoredAny};
use url::Url;

use super::call::Budget;
use super::page::{Item, PageReader, ReadPage};
use super::path::ApiPath;
use super::request::Request;
use super::response::Response;
use super::{ApiError, Client, Paging};

impl Client {
    /// The address of the REST API.
    pub(super) fn rest(&self) -> &Url {
        &self.0.config.endpoints.rest
    }

    /// Gets the JSON value at `path`.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &ApiPath) -> Result<T, ApiError> {
        self.get_within(path.below(self.rest()), self.budget())
            .await
    }

    /// Gets the JSON value at a URL within a budget.
    pub(super) async fn get_within<T: DeserializeOwned>(
        &self,
        url: Url,
        budget: Budget,
    ) -> Result<T, ApiError> {
        let request = Request::get(url);
        let reply = self.call(&request, budget, Response::json).await?;
        Ok(reply.value)
    }

    /// Whether `path` answers with JSON; false if it answers 404.
    pub(super) async fn exists(&self, path: &ApiPath) -> Result<bool, ApiError> {
        let found = none_if_missing(self.get::<IgnoredAny>(path).await)?;
        Ok(found.is_some())
    }

    /// Gets all items of the list at `path`.
    pub(super) async fn list<T: Item>(
        &self,
        path: &ApiPath,
        read: ReadPage<T>,
    ) -> Result<Vec<T>, ApiError> {
        let url = path.below(self.rest());
        let pages = PageReader::new(self, url, Paging::all(), self.budget(), read);
        pages.all().await
    }

    /// Deletes what is at `path`.
    pub(super) async fn delete(&self, path: &ApiPath) -> Result<(), ApiError> {
        let request = Request::delete(path.below(self.rest()));
        self.call(&request, self.budget(), |response| response.done(&[]))
            .await?;
        Ok(())
    }
}

/// `None` for something that does not exist (404).
pub(super) fn none_if_missing<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}
