//! How agents agree on who deploys, with nothing between them but the statuses
//! of the deployment.
//!
//! GitHub numbers statuses in the order in which they are made, and everybody
//! reads the same list. So a claim is an `in_progress` status whose
//! description names the agent and says how long it holds, and who owns a
//! deployment is a pure function of the list, [`Standing::of`]: whoever reads
//! it comes to the same answer, whatever its own configuration.
//!
//! - The first claim owns. An agent sends its claim, waits a moment, and reads
//!   the list until its own claim is in it. Only then it looks who is first:
//!   in a list that shows a status, all with lower numbers are there, but for
//!   those that the server was still writing; the moment is for them. Whoever
//!   is not first stands down and says nothing more.
//! - A later status of the owner's that is a claim too is a sign of life; its
//!   words may prolong how long the claim holds.
//! - A claim of another agent counts only if, by the server's clock, it was
//!   made after the owner's had run out. Then it takes over. Of two that try
//!   at once the first in the list has taken over, and for the second the
//!   claim is fresh, so that it counts for nothing.
//! - An owner that was slow (a machine that slept, a network that was away)
//!   does not trust its memory: when its last sign of life is older than half
//!   of what its claim holds, it sends another before it reports an end, and
//!   reads the list. A sign of life that comes in time is in the list before
//!   any take-over, so that there is none; one that comes too late finds the
//!   take-over before itself, and then the slow owner stops its command and
//!   reports nothing. It reports within the other half, in which nobody can
//!   take over, or else looks again.
//! - An agent that stops before it has started the command gives its claim back
//!   with a `queued` status, and the deployment is anybody's again.
//! - A deployment whose list holds a final status is over for everybody.
//! - Who is no agent makes no claim: a first `in_progress` without one owns for
//!   good. `deployctl run` says it, and then looks as agents do: where a claim
//!   that held was before its words it stands down, [`Before::of`].
//!
//! In one environment agents take turns in the same way: who has claimed a
//! deployment of it starts the command only when no other agent has a claim
//! there that holds and has a lower number. Whoever claims later sees the
//! earlier claim, so that two never run at once; the numbers are one order for
//! all, so that none waits for another one in a circle.
//!
//! What remains: agents whose clock stands still between reading and sending
//! for longer than half of what a claim holds could report twice. No lock
//! without fencing on the side of the server can exclude that.
//!
//! Whoever takes over can't know whether the command of the one before did its
//! work. So it reports `error`, unless the configuration says that commands
//! may run again.

use std::time::Duration;

use jiff::Timestamp;

pub(crate) use crate::model::Claim;
use crate::model::{Status, StatusId, StatusState};

/// So many signs of life are given at the first pace; then the pace is halved,
/// since a deployment takes a limited number of statuses.
const SIGNS_PER_PACE: u32 = 10;
/// The slowest pace is the first one, halved so often.
const MOST_HALVINGS: u32 = 8;

/// What the description of a status says that gives a claim back.
pub(crate) fn release(name: &str, instance: &str) -> String {
    format!("released by {name} ({instance})")
}

/// The agent that gives its claim back by a description; `None` if none does.
fn released_by(description: &str) -> Option<&str> {
    let rest = description.strip_prefix("released by ")?;
    let (_, rest) = rest.split_once(" (")?;
    rest.strip_suffix(')')
}

/// How long the claim holds that is sent as the sign of life number `number`,
/// from 0 on: the longer a command runs, the longer.
pub(crate) fn holds_at(first: Duration, number: u32) -> Duration {
    first * (1 << (number / SIGNS_PER_PACE).min(MOST_HALVINGS))
}

/// How long after a sign of life the next one is due.
pub(crate) fn next_sign_after(holds: Duration) -> Duration {
    holds / 3
}

/// Who has a claim, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The claim as it was made last.
    pub claim: Claim,
    /// The status with which the deployment became the owner's.
    pub since: StatusId,
    /// When it gave its last sign of life, by the server's clock.
    pub last_sign: Timestamp,
    /// Whether it took the deployment over from another agent.
    pub took_over: bool,
}

