use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    DeploymentId, DeploymentState, Payload, RawJson, Status, StatusState, User, or_default,
};

/// A request that a ref be deployed, as REST gives it: without its state.
///
/// See <https://docs.github.com/rest/deployments/deployments>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The address of this deployment in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
    /// Its number.
    pub id: DeploymentId,
    /// Its GraphQL id; empty where an old server has none.
    #[serde(default, deserialize_with = "or_default")]
    pub node_id: String,
    /// The kind of work, `deploy` unless said otherwise.
    #[serde(default, deserialize_with = "or_default")]
    pub task: String,
    /// The environment that was asked for.
    #[serde(default)]
    pub original_environment: Option<String>,
    /// The environment that it counts for now.
    #[serde(default, deserialize_with = "or_default")]
    pub environment: String,
    /// A short text of the one who asked.
    #[serde(default)]
    pub description: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it or its statuses last changed; `None` where a server does not say.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// The address of its statuses in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub statuses_url: String,
    /// The address of its repository in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub repository_url: String,
    /// Who asked for it; `None` for a user that is gone.
    #[serde(default)]
    pub creator: Option<User>,
    /// The commit that the ref stood at when it was asked for.
    pub sha: String,
    /// The branch, tag or SHA, as it was asked for.
    #[serde(rename = "ref")]
    pub ref_name: String,
    /// What it carries for those who deploy.
    #[serde(default, deserialize_with = "or_default")]
    pub payload: Payload,
    /// Whether the environment is to vanish one day.
    #[serde(default)]
    pub transient_environment: Option<bool>,
    /// Whether end users meet the environment.
    #[serde(default)]
    pub production_environment: Option<bool>,
    /// The GitHub App that asked for it, as it was sent.
    #[serde(default)]
    pub performed_via_github_app: Option<RawJson>,
}

impl Deployment {
    /// Whether the environment is to vanish one day; no when unsaid.
    pub fn is_transient(&self) -> bool {
        self.transient_environment.unwrap_or(false)
    }

    /// Whether end users meet the environment; no when unsaid.
    pub fn is_production(&self) -> bool {
        self.production_environment.unwrap_or(false)
    }

    /// The login of the one who asked, if known.
    pub fn creator_login(&self) -> Option<&str> {
        let login = self.creator.as_ref().map(User::login);
        login.filter(|login| !login.is_empty())
    }

    /// When it or its statuses last changed, as far as the server says.
    pub fn last_change(&self) -> Timestamp {
        let created = self.created_at;
        self.updated_at.map_or(created, |time| time.max(created))
    }
}

/// A deployment with its state and its newest status, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentWithState {
    /// The deployment.
    pub deployment: Deployment,
    /// Its state, by GraphQL's word or computed from the newest status.
    pub state: DeploymentState,
    /// Its newest status; `None` if there is none.
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
