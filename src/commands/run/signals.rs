use std::io;

use crate::env::Env;
use crate::process::Signal;

/// The signals that ask the program to end, except those that were ignored when it
/// started.
#[derive(Debug)]
pub(super) struct Signals {
    #[cfg(unix)]
    streams: Vec<(Signal, tokio::signal::unix::Signal)>,
}

impl Signals {
    /// Starts to listen: from now on none of these signals ends the program.
    #[cfg(unix)]
    pub(super) fn listen(env: &Env) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let streams = [
            Signal::Interrupt,
            Signal::Terminate,
            Signal::Hangup,
            Signal::Quit,
        ]
        .into_iter()
        .filter(|signal| !env.ignores(signal.number()))
        .map(|kind| Ok((kind, signal(SignalKind::from_raw(kind.number()))?)))
        .collect::<io::Result<_>>()?;
        Ok(Self { streams })
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
    pub(super) fn listen(_env: &Env) -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Signal {
        use std::task::Poll;
        std::future::poll_fn(|context| {
            let received = self.streams.iter_mut().find_map(|(signal, stream)| {
                stream.poll_recv(context).is_ready().then_some(*signal)
            });
            received.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Signal {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    }
}
