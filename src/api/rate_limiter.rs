//! Delays requests so that no rate limit is exceeded.

mod content_limits;
mod schedule;
mod usage;
mod window;

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::rate::{Limit, PointsLimit, Quota};
use super::{ApiError, RateLimited};
use schedule::{Admission, Schedule, SecondaryLimit};

pub(super) use schedule::least_time;
pub(super) use schedule::{Cost, Resource};
pub(crate) use usage::RateUsage;

/// Time zero is this long before the client was created, so that earlier
/// requests have a time too.
const BEFORE: Duration = Duration::from_secs(2 * 3600);

/// Admits requests in the order in which they arrive, each as soon as the
/// limits have room for it.
pub(super) struct RateLimiter {
    began: Instant,
    state: Mutex<State>,
    /// Held by the request whose turn it is, so that cheap requests do not
    /// overtake expensive ones forever.
    turn: tokio::sync::Mutex<()>,
    changed: Notify,
    stopped: watch::Sender<bool>,
}

struct State {
    schedule: Schedule,
    /// The last rate limit that the server reported, by resource.
    reported: [Option<RateLimited>; 2],
}

/// The permit to send one request. It counts until it is dropped, and for one
/// minute after that.
pub(super) struct Permit<'a> {
    rate_limiter: &'a RateLimiter,
    cost: Cost,
    number: u64,
    /// When it was granted, in the schedule's time.
    sent: Duration,
    accepted: Cell<bool>,
}

impl RateLimiter {
    /// Without `limit`, no request waits for points.
    pub(super) fn new(limit: Option<PointsLimit>) -> Self {
        Self {
            began: Instant::now(),
            state: Mutex::new(State {
                schedule: Schedule::new(limit),
                reported: [None, None],
            }),
            turn: tokio::sync::Mutex::new(()),
            changed: Notify::new(),
            stopped: watch::Sender::new(false),
        }
    }

