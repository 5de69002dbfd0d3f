use serde::Serialize;
use serde_json::Value;

use super::call::Budget;
use super::path::ApiPath;
use super::request::Request;
use super::response::Response;
use super::{ApiError, Client};

/// The pages of the web site by which a program signs a user in.
///
/// See <https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInPage {
    /// `/login/device/code`, which gives a code to type in.
    DeviceCode,
    /// `/login/oauth/access_token`, which gives the token once the user agreed.
    AccessToken,
}

impl Client {
    /// Posts `fields` to a page of the web site (`endpoints().web`), once, and
    /// gives the JSON object of its response. Errors of OAuth come as such
    /// objects too, with status 200.
    ///
    /// The client should have no token: these pages take none.
    ///
    /// # Errors
    /// Those of any call; a repeat is left to the caller, who knows the pace.
    pub async fn sign_in(
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
        // Into a value, so that no message repeats a field that is a secret.
        let reply = self.call(&request, once, Response::json::<Value>).await?;
        Ok(reply.value)
    }
}
