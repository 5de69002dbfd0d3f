use jiff::Timestamp;

use super::claims::{Ownership, statuses_after};
use super::stored_status::is_final;
use crate::api::NewStatus;
use crate::model::{Status, StatusId};

/// What to do with a stored status, given the statuses on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SendDecision {
    Send,
    AlreadyThere,
    /// It would set the deployment back: this is its state already.
    TooLate(String),
}

/// Decides about a stored status by the statuses of its deployment, at `now` by the
/// server's clock. Statuses up to `after` are older than the run, and say nothing
/// about it.
pub(super) fn decide(
    new: &NewStatus,
    after: Option<StatusId>,
    belongs_to_agent: bool,
    statuses: &[Status],
    now: Timestamp,
) -> SendDecision {
    let later: Vec<&Status> = statuses_after(statuses, after).collect();
    if later.iter().any(|status| is_same(new, status)) {
        return SendDecision::AlreadyThere;
    }
    if let Some(end) = later.iter().find(|status| is_final(&status.state)) {
        return SendDecision::TooLate(end.state.to_string());
    }
    match Ownership::from_statuses(statuses) {
        // An agent was faster: the deployment never was the run's.
        Ownership::Owned(owner) if !belongs_to_agent && now <= owner.until() => {
            SendDecision::TooLate(format!("in the hands of the agent {}", owner.claim.name))
        }
        _ => SendDecision::Send,
    }
}

/// Whether a status on the server is the stored one. Servers send `null`, `""` or
/// nothing for an empty field.
fn is_same(new: &NewStatus, status: &Status) -> bool {
    new.state == status.state
        && new.description.as_deref().unwrap_or_default()
            == status.description().unwrap_or_default()
        && new.log_url.as_deref().unwrap_or_default() == status.log_url().unwrap_or_default()
        && new.environment_url.as_deref().unwrap_or_default()
            == status.environment_url().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StatusState;

    fn decide(new: &NewStatus, after: Option<StatusId>, statuses: &[Status]) -> SendDecision {
        let now = "2026-01-01T00:00:30Z".parse().expect("a time");
        super::decide(new, after, false, statuses, now)
    }

    fn status(id: u64, state: &str, description: &str) -> Status {
        serde_json::from_value(serde_json::json!({
            "id": id, "state": state, "description": description, "log_url": "",
            "environment_url": "", "created_at": "2026-01-01T00:00:00Z",
        }))
        .expect("a status")
    }

    fn new(state: StatusState, description: &str) -> NewStatus {
        NewStatus {
            description: Some(description.to_owned()).filter(|text| !text.is_empty()),
            ..NewStatus::new(state)
        }
    }

    #[test]
    fn what_is_there_is_not_sent_again() {
        let there = [
            status(2, "failure", "exit code 1"),
            status(1, "in_progress", ""),
        ];
        let failure = new(StatusState::Failure, "exit code 1");
        assert_eq!(
            decide(&failure, Some(StatusId(1)), &there),
            SendDecision::AlreadyThere
        );
        assert_eq!(
            decide(&failure, Some(StatusId(2)), &there),
            SendDecision::Send,
            "a status from before the run belongs to another run"
        );
        let other = new(StatusState::Failure, "exit code 2");
        assert_eq!(
            decide(&other, None, &there),
            SendDecision::TooLate("failure".to_owned())
        );
    }

    #[test]
    fn a_run_does_not_report_a_deployment_of_an_agent() {
        let error = new(StatusState::Error, "killed");
        let claim = |seconds| {
            let words = format!("claimed by web-1 (00ff) for {seconds} s");
            status(2, "in_progress", &words)
        };
        let theirs = SendDecision::TooLate("in the hands of the agent web-1".to_owned());
        let words = status(3, "in_progress", "");
        assert_eq!(decide(&error, None, &[words.clone(), claim(60)]), theirs);
        assert_eq!(decide(&error, None, &[claim(60)]), theirs);
        assert_eq!(decide(&error, None, &[claim(20)]), SendDecision::Send);
        let first = status(1, "in_progress", "");
        let late = [claim(60), first];
        assert_eq!(decide(&error, Some(StatusId(1)), &late), SendDecision::Send);
        let now = "2026-01-01T00:00:30Z".parse().expect("a time");
        assert_eq!(
            super::decide(&error, None, true, &[claim(60)], now),
            SendDecision::Send,
            "an agent checks the claim itself"
        );
    }

    #[test]
    fn nothing_sets_a_deployment_back() {
        let success = new(StatusState::Success, "");
        let progress = new(StatusState::InProgress, "");
        for end in ["success", "failure", "error", "inactive"] {
            let there = [status(2, end, "by hand"), status(1, "in_progress", "x")];
            let expected = SendDecision::TooLate(end.to_owned());
            assert_eq!(decide(&success, Some(StatusId(1)), &there), expected);
            assert_eq!(decide(&progress, None, &there), expected);
        }
        let there = [status(2, "in_progress", "a heartbeat")];
        assert_eq!(
            decide(&success, Some(StatusId(1)), &there),
            SendDecision::Send
        );
        assert_eq!(decide(&success, None, &[]), SendDecision::Send);
    }
}
