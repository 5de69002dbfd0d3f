use std::cell::Cell;

use tokio::sync::watch;

use crate::error::Kind;

/// Where a signal goes: to the program, which ends the command, or to a
/// command that has asked to end itself.
#[derive(Debug)]
pub(crate) struct Interruption {
    is_taken: Cell<bool>,
    /// Whether the command hears of signals by itself.
    is_elsewhere: Cell<bool>,
    signal: watch::Sender<Option<Kind>>,
}

/// A command's promise to end itself after a signal. A second signal ends it
/// all the same.
#[derive(Debug)]
pub(crate) struct Interrupted<'a>(&'a Interruption);

impl Interruption {
    pub(crate) fn new() -> Self {
        Self {
            is_taken: Cell::new(false),
            is_elsewhere: Cell::new(false),
            signal: watch::Sender::new(None),
        }
    }

    /// Has the next signal delivered to the command, as long as the guard is
    /// there.
    pub(crate) fn take_over(&self) -> Interrupted<'_> {
        self.is_taken.set(true);
        Interrupted(self)
    }

    /// Leaves all signals to the command from now on: it listens by itself.
    #[cfg(feature = "agent")]
    pub(crate) fn leave_to_command(&self) {
        self.is_elsewhere.set(true);
    }

    /// Hands a signal to the command. Returns false if the command has not
    /// asked for it, or got one before: then the program has to end it.
    pub(crate) fn deliver(&self, kind: Kind) -> bool {
        if self.is_elsewhere.get() {
            return true;
        }
        if !self.is_taken.get() || self.signal.borrow().is_some() {
            return false;
        }
        self.signal.send_replace(Some(kind));
        true
    }
}

impl Interrupted<'_> {
    /// Waits for the signal.
    pub(crate) async fn wait(&self) -> Kind {
        let mut signal = self.0.signal.subscribe();
        // The sender lives as long as `self`.
        let found = signal.wait_for(Option::is_some).await;
        found
            .ok()
            .and_then(|kind| *kind)
            .unwrap_or(Kind::Interrupted)
    }
}

impl Drop for Interrupted<'_> {
    fn drop(&mut self) {
        self.0.is_taken.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_signal_goes_to_the_command_that_asked() {
        let interruption = Interruption::new();
        assert!(!interruption.deliver(Kind::Interrupted), "nobody asked");
        let guard = interruption.take_over();
        assert!(interruption.deliver(Kind::Terminated));
        assert_eq!(guard.wait().await, Kind::Terminated);
        assert!(
            !interruption.deliver(Kind::Interrupted),
            "the second ends it"
        );
    }

    #[test]
    fn a_dropped_guard_gives_signals_back() {
        let interruption = Interruption::new();
        drop(interruption.take_over());
        assert!(!interruption.deliver(Kind::Interrupted));
    }
}
