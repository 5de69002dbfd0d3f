use crate::agent::config::Concurrency;
use crate::agent::journal::Verdict;
use crate::model::DeploymentId;

/// A deployment of one environment that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) id: DeploymentId,
    pub(super) mode: Concurrency,
    /// A newer one that is neither at work nor waits, and has taken its place.
    pub(super) lost_to: Option<DeploymentId>,
}

/// The deployment of the environment that is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Active {
    pub(super) id: DeploymentId,
    pub(super) mode: Concurrency,
}

/// What is to be done in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Those that end without their command.
    pub(super) judged: Vec<(DeploymentId, Verdict)>,
    /// Whether the active one is to stop, and for which one.
    pub(super) stop_for: Option<DeploymentId>,
    /// Which one comes next.
    pub(super) start: Option<DeploymentId>,
}

/// Decides for one environment; `waiting` is in the order of the numbers, which
/// is the order in which they were asked for.
///
/// - Of those that supersede, the newest one counts: all older ones that wait
///   have lost their place to it, and an older one that is at work is to stop.
///   One that comes late, when a newer one that supersedes is at work already
///   or has ended, has lost its place before it came.
/// - One that rejects is rejected where another one is at work, or waits before
///   it.
/// - Else the oldest comes next, once nothing is at work.
pub(super) fn plan(active: Option<Active>, waiting: &[Waiting]) -> Plan {
    let mut plan = Plan::default();
    let newest = waiting
        .iter()
        .rev()
        .find(|one| one.mode == Concurrency::Supersede)
        .map(|one| one.id)
        .max(
            active
                .filter(|active| active.mode == Concurrency::Supersede)
                .map(|active| active.id),
        );
    let mut is_busy = active.is_some();
    for one in waiting {
        let newer = newest.filter(|newest| one.id < *newest).max(one.lost_to);
        if let Some(newest) = newer {
            plan.judged.push((one.id, Verdict::SupersededBy(newest)));
        } else if one.mode == Concurrency::Reject && is_busy {
            plan.judged.push((one.id, Verdict::Rejected));
        } else {
            if !is_busy {
                plan.start = Some(one.id);
            }
            is_busy = true;
        }
    }
    plan.stop_for = newest.filter(|newest| active.is_some_and(|active| active.id < *newest));
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUEUE: Concurrency = Concurrency::Queue;
    const SUPERSEDE: Concurrency = Concurrency::Supersede;
    const REJECT: Concurrency = Concurrency::Reject;

    fn waiting(list: &[(u64, Concurrency)]) -> Vec<Waiting> {
        list.iter()
            .map(|(id, mode)| Waiting {
                id: DeploymentId(*id),
                mode: *mode,
                lost_to: None,
            })
            .collect()
    }

    fn active(id: u64, mode: Concurrency) -> Active {
        Active {
            id: DeploymentId(id),
            mode,
        }
    }

    fn by(id: u64) -> Verdict {
        Verdict::SupersededBy(DeploymentId(id))
    }

    #[test]
    fn a_queue_is_worked_off_from_the_oldest_one_at_a_time() {
        let list = waiting(&[(1, QUEUE), (2, QUEUE)]);
        assert_eq!(plan(None, &list).start, Some(DeploymentId(1)));
        assert_eq!(plan(Some(active(0, QUEUE)), &list), Plan::default());
    }

    #[test]
    fn the_newest_supersedes_what_waits_and_what_runs() {
        let list = waiting(&[(2, SUPERSEDE), (3, QUEUE), (4, SUPERSEDE), (5, QUEUE)]);
        let judged = vec![(DeploymentId(2), by(4)), (DeploymentId(3), by(4))];
        assert_eq!(
            plan(Some(active(1, QUEUE)), &list),
            Plan {
                judged: judged.clone(),
                stop_for: Some(DeploymentId(4)),
                start: None,
            }
        );
        assert_eq!(
            plan(None, &list),
            Plan {
                judged,
                stop_for: None,
                start: Some(DeploymentId(4)),
            }
        );
    }

    #[test]
    fn one_that_comes_late_has_lost_its_place() {
        let late = waiting(&[(1, SUPERSEDE)]);
        assert_eq!(
            plan(Some(active(2, SUPERSEDE)), &late).judged,
            [(DeploymentId(1), by(2))]
        );
        assert_eq!(plan(Some(active(2, QUEUE)), &late).judged, []);
        let mut later = waiting(&[(1, QUEUE), (4, QUEUE)]);
        later[0].lost_to = Some(DeploymentId(3));
        let plan = plan(None, &later);
        assert_eq!(plan.judged, [(DeploymentId(1), by(3))]);
        assert_eq!(plan.start, Some(DeploymentId(4)));
    }

    #[test]
    fn one_that_rejects_does_not_wait() {
        let list = waiting(&[(2, REJECT), (3, REJECT)]);
        let rejected = (DeploymentId(3), Verdict::Rejected);
        assert_eq!(plan(None, &list).start, Some(DeploymentId(2)));
        assert_eq!(plan(None, &list).judged, [rejected]);
        assert_eq!(plan(Some(active(1, QUEUE)), &list).judged.len(), 2);
        let behind = waiting(&[(2, QUEUE), (3, REJECT)]);
        assert_eq!(plan(None, &behind).judged, [rejected]);
    }

    proptest! {
        #[test]
        fn each_waits_or_starts_or_is_judged_once(
            modes in prop::collection::vec(0_usize..3, 0..8),
            running in prop::option::of((0_u64..10, 0_usize..3)),
        ) {
            let word = |at: usize| Concurrency::WORDS[at].1;
            let list: Vec<(u64, Concurrency)> = (1..).zip(modes.into_iter().map(word)).collect();
            let active = running.map(|(id, mode)| active(100 + id, word(mode)));
            let plan = plan(active, &waiting(&list));
            let judged: Vec<_> = plan.judged.iter().map(|(id, _)| *id).collect();
            if let Some(start) = plan.start {
                prop_assert!(active.is_none());
                prop_assert!(!judged.contains(&start));
            } else {
                prop_assert!(active.is_some() || list.is_empty());
            }
            for (id, verdict) in &plan.judged {
                if let Verdict::SupersededBy(newer) = verdict {
                    prop_assert!(newer > id);
                }
            }
        }
    }
}
