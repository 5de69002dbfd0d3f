use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{RawJson, StatusId, StatusState, User};

/// The most characters (not bytes) that a status description may have.
pub const DESCRIPTION_LIMIT: usize = 140;

/// One report of how a deployment goes.
///
/// Fields are GitHub's; those that an answer lacks are `None` (GraphQL has no
/// number and no REST addresses, old servers have no `log_url`). See
/// <https://docs.github.com/rest/deployments/statuses>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The address of this status in the API.
    #[serde(default)]
    pub url: Option<String>,
    /// Its number.
    #[serde(default)]
    pub id: Option<StatusId>,
    /// Its GraphQL id.
    #[serde(default)]
    pub node_id: Option<String>,
    /// What it reports.
    pub state: StatusState,
    /// Who reported it.
    #[serde(default)]
    pub creator: Option<User>,
    /// A short text, at most [`DESCRIPTION_LIMIT`] characters.
    #[serde(default)]
    pub description: Option<String>,
    /// The environment that the deployment counts for since this status.
    #[serde(default)]
    pub environment: Option<String>,
    /// The old name of `log_url`.
    #[serde(default)]
    pub target_url: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// The address of the deployment in the API.
    #[serde(default)]
    pub deployment_url: Option<String>,
    /// The address of the repository in the API.
    #[serde(default)]
    pub repository_url: Option<String>,
    /// Where the deployed thing can be visited.
    #[serde(default)]
    pub environment_url: Option<String>,
    /// Where the deployment's output is.
    #[serde(default)]
    pub log_url: Option<String>,
    /// The GitHub App that reported it, as it was sent.
    #[serde(default)]
    pub performed_via_github_app: Option<RawJson>,
}

impl Status {
    /// The environment URL, if there is one (GitHub sends `""` for none).
    pub fn environment_url(&self) -> Option<&str> {
        self.environment_url
            .as_deref()
            .filter(|url| !url.is_empty())
    }

    /// Where the output is, by its new name or its old.
    pub fn log_url(&self) -> Option<&str> {
        [&self.log_url, &self.target_url]
            .into_iter()
            .filter_map(|url| url.as_deref())
            .find(|url| !url.is_empty())
    }

    /// The description, if there is one.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref().filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_urls_are_none_and_the_old_name_counts() {
        let status: Status = serde_json::from_str(
            r#"{"state":"success","created_at":"2012-07-20T01:19:13Z","target_url":"https://x","environment_url":"","log_url":""}"#,
        )
        .expect("valid");
        assert_eq!(status.environment_url(), None);
        assert_eq!(status.log_url(), Some("https://x"));
    }
}
