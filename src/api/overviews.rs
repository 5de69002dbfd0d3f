use std::collections::{HashMap, HashSet};

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};

use super::graphql::Connection;
use super::node_id::number_in;
use super::overview::{FIELDS, FIRST_DEPTH, Node, summary};
use super::path::ApiPath;
use super::query_many::{Answer, ManyQuery, QueryPart};
use super::rest::none_if_missing;
use super::{ApiError, Client, in_order};
use crate::model::{DeploymentSummary, Environment, EnvironmentOverview, RepoSlug};

/// How many times as many repositories a query gets if it reads a few
/// deployments of one environment of each.
const SEARCH_FACTOR: usize = 4;

#[derive(Deserialize)]
struct Repository {
    environments: Connection<EnvironmentNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentNode {
    id: String,
    name: String,
    latest_completed_deployment: Option<Node>,
}

#[derive(Deserialize)]
struct Deployments {
    deployments: Connection<Node>,
}

/// The environments of a repository as far as they were read.
enum Progress {
    Reading(Vec<EnvironmentOverview>),
    NotFound,
    /// GraphQL has not shown all of it.
    Unknown,
}

impl Client {
    /// Gets the environments of many repositories, each with its active and its
    /// latest deployment, as [`RepoHandle::overview`](super::RepoHandle::overview)
    /// does for one, but only what GraphQL has: refs that were deleted are
    /// missing, and so are the settings of environments. One request for each 25
    /// repositories, and one more for each 100 environments whose newest
    /// completed deployment has failed. `None` stands for a repository that does
    /// not exist or is hidden.
    ///
    /// # Errors
    /// Those of a single repository are in the list.
    pub(crate) async fn overviews(
        &self,
        repos: &[&RepoSlug],
    ) -> Result<Vec<Result<Option<Vec<EnvironmentOverview>>, ApiError>>, ApiError> {
        let mut found = self.read_environments(repos).await?;
        self.find_live(repos, &mut found).await?;
        let read = repos.iter().zip(found);
        let results = in_order(read, self.concurrency(), |(repo, progress)| async move {
            match progress {
                Progress::Reading(overviews) => Ok(Some(overviews)),
                Progress::NotFound => Ok(None),
                Progress::Unknown => none_if_missing(self.repo(repo).overview().await),
            }
        });
        Ok(results.collect().await)
    }

    /// The environments with their newest completed deployments.
    async fn read_environments(&self, repos: &[&RepoSlug]) -> Result<Vec<Progress>, ApiError> {
        let query = ManyQuery {
            fields: "environments(first:100,after:$a#){pageInfo{hasNextPage endCursor} \
                     nodes{id name latestCompletedDeployment{...F}}}"
                .to_owned(),
            fragments: FIELDS,
            variables: Vec::new(),
            factor: 1,
        };
        let mut found: Vec<Progress> = Vec::new();
        found.resize_with(repos.len(), || Progress::Reading(Vec::new()));
        let mut open: Vec<(usize, Option<String>)> =
            (0..repos.len()).map(|index| (index, None)).collect();
        while !open.is_empty() {
            let parts: Vec<QueryPart> = open
                .iter()
                .map(|(index, after)| QueryPart {
                    repo: repos[*index],
                    variables: vec![("a", "String", json!(after))],
                })
                .collect();
            let answers: Vec<Answer<Repository>> = self.query_many(&query, &parts).await?;
            let mut next = Vec::new();
            for ((index, after), answer) in open.into_iter().zip(answers) {
                let progress = &mut found[index];
                match (answer, progress) {
                    (Answer::Found(page), Progress::Reading(overviews)) => {
                        let cursor = page.environments.next();
                        let nodes = page.environments.into_nodes();
                        let page: Option<Vec<_>> = nodes
                            .map(|node| self.overview_node(repos[index], node))
                            .collect();
                        match page {
                            Some(page) => overviews.extend(page),
                            None => found[index] = Progress::Unknown,
                        }
                        if cursor.is_some() && cursor != after {
                            next.push((index, cursor));
                        }
                    }
                    (Answer::NotFound, progress) => *progress = Progress::NotFound,
                    (_, progress) => *progress = Progress::Unknown,
                }
            }
            open = next;
        }
        Ok(found)
    }

