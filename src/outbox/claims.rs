//! How agents agree on who deploys, using only the statuses of the deployment.
//!
//! GitHub numbers statuses in the order in which they are created, and everybody
//! reads the same list. So a claim is an `in_progress` status whose description
//! names the agent and says how long the claim lasts, and the owner of a deployment
//! is a pure function of the list, [`Ownership::from_statuses`]: every reader comes
//! to the same result, whatever its own configuration.
//!
//! - The first claim owns. An agent sends its claim, waits a moment, and reads the
//!   list until that contains its own claim. Only then does it check who is first: a
//!   list that contains a status also contains all with lower numbers, except those
//!   that the server was still writing; the moment is for them. An agent that is not
//!   first stands down and reports nothing more.
//! - A later claim of the owner is a heartbeat, which may also prolong the claim.
//! - A claim of another agent counts only if, by the server's clock, it was created
//!   after the owner's had expired. Then it takes over. If two try at once, the first
//!   in the list has taken over; for the second that claim is fresh, so that its own
//!   does not count.
//! - An owner that was slow (its machine slept, or its network was down) does not
//!   rely on its memory: if its last heartbeat is older than half the duration of its
//!   claim, it sends another one before it reports a result, and reads the list. A
//!   heartbeat in time precedes any takeover, so that none happens. A late one
//!   follows the takeover in the list, and then the slow owner stops its command and
//!   reports nothing. It reports within the other half, in which nobody can take
//!   over, or checks again.
//! - An agent that stops before it has started the command releases its claim with a
//!   `queued` status, and any agent may claim the deployment again.
//! - A deployment with a final status is over for everybody.
//! - A deployer that is not an agent makes no claim: a first `in_progress` without a
//!   claim owns permanently. `deployctl run` reports it, and then checks as agents do:
//!   if a valid claim precedes its status, it stands down,
//!   [`OwnerBefore::from_statuses`].
//!
//! In one environment agents take turns in the same way: an agent that has claimed a
//! deployment starts the command only when no other agent has a valid claim in the
//! environment with a lower number. Later claims see earlier ones, so that two never
//! run at once; and since the numbers are one order for all, agents never wait for
//! each other in a circle.
//!
//! What remains: agents whose clock stands still between reading and sending for
//! longer than half the duration of a claim could report twice. No lock without
//! fencing on the server can exclude that.
//!
//! An agent that takes over cannot know whether the command of the previous owner did
//! its work. So it reports `error`, unless the configuration says that commands may
//! run again.

use std::time::Duration;

use jiff::Timestamp;

pub(crate) use crate::model::Claim;
use crate::model::{Status, StatusId, StatusState};

/// How many heartbeats are sent before the pace is halved, since a deployment can have
/// only a limited number of statuses.
const HEARTBEATS_PER_PACE: u32 = 10;
/// How often the pace is halved at most.
const MAX_HALVINGS: u32 = 8;

/// The description of a status that releases a claim.
pub(crate) fn release_description(name: &str, instance: &str) -> String {
    format!("released by {name} ({instance})")
}

/// The agent that releases its claim with this description, if one does.
fn released_by(description: &str) -> Option<&str> {
    let rest = description.strip_prefix("released by ")?;
    let (_, rest) = rest.split_once(" (")?;
    rest.strip_suffix(')')
}

/// The duration of the claim in heartbeat `number`, counted from 0: the longer a
/// command runs, the longer it is.
pub(crate) fn claim_duration(first: Duration, number: u32) -> Duration {
    first * (1 << (number / HEARTBEATS_PER_PACE).min(MAX_HALVINGS))
}

/// The time between two heartbeats.
pub(crate) fn heartbeat_interval(holds: Duration) -> Duration {
    holds / 3
}

/// The agent that owns a deployment, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// Its latest claim.
    pub claim: Claim,
    /// The status with which it became the owner.
    pub since: StatusId,
    /// By the server's clock.
    pub last_heartbeat: Timestamp,
    /// Whether it took the deployment over from another agent.
    pub took_over: bool,
}

impl Owner {
    /// When the claim expires.
    pub(crate) fn until(&self) -> Timestamp {
        self.claim.until(self.last_heartbeat)
    }
}

