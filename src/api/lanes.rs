use tokio::sync::{Semaphore, SemaphorePermit};

/// The most requests that GitHub takes from one user at a time.
///
/// See <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits>.
pub(super) const MOST_AT_ONCE: usize = 100;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Anything but a part of a list.
    Single,
    /// A page of a list.
    Page,
    /// The states of a page.
    States,
}

/// Who goes when. Each lane has places of its own, so that the pages of a list
/// and their states do not wait for each other.
pub(super) struct Lanes {
    single: Semaphore,
    page: Semaphore,
    states: Semaphore,
    all: Semaphore,
}

/// A place, held until the request is over.
pub(super) struct Turn<'a> {
    _lane: Option<SemaphorePermit<'a>>,
    _all: Option<SemaphorePermit<'a>>,
}

/// How many pages of the longest lists are asked for at a time, where
/// `concurrency` is usual. GitHub asks for restraint; a list that takes
/// hundreds of requests would take minutes at the usual pace.
pub(super) fn long_list(concurrency: usize) -> usize {
    (concurrency * 10 / 3).min(MOST_AT_ONCE)
}

impl Lanes {
    /// Lanes for so many requests at a time, 1 to 100.
    pub(super) fn new(concurrency: usize) -> Self {
        let long = long_list(concurrency);
        Self {
            single: Semaphore::new(concurrency),
            page: Semaphore::new(long),
            states: Semaphore::new(long),
            all: Semaphore::new(MOST_AT_ONCE),
        }
    }

    /// Waits for a place.
    pub(super) async fn enter(&self, lane: Lane) -> Turn<'_> {
        let lane = match lane {
            Lane::Single => &self.single,
            Lane::Page => &self.page,
            Lane::States => &self.states,
        };
        // They are never closed; were they, requests would go unbounded.
        Turn {
            _lane: lane.acquire().await.ok(),
            _all: self.all.acquire().await.ok(),
        }
    }
}
