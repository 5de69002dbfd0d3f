const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['.', ':', '-', '=', '+', '*', '#', '@'];

/// A character for each count, as high as its share of the largest one.
pub(crate) fn sparkline(counts: &[usize], most: usize, is_unicode: bool) -> String {
    let (levels, nothing) = if is_unicode {
        (BLOCKS, '·')
    } else {
        (ASCII, '_')
    };
    let level = |count: &usize| match *count {
        0 => nothing,
        count => {
            let step = (count * levels.len()).div_ceil(most.max(1));
            levels[step.clamp(1, levels.len()) - 1]
        }
    };
    counts.iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bars_are_as_high_as_their_share() {
        assert_eq!(sparkline(&[0, 1, 4, 8], 8, true), "·▁▄█");
        assert_eq!(sparkline(&[0, 1, 4, 8], 8, false), "_.=@");
        assert_eq!(sparkline(&[1], 1, true), "█");
        assert_eq!(sparkline(&[], 0, true), "");
    }

    proptest! {
        #[test]
        fn a_larger_count_is_never_lower(counts in prop::collection::vec(0usize..1000, 1..40)) {
            let most = counts.iter().copied().max().unwrap_or_default();
            let bars: Vec<char> = sparkline(&counts, most, true).chars().collect();
            prop_assert_eq!(bars.len(), counts.len());
            for (one, bar) in counts.iter().zip(&bars) {
                for (other, higher) in counts.iter().zip(&bars) {
                    prop_assert!(one > other || *one == 0 || bar <= higher);
                }
                prop_assert_eq!(*one == 0, *bar == '·');
            }
        }
    }
}
