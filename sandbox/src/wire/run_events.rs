//! The payloads of webhooks about workflow runs and their deployments.

use serde_json::{Map, Value, json};

use super::events::EventContext;
use super::runs::RunContext;
use super::users::{SimpleUser, organization};
use crate::failure::Failure;
use crate::http::timestamp;
use crate::store::{Deployment, Job, Pull, Reviewer, User, WorkflowRun};

/// A review of the deployments of some jobs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReviewedJobs<'a> {
    pub(crate) jobs: &'a [Job],
    pub(crate) approves: bool,
    pub(crate) approver: &'a User,
    pub(crate) comment: &'a str,
    pub(crate) reviewers: &'a [Reviewer],
    /// Seconds since the epoch.
    pub(crate) now: i64,
}

impl<'a> EventContext<'a> {
    pub(super) fn runs(&self) -> RunContext<'a> {
        RunContext {
            urls: self.urls,
            repository: self.repository,
            visibility: self.visibility,
        }
    }

    fn with_common(&self, payload: Value) -> String {
        let mut payload = match payload {
            Value::Object(payload) => payload,
            _ => Map::new(),
        };
        payload.extend(self.common_fields());
        Value::Object(payload).to_string()
    }

    /// The payload of `workflow_run`.
    pub(crate) fn workflow_run(&self, action: &str, run: &WorkflowRun, pulls: &[Pull]) -> String {
        let runs = self.runs();
        self.with_common(json!({
            "action": action,
            "workflow_run": runs.run_in_event(run, pulls),
            "workflow": runs.workflow(&run.workflow),
        }))
    }

    fn job_run(&self, job: &Job) -> Value {
        let updated_at = job.completed_at.or(job.started_at);
        let updated_at = updated_at.unwrap_or(job.created_at);
        json!({
            "id": job.id,
            "name": job.name,
            "status": job.status,
            "conclusion": job.conclusion,
            "html_url": self.runs().job_html_url(job),
            "created_at": timestamp(job.created_at),
            "updated_at": timestamp(updated_at),
            "environment": job.environment,
        })
    }

    /// The payload of `deployment_review`, action `requested`.
    pub(crate) fn review_requested(
        &self,
        run: &WorkflowRun,
        job: &Job,
        environment: &str,
        reviewers: &[Reviewer],
        pulls: &[Pull],
    ) -> String {
        let runs = self.runs();
        let reviewers = reviewers.iter().map(|one| runs.reviewer_in_event(one));
        self.with_common(json!({
            "action": "requested",
            "environment": environment,
            "requestor": SimpleUser::new(self.urls, &run.actor).in_event(),
            "reviewers": reviewers.collect::<Vec<_>>(),
            "since": timestamp(job.waiting_since.unwrap_or(job.created_at)),
            "workflow_job_run": self.job_run(job),
            "workflow_run": runs.run_in_event(run, pulls),
            "organization": organization(self.urls, &self.repository.owner),
        }))
    }

    /// The payload of `deployment_review`, action `approved` or `rejected`.
    pub(crate) fn reviewed(
        &self,
        run: &WorkflowRun,
        review: ReviewedJobs<'_>,
        pulls: &[Pull],
    ) -> String {
        let runs = self.runs();
        // By GitHub's description teams are not listed here.
        let is_user = |reviewer: &&Reviewer| matches!(reviewer, Reviewer::User(_));
        let reviewers = review.reviewers.iter().filter(is_user);
        let jobs = review.jobs.iter().map(|job| self.job_run(job));
        self.with_common(json!({
            "action": if review.approves { "approved" } else { "rejected" },
            "approver": SimpleUser::new(self.urls, review.approver).in_event(),
            "comment": review.comment,
            "reviewers": reviewers.map(|one| runs.reviewer_in_event(one)).collect::<Vec<_>>(),
            "since": timestamp(review.now),
            "workflow_job_runs": jobs.collect::<Vec<_>>(),
            "workflow_run": runs.run_in_event(run, pulls),
            "organization": organization(self.urls, &self.repository.owner),
        }))
    }

    /// The payload of `deployment_protection_rule`, action `requested`.
    pub(crate) fn rule_requested(
        &self,
        run: &WorkflowRun,
        environment: &str,
        deployment: &Deployment,
    ) -> Result<String, Failure> {
        let callback = format!("{}/deployment_protection_rule", self.runs().url(run.id));
        Ok(self.with_common(json!({
            "action": "requested",
            "environment": environment,
            "event": run.event,
            "deployment_callback_url": callback,
            "deployment": self.deployment(deployment)?,
            "pull_requests": [],
        })))
    }
}
