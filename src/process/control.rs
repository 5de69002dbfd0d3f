use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Signal;

/// Ends a command that [`run`](super::run) runs.
#[derive(Clone, Debug)]
pub(crate) struct Handle(UnboundedSender<Told>);

/// The other end of a [`Handle`].
#[derive(Debug)]
pub(crate) struct Control(UnboundedReceiver<Told>);

/// What a command is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// To end: the signal first, SIGKILL after the grace time.
    End(Signal),
    /// SIGKILL at once.
    Kill,
}

/// A handle, and what [`run`](super::run) wants of it.
pub(crate) fn handle() -> (Handle, Control) {
    let (sender, receiver) = unbounded_channel();
    (Handle(sender), Control(receiver))
}

impl Handle {
    /// Passes a signal on to the command, which has its grace time to end. Told
    /// again, it gets that signal too, with no more time.
    pub(crate) fn end(&self, signal: Signal) {
        // It may have ended.
        let _ = self.0.send(Told::End(signal));
    }

    /// Kills the command and all that is in its process group.
    pub(crate) fn kill(&self) {
        let _ = self.0.send(Told::Kill);
    }
}

impl Control {
    /// What comes next; waits for ever once no handle is left.
    pub(super) async fn next(&mut self) -> Told {
        match self.0.recv().await {
            Some(told) => told,
            None => std::future::pending().await,
        }
    }
}
