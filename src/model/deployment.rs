use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    DeploymentId, DeploymentState, Payload, RawJson, Status, StatusState, User, or_default,
};

/// A deployment, as the REST API returns it: without its state.
///
/// See <https://docs.github.com/rest/deployments/deployments>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The URL of the deployment in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
    /// The ID.
    pub id: DeploymentId,
    /// The node ID; empty if an old server has none.
    #[serde(default, deserialize_with = "or_default")]
    pub node_id: String,
    /// The task, `deploy` by default.
    #[serde(default, deserialize_with = "or_default")]
    pub task: String,
    /// The environment that was requested.
    #[serde(default)]
    pub original_environment: Option<String>,
    /// The environment that the deployment belongs to now.
    #[serde(default, deserialize_with = "or_default")]
    pub environment: String,
    /// The description.
    #[serde(default)]
    pub description: Option<String>,
    /// When the deployment was created.
    pub created_at: Timestamp,
    /// When the deployment or its statuses last changed; `None` if the server
    /// does not say.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// The URL of the deployment's statuses in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub statuses_url: String,
    /// The URL of the repository in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub repository_url: String,
    /// The user who requested the deployment; `None` if the user was deleted.
    #[serde(default)]
    pub creator: Option<User>,
    /// The SHA that the ref pointed to when the deployment was created.
    pub sha: String,
    /// The branch, tag or SHA, as it was requested.
    #[serde(rename = "ref")]
    pub ref_name: String,
    /// The payload for the deployer.
    #[serde(default, deserialize_with = "or_default")]
    pub payload: Payload,
    /// Whether the environment is transient.
    #[serde(default)]
    pub transient_environment: Option<bool>,
    /// Whether end users interact with the environment.
    #[serde(default)]
    pub production_environment: Option<bool>,
    /// The GitHub App that requested the deployment, as JSON.
    #[serde(default)]
    pub performed_via_github_app: Option<RawJson>,
}

impl Deployment {
    /// Whether the environment is transient; false if the server does not say.
    pub fn is_transient(&self) -> bool {
        self.transient_environment.unwrap_or(false)
    }

    /// Whether end users interact with the environment; false if the server
    /// does not say.
    pub fn is_production(&self) -> bool {
        self.production_environment.unwrap_or(false)
    }

    /// The login of the user who requested the deployment, if known.
    pub fn creator_login(&self) -> Option<&str> {
        let login = self.creator.as_ref().map(User::login);
        login.filter(|login| !login.is_empty())
    }

    /// When the deployment or its statuses last changed, as far as the server
    /// says.
    pub fn last_change(&self) -> Timestamp {
        let created = self.created_at;
        self.updated_at.map_or(created, |time| time.max(created))
    }
}

/// A deployment with its state and its newest status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentWithState {
    /// The deployment.
    pub deployment: Deployment,
    /// The state, from GraphQL or computed from the newest status.
    pub state: DeploymentState,
    /// The newest status, if there is one.
    pub latest_status: Option<Status>,
}

impl DeploymentWithState {
    /// Computes the state from the newest status. `now` is by the server's clock.
    pub fn from_latest_status(
        deployment: Deployment,
        latest_status: Option<Status>,
        now: Timestamp,
    ) -> Self {
        let newest: Option<&StatusState> = latest_status.as_ref().map(|status| &status.state);
        let state = DeploymentState::compute(
            newest,
            deployment.is_transient(),
            deployment.last_change(),
            now,
        );
        Self {
            deployment,
            state,
            latest_status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_2018_without_the_later_fields_is_read() {
        let text = r#"{"id":1,"sha":"abc","ref":"main","created_at":"2018-03-30T20:00:00Z","updated_at":"2018-03-30T20:00:01Z","payload":"","creator":null}"#;
        let deployment: Deployment = serde_json::from_str(text).expect("valid");
        assert!(!deployment.is_transient());
        assert_eq!(deployment.creator_login(), None);
        assert_eq!(deployment.node_id, "");
    }

    #[test]
    fn what_nothing_depends_on_may_be_null_or_missing() {
        let null = r#"{"url":null,"id":1,"node_id":null,"task":null,"original_environment":null,"environment":null,"description":null,"created_at":"2018-03-30T20:00:00Z","updated_at":null,"statuses_url":null,"repository_url":null,"creator":{},"sha":"abc","ref":"main","payload":null,"transient_environment":null,"production_environment":null}"#;
        let missing = r#"{"id":1,"created_at":"2018-03-30T20:00:00Z","sha":"abc","ref":"main"}"#;
        for text in [null, missing] {
            let deployment: Deployment = serde_json::from_str(text).expect("valid");
            assert_eq!(deployment.last_change(), deployment.created_at, "{text}");
            assert_eq!(deployment.creator_login(), None);
            assert!(deployment.payload.is_empty() && deployment.task.is_empty());
        }
    }

    #[test]
    fn a_deployment_survives_a_round_trip() {
        let text = r#"{"url":"u","id":5584461344,"node_id":"DE_x","task":"deploy","original_environment":"staging","environment":"production","description":null,"created_at":"2012-07-20T01:19:13Z","updated_at":"2012-07-20T01:19:13Z","statuses_url":"s","repository_url":"r","creator":{"login":"octocat","id":1},"sha":"abc","ref":"topic","payload":"{\"a\":1}","transient_environment":false,"production_environment":true,"performed_via_github_app":null}"#;
        let deployment: Deployment = serde_json::from_str(text).expect("valid");
        assert_eq!(
            serde_json::to_string(&deployment).expect("serializes"),
            text
        );
    }
}
