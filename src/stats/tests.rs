//! Hand-made histories with the exact figures that they have.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use proptest::prelude::*;

use super::live::{ChangeKind, live_changes, recoveries};
use super::*;
use crate::model::{CommitNode, StatusState, Timeline};

/// 2026-11-02, a Monday.
const START: i64 = 1_793_577_600;
const HOUR: i64 = 3600;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(START + hours * HOUR).expect("in range")
}

/// Two weeks from the start.
fn window() -> Window {
    Window {
        since: at(0),
        until: at(14 * 24),
    }
}

/// A deployment as `SHA@HOUR`, followed by `state+HOURS` since then.
fn timeline(text: &str) -> Timeline {
    let mut words = text.split(' ');
    let (sha, hour) = words
        .next()
        .and_then(|word| word.split_once('@'))
        .expect("a commit");
    let hour: i64 = hour.parse().expect("an hour");
    let mut statuses: Vec<(Timestamp, StatusState)> = words
        .map(|word| {
            let (state, later) = word.split_once('+').expect("a state");
            let later: i64 = later.parse().expect("an hour");
            (at(hour + later), StatusState::from_word(state))
        })
        .collect();
    statuses.reverse();
    Timeline::new("production".to_owned(), sha.to_owned(), at(hour), statuses)
}

fn history(texts: &[&str]) -> EnvironmentHistory {
    EnvironmentHistory {
        timelines: texts.iter().map(|text| timeline(text)).collect(),
        is_complete: true,
    }
}

fn compute(
    history: &EnvironmentHistory,
    commits: Option<&CommitGraph>,
    window: Window,
    by: PeriodLength,
) -> Figures {
    Samples::new(history, commits, window).into_figures(window, by)
}

/// Commits as `SHA@HOUR PARENT…`.
fn graph(texts: &[&str]) -> CommitGraph {
    let mut graph = CommitGraph::default();
    graph.add(texts.iter().map(|text| {
        let mut words = text.split(' ');
        let (sha, hour) = words
            .next()
            .and_then(|word| word.split_once('@'))
            .expect("a commit");
        CommitNode {
            sha: sha.to_owned(),
            committed_at: at(hour.parse().expect("an hour")),
            parents: words.map(str::to_owned).collect(),
        }
    }));
    graph
}

/// What a history is expected to be counted as. Times are in hours.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    /// In the three weeks that the window touches.
    per_week: [usize; 3],
    failed: (usize, usize),
    rollbacks: (usize, usize),
    recovery: Option<i64>,
    duration: Option<i64>,
    waiting: Option<i64>,
}

fn counted(history: &EnvironmentHistory) -> Expected {
    let figures = compute(history, None, window(), PeriodLength::Week);
    let hours = |seconds: Option<i64>| seconds.map(|seconds| seconds / HOUR);
    let mut per_week = [0; 3];
    for (place, period) in per_week.iter_mut().zip(&figures.frequency.periods) {
        *place = period.count;
    }
    assert_eq!(per_week.iter().sum::<usize>(), figures.frequency.count);
    let share = |(part, whole): (usize, usize)| {
        #[expect(clippy::cast_precision_loss)]
        (whole > 0).then(|| part as f64 / whole as f64)
    };
    let failed = (figures.failure_rate.failed, figures.failure_rate.ended);
    assert_eq!(figures.failure_rate.rate, share(failed));
    let change = &figures.change_failure_rate;
    let rollbacks = (change.rollbacks, change.changes);
    assert_eq!(change.rate, share(rollbacks));
    Expected {
        per_week,
        failed,
        rollbacks,
        recovery: hours(figures.recovery_time.median),
        duration: hours(figures.duration.median),
        waiting: hours(figures.waiting.median),
    }
}

