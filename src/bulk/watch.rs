use tokio::time::{Instant, sleep_until};

use super::book::Stop;
use crate::session::SignalSubscription;

/// What ends a run from outside.
pub(super) struct Watch<'a> {
    pub(super) interrupted: SignalSubscription<'a>,
    /// `--timeout`.
    pub(super) deadline: Option<Instant>,
}

impl Watch<'_> {
    pub(super) async fn wait(&self) -> Stop {
        let deadline = async {
            match self.deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            kind = self.interrupted.wait() => Stop::Signal(kind),
            () = deadline => Stop::TimedOut,
        }
    }
}
