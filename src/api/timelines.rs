use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::graphql::{Connection, InRepository, Partial};
use super::rest::none_if_missing;
use super::{ApiError, DeploymentFilter, Paging, RepoHandle, in_order};
use crate::model::{Deployment, DeploymentState, StatusState, Timeline};

/// Gets 100 deployments with the times of their statuses, newest first.
const PAGE: &str = "query($owner:String!,$name:String!,$environments:[String!],$after:String){\
repository(owner:$owner,name:$name){deployments(first:100,after:$after,\
environments:$environments,orderBy:{field:CREATED_AT,direction:DESC}){\
pageInfo{hasNextPage endCursor} nodes{id state environment commitOid createdAt \
statuses(first:100){pageInfo{hasNextPage endCursor} nodes{state createdAt}}}}}}";

/// Gets more statuses of a deployment.
const STATUSES: &str = "query($id:ID!,$after:String){node(id:$id){... on Deployment{\
statuses(first:100,after:$after){pageInfo{hasNextPage endCursor} nodes{state createdAt}}}}}";

/// How many deployments with their statuses one step gets without GraphQL.
const REST_PAGE: u32 = 20;

#[derive(Deserialize)]
struct Repository {
    deployments: Connection<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    state: Option<String>,
    environment: Option<String>,
    commit_oid: String,
    created_at: Timestamp,
    statuses: Option<Connection<StatusNode>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusNode {
    state: String,
    created_at: Timestamp,
}

/// The data of [`STATUSES`].
#[derive(Deserialize)]
struct OneNode {
    node: Option<NodeStatuses>,
}

#[derive(Deserialize)]
struct NodeStatuses {
    statuses: Option<Connection<StatusNode>>,
}

/// Deployments with their statuses, newest first, as far as they were read.
#[derive(Debug, Default)]
pub(crate) struct Timelines {
    pub(crate) newest_first: Vec<Timeline>,
    /// Whether there are no older deployments.
    pub(crate) is_complete: bool,
}

impl RepoHandle<'_> {
    /// Gets deployments with all their statuses, newest first: one request for
    /// each 100. If `environments` are named, only theirs. After each page
    /// `needs_more` says whether to go on. Needs the permission "Deployments:
    /// read".
    ///
    /// Without GraphQL the statuses of each deployment are requested in
    /// parallel, and an [`Event::Note`](super::Event::Note) says so.
    pub(crate) async fn timelines(
        self,
        environments: &[&str],
        mut needs_more: impl FnMut(&[Timeline]) -> bool,
    ) -> Result<Timelines, ApiError> {
        if self.client.can_use_graphql() {
            match self.query_timelines(environments, &mut needs_more).await {
                Ok(found) => return Ok(found),
                Err(reason) => self.client.disable_graphql(&reason),
            };
        }
        self.timelines_by_rest(environments, needs_more).await
    }

    /// Gets them from GraphQL; the error is why that is not possible.
    async fn query_timelines(
        self,
        environments: &[&str],
        needs_more: &mut impl FnMut(&[Timeline]) -> bool,
    ) -> Result<Timelines, String> {
        let mut found = Timelines::default();
        let mut after = None;
        let environments = (!environments.is_empty()).then_some(environments);
        loop {
            let variables = json!({
                "owner": self.slug.owner(), "name": self.slug.name(),
                "environments": environments, "after": after,
            });
            let page = complete(self.client.graphql(PAGE, &variables).await);
            let page: Repository = page.and_then(InRepository::shown)?;
            let next = page.deployments.next();
            for node in page.deployments.into_nodes() {
                found.newest_first.push(self.timeline(node).await?);
            }
            if next.is_none() || next == after {
                found.is_complete = true;
                return Ok(found);
            }
            if !needs_more(&found.newest_first) {
                return Ok(found);
            }
            after = next;
        }
    }

    /// Converts a deployment. If it has more than 100 statuses, as with a deployer
    /// that reports often, the others are requested.
    async fn timeline(self, node: Node) -> Result<Timeline, String> {
        let mut statuses = Vec::new();
        let mut page = node.statuses;
        while let Some(list) = page {
            let next = list.next();
            statuses.extend(list.into_nodes());
            page = None;
            if next.is_some() {
                let variables = json!({ "id": node.id, "after": next });
                let more: OneNode = complete(self.client.graphql(STATUSES, &variables).await)?;
                page = more.node.and_then(|node| node.statuses);
                if page.as_ref().is_some_and(|page| page.next() == next) {
                    return Err("it repeats a page of statuses".to_owned());
                }
            }
        }
        let states = statuses.into_iter().map(|status| {
            let state = status.state.to_ascii_lowercase();
            (status.created_at, StatusState::from_word(&state))
        });
        let environment = node.environment.unwrap_or_default();
        let mut timeline = Timeline::new(environment, node.commit_oid, node.created_at, states);
        timeline.is_transient = match node.state.as_deref().map(DeploymentState::from_word) {
            Some(DeploymentState::Destroyed) => Some(true),
            Some(DeploymentState::Inactive) => Some(false),
            _ => None,
        };
        Ok(timeline)
    }

    async fn timelines_by_rest(
        self,
        environments: &[&str],
        mut needs_more: impl FnMut(&[Timeline]) -> bool,
    ) -> Result<Timelines, ApiError> {
        let filter = match environments {
            [name] => DeploymentFilter::new().environment(*name),
            _ => DeploymentFilter::new(),
        };
        let paging = Paging::until_stopped().per_page(REST_PAGE);
        let mut pages = self.deployment_pages(&filter, paging, self.client.budget())?;
        let mut found = Timelines::default();
        while let Some(page) = pages.next_page().await {
            let wanted = page?.items.into_iter().filter(|one| {
                environments.is_empty() || environments.contains(&one.environment.as_str())
            });
            let wanted: Vec<Deployment> = wanted.collect();
            let at_once = self.client.concurrency();
            let timelines: Vec<Option<Timeline>> =
                in_order(wanted, at_once, |one| self.timeline_by_rest(one))
                    .try_collect()
                    .await?;
            found.newest_first.extend(timelines.into_iter().flatten());
            if !needs_more(&found.newest_first) {
                return Ok(found);
            }
        }
        found.is_complete = true;
        Ok(found)
    }

    /// `None` if it was deleted in the meantime.
    async fn timeline_by_rest(self, found: Deployment) -> Result<Option<Timeline>, ApiError> {
        let statuses = self.deployment(found.id).status_history().await;
        let Some((statuses, _)) = none_if_missing(statuses)? else {
            return Ok(None);
        };
        let is_transient = found.is_transient();
        let states = statuses.into_iter().map(|one| (one.created_at, one.state));
        let mut timeline = Timeline::new(found.environment, found.sha, found.created_at, states);
        timeline.is_transient = Some(is_transient);
        Ok(Some(timeline))
    }
}

fn complete<T>(response: Result<Partial<T>, ApiError>) -> Result<T, String> {
    let readable = |error: ApiError| error.to_string();
    response.map_err(readable).and_then(Partial::complete)
}