/// Who owns a deployment, by its statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ownership {
    /// Nobody has started to deploy it.
    Unclaimed,
    Owned(Owner),
    /// It is in progress without a claim: its deployer is not an agent.
    WithoutClaim,
    /// It has ended with this state.
    Ended(StatusState),
}

impl Ownership {
    /// The statuses may be in any order.
    pub(crate) fn from_statuses(statuses: &[Status]) -> Self {
        let mut ordered: Vec<&Status> = statuses.iter().collect();
        ordered.sort_unstable_by_key(|status| (status.id, status.created_at));
        let mut ownership = Self::Unclaimed;
        for status in ordered {
            match &status.state {
                StatusState::Success
                | StatusState::Failure
                | StatusState::Error
                | StatusState::Inactive => return Self::Ended(status.state.clone()),
                StatusState::InProgress => {
                    let claim = status.description().and_then(Claim::parse);
                    ownership = ownership.after(claim, status);
                }
                StatusState::Queued => {
                    let released = status.description().and_then(released_by);
                    if released.is_some_and(|instance| ownership.is_owned_by(instance)) {
                        ownership = Self::Unclaimed;
                    }
                }
                _ => {}
            }
        }
        ownership
    }

    fn after(self, claim: Option<Claim>, status: &Status) -> Self {
        let Some(claim) = claim else {
            return match self {
                // Statuses of others do not end a claim.
                Self::Owned(_) => self,
                _ => Self::WithoutClaim,
            };
        };
        let id = status.id.unwrap_or(StatusId(0));
        match self {
            Self::Unclaimed => Self::Owned(Owner {
                claim,
                since: id,
                last_heartbeat: status.created_at,
                took_over: false,
            }),
            Self::Owned(owner) if owner.claim.instance == claim.instance => Self::Owned(Owner {
                claim,
                last_heartbeat: status.created_at,
                ..owner
            }),
            Self::Owned(owner) if status.created_at > owner.until() => Self::Owned(Owner {
                claim,
                since: id,
                last_heartbeat: status.created_at,
                took_over: true,
            }),
            other => other,
        }
    }

    pub(crate) fn is_owned_by(&self, instance: &str) -> bool {
        matches!(self, Self::Owned(owner) if owner.claim.instance == instance)
    }
}

/// Who owned a deployment when a deployer that is not an agent reported
/// `in_progress`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OwnerBefore {
    /// The list does not contain that status yet.
    NotListed,
    /// No agent: that deployer owns it.
    Nobody,
    /// An agent with a valid claim.
    Agent(Owner),
    /// It had ended with this status.
    Ended(Box<Status>),
}

impl OwnerBefore {
    /// Only statuses that are newer than `after` count; they may be in any order.
    pub(crate) fn from_statuses(statuses: &[Status], after: Option<StatusId>) -> Self {
        let mut later: Vec<Status> = statuses_after(statuses, after).cloned().collect();
        later.sort_unstable_by_key(|status| (status.id, status.created_at));
        let words = later.iter().position(|status| {
            status.state == StatusState::InProgress
                && status.description().and_then(Claim::parse).is_none()
        });
        let Some(at) = words else {
            return Self::NotListed;
        };
        match Ownership::from_statuses(&later[..at]) {
            Ownership::Owned(owner) if later[at].created_at <= owner.until() => Self::Agent(owner),
            Ownership::Ended(state) => {
                let end = later.into_iter().find(|status| status.state == state);
                end.map_or(Self::Nobody, |end| Self::Ended(Box::new(end)))
            }
            _ => Self::Nobody,
        }
    }
}

/// The statuses that are newer than `after`, or all.
pub(crate) fn statuses_after(
    statuses: &[Status],
    after: Option<StatusId>,
) -> impl Iterator<Item = &Status> {
    statuses.iter().filter(move |status| {
        status
            .id
            .is_none_or(|id| after.is_none_or(|after| id > after))
    })
}

