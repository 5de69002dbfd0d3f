//! Check suites, of which each workflow run has one
//! (<https://docs.github.com/graphql/reference/objects#checksuite>).

use std::sync::Arc;

use async_graphql::{Enum, ID, InputObject, Object};

use super::commit::Commit;
use super::owner::User;
use super::page::{Connection, Cursor, PageArguments, connection};
use super::problem::{Problem, Result};
use super::reference::Ref;
use super::repository::Repository;
use super::scalars::{DateTime, Uri};
use super::session::READ_RUNS;
use super::workflow_run::WorkflowRun;
use crate::ids::NodeId;
use crate::store;

/// The possible states for a check suite or run status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum CheckStatusState {
    /// The check suite or run has been completed.
    Completed,
    /// The check suite or run is in progress.
    InProgress,
    /// The check suite or run is in pending state.
    Pending,
    /// The check suite or run has been queued.
    Queued,
    /// The check suite or run has been requested.
    Requested,
    /// The check suite or run is in waiting state.
    Waiting,
}

/// The possible states for a check suite or run conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum CheckConclusionState {
    /// The check suite or run requires action.
    ActionRequired,
    /// The check suite or run has been cancelled.
    Cancelled,
    /// The check suite or run has failed.
    Failure,
    /// The check suite or run was neutral.
    Neutral,
    /// The check suite or run was skipped.
    Skipped,
    /// The check suite or run was marked stale by GitHub. Only GitHub can use this conclusion.
    Stale,
    /// The check suite or run has failed at startup.
    StartupFailure,
    /// The check suite or run has succeeded.
    Success,
    /// The check suite or run has timed out.
    TimedOut,
}

/// The filters that are available when fetching check suites.
#[derive(Debug, Clone, InputObject)]
pub(super) struct CheckSuiteFilter {
    /// Filters the check suites created by this application ID.
    app_id: Option<i32>,
    /// Filters the check suites by this name.
    check_name: Option<String>,
}

connection!(CheckSuite, "CheckSuiteConnection", "CheckSuiteEdge");

/// The check suite of a workflow run.
#[derive(Debug, Clone)]
pub(super) struct CheckSuite {
    repository: Repository,
    run: Arc<store::WorkflowRun>,
}

impl CheckSuite {
    pub(super) fn new(repository: &Repository, run: Arc<store::WorkflowRun>) -> Self {
        Self {
            repository: repository.clone(),
            run,
        }
    }

    /// A check suite by id; `None` if it does not exist.
    pub(super) fn find(repository: &Repository, id: i64) -> Result<Option<Self>> {
        let session = &repository.session;
        repository.demand(READ_RUNS)?;
        let owner = repository.row.id;
        let store = &session.core.store;
        let found = store.read(|read| store::WorkflowRun::by_check_suite(read, owner, id))?;
        Ok(found.map(|run| Self::new(repository, Arc::new(run))))
    }

    /// A page of a commit's check suites, oldest first. A filter by app or check
    /// matches none, because the check suites here are those of runs.
    pub(super) fn list(
        repository: &Repository,
        sha: &str,
        filter: Option<&CheckSuiteFilter>,
        arguments: &PageArguments,
    ) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_RUNS)?;
        let requested = arguments.check("checkSuites")?;
        let mut runs = session.core.runs_of_commit(&repository.row, sha)?;
        if filter.is_some_and(|filter| filter.app_id.is_some() || filter.check_name.is_some()) {
            runs.clear();
        }
        let cut = requested.cut(
            runs,
            |run| Cursor::new(run.id.to_string()),
            |run, key| key.parse().is_ok_and(|key: i64| run.id < key),
        );
        Ok(cut.map(|run| Self::new(repository, Arc::new(run))))
    }

    fn path(&self) -> String {
        let name = self.repository.row.full_name();
        let (sha, id) = (&self.run.sha, self.run.check_suite_id());
        format!("/{name}/commit/{sha}/checks?check_suite_id={id}")
    }
}

/// A check suite.
#[Object]
impl CheckSuite {
    /// The name of the branch for this check suite.
    async fn branch(&self) -> Result<Option<Ref>> {
        let kind = if self.run.is_tag { "tags" } else { "heads" };
        Ref::find(
            &self.repository,
            &format!("refs/{kind}/{}", self.run.branch),
        )
    }

    /// The commit for this check suite
    async fn commit(&self) -> Result<Commit> {
        let found = Commit::find(&self.repository, &self.run.sha)?;
        found.ok_or_else(|| Problem::new("NOT_FOUND", "The commit no longer exists."))
    }

    /// The conclusion of this check suite.
    async fn conclusion(&self) -> Option<CheckConclusionState> {
        match self.run.conclusion.as_deref()? {
            "success" => Some(CheckConclusionState::Success),
            "cancelled" => Some(CheckConclusionState::Cancelled),
            "skipped" => Some(CheckConclusionState::Skipped),
            _ => Some(CheckConclusionState::Failure),
        }
    }

    /// Identifies the date and time when the object was created.
    async fn created_at(&self) -> DateTime {
        DateTime::from_seconds(self.run.created_at)
    }

    /// The user who triggered the check suite.
    async fn creator(&self) -> Option<User> {
        Some(User::new(&self.repository.session, self.run.actor.clone()))
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.run.check_suite_id()).ok()
    }

    /// The Node ID of the CheckSuite object
    pub(super) async fn id(&self) -> ID {
        NodeId::CheckSuite(self.repository.row.id, self.run.check_suite_id())
            .encode()
            .into()
    }

    /// The repository associated with this check suite.
    async fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// The HTTP path for this check suite
    async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    /// The status of this check suite.
    async fn status(&self) -> CheckStatusState {
        match self.run.status.as_str() {
            "completed" => CheckStatusState::Completed,
            "in_progress" => CheckStatusState::InProgress,
            "pending" => CheckStatusState::Pending,
            "waiting" => CheckStatusState::Waiting,
            _ => CheckStatusState::Queued,
        }
    }

    /// Identifies the date and time when the object was last updated.
    async fn updated_at(&self) -> DateTime {
        DateTime::from_seconds(self.run.updated_at)
    }

    /// The HTTP URL for this check suite
    async fn url(&self) -> Uri {
        let web = &self.repository.session.viewer.web;
        Uri(format!("{web}{}", self.path()))
    }

    /// The workflow run associated with this check suite.
    async fn workflow_run(&self) -> Option<WorkflowRun> {
        Some(WorkflowRun::new(&self.repository, Arc::clone(&self.run)))
    }
}
