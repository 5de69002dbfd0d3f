//! Connections that can be reset from within.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The handle by which a request resets its connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connection(Arc<AtomicBool>);

impl Connection {
    /// The next byte that is written to the connection resets it instead.
    pub(super) fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The stream of a connection that can be reset.
#[derive(Debug)]
pub(crate) struct FaultyStream {
    stream: TcpStream,
    connection: Connection,
}

impl FaultyStream {
    pub(crate) fn new(stream: TcpStream) -> Self {
        // Without it small answers wait for a delayed acknowledgement. If it
        // cannot be set, the socket works all the same.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            connection: Connection::default(),
        }
    }

    /// The handle that resets this connection.
    pub(crate) fn connection(&self) -> Connection {
        self.connection.clone()
    }

    /// The stream, unless it was cut: then closing it sends a reset.
    fn writable(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if self.connection.0.load(Ordering::Acquire) {
            self.stream.set_zero_linger()?;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(Pin::new(&mut self.stream))
    }
}

impl AsyncRead for FaultyStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for FaultyStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.writable() {
            Ok(stream) => stream.poll_write(context, bytes),
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.writable() {
            Ok(stream) => stream.poll_write_vectored(context, parts),
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
