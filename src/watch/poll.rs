use std::time::Duration;

use crate::api::Fetched;
use crate::error::{Failure, Kind};
use crate::exit;

/// How often the server is asked whether something has changed.
pub(super) const INTERVAL: Duration = Duration::from_secs(5);
/// How often the list is read although the server reports no change: it also
/// depends on the time, and on what the conditional request does not show.
pub(super) const REFRESH_INTERVAL: Duration = Duration::from_secs(30);
/// The interval while a rate limit is used up.
const RATE_LIMITED_INTERVAL: Duration = Duration::from_secs(60);

/// Whether the response to a conditional request is a new one, whose ETag is kept
/// for the next.
pub(crate) fn is_new<T>(etag: &mut Option<String>, response: Fetched<T>) -> bool {
    match response {
        Fetched::NotModified { .. } => false,
        Fetched::Fresh { etag: new, .. } => {
            *etag = new;
            true
        }
    }
}

/// How long to wait after a failure before the next request; `None` if that
/// would fail, too.
pub(super) fn pause_after(failure: &Failure) -> Option<Duration> {
    match failure.kind() {
        Kind::RateLimited => Some(RATE_LIMITED_INTERVAL),
        // Such as the page of a proxy.
        Kind::UnexpectedAnswer => Some(INTERVAL),
        kind => (kind.exit_code() == exit::TEMPORARY).then_some(INTERVAL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let pause = |kind| pause_after(&Failure::new(kind, "it failed"));
        for kind in [Kind::Network, Kind::ServerError, Kind::UnexpectedAnswer] {
            assert_eq!(pause(kind), Some(INTERVAL), "{kind:?}");
        }
        assert_eq!(pause(Kind::RateLimited), Some(RATE_LIMITED_INTERVAL));
        for kind in [Kind::NotAuthenticated, Kind::NothingThere, Kind::Other] {
            assert_eq!(pause(kind), None, "{kind:?}");
        }
    }
}
