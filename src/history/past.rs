//! Histories for tests, written as text.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::model::{DeploymentId, DeploymentState, PastDeployment, Status, StatusState};

/// Deployments newest first, from a text with the oldest first: `A:success`
/// is a deployment of the commit A, with the IDs 1, 2 and so on. Its statuses
/// are separated by commas, oldest first; `pending` and `abandoned` stand for
/// none, and `/TASK` for another task than `deploy`.
pub(crate) fn past(text: &str) -> Vec<PastDeployment> {
    let mut deployments: Vec<PastDeployment> = text
        .split_whitespace()
        .zip(1..)
        .map(|(word, id)| deployment(word, id))
        .collect();
    deployments.reverse();
    deployments
}

fn deployment(word: &str, id: u64) -> PastDeployment {
    let (sha, rest) = word.split_once(':').expect("a commit and its statuses");
    let (states, task) = rest.split_once('/').unwrap_or((rest, "deploy"));
    let at = |second| Timestamp::from_second(1_767_225_600 + second).expect("in range");
    let begin = i64::try_from(id).expect("small") * 60;
    let mut statuses: Vec<Status> = states
        .split(',')
        .filter(|state| !matches!(*state, "pending" | "abandoned"))
        .zip(1..)
        .map(|(state, second)| status(state, at(begin + second)))
        .collect();
    statuses.reverse();
    let newest = statuses.first().map(|status| &status.state);
    let state = match states {
        "abandoned" => DeploymentState::Abandoned,
        _ => DeploymentState::compute(newest, false, at(begin), at(begin)),
    };
    PastDeployment {
        id: DeploymentId(id),
        state,
        sha: sha_of(sha),
        ref_name: Some("main".to_owned()),
        task: task.to_owned(),
        creator: None,
        created_at: at(begin),
        updated_at: statuses
            .first()
            .map_or(at(begin), |status| status.created_at),
        statuses,
    }
}

/// The SHA of a commit with a short name.
pub(crate) fn sha_of(name: &str) -> String {
    let mut digits = String::new();
    for byte in name.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    format!("{digits:0<40}")
}

fn status(state: &str, created_at: Timestamp) -> Status {
    let json = format!(r#"{{"state":"{state}","created_at":"{created_at}"}}"#);
    let status: Status = serde_json::from_str(&json).expect("a status");
    assert!(!matches!(status.state, StatusState::Other(_)), "{state}");
    status
}
