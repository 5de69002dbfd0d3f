use tokio::sync::{Semaphore, SemaphorePermit};

/// The most requests that GitHub takes from one user at a time.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>.
pub(super) const MAX_CONCURRENCY: usize = 100;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestClass {
    /// Anything but a part of a list.
    Single,
    /// A page of a list.
    Page,
    /// The states of a page.
    States,
}

/// Who goes when. Each class has places of its own, so that the pages of a list
/// and their states do not wait for each other.
pub(super) struct ConcurrencyLimiter {
    single: Semaphore,
    page: Semaphore,
    states: Semaphore,
    all: Semaphore,
}

/// A place, held until the request is over.
pub(super) struct ConcurrencyPermit<'a> {
    _lane: Option<SemaphorePermit<'a>>,
    _all: Option<SemaphorePermit<'a>>,
}

/// How many pages of the longest lists are asked for at a time, where
/// `concurrency` is usual. GitHub asks for restraint; a list that takes
/// hundreds of requests would take minutes at the usual pace.
pub(super) fn long_list_concurrency(concurrency: usize) -> usize {
    (concurrency * 10 / 3).min(MAX_CONCURRENCY)
}

impl ConcurrencyLimiter {
    /// ConcurrencyLimiter for so many requests at a time, 1 to 100.
    pub(super) fn new(concurrency: usize) -> Self {
        let long = long_list_concurrency(concurrency);
        Self {
            single: Semaphore::new(concurrency),
            page: Semaphore::new(long),
            states: Semaphore::new(long),
            all: Semaphore::new(MAX_CONCURRENCY),
        }
    }

    /// Waits for a place.
    pub(super) async fn acquire(&self, class: RequestClass) -> ConcurrencyPermit<'_> {
        let class = match class {
            RequestClass::Single => &self.single,
            RequestClass::Page => &self.page,
            RequestClass::States => &self.states,
        };
        // They are never closed; were they, requests would go unbounded.
        ConcurrencyPermit {
            _lane: class.acquire().await.ok(),
            _all: self.all.acquire().await.ok(),
        }
    }
}
