use std::collections::HashSet;

use serde::Deserialize;
use url::Url;

use super::page::{Item, PageReader};
use super::path::ApiPath;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Client, Fetched, Paging, RepoHandle};
use crate::model::{PendingDeployment, RunId, RunReview, RunStatus, WorkflowRun};

/// The most runs that GitHub lists for one search.
const MOST_RUNS_OF_SEARCH: usize = 1000;
/// How many searches a list of runs takes at most.
const MOST_SEARCHES: usize = 10;

/// Which workflow runs are wanted; the server filters.
///
/// See <https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository>.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunFilter {
    /// Where the run stands.
    pub status: Option<RunStatus>,
    /// The whole SHA of the commit.
    pub head_sha: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// The number of the workflow.
    pub workflow_id: Option<u64>,
}

impl RunFilter {
    /// The runs that wait for a protection rule of an environment.
    #[must_use]
    pub fn waiting() -> Self {
        Self {
            status: Some(RunStatus::Waiting),
            ..Self::default()
        }
    }

    /// Only runs of this workflow.
    #[must_use]
    pub fn of_workflow(mut self, id: u64) -> Self {
        self.workflow_id = Some(id);
        self
    }

    /// Only runs of this commit, by its whole SHA.
    #[must_use]
    pub fn of_commit(mut self, sha: impl Into<String>) -> Self {
        self.head_sha = Some(sha.into());
        self
    }
}

/// A workflow run of a repository; made by [`RepoHandle::run`], without a
/// request.
#[derive(Clone, Copy, Debug)]
pub struct RunHandle<'a> {
    pub(super) repo: RepoHandle<'a>,
    pub(super) client: &'a Client,
    pub(super) id: RunId,
}

impl Item for WorkflowRun {
    fn id(&self) -> Option<u64> {
        Some(self.id.0)
    }
}

#[derive(Deserialize)]
struct RunPage {
    workflow_runs: Vec<WorkflowRun>,
}

impl<'a> RepoHandle<'a> {
    /// The workflow run with this ID, whether it exists or not.
    pub fn run(self, id: RunId) -> RunHandle<'a> {
        RunHandle {
            repo: self,
            client: self.client,
            id,
        }
    }

    /// Workflow runs, newest first. Needs the permission "Actions: read".
    ///
    /// GitHub lists at most 1,000 runs of a search; where there are more, the
    /// older ones are searched for by their time of creation.
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository>.
    pub async fn workflow_runs(self, filter: &RunFilter) -> Result<Vec<WorkflowRun>, ApiError> {
        let mut runs: Vec<WorkflowRun> = Vec::new();
        let mut known = HashSet::new();
        for _ in 0..MOST_SEARCHES {
            let oldest = runs.iter().map(|run| run.created_at).min();
            let created = oldest.map(|oldest| format!("<={oldest}"));
            let url = self.runs_url(filter, created.as_deref())?;
            let found = self.search_runs(url).await?;
            let is_cut = found.len() >= MOST_RUNS_OF_SEARCH;
            let before = runs.len();
            runs.extend(found.into_iter().filter(|run| known.insert(run.id)));
            if !is_cut || runs.len() == before {
                break;
            }
        }
        Ok(runs)
    }

    /// The newest 100 workflow runs, newest first, if they are not those that
    /// `etag` stands for.
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository>.
    pub async fn workflow_runs_since(
        self,
        filter: &RunFilter,
        etag: Option<&str>,
    ) -> Result<Fetched<Vec<WorkflowRun>>, ApiError> {
        let url = self.runs_url(filter, None)?;
        let page = self
            .client
            .get_changes::<RunPage>(url, Paging::LARGEST_PAGE, etag)
            .await?;
        Ok(match page {
            Fetched::NotModified { server_now } => Fetched::NotModified { server_now },
            Fetched::Fresh {
                value,
                etag,
                server_now,
            } => Fetched::Fresh {
                value: value.workflow_runs,
                etag,
                server_now,
            },
        })
    }

    async fn search_runs(self, url: Url) -> Result<Vec<WorkflowRun>, ApiError> {
        let client = self.client;
        PageReader::new(client, url, Paging::all(), client.budget(), run_page)
            .all()
            .await
    }

    fn runs_url(self, filter: &RunFilter, created: Option<&str>) -> Result<Url, ApiError> {
        let path = self.path()?.then("actions");
        let path = match filter.workflow_id {
            Some(id) => path.then("workflows").number(id).then("runs"),
            None => path.then("runs"),
        };
        let mut url = path.below(self.client.rest());
        for (name, value) in [
            ("status", filter.status.as_ref().map(RunStatus::as_str)),
            ("head_sha", filter.head_sha.as_deref()),
            ("branch", filter.branch.as_deref()),
            ("created", created),
        ] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url)
    }
}

impl RunHandle<'_> {
    /// Gets the run. Needs the permission "Actions: read".
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run>.
    pub async fn get(self) -> Result<WorkflowRun, ApiError> {
        self.client.get(&self.path()?).await
    }

    /// The environments that the run waits for now. The list is empty for a
    /// moment after a run has begun to wait. Needs the permission "Actions:
    /// read".
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run>.
    pub async fn pending_deployments(self) -> Result<Vec<PendingDeployment>, ApiError> {
        self.client
            .get(&self.path()?.then("pending_deployments"))
            .await
    }

    /// The reviews of the run so far; they have no times. Needs the permission
    /// "Actions: read".
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run>.
    pub async fn reviews(self) -> Result<Vec<RunReview>, ApiError> {
        self.client.get(&self.path()?.then("approvals")).await
    }

    /// Requests that the run be cancelled. GitHub accepts the request (202)
    /// before the run has ended, and a second time, so it is repeated if the
    /// answer is lost. A run that has ended need not be cancelled. Needs the
    /// permission "Actions: write".
    ///
    /// # Errors
    /// 409 as [`ApiError::Response`] for a run that cannot be cancelled and has
    /// not ended.
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#cancel-a-workflow-run>.
    pub async fn cancel(self) -> Result<(), ApiError> {
        let request = Request {
            method: reqwest::Method::POST,
            writes: 1,
            ..Request::get(self.path()?.then("cancel").below(self.client.rest()))
        };
        let budget = self.client.budget();
        let cancelled = self
            .client
            .call(&request, budget, |answer| answer.done(&[202]));
        match cancelled.await {
            Err(error) if error.status() == Some(409) && self.get().await?.is_completed() => Ok(()),
            other => other.map(drop),
        }
    }

    /// `/repos/OWNER/NAME/actions/runs/ID`.
    pub(super) fn path(self) -> Result<ApiPath, ApiError> {
        let path = self.repo.path()?.then("actions").then("runs");
        Ok(path.number(self.id.0))
    }
}

fn run_page(response: &Response) -> Result<Vec<WorkflowRun>, ReadError> {
    let RunPage { workflow_runs } = response.json()?;
    Ok(workflow_runs)
}
