use std::collections::HashMap;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::concurrency::RequestClass;
use super::graphql::{NODES, Partial, Step, indexes};
use super::{ApiError, Client, DeploymentFilter, Event};
use crate::model::{DeploymentState, RepoSlug, Status, StatusState, User};

/// Gets the newest deployments of a repository with their states. GraphQL's
/// default order is the reverse of REST's. `databaseId` is never used: it has
/// 32 bits, which are too few for the IDs of deployments.
const FIRST_PAGE: &str = "query($owner:String!,$name:String!,$first:Int!,$environments:[String!]){\
repository(owner:$owner,name:$name){\
deployments(first:$first,environments:$environments,orderBy:{field:CREATED_AT,direction:DESC}){\
nodes{id state latestStatus{id state description environment environmentUrl logUrl createdAt \
updatedAt creator{__typename login}}}}}}";

/// Gets the states of deployments by their node IDs.
const BY_ID: &str = "query($ids:[ID!]!){nodes(ids:$ids){... on Deployment{\
id state latestStatus{id state description environment environmentUrl logUrl createdAt updatedAt \
creator{__typename login}}}}}";

/// The state of a deployment, from GraphQL.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) state: DeploymentState,
    pub(super) latest: Option<Status>,
}

/// The known states, by node ID.
pub(super) type States = HashMap<String, Known>;

/// The data of [`FIRST_PAGE`].
#[derive(Deserialize)]
pub(super) struct FirstPage {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    deployments: Nodes,
}

/// The data of [`BY_ID`], and the content of a list of deployments.
#[derive(Deserialize)]
pub(super) struct Nodes {
    nodes: Option<Vec<Option<Node>>>,
}

/// A deployment. A node of another type has none of the fields.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Node {
    id: Option<String>,
    state: Option<String>,
    latest_status: Option<LatestStatus>,
}

/// The newest status of a deployment, in GraphQL's form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LatestStatus {
    id: Option<String>,
    state: String,
    description: Option<String>,
    environment: Option<String>,
    environment_url: Option<String>,
    log_url: Option<String>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    creator: Option<Actor>,
}

/// A branch or tag, in GraphQL's form.
#[derive(Deserialize)]
pub(super) struct Ref {
    pub(super) name: String,
}

/// A user or bot, in GraphQL's form.
#[derive(Deserialize)]
pub(super) struct Actor {
    #[serde(rename = "__typename")]
    kind: Option<String>,
    login: String,
}

impl Client {
    /// Whether to use GraphQL: it needs a token, and is not tried again after
    /// it has failed.
    pub(crate) fn can_use_graphql(&self) -> bool {
        self.has_token() && !self.0.without_graphql.load(Ordering::Relaxed)
    }

    /// Gets the states of the newest `first` (1 to 100) deployments; none if
    /// GraphQL is not available.
    pub(super) async fn newest_states(
        &self,
        repo: &RepoSlug,
        filter: &DeploymentFilter,
        first: usize,
    ) -> States {
        let environments = filter.environment.as_ref().map(|name| [name]);
        let variables = json!({
            "owner": repo.owner(),
            "name": repo.name(),
            "first": first.clamp(1, NODES),
            "environments": environments,
        });
        let page = self
            .graphql_in::<FirstPage>(RequestClass::States, FIRST_PAGE, &variables)
            .await;
        match page.map(on_first_page) {
            Ok(Some(states)) => states,
            Ok(None) => self.disable_graphql("it does not show the repository"),
            Err(error) => self.disable_graphql(&error.to_string()),
        }
    }

    /// Gets the states of the deployments with these node IDs, as far as they
    /// are available.
    pub(super) async fn states_of(&self, ids: Vec<String>) -> States {
        let query = |ids| self.states_of_chunk(ids);
        self.query_in_chunks(ids, query).await
    }

    async fn states_of_chunk(&self, ids: Vec<String>) -> States {
        if !self.can_use_graphql() {
            return States::new();
        }
        let variables = json!({ "ids": ids });
        let response = self
            .graphql_in::<Nodes>(RequestClass::States, BY_ID, &variables)
            .await;
        match response {
            Ok(partial) => {
                let is_damaged = !partial.damage.is_empty();
                let states = by_id(partial);
                if states.is_empty() && is_damaged {
                    return self.disable_graphql("it shows none of the deployments");
                }
                states
            }
            Err(error) => self.disable_graphql(&error.to_string()),
        }
    }

    /// Notes that GraphQL is not available, for this client and its clones.
    pub(super) fn disable_graphql(&self, reason: &str) -> States {
        if !self.0.without_graphql.swap(true, Ordering::Relaxed) {
            self.notify(&Event::Note(&format!(
                "GraphQL is not available ({reason}): getting each state with a REST request"
            )));
        }
        States::new()
    }
}

/// The states of a first page; `None` if the response does not have the
/// repository.
pub(super) fn on_first_page(partial: Partial<FirstPage>) -> Option<States> {
    let nodes = partial.data.repository.and_then(|r| r.deployments.nodes);
    let path = ["repository", "deployments", "nodes"];
    nodes.map(|nodes| known(nodes, &partial.damage, &path))
}

/// The states of nodes that were requested by ID.
pub(super) fn by_id(partial: Partial<Nodes>) -> States {
    let nodes = partial.data.nodes.unwrap_or_default();
    known(nodes, &partial.damage, &["nodes"])
}

/// The states of the nodes that are complete.
fn known(nodes: Vec<Option<Node>>, damage: &[Vec<Step>], path: &[&str]) -> States {
    let damaged = indexes(damage, path);
    nodes
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !damaged.contains(index))
        .filter_map(|(_, node)| {
            let Node {
                id,
                state,
                latest_status,
            } = node?;
            let latest = latest_status.map(status).transpose().ok()?;
            let state = DeploymentState::from_word(&state?);
            Some((id?, Known { state, latest }))
        })
        .collect()
}

/// Converts a status to REST's form, where missing texts are `""` and a bot's
/// login ends in `[bot]`.
pub(super) fn status(status: LatestStatus) -> Result<Status, ApiError> {
    let creator = status.creator.as_ref().map(user).transpose()?;
    let log_url = Some(status.log_url.unwrap_or_default());
    Ok(Status {
        url: None,
        id: None,
        node_id: status.id,
        state: StatusState::from_word(&status.state.to_ascii_lowercase()),
        creator,
        description: Some(status.description.unwrap_or_default()),
        environment: status.environment,
        target_url: log_url.clone(),
        created_at: status.created_at,
        updated_at: status.updated_at,
        deployment_url: None,
        repository_url: None,
        environment_url: Some(status.environment_url.unwrap_or_default()),
        log_url,
        performed_via_github_app: None,
    })
}

/// Converts a user to REST's form.
pub(super) fn user(actor: &Actor) -> Result<User, ApiError> {
    let is_bot = actor.kind.as_deref() == Some("Bot") && !actor.login.ends_with("[bot]");
    let suffix = if is_bot { "[bot]" } else { "" };
    User::from_login(format!("{}{suffix}", actor.login))
        .map_err(|error| ApiError::Setup(error.to_string()))
}
