use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::{LiveCommit, RunGates, WaitingRuns};
use crate::model::{PendingDeployment, ReviewerKind, RunId, WorkflowRun};

/// Why the caller may not approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhyNot {
    /// Others are the required reviewers.
    NotReviewer,
    /// The caller started the run, and the environment prevents self-review.
    SelfReview,
    /// No review is needed; the wait timer has not ended.
    Timer,
    /// No review is needed; the app of a custom rule has not approved.
    App,
}

impl WhyNot {
    /// The value in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotReviewer => "not_reviewer",
            Self::SelfReview => "self_review",
            Self::Timer => "timer",
            Self::App => "app",
        }
    }
}

/// A workflow run and one environment that it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gate {
    pub(crate) run: Arc<WorkflowRun>,
    pub(crate) pull_request: Option<u64>,
    pub(crate) pending: PendingDeployment,
    pub(crate) why_not: Option<WhyNot>,
    /// The newest waiting run of the same workflow and environment, if it is
    /// newer.
    pub(crate) superseded_by: Option<RunId>,
    /// What is live in the environment; `None` if that is unknown.
    pub(crate) live: Option<LiveCommit>,
    /// Whether the environment already has this commit or a later one; `None`
    /// until that is determined, or if it cannot be.
    pub(crate) behind_live: Option<bool>,
}

impl Gate {
    /// The name of the environment.
    pub(crate) fn environment(&self) -> &str {
        &self.pending.environment.name
    }

    /// Whether the caller may approve.
    pub(crate) fn can_approve(&self) -> bool {
        self.pending.current_user_can_approve
    }

    /// Whether the run has waited for longer than this since its start.
    pub(crate) fn is_older_than(&self, age: Duration, now: Timestamp) -> bool {
        let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
        now.duration_since(self.run.started_at()) > age
    }

    /// The same gate once the run no longer waits for it.
    pub(crate) fn ended(&self) -> Self {
        Self {
            pending: PendingDeployment::new(self.pending.environment.clone()),
            why_not: None,
            ..self.clone()
        }
    }

    /// Whether the run no longer waits for it.
    pub(crate) fn no_longer_waits(&self) -> bool {
        !self.can_approve() && self.why_not.is_none()
    }

    /// The two commits whose order decides `behind_live`, the live one first.
    pub(crate) fn live_and_own(&self) -> Option<(String, String)> {
        match &self.live {
            Some(LiveCommit::Sha(live)) => Some((live.clone(), self.run.head_sha.clone())),
            _ => None,
        }
    }
}

/// One gate for each run and environment, in the order of the runs. `now` is the
/// time by the server's clock.
pub(crate) fn gates(found: WaitingRuns, now: Timestamp) -> Vec<Gate> {
    let viewer = found.viewer;
    let mut gates: Vec<Gate> = Vec::new();
    for run in found.gates {
        gates.extend(gates_of(run, viewer.as_deref(), now));
    }
    mark_superseded(&mut gates);
    gates
}

/// The gates of one run.
pub(crate) fn gates_of(found: RunGates, viewer: Option<&str>, now: Timestamp) -> Vec<Gate> {
    let run = Arc::new(found.run);
    let (live, prevents) = (found.live, found.prevents_self_review);
    let pull_request = found.pull_request;
    let gate = |pending: PendingDeployment| {
        let name = pending.environment.name.as_str();
        let live = live.get(name).cloned();
        let no_self_review = prevents.get(name).copied();
        Gate {
            why_not: why_not(&run, &pending, viewer, no_self_review, now),
            run: Arc::clone(&run),
            pull_request,
            behind_live: matches!(live, Some(LiveCommit::None | LiveCommit::OwnRun))
                .then_some(false),
            live,
            pending,
            superseded_by: None,
        }
    };
    found.pending.into_iter().map(gate).collect()
}

