use crate::agent::config::Concurrency;
use crate::agent::journal::Verdict;
use crate::model::DeploymentId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WaitingDeployment {
    pub(super) id: DeploymentId,
    pub(super) mode: Concurrency,
    /// A newer deployment that neither runs nor waits and supersedes this one.
    pub(super) superseded_by: Option<DeploymentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ActiveDeployment {
    pub(super) id: DeploymentId,
    pub(super) mode: Concurrency,
}

/// What to do in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The deployments that end without their command.
    pub(super) verdicts: Vec<(DeploymentId, Verdict)>,
    /// The deployment for which the active one has to stop.
    pub(super) stop_for: Option<DeploymentId>,
    /// The deployment to start now.
    pub(super) start: Option<DeploymentId>,
}

/// Decides for one environment. `waiting` is in the order of the IDs, which is the
/// order in which the deployments were requested.
///
/// - In mode `supersede` the newest deployment counts: it supersedes all older
///   ones that wait, and an older active one has to stop. A deployment that
///   arrives late, when a newer superseding one is active or has ended, is
///   superseded at once.
/// - In mode `reject` a deployment is rejected if another one is active or waits
///   before it.
/// - Otherwise the oldest deployment starts once none is active.
pub(super) fn plan(active: Option<ActiveDeployment>, waiting: &[WaitingDeployment]) -> Plan {
    let mut plan = Plan::default();
    let newest = waiting
        .iter()
        .rev()
        .find(|deployment| deployment.mode == Concurrency::Supersede)
        .map(|deployment| deployment.id)
        .max(
            active
                .filter(|active| active.mode == Concurrency::Supersede)
                .map(|active| active.id),
        );
    let mut is_busy = active.is_some();
    for deployment in waiting {
        let newer = newest
            .filter(|newest| deployment.id < *newest)
            .max(deployment.superseded_by);
        if let Some(newest) = newer {
            plan.verdicts
                .push((deployment.id, Verdict::SupersededBy(newest)));
        } else if deployment.mode == Concurrency::Reject && is_busy {
            plan.verdicts.push((deployment.id, Verdict::Rejected));
        } else {
            if !is_busy {
                plan.start = Some(deployment.id);
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

    fn waiting(list: &[(u64, Concurrency)]) -> Vec<WaitingDeployment> {
        list.iter()
            .map(|(id, mode)| WaitingDeployment {
                id: DeploymentId(*id),
                mode: *mode,
                superseded_by: None,
            })
            .collect()
    }

    fn active(id: u64, mode: Concurrency) -> ActiveDeployment {
        ActiveDeployment {
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
        let verdicts = vec![(DeploymentId(2), by(4)), (DeploymentId(3), by(4))];
        assert_eq!(
            plan(Some(active(1, QUEUE)), &list),
            Plan {
                verdicts: verdicts.clone(),
                stop_for: Some(DeploymentId(4)),
                start: None,
            }
        );
        assert_eq!(
            plan(None, &list),
            Plan {
                verdicts,
                stop_for: None,
                start: Some(DeploymentId(4)),
            }
        );
    }

    #[test]
    fn an_older_deployment_that_arrives_late_is_superseded() {
        let late = waiting(&[(1, SUPERSEDE)]);
        assert_eq!(
            plan(Some(active(2, SUPERSEDE)), &late).verdicts,
            [(DeploymentId(1), by(2))]
        );
        assert_eq!(plan(Some(active(2, QUEUE)), &late).verdicts, []);
        let mut later = waiting(&[(1, QUEUE), (4, QUEUE)]);
        later[0].superseded_by = Some(DeploymentId(3));
        let plan = plan(None, &later);
        assert_eq!(plan.verdicts, [(DeploymentId(1), by(3))]);
        assert_eq!(plan.start, Some(DeploymentId(4)));
    }

    #[test]
    fn with_reject_a_second_deployment_does_not_wait() {
        let list = waiting(&[(2, REJECT), (3, REJECT)]);
        let rejected = (DeploymentId(3), Verdict::Rejected);
        assert_eq!(plan(None, &list).start, Some(DeploymentId(2)));
        assert_eq!(plan(None, &list).verdicts, [rejected]);
        assert_eq!(plan(Some(active(1, QUEUE)), &list).verdicts.len(), 2);
        let behind = waiting(&[(2, QUEUE), (3, REJECT)]);
        assert_eq!(plan(None, &behind).verdicts, [rejected]);
    }

    proptest! {
        #[test]
        fn each_waits_or_starts_or_ends_once(
            modes in prop::collection::vec(0_usize..3, 0..8),
            running in prop::option::of((0_u64..10, 0_usize..3)),
        ) {
            let mode = |at: usize| Concurrency::NAMES[at].1;
            let list: Vec<(u64, Concurrency)> = (1..).zip(modes.into_iter().map(mode)).collect();
            let active = running.map(|(id, running)| active(100 + id, mode(running)));
            let plan = plan(active, &waiting(&list));
            let verdicts: Vec<_> = plan.verdicts.iter().map(|(id, _)| *id).collect();
            if let Some(start) = plan.start {
                prop_assert!(active.is_none());
                prop_assert!(!verdicts.contains(&start));
            } else {
                prop_assert!(active.is_some() || list.is_empty());
            }
            for (id, verdict) in &plan.verdicts {
                if let Verdict::SupersededBy(newer) = verdict {
                    prop_assert!(newer > id);
                }
            }
        }
    }
}
