use std::sync::Arc;

use futures_util::future::{BoxFuture, Either, select, try_join};
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::graphql_states::{Known, States};
use super::page::{Page, PageReader};
use super::{ApiError, Client, DeploymentFilter, DeploymentHandle, Paging, RepoHandle};
use crate::model::{Deployment, DeploymentWithState, RepoSlug, Status};

/// A deployment with all its statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    pub fn deployment_with_state(&self) -> DeploymentWithState {
        DeploymentWithState::from_latest_status(
            self.deployment.clone(),
            self.statuses.first().cloned(),
            self.server_now,
        )
    }
}

/// What every page of an observed list needs.
struct View {
    client: Client,
    slug: RepoSlug,
}

impl View {
    fn repo(&self) -> RepoHandle<'_> {
        self.client.repo(&self.slug)
    }
}

/// A page, and the states that were asked for before it was there.
type FoundPage = (
    Result<Page<Deployment>, ApiError>,
    Option<BoxFuture<'static, States>>,
);

impl RepoHandle<'_> {
    /// Deployments with their states, newest first, a page at a time.
    ///
    /// REST's pages and GraphQL's states are asked for at the same time and
    /// joined by node id. Where GraphQL is not to be had (kind of token, old
    /// server, error) each deployment's newest status is asked for, in
    /// parallel, and an [`Event::Note`](super::Event::Note) says so.
    ///
    /// A deployment that vanishes while the list is read is left out.
    pub fn deployments_with_state(
        self,
        filter: &DeploymentFilter,
        paging: Paging,
    ) -> impl Stream<Item = Result<Vec<DeploymentWithState>, ApiError>> + use<> {
        let pages = self.deployment_pages(filter, paging, self.client.budget());
        let view = Arc::new(View {
            client: self.client.clone(),
            slug: self.slug.clone(),
        });
        let filter = filter.clone();
        let first = async move {
            let pages = pages?;
            Ok((
                Arc::clone(&view),
                first_page(view, pages, filter, paging).await,
            ))
        };
        stream::once(first)
            .map(move |first| match first {
                Err(error) => stream::iter([Err(error)]).left_stream(),
                Ok((view, (page, pages))) => {
                    let at_once = if paging.may_stop { 1 } else { pages.at_once() };
                    let rest = pages.into_stream().map(|page| (page, None));
                    // While the states of a page are asked for, the next pages
                    // are fetched.
                    stream::iter(page)
                        .chain(rest)
                        .map(move |page| add_states_to_page(Arc::clone(&view), page))
                        .buffered(at_once)
                        .right_stream()
                }
            })
            .flatten()
            .try_filter(|observed| std::future::ready(!observed.is_empty()))
    }

    /// The states of deployments that are already in hand, in their order. Those
    /// that vanished in the meantime are left out.
    pub async fn add_states(
        self,
        deployments: Vec<Deployment>,
    ) -> Result<Vec<DeploymentWithState>, ApiError> {
        self.join(deployments, States::new()).await
    }

    /// Gives each deployment its state: what is known, then one GraphQL
    /// request for what is missing, then REST.
    async fn join(
        self,
        deployments: Vec<Deployment>,
        mut known: States,
    ) -> Result<Vec<DeploymentWithState>, ApiError> {
        if self.client.can_use_graphql() {
            let missing: Vec<String> = deployments
                .iter()
                .map(|deployment| &deployment.node_id)
                .filter(|id| !id.is_empty() && !known.contains_key(*id))
                .cloned()
                .collect();
            let found = self.client.states_of(missing).await;
            known.extend(found);
        }
        let at_once = self.client.0.config.concurrency;
        let known = &known;
        stream::iter(deployments)
            .map(|deployment| async move {
                match known.get(&deployment.node_id) {
                    Some(Known { state, latest }) => Ok(Some(DeploymentWithState {
                        deployment,
                        state: state.clone(),
                        latest_status: latest.clone(),
                    })),
                    None => self.add_state_by_rest(deployment).await,
                }
            })
            .buffered(at_once)
            .try_filter_map(|observed| std::future::ready(Ok(observed)))
            .try_collect()
            .await
    }

    async fn add_state_by_rest(
        self,
        deployment: Deployment,
    ) -> Result<Option<DeploymentWithState>, ApiError> {
        match self.deployment(deployment.id).latest_status().await {
            Ok((latest, now)) => Ok(Some(DeploymentWithState::from_latest_status(
                deployment, latest, now,
            ))),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl DeploymentHandle<'_> {
    /// Gets the deployment with all its statuses; both are requested at the
    /// same time.
    pub async fn history(self) -> Result<History, ApiError> {
        let deployment = self.get_with_reply();
        // An error of the deployment takes precedence over one of its statuses.
        let statuses = async { Ok(self.status_history().await) };
        let (deployment, statuses) = try_join(deployment, statuses).await?;
        let (statuses, statuses_now) = statuses?;
        Ok(History {
            deployment: deployment.value,
            statuses,
            server_now: deployment.server_now.max(statuses_now),
        })
    }
}

/// The first page, if there is any, and the way on. Its states are asked for at
/// the same time, and may still be on their way.
async fn first_page(
    view: Arc<View>,
    mut pages: PageReader<Deployment>,
    filter: DeploymentFilter,
    paging: Paging,
) -> (Option<FoundPage>, PageReader<Deployment>) {
    let is_known_to_graphql =
        filter.sha.is_none() && filter.ref_name.is_none() && filter.task.is_none();
    let page_size = paging.page_size() as usize;
    let size = paging
        .max_items
        .map_or(page_size, |most| most.min(page_size));
    if !is_known_to_graphql || size == 0 || !view.client.can_use_graphql() {
        return (pages.next_page().await.map(|page| (page, None)), pages);
    }
    let states = async move {
        let View { client, slug } = view.as_ref();
        client.newest_states(slug, &filter, size).await
    };
    let page = Box::pin(pages.next_page());
    let (page, states) = match select(page, states.boxed()).await {
        Either::Left((page, states)) => (page, states),
        Either::Right((states, page)) => (page.await, std::future::ready(states).boxed()),
    };
    (page.map(|page| (page, Some(states))), pages)
}

/// A page with its states; without deployments they are not waited for.
async fn add_states_to_page(
    view: Arc<View>,
    (page, states): FoundPage,
) -> Result<Vec<DeploymentWithState>, ApiError> {
    let deployments = page?.items;
    let known = match states {
        Some(states) if !deployments.is_empty() => states.await,
        _ => States::new(),
    };
    view.repo().join(deployments, known).await
}
