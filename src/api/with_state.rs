use std::sync::Arc;

use futures_util::future::{BoxFuture, Either, select, try_join};
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::graphql_states::{Known, States};
use super::page::{Page, PageReader};
use super::rest::none_if_missing;
use super::{ApiError, Client, DeploymentFilter, DeploymentHandle, Paging, RepoHandle, in_order};
use crate::model::{Deployment, DeploymentWithState, RepoSlug, Status};

/// A deployment with all its statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct History {
    /// The deployment.
    pub deployment: Deployment,
    /// All its statuses, newest first.
    pub statuses: Vec<Status>,
    /// The time of the responses, by the server's clock.
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

/// What every page of a list with states needs.
struct View {
    client: Client,
    slug: RepoSlug,
}

impl View {
    fn repo(&self) -> RepoHandle<'_> {
        self.client.repo(&self.slug)
    }
}

/// A page, and the states that were requested before the page arrived.
type FoundPage = (
    Result<Page<Deployment>, ApiError>,
    Option<BoxFuture<'static, States>>,
);

impl RepoHandle<'_> {
    /// Lists deployments with their states, newest first, a page at a time.
    /// Needs the permission "Deployments: read".
    ///
    /// REST's pages and GraphQL's states are requested at the same time and
    /// joined by node ID. If GraphQL is not available (type of token, old
    /// server, error), each deployment's newest status is requested in
    /// parallel, and an [`Event::Note`](super::Event::Note) says so.
    ///
    /// A deployment that is deleted while the list is read is left out.
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
                    // While the states of a page are requested, the next pages
                    // are requested too.
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

    /// Adds the states of deployments that are known already, in their order.
    /// Deployments that were deleted in the meantime are left out.
    pub async fn add_states(
        self,
        deployments: Vec<Deployment>,
    ) -> Result<Vec<DeploymentWithState>, ApiError> {
        self.join(deployments, States::new()).await
    }

    /// Adds the state of each deployment: a known one, or else with one GraphQL
    /// request for all missing ones, or else with REST.
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
        let at_once = self.client.concurrency();
        let known = &known;
        in_order(deployments, at_once, |deployment| async move {
            match known.get(&deployment.node_id) {
                Some(Known { state, latest }) => Ok(Some(DeploymentWithState {
                    deployment,
                    state: state.clone(),
                    latest_status: latest.clone(),
                })),
                None => self.add_state_by_rest(deployment).await,
            }
        })
        .try_filter_map(|observed| std::future::ready(Ok(observed)))
        .try_collect()
        .await
    }

    async fn add_state_by_rest(
        self,
        deployment: Deployment,
    ) -> Result<Option<DeploymentWithState>, ApiError> {
        let found = self.deployment(deployment.id).latest_status().await;
        Ok(none_if_missing(found)?
            .map(|(latest, now)| DeploymentWithState::from_latest_status(deployment, latest, now)))
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

/// The first page, if it exists, and the reader of the next pages. The states
/// of the first page are requested at the same time, and may not have arrived
/// yet.
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

/// Joins a page with its states. Without deployments, the states are not waited
/// for.
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
