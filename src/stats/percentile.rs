/// The value of nearest rank: the smallest one that at least `percent` of all
/// values do not exceed. `None` without values.
pub(super) fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranks_are_those_of_the_definition() {
        let values = [15, 20, 35, 40, 50];
        for (percent, value) in [(5, 15), (30, 20), (40, 20), (50, 35), (90, 50), (100, 50)] {
            assert_eq!(nearest_rank(&values, percent), Some(value), "{percent}");
        }
        assert_eq!(nearest_rank(&[1, 2], 50), Some(1));
        assert_eq!(nearest_rank(&[7], 90), Some(7));
        assert_eq!(nearest_rank(&[], 50), None);
    }

    proptest! {
        #[test]
        fn it_is_the_smallest_value_that_enough_do_not_exceed(
            mut values in prop::collection::vec(-1000i64..1000, 1..60),
            percent in 1usize..=100,
        ) {
            values.sort_unstable();
            let found = nearest_rank(&values, percent).expect("a value");
            let up_to = |limit: i64| values.iter().filter(|value| **value <= limit).count();
            prop_assert!(up_to(found) * 100 >= percent * values.len());
            let smaller = values.iter().copied().filter(|value| *value < found).max();
            if let Some(smaller) = smaller {
                prop_assert!(up_to(smaller) * 100 < percent * values.len());
            }
        }
    }
}
