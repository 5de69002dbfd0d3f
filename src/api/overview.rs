use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;
use futures_util::future::{Either, select};
use jiff::Timestamp;
use serde::Deserialize;

use super::commit_name::{CommitName, CommitParts, NamedCommit, without_missing_pull};
use super::graphql::{Connection, InRepository, Partial};
use super::graphql_states::{Actor, LatestStatus, Ref, status, user};
use super::repository_query::RepositoryQuery;
use super::rest::none_if_missing;
use super::{ApiError, DeploymentFilter, Paging, RepoHandle, in_order};
use crate::model::{
    DeploymentState, DeploymentSummary, DeploymentWithState, Environment, EnvironmentOverview,
    Phase,
};

/// How many environments one query gets.
const NODES: usize = 100;
/// How many of an environment's newest deployments are searched first for the
/// active one, if the newest has failed.
pub(super) const FIRST_DEPTH: usize = 10;
/// After how many deployments the search for the active one ends without a
/// result.
const DEEPEST: usize = 1000;
/// The same without GraphQL, where each deployment costs a request.
const DEEPEST_BY_REST: usize = 100;

pub(super) const FIELDS: &str = "fragment F on Deployment{id state task description commitOid createdAt \
ref{name} creator{__typename login} latestStatus{id state description environment environmentUrl \
logUrl createdAt updatedAt creator{__typename login}}}";

/// The data about all environments.
#[derive(Deserialize)]
struct Repository {
    environments: Connection<Named>,
    #[serde(flatten)]
    commit: CommitParts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    name: String,
    latest_completed_deployment: Option<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    id: String,
    state: Option<String>,
    task: Option<String>,
    description: Option<String>,
    commit_oid: String,
    created_at: Timestamp,
    r#ref: Option<Ref>,
    creator: Option<Actor>,
    latest_status: Option<LatestStatus>,
}

/// Environments with their newest completed deployments, which need not be
/// active, and the commit that was asked for.
type Latest = (
    Vec<(String, Option<DeploymentSummary>)>,
    Option<NamedCommit>,
);

/// The active deployments of environments whose newest deployment failed.
#[derive(Default)]
pub(super) struct FallbackDeployments {
    pub(super) live: HashMap<String, DeploymentSummary>,
    /// The environments whose deployments were not searched to the end.
    pub(super) unknown: HashSet<String>,
}

/// How far the deployments of an environment were searched.
struct Search<'a> {
    name: &'a str,
    looked_at: usize,
    after: Option<String>,
}

impl<'a> Search<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            looked_at: 0,
            after: None,
        }
    }
}

