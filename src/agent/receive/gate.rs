//! A listener that strangers can't hold up: so many connections at a time, none
//! for longer than a request takes, and where there are too many the slow ones
//! make room.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// How many connections are open at a time; more wait in the system's queue.
const PLACES: usize = 256;
/// How long a connection may last. GitHub gives up after 10 s, a GitHub
/// Enterprise Server after 30 s; each request has a connection of its own.
pub(super) const LONGEST: Duration = Duration::from_secs(30);
/// A connection that takes longer than this is ended when others wait.
const PROMPT: Duration = Duration::from_secs(4);
/// The pause after the system has refused a connection, such as for want of
/// file descriptors.
const PAUSE: Duration = Duration::from_millis(200);

/// The listener.
pub(super) struct Gate {
    listener: TcpListener,
    places: Arc<Semaphore>,
    /// Since when connections are open, and how they are ended; the oldest first.
    open: VecDeque<(Instant, oneshot::Sender<()>)>,
}

impl Gate {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            places: Arc::new(Semaphore::new(PLACES)),
            open: VecDeque::new(),
        }
    }

    /// A place for the next connection.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        loop {
            self.open.retain(|(_, end)| !end.is_closed());
            let places = Arc::clone(&self.places);
            let oldest = self.open.front().map(|(since, _)| *since + PROMPT);
            let slow = async {
                match oldest {
                    Some(moment) => sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                // The semaphore is never closed.
                place = places.acquire_owned() => return place.ok(),
                () = slow => if let Some((_, end)) = self.open.pop_front() {
                    // It may have ended just now.
                    let _ = end.send(());
                }
            }
        }
    }
}

impl Listener for Gate {
    type Io = Visit;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Visit, SocketAddr) {
        loop {
            let place = self.place().await;
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let (end_early, ended_early) = oneshot::channel();
                    self.open.push_back((Instant::now(), end_early));
                    let visit = Visit {
                        stream,
                        ended_early: Some(ended_early),
                        end: Box::pin(sleep(LONGEST)),
                        _place: place,
                    };
                    return (visit, peer);
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, Gate>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A connection that ends when its time is up.
pub(super) struct Visit {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    /// Comes when others need the place; `None` once that can't be.
    ended_early: Option<oneshot::Receiver<()>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Visit {
    /// Fails once the time is up, and wakes whoever waits then.
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

impl AsyncRead for Visit {
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

impl AsyncWrite for Visit {
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
