use jiff::Timestamp;
use serde::Serialize;

use super::{DeploymentState, DeploymentWithState, Environment, Phase, Status, User};

/// What GraphQL tells of a deployment in an overview.
///
/// See <https://docs.github.com/graphql/reference/objects#deployment>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeploymentSummary {
    /// Its GraphQL id; GraphQL's numbers are too narrow for deployments.
    pub node_id: String,
    /// Its state.
    pub state: DeploymentState,
    /// The ref; GraphQL alone knows it only while it is a branch or tag that
    /// exists.
    #[serde(rename = "ref")]
    pub ref_name: Option<String>,
    /// The commit.
    pub sha: String,
    /// The kind of work.
    pub task: String,
    /// A short text of the one who asked.
    pub description: Option<String>,
    /// Who asked for it; `None` for a user that is gone.
    pub creator: Option<User>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Its newest status; `None` if there is none.
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
    /// Whether it serves.
    pub fn is_active(&self) -> bool {
        self.state.phase() == Phase::Succeeded
    }

    /// Since when it is in its state, as far as that is known.
    pub fn since(&self) -> Timestamp {
        self.latest_status
            .as_ref()
            .map_or(self.created_at, |status| status.created_at)
    }

    /// Where it can be visited, if it says so.
    pub fn environment_url(&self) -> Option<&str> {
        self.latest_status
            .as_ref()
            .and_then(Status::environment_url)
    }

    /// The branch or tag, or the commit where there is none.
    pub fn ref_or_sha(&self) -> &str {
        self.ref_name.as_deref().unwrap_or(&self.sha)
    }

    /// The login of the one who asked, if known.
    pub fn creator_login(&self) -> Option<&str> {
        self.creator.as_ref().map(User::login)
    }
}

/// An environment and what became of its deployments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentOverview {
    /// The environment.
    pub environment: Environment,
    /// The deployment that serves; `None` if none does.
    pub live: Option<DeploymentSummary>,
    /// Whether the deployments were searched to the end for what is live.
    pub is_live_known: bool,
    /// The newest deployment that succeeded or failed, which need not be the
    /// one that serves.
    pub latest: Option<DeploymentSummary>,
}
