//! The first process of a container inherits processes whose parents have ended, and
//! has to wait for them. If the agent is that process, it runs as a child of a process
//! that does nothing else.

use std::process::Command;
use std::task::Poll;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};
use tokio::signal::unix::{SignalKind, signal};

use crate::exit;
use crate::session::Session;

const FORWARDED_SIGNALS: [Signal; 7] = [
    Signal::TERM,
    Signal::INT,
    Signal::HUP,
    Signal::QUIT,
    Signal::USR1,
    Signal::USR2,
    Signal::ALARM,
];

/// Whether this is the first process of the system.
pub(super) fn is_needed() -> bool {
    std::process::id() == 1
}

/// Starts the agent, forwards signals to it, and waits for every process until the agent
/// has ended.
pub(super) async fn run(session: &Session) -> anyhow::Result<()> {
    session.signals().delegate();
    let mut signals = FORWARDED_SIGNALS
        .into_iter()
        .map(|number| Ok((number, signal(SignalKind::from_raw(number.as_raw()))?)))
        .collect::<std::io::Result<Vec<_>>>()?;
    let mut child_signals = signal(SignalKind::child())?;
    let program = std::env::current_exe()?;
    let child = Command::new(program)
        .args(session.args().iter().skip(1))
        .spawn()?;
    let agent = Pid::from_child(&child);
    loop {
        while let Some((pid, status)) = wait(WaitOptions::NOHANG).ok().flatten() {
            if pid == agent {
                let by_signal = status.terminating_signal().map(|signal| 128 + signal);
                let code = status.exit_status().or(by_signal);
                let code = code.and_then(|code| u8::try_from(code).ok());
                session.exit_with(code.unwrap_or(exit::FAILURE));
                return Ok(());
            }
        }
        let next = std::future::poll_fn(|context| {
            let received = signals.iter_mut().find_map(|(signal, stream)| {
                stream.poll_recv(context).is_ready().then_some(*signal)
            });
            received.map_or(Poll::Pending, Poll::Ready)
        });
        tokio::select! {
            _ = child_signals.recv() => {}
            signal = next => {
                // The agent may have ended just now.
                let _ = kill_process(agent, signal);
            }
        }
    }
}
