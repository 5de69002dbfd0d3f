use futures_util::{Stream, StreamExt};

use super::filter::Filter;
use crate::api::{ApiError, Paging};
use crate::model::{Deployment, DeploymentWithState};
use crate::session::Connection;

/// The deployments that match a filter, newest first, page by page as they
/// arrive.
///
/// Stops requesting pages once `limit` is reached, or once deployments are older
/// than the filter allows. If neither `with_state` nor the filter asks for states,
/// those in the result mean nothing.
pub(crate) fn list_matching<'a>(
    connection: &'a Connection,
    filter: &'a Filter,
    limit: Option<usize>,
    with_state: bool,
) -> impl Stream<Item = Result<Vec<DeploymentWithState>, ApiError>> + 'a {
    let paging = match limit {
        Some(limit) if filter.is_left_to_server() => Paging::up_to(limit),
        None if !filter.stops_early() => Paging::all(),
        _ => Paging::until_stopped(),
    };
    let repo = connection.repo();
    let pages = if with_state || filter.needs_state() {
        repo.deployments_with_state(filter.query(), paging)
            .left_stream()
    } else {
        repo.deployments(filter.query(), paging)
            .map(|page| page.map(|page| page.into_iter().map(without_state).collect()))
            .right_stream()
    };
    let left = limit.unwrap_or(usize::MAX);
    let state = Some((Box::pin(pages), left));
    futures_util::stream::unfold(state, move |state| async move {
        let (mut pages, left) = state?;
        let page: Vec<DeploymentWithState> = match pages.next().await? {
            Ok(page) => page,
            Err(error) => return Some((Err(error), None)),
        };
        let is_last = page
            .iter()
            .any(|observed| filter.ends_before(&observed.deployment));
        let matching: Vec<DeploymentWithState> = page
            .into_iter()
            .filter(|observed| filter.matches(observed))
            .take(left)
            .collect();
        let left = left - matching.len();
        let next = (left > 0 && !is_last).then_some((pages, left));
        Some((Ok(matching), next))
    })
}

fn without_state(deployment: Deployment) -> DeploymentWithState {
    let now = deployment.last_change();
    DeploymentWithState::from_latest_status(deployment, None, now)
}
