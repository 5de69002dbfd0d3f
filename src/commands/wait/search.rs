use std::cell::RefCell;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::args::WaitArgs;
use crate::api::{ApiError, Fetched, in_order_local};
use crate::error::{Failure, Kind};
use crate::history::{Watched, is_retryable, retry_delay};
use crate::model::{Deployment, DeploymentId};
use crate::select::{Filter, list_matching};
use crate::session::{Connection, Session, suggest_environment};

/// The first request has at least this long.
pub(super) const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
/// The page size if the server cannot apply the whole filter.
const PAGE_SIZE: u32 = 100;
/// The number of environments that a message lists.
const MAX_LISTED: usize = 5;

/// The search for the deployments to follow.
pub(super) struct Search<'a> {
    session: &'a Session,
    connection: &'a Connection,
    args: &'a WaitArgs,
    /// When the search ends; `None` for never.
    deadline: Option<Instant>,
    /// When a request ends. The first request has some time even with `--timeout 0`,
    /// which is a way to check the current state.
    request_deadline: Option<Instant>,
    /// The error of the latest failed request.
    last_error: RefCell<Option<String>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        session: &'a Session,
        connection: &'a Connection,
        args: &'a WaitArgs,
        began: Instant,
    ) -> Self {
        let deadline = began.checked_add(args.timeout);
        Self {
            session,
            connection,
            args,
            deadline,
            request_deadline: deadline.map(|deadline| deadline.max(began + FIRST_REQUEST_TIMEOUT)),
            last_error: RefCell::default(),
        }
    }

    /// The deployments with the given IDs.
    pub(super) async fn by_ids(&self) -> Result<Vec<Watched>, Failure> {
        let mut ids = self.args.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        let at_once = self.connection.client.concurrency();
        let mut histories = in_order_local(ids, at_once, |id| self.history(id));
        let mut watched = Vec::new();
        while let Some(history) = histories.next().await {
            match history {
                Ok(deployment) => watched.push(deployment),
                Err(failure)
                    if self.args.ignore_missing && failure.kind() == Kind::NothingThere =>
                {
                    self.session.term.note(failure.message());
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(watched)
    }

    async fn history(&self, id: DeploymentId) -> Result<Watched, Failure> {
        let connection = self.connection;
        loop {
            let history = self
                .in_time(connection.repo().deployment(id).history())
                .await?;
            match history {
                Ok(history) => {
                    return Ok(Watched::new(
                        history.deployment,
                        history.statuses,
                        history.server_now,
                    ));
                }
                Err(error) => {
                    self.pause_after(&error, |error| connection.explain_for_deployment(id, error))
                        .await?;
                }
            }
        }
    }

    /// The newest deployment that matches, as soon as one exists.
    pub(super) async fn newest(&self, filter: &Filter) -> Result<Vec<Watched>, Failure> {
        let connection = self.connection;
        let appear = Instant::now().checked_add(self.args.appear_timeout);
        let mut etag = None;
        let mut is_first = true;
        let mut spinner = None;
        let (mut similar, mut is_hinted) = (None, false);
        loop {
            let found = self.matching(filter, etag.as_deref(), is_first);
            match self.in_time(found).await? {
                Ok(Some((found, newer))) => {
                    is_first = false;
                    etag = newer;
                    if let Some(deployment) = self.choose(found)? {
                        drop(spinner);
                        return self.statuses_of(deployment).await.map(|one| vec![one]);
                    }
                }
                Ok(None) => {}
                Err(error) => {
                    self.pause_after(&error, |error| connection.explain(error))
                        .await?;
                    continue;
                }
            }
            if spinner.is_none() {
                let term = &self.session.term;
                spinner = Some(term.spinner("waiting for a deployment to be requested"));
                term.progress("no such deployment yet; waiting for one to be requested");
                if let Some(name) = filter.exact_environment() {
                    similar = self.in_time(suggest_environment(connection, name)).await?;
                }
            }
            let next = Instant::now() + self.args.interval;
            if self.is_past(next) {
                return Err(self.timed_out().await);
            }
            if let Some(appear) = appear.filter(|appear| *appear <= next) {
                sleep_until(appear).await;
                return Err(Failure::new(
                    Kind::NothingThere,
                    format!("no such deployment was requested in {}", connection.repo),
                )
                .hint(
                    "run 'deployctl list' to see the existing deployments; --appear-timeout waits longer for a new one",
                )
                .with_hints(similar));
            }
            if let (false, Some(similar)) = (is_hinted, &similar) {
                self.session.term.hint(similar.as_str());
                is_hinted = true;
            }
            sleep_until(next).await;
        }
    }

    /// The deployments that match, newest first, with the `ETag` for the next
    /// request; `None` if nothing has changed since `etag`.
    ///
    /// Only the newest page is read, since new deployments appear on it; the first
    /// time, the search continues on older pages.
    async fn matching(
        &self,
        filter: &Filter,
        etag: Option<&str>,
        is_first: bool,
    ) -> Result<Option<(Vec<Deployment>, Option<String>)>, ApiError> {
        let (client, repo) = (&self.connection.client, &self.connection.repo);
        let page_size = match filter.exact_environment() {
            Some(_) => 1,
            None => PAGE_SIZE,
        };
        let page = client
            .repo(repo)
            .deployments_since(filter.query(), page_size, etag)
            .await?;
        let Fetched::Fresh { value, etag, .. } = page else {
            return Ok(None);
        };
        let is_newer = |deployment: &Deployment| {
            let older = self.args.newer_than;
            older.is_none_or(|older| deployment.id > older)
        };
        let has_more = value.len() == PAGE_SIZE as usize && value.iter().all(is_newer);
        let mut found: Vec<Deployment> = value
            .into_iter()
            .filter(|deployment| is_newer(deployment) && filter.matches_deployment(deployment))
            .collect();
        if found.is_empty() && is_first && has_more {
            let mut pages = Box::pin(list_matching(self.connection, filter, Some(1), false));
            while let Some(page) = pages.try_next().await? {
                found.extend(page.into_iter().map(|observed| observed.deployment));
            }
            found.retain(is_newer);
        }
        Ok(Some((found, etag)))
    }

    /// The newest of the deployments that match.
    ///
    /// Deployments of one commit are often requested together, one per environment.
    /// Then it is a coincidence which one is the newest, and the user has to choose.
    fn choose(&self, found: Vec<Deployment>) -> Result<Option<Deployment>, Failure> {
        let mut environments: Vec<&str> = Vec::new();
        for deployment in &found {
            if !environments.contains(&deployment.environment.as_str()) {
                environments.push(&deployment.environment);
            }
        }
        if environments.len() > 1 {
            let mut listed = environments[..environments.len().min(MAX_LISTED)].join(", ");
            if environments.len() > MAX_LISTED {
                listed.push_str(", …");
            }
            let several = format!("{} environments match: {listed}", environments.len());
            if self.args.environment.is_none() && self.args.sha.is_some() {
                return Err(Failure::new(Kind::Usage, several)
                    .detail("environments", environments)
                    .hint("choose one with -e ENV, or wait for deployments by their IDs"));
            }
            let newest = &found[0];
            self.session.term.note(format!(
                "{several}; waiting for the newest deployment, {} to {}",
                newest.id, newest.environment
            ));
        }
        Ok(found.into_iter().next())
    }

    async fn statuses_of(&self, deployment: Deployment) -> Result<Watched, Failure> {
        let connection = self.connection;
        let id = deployment.id;
        loop {
            let answer = connection.repo().deployment(id).statuses_since(None);
            match self.in_time(answer).await? {
                Ok(Fetched::Fresh {
                    value, server_now, ..
                }) => {
                    return Ok(Watched::new(deployment, value, server_now));
                }
                Ok(Fetched::NotModified { server_now }) => {
                    return Ok(Watched::new(deployment, Vec::new(), server_now));
                }
                Err(error) => {
                    self.pause_after(&error, |error| connection.explain_for_deployment(id, error))
                        .await?;
                }
            }
        }
    }

    /// Awaits a call until the deadline.
    async fn in_time<T>(&self, call: impl Future<Output = T>) -> Result<T, Failure> {
        match self.request_deadline {
            Some(deadline) => match timeout_at(deadline, call).await {
                Ok(value) => Ok(value),
                Err(_) => Err(self.timed_out().await),
            },
            None => Ok(call.await),
        }
    }

    /// Pauses after an error that may be temporary; returns any other error.
    async fn pause_after(
        &self,
        error: &ApiError,
        explain: impl Fn(&ApiError) -> Failure,
    ) -> Result<(), Failure> {
        if !is_retryable(error) {
            return Err(explain(error));
        }
        self.session.term.verbose(format!("trying again: {error}"));
        self.last_error.replace(Some(error.to_string()));
        let next = Instant::now() + retry_delay(error).max(self.args.interval);
        if self.is_past(next) {
            return Err(match error {
                ApiError::RateLimited(_) => explain(error),
                _ => self.timed_out().await,
            });
        }
        sleep_until(next).await;
        Ok(())
    }

    fn is_past(&self, moment: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= moment)
    }

    /// Waits for the deadline, and returns its failure.
    async fn timed_out(&self) -> Failure {
        if let Some(deadline) = self.deadline {
            sleep_until(deadline).await;
        }
        let last_error = self.last_error.borrow();
        Failure::new(Kind::TimedOut, "timeout: no deployment was found")
            .hint("--timeout sets a longer time; -v shows each request")
            .with_hints(
                last_error
                    .iter()
                    .map(|error| format!("the last request that failed: {error}")),
            )
    }
}
