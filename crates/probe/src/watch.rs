//! A connection that notes when its first byte came and ends when too many did.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::progress::FirstByte;

/// So many bytes of one connection are read at most, whatever they mean: 1 MiB. A body of 64 KiB in chunks of one byte, each with its
/// frame of five, and a head of 64 KiB fit in; interim answers without end (RFC 9110, section 15.2) do not.
pub const MOST_READ: usize = 1024 * 1024;

/// More than [`MOST_READ`] bytes came.
#[derive(Debug, thiserror::Error)]
#[error("more than {MOST_READ} bytes came")]
pub(crate) struct TooMuch;

/// A connection by TCP or TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection that is watched.
pub(crate) struct Watched<S> {
    stream: S,
    first_byte: FirstByte,
    read: usize,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, first_byte: FirstByte) -> Self {
        Self { stream, first_byte, read: 0 }
    }
}

impl<S: Stream> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let came = buffer.filled().len() - before;
        if came > 0 {
            self.first_byte.get_or_init(Instant::now);
        }
        self.read += came;
        if self.read > MOST_READ {
            return Poll::Ready(Err(io::Error::other(TooMuch)));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Stream> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
