use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use futures_util::future::{Either, select};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::graphql::Partial;
use super::graphql_states::{Actor, LatestStatus, status, user};
use super::{ApiError, DeploymentFilter, Paging, RepoHandle};
use crate::model::{
    DeploymentState, DeploymentSummary, DeploymentWithState, Environment, EnvironmentOverview,
    Phase,
};

/// How many environments one query gets.
const NODES: usize = 100;
/// How many of an environment's newest deployments are searched first for the
/// active one, if the newest has failed.
const FIRST_DEPTH: usize = 10;
/// After how many deployments the search for the active one ends without a
/// result.
const DEEPEST: usize = 1000;
/// The same without GraphQL, where each deployment costs a request.
const DEEPEST_BY_REST: usize = 100;

pub(super) const FIELDS: &str = "fragment F on Deployment{id state task description commitOid createdAt \
ref{name} creator{__typename login} latestStatus{id state description environment environmentUrl \
logUrl createdAt updatedAt creator{__typename login}}}";

const ENVIRONMENTS: &str = "query($owner:String!,$name:String!,$after:String){\
repository(owner:$owner,name:$name){environments(first:100,after:$after){\
pageInfo{hasNextPage endCursor} nodes{name latestCompletedDeployment{...F}}}}}";

#[derive(Deserialize)]
struct Page {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    environments: Connection,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection {
    pub(super) page_info: PageInfo,
    pub(super) nodes: Option<Vec<Option<Named>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) latest_completed_deployment: Option<Node>,
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

#[derive(Deserialize)]
struct Ref {
    name: String,
}

#[derive(Deserialize)]
struct Aliases {
    repository: Option<HashMap<String, Nodes>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Nodes {
    page_info: PageInfo,
    nodes: Option<Vec<Option<Node>>>,
}

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

/// The newest completed deployment of each environment, by name.
type Latest = HashMap<String, DeploymentSummary>;

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
        let latest = std::pin::pin!(self.latest_completed());
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
        let Some(latest) = latest else {
            return self.overview_by_rest(environments).await;
        };
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

    /// Gets the newest completed deployment of every environment that has one;
    /// `None` if GraphQL is not available.
    async fn latest_completed(self) -> Option<Latest> {
        if !self.client.can_use_graphql() {
            return None;
        }
        let query = format!("{ENVIRONMENTS}{FIELDS}");
        let mut latest = Latest::new();
        let mut after = None;
        loop {
            let variables = json!({
                "owner": self.slug.owner(), "name": self.slug.name(), "after": after,
            });
            let page = self.client.graphql::<Page>(&query, &variables).await;
            let page = self.complete_data(page)?.repository;
            let Some(Repository { environments: page }) = page else {
                self.client
                    .disable_graphql("it does not show the repository");
                return None;
            };
            for named in page.nodes.into_iter().flatten().flatten() {
                if let Some(node) = named.latest_completed_deployment {
                    latest.insert(named.name, live(node).ok()?);
                }
            }
            let next = page.page_info.end_cursor;
            if !page.page_info.has_next_page || next.is_none() || next == after {
                return Some(latest);
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
        let mut declared = "query($owner:String!,$name:String!".to_owned();
        let mut asked = String::new();
        let mut variables = Map::new();
        variables.insert("owner".to_owned(), self.slug.owner().into());
        variables.insert("name".to_owned(), self.slug.name().into());
        for (index, search) in searches.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(declared, ",$e{index}:[String!],$a{index}:String");
            let _ = write!(
                asked,
                "e{index}:deployments(first:{depth},after:$a{index},environments:$e{index},\
                 orderBy:{{field:CREATED_AT,direction:DESC}}){{\
                 pageInfo{{hasNextPage endCursor}} nodes{{...F}}}}"
            );
            variables.insert(format!("e{index}"), json!([search.name]));
            variables.insert(format!("a{index}"), json!(search.after));
        }
        let query =
            format!("{declared}){{repository(owner:$owner,name:$name){{{asked}}}}}{FIELDS}");
        let response = self
            .client
            .graphql::<Aliases>(&query, &Value::Object(variables))
            .await;
        let mut pages = self.complete_data(response)?.repository.unwrap_or_default();
        let mut found = Vec::with_capacity(searches.len());
        for index in 0..searches.len() {
            let Some(page) = pages.remove(&format!("e{index}")) else {
                found.push((None, None));
                continue;
            };
            let mut active = None;
            for node in page.nodes.into_iter().flatten().flatten() {
                let live = live(node).ok()?;
                if live.is_active() && task.is_none_or(|task| live.task == task) {
                    active = Some(live);
                    break;
                }
            }
            let next = page.page_info.end_cursor;
            found.push((active, next.filter(|_| page.page_info.has_next_page)));
        }
        Some(found)
    }

    /// The data of a complete response. With data missing because of an error,
    /// an environment would seem to have no deployments.
    pub(super) fn complete_data<T>(self, response: Result<Partial<T>, ApiError>) -> Option<T> {
        match response {
            Ok(partial) if partial.damage.is_empty() => Some(partial.data),
            Ok(_) => {
                self.client.disable_graphql("its response is incomplete");
                None
            }
            Err(error) => {
                self.client.disable_graphql(&error.to_string());
                None
            }
        }
    }

    async fn overview_by_rest(
        self,
        environments: Vec<Environment>,
    ) -> Result<Vec<EnvironmentOverview>, ApiError> {
        stream::iter(environments)
            .map(|environment| self.overview_of(environment, None))
            .buffered(self.client.0.config.concurrency)
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
            let (status, now) = match self.deployment(deployment.id).latest_status().await {
                Ok(found) => found,
                Err(error) if error.status() == Some(404) => continue,
                Err(error) => return Err(error),
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

pub(super) fn live(node: Node) -> Result<DeploymentSummary, ApiError> {
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
