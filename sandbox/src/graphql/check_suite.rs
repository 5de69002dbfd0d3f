//! Check suites, of which each workflow run has one
//! (<https://docs.github.com/graphql/reference/objects#checksuite>).

use std::sync::Arc;

use serde::Deserialize;

use super::commit::Commit;
use super::object::{Field, Object, Output};
use super::owner::Owner;
use super::page::{Connection, Cursor, PageArguments};
use super::problem::Result;
use super::reference::Ref;
use super::repository::Repository;
use super::scalars::{short, time};
use super::session::READ_RUNS;
use super::workflow_run::WorkflowRun;
use crate::ids::NodeId;
use crate::store;

/// The filter of a list of check suites.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CheckSuiteFilter {
    app_id: Option<i32>,
    check_name: Option<String>,
}

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
        field: Field<'_>,
    ) -> Result<Connection<Self>> {
        let session = &repository.session;
        repository.demand(READ_RUNS)?;
        let requested = field.arguments::<PageArguments>()?.check("checkSuites")?;
        let filter: Option<CheckSuiteFilter> = field.argument("filterBy")?;
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
}

impl Object for CheckSuite {
    fn kind(&self) -> &'static str {
        "CheckSuite"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let (repository, run) = (&self.repository, &self.run);
        let session = &repository.session;
        let id = run.check_suite_id();
        let path = || {
            let name = repository.row.full_name();
            format!("/{name}/commit/{}/checks?check_suite_id={id}", run.sha)
        };
        Ok(match field.name() {
            "branch" => {
                let kind = if run.is_tag { "tags" } else { "heads" };
                Ref::find(repository, &format!("refs/{kind}/{}", run.branch))?.into()
            }
            "commit" => Commit::get(repository, &run.sha)?.into(),
            "conclusion" => match run.conclusion.as_deref() {
                None => Output::NULL,
                Some("success") => "SUCCESS".into(),
                Some("cancelled") => "CANCELLED".into(),
                Some("skipped") => "SKIPPED".into(),
                Some(_) => "FAILURE".into(),
            },
            "createdAt" => time(run.created_at).into(),
            "creator" => Owner::user(session, run.actor.clone()).into(),
            "databaseId" => short(id).into(),
            "id" => NodeId::CheckSuite(repository.row.id, id).encode().into(),
            "repository" => repository.clone().into(),
            "resourcePath" => path().into(),
            "status" => match run.status.as_str() {
                "completed" => "COMPLETED".into(),
                "in_progress" => "IN_PROGRESS".into(),
                "pending" => "PENDING".into(),
                "waiting" => "WAITING".into(),
                _ => "QUEUED".into(),
            },
            "updatedAt" => time(run.updated_at).into(),
            "url" => session.url(&path()).into(),
            "workflowRun" => WorkflowRun::new(repository, Arc::clone(run)).into(),
            _ => return Err(field.unknown()),
        })
    }
}
