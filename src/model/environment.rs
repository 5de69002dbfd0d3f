use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::RawJson;

/// A named target of deployments.
///
/// See <https://docs.github.com/rest/deployments/environments>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Its number.
    pub id: u64,
    /// Its GraphQL id.
    #[serde(default)]
    pub node_id: String,
    /// Its name: free text, case as given, slashes allowed.
    pub name: String,
    /// Its address in the API.
    #[serde(default)]
    pub url: String,
    /// Its page in the browser.
    #[serde(default)]
    pub html_url: String,
    /// When it came into being.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What gates the jobs that deploy to it, as it was sent.
    #[serde(default)]
    pub protection_rules: Option<RawJson>,
    /// Which branches may deploy to it, as it was sent.
    #[serde(default)]
    pub deployment_branch_policy: Option<RawJson>,
}
