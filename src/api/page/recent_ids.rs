use std::collections::{HashSet, VecDeque};

/// How many IDs are remembered, to recognize items that appear on a later page
/// again. Items that are created while a list is read shift the rest of it, but
/// not by this many.
const REMEMBERED: usize = 10_000;

/// The most recent IDs of a list.
#[derive(Debug, Default)]
pub(super) struct RecentIds {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl RecentIds {
    /// Adds an ID. Returns whether it is new.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        if !self.known.insert(number) {
            return false;
        }
        self.order.push_back(number);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_ids_are_recognized_and_memory_is_bounded() {
        let mut recent = RecentIds::default();
        assert!(recent.insert(1));
        assert!(!recent.insert(1));
        let most = REMEMBERED as u64;
        assert!((2..=most).all(|number| recent.insert(number)));
        assert!(!recent.insert(1), "the whole of it is known");
        assert!(recent.insert(most + 1));
        assert!(recent.insert(1), "it was forgotten");
        assert_eq!(recent.known.len(), REMEMBERED);
        assert_eq!(recent.order.len(), REMEMBERED);
    }
}
