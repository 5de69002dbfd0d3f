use proptest::prelude::*;

use super::*;

fn cost(writes: u32) -> Cost {
    Cost {
        points: if writes > 0 { 5 } else { 1 },
        writes,
        makes: 0,
        resource: Resource::Rest,
    }
}

#[derive(Clone, Debug)]
struct Sent {
    write: bool,
    /// Milliseconds before the request, until the server sees it, and until the
    /// response arrives.
    before: u64,
    there: u64,
    back: u64,
}

fn sent() -> impl Strategy<Value = Sent> {
    let network = || prop_oneof![3 => 0_u64..300, 1 => 0_u64..70_000];
    (any::<bool>(), 0_u64..50, network(), network()).prop_map(|(write, before, there, back)| Sent {
        write,
        before,
        there,
        back,
    })
}

/// Runs requests through the schedule, `at_once` at a time. Returns the times
/// in milliseconds at which the server counts them, with their points.
fn run(requests: &[Sent], at_once: usize, limit: u32) -> Vec<(u64, u32)> {
    let mut pace = Schedule::new(Some(PointsLimit(limit)));
    let mut now = Duration::ZERO;
    let mut under_way: Vec<(Duration, Cost)> = Vec::new();
    let mut counted = Vec::new();
    for request in requests {
        now += Duration::from_millis(request.before);
        let cost = cost(u32::from(request.write));
        loop {
            under_way.sort_by_key(|(end, _)| *end);
            while under_way.first().is_some_and(|(end, _)| *end <= now) {
                let (end, cost) = under_way.remove(0);
                pace.answered(cost, Duration::ZERO, true, end);
            }
            let next_end = under_way.first().map(|(end, _)| *end);
            if under_way.len() >= at_once {
                now = next_end.expect("some are under way");
                continue;
            }
            match pace.ask(cost, now, false) {
                Admission::Granted(_) => break,
                Admission::Window(at) => now = next_end.map_or(at, |end| end.min(at)),
                Admission::AfterResponse => now = next_end.expect("some are under way"),
                other => panic!("{other:?}"),
            }
        }
        let seen = now + Duration::from_millis(request.there);
        let millis = u64::try_from(seen.as_millis()).expect("short");
        counted.push((millis, cost.points));
        under_way.push((seen + Duration::from_millis(request.back), cost));
    }
    counted
}

fn most_in_a_minute(mut counted: Vec<(u64, u32)>) -> u32 {
    counted.sort_unstable();
    let mut most = 0;
    for (at, &(end, _)) in counted.iter().enumerate() {
        let within = counted[..=at]
            .iter()
            .filter(|(time, _)| time + 60_000 > end);
        most = most.max(within.map(|(_, points)| points).sum());
    }
    most
}

proptest! {
    #[test]
    fn no_minute_of_the_server_has_more_points_than_the_limit(
        requests in proptest::collection::vec(sent(), 1..400),
        at_once in 1_usize..20,
        limit in prop_oneof![Just(900_u32), 5_u32..200],
    ) {
        let counted = run(&requests, at_once, limit);
        prop_assert_eq!(counted.len(), requests.len());
        prop_assert!(most_in_a_minute(counted) <= limit);
    }

    #[test]
    fn no_time_is_wasted_on_a_quick_network(count in 1_usize..1200) {
        let quick = Sent { write: true, before: 0, there: 0, back: 0 };
        let counted = run(&vec![quick; count], 10, 900);
        let last = counted.last().expect("at least one").0;
        let least = least_time(count as u64 * 5, 0, Some(PointsLimit::GITHUB));
        prop_assert_eq!(Duration::from_millis(last), least);
    }
}

#[test]
fn the_measure_of_the_test_above_can_fail() {
    assert_eq!(most_in_a_minute(vec![(0, 5), (59_999, 5), (60_000, 5)]), 10);
}

#[test]
fn queries_have_points_of_their_own_and_graphql_no_more_than_it_has() {
    let query = Cost {
        resource: Resource::GraphQl,
        ..cost(0)
    };
    let mutation = Cost {
        resource: Resource::GraphQl,
        ..cost(1)
    };
    let mut pace = Schedule::new(Some(PointsLimit::GITHUB));
    let mut all = |cost: Cost| {
        let granted = |_: &u32| {
            let asked = pace.ask(cost, Duration::ZERO, false);
            let is_granted = matches!(asked, Admission::Granted(_));
            if is_granted {
                pace.answered(cost, Duration::ZERO, true, Duration::ZERO);
            }
            is_granted
        };
        let count = (0..10_000).take_while(granted).count();
        count * cost.points as usize
    };
    let points = all(mutation) + all(query);
    assert_eq!(points, 2000);
    assert_eq!(all(cost(0)), 0);
    assert_eq!(
        pace.ask(query, Duration::ZERO, false),
        Admission::Window(MINUTE)
    );
    assert_eq!(pace.spent(Duration::ZERO), 900);
}

#[test]
fn care_grows_with_each_event_and_not_with_each_answer() {
    let mut pace = Schedule::new(Some(PointsLimit::GITHUB));
    let mut now = Duration::ZERO;
    for _ in 0..10 {
        assert!(matches!(
            pace.ask(cost(1), now, false),
            Admission::Granted(_)
        ));
    }
    for number in 1..=10 {
        let other = Some(SecondaryLimit::Other);
        pace.limited(number, cost(1), other, Duration::from_secs(60));
        pace.answered(cost(1), now, false, now);
    }
    assert_eq!(pace.care, WriteCaution::OneByOne);
    now += MINUTE;
    let Admission::Granted(number) = pace.ask(cost(1), now, false) else {
        panic!("a minute is over");
    };
    assert_eq!(
        pace.ask(cost(1), now, false),
        Admission::Window(now + CAREFUL_GAP)
    );
    assert!(
        matches!(pace.ask(cost(0), now, false), Admission::Granted(_)),
        "reads are not delayed"
    );
    pace.limited(number, cost(1), Some(SecondaryLimit::Other), now);
    assert_eq!(pace.care, WriteCaution::ByTheHour);
    pace.limited(99, cost(1), None, now);
    assert_eq!(
        pace.care,
        WriteCaution::ByTheHour,
        "the hourly quota does not count"
    );
}

#[test]
fn by_the_hour_there_are_500_writes() {
    let mut pace = Schedule::new(None);
    pace.care = WriteCaution::ByTheHour;
    let mut now = Duration::ZERO;
    for _ in 0..500 {
        loop {
            match pace.ask(cost(1), now, false) {
                Admission::Granted(_) => break,
                Admission::Window(at) => now = at,
                other => panic!("{other:?}"),
            }
        }
        pace.answered(cost(1), now, true, now);
    }
    assert_eq!(now, Duration::from_secs(499));
    now += CAREFUL_GAP;
    assert_eq!(pace.ask(cost(1), now, false), Admission::Window(HOUR));
}

#[test]
fn the_least_time_is_that_of_performance_computed_by_hand() {
    let time = |points, spent| least_time(points, spent, Some(PointsLimit::GITHUB)).as_secs();
    assert_eq!(time(900, 0), 0);
    assert_eq!(time(901, 0), 60);
    assert_eq!(time(5_000, 0), 300);
    assert_eq!(time(10_000, 0), 660);
    assert_eq!(time(5, 900), 60);
    assert_eq!(time(0, 0), 0);
    assert_eq!(least_time(10_000, 0, None), Duration::ZERO);
}