impl Owner {
    /// When the claim runs out.
    pub(crate) fn until(&self) -> Timestamp {
        self.claim.until(self.last_sign)
    }
}

/// Where a deployment stands, by its statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody has begun.
    Free,
    /// An agent has it.
    Owned(Owner),
    /// Somebody who is no agent has it: it is in progress without a claim.
    Elsewhere,
    /// It has come to an end, with this state.
    Ended(StatusState),
}

impl Standing {
    /// Reads the statuses, in any order.
    pub(crate) fn of(statuses: &[Status]) -> Self {
        let mut ordered: Vec<&Status> = statuses.iter().collect();
        ordered.sort_by_key(|status| (status.id, status.created_at));
        let mut standing = Self::Free;
        for status in ordered {
            match &status.state {
                StatusState::Success
                | StatusState::Failure
                | StatusState::Error
                | StatusState::Inactive => return Self::Ended(status.state.clone()),
                StatusState::InProgress => {
                    let claim = status.description().and_then(Claim::parse);
                    standing = standing.after(claim, status);
                }
                StatusState::Queued => {
                    let released = status.description().and_then(released_by);
                    if released.is_some_and(|instance| standing.is_of(instance)) {
                        standing = Self::Free;
                    }
                }
                _ => {}
            }
        }
        standing
    }

    fn after(self, claim: Option<Claim>, status: &Status) -> Self {
        let Some(claim) = claim else {
            return match self {
                // Words of somebody else do not end a claim.
                Self::Owned(_) => self,
                _ => Self::Elsewhere,
            };
        };
        let id = status.id.unwrap_or(StatusId(0));
        match self {
            Self::Free => Self::Owned(Owner {
                claim,
                since: id,
                last_sign: status.created_at,
                took_over: false,
            }),
            Self::Owned(owner) if owner.claim.instance == claim.instance => Self::Owned(Owner {
                claim,
                last_sign: status.created_at,
                ..owner
            }),
            Self::Owned(owner) if status.created_at > owner.until() => Self::Owned(Owner {
                claim,
                since: id,
                last_sign: status.created_at,
                took_over: true,
            }),
            other => other,
        }
    }

    /// Whether the agent `instance` has it.
    pub(crate) fn is_of(&self, instance: &str) -> bool {
        matches!(self, Self::Owned(owner) if owner.claim.instance == instance)
    }
}

/// Who had a deployment when somebody who is no agent said that it is in
/// progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// The list does not show that yet: it is too old.
    Unseen,
    /// No agent: it is theirs.
    Nobody,
    /// An agent, whose claim held.
    Agent(Owner),
    /// Nobody any more: it had come to this end.
    Ended(Box<Status>),
}

impl Before {
    /// Reads the statuses that are newer than `after`, in any order.
    pub(crate) fn of(statuses: &[Status], after: Option<StatusId>) -> Self {
        let mut later: Vec<Status> = newer(statuses, after).cloned().collect();
        later.sort_by_key(|status| (status.id, status.created_at));
        let words = later.iter().position(|status| {
            status.state == StatusState::InProgress
                && status.description().and_then(Claim::parse).is_none()
        });
        let Some(at) = words else {
            return Self::Unseen;
        };
        match Standing::of(&later[..at]) {
            Standing::Owned(owner) if later[at].created_at <= owner.until() => Self::Agent(owner),
            Standing::Ended(state) => {
                let end = later.into_iter().find(|status| status.state == state);
                end.map_or(Self::Nobody, |end| Self::Ended(Box::new(end)))
            }
            _ => Self::Nobody,
        }
    }
}

/// The statuses that are newer than one of them; all without one.
pub(crate) fn newer(statuses: &[Status], after: Option<StatusId>) -> impl Iterator<Item = &Status> {
    statuses.iter().filter(move |status| {
        status
            .id
            .is_none_or(|id| after.is_none_or(|after| id > after))
    })
}

