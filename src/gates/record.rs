use jiff::Timestamp;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::gate::{Gate, WhyNot};
use super::outcome::ReviewResult;
use crate::model::RunId;
use crate::output::{Cell, Column, Record, time};
use crate::term::Role;

/// A gate as `pending --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PendingRecord(pub(crate) Gate);

impl Record for PendingRecord {
    const FIELDS: &'static [&'static str] = &[
        "run_id",
        "run_url",
        "workflow",
        "event",
        "ref",
        "sha",
        "pull_request",
        "environment",
        "environment_id",
        "reviewers",
        "wait_timer_ends_at",
        "can_approve",
        "why_not",
        "superseded_by",
        "behind_live",
        "since",
    ];
}

impl Serialize for PendingRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(gate) = self;
        let run = &gate.run;
        let reviewers: Vec<&str> = gate
            .pending
            .reviewers
            .iter()
            .map(|reviewer| reviewer.name.as_str())
            .collect();
        let mut object = serializer.serialize_struct("PendingRun", Self::FIELDS.len())?;
        object.serialize_field("run_id", &run.id)?;
        object.serialize_field("run_url", &run.html_url)?;
        object.serialize_field("workflow", run.workflow())?;
        object.serialize_field("event", &run.event)?;
        object.serialize_field("ref", &run.head_branch)?;
        object.serialize_field("sha", &run.head_sha)?;
        object.serialize_field("pull_request", &gate.pull_request)?;
        object.serialize_field("environment", gate.environment())?;
        object.serialize_field("environment_id", &gate.pending.environment.id)?;
        object.serialize_field("reviewers", &reviewers)?;
        object.serialize_field("wait_timer_ends_at", &gate.pending.wait_timer_ends_at())?;
        object.serialize_field("can_approve", &gate.can_approve())?;
        object.serialize_field("why_not", &gate.why_not.map(WhyNot::as_str))?;
        object.serialize_field("superseded_by", &gate.superseded_by)?;
        object.serialize_field("behind_live", &gate.behind_live)?;
        object.serialize_field("since", &run.started_at())?;
        object.end()
    }
}

/// The columns of a table of gates.
pub(crate) fn pending_columns() -> Vec<Column> {
    vec![
        Column::rigid("RUN"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("ENVIRONMENT", 11),
        Column::flexible("REF", 8),
        Column::rigid("SHA"),
        Column::flexible("WAITS FOR", 16),
        Column::flexible("YOU", 12),
        Column::rigid("SINCE"),
    ]
}

/// A row of a table of gates.
pub(crate) fn pending_row(gate: &Gate, now: Timestamp) -> Vec<Cell> {
    let run = &gate.run;
    let role = if gate.can_approve() && gate.superseded_by.is_none() {
        Role::Pending
    } else {
        Role::Dim
    };
    vec![
        Cell::new(run.id.to_string())
            .role(Role::Id)
            .link(run.html_url.as_str()),
        Cell::new(run.workflow()),
        Cell::new(gate.environment()),
        Cell::new(run.head_branch.as_deref().unwrap_or_default()),
        Cell::sha(&run.head_sha),
        Cell::new(waits_for(gate, now, |end| time::ago(end, now))).piped(waits_for(
            gate,
            now,
            time::rfc3339,
        )),
        Cell::new(you(gate)).role(role),
        Cell::age(run.started_at(), now),
    ]
}

/// What a gate waits for: reviewers, a timer or an app.
pub(crate) fn waits_for(
    gate: &Gate,
    now: Timestamp,
    show_time: impl Fn(Timestamp) -> String,
) -> String {
    let pending = &gate.pending;
    let mut parts = Vec::new();
    if !pending.reviewers.is_empty() {
        let names: Vec<&str> = pending
            .reviewers
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        parts.push(format!("review by {}", names.join(", ")));
    }
    if let Some(end) = pending.wait_timer_ends_at().filter(|end| *end > now) {
        parts.push(format!("timer, ends {}", show_time(end)));
    }
    if gate.no_longer_waits() {
        parts.push("nothing".to_owned());
    } else if parts.is_empty() {
        parts.push("app".to_owned());
    }
    parts.join("; ")
}

/// What the caller may do, and what speaks against it.
fn you(gate: &Gate) -> String {
    let may = match gate.why_not {
        None if gate.no_longer_waits() => "no longer waits",
        None => "may approve",
        Some(WhyNot::NotReviewer) => "may not: not a reviewer",
        Some(WhyNot::SelfReview) => "may not: started the run",
        Some(WhyNot::Timer) => "nothing to approve: timer",
        Some(WhyNot::App) => "nothing to approve: app",
    };
    let mut parts = vec![may.to_owned()];
    parts.extend(gate.superseded_by.map(|id| format!("superseded by {id}")));
    if gate.behind_live == Some(true) {
        parts.push("behind live".to_owned());
    }
    parts.join("; ")
}

/// The result for a run and environment as `approve --json` and `reject --json`
/// print it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ReviewRecord {
    pub(crate) run_id: RunId,
    pub(crate) environment: String,
    pub(crate) environment_id: Option<u64>,
    pub(crate) result: Option<ReviewResult>,
    pub(crate) held_by: Option<&'static str>,
    pub(crate) comment: Option<String>,
}

impl Record for ReviewRecord {
    const FIELDS: &'static [&'static str] = &[
        "run_id",
        "environment",
        "environment_id",
        "result",
        "held_by",
        "comment",
    ];
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::gate::gates_of;
    use super::super::gate::tests::{now, pending, run};
    use super::*;
    use crate::api::RunGates;

    // Scripts rely on these names: a field may be added, never renamed or
    // removed.
    #[test]
    fn the_fields_are_pinned_and_all_are_printed() {
        let pending = pending(
            "production",
            &json!({"wait_timer": 120, "wait_timer_started_at": "2026-11-01T00:00:00Z",
                "reviewers": [{"type": "User", "reviewer": {"login": "hubot", "id": 1}}]}),
        );
        let mut gates = gates_of(
            RunGates::new(run(5, 7), vec![pending]),
            Some("octocat"),
            now(),
        );
        let gate = gates.remove(0);
        assert_eq!(
            waits_for(&gate, now(), time::rfc3339),
            "review by hubot; timer, ends 2026-11-01T02:00:00Z"
        );
        let printed = serde_json::to_value(PendingRecord(gate)).expect("JSON");
        assert_eq!(
            printed,
            json!({"run_id": 5, "run_url": "", "workflow": "Deploy", "event": "", "ref": null,
                "sha": format!("{:040x}", 5), "pull_request": null, "environment": "production",
                "environment_id": 7, "reviewers": ["hubot"],
                "wait_timer_ends_at": "2026-11-01T02:00:00Z", "can_approve": false,
                "why_not": "not_reviewer", "superseded_by": null, "behind_live": null,
                "since": "2026-11-01T00:05:00Z"})
        );
        let keys: Vec<&String> = printed.as_object().expect("an object").keys().collect();
        assert_eq!(keys.len(), PendingRecord::FIELDS.len());
        let result = ReviewRecord {
            run_id: RunId(5),
            environment: "production".to_owned(),
            environment_id: Some(7),
            result: Some(ReviewResult::Held),
            held_by: Some("timer"),
            comment: None,
        };
        let printed = serde_json::to_value(result).expect("JSON");
        assert_eq!(
            printed,
            json!({"run_id": 5, "environment": "production", "environment_id": 7,
                "result": "held", "held_by": "timer", "comment": Value::Null})
        );
        for field in ReviewRecord::FIELDS {
            assert!(printed.get(field).is_some(), "{field}");
        }
    }
}
