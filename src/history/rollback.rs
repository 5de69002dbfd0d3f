//! Which deployment a rollback returns to. The deployments of an environment are
//! given newest first, as far as they were read.

use super::live::{find_live, newer_than_live, of_task};
use crate::model::{DeploymentId, PastDeployment};

/// What a rollback returns to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RollbackTarget {
    /// The previous good commit, or the one so many commits before the live one.
    Back(usize),
    Deployment(DeploymentId),
    /// A SHA, or the first digits of it.
    Commit(String),
}

/// The good deployments that a rollback can return to.
pub(crate) struct Candidates<'a> {
    /// The newest deployment of each commit, newest first: what `-1`, `-2` and so
    /// on stand for.
    pub(crate) commits: Vec<&'a PastDeployment>,
    /// All that may be named, newest first; also those that the live commit has
    /// been rolled back from.
    pub(crate) named: Vec<&'a PastDeployment>,
}

/// A target that is no single candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoCandidate {
    NotFound,
    /// The first digits fit several commits.
    Ambiguous,
}

/// The candidates in these deployments.
///
/// What is good has succeeded and not failed after that. What `-1` and so on count
/// is older than the first success of the live commit: in A, B, A the live commit
/// was returned to, so that B is not the previous good one. If the newest
/// deployment that ended has failed, the live commit itself comes first.
pub(crate) fn find_candidates<'a>(deployments: &'a [PastDeployment], task: &str) -> Candidates<'a> {
    let Some(live) = find_live(deployments, task) else {
        let named: Vec<_> = of_task(deployments, task)
            .filter(|one| one.was_good())
            .collect();
        return Candidates {
            commits: distinct_commits(named.iter().copied()),
            named,
        };
    };
    let newer = || newer_than_live(deployments, task);
    let last_has_failed = newer()
        .find(|one| one.was_good() || one.has_failed())
        .is_some_and(PastDeployment::has_failed);
    let may_be_replaced = newer().any(PastDeployment::is_under_way);
    let older = of_task(deployments, task).skip(newer().count() + 1);
    let other = |one: &&PastDeployment| one.was_good() && one.sha != live.sha;
    let named = older.filter(other);
    let first_success = of_task(deployments, task)
        .filter(|one| one.sha == live.sha && one.first_success().is_some())
        .last();
    let since = of_task(deployments, task)
        .position(|one| first_success.is_some_and(|first| one.id == first.id))
        .unwrap_or_default();
    let before = of_task(deployments, task).skip(since + 1).filter(other);
    let retried = last_has_failed.then_some(live);
    Candidates {
        commits: distinct_commits(retried.into_iter().chain(before)),
        named: (last_has_failed || may_be_replaced)
            .then_some(live)
            .into_iter()
            .chain(named)
            .collect(),
    }
}

/// The newest deployment of each commit.
fn distinct_commits<'a>(
    deployments: impl Iterator<Item = &'a PastDeployment>,
) -> Vec<&'a PastDeployment> {
    let mut found: Vec<&PastDeployment> = Vec::new();
    for deployment in deployments {
        if found.iter().all(|one| one.sha != deployment.sha) {
            found.push(deployment);
        }
    }
    found
}