impl RepoHandle<'_> {
    /// Gets all environments of the repository with the active deployment of
    /// each: two simultaneous requests for each 100 environments, however many
    /// deployments there are. For environments whose newest completed
    /// deployment failed there is one more request for each 100, and more if
    /// that does not find the active deployment. If the ref of a deployment was
    /// deleted or is a SHA, another request gets it. Needs the permissions
    /// "Actions: read" and "Deployments: read".
    ///
    /// Without GraphQL, the newest deployments of each environment are searched
    /// in parallel, and an [`Event::Note`](super::Event::Note) says so.
    pub async fn overview(self) -> Result<Vec<EnvironmentOverview>, ApiError> {
        let environments = std::pin::pin!(self.environments());
        let latest = std::pin::pin!(self.latest_completed(&[], None));
        let (environments, latest) = match select(environments, latest).await {
            // Without environments there is nothing to wait for.
            Either::Left((environments, latest)) => {
                let environments = environments?;
                if environments.is_empty() {
                    return Ok(Vec::new());
                }
                (environments, latest.await)
            }
            Either::Right((latest, environments)) => (environments.await?, latest),
        };
        let Some((latest, _)) = latest else {
            return self.overview_by_rest(environments).await;
        };
        let latest: HashMap<String, DeploymentSummary> = latest
            .into_iter()
            .filter_map(|(name, latest)| Some((name, latest?)))
            .collect();
        let failed: Vec<&str> = latest
            .iter()
            .filter(|(_, live)| !live.is_active())
            .map(|(name, _)| name.as_str())
            .collect();
        let Some(mut below) = self.find_active(&failed).await else {
            return self.overview_by_rest(environments).await;
        };
        let overview = |environment: Environment| {
            let latest = latest.get(&environment.name).cloned();
            let live = match &latest {
                Some(latest) if latest.is_active() => Some(latest.clone()),
                Some(_) => below.live.remove(&environment.name),
                None => None,
            };
            EnvironmentOverview {
                is_live_known: !below.unknown.contains(&environment.name),
                environment,
                live,
                latest,
            }
        };
        let mut overviews: Vec<EnvironmentOverview> =
            environments.into_iter().map(overview).collect();
        self.add_refs(&mut overviews).await?;
        Ok(overviews)
    }

    /// Gets the newest completed deployment of each environment, or of those with
    /// these names, and the commit that a name stands for: one request for each
    /// 100 environments. `None` if GraphQL is not available.
    pub(super) async fn latest_completed(
        self,
        names: &[&str],
        commit: Option<&CommitName>,
    ) -> Option<Latest> {
        if !self.client.can_use_graphql() {
            return None;
        }
        let mut found = Vec::new();
        let mut found_commit = None;
        let mut after: Option<String> = None;
        loop {
            let mut query = RepositoryQuery::new(self.slug);
            query.declare("after", "String", after.as_deref());
            let mut wanted = "first:100,after:$after".to_owned();
            if !names.is_empty() {
                query.declare("names", "[String!]", names);
                wanted.push_str(",names:$names");
            }
            query.ask(&format!(
                "environments({wanted}){{pageInfo{{hasNextPage endCursor}} \
                 nodes{{name latestCompletedDeployment{{...F}}}}}}"
            ));
            if let Some(name) = commit.filter(|_| after.is_none()) {
                name.ask(&mut query);
            }
            let page = query.send::<Repository>(self.client, FIELDS).await;
            let page = self.complete_data(page.map(without_missing_pull))?;
            found_commit = found_commit.or_else(|| page.commit.named(commit?));
            let next = page.environments.next();
            for one in page.environments.into_nodes() {
                let latest = one.latest_completed_deployment.map(summary).transpose();
                found.push((one.name, latest.ok()?));
            }
            if next.is_none() || next == after {
                return Some((found, found_commit));
            }
            after = next;
        }
    }

    /// Gets the active deployments of environments whose newest deployment
    /// failed; `None` if GraphQL is not available.
    ///
    /// The first request gets a few deployments of each environment;
    /// environments that it does not settle are searched page by page.
    pub(super) async fn find_active(self, names: &[&str]) -> Option<FallbackDeployments> {
        self.find_active_of_task(names, None).await
    }

    /// Like [`find_active`](Self::find_active), for the deployments of a task.
    pub(super) async fn find_active_of_task(
        self,
        names: &[&str],
        task: Option<&str>,
    ) -> Option<FallbackDeployments> {
        let mut below = FallbackDeployments::default();
        let mut searches: Vec<Search> = names.iter().map(|name| Search::new(name)).collect();
        let (mut depth, mut at_once) = (FIRST_DEPTH, NODES);
        while !searches.is_empty() {
            let mut unsettled = Vec::new();
            for chunk in searches.chunks(at_once) {
                let found = self.search_page(chunk, depth, task).await?;
                for (search, (live, after)) in chunk.iter().zip(found) {
                    let looked_at = search.looked_at + depth;
                    if let Some(live) = live {
                        below.live.insert(search.name.to_owned(), live);
                    } else if after.is_some() && looked_at >= DEEPEST {
                        below.unknown.insert(search.name.to_owned());
                    } else if after.is_some() {
                        unsettled.push(Search {
                            looked_at,
                            after,
                            ..*search
                        });
                    }
                }
            }
            searches = unsettled;
            (depth, at_once) = (NODES, NODES / FIRST_DEPTH);
        }
        Some(below)
    }

    /// Gets the newest active deployment of the next `depth` deployments of
    /// each search, and the cursor to continue at.
    async fn search_page(
        self,
        searches: &[Search<'_>],
        depth: usize,
        task: Option<&str>,
    ) -> Option<Vec<(Option<DeploymentSummary>, Option<String>)>> {
        let mut query = RepositoryQuery::new(self.slug);
        for (index, search) in searches.iter().enumerate() {
            let page = (depth, search.after.as_deref());
            query.ask_deployments(index, search.name, page, "...F");
        }
        let response = query
            .send::<HashMap<String, Connection<Node>>>(self.client, FIELDS)
            .await;
        let mut pages = self.complete_data(response)?;
        let mut found = Vec::with_capacity(searches.len());
        for index in 0..searches.len() {
            let Some(page) = pages.remove(&format!("e{index}")) else {
                found.push((None, None));
                continue;
            };
            let next = page.next();
            let mut active = None;
            for node in page.into_nodes() {
                let live = summary(node).ok()?;
                if live.is_active() && task.is_none_or(|task| live.task == task) {
                    active = Some(live);
                    break;
                }
            }
            found.push((active, next));
        }
        Some(found)
    }

    /// The repository of a complete response. With data missing because of an
    /// error, an environment would seem to have no deployments.
    fn complete_data<T>(self, response: Result<Partial<InRepository<T>>, ApiError>) -> Option<T> {
        let complete = response
            .map_err(|error| error.to_string())
            .and_then(Partial::complete)
            .and_then(InRepository::shown);
        match complete {
            Ok(repository) => Some(repository),
            Err(reason) => {
                self.client.disable_graphql(&reason);
                None
            }
        }
    }

    async fn overview_by_rest(
        self,
        environments: Vec<Environment>,
    ) -> Result<Vec<EnvironmentOverview>, ApiError> {
        let at_once = self.client.concurrency();
        in_order(environments, at_once, |one| self.overview_of(one, None))
            .try_collect()
            .await
    }

    /// Searches the newest deployments of one environment.
    pub(super) async fn overview_of(
        self,
        environment: Environment,
        task: Option<&str>,
    ) -> Result<EnvironmentOverview, ApiError> {
        let filter = DeploymentFilter {
            task: task.map(str::to_owned),
            ..DeploymentFilter::new().environment(&environment.name)
        };
        let newest = self
            .deployments(&filter, Paging::up_to(DEEPEST_BY_REST))
            .try_concat()
            .await?;
        let has_more = newest.len() == DEEPEST_BY_REST;
        let (mut active, mut latest) = (None, None);
        for deployment in newest {
            let status = self.deployment(deployment.id).latest_status().await;
            let Some((status, now)) = none_if_missing(status)? else {
                continue;
            };
            let observed = DeploymentWithState::from_latest_status(deployment, status, now);
            let phase = observed.state.phase();
            if latest.is_none() && matches!(phase, Phase::Succeeded | Phase::Failed) {
                latest = Some(DeploymentSummary::from(&observed));
            }
            if phase == Phase::Succeeded {
                active = Some(DeploymentSummary::from(&observed));
                break;
            }
        }
        Ok(EnvironmentOverview {
            environment,
            is_live_known: active.is_some() || !has_more,
            live: active,
            latest,
        })
    }
}

pub(super) fn summary(node: Node) -> Result<DeploymentSummary, ApiError> {
    Ok(DeploymentSummary {
        node_id: node.id,
        state: DeploymentState::from_word(node.state.as_deref().unwrap_or("pending")),
        ref_name: node.r#ref.map(|found| found.name),
        sha: node.commit_oid,
        task: node.task.unwrap_or_default(),
        description: node.description,
        creator: node.creator.as_ref().map(user).transpose()?,
        created_at: node.created_at,
        latest_status: node.latest_status.map(status).transpose()?,
    })
}
