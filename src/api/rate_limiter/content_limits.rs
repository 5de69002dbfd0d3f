//! The limits of created content: 80 objects per minute and 500 per hour.
//! GitHub does not say what counts as content, so this finds out whether
//! deployments and statuses do: keeping to 80 per minute without need would
//! turn five minutes into an hour.
//!
//! Up to a limit, requests are sent without delay. Beyond it, they are sent one
//! at a time, so that a server that enforces the limit rejects only one
//! request; from then on, both limits are kept. A server that has accepted
//! twice as much as a limit allows, which is impossible however it counts
//! minutes, does not enforce it, and requests are sent without delay again.

use std::collections::VecDeque;
use std::time::Duration;

use super::window::{HOUR, MINUTE, Window};

/// How many objects GitHub lets a user create in a minute and in an hour,
/// including those created on the web site.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>.
const LIMITS: [(Duration, u32); 2] = [(MINUTE, 80), (HOUR, 500)];

/// Requests must have been sent this much less than a minute, or an hour, ago
/// to count as a proof: servers count in whole seconds.
const MARGIN: Duration = Duration::from_secs(2);

/// The created objects, and what is known about the limits.
#[derive(Debug)]
pub(super) struct Content {
    rules: [Rule; 2],
    under_way: u32,
}

#[derive(Debug)]
struct Rule {
    length: Duration,
    most: u32,
    known: Known,
    window: Window,
    /// When the requests were sent that the server certainly counts.
    accepted: VecDeque<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It is unknown whether the server enforces it.
    Unsure,
    Kept,
    Absent,
}

/// Whether objects may be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    Now,
    At(Duration),
    AfterResponse,
}

impl Content {
    pub(super) fn new() -> Self {
        let rule = |(length, most)| Rule {
            length,
            most,
            known: Known::Unsure,
            window: Window::new(length),
            accepted: VecDeque::new(),
        };
        Self {
            rules: LIMITS.map(rule),
            under_way: 0,
        }
    }

    /// Whether this many objects may be created now.
    pub(super) fn room(&mut self, makes: u32, now: Duration) -> Room {
        let mut room = Room::Now;
        for rule in &mut self.rules {
            rule.window.forget(now);
            let free = match rule.window.room(makes, rule.most) {
                Some(at) if at > now => Room::At(at),
                Some(_) => continue,
                None => Room::AfterResponse,
            };
            match (rule.known, room, free) {
                (Known::Absent, ..) => {}
                (Known::Unsure, ..) if self.under_way == 0 => {}
                (Known::Unsure, ..) | (Known::Kept, _, Room::AfterResponse) => {
                    return Room::AfterResponse;
                }
                (Known::Kept, Room::At(one), Room::At(other)) => room = Room::At(one.max(other)),
                (Known::Kept, ..) => room = free,
            }
        }
        room
    }

    pub(super) fn begin(&mut self, makes: u32) {
        self.under_way += makes;
        for rule in &mut self.rules {
            rule.window.begin(makes);
        }
    }

    /// Notes that a request that was sent at `sent` has got its response.
    pub(super) fn settle(&mut self, makes: u32, sent: Duration, accepted: bool, now: Duration) {
        if makes == 0 {
            return;
        }
        self.under_way = self.under_way.saturating_sub(makes);
        for rule in &mut self.rules {
            rule.window.settle(makes, now);
            if accepted && rule.known == Known::Unsure {
                rule.prove(makes, sent, now);
            }
        }
    }

    /// What was created in the last hour, and whether the limits are enforced.
    pub(super) fn past(&self) -> (Vec<(Duration, u32)>, bool) {
        let hour = &self.rules[1];
        (hour.window.settled().collect(), hour.known == Known::Kept)
    }

    /// Adds what was created before this client.
    pub(super) fn remember(&mut self, made: &[(Duration, u32)]) {
        for rule in &mut self.rules {
            for &(time, count) in made {
                rule.window.begin(count);
                rule.window.settle(count, time);
            }
        }
    }

    /// Notes that the server has rejected a request because too much was
    /// created. Returns whether that is new.
    pub(super) fn keep(&mut self) -> bool {
        let is_news = self.rules.iter().any(|rule| rule.known != Known::Kept);
        for rule in &mut self.rules {
            rule.known = Known::Kept;
            rule.accepted = VecDeque::new();
        }
        is_news
    }
}