/// Whether a list contains the status `id`. If not, it is too old to say who was
/// first.
pub(crate) fn contains_status(statuses: &[Status], id: StatusId) -> bool {
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
        match Ownership::from_statuses(statuses) {
            Ownership::Owned(owner) => owner.claim.instance,
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
        let Ownership::Owned(owner) = Ownership::from_statuses(&list) else {
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
            assert_eq!(
                Ownership::from_statuses(&list),
                Ownership::Ended(list[1].state.clone())
            );
        }
    }

    #[test]
    fn a_claim_that_is_given_back_is_anybodys() {
        let given_back =
            |instance: &str| status(2, 5, "queued", &release_description("web-1", instance));
        assert_eq!(
            Ownership::from_statuses(&[claim(1, 0, "a"), given_back("a")]),
            Ownership::Unclaimed
        );
        assert_eq!(owner(&[claim(1, 0, "a"), given_back("b")]), "a");
        assert_eq!(
            owner(&[claim(1, 0, "a"), given_back("a"), claim(3, 6, "b")]),
            "b"
        );
    }

    #[test]
    fn deployers_without_a_claim_are_left_alone() {
        let foreign = status(1, 0, "in_progress", "deploying");
        assert_eq!(
            Ownership::from_statuses(std::slice::from_ref(&foreign)),
            Ownership::WithoutClaim
        );
        assert_eq!(
            Ownership::from_statuses(&[foreign, claim(2, 100, "a")]),
            Ownership::WithoutClaim
        );
        let waiting = [status(1, 0, "queued", ""), status(2, 0, "pending", "")];
        assert_eq!(Ownership::from_statuses(&waiting), Ownership::Unclaimed);
        assert_eq!(
            owner(&[claim(1, 0, "a"), status(2, 1, "in_progress", "half")]),
            "a"
        );
    }

    #[test]
    fn a_status_without_a_claim_owns_unless_a_valid_claim_precedes_it() {
        let words = |id, at| status(id, at, "in_progress", "");
        let of = |statuses: &[Status]| OwnerBefore::from_statuses(statuses, Some(StatusId(1)));
        let agent = |statuses: &[Status]| match of(statuses) {
            OwnerBefore::Agent(owner) => owner.claim.instance,
            other => format!("{other:?}"),
        };
        assert_eq!(of(&[claim(2, 0, "a")]), OwnerBefore::NotListed);
        assert_eq!(of(&[claim(3, 0, "a"), words(2, 0)]), OwnerBefore::Nobody);
        assert_eq!(agent(&[words(3, 0), claim(2, 0, "a")]), "a");
        assert_eq!(agent(&[claim(2, 0, "a"), words(3, 60)]), "a");
        assert_eq!(of(&[claim(2, 0, "a"), words(3, 61)]), OwnerBefore::Nobody);
        // Statuses from before the run are ignored.
        assert_eq!(of(&[claim(1, 0, "a"), words(2, 0)]), OwnerBefore::Nobody);
        assert_eq!(of(&[words(1, 0), claim(2, 0, "a")]), OwnerBefore::NotListed);
        let given_back = status(3, 0, "queued", &release_description("web-1", "a"));
        assert_eq!(
            of(&[claim(2, 0, "a"), given_back, words(4, 0)]),
            OwnerBefore::Nobody
        );
        let end = status(3, 0, "success", "");
        let list = [claim(2, 0, "a"), end.clone(), words(4, 0)];
        assert_eq!(of(&list), OwnerBefore::Ended(Box::new(end)));
        // The agent arrives at the same owner.
        let list = [words(2, 0), claim(3, 0, "a")];
        assert_eq!(Ownership::from_statuses(&list), Ownership::WithoutClaim);
    }

    #[test]
    fn a_day_of_work_takes_few_statuses() {
        let first = Duration::from_secs(600);
        let (mut at, mut signs) = (Duration::ZERO, 0);
        while at < Duration::from_secs(86_400) {
            at += heartbeat_interval(claim_duration(first, signs));
            signs += 1;
        }
        assert!(signs < 60, "{signs}");
        assert_eq!(claim_duration(first, u32::MAX), first * 256);
    }

    proptest! {
        /// Agents that each see a prefix of one history, up to their own claim,
        /// never see two owners whose claims are valid at the same time.
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
            // The first claim is never overlooked.
            prop_assert!(!owned.is_empty());
        }
    }
}
