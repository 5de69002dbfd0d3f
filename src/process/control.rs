use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::end::Signal;

/// Ends a running command.
#[derive(Clone, Debug)]
pub(crate) struct CommandHandle(UnboundedSender<ControlMessage>);

/// Receives the messages of a [`CommandHandle`].
#[derive(Debug)]
pub(crate) struct Control(UnboundedReceiver<ControlMessage>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ControlMessage {
    /// Sends the signal, and SIGKILL after the grace time.
    Signal(Signal),
    /// Sends SIGKILL at once.
    Kill,
}

/// Creates a handle, and its receiver for [`run`](super::run).
pub(crate) fn control_channel() -> (CommandHandle, Control) {
    let (sender, receiver) = unbounded_channel();
    (CommandHandle(sender), Control(receiver))
}

impl CommandHandle {
    /// Sends a signal to the command, which has its grace time to end. Further signals
    /// do not extend that time.
    pub(crate) fn signal(&self, signal: Signal) {
        // The command may have ended.
        let _ = self.0.send(ControlMessage::Signal(signal));
    }

    /// Kills the command and all that is in its process group.
    pub(crate) fn kill(&self) {
        let _ = self.0.send(ControlMessage::Kill);
    }
}

impl Control {
    /// Receives the next message; waits forever once no handle is left.
    pub(super) async fn next(&mut self) -> ControlMessage {
        match self.0.recv().await {
            Some(message) => message,
            None => std::future::pending().await,
        }
    }
}