    /// Waits until a request may be sent.
    ///
    /// The limit of a minute is always waited for, but the limits that the
    /// server reported only for `patience`.
    ///
    /// # Errors
    /// The server's rate limit, if it lasts longer than `patience`;
    /// [`ApiError::Stopped`] if the client is stopped and the request would
    /// have to wait.
    pub(super) async fn acquire(
        &self,
        cost: Cost,
        patience: Duration,
    ) -> Result<Permit<'_>, ApiError> {
        let _turn = self.turn.lock().await;
        let latest = self.now().saturating_add(patience);
        let mut past_quota = false;
        loop {
            let now = self.now();
            let ask = self.state().schedule.ask(cost, now, past_quota);
            let until = match ask {
                Admission::Granted(number) => {
                    return Ok(Permit {
                        rate_limiter: self,
                        cost,
                        number,
                        sent: now,
                        accepted: Cell::new(false),
                    });
                }
                Admission::ServerLimit(until) if until > latest => {
                    let reported = self.state().reported[cost.resource.index()].clone();
                    return Err(match reported {
                        Some(reported) => ApiError::RateLimited(Box::new(reported)),
                        None => ApiError::Stopped,
                    });
                }
                // The server knows better whether the hour is used up.
                Admission::Quota(until) if until > latest => {
                    past_quota = true;
                    continue;
                }
                Admission::ServerLimit(until)
                | Admission::Quota(until)
                | Admission::Window(until) => Some(until),
                Admission::AfterResponse => None,
            };
            let ready = async {
                match until {
                    Some(until) => sleep_until(self.began + until.saturating_sub(BEFORE)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.until_stopped() => return Err(ApiError::Stopped),
                () = self.changed.notified() => {}
                () = ready => {}
            }
        }
    }

    /// Notes that the server rejected a granted request because of a rate
    /// limit.
    pub(super) fn note_limit(&self, permit: &Permit<'_>, limit: Limit, reported: RateLimited) {
        let now = self.now();
        let message = reported.error_response.message.to_ascii_lowercase();
        let met = limit.secondary.then(|| {
            if message.contains("content creation") {
                SecondaryLimit::Content
            } else {
                SecondaryLimit::Other
            }
        });
        let mut state = self.state();
        let until = now.saturating_add(reported.wait);
        if state
            .schedule
            .limited(permit.number, permit.cost, met, until)
        {
            state.reported[permit.cost.resource.index()] = Some(reported);
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Notes the quota that a response reports. `None` means a server without
    /// limits, which lifts all limits.
    pub(super) fn note_quota(&self, resource: Resource, quota: Option<(Quota, Duration)>) {
        let now = self.now();
        let quota = quota.map(|(quota, left)| (quota, now.saturating_add(left)));
        self.state().schedule.note_quota(resource, quota);
    }

    /// REST's hourly quota in the last response.
    pub(super) fn quota(&self) -> Option<Quota> {
        self.state().schedule.quota(Resource::Rest)
    }

    /// The points of the last minute.
    pub(super) fn spent(&self) -> u32 {
        let now = self.now();
        self.state().schedule.spent(now)
    }

    /// The points limit; `None` without a limit.
    pub(super) fn limit(&self) -> Option<PointsLimit> {
        self.state().schedule.limit()
    }

    /// From now on, requests that would have to wait fail.
    pub(super) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Waits until the client is stopped.
    pub(super) async fn until_stopped(&self) {
        let mut stopped = self.stopped.subscribe();
        // The sender lives as long as `self`.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    fn now(&self) -> Duration {
        BEFORE + self.began.elapsed()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    pub(super) fn resource(&self) -> Resource {
        self.cost.resource
    }

    /// Notes that the server accepted the request.
    pub(super) fn accepted(&self) {
        self.accepted.set(true);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let now = self.rate_limiter.now();
        let accepted = self.accepted.get();
        let mut state = self.rate_limiter.state();
        state.schedule.answered(self.cost, self.sent, accepted, now);
        drop(state);
        self.rate_limiter.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorResponse;

    const WRITE: Cost = Cost {
        points: 5,
        writes: 1,
        makes: 0,
        resource: Resource::Rest,
    };
    const LONG: Duration = Duration::from_secs(7200);

    fn rate_limiter() -> RateLimiter {
        RateLimiter::new(Some(PointsLimit::GITHUB))
    }

    fn reported(seconds: u64, secondary: bool) -> (Limit, RateLimited) {
        let wait = Duration::from_secs(seconds);
        let limit = Limit {
            wait: Some(wait),
            secondary,
        };
        let error_response = ErrorResponse {
            method: "DELETE".to_owned(),
            url: String::new(),
            status: 403,
            message: "secondary".to_owned(),
            errors: Vec::new(),
            documentation_url: None,
            request_id: None,
            accepted_permissions: None,
            accepted_scopes: None,
            token_scopes: None,
            sso: None,
            retry_after: None,
        };
        let until = jiff::Timestamp::UNIX_EPOCH;
        (
            limit,
            RateLimited {
                until,
                wait,
                secondary,
                error_response,
            },
        )
    }

    /// Sends `count` writes that take 0.25 s each, ten at a time.
    async fn send(rate_limiter: &RateLimiter, count: usize) -> Duration {
        use futures_util::{StreamExt, stream};
        let began = Instant::now();
        stream::iter(0..count)
            .for_each_concurrent(10, |_| async {
                let _grant = rate_limiter.acquire(WRITE, LONG).await.expect("granted");
                tokio::time::sleep(Duration::from_millis(250)).await;
            })
            .await;
        began.elapsed()
    }

    #[test]
    fn reads_cost_a_point_and_whatever_writes_five() {
        use crate::api::request::Request;
        use crate::api::{Client, ClientConfig};
        use crate::model::Endpoints;
        let root: url::Url = "https://api.github.com".parse().expect("an address");
        let endpoints = Endpoints::from_rest(&root);
        let graphql = endpoints.graphql.clone();
        let client = Client::new(ClientConfig::new(endpoints)).expect("a client");
        let to = || root.clone();
        for (request, points) in [
            (Ok(Request::get(to())), 1),
            (Ok(Request::delete(to())), 5),
            (Request::post(to(), &1), 5),
            (Request::put(to(), &1), 5),
            (Request::patch(to(), &1), 5),
            (Request::query(graphql.clone(), &1), 1),
            (Request::post(graphql.clone(), &1), 5),
        ] {
            let request = request.expect("a request");
            let cost = client.cost(&request, &request.url);
            assert_eq!(cost.points, points, "{request:?}");
            let is_graphql = request.url == graphql;
            assert_eq!(cost.resource == Resource::GraphQl, is_graphql);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_writes_take_what_the_limit_allows() {
        let took = send(&rate_limiter(), 1000).await;
        let optimum = least_time(5000, 0, Some(PointsLimit::GITHUB));
        assert_eq!(optimum, Duration::from_mins(5));
        assert!(took >= optimum, "{took:?}");
        assert!(took < optimum.mul_f64(1.1), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_waits() {
        let took = send(&RateLimiter::new(None), 1000).await;
        assert_eq!(took, Duration::from_secs(25));
        let rate_limiter = rate_limiter();
        rate_limiter.note_quota(Resource::Rest, None);
        assert_eq!(send(&rate_limiter, 1000).await, Duration::from_secs(25));
    }

    #[tokio::test(start_paused = true)]
    async fn limits_of_content_are_met_once_and_then_kept() {
        use std::cell::RefCell;
        use std::collections::VecDeque;

        use futures_util::{StreamExt, stream};
        const POST: Cost = Cost { makes: 1, ..WRITE };
        const MINUTE: Duration = Duration::from_secs(60);
        let rate_limiter = rate_limiter();
        let made: RefCell<VecDeque<Instant>> = RefCell::default();
        let refused = Cell::new(0);
        let began = Instant::now();
        stream::iter(0..166)
            .for_each_concurrent(10, |_| async {
                loop {
                    let permit = rate_limiter.acquire(POST, LONG).await.expect("granted");
                    let now = Instant::now();
                    let wait = {
                        let mut recent = made.borrow_mut();
                        recent.retain(|time| *time + MINUTE > now);
                        let oldest = recent.front().filter(|_| recent.len() >= 80);
                        let wait = oldest.map(|oldest| *oldest + MINUTE - now);
                        if wait.is_none() {
                            recent.push_back(now);
                        }
                        wait
                    };
                    tokio::time::sleep(Duration::from_millis(250)).await;
                    let Some(wait) = wait else {
                        permit.accepted();
                        return;
                    };
                    refused.set(refused.get() + 1);
                    let (limit, mut said) = reported(wait.as_secs() + 1, true);
                    "blocked from content creation".clone_into(&mut said.error_response.message);
                    rate_limiter.note_limit(&permit, limit, said);
                }
            })
            .await;
        assert_eq!(refused.get(), 1);
        let minutes = began.elapsed().as_secs() / 60;
        assert_eq!(minutes, 2, "80, 80 and 6");
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_says_holds_for_all_and_slows_down() {
        let rate_limiter = rate_limiter();
        let permit = rate_limiter.acquire(WRITE, LONG).await.expect("granted");
        let (limit, said) = reported(30, true);
        rate_limiter.note_limit(&permit, limit, said);
        drop(permit);
        let short = rate_limiter.acquire(WRITE, Duration::from_secs(5)).await;
        assert!(matches!(short, Err(ApiError::RateLimited(_))));
        let began = Instant::now();
        drop(rate_limiter.acquire(WRITE, LONG).await.expect("granted"));
        assert_eq!(began.elapsed(), Duration::from_secs(30));
        drop(rate_limiter.acquire(WRITE, LONG).await.expect("granted"));
        assert_eq!(
            began.elapsed(),
            Duration::from_secs(31),
            "one per second now"
        );
        let read = Cost {
            points: 1,
            writes: 0,
            makes: 0,
            resource: Resource::GraphQl,
        };
        drop(
            rate_limiter
                .acquire(read, Duration::ZERO)
                .await
                .expect("granted"),
        );
        assert_eq!(began.elapsed(), Duration::from_secs(31), "reads continue");
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_the_hour_is_waited_for_or_left_to_the_server() {
        let rate_limiter = rate_limiter();
        let quota = Quota {
            limit: 1000,
            remaining: 0,
        };
        let left = Duration::from_mins(10);
        rate_limiter.note_quota(Resource::Rest, Some((quota, left)));
        let began = Instant::now();
        let asked = rate_limiter.acquire(WRITE, Duration::from_secs(5)).await;
        assert!(asked.is_ok(), "the request is sent");
        assert_eq!(began.elapsed(), Duration::ZERO);
        drop(asked);
        rate_limiter.note_quota(Resource::Rest, Some((quota, left)));
        drop(rate_limiter.acquire(WRITE, LONG).await.expect("granted"));
        assert_eq!(began.elapsed(), left);
    }

    #[tokio::test(start_paused = true)]
    async fn a_waiting_request_is_stopped_with_the_client() {
        let rate_limiter = rate_limiter();
        for _ in 0..180 {
            drop(rate_limiter.acquire(WRITE, LONG).await.expect("granted"));
        }
        assert_eq!(rate_limiter.spent(), 900);
        let stop = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            rate_limiter.stop();
        };
        let (waiting, ()) = tokio::join!(rate_limiter.acquire(WRITE, LONG), stop);
        assert!(matches!(waiting, Err(ApiError::Stopped)));
    }
}
