use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::protection::Reviewer;
use super::state::open_words;
use super::{RunId, User, or_default};

open_words! {
    /// Where a workflow run stands.
    ///
    /// See <https://docs.github.com/rest/actions/workflow-runs>.
    RunStatus, str::to_owned {
        /// It was requested, and nothing has happened yet.
        Requested = "requested",
        /// It waits for a runner.
        Queued = "queued",
        /// It waits for its turn in a concurrency group.
        Pending = "pending",
        /// It waits for a protection rule of an environment.
        Waiting = "waiting",
        /// It runs.
        InProgress = "in_progress",
        /// It has ended.
        Completed = "completed",
    }
}

/// A run of a workflow of GitHub Actions.
///
/// See <https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkflowRun {
    /// Its number.
    pub id: RunId,
    /// Its GraphQL id.
    #[serde(default)]
    pub node_id: String,
    /// The name of its workflow, if it has one.
    #[serde(default)]
    pub name: Option<String>,
    /// The file of its workflow, such as `.github/workflows/deploy.yml`; some
    /// servers append `@REF`.
    #[serde(default, deserialize_with = "or_default")]
    pub path: String,
    /// The number of its workflow.
    #[serde(default)]
    pub workflow_id: u64,
    /// The event that started it.
    #[serde(default, deserialize_with = "or_default")]
    pub event: String,
    /// Where it stands.
    #[serde(default)]
    pub status: Option<RunStatus>,
    /// How it ended, if it has.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// The branch or tag; `None` if it was deleted.
    #[serde(default)]
    pub head_branch: Option<String>,
    /// The commit.
    pub head_sha: String,
    /// Its page.
    #[serde(default, deserialize_with = "or_default")]
    pub html_url: String,
    /// When it was created; a re-run keeps it.
    pub created_at: Timestamp,
    /// When its newest attempt started.
    #[serde(default)]
    pub run_started_at: Option<Timestamp>,
    /// Who started it first.
    #[serde(default)]
    pub actor: Option<User>,
    /// Who started its newest attempt.
    #[serde(default)]
    pub triggering_actor: Option<User>,
    /// The open pull requests of its branch; empty for those of forks.
    #[serde(default, deserialize_with = "or_default")]
    pub pull_requests: Vec<RunPull>,
}

/// A pull request of a run's branch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RunPull {
    /// Its number.
    pub number: u64,
}

impl WorkflowRun {
    /// The start of its newest attempt, or its creation where that is unknown.
    pub fn started_at(&self) -> Timestamp {
        self.run_started_at.unwrap_or(self.created_at)
    }

    /// The name of its workflow, or else the name of its file.
    pub fn workflow(&self) -> &str {
        match self.name.as_deref() {
            Some(name) if !name.is_empty() => name,
            _ => self.workflow_file(),
        }
    }

    /// The file name of its workflow, such as `deploy.yml`.
    pub fn workflow_file(&self) -> &str {
        let path = self.workflow_path();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// The file of its workflow, such as `.github/workflows/deploy.yml`, without
    /// a ref.
    pub fn workflow_path(&self) -> &str {
        self.path.split('@').next().unwrap_or_default()
    }

    /// The login of the user who started its newest attempt.
    pub fn started_by(&self) -> Option<&str> {
        let user = self.triggering_actor.as_ref().or(self.actor.as_ref());
        user.map(User::login).filter(|login| !login.is_empty())
    }

    /// Whether it has ended.
    pub fn is_completed(&self) -> bool {
        self.status == Some(RunStatus::Completed)
    }
}

/// An environment that a workflow run waits for.
///
/// See <https://docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PendingDeployment {
    /// The environment.
    pub environment: PendingEnvironment,
    /// The minutes that a job waits; 0 for none.
    #[serde(default, deserialize_with = "or_default")]
    pub wait_timer: u32,
    /// When the wait began; `None` if it has not.
    #[serde(default)]
    pub wait_timer_started_at: Option<Timestamp>,
    /// Whether the token's user may approve.
    #[serde(default, deserialize_with = "or_default")]
    pub current_user_can_approve: bool,
    /// Who may approve; one of them suffices.
    #[serde(default, deserialize_with = "reviewers")]
    pub reviewers: Vec<Reviewer>,
}

/// An environment, as far as a pending deployment describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PendingEnvironment {
    /// Its number in REST; `None` where GraphQL's id does not contain it.
    #[serde(default)]
    pub id: Option<u64>,
    /// Its GraphQL id.
    #[serde(default, deserialize_with = "or_default")]
    pub node_id: String,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}

impl PendingDeployment {
    pub(crate) fn new(environment: PendingEnvironment) -> Self {
        Self {
            environment,
            wait_timer: 0,
            wait_timer_started_at: None,
            current_user_can_approve: false,
            reviewers: Vec::new(),
        }
    }

    /// When the wait timer ends; `None` without one that has started.
    pub fn wait_timer_ends_at(&self) -> Option<Timestamp> {
        if self.wait_timer == 0 {
            return None;
        }
        let wait = SignedDuration::from_mins(i64::from(self.wait_timer));
        self.wait_timer_started_at?.checked_add(wait).ok()
    }
}

impl PendingEnvironment {
    pub(crate) fn new(id: Option<u64>, node_id: String, name: String) -> Self {
        Self { id, node_id, name }
    }
}

