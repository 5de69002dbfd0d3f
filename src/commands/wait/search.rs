use std::cell::RefCell;
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::args::WaitArgs;
use crate::api::{ApiError, Fetched};
use crate::error::{Failure, Kind};
use crate::history::{Watched, is_worth_retrying, wait_of};
use crate::model::{Deployment, DeploymentId};
use crate::select::{Filter, list_matching};
use crate::session::{Connection, Session, suggest_environment};

/// How long the first request may take at least.
pub(super) const FIRST_REQUEST: Duration = Duration::from_secs(2);
/// How many deployments are looked at where the server cannot filter by all
/// that is asked for.
const PAGE_SIZE: u32 = 100;
/// How many environments a message lists.
const LISTED: usize = 5;

/// The search for the deployments to follow.
pub(super) struct Search<'a> {
    session: &'a Session,
    connection: &'a Connection,
    args: &'a WaitArgs,
    /// When the search ends at the latest; `None` is never.
    deadline: Option<Instant>,
    /// When a request ends at the latest: the first one gets a moment even with
    /// `--timeout 0`, which is a way to ask how things are.
    request_deadline: Option<Instant>,
    /// Why the latest request has failed.
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
            request_deadline: deadline.map(|deadline| deadline.max(began + FIRST_REQUEST)),
            last_error: RefCell::default(),
        }
    }

    /// The deployments that are named by their IDs.
    pub(super) async fn named(&self) -> Result<Vec<Watched>, Failure> {
        let mut ids = self.args.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        let histories = join_all(ids.into_iter().map(|id| self.history(id))).await;
        let mut watched = Vec::new();
        for history in histories {
            match history {
                Ok(one) => watched.push(one),
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
                .in_time(
                    connection
                        .client
                        .repo(&connection.repo)
                        .deployment(id)
                        .history(),
                )
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
                    self.after(&error, |error| connection.explain_for_deployment(id, error))
                        .await?;
                }
            }
        }
    }

    /// The newest deployment that matches, as soon as there is one.
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
                    self.after(&error, |error| connection.explain(error))
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
                return Err(self.time_is_up().await);
            }
            if let Some(appear) = appear.filter(|appear| *appear <= next) {
                sleep_until(appear).await;
                return Err(Failure::new(
                    Kind::NothingThere,
                    format!("no such deployment was requested in {}", connection.repo),
                )
                .hint(
                    "'deployctl list' shows the existing deployments; --appear-timeout waits longer for a new one",
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

    /// The deployments that match, newest first, with the `ETag` to send next
    /// time; `None` if nothing has changed since the one that is given.
    ///
    /// Only the newest page is looked at, since what is requested later is on
    /// it; the first time the search goes on to the older ones.
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
    /// Those of one commit are often requested together, one for each
    /// environment, so which is the newest is chance: the user has to choose.
    fn choose(&self, found: Vec<Deployment>) -> Result<Option<Deployment>, Failure> {
        let mut environments: Vec<&str> = Vec::new();
        for deployment in &found {
            if !environments.contains(&deployment.environment.as_str()) {
                environments.push(&deployment.environment);
            }
        }
        if environments.len() > 1 {
            let mut listed = environments[..environments.len().min(LISTED)].join(", ");
            if environments.len() > LISTED {
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
            let answer = connection
                .client
                .repo(&connection.repo)
                .deployment(id)
                .statuses_since(None);
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
                    self.after(&error, |error| connection.explain_for_deployment(id, error))
                        .await?;
                }
            }
        }
    }

    /// Ends a call at the deadline.
    async fn in_time<T>(&self, call: impl Future<Output = T>) -> Result<T, Failure> {
        match self.request_deadline {
            Some(deadline) => match timeout_at(deadline, call).await {
                Ok(value) => Ok(value),
                Err(_) => Err(self.time_is_up().await),
            },
            None => Ok(call.await),
        }
    }

    /// Pauses after an error that a later request may not meet; any other one
    /// ends the command.
    async fn after(
        &self,
        error: &ApiError,
        explain: impl Fn(&ApiError) -> Failure,
    ) -> Result<(), Failure> {
        if !is_worth_retrying(error) {
            return Err(explain(error));
        }
        self.session.term.verbose(format!("trying again: {error}"));
        self.last_error.replace(Some(error.to_string()));
        let next = Instant::now() + wait_of(error).max(self.args.interval);
        if self.is_past(next) {
            return Err(match error {
                ApiError::RateLimited(_) => explain(error),
                _ => self.time_is_up().await,
            });
        }
        sleep_until(next).await;
        Ok(())
    }

    fn is_past(&self, moment: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= moment)
    }

    /// The failure for the deadline, once it has come.
    async fn time_is_up(&self) -> Failure {
        if let Some(deadline) = self.deadline {
            sleep_until(deadline).await;
        }
        let last_error = self.last_error.borrow();
        Failure::new(
            Kind::TimedOut,
            "time is up, and the deployment was not seen",
        )
        .hint("--timeout sets a longer time; -v shows each request")
        .with_hints(
            last_error
                .iter()
                .map(|error| format!("the last request that failed: {error}")),
        )
    }
}
