use std::sync::Arc;

use jiff::Timestamp;

use super::gate::{Gate, WhyNot, timer_runs};
use super::outcome::ReviewResult;
use super::record::ReviewRecord;
use crate::model::{PendingDeployment, ReviewState, RunId, RunReview, WorkflowRun};

/// A run and environment in a plan of reviews.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) run_id: RunId,
    /// The run, where it was requested.
    pub(crate) run: Option<Arc<WorkflowRun>>,
    pub(crate) pending: PendingDeployment,
    /// Why the caller may not review, as far as it is known.
    pub(crate) why_not: Option<WhyNot>,
    /// What became of it, or `None` while it is to be reviewed.
    pub(crate) result: Option<ReviewResult>,
    pub(crate) held_by: Option<WhyNot>,
    /// What to say about it.
    pub(crate) message: Option<String>,
    /// The exit code of its failure.
    pub(crate) failure_code: Option<u8>,
}

impl Entry {
    pub(crate) fn new(run_id: RunId, pending: PendingDeployment) -> Self {
        Self {
            run_id,
            run: None,
            pending,
            why_not: None,
            result: None,
            held_by: None,
            message: None,
            failure_code: None,
        }
    }

    /// An entry for a gate that was found by a selection. For an approval, one
    /// that a newer run supersedes or that is behind what is live is left out.
    pub(crate) fn from_gate(gate: &Gate, leaves_out: bool) -> Self {
        let mut entry = Self::new(gate.run.id, gate.pending.clone());
        entry.run = Some(Arc::clone(&gate.run));
        entry.why_not = gate.why_not;
        if leaves_out {
            if let Some(newer) = gate.superseded_by {
                entry.settle(ReviewResult::Refused, format!("superseded by {newer}"));
            } else if gate.behind_live == Some(true) {
                let what = "the environment already has this commit or a later one";
                entry.settle(ReviewResult::Refused, what);
            }
        }
        entry
    }

    pub(crate) fn environment(&self) -> &str {
        &self.pending.environment.name
    }

    pub(crate) fn environment_id(&self) -> Option<u64> {
        self.pending.environment.id
    }

    /// Whether it is still to be reviewed.
    pub(crate) fn is_open(&self) -> bool {
        self.result.is_none()
    }

    pub(crate) fn settle(&mut self, result: ReviewResult, message: impl Into<String>) {
        self.result = Some(result);
        let message = message.into();
        self.message = (!message.is_empty()).then_some(message);
    }

    /// Notes that it is approved and that something else holds it.
    pub(crate) fn hold(&mut self, now: Timestamp) {
        let by = if timer_runs(&self.pending, now) {
            WhyNot::Timer
        } else {
            WhyNot::App
        };
        self.held_by = Some(by);
        let message = match (by, self.pending.wait_timer_ends_at()) {
            (WhyNot::Timer, Some(end)) => format!("the wait timer ends at {end}"),
            _ => "the app of a custom protection rule has not approved it".to_owned(),
        };
        self.settle(ReviewResult::Held, message);
    }

    /// Settles an entry that the caller may not review, by the reviews of its
    /// run so far.
    pub(crate) fn settle_unreviewable(
        &mut self,
        approves: bool,
        reviews: &[RunReview],
        now: Timestamp,
    ) {
        let needs_review = !self.pending.reviewers.is_empty();
        let is_approved = is_reviewed(reviews, self.environment_id(), &ReviewState::Approved);
        if approves && (!needs_review || is_approved) {
            self.hold(now);
            return;
        }
        let message = match self.why_not {
            _ if !needs_review => "nobody can review it: it has no required reviewers".to_owned(),
            Some(WhyNot::SelfReview) => {
                "the environment prevents users from approving runs that they started".to_owned()
            }
            _ => {
                let reviewers = self.pending.reviewers.iter().map(|one| one.name.as_str());
                let names: Vec<&str> = reviewers.collect();
                format!("the required reviewers are {}", names.join(", "))
            }
        };
        self.settle(ReviewResult::NotAllowed, message);
    }

    /// Settles an entry that no longer waits, by the reviews of its run so far.
    pub(crate) fn settle_gone(&mut self, state: &ReviewState, reviews: &[RunReview]) {
        if is_reviewed(reviews, self.environment_id(), state) {
            self.settle(ReviewResult::Already, format!("it was {state} before"));
        } else {
            self.settle(ReviewResult::Failed, "the run no longer waits for it");
        }
    }

    /// The record that is printed; `comment` is that of the review.
    pub(crate) fn record(&self, comment: &str) -> ReviewRecord {
        let is_ours = matches!(
            self.result,
            Some(ReviewResult::Approved | ReviewResult::Rejected)
        );
        ReviewRecord {
            run_id: self.run_id,
            environment: self.environment().to_owned(),
            environment_id: self.environment_id(),
            result: self.result,
            held_by: self.held_by.map(WhyNot::as_str),
            comment: is_ours.then(|| comment.to_owned()),
        }
    }
}

/// Whether a review in this state covers an environment.
pub(crate) fn is_reviewed(reviews: &[RunReview], id: Option<u64>, state: &ReviewState) -> bool {
    reviews.iter().any(|review| {
        let mut environments = review.environments.iter();
        review.state == *state && environments.any(|one| id.is_some() && one.id == id)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::gate::tests::{now, pending};
    use super::*;

    fn entry(fields: &serde_json::Value) -> Entry {
        Entry::new(RunId(1), pending("production", fields))
    }

    fn approved() -> Vec<RunReview> {
        let review = json!([{"state": "approved", "environments": [{"id": 7}], "comment": "x"}]);
        serde_json::from_value(review).expect("reviews")
    }

    #[test]
    fn what_may_not_be_reviewed_is_held_or_not_allowed() {
        let reviewers = json!([{"type": "User", "reviewer": {"login": "hubot", "id": 1}}]);
        let timer = json!({"wait_timer": 120, "wait_timer_started_at": "2026-11-01T00:00:00Z"});
        let reviewed = json!({"reviewers": reviewers});
        for (fields, approves, reviews, result, held_by) in [
            (
                &timer,
                true,
                vec![],
                ReviewResult::Held,
                Some(WhyNot::Timer),
            ),
            (
                &json!({}),
                true,
                vec![],
                ReviewResult::Held,
                Some(WhyNot::App),
            ),
            (&reviewed, true, vec![], ReviewResult::NotAllowed, None),
            (
                &reviewed,
                true,
                approved(),
                ReviewResult::Held,
                Some(WhyNot::App),
            ),
            (&reviewed, false, approved(), ReviewResult::NotAllowed, None),
            (&timer, false, vec![], ReviewResult::NotAllowed, None),
        ] {
            let mut entry = entry(fields);
            entry.settle_unreviewable(approves, &reviews, now());
            assert_eq!(
                (entry.result, entry.held_by),
                (Some(result), held_by),
                "{fields}"
            );
            assert!(entry.message.is_some());
        }
    }

    #[test]
    fn what_no_longer_waits_was_reviewed_before_or_failed() {
        let mut entry = entry(&json!({}));
        entry.settle_gone(&ReviewState::Approved, &approved());
        assert_eq!(entry.result, Some(ReviewResult::Already));
        entry.settle_gone(&ReviewState::Rejected, &approved());
        assert_eq!(entry.result, Some(ReviewResult::Failed));
    }
}
