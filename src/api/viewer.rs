use serde::Deserialize;

use super::call::Budget;
use super::path::ApiPath;
use super::request::Request;
use super::response::Response;
use super::{ApiError, Client};

/// A user or an organization of a response, of which only the login is read.
#[derive(Debug, Deserialize)]
pub(super) struct Login {
    pub(super) login: String,
}

impl Client {
    /// Gets the login of the token's user; `None` without a token, or with one
    /// that may not ask for it (an app's installation token). Requested once
    /// for all clones.
    ///
    /// See <https://docs.github.com/rest/users/users#get-the-authenticated-user>.
    pub async fn viewer_login(&self) -> Result<Option<String>, ApiError> {
        self.viewer_login_within(self.budget()).await
    }

    pub(super) async fn viewer_login_within(
        &self,
        budget: Budget,
    ) -> Result<Option<String>, ApiError> {
        if !self.has_token() {
            return Ok(None);
        }
        let login = self.0.viewer.get_or_try_init(|| async {
            let request = Request::get(ApiPath::root("user").below(self.rest()));
            match self.call(&request, budget, Response::json::<Login>).await {
                Ok(reply) => Ok(Some(reply.value.login)),
                Err(ApiError::Response(error_response))
                    if matches!(error_response.status, 403 | 404) =>
                {
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        });
        login.await.cloned()
    }
}
