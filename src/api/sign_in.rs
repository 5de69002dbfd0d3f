use serde::Serialize;
use serde_json::Value;

use super::call::Budget;
use super::path::ApiPath;
use super::request::Request;
use super::response::Response;
use super::{ApiError, Client};

/// The pages of GitHub's web site for the OAuth device flow.
///
/// See <https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInPage {
    /// `/login/device/code`, which returns a code for the user to enter.
    DeviceCode,
    /// `/login/oauth/access_token`, which returns the token once the user has
    /// agreed.
    AccessToken,
}

impl Client {
    /// Posts `fields` to a page of the web site (`endpoints().web`) once, and
    /// returns the JSON object of the response. OAuth errors are such objects
    /// too, with status 200.
    ///
    /// The client should have no token: these pages do not need one.
    ///
    /// # Errors
    /// Those of any request. It is not retried: the caller knows the interval.
    pub(crate) async fn sign_in(
        &self,
        page: SignInPage,
        fields: &impl Serialize,
    ) -> Result<Value, ApiError> {
        let path = match page {
            SignInPage::DeviceCode => ApiPath::root("login").then("device").then("code"),
            SignInPage::AccessToken => ApiPath::root("login").then("oauth").then("access_token"),
        };
        let request = Request {
            accept: "application/json",
            ..Request::query(path.below(&self.endpoints().web), fields)?
        };
        let once = Budget {
            most_attempts: 1,
            ..self.budget()
        };
        // Parsed as a value, so that no error message repeats a secret field.
        let reply = self.call(&request, once, Response::json::<Value>).await?;
        Ok(reply.value)
    }
}
