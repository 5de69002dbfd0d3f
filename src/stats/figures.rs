use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde::Serialize;

use super::lead_time::CommitGraph;
use super::live::{ChangeKind, live_changes, recoveries};
use super::percentile::nearest_rank;
use super::window::{PeriodLength, Window, midnight};
use crate::model::Timeline;

/// What stands for a change that failed, and for the recovery from it, which
/// deployments themselves do not tell.
const PROXY: &str = "rollbacks: a later success of an older SHA";

/// The deployments of an environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct EnvironmentHistory {
    /// Oldest first.
    pub(crate) timelines: Vec<Timeline>,
    /// Whether there are no older deployments.
    pub(crate) is_complete: bool,
}

/// The figures of an environment. Times are in seconds, rates are fractions, and
/// `None` stands where there is nothing to count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Figures {
    pub(crate) frequency: Frequency,
    pub(crate) lead_time: LeadTime,
    pub(crate) failure_rate: FailureRate,
    pub(crate) change_failure_rate: ChangeFailureRate,
    pub(crate) recovery_time: RecoveryTime,
    pub(crate) duration: Duration,
    pub(crate) waiting: Waiting,
}

/// How many commits were deployed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Frequency {
    pub(crate) count: usize,
    pub(crate) per_day: f64,
    pub(crate) periods: Vec<Period>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Period {
    pub(crate) start: Timestamp,
    pub(crate) count: usize,
}

/// From a commit to its first success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LeadTime {
    pub(crate) median: Option<i64>,
    pub(crate) p90: Option<i64>,
    /// `None` if the commits are not known.
    pub(crate) commits: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FailureRate {
    pub(crate) rate: Option<f64>,
    pub(crate) failed: usize,
    pub(crate) ended: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ChangeFailureRate {
    pub(crate) rate: Option<f64>,
    pub(crate) rollbacks: usize,
    pub(crate) changes: usize,
    pub(crate) proxy: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RecoveryTime {
    pub(crate) median: Option<i64>,
    pub(crate) count: usize,
    pub(crate) proxy: &'static str,
}

/// From the request to the success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Duration {
    pub(crate) median: Option<i64>,
    pub(crate) p90: Option<i64>,
}

/// How long deployments waited at gates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Waiting {
    pub(crate) median: Option<i64>,
    pub(crate) p90: Option<i64>,
    pub(crate) count: usize,
}

/// What the figures of one or more environments are computed from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples {
    /// When each commit first succeeded in the window, in each environment.
    deployed: Vec<Timestamp>,
    /// `None` if the commits of an environment are not known.
    lead_times: Option<Vec<i64>>,
    failed: usize,
    ended: usize,
    rollbacks: usize,
    changes: usize,
    recoveries: Vec<i64>,
    durations: Vec<i64>,
    waits: Vec<i64>,
}

impl Samples {
    /// What happened in an environment within the window. Without `commits` the
    /// lead time is unknown.
    pub(crate) fn new(
        history: &EnvironmentHistory,
        commits: Option<&CommitGraph>,
        window: Window,
    ) -> Self {
        let timelines = &history.timelines;
        let ends = timelines.iter().filter_map(Timeline::end);
        let ends: Vec<bool> = ends
            .filter(|(time, _)| window.contains(*time))
            .map(|(_, has_failed)| has_failed)
            .collect();
        let changes = live_changes(timelines);
        let count_changes = |kind| {
            let changes = changes.iter().filter(|change| window.contains(change.at));
            changes.filter(|change| change.kind == kind).count()
        };
        let duration = |one: &Timeline| {
            let success = one.success().filter(|time| window.contains(*time))?;
            Some((success.as_second() - one.created_at.as_second()).max(0))
        };
        let wait = |one: &Timeline| {
            let (_, length) = one.waited().filter(|(time, _)| window.contains(*time))?;
            Some(length.as_secs())
        };
        Self {
            deployed: first_successes(timelines, window),
            lead_times: commits
                .map(|commits| commits.lead_times(&history.successes(window), window)),
            failed: ends.iter().filter(|has_failed| **has_failed).count(),
            ended: ends.len(),
            rollbacks: count_changes(ChangeKind::Rollback),
            changes: count_changes(ChangeKind::New),
            recoveries: recoveries(&changes)
                .into_iter()
                .filter(|(time, _)| window.contains(*time))
                .map(|(_, length)| length)
                .collect(),
            durations: timelines.iter().filter_map(duration).collect(),
            waits: timelines.iter().filter_map(wait).collect(),
        }
    }

    /// Adds what happened in the same window in an environment of another
    /// repository.
    pub(crate) fn add(&mut self, other: Self) {
        self.deployed.extend(other.deployed);
        self.lead_times = match (self.lead_times.take(), other.lead_times) {
            (Some(mut all), Some(more)) => {
                all.extend(more);
                Some(all)
            }
            _ => None,
        };
        self.failed += other.failed;
        self.ended += other.ended;
        self.rollbacks += other.rollbacks;
        self.changes += other.changes;
        self.recoveries.extend(other.recoveries);
        self.durations.extend(other.durations);
        self.waits.extend(other.waits);
    }

