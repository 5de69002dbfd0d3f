use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::empty::EmptyEnvironments;
use super::pulls::PullIndex;
use super::{Candidate, Match, Selection};
use crate::api::{ApiError, Paging, in_order};
use crate::bulk::name::Name;
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, DeploymentState, DeploymentWithState, Status, StatusState};
use crate::select::{Filter, Selector};
use crate::session::Connection;

/// Finds the deployments of a selector.
pub(in crate::bulk) struct Search<'a> {
    pub(in crate::bulk) connection: &'a Connection,
    pub(in crate::bulk) selector: &'a Selector,
    /// Whether environments that become empty are deleted.
    pub(in crate::bulk) with_environment: bool,
    pub(in crate::bulk) include_production: bool,
    /// Whether everything about a single deployment is needed, even if that
    /// takes another request.
    pub(in crate::bulk) in_full: bool,
}

impl Search<'_> {
    /// `progress` gets the number of deployments that were read, for each page.
    pub(in crate::bulk) async fn run(
        &self,
        progress: impl Fn(usize),
    ) -> Result<Selection, Failure> {
        if !self.selector.is_by_name() {
            return self.by_filter(progress).await;
        }
        match self.selector.ids(self.connection)?[..] {
            [id] if !self.in_full => self.single(id).await,
            ref ids => self.by_id(ids).await,
        }
    }

    async fn by_filter(&self, progress: impl Fn(usize)) -> Result<Selection, Failure> {
        let Self {
            connection,
            selector,
            ..
        } = self;
        let mut filter = selector.filter.clone();
        if self.with_environment || selector.keep_newest.is_some() {
            filter = filter.over_whole_environments();
        }
        resolve_ambiguous_names(connection, &mut filter).await?;
        let pulls = match &selector.closed_pulls {
            Some(patterns) => Some(PullIndex::fetch(connection, patterns).await?),
            None => None,
        };
        let mut empty = if self.with_environment {
            EmptyEnvironments::named(connection, selector, &filter, pulls.as_ref()).await?
        } else {
            EmptyEnvironments::default()
        };
        let mut selection = Selection::new(selector.keep_newest.unwrap_or(0));
        let paging = if filter.stops_early() {
            Paging::until_stopped()
        } else {
            Paging::all()
        };
        let repo = connection.repo();
        let mut pages = Box::pin(repo.deployments_with_state(filter.query(), paging));
        let mut is_over = false;
        while !is_over
            && let Some(page) = pages
                .try_next()
                .await
                .map_err(|error| connection.explain(&error))?
        {
            is_over = page
                .iter()
                .any(|observed| filter.ends_before(&observed.deployment));
            progress(page.len());
            for observed in page {
                empty.remove(&observed.deployment.environment);
                let matched = match &pulls {
                    _ if !filter.matches(&observed) => Match::No,
                    Some(pulls) => pulls.matches(&observed.deployment),
                    None => Match::WithEnvironment,
                };
                selection.add(observed, matched);
            }
        }
        let empty = empty.existing(connection, self.include_production);
        selection.empty_environments = empty.await?;
        Ok(selection)
    }

    /// Takes a request for each deployment, and one for all states.
    async fn by_id(&self, ids: &[DeploymentId]) -> Result<Selection, Failure> {
        let connection = self.connection;
        let client = &connection.client;
        let repo = client.repo(&connection.repo);
        let ids = ids.iter().copied();
        let get = |id| async move { (id, repo.deployment(id).get().await) };
        let answers: Vec<_> = in_order(ids, client.concurrency(), get).collect().await;
        let mut selection = Selection::default();
        let mut deployments = Vec::new();
        for (id, answer) in answers {
            match answer {
                Ok(deployment) => deployments.push(deployment),
                Err(error) => selection.missing.push(self.missing(id, &error)?),
            }
        }
        let mut deleted: Vec<DeploymentId> = deployments.iter().map(|one| one.id).collect();
        let observed = repo.add_states(deployments).await;
        for observed in observed.map_err(|error| connection.explain(&error))? {
            deleted.retain(|id| *id != observed.deployment.id);
            selection.add(observed, Match::WithEnvironment);
        }
        selection.missing.extend(deleted);
        Ok(selection)
    }

    /// Takes one request, for the latest status. Only if the deployment is active
    /// and production is protected, a second one shows whether it is in
    /// production.
    async fn single(&self, id: DeploymentId) -> Result<Selection, Failure> {
        let connection = self.connection;
        let deployment = connection.repo().deployment(id);
        let mut selection = Selection::default();
        let statuses: Result<Vec<Vec<Status>>, ApiError> =
            deployment.statuses(Paging::up_to(1)).try_collect().await;
        let latest = match statuses {
            Ok(pages) => pages.into_iter().flatten().next(),
            Err(error) => {
                selection.missing.push(self.missing(id, &error)?);
                return Ok(selection);
            }
        };
        let is_active = latest
            .as_ref()
            .is_some_and(|status| status.state == StatusState::Success);
        if is_active && !self.include_production {
            match deployment.get().await {
                Ok(deployment) => {
                    let now = deployment.last_change();
                    let observed = DeploymentWithState::from_latest_status(deployment, latest, now);
                    selection.add(observed, Match::WithEnvironment);
                }
                Err(error) => selection.missing.push(self.missing(id, &error)?),
            }
            return Ok(selection);
        }
        selection.candidates.push(candidate(id, latest.as_ref()));
        Ok(selection)
    }

    /// The ID, if the error means that there is no such deployment.
    fn missing(&self, id: DeploymentId, error: &ApiError) -> Result<DeploymentId, Failure> {
        let failure = self.connection.explain(error);
        if failure.kind() == Kind::NothingThere {
            Ok(id)
        } else {
            Err(failure)
        }
    }
}

/// A deployment of which only the latest status is known.
fn candidate(id: DeploymentId, latest: Option<&Status>) -> Candidate {
    let reported_at = latest.map_or(Timestamp::UNIX_EPOCH, |status| status.created_at);
    let state = latest.map(|status| &status.state);
    let environment = latest
        .and_then(|status| status.environment.as_deref())
        .filter(|name| !name.is_empty());
    Candidate {
        id,
        node_id: Box::default(),
        environment: environment.map(Name::new),
        state: DeploymentState::compute(state, false, reported_at, reported_at),
        created_at: reported_at,
        updated_at: None,
        last_activity: reported_at,
        claimed_until: None,
        activated_at: None,
        is_transient: false,
        is_production: false,
        matched: Match::WithEnvironment,
    }
}

/// Takes a text such as `feat[1]` for a name if there is such an environment: as
/// a pattern it would also match `feat1`.
async fn resolve_ambiguous_names(
    connection: &Connection,
    filter: &mut Filter,
) -> Result<(), Failure> {
    let Connection { client, repo, .. } = connection;
    for text in filter.ambiguous_environments() {
        let environment = client.repo(repo).environment(&text);
        let is_name = match environment.has_deployments().await {
            Ok(false) => environment.exists().await,
            answer => answer,
        };
        if is_name.map_err(|error| connection.explain(&error))? {
            filter.treat_as_name(&text);
        }
    }
    Ok(())
}
