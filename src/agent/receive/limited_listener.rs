//! A listener that cannot be blocked by slow clients: the number of connections and
//! the duration of each are limited, and slow ones are closed when others wait.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// How many connections are open at a time; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 256;
/// How long a connection may last. GitHub gives up after 10 s, a GitHub
/// Enterprise Server after 30 s; each request has a connection of its own.
pub(super) const MAX_DURATION: Duration = Duration::from_secs(30);
/// A connection that takes longer than this is closed when others wait.
const SLOW_AFTER: Duration = Duration::from_secs(4);
/// The pause after the system has refused a connection, for example because file
/// descriptors ran out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

pub(super) struct LimitedListener {
    listener: TcpListener,
    slots: Arc<Semaphore>,
    /// When each open connection began, and the sender that closes it; the oldest
    /// first.
    open: VecDeque<(Instant, oneshot::Sender<()>)>,
}

impl LimitedListener {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            open: VecDeque::new(),
        }
    }

    /// Waits for a slot for the next connection.
    async fn slot(&mut self) -> Option<OwnedSemaphorePermit> {
        loop {
            self.open.retain(|(_, end)| !end.is_closed());
            let semaphore = Arc::clone(&self.slots);
            let oldest = self.open.front().map(|(since, _)| *since + SLOW_AFTER);
            let slow = async {
                match oldest {
                    Some(moment) => sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                // The semaphore is never closed.
                permit = semaphore.acquire_owned() => return permit.ok(),
                () = slow => if let Some((_, end)) = self.open.pop_front() {
                    // It may have ended just now.
                    let _ = end.send(());
                }
            }
        }
    }

    /// Waits for the next connection, and returns it with the client's address.
    pub(super) async fn accept(&mut self) -> (TimedStream, SocketAddr) {
        loop {
            let slot = self.slot().await;
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let (end_early, ended_early) = oneshot::channel();
                    self.open.push_back((Instant::now(), end_early));
                    let stream = TimedStream {
                        stream,
                        ended_early: Some(ended_early),
                        end: Box::pin(sleep(MAX_DURATION)),
                        _slot: slot,
                    };
                    return (stream, peer);
                }
                Err(_) => sleep(ACCEPT_PAUSE).await,
            }
        }
    }
}

/// A connection that fails when its time is up.
pub(super) struct TimedStream {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    /// Receives when others need the slot; `None` once that cannot happen.
    ended_early: Option<oneshot::Receiver<()>>,
    _slot: Option<OwnedSemaphorePermit>,
}

impl TimedStream {
    /// Fails once the time is up, and wakes the task then.
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if let Some(ended_early) = &mut self.ended_early {
            match Pin::new(ended_early).poll(context) {
                Poll::Ready(Ok(())) => {
                    self.ended_early = None;
                    self.end.as_mut().reset(Instant::now());
                }
                Poll::Ready(Err(_)) => self.ended_early = None,
                Poll::Pending => {}
            }
        }
        match self.end.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Err(error) = self.check(context) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Err(error) = self.check(context) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