impl Rule {
    fn prove(&mut self, makes: u32, sent: Duration, now: Duration) {
        self.accepted
            .extend(std::iter::repeat_n(sent, makes as usize));
        let since = (now + MARGIN).saturating_sub(self.length);
        self.accepted.retain(|sent| *sent >= since);
        if self.accepted.len() > 2 * self.most as usize {
            self.known = Known::Absent;
            self.accepted = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that enforces the given limits.
    struct Server {
        limits: Vec<(Duration, u32)>,
        made: Vec<Duration>,
    }

    impl Server {
        fn takes(&mut self, now: Duration) -> Result<(), Duration> {
            for (length, most) in &self.limits {
                let recent = self.made.iter().filter(|made| **made + *length > now);
                if recent.clone().count() >= *most as usize {
                    let oldest = recent.min().expect("some");
                    return Err(*oldest + *length);
                }
            }
            self.made.push(now);
            Ok(())
        }
    }

    /// Sends `count` requests, ten at a time, that take `latency` each. Returns
    /// the number of refusals and the total time.
    fn run(count: u32, latency: Duration, limits: &[(Duration, u32)]) -> (u32, Duration) {
        let mut content = Content::new();
        let mut server = Server {
            limits: limits.to_vec(),
            made: Vec::new(),
        };
        let (mut left, mut refused, mut now) = (count, 0, Duration::ZERO);
        let mut reported = Duration::ZERO;
        let mut under_way: VecDeque<(Duration, Result<(), Duration>)> = VecDeque::new();
        loop {
            let next_answer = under_way.front().map(|(sent, _)| *sent + latency);
            let room = if left == 0 || under_way.len() == 10 {
                Room::AfterResponse
            } else if reported > now {
                Room::At(reported)
            } else {
                content.room(1, now)
            };
            match (room, next_answer) {
                (Room::Now, _) => {
                    content.begin(1);
                    left -= 1;
                    under_way.push_back((now, server.takes(now)));
                    continue;
                }
                (Room::At(at), Some(response)) if at < response => {
                    now = at;
                    continue;
                }
                (Room::At(at), None) => {
                    now = at;
                    continue;
                }
                (Room::AfterResponse, None) => return (refused, now),
                (_, Some(response)) => now = response,
            }
            let (sent, taken) = under_way.pop_front().expect("one is under way");
            content.settle(1, sent, taken.is_ok(), now);
            if let Err(until) = taken {
                refused += 1;
                left += 1;
                reported = until;
                content.keep();
            }
        }
    }

    const QUICK: Duration = Duration::from_millis(20);
    const USUAL: Duration = Duration::from_millis(250);

    #[test]
    fn a_server_that_keeps_the_limits_refuses_once() {
        for latency in [QUICK, USUAL, Duration::from_secs(3)] {
            for (limits, count) in [
                (&LIMITS[..], 400),
                (&LIMITS[..], 1300),
                (&LIMITS[..1], 400),
                (&LIMITS[1..], 700),
            ] {
                let (refused, _) = run(count, latency, limits);
                assert!(refused <= 1, "{refused} {latency:?} {limits:?}");
            }
        }
        let (refused, took) = run(400, QUICK, &LIMITS);
        assert_eq!(refused, 1, "one refusal reveals the limit");
        let minutes = took.as_secs() / 60;
        assert_eq!(minutes, 4, "80 in each minute: {took:?}");
    }

    #[test]
    fn within_the_limits_nothing_waits() {
        assert_eq!(run(80, USUAL, &LIMITS), (0, USUAL * 8));
    }

    #[test]
    fn a_server_that_does_not_keep_them_is_not_slowed_down_for_long() {
        let (refused, took) = run(1500, USUAL, &[]);
        assert_eq!(refused, 0);
        // Requests 81 to 161 are sent one at a time, and so are 501 to 1,001.
        let alone = USUAL * (81 + 501);
        let together = USUAL * (1500 - 81 - 501) / 10;
        assert!(took <= alone + together + USUAL * 4, "{took:?}");
    }
}
