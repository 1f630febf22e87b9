//! Doors and the loops behind them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::service::Service;
use crate::{http, limits, tftp};

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Nobody can listen there.
    #[error("{what} cannot listen on `{address}`")]
    Listen {
        /// Who.
        what: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// Addresses that are taken, with nobody behind them yet. Links are rendered once the addresses are known, and machines are
/// answered once there is something to answer.
#[derive(Debug)]
pub struct Door {
    http: TcpListener,
    tftp: Option<UdpSocket>,
    /// Where HTTP is.
    pub address: SocketAddr,
    /// Where TFTP is.
    pub tftp_address: Option<SocketAddr>,
}

impl Door {
    /// Takes addresses; port 0 takes a free one.
    ///
    /// # Errors
    /// When an address is taken, or is not ours to take.
    pub async fn bind(http: SocketAddr, tftp: Option<SocketAddr>) -> Result<Self, StartError> {
        let refused = |what, address| move |source| StartError::Listen { what, address, source };
        let listener = TcpListener::bind(http).await.map_err(refused("HTTP", http))?;
        let address = listener.local_addr().map_err(refused("HTTP", http))?;
        let mut door = Self { http: listener, tftp: None, address, tftp_address: None };
        if let Some(wanted) = tftp {
            let socket = UdpSocket::bind(wanted).await.map_err(refused("TFTP", wanted))?;
            door.tftp_address = Some(socket.local_addr().map_err(refused("TFTP", wanted))?);
            door.tftp = Some(socket);
        }
        Ok(door)
    }

    /// Starts answering.
    #[must_use]
    pub fn start(self, service: Arc<Service>) -> Running {
        let stopping = CancellationToken::new();
        let router = http::router(Arc::clone(&service));
        let mut tasks = vec![tokio::spawn(connections(self.http, router, stopping.clone()))];
        if let Some(socket) = self.tftp {
            tasks.push(tokio::spawn(tftp::serve(socket, service, stopping.clone())));
        }
        Running { stopping, tasks }
    }
}

/// A service that answers.
#[derive(Debug)]
pub struct Running {
    stopping: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Stops: nothing new is taken, and what is under way has [`limits::GRACE`] to end.
    pub async fn stop(self) {
        self.stopping.cancel();
        for task in self.tasks {
            drop(task.await);
        }
    }
}

async fn connections(listener: TcpListener, router: Router, stopping: CancellationToken) {
    let places = Arc::new(Semaphore::new(limits::CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, place)) = accepted else { continue };
        // Answers are small and are waited for: sending one at once is worth more than a full packet.
        stream.set_nodelay(true).ok();
        let service =
            TowerToHyperService::new(router.clone().map_request(
                |request: hyper::Request<hyper::body::Incoming>| request.map(Body::new),
            ));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits::HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits::GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and were dropped");
    }
}

/// The next connection, once there is a place for it; the others wait in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            // Mostly there are no file handles left, and one is given back soon.
            tokio::time::sleep(limits::BREATH).await;
            None
        }
    }
}
