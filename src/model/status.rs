use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{RawJson, StatusId, StatusState, User};

/// The maximum length of a status description, in characters (not bytes).
pub const DESCRIPTION_LIMIT: usize = 140;

/// Parses the description of a status, whose length is counted in characters.
pub(crate) fn parse_description(text: &str) -> Result<String, String> {
    let count = text.chars().count();
    if count > DESCRIPTION_LIMIT {
        return Err(format!(
            "it has {count} characters, and GitHub takes {DESCRIPTION_LIMIT}"
        ));
    }
    Ok(text.to_owned())
}

/// Parses the URL of an environment or a log: http or https, with a host.
pub(crate) fn parse_url(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            Ok(text.to_owned())
        }
        _ => Err("write a whole address, https://…".to_owned()),
    }
}

/// A deployment status.
///
/// The fields are GitHub's. Fields that a response lacks are `None`: GraphQL
/// has no numeric ID and no REST URLs, and old servers have no `log_url`. See
/// <https://docs.github.com/rest/deployments/statuses>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The URL of the status in the API.
    #[serde(default)]
    pub url: Option<String>,
    /// The ID.
    #[serde(default)]
    pub id: Option<StatusId>,
    /// The node ID.
    #[serde(default)]
    pub node_id: Option<String>,
    /// The state.
    pub state: StatusState,
    /// The user who created the status.
    #[serde(default)]
    pub creator: Option<User>,
    /// The description, at most [`DESCRIPTION_LIMIT`] characters.
    #[serde(default)]
    pub description: Option<String>,
    /// The environment that the deployment belongs to since this status.
    #[serde(default)]
    pub environment: Option<String>,
    /// The old name of `log_url`.
    #[serde(default)]
    pub target_url: Option<String>,
    /// When the status was created.
    pub created_at: Timestamp,
    /// When the status was last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// The URL of the deployment in the API.
    #[serde(default)]
    pub deployment_url: Option<String>,
    /// The URL of the repository in the API.
    #[serde(default)]
    pub repository_url: Option<String>,
    /// The URL of the environment.
    #[serde(default)]
    pub environment_url: Option<String>,
    /// The URL of the deployment's output.
    #[serde(default)]
    pub log_url: Option<String>,
    /// The GitHub App that created the status, as JSON.
    #[serde(default)]
    pub performed_via_github_app: Option<RawJson>,
}

impl Status {
    /// The environment URL, unless it is empty: GitHub sends `""` for none.
    pub fn environment_url(&self) -> Option<&str> {
        self.environment_url
            .as_deref()
            .filter(|url| !url.is_empty())
    }

    /// The log URL, under its current or its old name.
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

    #[test]
    fn a_url_has_a_scheme_and_a_host() {
        assert!(parse_url("https://example.com/a?b").is_ok());
        for text in [
            "",
            "example.com",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
        ] {
            assert!(parse_url(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_description_is_counted_in_characters() {
        assert!(parse_description(&"é".repeat(140)).is_ok());
        assert!(parse_description(&"é".repeat(141)).is_err());
    }
}
