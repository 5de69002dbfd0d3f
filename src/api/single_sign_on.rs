use std::collections::BTreeSet;
use std::sync::PoisonError;

use super::Client;
use super::response::Response;

/// The beginning of `X-GitHub-SSO` if a response leaves out what belongs to some
/// organizations.
const PARTIAL: &str = "partial-results; organizations=";

impl Client {
    /// Notes the organizations that a response leaves out.
    ///
    /// See <https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#authorizing-a-token-for-saml-sso>.
    pub(super) fn note_hidden_organizations(&self, response: &Response) {
        let value = response.headers.get("x-github-sso");
        let ids = value
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.strip_prefix(PARTIAL));
        let Some(ids) = ids else { return };
        let mut hidden = self
            .0
            .hidden_organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        hidden.extend(ids.split(',').map(|id| id.trim().to_owned()));
    }

    /// The IDs of the organizations that responses left out, because the token
    /// is not authorized for their single sign-on.
    pub(crate) fn hidden_organizations(&self) -> BTreeSet<String> {
        self.0
            .hidden_organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
