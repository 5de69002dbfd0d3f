use std::io;

use crate::env::Env;
use crate::process::Signal;

/// The signals that ask the program to end, one after the other. One that was
/// ignored when the program was started is none of them.
#[derive(Debug)]
pub(super) struct Signals {
    #[cfg(unix)]
    streams: Vec<(Signal, tokio::signal::unix::Signal)>,
}

impl Signals {
    /// Begins to listen: from now on none of them ends the program by itself.
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
        .filter(|one| !env.ignores(one.number()))
        .map(|one| Ok((one, signal(SignalKind::from_raw(one.number()))?)))
        .collect::<io::Result<_>>()?;
        Ok(Self { streams })
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
    pub(super) fn listen(_env: &Env) -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next one.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Signal {
        use std::task::Poll;
        std::future::poll_fn(|context| {
            let came = self.streams.iter_mut().find_map(|(signal, stream)| {
                stream.poll_recv(context).is_ready().then_some(*signal)
            });
            came.map_or(Poll::Pending, Poll::Ready)
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
