//! Workflow runs and their jobs in answers and events.

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::repositories::{self, minimal};
use super::users::{SimpleUser, WireTeam};
use crate::http::{Urls, encode_segment, timestamp};
use crate::ids::NodeId;
use crate::store::{
    Environment, Job, Pull, Repository, Reviewer, Visibility, Workflow, WorkflowRun,
};

/// The parts of an answer or event that a run depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunContext<'a> {
    pub(crate) urls: &'a Urls,
    pub(crate) repository: &'a Repository,
    pub(crate) visibility: Visibility,
}

/// The web page of a run.
pub(crate) fn html_url(urls: &Urls, repository: &Repository, run: i64) -> String {
    format!("{}/actions/runs/{run}", urls.web_page(repository))
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

impl RunContext<'_> {
    /// The address of a run.
    pub(crate) fn url(&self, run: i64) -> String {
        format!(
            "{}/actions/runs/{run}",
            self.urls.repository(self.repository)
        )
    }

    pub(crate) fn job_html_url(&self, job: &Job) -> String {
        self.urls.log(self.repository, &job.page())
    }

    /// GitHub's `pull-request-minimal`.
    fn pull(&self, pull: &Pull) -> Value {
        let api = self.urls.repository(self.repository);
        let end = |name: &str, sha: &str| {
            json!({
                "ref": name,
                "sha": sha,
                "repo": { "id": self.repository.id, "url": api, "name": self.repository.name },
            })
        };
        json!({
            "id": pull.id,
            "number": pull.number,
            "url": format!("{api}/pulls/{}", pull.number),
            "head": end(&pull.head, &pull.head_sha),
            "base": end(&pull.base, &pull.base_sha),
        })
    }

    /// GitHub's `workflow-run`; `pulls` are the open pull requests of its branch.
    pub(crate) fn run(&self, run: &WorkflowRun, pulls: &[Pull]) -> Map<String, Value> {
        let api = self.urls.repository(self.repository);
        let url = self.url(run.id);
        let suite = run.check_suite_id();
        let actor = SimpleUser::new(self.urls, &run.actor);
        let repository = minimal(self.urls, self.repository, self.visibility);
        let previous_attempt = run.attempt - 1;
        let previous_attempt =
            (previous_attempt > 0).then(|| format!("{url}/attempts/{previous_attempt}"));
        let head_commit: Option<Box<RawValue>> =
            RawValue::from_string(run.head_commit.clone()).ok();
        fields(json!({
            "id": run.id,
            "name": run.workflow.name,
            "node_id": NodeId::WorkflowRun(self.repository.id, run.id).encode(),
            "check_suite_id": suite,
            "check_suite_node_id": NodeId::CheckSuite(self.repository.id, suite).encode(),
            "head_branch": run.branch,
            "head_sha": run.sha,
            "path": run.workflow.path,
            "run_number": run.number,
            "run_attempt": run.attempt,
            "referenced_workflows": [],
            "event": run.event,
            "display_title": run.title,
            "status": run.status,
            "conclusion": run.conclusion,
            "workflow_id": run.workflow.id,
            "url": url,
            "html_url": html_url(self.urls, self.repository, run.id),
            "pull_requests": pulls.iter().map(|pull| self.pull(pull)).collect::<Vec<_>>(),
            "created_at": timestamp(run.created_at),
            "updated_at": timestamp(run.updated_at),
            "actor": actor,
            "triggering_actor": actor,
            "run_started_at": timestamp(run.started_at),
            "jobs_url": format!("{url}/jobs"),
            "logs_url": format!("{url}/logs"),
            "check_suite_url": format!("{api}/check-suites/{suite}"),
            "artifacts_url": format!("{url}/artifacts"),
            "cancel_url": format!("{url}/cancel"),
            "rerun_url": format!("{url}/rerun"),
            "previous_attempt_url": previous_attempt,
            "workflow_url": format!("{api}/actions/workflows/{}", run.workflow.id),
            "head_commit": head_commit,
            "repository": repository,
            "head_repository": repository,
        }))
    }

    /// A run in an event, where users and repositories have fewer fields.
    pub(crate) fn run_in_event(&self, run: &WorkflowRun, pulls: &[Pull]) -> Map<String, Value> {
        let mut wire = self.run(run, pulls);
        let actor = json!(SimpleUser::new(self.urls, &run.actor).in_event());
        wire.insert("actor".to_owned(), actor.clone());
        wire.insert("triggering_actor".to_owned(), actor);
        let mut repository = minimal(self.urls, self.repository, self.visibility);
        let owner = repositories::owner(self.urls, self.repository).in_event();
        repository.insert("owner".to_owned(), json!(owner));
        repository.shift_remove("svn_url");
        wire.insert("repository".to_owned(), json!(repository));
        wire.insert("head_repository".to_owned(), json!(repository));
        wire
    }

    /// A run in the event of a deployment, which has fewer fields.
    pub(crate) fn run_of_deployment(&self, run: &WorkflowRun, pulls: &[Pull]) -> Value {
        let mut wire = self.run_in_event(run, pulls);
        for name in [
            "artifacts_url",
            "cancel_url",
            "check_suite_url",
            "head_commit",
            "head_repository",
            "jobs_url",
            "logs_url",
            "previous_attempt_url",
            "repository",
            "rerun_url",
            "workflow_url",
        ] {
            wire.shift_remove(name);
        }
        // The schema of this event has neither `waiting` nor `pending`.
        if ["waiting", "pending"].contains(&run.status.as_str()) {
            wire.insert("status".to_owned(), "queued".into());
        }
        Value::Object(wire)
    }

    /// GitHub's `workflow`.
    pub(crate) fn workflow(&self, workflow: &Workflow) -> Value {
        let api = self.urls.repository(self.repository);
        let web = self.urls.web_page(self.repository);
        let file = workflow.path.rsplit('/').next().unwrap_or_default();
        let file = encode_segment(file);
        let created_at = timestamp(workflow.created_at);
        json!({
            "id": workflow.id,
            "node_id": NodeId::Workflow(self.repository.id, workflow.id).encode(),
            "name": workflow.name,
            "path": workflow.path,
            "state": "active",
            "created_at": created_at,
            "updated_at": created_at,
            "url": format!("{api}/actions/workflows/{}", workflow.id),
            "html_url": format!("{web}/blob/HEAD/{}", crate::http::encode_path(&workflow.path)),
            "badge_url": format!("{web}/workflows/{file}/badge.svg"),
        })
    }

    /// GitHub's `job`.
    pub(crate) fn job(&self, run: &WorkflowRun, job: &Job) -> Value {
        let api = self.urls.repository(self.repository);
        json!({
            "id": job.id,
            "run_id": run.id,
            "workflow_name": run.workflow.name,
            "head_branch": run.branch,
            "run_url": self.url(run.id),
            "run_attempt": job.attempt,
            "node_id": NodeId::CheckRun(self.repository.id, job.id).encode(),
            "head_sha": run.sha,
            "url": format!("{api}/actions/jobs/{}", job.id),
            "html_url": self.job_html_url(job),
            "status": job.status,
            "conclusion": job.conclusion,
            "created_at": timestamp(job.created_at),
            "started_at": timestamp(job.started_at.unwrap_or(job.created_at)),
            "completed_at": job.completed_at.map(timestamp),
            "name": job.name,
            "steps": [],
            "check_run_url": format!("{api}/check-runs/{}", job.id),
            "labels": ["ubuntu-latest"],
            "runner_id": null,
            "runner_name": null,
            "runner_group_id": null,
            "runner_group_name": null,
        })
    }

    /// An environment as runs and reviews contain it.
    pub(crate) fn environment(&self, environment: &Environment) -> Map<String, Value> {
        let name = encode_segment(&environment.name);
        let web = self.urls.web_page(self.repository);
        let node_id = NodeId::Environment(self.repository.id, environment.id).encode();
        fields(json!({
            "id": environment.id,
            "node_id": node_id,
            "name": environment.name,
            "url": self.urls.environment(self.repository, &environment.name),
            "html_url": format!("{web}/deployments/activity_log?environments_filter={name}"),
        }))
    }

    /// A reviewer with its type.
    pub(crate) fn reviewer(&self, reviewer: &Reviewer) -> Value {
        match reviewer {
            Reviewer::User(user) => {
                json!({ "type": "User", "reviewer": SimpleUser::new(self.urls, user) })
            }
            Reviewer::Team(team) => {
                json!({ "type": "Team", "reviewer": WireTeam::new(self.urls, team) })
            }
        }
    }

    /// A reviewer in an event.
    pub(crate) fn reviewer_in_event(&self, reviewer: &Reviewer) -> Value {
        match reviewer {
            Reviewer::User(user) => {
                let user = SimpleUser::new(self.urls, user).in_event();
                json!({ "type": "User", "reviewer": user })
            }
            Reviewer::Team(team) => {
                let mut team = fields(json!(WireTeam::new(self.urls, team)));
                team.shift_remove("type");
                json!({ "type": "Team", "reviewer": team })
            }
        }
    }
}
