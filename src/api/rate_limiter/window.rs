use std::collections::VecDeque;
use std::time::Duration;

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);

/// Points in a sliding window.
#[derive(Debug)]
pub(super) struct Window {
    length: Duration,
    settled: VecDeque<(Duration, u32)>,
    settled_sum: u32,
    under_way: u32,
}

impl Window {
    pub(super) fn new(length: Duration) -> Self {
        Self {
            length,
            settled: VecDeque::new(),
            settled_sum: 0,
            under_way: 0,
        }
    }

    pub(super) fn forget(&mut self, now: Duration) {
        while let Some(&(time, points)) = self.settled.front() {
            if time + self.length > now {
                break;
            }
            self.settled.pop_front();
            self.settled_sum -= points;
        }
    }

    pub(super) fn spent(&self) -> u32 {
        self.settled_sum + self.under_way
    }

    /// When there is room for `points`; `None` if a response has to arrive
    /// first.
    pub(super) fn room(&self, points: u32, limit: u32) -> Option<Duration> {
        let mut over = (self.spent() + points).saturating_sub(limit);
        // A request above the limit is sent alone.
        if over == 0 || self.spent() == 0 {
            return Some(Duration::ZERO);
        }
        for &(time, points) in &self.settled {
            over = over.saturating_sub(points);
            if over == 0 {
                return Some(time + self.length);
            }
        }
        None
    }

    /// The points of requests with a response, and when it arrived.
    pub(super) fn settled(&self) -> impl Iterator<Item = (Duration, u32)> + '_ {
        self.settled.iter().copied()
    }

    pub(super) fn begin(&mut self, points: u32) {
        self.under_way += points;
    }

    pub(super) fn settle(&mut self, points: u32, now: Duration) {
        self.under_way -= points;
        self.settled_sum += points;
        match self.settled.back_mut() {
            Some((time, sum)) if *time == now => *sum += points,
            _ => self.settled.push_back((now, points)),
        }
    }
}
