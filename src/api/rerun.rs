use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::json;

use super::request::Request;
use super::{ApiError, RepoHandle};
use crate::model::RunId;

/// How often a workflow run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Attempts {
    #[serde(default = "one")]
    run_attempt: u64,
}

fn one() -> u64 {
    1
}

impl RepoHandle<'_> {
    /// Runs a job of a workflow run again, and the jobs that need it, exactly
    /// once: if the response is lost, this looks whether the run has a new
    /// attempt before it sends the request again. Needs the permission "Actions:
    /// write".
    ///
    /// # Errors
    /// [`ApiError::Ambiguous`] if the response was lost and the search failed
    /// too; 403 as [`ApiError::Response`] if the run has not ended, or is more
    /// than 30 days old.
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs#re-run-a-job-from-a-workflow-run>.
    pub(crate) async fn rerun_job(self, run: u64, job: u64) -> Result<(), ApiError> {
        let before = self.attempts(run).await?;
        let path = self.path()?.then("actions").then("jobs").number(job);
        let url = path.then("rerun").below(self.client.rest());
        let request = Request::post(url, &json!({}))?;
        let find_result = |_| {
            async move {
                let now = self.attempts(run).await?;
                Ok((now > before).then_some(()))
            }
            .boxed()
        };
        self.client
            .write_once("run a job again", &request, |_| Ok(()), find_result)
            .await
    }

    async fn attempts(self, run: u64) -> Result<u64, ApiError> {
        let path = self.run(RunId(run)).path()?;
        Ok(self.client.get::<Attempts>(&path).await?.run_attempt)
    }
}
