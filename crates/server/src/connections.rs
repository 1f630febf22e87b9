//! Connections: each is served on its own until it ends, is too slow, or the server stops.
//!
//! A client has [`HEADER_TIMEOUT`] for the head of a request; the time for the whole request is the guard's matter.
//! Without the first, a few clients that send a byte a second would hold every place there is.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::http::peer::Connection;
use crate::limits::{HEADER_TIMEOUT, SHUTDOWN_GRACE};
use crate::listener::Door;

/// Serves connections until told to stop; then lets requests end for a while, and drops what remains.
pub(crate) async fn serve(mut door: Door, router: Router, stopping: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        let (wire, address) = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = door.accept() => accepted,
        };
        let connection = graceful.watch(connect(wire, address, router.clone(), HEADER_TIMEOUT));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %address, "a connection ended early");
            }
        });
    }
    drop(door);
    if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and were dropped");
    }
}

/// One connection: its requests are answered by the router, which learns whom it talks to.
fn connect(
    wire: impl AsyncRead + AsyncWrite + Unpin + 'static,
    address: SocketAddr,
    router: Router,
    limit: Duration,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(Connection(address)));
        router.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limit)
        .serve_connection(TokioIo::new(wire), service)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// Sends something over a real connection and says what is read until the server closes it.
    async fn exchange(send: &[&str], limit: Duration) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(|| async { "answered" });
        let server = async move {
            let (stream, address) = listener.accept().await.expect("a connection");
            connect(stream, address, router, limit).await
        };
        let client = async {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            for part in send {
                stream.write_all(part.as_bytes()).await.expect("a written part");
            }
            let mut read = String::new();
            stream.read_to_string(&mut read).await.ok();
            read
        };
        let both = async { tokio::join!(server, client).1 };
        tokio::time::timeout(HEADER_TIMEOUT, both).await.expect("the server closes the connection")
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_given_up() {
        let dribble = ["GET / HT", "TP/1.1\r", "\nHost: ", "here\r\n"];
        assert_eq!(exchange(&dribble, Duration::from_millis(20)).await, "");
    }

    #[tokio::test]
    async fn a_whole_head_is_answered_however_it_is_cut() {
        let parts = ["GET / HT", "TP/1.1\r\nHost: here\r\n", "Connection: close\r\n\r\n"];
        let answer = exchange(&parts, HEADER_TIMEOUT).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("answered"), "{answer}");
    }
}
