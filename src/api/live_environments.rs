use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::commit_name::{CommitName, CommitParts, NamedCommit};
use super::graphql::{Partial, Step};
use super::node_id::number_in;
use super::overview::{Connection, FIELDS, live};
use super::{ApiError, RepoHandle};
use crate::model::{DeploymentId, DeploymentSummary};

/// An environment and its live deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveEnvironment {
    pub(crate) name: String,
    pub(crate) live: Option<DeploymentSummary>,
    /// Whether enough deployments were searched to know which one is live.
    pub(crate) is_known: bool,
}

#[derive(Deserialize)]
struct Page {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    environments: Connection,
    #[serde(flatten)]
    commit: CommitParts,
}

impl LiveEnvironment {
    /// The ID of the live deployment, if its form is known.
    pub(crate) fn deployment_id(&self) -> Option<DeploymentId> {
        let number = number_in(&self.live.as_ref()?.node_id);
        number.map(DeploymentId)
    }
}

impl RepoHandle<'_> {
    /// Gets what is live in all environments, or in those with these names, and
    /// the commit that a name stands for, if it exists: one request for each 100
    /// environments, and one more for each 100 whose newest completed deployment
    /// is not live, or not of the task. Needs the permissions "Deployments:
    /// read" and "Actions: read".
    ///
    /// Without GraphQL the newest deployments of each environment are searched
    /// in parallel.
    pub(crate) async fn live_environments(
        self,
        names: &[&str],
        task: Option<&str>,
        commit: &CommitName,
    ) -> Result<(Vec<LiveEnvironment>, Option<NamedCommit>), ApiError> {
        if let Some((mut found, found_commit)) = self.query_live(names, commit).await {
            let is_live = |one: &DeploymentSummary| {
                one.is_active() && task.is_none_or(|task| one.task == task)
            };
            let open: Vec<&str> = found
                .iter()
                .filter(|one| one.live.as_ref().is_some_and(|live| !is_live(live)))
                .map(|one| one.name.as_str())
                .collect();
            if open.is_empty() {
                return Ok((found, found_commit));
            }
            if let Some(mut below) = self.find_active_of_task(&open, task).await {
                for one in &mut found {
                    if one.live.as_ref().is_some_and(|live| !is_live(live)) {
                        one.live = below.live.remove(&one.name);
                        one.is_known = !below.unknown.contains(&one.name);
                    }
                }
                return Ok((found, found_commit));
            }
        }
        let mut environments = self.environments().await?;
        environments.retain(|one| names.is_empty() || names.contains(&one.name.as_str()));
        let found = stream::iter(environments)
            .map(|environment| self.overview_of(environment, task))
            .buffered(self.client.0.config.concurrency)
            .map_ok(|overview| LiveEnvironment {
                name: overview.environment.name,
                live: overview.live,
                is_known: overview.is_live_known,
            })
            .try_collect()
            .await?;
        Ok((found, self.find_commit(commit).await?))
    }

    /// Gets the newest completed deployment of each environment, which need not
    /// be live; `None` if GraphQL is not available.
    async fn query_live(
        self,
        names: &[&str],
        commit: &CommitName,
    ) -> Option<(Vec<LiveEnvironment>, Option<NamedCommit>)> {
        if !self.client.can_use_graphql() {
            return None;
        }
        let mut found = Vec::new();
        let mut found_commit = None;
        let mut after: Option<String> = None;
        loop {
            let mut declared =
                "query($owner:String!,$name:String!,$after:String,$names:[String!]".to_owned();
            let mut asked = "environments(first:100,after:$after,names:$names){\
                             pageInfo{hasNextPage endCursor} \
                             nodes{name latestCompletedDeployment{...F}}} "
                .to_owned();
            let mut variables = Map::new();
            if after.is_none() {
                commit.ask(&mut declared, &mut asked, &mut variables);
            }
            for (name, value) in [
                ("owner", json!(self.slug.owner())),
                ("name", json!(self.slug.name())),
                ("after", json!(after)),
                ("names", json!(names)),
            ] {
                variables.insert(name.to_owned(), value);
            }
            let query =
                format!("{declared}){{repository(owner:$owner,name:$name){{{asked}}}}}{FIELDS}");
            let page = self
                .client
                .graphql::<Page>(&query, &Value::Object(variables))
                .await
                .map(without_missing_pull);
            let Some(page) = self.complete_data(page)?.repository else {
                self.client
                    .disable_graphql("it does not show the repository");
                return None;
            };
            found_commit = found_commit.or_else(|| page.commit.named(commit));
            for one in page.environments.nodes.into_iter().flatten().flatten() {
                let latest = one.latest_completed_deployment.map(live).transpose();
                found.push(LiveEnvironment {
                    name: one.name,
                    live: latest.ok()?,
                    is_known: true,
                });
            }
            let next = page.environments.page_info.end_cursor;
            if !page.environments.page_info.has_next_page || next.is_none() || next == after {
                return Some((found, found_commit));
            }
            after = next;
        }
    }
}

/// A pull request that does not exist is an error of GraphQL, although the rest
/// of the data is complete.
fn without_missing_pull<T>(mut partial: Partial<T>) -> Partial<T> {
    partial
        .damage
        .retain(|path| !matches!(path.get(1), Some(Step::Field(field)) if field == "pullRequest"));
    partial
}
