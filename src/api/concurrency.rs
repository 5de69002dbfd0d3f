use tokio::sync::{Semaphore, SemaphorePermit};

/// How many requests GitHub accepts from one user at the same time.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>.
pub(super) const MAX_CONCURRENCY: usize = 100;

/// What a request belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestClass {
    /// Anything but a list.
    Single,
    /// A page of a list.
    Page,
    /// The states of the deployments on a page.
    States,
}

/// Limits how many requests are in flight. Each class has a limit of its own,
/// so that the pages of a list and their states do not wait for each other.
pub(super) struct ConcurrencyLimiter {
    single: Semaphore,
    page: Semaphore,
    states: Semaphore,
    all: Semaphore,
}

/// Held until the request is finished.
pub(super) struct ConcurrencyPermit<'a> {
    _lane: Option<SemaphorePermit<'a>>,
    _all: Option<SemaphorePermit<'a>>,
}

/// How many pages of a long list are requested at the same time if the usual
/// limit is `concurrency`. GitHub asks clients for restraint, but a list of
/// hundreds of pages would take minutes at the usual limit.
pub(super) fn long_list_concurrency(concurrency: usize) -> usize {
    (concurrency * 10 / 3).min(MAX_CONCURRENCY)
}

impl ConcurrencyLimiter {
    /// Allows `concurrency` requests at the same time, 1 to 100.
    pub(super) fn new(concurrency: usize) -> Self {
        let long = long_list_concurrency(concurrency);
        Self {
            single: Semaphore::new(concurrency),
            page: Semaphore::new(long),
            states: Semaphore::new(long),
            all: Semaphore::new(MAX_CONCURRENCY),
        }
    }

    /// Waits until a request of this class may be sent.
    pub(super) async fn acquire(&self, class: RequestClass) -> ConcurrencyPermit<'_> {
        let class = match class {
            RequestClass::Single => &self.single,
            RequestClass::Page => &self.page,
            RequestClass::States => &self.states,
        };
        // The semaphores are never closed; if they were, requests would be
        // unlimited.
        ConcurrencyPermit {
            _lane: class.acquire().await.ok(),
            _all: self.all.acquire().await.ok(),
        }
    }
}
