use jiff::SignedDuration;
use url::Url;

use super::plan::Plan;
use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::model::{Endpoints, RepoSlug};
use crate::session::Connection;

/// For how long GitHub runs a job again. See
/// <https://docs.github.com/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs>.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A job of GitHub Actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) run: u64,
    pub(super) id: u64,
}

impl Job {
    /// The job that the source of a plan was deployed by.
    ///
    /// # Errors
    /// If its log is not that of a job, or if it is too old to run again.
    pub(super) fn of_source(connection: &Connection, plan: &Plan) -> Result<Self, Failure> {
        let source = &plan.source;
        let job = source
            .log_url()
            .and_then(|log| Self::parse(log, connection.client.endpoints(), &connection.repo));
        let Some(job) = job else {
            let message = format!("the log of deployment {} is not that of a job", source.id);
            return Err(Failure::new(Kind::Other, message)
                .hint("use --via deployment if a deployer listens for deployments"));
        };
        if connection
            .client
            .server_now()
            .duration_since(source.created_at)
            > MAX_AGE
        {
            let message = format!(
                "deployment {} is more than 30 days old, and GitHub does not run its job again",
                source.id
            );
            return Err(Failure::new(Kind::Other, message).hint(
                "start the workflow for a branch or tag of the commit with 'gh workflow run --ref'",
            ));
        }
        Ok(job)
    }

    /// Reads the URL of its log: `/OWNER/REPO/actions/runs/RUN/job/JOB`.
    fn parse(log: &str, endpoints: &Endpoints, repo: &RepoSlug) -> Option<Self> {
        let log = Url::parse(log).ok()?;
        let (log_repo, path) = endpoints.parse_repository_page(&log)?;
        let ["actions", "runs", run, "job", id] = path[..] else {
            return None;
        };
        (log_repo == *repo).then_some(Self {
            run: run.parse().ok()?,
            id: id.parse().ok()?,
        })
    }

    /// The page of its run.
    pub(super) fn run_url(self, connection: &Connection) -> String {
        let path = ["actions", "runs", &self.run.to_string()];
        let endpoints = connection.client.endpoints();
        endpoints.repository_page(&connection.repo, &path).into()
    }
}

/// The failure of running a job again.
pub(super) fn explain(connection: &Connection, error: &ApiError, url: &str) -> Failure {
    if matches!(error, ApiError::Ambiguous { .. }) {
        return Failure::new(Kind::OutcomeUnknown, error.to_string())
            .hint(format!("see whether the job runs again: {url}"));
    }
    let failure = connection.explain(error);
    let refusal = error.error_response();
    // GitHub refuses a run that is too old or has not ended with 403, too.
    let is_about_the_run = |message: &str| message.contains("this workflow");
    match error.status() {
        Some(403) if refusal.is_some_and(|refusal| is_about_the_run(&refusal.message.to_lowercase())) => {
            let message = failure.message().trim_start_matches("not allowed: ");
            Failure::new(Kind::Other, message)
                .hint("GitHub runs a job again within 30 days, and only after its run has ended")
                .detail("status", 403)
        }
        Some(403 | 404) => failure.hint(
            "a fine-grained token needs 'Actions: write'; GitHub runs a job again within 30 days, and only after its run has ended",
        ),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_jobs_of_the_repository_are_read() {
        let root = "https://git.example.com/api/v3".parse().expect("a URL");
        let endpoints = Endpoints::from_rest(&root);
        let repo = "acme/shop".parse().expect("a repository");
        for (log, job) in [
            (
                "https://git.example.com/acme/shop/actions/runs/7/job/8",
                Some(Job { run: 7, id: 8 }),
            ),
            (
                "https://git.example.com/ACME/shop/actions/runs/7/job/8?pr=1#step:2:3",
                Some(Job { run: 7, id: 8 }),
            ),
            ("https://git.example.com/acme/shop/actions/runs/7", None),
            (
                "https://git.example.com/acme/other/actions/runs/7/job/8",
                None,
            ),
            ("https://github.com/acme/shop/actions/runs/7/job/8", None),
            (
                "https://git.example.com/acme/shop/actions/runs/x/job/8",
                None,
            ),
            ("https://ci.example.com/7", None),
            ("", None),
        ] {
            assert_eq!(Job::parse(log, &endpoints, &repo), job, "{log}");
        }
    }
}