/// Figures of several repositories are those of all their samples: a median is
/// not one of medians, and a rate not one of rates.
#[test]
fn the_samples_of_repositories_are_joined() {
    let one = history(&["a@0 success+1", "b@24 success+3", "a@48 success+2"]);
    let other = history(&["c@170 success+9", "d@180 failure+1"]);
    let commits = graph(&["a@0", "b@20 a", "c@160", "d@161 c"]);
    let joined = |commits: Option<&CommitGraph>| {
        let mut all = Samples::new(&one, Some(&graph(&["a@0", "b@20 a"])), window());
        all.add(Samples::new(&other, commits, window()));
        all.into_figures(window(), PeriodLength::Week)
    };
    let all = joined(Some(&commits));
    assert_eq!(all.frequency.count, 3);
    let per_week: Vec<usize> = all.frequency.periods.iter().map(|one| one.count).collect();
    assert_eq!(per_week, [2, 1, 0]);
    assert_eq!((all.failure_rate.failed, all.failure_rate.ended), (1, 5));
    let change = &all.change_failure_rate;
    assert_eq!((change.rollbacks, change.changes), (1, 3));
    // Durations of 1, 3, 2 and 9 hours.
    assert_eq!(all.duration.median, Some(2 * HOUR));
    assert_eq!(all.duration.p90, Some(9 * HOUR));
    let leads: Vec<Option<usize>> = [Some(&commits), None]
        .map(|commits| joined(commits).lead_time.commits)
        .to_vec();
    assert_eq!(leads, [Some(3), None]);
}

