use std::sync::Arc;

use futures_util::future::{Either, select, try_join};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::page::{Page, Walk};
use super::states::{Known, States};
use super::{ApiError, Client, DeploymentFilter, Paging};
use crate::model::{Deployment, DeploymentId, Observed, RepoSlug, Status};

/// A deployment with all its statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The deployment.
    pub deployment: Deployment,
    /// All its statuses, newest first.
    pub statuses: Vec<Status>,
    /// The time of the answers, by the server's clock.
    pub server_now: Timestamp,
}

impl History {
    /// The deployment with the state that its newest status gives it.
    pub fn observed(&self) -> Observed {
        Observed::from_latest(
            self.deployment.clone(),
            self.statuses.first().cloned(),
            self.server_now,
        )
    }
}

/// What every page of an observed list needs.
struct View {
    client: Client,
    repo: RepoSlug,
}

impl Client {
    /// Deployments with their states, newest first, a page at a time.
    ///
    /// REST's pages and GraphQL's states are asked for at the same time and
    /// joined by node id. Where GraphQL is not to be had (kind of token, old
    /// server, error) each deployment's newest status is asked for, in
    /// parallel, and an [`Event::Note`](super::Event::Note) says so.
    ///
    /// A deployment that vanishes while the list is read is left out.
    pub fn observed_deployments(
        &self,
        repo: &RepoSlug,
        filter: &DeploymentFilter,
        paging: Paging,
    ) -> impl Stream<Item = Result<Vec<Observed>, ApiError>> + use<> {
        let walk = self.deployment_walk(repo, filter, paging, self.budget());
        let view = Arc::new(View {
            client: self.clone(),
            repo: repo.clone(),
        });
        let filter = filter.clone();
        let at_once = if paging.may_stop {
            1
        } else {
            self.0.config.concurrency
        };
        let first = async move {
            let walk = walk?;
            first_page(&view, walk, &filter, paging).await
        };
        stream::once(first)
            .map(move |first| match first {
                Err(error) => stream::iter([Err(error)]).left_stream(),
                Ok((observed, rest)) => stream::iter([Ok(observed)])
                    .chain(rest_of(rest, at_once))
                    .right_stream(),
            })
            .flatten()
            .try_filter(|observed| std::future::ready(!observed.is_empty()))
    }

    /// The states of deployments that are already in hand, in their order. Those
    /// that vanished in the meantime are left out.
    pub async fn observe(
        &self,
        repo: &RepoSlug,
        deployments: Vec<Deployment>,
    ) -> Result<Vec<Observed>, ApiError> {
        self.join(repo, deployments, States::new()).await
    }

    /// One deployment with its whole history; both are asked for at once.
    pub async fn observed(&self, repo: &RepoSlug, id: DeploymentId) -> Result<History, ApiError> {
        let deployment = self.deployment_reply(repo, id);
        // What is wrong with the deployment is told before its statuses'.
        let statuses = async { Ok(self.status_history(repo, id).await) };
        let (deployment, statuses) = try_join(deployment, statuses).await?;
        let (statuses, statuses_now) = statuses?;
        Ok(History {
            deployment: deployment.value,
            statuses,
            server_now: deployment.server_now.max(statuses_now),
        })
    }

    /// Gives each deployment its state: what is known, then one GraphQL
    /// request for what is missing, then REST.
    async fn join(
        &self,
        repo: &RepoSlug,
        deployments: Vec<Deployment>,
        mut known: States,
    ) -> Result<Vec<Observed>, ApiError> {
        if self.may_ask_graphql() {
            let missing: Vec<String> = deployments
                .iter()
                .map(|deployment| &deployment.node_id)
                .filter(|id| !id.is_empty() && !known.contains_key(*id))
                .cloned()
                .collect();
            let found = self.states_of(missing).await;
            known.extend(found);
        }
        let at_once = self.0.config.concurrency;
        let known = &known;
        stream::iter(deployments)
            .map(|deployment| async move {
                match known.get(&deployment.node_id) {
                    Some(Known { state, latest }) => Ok(Some(Observed {
                        deployment,
                        state: state.clone(),
                        latest_status: latest.clone(),
                    })),
                    None => self.observe_by_rest(repo, deployment).await,
                }
            })
            .buffered(at_once)
            .try_filter_map(|observed| std::future::ready(Ok(observed)))
            .try_collect()
            .await
    }

    async fn observe_by_rest(
        &self,
        repo: &RepoSlug,
        deployment: Deployment,
    ) -> Result<Option<Observed>, ApiError> {
        match self.latest_status(repo, deployment.id).await {
            Ok((latest, now)) => Ok(Some(Observed::from_latest(deployment, latest, now))),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The first page and its states, both asked for at once, and the way on.
async fn first_page(
    view: &Arc<View>,
    mut walk: Walk<Deployment>,
    filter: &DeploymentFilter,
    paging: Paging,
) -> Result<(Vec<Observed>, (Arc<View>, Walk<Deployment>)), ApiError> {
    let View { client, repo } = view.as_ref();
    let is_known_to_graphql =
        filter.sha.is_none() && filter.ref_name.is_none() && filter.task.is_none();
    let page_size = paging.page_size() as usize;
    let size = paging
        .max_items
        .map_or(page_size, |most| most.min(page_size));
    let (page, known) = if is_known_to_graphql && size > 0 && client.may_ask_graphql() {
        let states = std::pin::pin!(client.newest_states(repo, filter, size));
        let page = std::pin::pin!(walk.next_page());
        match select(page, states).await {
            // Without deployments their states are not waited for.
            Either::Left((page, states)) => match page.transpose()? {
                Some(page) if !page.items.is_empty() => (Some(page), states.await),
                page => (page, States::new()),
            },
            Either::Right((states, page)) => (page.await.transpose()?, states),
        }
    } else {
        (walk.next_page().await.transpose()?, States::new())
    };
    let items = page.map(|page| page.items).unwrap_or_default();
    let observed = client.join(repo, items, known).await?;
    Ok((observed, (Arc::clone(view), walk)))
}

/// The pages after the first: while their states are asked for, the next pages
/// are fetched.
fn rest_of(
    (view, walk): (Arc<View>, Walk<Deployment>),
    at_once: usize,
) -> impl Stream<Item = Result<Vec<Observed>, ApiError>> + use<> {
    walk.into_stream()
        .map(move |page: Result<Page<Deployment>, ApiError>| {
            let view = Arc::clone(&view);
            async move {
                let View { client, repo } = view.as_ref();
                client.join(repo, page?.items, States::new()).await
            }
        })
        .buffered(at_once)
}
