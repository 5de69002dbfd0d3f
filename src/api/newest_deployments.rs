use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::graphql::Connection;
use super::graphql_states::{Actor, LatestStatus, Ref, status, user};
use super::node_id::number_in;
use super::path::ApiPath;
use super::query_many::{Answer, ManyQuery, QueryPart};
use super::{ApiError, Client};
use crate::model::{
    Deployment, DeploymentId, DeploymentState, DeploymentWithState, Payload, RepoSlug,
};

const FIELDS: &str = "pageInfo{hasNextPage endCursor} nodes{id state task description commitOid \
createdAt updatedAt originalEnvironment latestEnvironment environment ref{name} \
creator{__typename login} latestStatus{id state description environment environmentUrl logUrl \
createdAt updatedAt creator{__typename login}}}";

#[derive(Deserialize)]
struct Repository {
    deployments: Connection<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    state: Option<String>,
    task: Option<String>,
    description: Option<String>,
    commit_oid: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    original_environment: Option<String>,
    latest_environment: Option<String>,
    environment: Option<String>,
    r#ref: Option<Ref>,
    creator: Option<Actor>,
    latest_status: Option<LatestStatus>,
}

/// A repository whose deployments are read, newest first.
#[derive(Clone, Debug)]
pub(crate) struct DeploymentsQuery<'a> {
    pub(crate) repo: &'a RepoSlug,
    /// After this cursor.
    pub(crate) after: Option<String>,
}

/// What GraphQL says about the deployments of a repository.
#[derive(Debug)]
pub(crate) enum DeploymentsAnswer {
    Page {
        /// Newest first. They lack what only REST has: the payload, whether the
        /// environment is transient or a production environment, and refs that
        /// were deleted or are SHAs.
        deployments: Vec<DeploymentWithState>,
        next: Option<String>,
    },
    /// The repository does not exist, or is hidden from the token.
    NotFound,
    /// GraphQL is not available: use REST.
    Unknown,
}

impl Client {
    /// Gets the next `first` (1 to 100) deployments of many repositories, or
    /// those of one environment: a request for each 25 repositories.
    pub(crate) async fn newest_deployments(
        &self,
        queries: &[DeploymentsQuery<'_>],
        first: usize,
        environment: Option<&str>,
    ) -> Result<Vec<DeploymentsAnswer>, ApiError> {
        let query = ManyQuery {
            fields: format!(
                "deployments(first:$first,after:$a#,environments:$environments,\
                 orderBy:{{field:CREATED_AT,direction:DESC}}){{{FIELDS}}}"
            ),
            fragments: "",
            variables: vec![
                ("first", "Int!", json!(first.clamp(1, 100))),
                (
                    "environments",
                    "[String!]",
                    json!(environment.map(|name| [name])),
                ),
            ],
            factor: 1,
        };
        let parts: Vec<QueryPart> = queries
            .iter()
            .map(|one| QueryPart {
                repo: one.repo,
                variables: vec![("a", "String", json!(one.after))],
            })
            .collect();
        let answers: Vec<Answer<Repository>> = self.query_many(&query, &parts).await?;
        let answers = queries.iter().zip(answers).map(|(query, answer)| {
            let page = match answer {
                Answer::NotFound => return DeploymentsAnswer::NotFound,
                Answer::Unknown => return DeploymentsAnswer::Unknown,
                Answer::Found(Repository { deployments }) => deployments,
            };
            let next = page
                .next()
                .filter(|next| query.after.as_ref() != Some(next));
            let deployments: Option<Vec<_>> = page
                .into_nodes()
                .map(|node| self.deployment_of_node(query.repo, node))
                .collect();
            deployments.map_or(DeploymentsAnswer::Unknown, |deployments| {
                DeploymentsAnswer::Page { deployments, next }
            })
        });
        Ok(answers.collect())
    }

    /// `None` if the ID has an unknown form, or a part cannot be read.
    fn deployment_of_node(&self, repo: &RepoSlug, node: Node) -> Option<DeploymentWithState> {
        let id = number_in(&node.id)?;
        let path = ApiPath::repo(repo).ok()?;
        let url = |path: ApiPath| String::from(path.below(self.rest()));
        let own = path.clone().then("deployments").number(id);
        let latest_status = node.latest_status.map(status).transpose().ok()?;
        let deployment = Deployment {
            url: url(own.clone()),
            id: DeploymentId(id),
            node_id: node.id,
            task: node.task.unwrap_or_default(),
            original_environment: node.original_environment,
            environment: node
                .latest_environment
                .or(node.environment)
                .unwrap_or_default(),
            description: node.description,
            created_at: node.created_at,
            updated_at: Some(node.updated_at),
            statuses_url: url(own.then("statuses")),
            repository_url: url(path),
            creator: node.creator.as_ref().map(user).transpose().ok()?,
            sha: node.commit_oid,
            ref_name: node.r#ref.map(|found| found.name).unwrap_or_default(),
            payload: Payload::default(),
            transient_environment: None,
            production_environment: None,
            performed_via_github_app: None,
        };
        Some(DeploymentWithState {
            deployment,
            state: DeploymentState::from_word(node.state.as_deref().unwrap_or("pending")),
            latest_status,
        })
    }
}