#[test]
fn histories_have_the_figures_that_were_counted_by_hand() {
    let week = 7 * 24;
    let second = format!("b@{week} success+1");
    let before = Expected::default;
    for (name, texts, expected) in [
        ("nothing", vec![], before()),
        (
            "one commit each week",
            vec!["a@0 success+3", &second],
            Expected {
                per_week: [1, 1, 0],
                failed: (0, 2),
                rollbacks: (0, 2),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "jobs of a matrix are one deployment of a commit, though three that ended",
            vec!["a@1 success+1", "a@1 success+2", "a@1 failure+2"],
            Expected {
                per_week: [1, 0, 0],
                failed: (1, 3),
                rollbacks: (0, 1),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "a deployment of the same commit again is no change",
            vec!["a@-9 success+1", "a@1 success+1"],
            Expected {
                per_week: [1, 0, 0],
                failed: (0, 1),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "a failure is no deployment, and a later inactive changes nothing",
            vec!["a@1 failure+1 inactive+2", "b@4 success+1 inactive+9"],
            Expected {
                per_week: [1, 0, 0],
                failed: (1, 2),
                rollbacks: (0, 1),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "the last of success and failure decides",
            vec!["a@1 failure+1 success+2", "b@4 success+1 error+9"],
            Expected {
                per_week: [2, 0, 0],
                failed: (1, 2),
                rollbacks: (0, 2),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "a rollback, and the recovery from what it undid",
            vec!["a@-9 success+1", "b@1 success+1", "a@6 success+1"],
            Expected {
                per_week: [2, 0, 0],
                failed: (0, 2),
                rollbacks: (1, 1),
                recovery: Some(5),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "a fix that is rolled back too is no recovery",
            vec![
                "a@0 success+0",
                "b@1 success+0",
                "c@3 success+0",
                "a@9 success+0",
            ],
            Expected {
                per_week: [3, 0, 0],
                failed: (0, 4),
                rollbacks: (1, 3),
                // 8 hours for b, 6 for c.
                recovery: Some(6),
                duration: Some(0),
                ..before()
            },
        ),
        (
            "going forward again after a rollback is no rollback",
            vec![
                "a@0 success+0",
                "b@1 success+0",
                "a@3 success+0",
                "b@9 success+0",
            ],
            Expected {
                per_week: [2, 0, 0],
                failed: (0, 4),
                rollbacks: (1, 2),
                recovery: Some(2),
                duration: Some(0),
                ..before()
            },
        ),
        (
            "a parallel job that ends late is no rollback",
            vec!["a@0 success+1", "a@0 success+9", "b@4 success+1"],
            Expected {
                per_week: [2, 0, 0],
                failed: (0, 3),
                rollbacks: (0, 2),
                duration: Some(1),
                ..before()
            },
        ),
        (
            "what waited before it succeeded counts when it succeeded",
            vec!["a@-48 waiting+1 queued+50 success+52"],
            Expected {
                per_week: [1, 0, 0],
                failed: (0, 1),
                rollbacks: (0, 1),
                duration: Some(52),
                waiting: Some(49),
                ..before()
            },
        ),
        (
            "what still waits, runs or ended outside the window does not count",
            vec![
                "a@-9 success+1",
                "b@1 waiting+1",
                "c@2 in_progress+1",
                "d@400 success+1",
            ],
            before(),
        ),
    ] {
        assert_eq!(counted(&history(&texts)), expected, "{name}");
    }
}

#[test]
fn frequency_counts_every_day_of_the_window() {
    let history = history(&["a@0 success+0", "b@30 success+0", "c@336 success+0"]);
    let figures = compute(&history, None, window(), PeriodLength::Day);
    assert_eq!(figures.frequency.count, 3);
    assert!((figures.frequency.per_day - 3.0 / 14.0).abs() < 1e-9);
    let counts: Vec<usize> = figures
        .frequency
        .periods
        .iter()
        .map(|one| one.count)
        .collect();
    // The window ends with the first second of the fifteenth day.
    assert_eq!(counts, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(figures.frequency.periods[0].start, at(0));
    let monthly = compute(&history, None, window(), PeriodLength::Month);
    assert_eq!(monthly.frequency.periods.len(), 1);
    assert_eq!(
        monthly.frequency.periods[0].start.to_string(),
        "2026-11-01T00:00:00Z"
    );
}

/// A line of commits with a merged branch: `a`, `b`, then `c` and `x` beside
/// each other, merged by `m`.
const MERGED: [&str; 5] = ["a@-20", "b@2 a", "c@5 b", "x@3 a", "m@6 c x"];

#[test]
fn a_commit_belongs_to_the_first_deployment_that_contains_it() {
    let graph = graph(&MERGED);
    for (texts, is_complete, leads) in [
        // b at 4; c, x and m at 10.
        (
            &["a@-9 success+0", "b@4 success+0", "m@10 success+0"][..],
            true,
            &[2, 4, 5, 7][..],
        ),
        // The deployment of b is later than the one of m, which contains it.
        (
            &["a@-9 success+0", "m@10 success+0", "b@12 success+0"],
            true,
            &[4, 5, 7, 8],
        ),
        // A deployment that failed contains nothing.
        (
            &["a@-9 success+0", "b@4 failure+0", "m@10 success+0"],
            true,
            &[4, 5, 7, 8],
        ),
        // Nothing was live before, so that the first commit counts too.
        (&["b@4 success+0"], true, &[2, 24]),
        // Unless that is not known.
        (&["b@4 success+0", "m@10 success+0"], false, &[4, 5, 7]),
        // The time is that of the first success.
        (
            &["a@-9 success+0", "b@4 success+1 inactive+5 success+9"],
            true,
            &[3],
        ),
    ] {
        let history = EnvironmentHistory {
            is_complete,
            ..history(texts)
        };
        let (heads, bases) = history.heads_and_bases(window());
        assert!(graph.is_complete(heads, bases), "{texts:?}");
        let lead = compute(&history, Some(&graph), window(), PeriodLength::Week).lead_time;
        assert_eq!(lead.commits, Some(leads.len()), "{texts:?}");
        let rank = |percent: usize| leads.get((leads.len() * percent).div_ceil(100) - 1);
        assert_eq!(lead.median, rank(50).map(|hours| hours * HOUR), "{texts:?}");
        assert_eq!(lead.p90, rank(90).map(|hours| hours * HOUR), "{texts:?}");
    }
}

#[test]
fn a_commit_from_the_future_is_left_out_and_unknown_commits_are_not_zero() {
    let history = history(&["b@4 success+0"]);
    let wrong_clock = graph(&["a@1", "b@9 a"]);
    let lead = |commits| {
        let figures = compute(&history, commits, window(), PeriodLength::Week);
        (figures.lead_time.median, figures.lead_time.commits)
    };
    assert_eq!(lead(Some(&wrong_clock)), (Some(3 * HOUR), Some(1)));
    assert_eq!(lead(None), (None, None));
    assert_eq!(lead(Some(&CommitGraph::default())), (None, Some(0)));
}

#[test]
fn a_graph_is_complete_when_it_reaches_what_was_live() {
    let part = graph(&["c@5 b", "x@3 a", "m@6 c x"]);
    // b is missing, unless it was live; a is, too, as its parent.
    assert!(!part.is_complete(["m"], ["a"]));
    assert!(!part.is_complete(["m"], ["b"]));
    assert!(part.is_complete(["m"], ["a", "b"]));
    assert!(graph(&MERGED).is_complete(["m"], []));
    assert!(!graph(&MERGED).is_complete(["other"], []));
}

#[test]
fn what_was_live_before_is_the_base_and_the_last_of_it_the_first() {
    let texts = [
        "a@-9 success+1",
        "b@-5 success+1",
        "b@1 success+1",
        "c@2 success+1",
        "d@3 success+1",
    ];
    let known = history(&texts);
    assert_eq!(
        known.heads_and_bases(window()),
        (vec!["d", "c"], vec!["b", "a"])
    );
    assert!(known.reaches_before(window()));
    let unknown = EnvironmentHistory {
        is_complete: false,
        ..history(&texts[3..])
    };
    assert_eq!(unknown.heads_and_bases(window()), (vec!["d"], vec!["c"]));
    assert!(!unknown.reaches_before(window()));
}

#[test]
fn the_page_escapes_every_text_and_loads_nothing() {
    let figures = compute(
        &history(&["a@1 success+1", "b@200 success+1"]),
        None,
        window(),
        PeriodLength::Week,
    );
    let hostile = "</h2><script src=\"https://x.example/a.js\">'&\u{202e}";
    let notes = [hostile.to_owned()];
    let environment = ReportedEnvironment {
        name: hostile.to_owned(),
        figures: &figures,
        notes: &notes,
    };
    let page = render(hostile, window(), PeriodLength::Week, &[environment]).expect("a page");
    assert!(!page.contains("<script"), "{page}");
    for loading in [
        "src=", "href=", "url(", "@import", "<link", "<iframe", "onload",
    ] {
        let own = page.replace("&lt;script src=", "");
        assert!(!own.contains(loading), "{loading}");
    }
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    assert!(page.contains("prefers-color-scheme: dark"));
    // Each bar has its number, so that no colour is needed.
    assert_eq!(page.matches("<rect ").count(), 2);
    assert_eq!(page.matches("<title>2026-11-").count(), 2);
    assert!(page.contains("2026-11-02 00:00 to 2026-11-16 00:00"));
    assert!(page.contains("weeks begin on Monday"));
    let empty = render("acme/shop", window(), PeriodLength::Day, &[]).expect("a page");
    assert!(empty.contains("Nothing was deployed.") && !empty.contains("Monday"));
}

#[test]
fn bars_stay_inside_the_chart() {
    let texts: Vec<String> = (0..40)
        .map(|n| format!("s{n}@{} success+0", n * n / 6))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let figures = compute(&history(&texts), None, window(), PeriodLength::Day);
    let environment = ReportedEnvironment {
        name: "production".to_owned(),
        figures: &figures,
        notes: &[],
    };
    let page = render("acme/shop", window(), PeriodLength::Day, &[environment]).expect("a page");
    let number = |rect: &str, name: &str| -> f64 {
        let (_, rest) = rect
            .split_once(&format!(" {name}=\""))
            .expect("an attribute");
        rest.split('"')
            .next()
            .and_then(|text| text.parse().ok())
            .expect("a number")
    };
    let mut highest: f64 = 0.0;
    for rect in page.split("<rect").skip(1) {
        let (x, y) = (number(rect, "x"), number(rect, "y"));
        let (width, height) = (number(rect, "width"), number(rect, "height"));
        assert!(x >= 0.0 && x + width <= 720.0 && y >= 0.0, "{rect}");
        assert!((y + height - 136.0).abs() < 0.02, "{rect}");
        highest = highest.max(height);
    }
    assert!(
        (highest - 120.0).abs() < 0.02,
        "the highest bar fills the chart"
    );
}

/// Random deployments of a few commits.
fn histories() -> impl Strategy<Value = Vec<Timeline>> {
    let states = prop::sample::select(vec!["success", "failure", "error", "inactive", "waiting"]);
    let statuses = prop::collection::vec((states, 0i64..30), 0..4);
    let one = (0usize..5, 0i64..20, statuses);
    prop::collection::vec(one, 0..25).prop_map(|deployments| {
        let mut hour = -100;
        let texts = deployments.into_iter().map(|(sha, pause, statuses)| {
            hour += pause;
            let statuses = statuses
                .iter()
                .map(|(state, later)| format!(" {state}+{later}"));
            format!("s{sha}@{hour}{}", statuses.collect::<String>())
        });
        texts.map(|text| timeline(&text)).collect()
    })
}

proptest! {
    #[test]
    fn figures_agree_with_each_other(timelines in histories()) {
        let changes = live_changes(&timelines);
        let shas: HashSet<&str> = changes.iter().map(|one| one.sha).collect();
        let new = changes.iter().filter(|one| one.kind == ChangeKind::New).count();
        prop_assert_eq!(new, shas.len(), "each commit is new once");
        prop_assert!(changes.windows(2).all(|pair| pair[0].sha != pair[1].sha));
        prop_assert!(changes.is_sorted_by_key(|one| one.at));
        let has_rollback = changes.iter().any(|one| one.kind == ChangeKind::Rollback);
        let recoveries = recoveries(&changes);
        prop_assert!(has_rollback || recoveries.is_empty());
        prop_assert!(recoveries.iter().all(|(_, seconds)| *seconds >= 0));

        let history = EnvironmentHistory { timelines, is_complete: true };
        for by in [PeriodLength::Day, PeriodLength::Week, PeriodLength::Month] {
            let figures = compute(&history, None, window(), by);
            let periods = figures.frequency.periods.iter().map(|one| one.count);
            prop_assert_eq!(periods.sum::<usize>(), figures.frequency.count);
            prop_assert!(figures.failure_rate.failed <= figures.failure_rate.ended);
            prop_assert!(figures.duration.median <= figures.duration.p90);
            prop_assert!(figures.waiting.median <= figures.waiting.p90);
            if figures.is_empty() {
                prop_assert_eq!(figures.change_failure_rate.changes, 0);
                prop_assert_eq!(figures.duration.median, None);
            }
        }
    }

    #[test]
    fn a_commit_has_one_lead_time_at_most(
        parents in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..3), 1..12),
        deployed in prop::collection::vec((any::<prop::sample::Index>(), 0i64..300), 0..8),
    ) {
        let mut graph = CommitGraph::default();
        let mut contained: Vec<HashSet<usize>> = Vec::new();
        for (index, parents) in parents.iter().enumerate() {
            let parents: Vec<usize> = if index == 0 {
                Vec::new()
            } else {
                parents.iter().map(|one| one.index(index)).collect()
            };
            let mut all: HashSet<usize> = HashSet::from([index]);
            for parent in &parents {
                all.extend(&contained[*parent]);
            }
            contained.push(all);
            graph.add([CommitNode {
                sha: format!("s{index}"),
                committed_at: at(-1),
                parents: parents.iter().map(|one| format!("s{one}")).collect(),
            }]);
        }
        let mut deployed: Vec<(i64, usize)> = deployed
            .iter()
            .map(|(commit, hour)| (*hour, commit.index(parents.len())))
            .collect();
        deployed.sort_unstable();
        let mut first: HashMap<usize, i64> = HashMap::new();
        for (hour, commit) in &deployed {
            for one in &contained[*commit] {
                first.entry(*one).or_insert(*hour);
            }
        }
        let texts: Vec<String> = deployed
            .iter()
            .map(|(hour, commit)| format!("s{commit}@{hour} success+0"))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let history = history(&texts);
        let lead = compute(&history, Some(&graph), window(), PeriodLength::Week).lead_time;
        let mut expected: Vec<i64> = first.values().map(|hour| (hour + 1) * HOUR).collect();
        expected.sort_unstable();
        prop_assert_eq!(lead.commits, Some(expected.len()));
        let middle = expected.len().div_ceil(2);
        let median = middle.checked_sub(1).and_then(|index| expected.get(index));
        prop_assert_eq!(lead.median.as_ref(), median);
    }
}