    pub(crate) fn into_figures(self, window: Window, by: PeriodLength) -> Figures {
        let lead_times = self.lead_times.map(sorted);
        let recoveries = sorted(self.recoveries);
        let durations = sorted(self.durations);
        let waits = sorted(self.waits);
        Figures {
            frequency: Frequency::new(&self.deployed, window, by),
            lead_time: LeadTime {
                median: lead_times.as_deref().and_then(median),
                p90: lead_times.as_deref().and_then(p90),
                commits: lead_times.as_ref().map(Vec::len),
            },
            failure_rate: FailureRate {
                rate: share(self.failed, self.ended),
                failed: self.failed,
                ended: self.ended,
            },
            change_failure_rate: ChangeFailureRate {
                rate: share(self.rollbacks, self.changes),
                rollbacks: self.rollbacks,
                changes: self.changes,
                proxy: PROXY,
            },
            recovery_time: RecoveryTime {
                median: median(&recoveries),
                count: recoveries.len(),
                proxy: PROXY,
            },
            duration: Duration {
                median: median(&durations),
                p90: p90(&durations),
            },
            waiting: Waiting {
                median: median(&waits),
                p90: p90(&waits),
                count: waits.len(),
            },
        }
    }
}

impl Figures {
    /// Whether nothing happened in the window.
    pub(crate) fn is_empty(&self) -> bool {
        self.frequency.count == 0 && self.failure_rate.ended == 0 && self.waiting.count == 0
    }
}

impl EnvironmentHistory {
    /// The first successes in the order of time. If the beginning is not known,
    /// nor anything from before the window, the first one stands for what was
    /// live before it.
    fn successes(&self, window: Window) -> Vec<(Timestamp, &str)> {
        let successes = self.timelines.iter();
        let mut successes: Vec<(Timestamp, &str)> = successes
            .filter_map(|one| Some((one.success()?, one.sha.as_str())))
            .collect();
        successes.sort_unstable();
        if let Some((time, _)) = successes.first_mut()
            && !self.is_complete
            && *time >= window.since
        {
            *time = Timestamp::MIN;
        }
        successes
    }

    /// Whether it is known what was live before the window, or that nothing was.
    pub(crate) fn reaches_before(&self, window: Window) -> bool {
        let mut successes = self.timelines.iter().filter_map(Timeline::success);
        self.is_complete || successes.any(|time| time < window.since)
    }

    /// The commits that succeeded in the window but not before it, the newest
    /// first, and those before it, of which the first is the last to succeed.
    pub(crate) fn heads_and_bases(&self, window: Window) -> (Vec<&str>, Vec<&str>) {
        let (mut heads, mut bases) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        let successes = self.successes(window);
        for (_, sha) in successes
            .iter()
            .rev()
            .filter(|(time, _)| *time < window.since)
        {
            if seen.insert(*sha) {
                bases.push(*sha);
            }
        }
        for (_, sha) in successes
            .iter()
            .rev()
            .filter(|(time, _)| window.contains(*time))
        {
            if seen.insert(*sha) {
                heads.push(*sha);
            }
        }
        (heads, bases)
    }
}

impl Frequency {
    fn new(deployed: &[Timestamp], window: Window, by: PeriodLength) -> Self {
        let mut counts = BTreeMap::new();
        for start in window.periods(by) {
            counts.insert(start, 0_usize);
        }
        for time in deployed {
            *counts.entry(by.start_of(*time)).or_default() += 1;
        }
        let count = deployed.len();
        Self {
            count,
            per_day: ratio(count, window.days().max(f64::MIN_POSITIVE)),
            periods: counts
                .into_iter()
                .map(|(start, count)| Period {
                    start: midnight(start),
                    count,
                })
                .collect(),
        }
    }
}

/// When each commit first succeeded in the window.
fn first_successes(timelines: &[Timeline], window: Window) -> Vec<Timestamp> {
    let mut first: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for one in timelines {
        if let Some(time) = one.success().filter(|time| window.contains(*time)) {
            let known = first.entry(&one.sha).or_insert(time);
            *known = time.min(*known);
        }
    }
    first.into_values().collect()
}

fn sorted(mut values: Vec<i64>) -> Vec<i64> {
    values.sort_unstable();
    values
}

fn median(sorted: &[i64]) -> Option<i64> {
    nearest_rank(sorted, 50)
}

fn p90(sorted: &[i64]) -> Option<i64> {
    nearest_rank(sorted, 90)
}

fn share(part: usize, whole: usize) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    (whole > 0).then(|| ratio(part, whole as f64))
}

fn ratio(part: usize, whole: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let part = part as f64;
    part / whole
}
