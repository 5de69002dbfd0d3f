use jiff::Timestamp;

use super::is_final;
use crate::api::NewStatus;
use crate::model::{Status, StatusId};
use crate::outbox::claims::{Standing, newer};

/// What is to be done with a status after a look at those there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It is not there.
    Send,
    /// It is there.
    IsThere,
    /// It would set the deployment back: this is how it stands already.
    TooLate(String),
}

/// Judges a kept status of an agent, or else of somebody who is none, by the
/// statuses of its deployment, at `now` by the server's clock. Those up to
/// `after` were there before the run, and say nothing about it.
pub(super) fn judge(
    new: &NewStatus,
    after: Option<StatusId>,
    is_agents: bool,
    statuses: &[Status],
    now: Timestamp,
) -> Judgement {
    let later: Vec<&Status> = newer(statuses, after).collect();
    if later.iter().any(|status| is_same(new, status)) {
        return Judgement::IsThere;
    }
    if let Some(end) = later.iter().find(|status| is_final(&status.state)) {
        return Judgement::TooLate(end.state.to_string());
    }
    match Standing::of(statuses) {
        // It was quicker: the deployment never was the run's.
        Standing::Owned(owner) if !is_agents && now <= owner.until() => {
            Judgement::TooLate(format!("in the hands of the agent {}", owner.claim.name))
        }
        _ => Judgement::Send,
    }
}

/// Whether a status says what was to be said. Servers send `null`, `""` or
/// nothing for none.
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

    fn judge(new: &NewStatus, after: Option<StatusId>, statuses: &[Status]) -> Judgement {
        let now = "2026-01-01T00:00:30Z".parse().expect("a time");
        super::judge(new, after, false, statuses, now)
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
            judge(&failure, Some(StatusId(1)), &there),
            Judgement::IsThere
        );
        assert_eq!(
            judge(&failure, Some(StatusId(2)), &there),
            Judgement::Send,
            "one that was there before the run is another run's"
        );
        let other = new(StatusState::Failure, "exit code 2");
        assert_eq!(
            judge(&other, None, &there),
            Judgement::TooLate("failure".to_owned())
        );
    }

    #[test]
    fn what_an_agent_has_is_not_the_runs_to_report() {
        let error = new(StatusState::Error, "killed");
        let claim = |seconds| {
            let words = format!("claimed by web-1 (00ff) for {seconds} s");
            status(2, "in_progress", &words)
        };
        let theirs = Judgement::TooLate("in the hands of the agent web-1".to_owned());
        let words = status(3, "in_progress", "");
        assert_eq!(judge(&error, None, &[words.clone(), claim(60)]), theirs);
        assert_eq!(judge(&error, None, &[claim(60)]), theirs);
        assert_eq!(judge(&error, None, &[claim(20)]), Judgement::Send);
        let first = status(1, "in_progress", "");
        let late = [claim(60), first];
        assert_eq!(judge(&error, Some(StatusId(1)), &late), Judgement::Send);
        let now = "2026-01-01T00:00:30Z".parse().expect("a time");
        assert_eq!(
            super::judge(&error, None, true, &[claim(60)], now),
            Judgement::Send,
            "whose claim it is an agent looks up itself"
        );
    }

    #[test]
    fn nothing_sets_a_deployment_back() {
        let success = new(StatusState::Success, "");
        let progress = new(StatusState::InProgress, "");
        for end in ["success", "failure", "error", "inactive"] {
            let there = [status(2, end, "by hand"), status(1, "in_progress", "x")];
            let expected = Judgement::TooLate(end.to_owned());
            assert_eq!(judge(&success, Some(StatusId(1)), &there), expected);
            assert_eq!(judge(&progress, None, &there), expected);
        }
        let there = [status(2, "in_progress", "a heartbeat")];
        assert_eq!(judge(&success, Some(StatusId(1)), &there), Judgement::Send);
        assert_eq!(judge(&success, None, &[]), Judgement::Send);
    }
}