impl<'a> Candidates<'a> {
    pub(crate) fn choose(
        &self,
        target: &RollbackTarget,
    ) -> Result<&'a PastDeployment, NoCandidate> {
        let found = match target {
            RollbackTarget::Back(steps) => self.commits.get(steps.saturating_sub(1)).copied(),
            RollbackTarget::Deployment(id) => self.named.iter().find(|one| one.id == *id).copied(),
            RollbackTarget::Commit(sha) => {
                let fits = |one: &&&PastDeployment| one.sha.starts_with(sha.as_str());
                let found = self.named.iter().find(fits).copied();
                let is_other = |one: &PastDeployment| found.is_some_and(|it| it.sha != one.sha);
                if self.named.iter().filter(fits).any(|one| is_other(one)) {
                    return Err(NoCandidate::Ambiguous);
                }
                found
            }
        };
        found.ok_or(NoCandidate::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::past::{past, sha_of};
    use super::*;

    /// The IDs of the commits that are counted, and of the deployments that may
    /// be named.
    fn candidates(text: &str) -> (Vec<u64>, Vec<u64>) {
        let deployments = past(text);
        let found = find_candidates(&deployments, "deploy");
        let ids = |list: &[&PastDeployment]| list.iter().map(|one| one.id.0).collect();
        (ids(&found.commits), ids(&found.named))
    }

    #[test]
    fn the_previous_good_commit_is_found_in_every_history() {
        for (text, commits, named) in [
            // Nothing to return to.
            ("", &[][..], &[][..]),
            ("A:success", &[], &[]),
            ("A:failure B:success", &[], &[]),
            ("A:pending B:success", &[], &[]),
            // The usual case; what was superseded is inactive.
            ("A:success,inactive B:success", &[1], &[1]),
            ("A:success B:success", &[1], &[1]),
            (
                "A:success,inactive B:success,inactive C:success",
                &[2, 1],
                &[2, 1],
            ),
            // What failed is skipped, also where it succeeded first, or was taken
            // down later.
            ("A:success,inactive B:failure C:success", &[1], &[1]),
            ("A:success,inactive B:success,failure C:success", &[1], &[1]),
            (
                "A:success,inactive B:failure,inactive C:success",
                &[1],
                &[1],
            ),
            ("A:success,inactive B:error,inactive C:success", &[1], &[1]),
            (
                "A:success,inactive B:failure,success,inactive C:success",
                &[2, 1],
                &[2, 1],
            ),
            // What never succeeded, although it is inactive now.
            ("A:success,inactive B:inactive C:success", &[1], &[1]),
            (
                "A:success,inactive B:in_progress,inactive C:success",
                &[1],
                &[1],
            ),
            ("A:success,inactive B:abandoned C:success", &[1], &[1]),
            // A, B, A: B is what was returned from.
            ("A:success,inactive B:success,inactive A:success", &[], &[2]),
            (
                "Z:success,inactive A:success,inactive B:success,inactive A:success",
                &[1],
                &[3, 1],
            ),
            (
                "Z:success,inactive A:success,inactive B:failure A:failure C:success,inactive A:success",
                &[1],
                &[5, 1],
            ),
            // After a rollback and a fix, the commit that was returned to.
            (
                "A:success,inactive B:success,inactive A:success,inactive C:success",
                &[3, 2],
                &[3, 2, 1],
            ),
            // A failed attempt of the live commit was not its first success.
            ("A:failure B:success,inactive A:success", &[2], &[2]),
            (
                "A:success,inactive B:success,inactive B:success",
                &[1],
                &[1],
            ),
            // The newest that ended has failed: the live commit comes first.
            ("A:success B:success C:failure", &[2, 1], &[2, 1]),
            ("A:success,inactive B:success C:error", &[2, 1], &[2, 1]),
            ("A:success B:success C:failure,inactive", &[2, 1], &[2, 1]),
            ("A:success B:failure A:failure", &[1], &[1]),
            (
                "A:success,inactive B:success C:failure D:pending",
                &[2, 1],
                &[2, 1],
            ),
            (
                "A:success,inactive B:success C:failure D:inactive",
                &[2, 1],
                &[2, 1],
            ),
            // A success that was taken down is no failure.
            (
                "A:success B:success C:failure D:success,inactive",
                &[1],
                &[1],
            ),
            // The live commit may be named while something else is under way.
            ("A:success,inactive B:success C:in_progress", &[1], &[2, 1]),
            // Nothing is live.
            ("A:success,inactive B:success,failure", &[1], &[1]),
            ("A:success,inactive B:success,inactive", &[2, 1], &[2, 1]),
            ("A:failure", &[], &[]),
            // Other tasks do not count.
            ("A:success/seed B:success,inactive C:success", &[2], &[2]),
            ("A:success,inactive B:success/seed C:success", &[1], &[1]),
            ("A:success,inactive B:success C:failure/seed", &[1], &[1]),
        ] {
            let expected = (commits.to_vec(), named.to_vec());
            assert_eq!(candidates(text), expected, "{text}");
        }
    }

    #[test]
    fn targets_are_counted_by_commit_and_named_by_id_or_sha() {
        let text =
            "A:success,inactive B:success,inactive B:success,inactive C:success,inactive D:success";
        let deployments = past(text);
        let found = find_candidates(&deployments, "deploy");
        let choose = |target| found.choose(&target).map(|one| one.id.0);
        for (steps, id) in [
            (1, Ok(4)),
            (2, Ok(3)),
            (3, Ok(1)),
            (4, Err(NoCandidate::NotFound)),
        ] {
            assert_eq!(choose(RollbackTarget::Back(steps)), id, "-{steps}");
        }
        for (id, result) in [(2, Ok(2)), (1, Ok(1)), (5, Err(NoCandidate::NotFound))] {
            assert_eq!(
                choose(RollbackTarget::Deployment(DeploymentId(id))),
                result,
                "{id}"
            );
        }
        let commit = |text: &str| choose(RollbackTarget::Commit(text.to_owned()));
        assert_eq!(commit(&sha_of("B")), Ok(3));
        assert_eq!(commit(&sha_of("A")[..8]), Ok(1));
        assert_eq!(commit("4"), Err(NoCandidate::Ambiguous));
        assert_eq!(commit(&sha_of("D")), Err(NoCandidate::NotFound));
    }

    fn word() -> impl Strategy<Value = String> {
        let states = prop::sample::select(vec![
            "success",
            "success,inactive",
            "failure",
            "error,inactive",
            "success,failure",
            "failure,success,inactive",
            "in_progress",
            "in_progress,inactive",
            "abandoned",
            "success/seed",
        ]);
        ("[A-D]", states).prop_map(|(commit, states)| format!("{commit}:{states}"))
    }

    proptest! {
        #[test]
        fn a_candidate_is_good_older_and_another_commit(
            words in prop::collection::vec(word(), 0..12)
        ) {
            let deployments = past(&words.join(" "));
            let live = find_live(&deployments, "deploy");
            let found = find_candidates(&deployments, "deploy");
            let has_newer = newer_than_live(&deployments, "deploy").next().is_some();
            for one in found.commits.iter().chain(&found.named) {
                prop_assert!(one.was_good() && one.task == "deploy");
                if let Some(live) = live {
                    prop_assert!(one.id < live.id || (one.id == live.id && has_newer));
                    prop_assert!(one.sha != live.sha || one.id == live.id);
                }
            }
            // Every commit is there once, and what is counted can be named.
            let mut shas: Vec<&str> = found.commits.iter().map(|one| one.sha.as_str()).collect();
            shas.sort_unstable();
            shas.dedup();
            prop_assert_eq!(shas.len(), found.commits.len());
            for one in &found.commits {
                prop_assert!(found.named.iter().any(|named| named.id == one.id));
            }
            // Nothing that is counted is newer than a success of the live commit.
            if let Some(live) = live {
                let successes = deployments
                    .iter()
                    .filter(|one| one.sha == live.sha && one.task == "deploy")
                    .filter(|one| one.first_success().is_some());
                let first = successes.map(|one| one.id).min().expect("the live one");
                for one in &found.commits {
                    prop_assert!(one.id < first || one.id == live.id);
                }
            }
        }

        #[test]
        fn older_deployments_only_add_candidates(
            words in prop::collection::vec(word(), 1..12),
            cut in 0..12_usize,
        ) {
            let deployments = past(&words.join(" "));
            let newest = &deployments[..deployments.len().min(cut)];
            let is_read = |live: &PastDeployment| {
                let same = deployments.iter().filter(|one| one.sha == live.sha);
                same.clone().count() == newest.iter().filter(|one| one.sha == live.sha).count()
            };
            // As far as the live commit was read back to its first deployment.
            if find_live(newest, "deploy").is_some_and(is_read) {
                let (some, all) = (
                    find_candidates(newest, "deploy"),
                    find_candidates(&deployments, "deploy"),
                );
                prop_assert!(all.commits.starts_with(&some.commits));
                prop_assert!(all.named.starts_with(&some.named));
            }
        }
    }
}
