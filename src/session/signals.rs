use std::cell::Cell;

use tokio::sync::watch;

use crate::env::Env;
use crate::error::{Failure, Kind};

/// Decides who handles a signal: the program, which ends the command, or a
/// command that has subscribed in order to end in its own way.
#[derive(Debug)]
pub(crate) struct SignalRouter {
    is_subscribed: Cell<bool>,
    /// Whether the command has signal handlers of its own.
    is_delegated: Cell<bool>,
    signal: watch::Sender<Option<Kind>>,
}

/// While it exists, the first signal goes to the command. A second signal still
/// ends the command.
#[derive(Debug)]
pub(crate) struct SignalSubscription<'a>(&'a SignalRouter);

impl SignalRouter {
    pub(crate) fn new() -> Self {
        Self {
            is_subscribed: Cell::new(false),
            is_delegated: Cell::new(false),
            signal: watch::Sender::new(None),
        }
    }

    pub(crate) fn subscribe(&self) -> SignalSubscription<'_> {
        self.is_subscribed.set(true);
        SignalSubscription(self)
    }

    /// Leaves all signals to the command's own handlers from now on.
    #[cfg(feature = "agent")]
    pub(crate) fn delegate(&self) {
        self.is_delegated.set(true);
    }

    /// Passes a signal to the command. Returns false if the program has to end
    /// the command: it has not subscribed, or this is the second signal.
    pub(crate) fn deliver(&self, kind: Kind) -> bool {
        if self.is_delegated.get() {
            return true;
        }
        if !self.is_subscribed.get() || self.signal.borrow().is_some() {
            return false;
        }
        self.signal.send_replace(Some(kind));
        true
    }
}

impl SignalSubscription<'_> {
    pub(crate) async fn wait(&self) -> Kind {
        let mut signal = self.0.signal.subscribe();
        // The sender lives as long as `self`.
        let received = signal.wait_for(Option::is_some).await;
        received
            .ok()
            .and_then(|kind| *kind)
            .unwrap_or(Kind::Interrupted)
    }
}

impl Drop for SignalSubscription<'_> {
    fn drop(&mut self) {
        self.0.is_subscribed.set(false);
    }
}

/// Waits for SIGINT or SIGTERM. One that was ignored at the start stays ignored.
pub(crate) async fn wait_for_signal(env: &Env) -> Failure {
    const SIGINT: i32 = 2;
    const SIGTERM: i32 = 15;
    let interrupt = async {
        // Without a handler the system terminates the program.
        if env.ignores(SIGINT) || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        #[cfg(unix)]
        if !env.ignores(SIGTERM) {
            use tokio::signal::unix::{SignalKind, signal};
            if let Ok(mut terminate) = signal(SignalKind::terminate()) {
                terminate.recv().await;
                return;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = interrupt => Failure::new(Kind::Interrupted, "interrupted"),
        () = terminate => Failure::new(Kind::Terminated, "ended by SIGTERM"),
    }
}

/// Waits until the terminal is resized; forever where the system does not report
/// it.
pub(crate) async fn wait_for_resize() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut resized) = signal(SignalKind::window_change()) {
            resized.recv().await;
            return;
        }
    }
    std::future::pending::<()>().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_signal_goes_to_the_subscriber() {
        let router = SignalRouter::new();
        assert!(!router.deliver(Kind::Interrupted), "no subscription");
        let subscription = router.subscribe();
        assert!(router.deliver(Kind::Terminated));
        assert_eq!(subscription.wait().await, Kind::Terminated);
        assert!(!router.deliver(Kind::Interrupted), "the second ends it");
    }

    #[test]
    fn dropping_a_subscription_ends_it() {
        let router = SignalRouter::new();
        drop(router.subscribe());
        assert!(!router.deliver(Kind::Interrupted));
    }
}