    /// Searches the live deployments of environments whose newest completed
    /// deployment has failed.
    async fn find_live(&self, repos: &[&RepoSlug], found: &mut [Progress]) -> Result<(), ApiError> {
        let query = ManyQuery {
            fields: format!(
                "deployments(first:{FIRST_DEPTH},environments:$e#,\
                 orderBy:{{field:CREATED_AT,direction:DESC}}){{\
                 pageInfo{{hasNextPage endCursor}} nodes{{...F}}}}"
            ),
            fragments: FIELDS,
            variables: Vec::new(),
            factor: SEARCH_FACTOR,
        };
        let mut searched: Vec<(usize, usize)> = Vec::new();
        let mut parts: Vec<QueryPart> = Vec::new();
        for (at, progress) in found.iter().enumerate() {
            let Progress::Reading(overviews) = progress else {
                continue;
            };
            for (environment, overview) in overviews.iter().enumerate() {
                if overview.latest.is_some() && overview.live.is_none() {
                    searched.push((at, environment));
                    let name: Value = json!([overview.environment.name]);
                    parts.push(QueryPart {
                        repo: repos[at],
                        variables: vec![("e", "[String!]", name)],
                    });
                }
            }
        }
        let answers: Vec<Answer<Deployments>> = self.query_many(&query, &parts).await?;
        // Those whose newest deployments are not enough.
        let mut deep: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut unknown = HashSet::new();
        for ((at, environment), answer) in searched.into_iter().zip(answers) {
            let Answer::Found(Deployments { deployments }) = answer else {
                unknown.insert(at);
                continue;
            };
            let has_more = deployments.has_next();
            let live = deployments
                .into_nodes()
                .filter_map(|node| summary(node).ok())
                .find(DeploymentSummary::is_active);
            match (&mut found[at], live) {
                (Progress::Reading(overviews), Some(live)) => {
                    overviews[environment].live = Some(live);
                }
                (_, None) if has_more => deep.entry(at).or_default().push(environment),
                _ => {}
            }
        }
        for (at, environments) in deep {
            if !self
                .find_live_below(repos[at], &environments, &mut found[at])
                .await
            {
                unknown.insert(at);
            }
        }
        for at in unknown {
            found[at] = Progress::Unknown;
        }
        Ok(())
    }

    /// Searches the older deployments of some environments of a repository.
    /// Returns false if GraphQL is not available.
    async fn find_live_below(
        &self,
        repo: &RepoSlug,
        environments: &[usize],
        progress: &mut Progress,
    ) -> bool {
        let Progress::Reading(overviews) = progress else {
            return true;
        };
        let names: Vec<String> = environments
            .iter()
            .map(|at| overviews[*at].environment.name.clone())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let Some(mut below) = self.repo(repo).find_active(&names).await else {
            return false;
        };
        for at in environments {
            let overview = &mut overviews[*at];
            let name = &overview.environment.name;
            overview.is_live_known = !below.unknown.contains(name);
            overview.live = below.live.remove(name);
        }
        true
    }

    /// An environment without its settings; `None` if its ID has an unknown form
    /// or its deployment cannot be read.
    fn overview_node(&self, repo: &RepoSlug, node: EnvironmentNode) -> Option<EnvironmentOverview> {
        let latest = node.latest_completed_deployment.map(summary).transpose();
        let latest = latest.ok()?;
        let path = ApiPath::repo(repo).ok()?.then("environments");
        let path = path.segment(&node.name).ok()?;
        let page = self.endpoints().environment_page(repo, &node.name);
        Some(EnvironmentOverview {
            environment: Environment {
                id: number_in(&node.id)?,
                url: path.below(self.rest()).into(),
                html_url: page.into(),
                node_id: node.id,
                name: node.name,
                created_at: None,
                updated_at: None,
                can_admins_bypass: None,
                protection_rules: Vec::new(),
                deployment_branch_policy: None,
            },
            live: latest.clone().filter(DeploymentSummary::is_active),
            is_live_known: true,
            latest,
        })
    }
}