/// Reads `{type, reviewer}` pairs; those that cannot be understood are left out.
fn reviewers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reviewer>, D::Error> {
    let entries: Option<Vec<Value>> = Option::deserialize(deserializer)?;
    Ok(entries
        .unwrap_or_default()
        .iter()
        .filter_map(Reviewer::read)
        .collect())
}

open_words! {
    /// What a review says.
    ReviewState, str::to_owned {
        /// The deployment may go on.
        Approved = "approved",
        /// The deployment may not go on; its job fails.
        Rejected = "rejected",
        /// Only a comment.
        Pending = "pending",
    }
}

/// An entry of the review history of a workflow run. It has no time.
///
/// See <https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RunReview {
    /// What it says.
    pub state: ReviewState,
    /// What it is about.
    #[serde(default, deserialize_with = "or_default")]
    pub environments: Vec<PendingEnvironment>,
    /// The reviewer.
    #[serde(default)]
    pub user: Option<User>,
    /// The comment.
    #[serde(default, deserialize_with = "or_default")]
    pub comment: String,
}

/// A concurrency group, as the list of a repository's groups has it: without
/// its members.
///
/// See <https://docs.github.com/rest/actions/concurrency-groups>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConcurrencyGroupEntry {
    /// Its name; upper and lower case are the same.
    pub group_name: String,
    /// Its address in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub group_url: String,
    /// When a run or job last got its turn.
    #[serde(default)]
    pub last_acquired_at: Option<Timestamp>,
}

/// A concurrency group with the runs and jobs that hold it or wait for it, in
/// their order.
///
/// See <https://docs.github.com/rest/actions/concurrency-groups>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConcurrencyGroup {
    /// Its name; upper and lower case are the same.
    pub group_name: String,
    /// Its address in the API.
    #[serde(default, deserialize_with = "or_default")]
    pub group_url: String,
    /// The members; in the groups of one run only those of that run.
    #[serde(default, deserialize_with = "or_default")]
    pub group_members: Vec<GroupMember>,
}

/// A run or a job in a concurrency group.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GroupMember {
    /// The run.
    pub run_id: RunId,
    /// The name of the run.
    #[serde(default, deserialize_with = "or_default")]
    pub run_name: String,
    /// The page of the run.
    #[serde(default)]
    pub run_html_url: Option<String>,
    /// The job, if the group belongs to a job.
    #[serde(default)]
    pub job_id: Option<u64>,
    /// The name of the job.
    #[serde(default)]
    pub job_name: Option<String>,
    /// Whether it holds the group (`in_progress`) or waits for it (`pending`).
    pub status: RunStatus,
    /// Its place in the queue, 0 for the holder; only in the groups of one run.
    #[serde(default)]
    pub position: Option<u64>,
    /// Where the API lists the members ahead of it; only in the groups of one
    /// run.
    #[serde(default)]
    pub position_url: Option<String>,
}

impl GroupMember {
    /// Whether it holds the group.
    pub fn holds(&self) -> bool {
        self.status == RunStatus::InProgress
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_needs_few_fields() {
        let run: WorkflowRun = serde_json::from_str(
            r#"{"id":5000000001,"head_sha":"abc","created_at":"2026-01-01T00:00:00Z",
            "name":null,"path":".github/workflows/deploy.yml@main","pull_requests":null,
            "run_started_at":null,"status":"melting"}"#,
        )
        .expect("a run");
        assert_eq!(run.started_at(), run.created_at);
        assert_eq!(run.workflow(), "deploy.yml");
        assert_eq!(run.started_by(), None);
        assert_eq!(run.status, Some(RunStatus::Other("melting".to_owned())));
        assert!(!run.is_completed());
    }

    #[test]
    fn the_age_of_a_new_attempt_counts_from_its_start() {
        let run: WorkflowRun = serde_json::from_str(
            r#"{"id":1,"head_sha":"abc","created_at":"2026-01-01T00:00:00Z",
            "run_started_at":"2026-02-01T00:00:00Z","actor":{"login":"a"},
            "triggering_actor":{"login":"b"}}"#,
        )
        .expect("a run");
        assert_eq!(run.started_at().to_string(), "2026-02-01T00:00:00Z");
        assert_eq!(run.started_by(), Some("b"));
    }

    #[test]
    fn a_pending_deployment_knows_the_end_of_its_timer() {
        let pending: Vec<PendingDeployment> = serde_json::from_str(
            r#"[{"environment":{"id":56780428,"name":"staging"},"wait_timer":30,
            "wait_timer_started_at":"2020-11-23T22:00:40Z","current_user_can_approve":true,
            "reviewers":[{"type":"User","reviewer":{"login":"octocat","id":1}},
            {"type":"Team","reviewer":{"id":1,"slug":"ops","name":"Ops",
            "html_url":"https://github.com/orgs/acme/teams/ops"}},{"type":"Team"}]},
            {"environment":{"id":1,"name":"b"},"wait_timer":30,"wait_timer_started_at":null,
            "current_user_can_approve":null,"reviewers":null}]"#,
        )
        .expect("pending deployments");
        let ends = pending[0].wait_timer_ends_at().expect("an end");
        assert_eq!(ends.to_string(), "2020-11-23T22:30:40Z");
        let names: Vec<&str> = pending[0]
            .reviewers
            .iter()
            .map(|r| r.name.as_str())
            .collect();
        assert_eq!(names, ["octocat", "acme/ops"]);
        assert_eq!(pending[1].wait_timer_ends_at(), None);
        assert!(!pending[1].current_user_can_approve && pending[1].reviewers.is_empty());
    }
}
