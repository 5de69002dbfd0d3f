use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many refusals for one reason are logged per [`PERIOD`].
const MAX_LINES: u32 = 10;
const PERIOD: Duration = Duration::from_secs(60);

/// Limits how many refusals are logged, so that strangers cannot fill the log.
#[derive(Debug, Default)]
pub(super) struct RefusalLog(Mutex<BTreeMap<&'static str, Count>>);

#[derive(Debug)]
struct Count {
    since: Instant,
    lines: u32,
    not_logged: u64,
}

impl RefusalLog {
    /// Returns `None` if a refusal is not to be logged; otherwise how many for the
    /// same reason were left out since the last logged one.
    pub(super) fn count(&self, reason: &'static str, now: Instant) -> Option<u64> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(reason).or_insert(Count {
            since: now,
            lines: 0,
            not_logged: 0,
        });
        if now.duration_since(count.since) >= PERIOD {
            (count.since, count.lines) = (now, 0);
        }
        if count.lines == MAX_LINES {
            count.not_logged += 1;
            return None;
        }
        count.lines += 1;
        Some(std::mem::take(&mut count.not_logged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_a_kind_are_logged_and_the_others_counted() {
        let refused = RefusalLog::default();
        let now = Instant::now();
        let logged = (0..MAX_LINES + 5).filter_map(|_| refused.count("unsigned", now));
        assert_eq!(logged.collect::<Vec<_>>(), vec![0; MAX_LINES as usize]);
        assert_eq!(refused.count("signature", now), Some(0), "another reason");
        assert_eq!(refused.count("unsigned", now + PERIOD), Some(5));
        assert_eq!(refused.count("unsigned", now + PERIOD), Some(0));
    }
}
