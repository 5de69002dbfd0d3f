use std::collections::HashMap;

use crate::output::Record;

/// A record of a list that is watched.
pub(crate) trait WatchedRecord: Record + Clone {
    /// Identifies it in later lists.
    fn key(&self) -> String;

    /// Whether it is printed again, given how it was printed before.
    fn has_changed(&self, before: &Self) -> bool;

    /// What is printed when it is no longer listed.
    fn ended(&self) -> Option<Self>;
}

/// What is new in a list, has changed or is no longer there, given the list
/// before. Lists are newest first, and changes oldest first.
pub(super) fn changes<R: WatchedRecord>(before: &[R], now: &[R]) -> Vec<R> {
    let mut known: HashMap<String, &R> = before.iter().map(|one| (one.key(), one)).collect();
    let mut changes = Vec::new();
    for record in now.iter().rev() {
        let is_same = known
            .remove(&record.key())
            .is_some_and(|before| !record.has_changed(before));
        if !is_same {
            changes.push(record.clone());
        }
    }
    let gone = before.iter().rev();
    let gone = gone.filter(|record| known.contains_key(&record.key()));
    changes.extend(gone.filter_map(WatchedRecord::ended));
    changes
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    struct Item {
        name: &'static str,
        state: &'static str,
        age: u32,
    }

    impl Record for Item {
        const FIELDS: &'static [&'static str] = &["name", "state", "age"];
    }

    impl WatchedRecord for Item {
        fn key(&self) -> String {
            self.name.to_owned()
        }

        fn has_changed(&self, before: &Self) -> bool {
            self.state != before.state
        }

        fn ended(&self) -> Option<Self> {
            (self.state != "kept").then(|| Self {
                state: "deleted",
                ..self.clone()
            })
        }
    }

    fn list(items: &[(&'static str, &'static str)], age: u32) -> Vec<Item> {
        let items = items.iter();
        items
            .map(|&(name, state)| Item { name, state, age })
            .collect()
    }

    #[test]
    fn each_change_is_found_once_and_oldest_first() {
        let before = list(
            &[("c", "active"), ("b", "failure"), ("a", "kept"), ("z", "x")],
            1,
        );
        let now = list(&[("d", "queued"), ("c", "inactive"), ("b", "failure")], 2);
        let found: Vec<(&str, &str)> = changes(&before, &now)
            .into_iter()
            .map(|item| (item.name, item.state))
            .collect();
        assert_eq!(
            found,
            [("c", "inactive"), ("d", "queued"), ("z", "deleted")]
        );
        assert_eq!(changes(&now, &now), Vec::new());
        assert_eq!(changes(&[], &now).len(), 3);
    }
}
