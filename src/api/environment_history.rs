mod nodes;

use futures_util::TryStreamExt;

use super::commit_name::{CommitName, NamedCommit};
use super::page::PageReader;
use super::repository_query::RepositoryQuery;
use super::rest::none_if_missing;
use super::{ApiError, DeploymentFilter, Paging, RepoHandle, in_order};
use crate::model::{Deployment, DeploymentWithState, PastDeployment};
use nodes::{FIELDS, Found, Page};

/// How many deployments with their statuses one request gets.
const GRAPHQL_PAGE: usize = 100;
/// How many deployments with their statuses one step gets without GraphQL.
const REST_PAGE: u32 = 20;

/// The deployments of an environment, newest first, as far as they were read.
pub(crate) struct EnvironmentHistory {
    pub(crate) environment: String,
    pub(crate) deployments: Vec<PastDeployment>,
    next: NextPage,
}

/// Where a history goes on.
enum NextPage {
    Nothing,
    /// After this cursor of GraphQL.
    After(String),
    Rest(Box<PageReader<Deployment>>),
}

impl EnvironmentHistory {
    /// Whether there are no older deployments.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.next, NextPage::Nothing)
    }
}

impl RepoHandle<'_> {
    /// Gets the newest 100 deployments of one or two environments with their
    /// statuses, and the commit that a name stands for, if it exists: one
    /// request. Needs the permission "Deployments: read".
    ///
    /// Without GraphQL the newest deployments of each environment are listed,
    /// and the statuses of each are requested in parallel.
    pub(crate) async fn histories(
        self,
        environments: &[&str],
        commit: Option<&CommitName>,
    ) -> Result<(Vec<EnvironmentHistory>, Option<NamedCommit>), ApiError> {
        let pages: Vec<(&str, Option<&str>)> =
            environments.iter().map(|name| (*name, None)).collect();
        if let Some(mut found) = self.query_histories(&pages, commit).await {
            let named = commit.and_then(|name| found.named_commit(name));
            let mut histories = Vec::new();
            for (index, name) in environments.iter().enumerate() {
                let mut history = EnvironmentHistory {
                    environment: (*name).to_owned(),
                    deployments: Vec::new(),
                    next: NextPage::Nothing,
                };
                if let Some(page) = found.take_page(index) {
                    self.append(&mut history, page).await?;
                }
                histories.push(history);
            }
            return Ok((histories, named));
        }
        let mut histories = Vec::new();
        for name in environments {
            let mut history = EnvironmentHistory {
                environment: (*name).to_owned(),
                deployments: Vec::new(),
                next: NextPage::Rest(self.rest_pages(name)?),
            };
            self.read_more(&mut history).await?;
            histories.push(history);
        }
        let named = match commit {
            Some(name) => self.find_commit(name).await?,
            None => None,
        };
        Ok((histories, named))
    }

    /// Reads the next older deployments of an environment, if there are any.
    pub(crate) async fn read_more(self, history: &mut EnvironmentHistory) -> Result<(), ApiError> {
        match std::mem::replace(&mut history.next, NextPage::Nothing) {
            NextPage::Nothing => Ok(()),
            NextPage::After(cursor) => {
                let name = history.environment.clone();
                let found = self.query_histories(&[(&name, Some(&cursor))], None).await;
                if let Some(page) = found.and_then(|mut found| found.take_page(0)) {
                    return self.append(history, page).await;
                }
                // What is known already is left out.
                let pages = self.rest_pages(&name)?;
                self.read_rest_page(history, pages).await
            }
            NextPage::Rest(pages) => self.read_rest_page(history, pages).await,
        }
    }

    async fn append(self, history: &mut EnvironmentHistory, page: Page) -> Result<(), ApiError> {
        for (mut deployment, has_all_statuses) in page.deployments {
            if !has_all_statuses {
                let handle = self.deployment(deployment.id);
                (deployment.statuses, _) = handle.status_history().await?;
            }
            add(history, deployment);
        }
        if let Some(cursor) = page.next {
            history.next = NextPage::After(cursor);
        }
        Ok(())
    }

    fn rest_pages(self, environment: &str) -> Result<Box<PageReader<Deployment>>, ApiError> {
        let filter = DeploymentFilter::new().environment(environment);
        let paging = Paging::until_stopped().per_page(REST_PAGE);
        let pages = self.deployment_pages(&filter, paging, self.client.budget())?;
        Ok(Box::new(pages))
    }

    /// Reads pages until one has a deployment that is not known yet.
    async fn read_rest_page(
        self,
        history: &mut EnvironmentHistory,
        mut pages: Box<PageReader<Deployment>>,
    ) -> Result<(), ApiError> {
        let known = history.deployments.len();
        while history.deployments.len() == known {
            let Some(page) = pages.next_page().await.transpose()? else {
                return Ok(());
            };
            let is_known = |id| history.deployments.iter().any(|one| one.id == id);
            let fresh = page.items.into_iter().filter(|one| !is_known(one.id));
            let fresh: Vec<Deployment> = fresh.collect();
            let at_once = self.client.concurrency();
            let found: Vec<Option<PastDeployment>> =
                in_order(fresh, at_once, |one| self.with_statuses(one))
                    .try_collect()
                    .await?;
            for deployment in found.into_iter().flatten() {
                add(history, deployment);
            }
        }
        history.next = NextPage::Rest(pages);
        Ok(())
    }

    async fn with_statuses(self, found: Deployment) -> Result<Option<PastDeployment>, ApiError> {
        let statuses = self.deployment(found.id).status_history().await;
        let Some((statuses, now)) = none_if_missing(statuses)? else {
            return Ok(None);
        };
        let observed =
            DeploymentWithState::from_latest_status(found, statuses.first().cloned(), now);
        let DeploymentWithState {
            deployment, state, ..
        } = observed;
        Ok(Some(PastDeployment {
            id: deployment.id,
            state,
            updated_at: deployment.last_change(),
            sha: deployment.sha,
            ref_name: Some(deployment.ref_name),
            task: deployment.task,
            creator: deployment.creator,
            created_at: deployment.created_at,
            statuses,
        }))
    }

    /// Gets pages of histories from GraphQL; `None` if it is not available.
    async fn query_histories(
        self,
        pages: &[(&str, Option<&str>)],
        commit: Option<&CommitName>,
    ) -> Option<Found> {
        if !self.client.can_use_graphql() {
            return None;
        }
        let mut query = RepositoryQuery::new(self.slug);
        for (index, (name, after)) in pages.iter().enumerate() {
            query.ask_deployments(index, name, (GRAPHQL_PAGE, *after), FIELDS);
        }
        if let Some(name) = commit {
            name.ask(&mut query);
        }
        let found = match query.send(self.client, "").await {
            Ok(partial) => Found::read(partial),
            Err(error) => Err(error.to_string()),
        };
        match found {
            Ok(found) => Some(found),
            Err(reason) => {
                self.client.disable_graphql(&reason);
                None
            }
        }
    }
}

/// Adds a deployment, unless it is known: a list can shift while it is read.
fn add(history: &mut EnvironmentHistory, deployment: PastDeployment) {
    let known = &mut history.deployments;
    if known.iter().all(|one| one.id != deployment.id) {
        known.push(deployment);
    }
}