/// Whether a wait timer runs at `now`.
pub(crate) fn timer_runs(pending: &PendingDeployment, now: Timestamp) -> bool {
    pending.wait_timer_ends_at().is_some_and(|end| end > now)
}

/// Why the viewer may not approve; `None` if they may. `prevents_self_review`
/// is `None` where the rules of the environment are unknown.
fn why_not(
    run: &WorkflowRun,
    pending: &PendingDeployment,
    viewer: Option<&str>,
    prevents_self_review: Option<bool>,
    now: Timestamp,
) -> Option<WhyNot> {
    if pending.current_user_can_approve {
        return None;
    }
    let without_review = if timer_runs(pending, now) {
        WhyNot::Timer
    } else {
        WhyNot::App
    };
    if pending.reviewers.is_empty() {
        return Some(without_review);
    }
    let is_viewer = |login: &str| viewer.is_some_and(|own| own.eq_ignore_ascii_case(login));
    let users = [&run.actor, &run.triggering_actor];
    let is_own = users
        .into_iter()
        .flatten()
        .any(|user| is_viewer(user.login()));
    let is_named = pending
        .reviewers
        .iter()
        .any(|one| one.kind == ReviewerKind::User && is_viewer(&one.name));
    // Who belongs to a team is unknown here.
    let may_be_reviewer = is_named
        || pending
            .reviewers
            .iter()
            .any(|one| one.kind == ReviewerKind::Team);
    Some(match prevents_self_review {
        Some(true) | None if is_own && may_be_reviewer => WhyNot::SelfReview,
        // A reviewer who may not review has done so already.
        _ if is_named => without_review,
        _ => WhyNot::NotReviewer,
    })
}

fn mark_superseded(gates: &mut [Gate]) {
    let runs: Vec<Arc<WorkflowRun>> = gates.iter().map(|gate| Arc::clone(&gate.run)).collect();
    let mut newest = HashMap::new();
    for (gate, run) in gates.iter().zip(&runs) {
        let key = (workflow_key(run), gate.environment().to_lowercase());
        let entry = newest.entry(key).or_insert_with(|| age(run));
        *entry = (*entry).max(age(run));
    }
    for (gate, run) in gates.iter_mut().zip(&runs) {
        let key = (workflow_key(run), gate.environment().to_lowercase());
        let newest = newest.get(&key).filter(|newest| **newest > age(run));
        gate.superseded_by = newest.map(|(_, id)| *id);
    }
}

/// What runs of the same workflow have in common, whatever their ref.
pub(super) fn workflow_key(run: &WorkflowRun) -> (u64, &str) {
    (run.workflow_id, run.workflow_path())
}

