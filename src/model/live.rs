use jiff::Timestamp;
use serde::Serialize;

use super::{DeploymentState, DeploymentWithState, Environment, Phase, Status, User};

/// A deployment in an [`EnvironmentOverview`], as far as GraphQL describes it.
///
/// See <https://docs.github.com/graphql/reference/objects#deployment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeploymentSummary {
    /// The node ID. The numeric ID is not known: GraphQL's 32 bits are too few
    /// for it.
    pub node_id: String,
    /// The state.
    pub state: DeploymentState,
    /// The branch, tag or SHA.
    #[serde(rename = "ref")]
    pub ref_name: Option<String>,
    /// The SHA of the commit.
    pub sha: String,
    /// The task.
    pub task: String,
    /// The description.
    pub description: Option<String>,
    /// The user who requested the deployment; `None` if the user was deleted.
    pub creator: Option<User>,
    /// When the deployment was created.
    pub created_at: Timestamp,
    /// The newest status, if there is one.
    pub latest_status: Option<Status>,
}

impl From<&DeploymentWithState> for DeploymentSummary {
    fn from(observed: &DeploymentWithState) -> Self {
        let deployment = &observed.deployment;
        Self {
            node_id: deployment.node_id.clone(),
            state: observed.state.clone(),
            ref_name: Some(deployment.ref_name.clone()),
            sha: deployment.sha.clone(),
            task: deployment.task.clone(),
            description: deployment.description.clone(),
            creator: deployment.creator.clone(),
            created_at: deployment.created_at,
            latest_status: observed.latest_status.clone(),
        }
    }
}

impl DeploymentSummary {
    /// Whether the deployment is active.
    pub fn is_active(&self) -> bool {
        self.state.phase() == Phase::Succeeded
    }

    /// The time since which it has been in its state, as far as that is known.
    pub fn since(&self) -> Timestamp {
        self.latest_status
            .as_ref()
            .map_or(self.created_at, |status| status.created_at)
    }

    /// The URL of the environment, if the newest status has one.
    pub fn environment_url(&self) -> Option<&str> {
        self.latest_status
            .as_ref()
            .and_then(Status::environment_url)
    }

    /// The branch or tag, or else the SHA.
    pub fn ref_or_sha(&self) -> &str {
        self.ref_name.as_deref().unwrap_or(&self.sha)
    }

    /// The login of the user who requested the deployment, if known.
    pub fn creator_login(&self) -> Option<&str> {
        self.creator.as_ref().map(User::login)
    }
}

/// An environment with its active and its latest deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentOverview {
    /// The environment.
    pub environment: Environment,
    /// The active deployment, if one exists.
    pub live: Option<DeploymentSummary>,
    /// Whether enough deployments were searched to know which one is active.
    pub is_live_known: bool,
    /// The newest deployment that succeeded or failed, which may not be the
    /// active one.
    pub latest: Option<DeploymentSummary>,
}
