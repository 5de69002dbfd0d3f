use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

/// The shortest interval between two heartbeats.
pub(super) const MIN_INTERVAL: Duration = Duration::from_secs(60);
/// The interval doubles after this many heartbeats.
const BEATS_PER_INTERVAL: u32 = 10;
const MAX_BEATS: u32 = 60;
/// The pause before an `in_progress` that could not be reported is retried.
const RETRY_INTERVAL: Duration = Duration::from_secs(15);

/// Reports repeatedly that a deployment is in progress.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Option<Duration>,
    /// Whether the first `in_progress` is not reported yet.
    is_start_unreported: Cell<bool>,
    is_stopped: Cell<bool>,
    stop: Notify,
}

impl Heartbeat {
    pub(super) fn new(interval: Option<Duration>, is_start_unreported: bool) -> Self {
        Self {
            interval,
            is_start_unreported: Cell::new(is_start_unreported),
            is_stopped: Cell::new(false),
            stop: Notify::new(),
        }
    }

    /// Sends heartbeats until it is stopped; one in flight is finished. `beat`
    /// returns whether the server has it.
    pub(super) async fn run<B: Future<Output = bool>>(&self, beat: impl Fn() -> B) {
        let mut count = 0;
        while let Some(pause) = self.pause(count) {
            tokio::select! {
                biased;
                () = self.stop.notified() => return,
                () = sleep(pause) => {}
            }
            let is_sent = beat().await;
            if is_sent {
                self.is_start_unreported.set(false);
                count += 1;
            }
            if self.is_stopped.get() {
                return;
            }
            if !is_sent && !self.is_start_unreported.get() {
                // A failed heartbeat is not retried before the next one.
                count += 1;
            }
        }
    }

    /// Prevents further heartbeats.
    pub(super) fn stop(&self) {
        self.is_stopped.set(true);
        self.stop.notify_one();
    }

    /// The pause before the next heartbeat; `None` if no more are sent.
    fn pause(&self, count: u32) -> Option<Duration> {
        if self.is_start_unreported.get() {
            return Some(RETRY_INTERVAL);
        }
        let interval = self.interval.filter(|_| count < MAX_BEATS)?;
        Some(interval.saturating_mul(1 << (count / BEATS_PER_INTERVAL)))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use tokio::time::Instant;

    use super::*;

    async fn beats_within(
        heartbeat: &Heartbeat,
        time: Duration,
        works: impl Fn(u64) -> bool,
    ) -> Vec<u64> {
        let began = Instant::now();
        let times = RefCell::new(Vec::new());
        let beat = || async {
            let now = began.elapsed().as_secs();
            times.borrow_mut().push(now);
            works(now)
        };
        let _ = tokio::time::timeout(time, heartbeat.run(beat)).await;
        times.into_inner()
    }

    #[tokio::test(start_paused = true)]
    async fn heartbeats_become_rarer_and_stop() {
        let heartbeat = Heartbeat::new(Some(MIN_INTERVAL), false);
        let times = beats_within(&heartbeat, Duration::from_secs(1000 * 3600), |_| true).await;
        assert_eq!(times.len(), MAX_BEATS as usize);
        assert_eq!(times[..3], [60, 120, 180]);
        assert_eq!(times[10] - times[9], 120);
        assert_eq!(times[59] - times[58], 60 * 32);
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_interval_only_an_overdue_report_is_sent() {
        let heartbeat = Heartbeat::new(None, false);
        let times = beats_within(&heartbeat, Duration::from_secs(9 * 3600), |_| true).await;
        assert_eq!(times, Vec::<u64>::new());
        let heartbeat = Heartbeat::new(None, true);
        let times = beats_within(&heartbeat, Duration::from_secs(9 * 3600), |now| now > 40).await;
        assert_eq!(times, [15, 30, 45]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_beat_under_way_is_finished_and_no_other_begins() {
        let heartbeat = Heartbeat::new(Some(MIN_INTERVAL), false);
        let done = Cell::new(0);
        let beat = || async {
            sleep(Duration::from_secs(5)).await;
            done.set(done.get() + 1);
            true
        };
        let stop = async {
            sleep(Duration::from_secs(62)).await;
            heartbeat.stop();
        };
        tokio::join!(heartbeat.run(beat), stop);
        assert_eq!(done.get(), 1);
        heartbeat.stop();
        heartbeat.run(beat).await;
        assert_eq!(done.get(), 1, "stopped before it began");
    }
}
