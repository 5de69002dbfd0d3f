use serde::{Serialize, Serializer};

use crate::exit;

/// What became of a run and environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReviewResult {
    /// It was approved, and nothing else holds it.
    Approved,
    /// It was rejected.
    Rejected,
    /// It had been approved, or rejected, before.
    Already,
    /// It was or is approved; a timer or an app still holds it.
    Held,
    /// It was left out: a newer run waits, or the environment already has the
    /// commit or a later one.
    Refused,
    /// The caller may not review it.
    NotAllowed,
    /// It failed, or no longer waits.
    Failed,
}

impl ReviewResult {
    /// The value in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Already => "already",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::NotAllowed => "not_allowed",
            Self::Failed => "failed",
        }
    }

    /// Whether the requested state was reached.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Already)
    }
}

impl Serialize for ReviewResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The exit code for results. `failure` is the code of what failed, if all that
/// failed has the same one.
pub(crate) fn exit_code(results: &[ReviewResult], failure: Option<u8>) -> u8 {
    let has = |result| results.contains(&result);
    let some_done = results.iter().any(|result| result.is_done());
    if has(ReviewResult::Refused) {
        return exit::FAILURE;
    }
    if has(ReviewResult::Failed) {
        let all_failed = results.iter().all(|one| *one == ReviewResult::Failed);
        return failure.filter(|_| all_failed).unwrap_or(exit::FAILURE);
    }
    match (has(ReviewResult::NotAllowed), has(ReviewResult::Held)) {
        (true, _) if some_done => exit::FAILURE,
        (true, _) => exit::FORBIDDEN,
        (false, true) => exit::NOT_FINISHED,
        (false, false) => exit::DONE,
    }
}

#[cfg(test)]
mod tests {
    use ReviewResult::{Already, Approved, Failed, Held, NotAllowed, Refused, Rejected};

    use super::*;

    #[test]
    fn the_code_says_the_worst_and_whether_something_was_done() {
        for (results, failure, code) in [
            (&[Approved, Already][..], None, 0),
            (&[Rejected], None, 0),
            (&[Approved, Held], None, 8),
            (&[Held], None, 8),
            (&[NotAllowed, Held], None, 5),
            (&[NotAllowed], None, 5),
            (&[NotAllowed, Approved], None, 1),
            (&[NotAllowed, Already], None, 1),
            (&[Refused, Approved], None, 1),
            (&[Refused], None, 1),
            (&[Failed], Some(75), 75),
            (&[Failed, Failed], None, 1),
            (&[Failed, Approved], Some(75), 1),
            (&[Failed, NotAllowed], Some(75), 1),
        ] {
            assert_eq!(exit_code(results, failure), code, "{results:?}");
        }
    }
}