/// Whether a list of statuses shows a claim of the agent that was made as the
/// status `id`. Until it does it is too old to tell who was first.
pub(crate) fn shows(statuses: &[Status], id: StatusId) -> bool {
    statuses.iter().any(|status| status.id == Some(id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOLDS: u64 = 60;

    fn status(id: u64, at: i64, state: &str, description: &str) -> Status {
        let at = Timestamp::from_second(1_000_000 + at).expect("in range");
        serde_json::from_value(serde_json::json!({
            "id": id, "state": state, "description": description, "created_at": at,
        }))
        .expect("a status")
    }

    fn words(instance: &str) -> String {
        let claim = Claim {
            name: "web-1".to_owned(),
            instance: instance.to_owned(),
            holds: Duration::from_secs(HOLDS),
        };
        claim.to_string()
    }

    fn claim(id: u64, at: i64, instance: &str) -> Status {
        status(id, at, "in_progress", &words(instance))
    }

    fn owner(statuses: &[Status]) -> String {
        match Standing::of(statuses) {
            Standing::Owned(owner) => owner.claim.instance,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_claim_is_read_as_it_was_written() {
        let text = words("00ff");
        assert_eq!(text, "claimed by web-1 (00ff) for 60 s");
        assert_eq!(Claim::parse(&text).expect("a claim").to_string(), text);
        for text in [
            "",
            "claimed by me",
            "claimed by x () for 1 s",
            "claimed by x (a b) for 1 s",
            "claimed by x (a) for -1 s",
        ] {
            assert_eq!(Claim::parse(text), None, "{text:?}");
        }
        let longest = Claim {
            name: "n".repeat(50),
            instance: "f".repeat(12),
            holds: Duration::from_secs(30 * 86_400) * 256,
        };
        assert!(longest.to_string().len() <= crate::model::DESCRIPTION_LIMIT);
    }

    #[test]
    fn the_lowest_number_owns_whatever_the_order_of_the_list() {
        let list = [claim(12, 0, "b"), claim(13, 0, "c"), claim(11, 0, "a")];
        assert_eq!(owner(&list), "a");
    }

    #[test]
    fn only_what_comes_after_the_claim_ran_out_takes_over() {
        let in_time = [claim(1, 0, "a"), claim(2, 60, "b")];
        assert_eq!(owner(&in_time), "a");
        let late = [claim(1, 0, "a"), claim(2, 61, "b")];
        assert_eq!(owner(&late), "b");
        let alive = [claim(1, 0, "a"), claim(2, 50, "a"), claim(3, 105, "b")];
        assert_eq!(owner(&alive), "a");
    }

    #[test]
    fn of_two_take_overs_the_first_counts() {
        let list = [claim(1, 0, "a"), claim(2, 61, "b"), claim(3, 61, "c")];
        assert_eq!(owner(&list), "b");
        let Standing::Owned(owner) = Standing::of(&list) else {
            panic!("owned");
        };
        assert!(owner.took_over);
        assert_eq!(owner.since, StatusId(2));
    }

    #[test]
    fn a_sign_of_life_that_comes_too_late_finds_the_take_over() {
        let list = [claim(1, 0, "a"), claim(2, 61, "b"), claim(3, 62, "a")];
        assert_eq!(owner(&list), "b");
        let first = [claim(1, 0, "a"), claim(2, 62, "a"), claim(3, 62, "b")];
        assert_eq!(owner(&first), "a");
    }

    #[test]
    fn a_final_status_is_the_end_for_everybody() {
        for state in ["success", "failure", "error", "inactive"] {
            let list = [
                claim(1, 0, "a"),
                status(2, 1, state, ""),
                claim(3, 100, "b"),
            ];
            assert_eq!(Standing::of(&list), Standing::Ended(list[1].state.clone()));
        }
    }

    #[test]
    fn a_claim_that_is_given_back_is_anybodys() {
        let given_back = |instance: &str| status(2, 5, "queued", &release("web-1", instance));
        assert_eq!(
            Standing::of(&[claim(1, 0, "a"), given_back("a")]),
            Standing::Free
        );
        assert_eq!(owner(&[claim(1, 0, "a"), given_back("b")]), "a");
        assert_eq!(
            owner(&[claim(1, 0, "a"), given_back("a"), claim(3, 6, "b")]),
            "b"
        );
    }

    #[test]
    fn who_is_no_agent_is_left_alone() {
        let foreign = status(1, 0, "in_progress", "deploying");
        assert_eq!(
            Standing::of(std::slice::from_ref(&foreign)),
            Standing::Elsewhere
        );
        assert_eq!(
            Standing::of(&[foreign, claim(2, 100, "a")]),
            Standing::Elsewhere
        );
        let waiting = [status(1, 0, "queued", ""), status(2, 0, "pending", "")];
        assert_eq!(Standing::of(&waiting), Standing::Free);
        assert_eq!(
            owner(&[claim(1, 0, "a"), status(2, 1, "in_progress", "half")]),
            "a"
        );
    }

    #[test]
    fn words_own_unless_a_claim_that_holds_was_before_them() {
        let words = |id, at| status(id, at, "in_progress", "");
        let of = |statuses: &[Status]| Before::of(statuses, Some(StatusId(1)));
        let agent = |statuses: &[Status]| match of(statuses) {
            Before::Agent(owner) => owner.claim.instance,
            other => format!("{other:?}"),
        };
        assert_eq!(of(&[claim(2, 0, "a")]), Before::Unseen);
        assert_eq!(of(&[claim(3, 0, "a"), words(2, 0)]), Before::Nobody);
        assert_eq!(agent(&[words(3, 0), claim(2, 0, "a")]), "a");
        assert_eq!(agent(&[claim(2, 0, "a"), words(3, 60)]), "a");
        assert_eq!(of(&[claim(2, 0, "a"), words(3, 61)]), Before::Nobody);
        // What was before the run says nothing.
        assert_eq!(of(&[claim(1, 0, "a"), words(2, 0)]), Before::Nobody);
        assert_eq!(of(&[words(1, 0), claim(2, 0, "a")]), Before::Unseen);
        let given_back = status(3, 0, "queued", &release("web-1", "a"));
        assert_eq!(
            of(&[claim(2, 0, "a"), given_back, words(4, 0)]),
            Before::Nobody
        );
        let end = status(3, 0, "success", "");
        let list = [claim(2, 0, "a"), end.clone(), words(4, 0)];
        assert_eq!(of(&list), Before::Ended(Box::new(end)));
        // And the agent agrees on who it is.
        let list = [words(2, 0), claim(3, 0, "a")];
        assert_eq!(Standing::of(&list), Standing::Elsewhere);
    }

    #[test]
    fn a_day_of_work_takes_few_statuses() {
        let first = Duration::from_secs(600);
        let (mut at, mut signs) = (Duration::ZERO, 0);
        while at < Duration::from_secs(86_400) {
            at += next_sign_after(holds_at(first, signs));
            signs += 1;
        }
        assert!(signs < 60, "{signs}");
        assert_eq!(holds_at(first, u32::MAX), first * 256);
    }

    proptest! {
        /// Agents that each see a prefix of one history, cut behind their own
        /// claim, never agree on two owners who are both in time.
        #[test]
        fn two_never_own_within_the_same_time(
            steps in prop::collection::vec((0_u8..3, 0_i64..90), 1..12),
        ) {
            let mut at = 0;
            let mut list = Vec::new();
            let mut owned: Vec<(String, i64)> = Vec::new();
            for (id, (agent, pause)) in (1..).zip(steps) {
                at += pause;
                let name = ["a", "b", "c"][usize::from(agent)];
                list.push(claim(id, at, name));
                if owner(&list) == name {
                    if let Some((before, last)) = owned.last() {
                        prop_assert!(
                            before == name || at > last + i64::try_from(HOLDS).expect("small"),
                            "{before} at {last}, {name} at {at}"
                        );
                    }
                    owned.push((name.to_owned(), at));
                }
            }
            // The first one is never overlooked.
            prop_assert!(!owned.is_empty());
        }
    }
}
