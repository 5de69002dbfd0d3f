use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::Timeline;

/// A moment at which another commit went live in an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LiveChange<'a> {
    pub(super) at: Timestamp,
    pub(super) sha: &'a str,
    pub(super) kind: ChangeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangeKind {
    /// The commit was not live before.
    New,
    /// The commit was live before the one that it replaces was.
    Rollback,
    /// The commit was live before, but the one that it replaces is older.
    Again,
}

/// What went live, in the order of time. `timelines` are those of one
/// environment, oldest first.
///
/// A success of the commit that is live is no change. A deployment that
/// succeeds after a newer one, as parallel jobs do, does not replace it.
pub(super) fn live_changes(timelines: &[Timeline]) -> Vec<LiveChange<'_>> {
    let mut successes: Vec<(Timestamp, usize, &str)> = timelines
        .iter()
        .enumerate()
        .filter_map(|(index, one)| Some((one.success()?, index, one.sha.as_str())))
        .collect();
    successes.sort_unstable();
    let mut first_seen: HashMap<&str, usize> = HashMap::new();
    let mut changes: Vec<LiveChange> = Vec::new();
    let mut newest = None;
    for (at, index, sha) in successes {
        if newest.is_some_and(|newest| index < newest) {
            continue;
        }
        newest = Some(index);
        let current = changes.last().map(|change| change.sha);
        if current == Some(sha) {
            continue;
        }
        let rank = first_seen.len();
        let replaced = current.and_then(|sha| first_seen.get(sha).copied());
        let kind = match (first_seen.get(sha), replaced) {
            (Some(own), Some(replaced)) if *own < replaced => ChangeKind::Rollback,
            (Some(_), _) => ChangeKind::Again,
            (None, _) => ChangeKind::New,
        };
        first_seen.entry(sha).or_insert(rank);
        changes.push(LiveChange { at, sha, kind });
    }
    changes
}

/// For each bad success the time of the recovery, and how long it took.
///
/// A success is bad if a rollback undid it; the recovery is the next good
/// success of another commit.
pub(super) fn recoveries(changes: &[LiveChange<'_>]) -> Vec<(Timestamp, i64)> {
    let mut is_bad = vec![false; changes.len()];
    for (index, change) in changes.iter().enumerate() {
        if change.kind != ChangeKind::Rollback {
            continue;
        }
        let before = changes[..index].iter();
        if let Some(target) = before.clone().rposition(|one| one.sha == change.sha) {
            is_bad[target + 1..index].fill(true);
        }
    }
    let bad = changes
        .iter()
        .enumerate()
        .filter(|(index, _)| is_bad[*index]);
    bad.filter_map(|(index, bad)| {
        let mut later = changes.iter().enumerate().skip(index + 1);
        let (_, good) = later.find(|(index, one)| !is_bad[*index] && one.sha != bad.sha)?;
        Some((good.at, good.at.as_second() - bad.at.as_second()))
    })
    .collect()
}
