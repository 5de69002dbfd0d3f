use rusqlite::Connection;

use super::Failure;
use crate::store::{Deployment, DeploymentStatus, Job, Reviewer, User, WorkflowRun};

/// Observes creations inside the transaction that makes them, so that its own
/// records exist if and only if the created object does.
pub(crate) trait Witness {
    /// A deployment was made, by a run or by a client.
    fn deployment(
        &self,
        write: &Connection,
        made: &Deployment,
        run: Option<&WorkflowRun>,
    ) -> Result<(), Failure>;

    /// A deployment was given a requested status. The deployment is in the
    /// state after that.
    fn status(
        &self,
        write: &Connection,
        deployment: &Deployment,
        status: &DeploymentStatus,
    ) -> Result<(), Failure>;

    /// Something happened to a run.
    fn run(&self, write: &Connection, event: &RunEvent<'_>) -> Result<(), Failure>;
}

/// Something that happened to a workflow run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RunEvent<'a> {
    Requested(&'a WorkflowRun),
    InProgress(&'a WorkflowRun),
    Completed(&'a WorkflowRun),
    /// A job waits for reviewers.
    ReviewRequested {
        run: &'a WorkflowRun,
        job: &'a Job,
        environment: &'a str,
        reviewers: &'a [Reviewer],
    },
    Reviewed {
        run: &'a WorkflowRun,
        jobs: &'a [Job],
        approves: bool,
        approver: &'a User,
        comment: &'a str,
        reviewers: &'a [Reviewer],
    },
    /// A job waits for an app.
    RuleRequested {
        run: &'a WorkflowRun,
        environment: &'a str,
        deployment: &'a Deployment,
    },
}
