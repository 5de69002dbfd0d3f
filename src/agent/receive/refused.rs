use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many refusals for one reason are logged in one [`PERIOD`].
const LINES: u32 = 10;
const PERIOD: Duration = Duration::from_secs(60);

/// How often refusals were logged lately: strangers must not fill the log.
#[derive(Debug, Default)]
pub(super) struct Refused(Mutex<BTreeMap<&'static str, Lately>>);

#[derive(Debug)]
struct Lately {
    since: Instant,
    lines: u32,
    not_logged: u64,
}

impl Refused {
    /// Whether a refusal is to be logged; then with the number of those for the
    /// same reason that were not since the last one that was.
    pub(super) fn count(&self, reason: &'static str, now: Instant) -> Option<u64> {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = refused.entry(reason).or_insert(Lately {
            since: now,
            lines: 0,
            not_logged: 0,
        });
        if now.duration_since(lately.since) >= PERIOD {
            (lately.since, lately.lines) = (now, 0);
        }
        if lately.lines == LINES {
            lately.not_logged += 1;
            return None;
        }
        lately.lines += 1;
        Some(std::mem::take(&mut lately.not_logged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_a_kind_are_logged_and_the_others_counted() {
        let refused = Refused::default();
        let now = Instant::now();
        let logged = (0..LINES + 5).filter_map(|_| refused.count("unsigned", now));
        assert_eq!(logged.collect::<Vec<_>>(), vec![0; LINES as usize]);
        assert_eq!(refused.count("signature", now), Some(0), "another reason");
        assert_eq!(refused.count("unsigned", now + PERIOD), Some(5));
        assert_eq!(refused.count("unsigned", now + PERIOD), Some(0));
    }
}
