use tokio::time::{Instant, sleep_until};

use crate::error::Kind;
use crate::session::SignalSubscription;

/// Why a run stopped early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bulk) enum StopReason {
    /// A signal, as the kind of failure that it causes.
    Signal(Kind),
    /// `--timeout`.
    TimedOut,
    /// Every request failed in the same way.
    Hopeless(Kind),
}

/// Waits for a signal and for `--timeout`.
pub(in crate::bulk) struct StopWatcher<'a> {
    pub(in crate::bulk) interrupted: SignalSubscription<'a>,
    pub(in crate::bulk) deadline: Option<Instant>,
}

impl StopWatcher<'_> {
    pub(super) async fn wait(&self) -> StopReason {
        let deadline = async {
            match self.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            kind = self.interrupted.wait() => StopReason::Signal(kind),
            () = deadline => StopReason::TimedOut,
        }
    }
}
