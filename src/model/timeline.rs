use jiff::{SignedDuration, Timestamp};

use super::StatusState;

/// A deployment with the times of its statuses, as statistics need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    pub(crate) environment: String,
    pub(crate) sha: String,
    pub(crate) created_at: Timestamp,
    /// Whether the environment is transient; `None` if GraphQL does not say.
    pub(crate) is_transient: Option<bool>,
    /// All its statuses, oldest first.
    statuses: Vec<(Timestamp, StatusState)>,
}

impl Timeline {
    /// `statuses` may have any order, since GitHub does not document that of
    /// GraphQL. Those of the same second are taken for `newest_first`.
    pub(crate) fn new(
        environment: String,
        sha: String,
        created_at: Timestamp,
        newest_first: impl IntoIterator<Item = (Timestamp, StatusState)>,
    ) -> Self {
        Self {
            environment,
            sha,
            created_at,
            is_transient: None,
            statuses: oldest_first(newest_first.into_iter().collect()),
        }
    }

    /// When it first succeeded.
    pub(crate) fn success(&self) -> Option<Timestamp> {
        let success = |(_, state): &&(Timestamp, StatusState)| *state == StatusState::Success;
        self.statuses.iter().find(success).map(|(time, _)| *time)
    }

    /// When it ended, and whether it failed: by the last of its successes,
    /// failures and errors. A later `inactive` changes nothing.
    pub(crate) fn end(&self) -> Option<(Timestamp, bool)> {
        let mut newest_first = self.statuses.iter().rev();
        let (time, state) = newest_first.find(|(_, state)| state.is_end())?;
        Some((*time, *state != StatusState::Success))
    }

    /// When it last stopped waiting at a gate, and how long it waited in total.
    pub(crate) fn waited(&self) -> Option<(Timestamp, SignedDuration)> {
        let mut waited: Option<(Timestamp, SignedDuration)> = None;
        for pair in self.statuses.windows(2) {
            if let [(from, StatusState::Waiting), (to, _)] = pair {
                let total = waited.map_or(SignedDuration::ZERO, |(_, total)| total);
                waited = Some((*to, total.saturating_add(to.duration_since(*from))));
            }
        }
        waited
    }

    /// The time of its newest status, or else of its creation.
    pub(crate) fn last_change(&self) -> Timestamp {
        let newest = self.statuses.last().map(|(time, _)| *time);
        newest.map_or(self.created_at, |time| time.max(self.created_at))
    }
}

/// A commit as far as lead times need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommitNode {
    pub(crate) sha: String,
    /// The committer's date.
    pub(crate) committed_at: Timestamp,
    pub(crate) parents: Vec<String>,
}

fn oldest_first(mut newest_first: Vec<(Timestamp, StatusState)>) -> Vec<(Timestamp, StatusState)> {
    newest_first.reverse();
    newest_first.sort_by_key(|(time, _)| *time);
    newest_first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn timeline(newest_first: &[(i64, &str)]) -> Timeline {
        let statuses = newest_first
            .iter()
            .map(|(second, state)| (at(*second), StatusState::from_word(state)));
        Timeline::new("qa".to_owned(), "a".to_owned(), at(0), statuses)
    }

    #[test]
    fn the_end_is_the_last_success_or_failure_whatever_the_order() {
        for (statuses, success, end) in [
            (
                &[(9, "inactive"), (5, "success"), (1, "queued")][..],
                Some(5),
                Some((5, false)),
            ),
            (
                &[(1, "queued"), (5, "success"), (9, "inactive")],
                Some(5),
                Some((5, false)),
            ),
            (&[(7, "failure"), (5, "success")], Some(5), Some((7, true))),
            (
                &[(8, "success"), (7, "error"), (5, "success")],
                Some(5),
                Some((8, false)),
            ),
            (&[(5, "failure"), (5, "in_progress")], None, Some((5, true))),
            (&[(5, "in_progress")], None, None),
            (&[(5, "inactive")], None, None),
            (&[], None, None),
        ] {
            let timeline = timeline(statuses);
            assert_eq!(timeline.success(), success.map(at), "{statuses:?}");
            let end = end.map(|(second, has_failed)| (at(second), has_failed));
            assert_eq!(timeline.end(), end, "{statuses:?}");
        }
    }

    #[test]
    fn waiting_counts_until_the_next_status() {
        for (statuses, waited) in [
            (&[(30, "queued"), (10, "waiting")][..], Some((30, 20))),
            (
                &[
                    (50, "success"),
                    (40, "waiting"),
                    (30, "queued"),
                    (10, "waiting"),
                ],
                Some((50, 30)),
            ),
            (&[(30, "waiting"), (10, "waiting")], Some((30, 20))),
            (&[(10, "waiting")], None),
            (&[(10, "success")], None),
        ] {
            let waited = waited.map(|(to, total)| (at(to), SignedDuration::from_secs(total)));
            assert_eq!(timeline(statuses).waited(), waited, "{statuses:?}");
        }
    }
}