/// The order of runs, oldest first.
pub(super) fn age(run: &WorkflowRun) -> (Timestamp, RunId) {
    (run.created_at, run.id)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    pub(crate) fn now() -> Timestamp {
        "2026-11-01T01:00:00Z".parse().expect("a time")
    }

    pub(crate) fn run(id: u64, workflow: u64) -> WorkflowRun {
        serde_json::from_value(json!({
            "id": id, "head_sha": format!("{id:040x}"), "workflow_id": workflow, "name": "Deploy",
            "created_at": format!("2026-11-01T00:{:02}:00Z", id % 60),
            "path": ".github/workflows/deploy.yml", "status": "waiting",
            "actor": {"login": "octocat"},
        }))
        .expect("a run")
    }

    pub(crate) fn pending(environment: &str, fields: &Value) -> PendingDeployment {
        let mut whole = json!({"environment": {"id": 7, "name": environment}, "wait_timer": 0,
            "wait_timer_started_at": null, "current_user_can_approve": false, "reviewers": []});
        let fields = fields.as_object().expect("an object").clone();
        whole.as_object_mut().expect("an object").extend(fields);
        serde_json::from_value(whole).expect("a pending deployment")
    }

    fn user(login: &str) -> Value {
        json!({"type": "User", "reviewer": {"login": login, "id": 1}})
    }

    fn team() -> Value {
        json!({"type": "Team", "reviewer": {"slug": "ops", "id": 1}})
    }

    #[test]
    fn the_reason_is_the_most_precise_one_that_is_known() {
        let timer = json!({"wait_timer": 120, "wait_timer_started_at": "2026-11-01T00:00:00Z"});
        let over = json!({"wait_timer": 30, "wait_timer_started_at": "2026-11-01T00:00:00Z"});
        let reviewers = |list: &[Value]| json!({"reviewers": list});
        let both = json!({"wait_timer": 120, "wait_timer_started_at": "2026-11-01T00:00:00Z",
            "reviewers": [user("hubot")]});
        let may = json!({"current_user_can_approve": true, "reviewers": [user("octocat")]});
        for (fields, viewer, prevents, reason) in [
            (may, "octocat", Some(true), None),
            (timer, "octocat", None, Some(WhyNot::Timer)),
            (over, "octocat", None, Some(WhyNot::App)),
            (json!({}), "octocat", None, Some(WhyNot::App)),
            (
                reviewers(&[user("hubot")]),
                "admin",
                Some(false),
                Some(WhyNot::NotReviewer),
            ),
            (
                reviewers(&[user("Octocat")]),
                "octocat",
                Some(true),
                Some(WhyNot::SelfReview),
            ),
            (
                reviewers(&[user("octocat")]),
                "octocat",
                None,
                Some(WhyNot::SelfReview),
            ),
            (
                reviewers(&[user("hubot")]),
                "octocat",
                Some(true),
                Some(WhyNot::NotReviewer),
            ),
            (
                reviewers(&[team()]),
                "octocat",
                Some(true),
                Some(WhyNot::SelfReview),
            ),
            (
                reviewers(&[team()]),
                "octocat",
                Some(false),
                Some(WhyNot::NotReviewer),
            ),
            (
                reviewers(&[user("hubot")]),
                "hubot",
                Some(false),
                Some(WhyNot::App),
            ),
            (both, "hubot", Some(false), Some(WhyNot::Timer)),
        ] {
            let pending = pending("production", &fields);
            let found = why_not(&run(1, 7), &pending, Some(viewer), prevents, now());
            assert_eq!(found, reason, "{viewer} {fields}");
        }
    }

    #[test]
    fn a_run_of_another_ref_supersedes_although_its_path_names_the_ref() {
        let gates = ["main", "release"].into_iter().zip(1..);
        let mut gates: Vec<Gate> = gates
            .flat_map(|(name, id)| {
                let mut run = run(id, 7);
                run.path = format!(".github/workflows/deploy.yml@{name}");
                let pending = vec![pending("production", &json!({}))];
                gates_of(RunGates::new(run, pending), None, now())
            })
            .collect();
        mark_superseded(&mut gates);
        let newer = gates.iter().map(|gate| gate.superseded_by);
        assert_eq!(newer.collect::<Vec<_>>(), [Some(RunId(2)), None]);
    }

    proptest! {
        #[test]
        fn the_newest_run_of_each_workflow_and_environment_is_superseded_by_none(
            rows in proptest::collection::vec((1_u64..40, 1_u64..3, 0_usize..2), 0..30)
        ) {
            let names = ["production", "staging"];
            let mut all: Vec<Gate> = rows
                .iter()
                .flat_map(|(id, workflow, name)| {
                    let pending = vec![pending(names[*name], &json!({}))];
                    gates_of(RunGates::new(run(*id, *workflow), pending), None, now())
                })
                .collect();
            mark_superseded(&mut all);
            for gate in &all {
                let same = all.iter().filter(|other| {
                    other.run.workflow_id == gate.run.workflow_id
                        && other.environment() == gate.environment()
                });
                let newest = same.map(|other| other.run.id).max().expect("itself");
                prop_assert_eq!(gate.superseded_by, (newest > gate.run.id).then_some(newest));
            }
        }
    }
}
