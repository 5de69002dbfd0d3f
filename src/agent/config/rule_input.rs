use crate::model::{Deployment, RepoSlug};

/// The properties of a deployment that rules match.
#[derive(Clone, Copy, Debug)]
pub struct RuleInput<'a> {
    pub repository: &'a RepoSlug,
    pub environment: &'a str,
    /// The ref as it was requested.
    pub ref_name: &'a str,
    pub sha: &'a str,
    pub task: &'a str,
    /// Whether a job of GitHub Actions created the deployment.
    pub by_workflow: bool,
}

impl<'a> RuleInput<'a> {
    pub fn new(repository: &'a RepoSlug, deployment: &'a Deployment, by_workflow: bool) -> Self {
        Self {
            repository,
            environment: &deployment.environment,
            ref_name: &deployment.ref_name,
            sha: &deployment.sha,
            task: &deployment.task,
            by_workflow,
        }
    }
}
