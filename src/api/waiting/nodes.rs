use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::super::graphql::{List, Partial, indexes};
use super::super::node_id::number_in;
use super::super::viewer::Login;
use crate::model::{
    DeploymentState, PendingDeployment, PendingEnvironment, Phase, Reviewer, ReviewerKind, RunId,
};

/// What runs wait for, by their node ids. A run has rarely more than a few
/// environments; of one that has more than these REST is asked.
pub(super) const BY_ID: &str = "query($ids:[ID!]!){viewer{login} nodes(ids:$ids){... on WorkflowRun{id url \
checkSuite{commit{associatedPullRequests(first:1){nodes{number}}}} \
pendingDeploymentRequests(first:10){totalCount nodes{currentUserCanApprove waitTimer \
waitTimerStartedAt environment{id name latestCompletedDeployment{state commitOid latestStatus{logUrl}} \
protectionRules(first:10){nodes{preventSelfReview}}} \
reviewers(first:6){nodes{__typename ... on User{login} ... on Team{slug organization{login}}}}\
}}}}}";

/// What is live in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LiveCommit {
    /// Nothing: there is no completed deployment.
    None,
    /// This commit.
    Sha(String),
    /// The commit of the run itself, which has deployed to the environment
    /// before.
    OwnRun,
}

#[derive(Deserialize)]
pub(in super::super) struct RunNodes {
    viewer: Option<Login>,
    nodes: Option<Vec<Option<RunNode>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RunNode {
    id: Option<String>,
    url: Option<String>,
    check_suite: Option<CheckSuite>,
    pending_deployment_requests: Option<Requests>,
}

#[derive(Deserialize)]
struct CheckSuite {
    commit: Option<SuiteCommit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SuiteCommit {
    associated_pull_requests: Option<List<PullNumber>>,
}

#[derive(Deserialize)]
struct PullNumber {
    number: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requests {
    total_count: usize,
    nodes: Option<Vec<Option<PendingRequest>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PendingRequest {
    current_user_can_approve: bool,
    wait_timer: u32,
    wait_timer_started_at: Option<Timestamp>,
    environment: EnvironmentNode,
    reviewers: Option<List<ReviewerNode>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentNode {
    id: String,
    name: String,
    latest_completed_deployment: Option<Completed>,
    protection_rules: Option<List<Rule>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    prevent_self_review: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Completed {
    state: Option<String>,
    commit_oid: String,
    latest_status: Option<CompletedStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompletedStatus {
    log_url: Option<String>,
}

#[derive(Deserialize)]
struct ReviewerNode {
    login: Option<String>,
    slug: Option<String>,
    organization: Option<Login>,
}

/// What GraphQL knows of a run.
#[derive(Default)]
pub(in super::super) struct KnownGates {
    pub(super) pull_request: Option<u64>,
    pub(super) pending: Vec<PendingDeployment>,
    pub(super) live: HashMap<String, LiveCommit>,
    pub(super) prevents_self_review: HashMap<String, bool>,
}

/// The runs of an answer that are whole.
pub(super) fn gates(partial: Partial<RunNodes>) -> (Vec<(String, KnownGates)>, Option<String>) {
    let damaged = indexes(&partial.damage, &["nodes"]);
    let viewer = partial.data.viewer.map(|viewer| viewer.login);
    let gates = partial
        .data
        .nodes
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(place, _)| !damaged.contains(place))
        .filter_map(|(_, node)| {
            let node = node?;
            Some((node.id.clone()?, node.into_gates()?))
        });
    (gates.collect(), viewer)
}

impl RunNode {
    fn into_gates(self) -> Option<KnownGates> {
        let requests = self.pending_deployment_requests?;
        let nodes: Vec<PendingRequest> = requests.nodes?.into_iter().flatten().collect();
        if nodes.len() < requests.total_count {
            return None;
        }
        let pulls = self
            .check_suite
            .and_then(|suite| suite.commit?.associated_pull_requests);
        let own = self.url.as_deref().and_then(RunId::from_url);
        let mut gates = KnownGates {
            pull_request: pulls.and_then(|pulls| pulls.into_nodes().next().map(|pull| pull.number)),
            ..KnownGates::default()
        };
        for node in nodes {
            let environment = &node.environment;
            if let Some(live) = environment.live(own) {
                gates.live.insert(environment.name.clone(), live);
            }
            if let Some(prevents) = environment.prevents_self_review() {
                gates
                    .prevents_self_review
                    .insert(environment.name.clone(), prevents);
            }
            let pending = node.into_pending();
            // REST knows the number of an environment whose id has another form.
            pending.environment.id?;
            gates.pending.push(pending);
        }
        Some(gates)
    }
}

impl EnvironmentNode {
    /// What is live, unless a newer deployment has failed: then the newest
    /// completed one says nothing of it.
    fn live(&self, own: Option<RunId>) -> Option<LiveCommit> {
        let Some(completed) = &self.latest_completed_deployment else {
            return Some(LiveCommit::None);
        };
        let state = DeploymentState::from_word(completed.state.as_deref()?);
        if state.phase() != Phase::Succeeded {
            return None;
        }
        // The deployment of a job has the address of the job as its log.
        let status = completed.latest_status.as_ref();
        let log = status.and_then(|status| status.log_url.as_deref());
        let run = log.and_then(RunId::from_url);
        Some(if run.is_some() && run == own {
            LiveCommit::OwnRun
        } else {
            LiveCommit::Sha(completed.commit_oid.clone())
        })
    }

    fn prevents_self_review(&self) -> Option<bool> {
        let rules = self.protection_rules.as_ref()?.nodes.as_ref()?;
        let prevents = |rule: &Rule| rule.prevent_self_review == Some(true);
        Some(rules.iter().flatten().any(prevents))
    }
}

impl PendingRequest {
    fn into_pending(self) -> PendingDeployment {
        let EnvironmentNode { id, name, .. } = self.environment;
        let mut pending = PendingDeployment::new(PendingEnvironment::new(number_in(&id), id, name));
        pending.wait_timer = self.wait_timer;
        pending.wait_timer_started_at = self.wait_timer_started_at;
        pending.current_user_can_approve = self.current_user_can_approve;
        let reviewers = self.reviewers.into_iter().flat_map(List::into_nodes);
        pending.reviewers = reviewers.filter_map(ReviewerNode::into_reviewer).collect();
        pending
    }
}

impl ReviewerNode {
    fn into_reviewer(self) -> Option<Reviewer> {
        let (kind, name) = match (self.login, self.slug, self.organization) {
            (Some(login), ..) => (ReviewerKind::User, login),
            (None, Some(slug), Some(organization)) => {
                (ReviewerKind::Team, format!("{}/{slug}", organization.login))
            }
            (None, Some(slug), None) => (ReviewerKind::Team, slug),
            (None, None, _) => return None,
        };
        Some(Reviewer { kind, id: 0, name })
    }
}
