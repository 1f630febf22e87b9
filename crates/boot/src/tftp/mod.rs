//! TFTP for the first stage: read only (RFC 1350), with options (RFC 2347): block size (RFC 2348), time limit and length
//! (RFC 2349).
//!
//! One task for each transfer, on a port of its own, which is the transfer's id. Only `octet`: firmware reads bytes, and
//! `netascii` would change them.

mod packet;
mod transfer;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use packet::{Fault, Request};

use crate::limits;
use crate::service::Service;

/// The longest request that is read. A path and a few options; what is longer is cut, and then is no request.
const REQUEST: usize = 1024;

/// Serves requests until told to stop. Transfers under way end by themselves.
pub(crate) async fn serve(socket: UdpSocket, service: Arc<Service>, stopping: CancellationToken) {
    let places = Arc::new(Semaphore::new(limits::TRANSFERS));
    let mut buffer = [0_u8; REQUEST];
    loop {
        let received = tokio::select! {
            () = stopping.cancelled() => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        // On some systems an earlier answer that nobody took is reported here; it is no reason to end.
        let Ok((length, peer)) = received else { continue };
        let packet = buffer.get(..length).unwrap_or_default();
        match packet::request(packet) {
            Ok(request) => {
                // Without a place nothing is answered: the client asks again, and that is the queue.
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
                let (service, stopping) = (Arc::clone(&service), stopping.clone());
                let here = socket.local_addr().ok();
                tokio::spawn(async move {
                    tokio::select! {
                        () = stopping.cancelled() => {}
                        () = answer(here, peer, request, service) => {}
                    }
                    drop(place);
                });
            }
            Err(fault) => {
                drop(socket.send_to(&packet::error(fault), peer).await);
            }
        }
    }
}

async fn answer(
    here: Option<SocketAddr>,
    peer: SocketAddr,
    request: Request,
    service: Arc<Service>,
) {
    let Some(here) = here else { return };
    let socket = match UdpSocket::bind(SocketAddr::new(here.ip(), 0)).await {
        Ok(socket) => socket,
        Err(error) => return tracing::warn!(%error, "no port for a TFTP transfer"),
    };
    if socket.connect(peer).await.is_err() {
        return;
    }
    match transfer::open(&service, &request.file).await {
        Ok(source) => transfer::run(&socket, source, &request, &service).await,
        Err(fault) => drop(socket.send(&packet::error(fault)).await),
    }
}

/// Firmware with a broken file is told so at once rather than after its time limit.
const NOT_FOUND: Fault = Fault { code: 1, words: "there is no such file here" };
